/** What was probably meant by an option that does not exist. */
import type { Aws4AuthError } from '../errors.js';
import { createUnknownOptionError } from '../sigv4/unknown-option.js';

/** The error for an option that does not exist, with the one that was probably meant. */
export function createMisspelledOptionError(name: string, known: Iterable<string>): Aws4AuthError {
  const names = [...known];
  const nearest = findNearest(name, names);
  return createUnknownOptionError(name, names, nearest === undefined ? '' : `did you mean ${nearest}? `);
}

/** A misspelling has few wrong characters, and less than half of the name. */
const MOST_EDITS = 3;

function findNearest(name: string, names: readonly string[]): string | undefined {
  const most = Math.min(MOST_EDITS, Math.floor(name.length / 2));
  const lowerCase = name.toLowerCase();
  for (let edits = 0; edits <= most; edits++) {
    const nearest = names.find((other) => isWithin(edits, lowerCase, other.toLowerCase()));
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}

/** Whether so many edits (a character put in, left out or replaced) at most make one text of another (Levenshtein). */
function isWithin(edits: number, text: string, other: string): boolean {
  if (text === other) return true;
  const rest = text.slice(1);
  const otherRest = other.slice(1);
  if (text.charCodeAt(0) === other.charCodeAt(0)) return isWithin(edits, rest, otherRest);
  return (
    edits > 0 &&
    (isWithin(edits - 1, rest, otherRest) || isWithin(edits - 1, rest, other) || isWithin(edits - 1, text, otherRest))
  );
}
