/** How many entries of arrays something goes through: what grows faster than its input is found by that, and not by time. */

/**
 * Counts the steps of iterating arrays, in `for…of`, spreads and destructuring, until what `run` begins has ended. What is
 * gone through twice counts twice.
 */
export async function countSteps(run: () => unknown): Promise<number> {
  const own = Object.getOwnPropertyDescriptor(Array.prototype, Symbol.iterator);
  if (own === undefined) throw new Error('Arrays cannot be iterated');
  let steps = 0;
  Object.defineProperty(Array.prototype, Symbol.iterator, {
    ...own,
    value: function* iterate(this: ArrayLike<unknown>) {
      for (let i = 0; i < this.length; i++) {
        steps += 1;
        yield this[i];
      }
    },
  });
  try {
    await run();
  } finally {
    Object.defineProperty(Array.prototype, Symbol.iterator, own);
  }
  return steps;
}

/** How many times as many steps four times the input takes: 4 where it is proportional, 16 where it is quadratic. */
export async function measureGrowth(run: (size: number) => unknown, size: number): Promise<number> {
  return (await countSteps(() => run(4 * size))) / (await countSteps(() => run(size)));
}
