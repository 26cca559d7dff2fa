/** Which headers a signature covers ("Create a signed AWS API request", step 1: SignedHeaders). */
import { Aws4AuthError } from '../errors.js';

/** Tells of a header, by its lower-case name, whether it is signed. */
export type SelectHeader = (name: string) => boolean;

/**
 * Headers that a pattern never selects, only their own name: what proxies and runtimes rewrite or add on the way, so
 * that a signature over them would not survive.
 */
const onlyByName: ReadonlySet<string> = new Set([
  'authorization',
  'user-agent',
  'accept-encoding',
  'connection',
  'expect',
  'content-length',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'via',
  'forwarded',
  'x-amzn-trace-id',
  'traceparent',
  'tracestate',
  'baggage',
  'range',
  // The client's own context for Mobile Analytics and Cognito, which AWS's mobile SDKs leave unsigned.
  'x-amz-client-context',
]);
const onlyByNamePrefixes = ['x-forwarded-', 'proxy-'] as const;

const byDefault: ReadonlySet<string> = new Set(['host', 'content-type', 'content-md5', 'date']);

/** The default: host, content-type, content-md5, date and every `x-amz-*` but `x-amz-client-context`. */
export const selectDefaultHeaders: SelectHeader = (name) =>
  byDefault.has(name) || (name.startsWith('x-amz-') && name !== 'x-amz-client-context');

const HEADER_PATTERN = /^[!#$%&'+\-.^_`|~0-9a-z]*\*?$/;

/**
 * Selects further headers: each entry is a header's name, a prefix followed by `*`, or `*` alone for all. Never fewer
 * than the default, since AWS refuses a request whose host, content type or `x-amz-*` headers are not signed.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for what is not a list of names and patterns
 */
export function createHeaderSelection(signedHeaders: readonly string[] | undefined): SelectHeader {
  if (signedHeaders === undefined) return selectDefaultHeaders;
  const names = new Set<string>();
  const prefixes: string[] = [];
  for (const entry of assertList(signedHeaders)) {
    const name = typeof entry === 'string' ? entry.trim().toLowerCase() : '';
    if (name === '' || !HEADER_PATTERN.test(name)) {
      throw new Aws4AuthError(
        `signedHeaders: ${JSON.stringify(String(entry))} is neither a header's name nor a pattern such as x-a-* or *`,
        'ERR_INVALID_OPTION',
      );
    }
    if (name.endsWith('*')) prefixes.push(name.slice(0, -1));
    else names.add(name);
  }
  return (name) =>
    names.has(name) ||
    selectDefaultHeaders(name) ||
    (prefixes.some((prefix) => name.startsWith(prefix)) && !isOnlyByName(name));
}

function assertList(signedHeaders: unknown): readonly unknown[] {
  if (Array.isArray(signedHeaders)) return signedHeaders;
  throw new Aws4AuthError('signedHeaders: must be an array of header names and patterns', 'ERR_INVALID_OPTION');
}

function isOnlyByName(name: string): boolean {
  return onlyByName.has(name) || onlyByNamePrefixes.some((prefix) => name.startsWith(prefix));
}
