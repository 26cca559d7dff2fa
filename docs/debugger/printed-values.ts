/** Values as programs print them: strings in quotes, and the members of objects (JSON, Node's util.inspect, Python's repr). */
import { unescapeJson } from '../../lib/sending/refusal-details.js';

/** A string in quotes; Node breaks one that is long at its line ends, with `+` between the parts. */
const STRING = /(['"`])(?:\\[^]|(?!\1)[^\\])*\1(?:\s*\+\s*(['"`])(?:\\[^]|(?!\2)[^\\])*\2)*/g;
const PART = /(['"`])((?:\\[^]|(?!\1)[^\\])*)\1/g;
const NAME = /(?:^|[\s{,(])(?:([\w$]+)|(['"])([\w-]+)\2)\s*:\s*$/;
/** More than a name with its quotes has. */
const LONGEST_NAME = 80;

/** The text that stands in quotes, where that is all there is but a label and the `b` of Python's bytes; else it as it is. */
export function unquoteText(text: string): string {
  const quoted = text.trim().replace(/^(?:[\w$]+:\s*)?b?(?=['"`])/, '');
  const [whole] = quoted.match(STRING) ?? [];
  return whole !== undefined && quoted.replace(/,$/, '') === whole ? joinParts(whole) : text;
}

/** All strings of a text, in their order. */
export function readPrintedStrings(text: string): readonly string[] {
  return Array.from(text.matchAll(STRING), ([string]) => joinParts(string));
}

/** The members of an object and of those in it that are strings, in their order. */
export type PrintedMembers = readonly (readonly [name: string, value: string])[];

/** Reads the members of an object as it was printed. */
export function readPrintedMembers(text: string): PrintedMembers {
  return Array.from(text.matchAll(STRING)).flatMap(({ 0: string, index }) => {
    const [, plain, , quoted] = NAME.exec(text.slice(Math.max(0, index - LONGEST_NAME), index)) ?? [];
    const name = plain ?? quoted;
    return name === undefined ? [] : [[name, joinParts(string)] as const];
  });
}

/** Whether a text is an object that a program has printed whole, and no JSON. */
export function isPrintedObject(text: string): boolean {
  if (/['"`] \+\r?\n\s*['"`]/.test(text)) return true;
  if (!/^\s*\{\s*[\w$'"]/.test(text) || !text.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

function joinParts(string: string): string {
  return Array.from(string.matchAll(PART), ([, , part = '']) => unescapeJson(part)).join('');
}
