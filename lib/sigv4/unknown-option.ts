/** Checks of arguments, for callers without TypeScript; the error for an unknown option. */
import { Aws4AuthError } from '../errors.js';

/** @throws Aws4AuthError `ERR_INVALID_OPTION` where it is no object */
export function assertObject(name: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new Aws4AuthError(`${name}: must be an object`, 'ERR_INVALID_OPTION');
}

/** The error for an option that does not exist, with the one that was probably meant. */
export function createUnknownOptionError(name: string, known: Iterable<string>): Aws4AuthError {
  const names = [...known];
  const nearest = findNearest(name, names);
  const hint = nearest === undefined ? '' : `did you mean ${nearest}? `;
  return new Aws4AuthError(`${name}: is not an option; ${hint}There are ${names.join(', ')}`, 'ERR_INVALID_OPTION');
}

/** A misspelling has few wrong characters, and less than half of the name. */
const MOST_EDITS = 3;

function findNearest(name: string, names: readonly string[]): string | undefined {
  if (name.length > 40) return undefined;
  const most = Math.min(MOST_EDITS, Math.floor(name.length / 2));
  const distances = names.map((other) => [other, countEdits(name.toLowerCase(), other.toLowerCase())] as const);
  const [nearest] = distances.filter(([, edits]) => edits <= most).sort(([, a], [, b]) => a - b);
  return nearest?.[0];
}

/** The Levenshtein distance, row by row. */
function countEdits(text: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, character] of Array.from(text).entries()) {
    const next = [i + 1];
    for (const [j, otherCharacter] of Array.from(other).entries()) {
      const replaced = (row[j] ?? 0) + (character === otherCharacter ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
