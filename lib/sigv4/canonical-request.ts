/** From a request to its canonical request and string to sign ("Create a signed AWS API request", steps 1 to 3). */
import { Aws4AuthError } from '../errors.js';
import { encodeRfc3986, recodeRfc3986 } from './encoding.js';
import { platform } from '#platform';

/** A header to sign: its name in lower case, and its value as {@link canonicalizeHeaderValue} gives it. */
export type HeaderEntry = readonly [name: string, value: string];

/** What of a URL is sent: the host as the `Host` header has it, and path and query as they stand in the URL. */
export interface RequestTarget {
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** The headers of a canonical request: its `CanonicalHeaders` (each line ends in LF) and its `SignedHeaders`. */
export interface CanonicalHeaders {
  readonly lines: string;
  readonly signedHeaders: string;
}

// Userinfo is caught here to be refused; the fragment is never sent. Clients drop line breaks and other control
// characters, and take a backslash in the host for a slash.
const ABSOLUTE_URL =
  // eslint-disable-next-line no-control-regex -- these are the characters to refuse
  /^(https?):\/\/([^/?#\0- \\\x7F]*)((?:\/[^?#\0-\x1F\x7F]*)?)(?:\?([^#\0-\x1F\x7F]*))?(?:$|#)/i;
// Its last label begins with a letter: `127.1` and `0x7f.1` are IPv4 addresses in other words.
const PLAIN_HOST = /^(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*$/;

/**
 * Splits an absolute URL, without resolving or encoding anything in its path and query.
 *
 * @throws Aws4AuthError `ERR_INVALID_URL` for a URL that is not absolute, has no host, or bears credentials
 */
export function splitUrl(url: string): RequestTarget {
  const [, scheme, authority, path, query] = (typeof url === 'string' ? ABSOLUTE_URL.exec(url) : undefined) ?? [];
  if (scheme === undefined || authority === undefined || path === undefined) {
    throw new Aws4AuthError(
      'url: must be absolute, https://host/path or http://host/path, without control characters, and in its host ' +
        'without a space or backslash',
      'ERR_INVALID_URL',
    );
  }
  if (authority.includes('@')) {
    throw new Aws4AuthError(
      'url: must not contain user:password@, which a client would send in place of the signature; remove it',
      'ERR_INVALID_URL',
    );
  }
  return { host: toHostHeader(scheme, authority), path: path === '' ? '/' : path, query: query ?? '' };
}

function toHostHeader(scheme: string, authority: string): string {
  if (PLAIN_HOST.test(authority)) return authority;
  try {
    // The platform's parser lower-cases, writes IDNs as ASCII, and drops the scheme's own port, as clients do.
    return new URL(`${scheme}://${authority}`).host;
  } catch {
    throw new Aws4AuthError(`url: ${JSON.stringify(authority)} is not a host`, 'ERR_INVALID_URL');
  }
}

/** How a service reads a path. */
export interface PathRules {
  readonly normalizePath: boolean;
  readonly doubleEncodePath: boolean;
}

/** The CanonicalUri. Slashes always stand for themselves; an escaped one (`%2F`) never becomes one. */
export function createCanonicalPath(path: string, { normalizePath, doubleEncodePath }: PathRules): string {
  const normalized = normalizePath ? removeDotAndEmptySegments(path) : path;
  const encode = doubleEncodePath ? encodeRfc3986 : recodeRfc3986;
  return PLAIN_PATH.test(normalized) ? normalized : normalized.split('/').map(encode).join('/');
}

const PLAIN_PATH = /^[A-Za-z0-9\-._~/]*$/;
const DOT_OR_EMPTY_SEGMENT = /\/(?:\.{0,2})(?:\/|$)/;

function removeDotAndEmptySegments(path: string): string {
  if (!DOT_OR_EMPTY_SEGMENT.test(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  return `/${kept.join('/')}${kept.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/**
 * The CanonicalQueryString: each pair decoded and encoded by RFC 3986, sorted by name and then value. A `+` is a plus;
 * a name without `=` is one with an empty value; empty pairs (`&&`) are none.
 */
export function createCanonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs: Pair[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    pairs.push(
      equals === -1
        ? [recodeRfc3986(pair), '']
        : [recodeRfc3986(pair.slice(0, equals)), recodeRfc3986(pair.slice(equals + 1))],
    );
  }
  let canonical = '';
  for (const [name, value] of pairs.sort(comparePairs)) canonical += `${canonical === '' ? '' : '&'}${name}=${value}`;
  return canonical;
}

type Pair = readonly [name: string, value: string];

// Encoded names and values are ASCII, so that the order of code units is the order of bytes.
function comparePairs([name, value]: Pair, [name2, value2]: Pair): number {
  return compareText(name, name2) || compareText(value, value2);
}

function compareText(text: string, text2: string): number {
  if (text === text2) return 0;
  return text < text2 ? -1 : 1;
}

/**
 * The CanonicalHeaders and SignedHeaders: sorted by name, and the values of one name joined by a comma in the order
 * that they are sent in.
 */
export function createCanonicalHeaders(entries: readonly HeaderEntry[]): CanonicalHeaders {
  const sorted = isSorted(entries) ? entries : entries.toSorted(compareNames);
  let lines = '';
  let signedHeaders = '';
  let previous: string | undefined;
  for (const [name, value] of sorted) {
    if (name === previous) {
      lines += `,${value}`;
    } else if (previous === undefined) {
      lines = `${name}:${value}`;
      signedHeaders = name;
    } else {
      lines += `\n${name}:${value}`;
      signedHeaders += `;${name}`;
    }
    previous = name;
  }
  return { lines: previous === undefined ? '' : `${lines}\n`, signedHeaders };
}

function isSorted(entries: readonly HeaderEntry[]): boolean {
  let previous = '';
  for (const [name] of entries) {
    if (name < previous) return false;
    previous = name;
  }
  return true;
}

function compareNames([name]: HeaderEntry, [name2]: HeaderEntry): number {
  return compareText(name, name2);
}

// Visible ASCII, with single spaces inside.
const PLAIN_VALUE = /^[!-~]*(?: [!-~]+)*$/;
const BEYOND_LATIN_1 = /[^\0-\xFF]/;

/**
 * A header's value as it stands in CanonicalHeaders: trimmed, and runs of spaces and tabs, which are all the white
 * space that a field value has (RFC 9110, section 5.6.3), folded to one space.
 *
 * @throws Aws4AuthError `ERR_INVALID_HEADER` for characters beyond Latin-1, which cannot be sent
 */
export function canonicalizeHeaderValue(name: string, value: string | readonly string[]): string {
  if (typeof value !== 'string') return value.map((item) => canonicalizeHeaderValue(name, item)).join(',');
  if (PLAIN_VALUE.test(value) && !value.startsWith(' ')) return value;
  if (BEYOND_LATIN_1.test(value)) {
    throw new Aws4AuthError(
      `headers: the value of ${name} has characters that no HTTP client can send; encode it, e.g. by RFC 2047`,
      'ERR_INVALID_HEADER',
    );
  }
  const folded = value.replace(/[ \t]+/g, ' ');
  return folded.slice(folded.startsWith(' ') ? 1 : 0, folded.endsWith(' ') ? -1 : undefined);
}

/** The parts of a canonical request, each already in its canonical form. */
export interface CanonicalParts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: CanonicalHeaders;
  /** The body's hash, or the literal that stands for it, as `X-Amz-Content-Sha256` has it. */
  readonly payloadHash: string;
}

export function createCanonicalRequest({ method, path, query, headers, payloadHash }: CanonicalParts): string {
  return `${method}\n${path}\n${query}\n${headers.lines}\n${headers.signedHeaders}\n${payloadHash}`;
}

/**
 * @param amzDate the request's moment, as `X-Amz-Date` has it
 * @param scope the credential scope of the signing key
 */
export function createStringToSign(amzDate: string, scope: string, canonicalRequest: string): string {
  // Header values are all in it that may not be ASCII, and HTTP clients send these as one byte a character.
  return `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${platform.sha256HexOfLatin1(canonicalRequest)}`;
}
