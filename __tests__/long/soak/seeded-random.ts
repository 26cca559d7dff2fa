/** Random numbers that are the same for the same seed (mulberry32). */

export interface SeededRandom {
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number;
  /** A copy in another order. */
  readonly shuffle: <T>(items: readonly T[]) => T[];
}

export function createRandom(seed: number): SeededRandom {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, at: next() }))
      .sort((one, other) => one.at - other.at)
      .map(({ item }) => item);
  return { between: (least, most) => least + Math.floor(next() * (most - least + 1)), shuffle };
}
