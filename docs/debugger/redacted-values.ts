/** Values that whoever logs or pastes a request has taken out of it, as this package does with its own traces. */
import { parseCanonicalRequest, splitPair } from '../../lib/sending/differences.js';
import type { AnswerText } from '../../lib/sending/refusal-details.js';

/** What logs have in the place of a secret. */
const REDACTED = /^(?:[[<(]?redacted[\])>]?|\*{3,}|\u2026|\.{3})$/i;

/**
 * A canonical request in which the server's value stands for each that is redacted: what is not known is no difference.
 *
 * @param notes where it is said that these are not compared
 */
export function adoptRedacted(canonicalRequest: string, echo: AnswerText | undefined, notes: string[]): string {
  const theirs = echo === undefined ? undefined : parseCanonicalRequest(echo);
  const names: string[] = [];
  const adopt = (name: string, value: string, other: string | undefined): string => {
    if (!REDACTED.test(value)) return value;
    names.push(name);
    return other ?? value;
  };
  const [method = '', path = '', query = '', ...rest] = canonicalRequest.split('\n');
  const parameters = new Map(theirs?.query?.split('&').map((pair) => [splitPair(pair).name, splitPair(pair).value]));
  const pairs = query.split('&').map((pair) => {
    const { name, value } = splitPair(pair);
    return value === '' ? pair : `${name}=${adopt(name, value, parameters.get(name))}`;
  });
  const end = rest.indexOf('');
  const lines = rest.map((line, i) => {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    return i < end && colon !== -1 ? `${name}:${adopt(name, line.slice(colon + 1), theirs?.headers.get(name))}` : line;
  });
  if (names.length > 0) notes.push(`Redacted in what was pasted, and so not compared: ${names.join(', ')}.`);
  return [method, path, pairs.join('&'), ...lines].join('\n');
}
