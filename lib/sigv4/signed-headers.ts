/** Which headers a signature covers ("Create a signed AWS API request", step 1: SignedHeaders). */
import { Aws4AuthError } from '../errors.js';
import { quote } from './unknown-option.js';

/** Tells of a header, by its lower-case name, whether it is signed. */
export type SelectHeader = (name: string) => boolean;

/**
 * Headers that a pattern never selects, only their own name: what proxies and runtimes rewrite or add on the way, so
 * that a signature over them would not survive; and the context that AWS's mobile SDKs leave unsigned.
 */
const ONLY_BY_NAME = new RegExp(
  '^(?:authorization|user-agent|accept-encoding|connection|expect|content-length|transfer-encoding|te|trailer|upgrade|' +
    'via|forwarded|x-forwarded-.*|proxy-.*|x-amzn-trace-id|traceparent|tracestate|baggage|range|x-amz-client-context)$',
);

const BY_DEFAULT = /^(?:host|date|content-(?:type|md5)|x-amz-(?!client-context$).*)$/;

/** The default: host, content-type, content-md5, date and every `x-amz-*` but `x-amz-client-context`. */
export const selectDefaultHeaders: SelectHeader = (name) => BY_DEFAULT.test(name);

const HEADER_PATTERN = /^(?!$)[!#$%&'+\-.^_`|~0-9a-z]*\*?$/;

/**
 * Selects further headers: each entry is a header's name, a prefix followed by `*`, or `*` alone for all. Never fewer
 * than the default, since AWS refuses a request whose host, content type or `x-amz-*` headers are not signed.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for what is not a list of names and patterns
 */
export function createHeaderSelection(signedHeaders: readonly string[] | undefined): SelectHeader {
  if (signedHeaders === undefined) return selectDefaultHeaders;
  if (!Array.isArray(signedHeaders)) throw createSelectionError(signedHeaders);
  const names = new Set(Array.from<unknown, string>(signedHeaders, readPattern));
  // A prefix is looked up, with its `*`, by as many of a header's first characters as some prefix has: thousands of
  // prefixes, of which most are equally long, cost no more than a few.
  const lengths = [...new Set([...names].filter((name) => name.endsWith('*')).map((name) => name.length - 1))];
  return (name) =>
    names.has(name) ||
    selectDefaultHeaders(name) ||
    (lengths.some((length) => names.has(`${name.slice(0, length)}*`)) && !ONLY_BY_NAME.test(name));
}

/** @throws Aws4AuthError `ERR_INVALID_OPTION` for what is neither a name nor a pattern */
function readPattern(entry: unknown): string {
  const name = typeof entry === 'string' ? entry.trim().toLowerCase() : '';
  if (HEADER_PATTERN.test(name)) return name;
  throw createSelectionError(entry);
}

function createSelectionError(found: unknown): Aws4AuthError {
  return new Aws4AuthError(
    `signedHeaders: must be an array of header names and patterns such as x-a-* or *, not ${quote(found)}`,
    'ERR_INVALID_OPTION',
  );
}
