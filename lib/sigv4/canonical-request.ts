/** From a request to its canonical request and string to sign ("Create a signed AWS API request", steps 1 to 3). */
import { Aws4AuthError } from '../errors.js';
import { createUrlError, hasStandardUrl } from '../platform/standard-url.js';
import { encodeRfc3986, hasStrictCharacters, recodeRfc3986 } from './encoding.js';
import { HMAC_ALGORITHM } from './scoped-key.js';
import { hashing } from '#platform';

/** A header to sign: its name in lower case, and its value as {@link canonicalizeHeaderValue} gives it. */
export type HeaderEntry = readonly [name: string, value: string];

/** What of a URL is sent: the host as the `Host` header has it, and path and query as they stand in the URL. */
export interface RequestTarget {
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** A target whose query is in its canonical form. */
export interface CanonicalTarget {
  readonly host: string;
  readonly path: string;
  readonly canonicalQuery: string;
}

/** The headers of a canonical request: its `CanonicalHeaders` (each line ends in LF) and its `SignedHeaders`. */
export interface CanonicalHeaders {
  readonly lines: string;
  readonly signedHeaders: string;
}

// The fragment is never sent. Clients drop line breaks and other control characters, take a backslash in the host for a
// slash, and send userinfo in place of the signature.
const ABSOLUTE_URL = new RegExp(
  '^(https?)://(?:' +
    // A plain host, as most are. Its last label begins with a letter: `127.1` and `0x7f.1` are IPv4 addresses in other words.
    '((?:[a-z0-9-]+\\.)*[a-z][a-z0-9-]*)(?![^/?#])|' +
    '([^/?#\\0- \\\\@\\x7F]*))(/[^?#\\0-\\x1F\\x7F]*|)(?:\\?([^#\\0-\\x1F\\x7F]*))?(?:$|#)',
  'i',
);
const IPV4_PART = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
/** What is left to the runtime's own parser is other scripts, escapes, and addresses that can be written otherwise. */
const USUAL_HOST = new RegExp(
  `^((?:[\\w-]+\\.)*[a-z_][\\w-]*\\.?|(?:${IPV4_PART}\\.){3}${IPV4_PART}|\\[::1\\])(?::(\\d{0,5}))?$`,
  'i',
);

/**
 * Splits an absolute URL, without resolving or encoding anything in its path and query.
 *
 * @throws Aws4AuthError `ERR_INVALID_URL` for a URL that is not absolute, has no host, or bears credentials
 */
export function splitUrl(url: string): RequestTarget {
  const found = typeof url === 'string' ? ABSOLUTE_URL.exec(url) : undefined;
  const [, scheme, plainHost, authority = '', path, query = ''] = found ?? [];
  if (scheme !== undefined && path !== undefined) {
    return { host: plainHost?.toLowerCase() ?? toHostHeader(scheme, authority), path: path === '' ? '/' : path, query };
  }
  throw new Aws4AuthError(
    'url: must be absolute, https://host/path, without control characters, user:password@, or space or backslash in ' +
      'its host',
    'ERR_INVALID_URL',
  );
}

/** A host as the URL Standard has it, and clients send it: in lower case, IDNs as ASCII, without the scheme's own port. */
function toHostHeader(scheme: string, authority: string): string {
  const [, name, digits = ''] = USUAL_HOST.exec(authority) ?? [];
  const port = Number(digits);
  if (name !== undefined && port < 65536) {
    const isOwnPort = digits === '' || port === (scheme.length === 'https'.length ? 443 : 80);
    return name.toLowerCase() + (isOwnPort ? '' : `:${String(port)}`);
  }
  if (!hasStandardUrl()) throw createUrlError();
  try {
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
  if (!NOT_PLAIN_PATH.test(normalized)) return normalized;
  return normalized
    .split('/')
    .map(doubleEncodePath ? encodeRfc3986 : recodeRfc3986)
    .join('/');
}

const NOT_PLAIN_PATH = /[^A-Za-z0-9\-._~/]/;
const DOT_OR_EMPTY_SEGMENT = /\/\.{0,2}(?:\/|$)/;

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
  const isStrict = hasStrictCharacters(query);
  const pairs: string[] = [];
  for (let start = 0, end = 0; end < query.length; start = end + 1) {
    end = query.indexOf('&', start);
    if (end === -1) end = query.length;
    if (end > start) pairs.push(toStrictPair(query.slice(start, end), isStrict));
  }
  return joinSorted(pairs);
}

/** The CanonicalQueryString of strict pairs, which are sorted in place. */
export function joinSorted(pairs: string[]): string {
  if (pairs.length > FEW_PAIRS) pairs.sort(comparePairs);
  else for (let i = 1; i < pairs.length; i++) insertPair(pairs, i);
  return pairs.join('&');
}

// Most queries have few pairs, of which the insertion costs a third of Array.prototype.sort.
const FEW_PAIRS = 16;

/** Moves a pair to its place among those before it, which are sorted. */
function insertPair(pairs: string[], index: number): void {
  const pair = pairs[index] ?? '';
  let place = index;
  for (; place > 0; place--) {
    const before = pairs[place - 1] ?? '';
    if (comparePairs(before, pair) <= 0) break;
    pairs[place] = before;
  }
  pairs[place] = pair;
}

/** A pair of which each part is encoded strictly, and which has its `=`, even where there is no value. */
function toStrictPair(pair: string, isStrict: boolean): string {
  const equals = pair.indexOf('=');
  if (equals === -1) return `${recodeRfc3986(pair)}=`;
  if (isStrict && !pair.includes('=', equals + 1)) return pair;
  return `${recodeRfc3986(pair.slice(0, equals))}=${recodeRfc3986(pair.slice(equals + 1))}`;
}

const EQUALS = 0x3d;

/**
 * By name, then by value. Strict pairs are ASCII, so that the order of code units is the order of bytes; a name's end,
 * which `=` is, comes before all that could go on.
 */
function comparePairs(pair: string, pair2: string): number {
  const length = Math.min(pair.length, pair2.length);
  for (let i = 0; i < length; i++) {
    const unit = pair.charCodeAt(i);
    const unit2 = pair2.charCodeAt(i);
    if (unit === unit2) continue;
    if (unit === EQUALS) return -1;
    return unit2 === EQUALS ? 1 : unit - unit2;
  }
  return pair.length - pair2.length;
}

/**
 * The CanonicalHeaders and SignedHeaders: sorted by name, and the values of one name joined by a comma in the order
 * that they are sent in.
 */
export function createCanonicalHeaders(entries: readonly HeaderEntry[]): CanonicalHeaders {
  let lines = '';
  let previous = '';
  for (const [name, value] of entries) {
    if (name < previous) return createCanonicalHeaders([...entries].sort(compareNames));
    if (name === previous) {
      lines += `,${value}`;
    } else {
      lines += `${lines && '\n'}${name}:${value}`;
    }
    previous = name;
  }
  return { lines: `${lines}${lines && '\n'}`, signedHeaders: joinNames(entries) };
}

function compareNames([name]: HeaderEntry, [name2]: HeaderEntry): number {
  return Number(name > name2) - Number(name < name2);
}

/** The SignedHeaders that were made last of a number of entries: a program's requests have the same few, and share them. */
const latestNames = new Map<number, SignedNames>();
const MOST_LATEST = 50;

interface SignedNames {
  readonly names: readonly string[];
  readonly joined: string;
}

function joinNames(sorted: readonly HeaderEntry[]): string {
  const latest = latestNames.get(sorted.length);
  if (latest !== undefined && sorted.every(([name], index) => name === latest.names[index])) return latest.joined;
  const names = sorted.map(([name]) => name);
  const joined = [...new Set(names)].join(';');
  if (names.length <= MOST_LATEST) latestNames.set(names.length, { names, joined });
  return joined;
}

// Anything but visible ASCII, with single spaces inside.
const NOT_PLAIN = /[^ -~]|^ | (?: |$)/;
const BEYOND_LATIN_1 = /[^\0-\xFF]/;

/** Whether a header's value can be sent as it is, and stands so in CanonicalHeaders. */
export function isPlainValue(value: string): boolean {
  return !NOT_PLAIN.test(value);
}

/**
 * A header's value as it stands in CanonicalHeaders: trimmed, and runs of spaces and tabs, which are all the white
 * space that a field value has (RFC 9110, section 5.6.3), folded to one space.
 *
 * @throws Aws4AuthError `ERR_INVALID_HEADER` for characters beyond Latin-1, which cannot be sent
 */
export function canonicalizeHeaderValue(name: string, value: string | readonly string[]): string {
  if (typeof value !== 'string') {
    return joinHeaderLines(
      name,
      value.map((item) => canonicalizeHeaderValue(name, item)),
    );
  }
  if (isPlainValue(value)) return value;
  if (BEYOND_LATIN_1.test(value)) {
    // Clients refuse it, or cut these characters out. Which way is right, its reader decides.
    throw new Aws4AuthError(
      `headers: ${name} has characters beyond Latin-1, which cannot be sent; encode it as its reader does: ` +
        'percent-encoded (encodeURIComponent), by RFC 2047 (metadata), RFC 8187 (a filename*), or in base64',
      'ERR_INVALID_HEADER',
    );
  }
  return value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '');
}

/** A list in one line, as servers join its lines; those of Cookie as Node sends them (RFC 6265, section 4.2.1). */
export function joinHeaderLines(name: string, lines: readonly string[]): string {
  return lines.join(/^cookie$/i.test(name) ? '; ' : ',');
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

/** The canonical request: its parts, one a line. */
export function createCanonicalRequest({ method, path, query, headers, payloadHash }: CanonicalParts): string {
  return `${method}\n${path}\n${query}\n${headers.lines}\n${headers.signedHeaders}\n${payloadHash}`;
}

/**
 * The string to sign, which names the hash of the canonical request.
 *
 * @param amzDate the request's moment, as `X-Amz-Date` has it
 * @param scope the credential scope of the signing key
 * @param isAscii whether the canonical request is known to be ASCII, which saves a check
 * @param algorithm the signing key's
 */
export function createStringToSign(
  amzDate: string,
  scope: string,
  canonicalRequest: string,
  isAscii = false,
  algorithm = HMAC_ALGORITHM,
): string {
  // Only header values may have characters beyond ASCII here, and HTTP clients send these as one byte a character.
  const hash = isAscii ? hashing.sha256Hex(canonicalRequest) : hashing.sha256HexOfLatin1(canonicalRequest);
  return `${algorithm}\n${amzDate}\n${scope}\n${hash}`;
}
