/**
 * The canonical request, as "Create a signed AWS API request" (IAM User Guide, here [IAM], step 1) and the older
 * "Create a canonical request for Signature Version 4" (AWS General Reference, here [GR]) define it, in every reading
 * that a server may take of them. Strings hold one byte per character (latin1), so a canonical request is its bytes.
 */
import { percentDecode, uriEncode, uriEncodePath } from './percent-encoding.js';
import { headerValues, trimOptionalWhitespace } from './raw-request.js';
import type { HeaderLine } from './raw-request.js';

/** One way to read a part of the request, and what comes of it. */
export interface Reading {
  /** Completes the sentence "the signature holds when ...". */
  readonly when: string;
  readonly text: string;
}

/** CanonicalUri for S3, to a server that takes the path from the request line exactly as sent. */
const keepPath = (path: string): string => path;

/** [IAM] "The URI-encoded version of the absolute path": a server that has decoded the path has to encode it again. */
const reencodePath = (path: string): string =>
  path
    .split('/')
    .map((segment) => uriEncode(percentDecode(segment)))
    .join('/');

/**
 * [IAM] "Encode the forward slash character, '/', everywhere except in the object key name": a server that decodes the
 * key as a whole cannot tell %2F from the slash, and leaves both unencoded.
 */
const reencodeKey = (path: string): string => uriEncodePath(percentDecode(path));

const collapseSlashes = (path: string): string => path.replace(/\/{2,}/g, '/');

const withoutLastSegment = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/**
 * [GR] "Normalize URI paths according to RFC 3986": Remove Dot Segments (RFC 3986, 5.2.4), steps B, C and E; A and D
 * concern paths that do not begin with a slash. Redundant slashes go last, as they are segments to RFC 3986.
 */
export const normalizeByRfc3986 = (path: string): string => {
  let input = path;
  let output = '';
  while (input !== '') {
    if (input.startsWith('/./')) {
      input = input.slice(2);
    } else if (input === '/.') {
      input = '/';
    } else if (input.startsWith('/../')) {
      input = input.slice(3);
      output = withoutLastSegment(output);
    } else if (input === '/..') {
      input = '/';
      output = withoutLastSegment(output);
    } else {
      const end = input.indexOf('/', 1);
      const segment = end === -1 ? input : input.slice(0, end);
      output += segment;
      input = input.slice(segment.length);
    }
  }
  return collapseSlashes(output);
};

/**
 * [GR] "Remove redundant and relative path components", the way AWS's own SDKs do it: empty segments count for
 * nothing, and only a slash that was the last character before stays the last (so `/a/b/..` is `/a`, not `/a/`).
 */
export const normalizeBySegments = (path: string): string => {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') {
      kept.pop();
    } else if (segment !== '' && segment !== '.') {
      kept.push(segment);
    }
  }
  return `/${kept.join('/')}${path.endsWith('/') && kept.length > 0 ? '/' : ''}`;
};

const distinct = (readings: readonly Reading[]): readonly Reading[] =>
  readings.filter((reading, index) => readings.findIndex(({ text }) => text === reading.text) === index);

/** Both orders in which a server may normalise, or the path untouched where the service does not ([GR]: S3). */
const readNormalization = (path: string, normalizePath: boolean): readonly Reading[] =>
  normalizePath
    ? distinct([
        { when: 'the path is normalised segment by segment', text: normalizeBySegments(path) },
        { when: 'the path is normalised by RFC 3986, 5.2.4', text: normalizeByRfc3986(path) },
      ])
    : [{ when: 'the path is not normalised', text: path }];

const SEGMENT_ENCODINGS = [
  { when: 'is taken literally', encode: keepPath },
  { when: 'is decoded and encoded again by segment', encode: reencodePath },
] as const;
const KEY_ENCODING = { when: 'is decoded and encoded again as a whole', encode: reencodeKey } as const;

/**
 * [GR] "Each path segment must be URI-encoded twice (except for Amazon S3 which only gets URI-encoded once)." The wire
 * carries the first encoding, so 'double' encodes what is on the wire once more; 'single' is what is on the wire, as
 * sent and also decoded and encoded again, by segment or (where %2F is 'ambiguous') as a whole. An absent path is "/".
 */
export const readPath = (
  path: string,
  options: {
    readonly pathEncoding: 'single' | 'double';
    readonly normalizePath: boolean;
    readonly encodedSlash: 'distinct' | 'slash' | 'ambiguous';
  },
): readonly Reading[] => {
  const encodings =
    options.pathEncoding === 'double'
      ? [{ when: 'is encoded once more', encode: uriEncodePath }]
      : [
          ...(options.encodedSlash === 'slash' ? [] : SEGMENT_ENCODINGS),
          ...(options.encodedSlash === 'distinct' ? [] : [KEY_ENCODING]),
        ];
  return distinct(
    encodings.flatMap(({ when, encode }) =>
      readNormalization(path === '' ? '/' : path, options.normalizePath).map((normalized) => ({
        when: `${normalized.when} and ${when}`,
        text: encode(normalized.text),
      })),
    ),
  );
};

interface QueryRules {
  readonly plusIs: 'plus' | 'space';
  readonly emptyPairs: 'dropped' | 'kept';
}

const splitPair = (pair: string): readonly [name: string, value: string] => {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
};

const compareBytes = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/**
 * [IAM] CanonicalQueryString: "You URI-encode each name and value individually", a name without a value gets an empty
 * one, "sort the parameters ... alphabetically by key name. The sorting occurs after encoding." [GR] names that repeat
 * are sorted by value. The sort is on pairs, not on `name=value`: "=" sorts after "-" and the digits.
 */
const canonicalizeQuery = (query: string, rules: QueryRules): string => {
  const decode = (text: string): string => percentDecode(rules.plusIs === 'space' ? text.replaceAll('+', ' ') : text);
  return query
    .split('&')
    .filter((pair) => pair !== '' || rules.emptyPairs === 'kept')
    .map((pair) => splitPair(pair))
    .map(([name, value]) => [uriEncode(decode(name)), uriEncode(decode(value))] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compareBytes(nameA, nameB) || compareBytes(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
};

/**
 * Every reading of the query string: servers differ on whether a raw "+" is a space (HTML forms) or a plus (RFC 3986),
 * and on whether nothing between two "&" is a parameter. A query of no characters at all has no parameters.
 */
export const readQuery = (query: string | undefined): readonly Reading[] => {
  if (query === undefined || query === '') {
    return [{ when: 'there is no query', text: '' }];
  }
  const plusReadings: readonly QueryRules['plusIs'][] = query.includes('+') ? ['plus', 'space'] : ['plus'];
  const hasEmptyPair = query.split('&').includes('');
  const pairReadings: readonly QueryRules['emptyPairs'][] = hasEmptyPair ? ['dropped', 'kept'] : ['dropped'];
  return distinct(
    plusReadings.flatMap((plusIs) =>
      pairReadings.map((emptyPairs) => ({
        when: `a raw "+" in the query is a ${plusIs} and empty parameters are ${emptyPairs}`,
        text: canonicalizeQuery(query, { plusIs, emptyPairs }),
      })),
    ),
  );
};

/**
 * [IAM] CanonicalHeaders: "trim any leading or trailing spaces", "convert sequential spaces to a single space", here
 * with tabs as spaces (the white space of RFC 9110), inside quotation marks too, and no byte changed otherwise.
 */
const canonicalizeHeaderValue = (value: string): string => trimOptionalWhitespace(value).replace(/[ \t]+/g, ' ');

/** [IAM] CanonicalHeaders: `lowercase(name):value\n`, "separate the values ... using commas", in the order sent. */
const canonicalizeHeaders = (headers: readonly HeaderLine[], signedHeaders: readonly string[]): string =>
  signedHeaders
    .map((name) => `${name}:${headerValues(headers, name).map(canonicalizeHeaderValue).join(',')}\n`)
    .join('');

export interface CanonicalParts {
  readonly method: string;
  readonly paths: readonly Reading[];
  readonly queries: readonly Reading[];
  readonly headers: readonly HeaderLine[];
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

/** [IAM] step 1: the six parts joined with newlines, for every combination of readings that makes a difference. */
export const readCanonicalRequest = (parts: CanonicalParts): readonly Reading[] =>
  distinct(
    parts.paths.flatMap((path) =>
      parts.queries.map((query) => ({
        when: `${path.when}, and ${query.when}`,
        text: [
          parts.method,
          path.text,
          query.text,
          canonicalizeHeaders(parts.headers, parts.signedHeaders),
          parts.signedHeaders.join(';'),
          parts.payloadHash,
        ].join('\n'),
      })),
    ),
  );
