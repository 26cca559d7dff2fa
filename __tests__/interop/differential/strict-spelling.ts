/** Parts of a request in their strict spelling: the one that "Create a signed AWS API request" makes canonical. */
import { posix } from 'node:path';
import { decodeLeniently, recodeStrictly } from './percent-encoding.js';
import { rulesOf, sentPathOf, type HeaderField, type RequestCase } from './request-case.js';

/** The path after normalization, if its service wants that. */
export function normalizedPathOf(request: RequestCase): string {
  // It removes dot segments as RFC 3986 does, and empty ones, but keeps a slash at the end.
  return rulesOf(request).normalizePath ? posix.normalize(sentPathOf(request)) : sentPathOf(request);
}

export function recodePath(path: string): string {
  return path.split('/').map(recodeStrictly).join('/');
}

export function splitPairs(query: string): string[] {
  return query === '' ? [] : query.split('&');
}

export function mapPairs(query: string, change: (pair: string) => string): string {
  return splitPairs(query).map(change).join('&');
}

/** The name of a query's pair, decoded. */
export function nameOf(pair: string): string {
  return decodeLeniently(pair.replace(/=.*/s, ''));
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** With U+FFFD for each lone surrogate. */
export function toWellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** With the escapes of U+FFFD for those that are not UTF-8. */
export function toUtf8Escapes(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => {
    const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex');
    const utf8 = Buffer.from(bytes.toString());
    return utf8.equals(bytes) ? escapes : utf8.toString('hex').replace(/../g, '%$&');
  });
}

/** A header's value without spaces and tabs at its ends, and with one space for each run of them. */
export function trimAndFold(value: string): string {
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
}

/** Headers whose names differ only in case as one, under the first of these names and with all their values. */
export function joinSameHeaders(headers: readonly HeaderField[]): HeaderField[] {
  const joined = new Map<string, HeaderField>();
  for (const [name, values] of headers) {
    const earlier = joined.get(name.toLowerCase());
    const field: HeaderField =
      earlier === undefined ? [name, values] : [earlier[0], [...earlier[1], ...values].map(trimAndFold)];
    joined.set(name.toLowerCase(), field);
  }
  return [...joined.values()];
}
