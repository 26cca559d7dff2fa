/**
 * The differences between this package and its peers that are known and allowed, each with its reason by "Create a
 * signed AWS API request" (the specification; the terms are of its step 1, the canonical request).
 */
import { isSigned, rulesOf, type HeaderField, type RequestCase } from './request-case.js';
import {
  hasLoneSurrogate,
  joinSameHeaders,
  mapPairs,
  nameOf,
  normalizedPathOf,
  recodePath,
  splitPairs,
  toUtf8Escapes,
  toWellFormed,
  trimAndFold,
} from './strict-spelling.js';

export type Peer = 'smithy' | 'crt';

/** Where a difference shows, and what is to be changed for it to go. */
interface Feature {
  /** Whether the difference shows in this request, if no other one does. */
  readonly appliesTo: (request: RequestCase) => boolean;
  /** The request without what makes the difference, so that all signers agree on it. */
  readonly toStrict: (request: RequestCase) => RequestCase;
}

export interface AllowedDifference extends Feature {
  readonly name: string;
  readonly peers: readonly Peer[];
  /**
   * Whether the strict request is the same one in another spelling, which must then have the same signature from this
   * package; or else one without the feature.
   */
  readonly strictIs: 'respelled' | 'reduced';
  /** Whether the canonical request is the same text all the same, and only its bytes differ. */
  readonly inBytesOnly?: true;
  /** Whether requests of a well-behaved client show it, too. */
  readonly inWellBehavedRequests?: true;
  /** Whose signature is the one by the specification; `both` where each is right for the request that its signer sends. */
  readonly right: 'this package' | 'both';
  readonly because: string;
}

const SIGNING_PARAMETER =
  /^x-amz-(?:algorithm|credential|date|expires|region-set|security-token|signature|signedheaders)$/i;
const SKIPPED_BY_CRT =
  /^(?:expect|sec-websocket-(?:key|protocol|version)|transfer-encoding|upgrade|user-agent|x-amzn-trace-id)$/i;

export const allowedDifferences: readonly AllowedDifference[] = [
  {
    name: 'method in lower case',
    peers: ['smithy', 'crt'],
    appliesTo: ({ method }) => method !== method.toUpperCase(),
    toStrict: (request) => ({ ...request, method: request.method.toUpperCase() }),
    strictIs: 'respelled',
    right: 'both',
    because:
      'The HTTPMethod is that of the request line. The peers leave its case to whoever sends it; this package returns ' +
      'the method in upper case for it to be sent so, as axios does.',
  },
  {
    name: 'path encoded once is copied',
    peers: ['smithy', 'crt'],
    appliesTo: (request) => !rulesOf(request).doubleEncodePath && request.path !== recodePath(request.path),
    toStrict: (request) =>
      rulesOf(request).doubleEncodePath ? request : { ...request, path: recodePath(request.path) },
    strictIs: 'respelled',
    right: 'this package',
    because:
      'The CanonicalUri is UriEncode() of the path: upper-case hex, and all escaped but unreserved characters and the ' +
      'slash. Where a path is encoded only once, as for S3, the peers copy what they are given.',
  },
  {
    name: 'lone surrogate',
    peers: ['smithy'],
    appliesTo: (request) =>
      hasLoneSurrogate(request.query) ||
      (rulesOf(request).doubleEncodePath && hasLoneSurrogate(normalizedPathOf(request))),
    toStrict: (request) => ({ ...request, path: toWellFormed(request.path), query: toWellFormed(request.query) }),
    strictIs: 'respelled',
    right: 'this package',
    because:
      'UriEncode() encodes the bytes of UTF-8, in which half a character is U+FFFD, as on the wire. smithy throws the ' +
      'URIError of encodeURIComponent.',
  },
  {
    name: 'broken escape in the query',
    peers: ['smithy', 'crt'],
    ...whereQueryChanges((query) => query.replace(/%(?![0-9A-Fa-f]{2})/g, '%25')),
    strictIs: 'respelled',
    right: 'this package',
    because:
      'A per cent sign that begins no escape is a reserved character as others are, and UriEncode() makes it %25. The ' +
      'peers refuse to decode the query.',
  },
  {
    name: 'query that is not UTF-8',
    peers: ['smithy'],
    ...whereQueryChanges(toUtf8Escapes),
    strictIs: 'reduced',
    right: 'this package',
    because:
      'UriEncode() is of bytes, whatever they are: %FF stays %FF, as it does with the CRT. smithy has its query in ' +
      'strings, which cannot hold that; its parser throws.',
  },
  {
    name: 'query name without =',
    peers: ['smithy'],
    ...wherePairsChange((pair) => (pair === '' || pair.includes('=') ? pair : `${pair}=`)),
    strictIs: 'respelled',
    right: 'this package',
    because:
      'A parameter without a value has an empty one: ?acl is acl= in the CanonicalQueryString. smithy parses it to null, ' +
      'which it leaves out, or signs as the word "null" where the name comes twice.',
  },
  {
    name: 'query value with =',
    peers: ['smithy'],
    ...wherePairsChange((pair) => pair.replace(/(?<==.*)=/gs, '%3D')),
    strictIs: 'respelled',
    right: 'this package',
    because:
      'The first = ends the name, and others belong to the value, where UriEncode() makes them %3D. The parser of smithy ' +
      'drops the value from the second = on.',
  },
  {
    name: 'several empty pairs',
    peers: ['smithy'],
    ...whereQueryChanges(removeEmptyPairs),
    strictIs: 'respelled',
    right: 'this package',
    because:
      'Between the signs of && there is no parameter for the CanonicalQueryString. smithy leaves out a single one, but ' +
      'signs "=null" for each of several.',
  },
  {
    name: 'query name that objects inherit',
    peers: ['smithy'],
    ...wherePairsChange((pair) => (nameOf(pair) in {} ? `x-${pair}` : pair)),
    strictIs: 'reduced',
    inWellBehavedRequests: true,
    right: 'this package',
    because:
      'The CanonicalQueryString has every parameter, whatever its name. smithy keeps them in an object, and takes what ' +
      'that inherits under the name for an earlier value: it signs the source code of a function, or nothing.',
  },
  {
    name: 'X-Amz-Signature in the query',
    peers: ['smithy'],
    ...wherePairsChange((pair) => (nameOf(pair).toLowerCase() === 'x-amz-signature' ? `x-${pair}` : pair)),
    strictIs: 'reduced',
    right: 'this package',
    because:
      'Only where the signature itself goes into the query is it left out of the CanonicalQueryString. smithy leaves a ' +
      'parameter of that name out of requests that are signed in the headers, too.',
  },
  {
    name: 'signing parameter in the query',
    peers: ['crt'],
    ...wherePairsChange((pair) => (SIGNING_PARAMETER.test(nameOf(pair)) ? `x-${pair}` : pair)),
    strictIs: 'reduced',
    right: 'both',
    because:
      'In a request that is signed in the headers, they are parameters as others are, and this package signs them all. ' +
      'The CRT refuses the request, as AWS would for having two kinds of authentication.',
  },
  {
    name: 'colon and slash taken for a scheme',
    peers: ['crt'],
    appliesTo: ({ path, query }) => /^[^:]*:\//.test(`${path}?${query}`),
    toStrict: (request) => ({
      ...request,
      path: request.path.replaceAll(':/', ':-/'),
      query: request.query.replaceAll(':/', ':-/'),
    }),
    strictIs: 'reduced',
    right: 'this package',
    because:
      'The CanonicalUri is the path, which may have a colon before a slash. The CRT parses path and query as if they ' +
      'were a whole URL: it refuses them, or signs what follows their "host" as the path.',
  },
  {
    name: 'Date header',
    peers: ['smithy'],
    appliesTo: ({ headers }) => headers.some(isDateHeader),
    toStrict: (request) => ({ ...request, headers: request.headers.filter((field) => !isDateHeader(field)) }),
    strictIs: 'reduced',
    inWellBehavedRequests: true,
    right: 'both',
    because:
      'CanonicalHeaders may have any header that is sent. smithy deletes Date from the request that it returns, so that ' +
      'it is neither signed nor sent; this package signs it and sends it.',
  },
  {
    name: 'header that is never signed',
    peers: ['crt'],
    appliesTo: (request) => request.headers.some(([name]) => SKIPPED_BY_CRT.test(name) && isSigned(name, request)),
    toStrict: (request) => ({
      ...request,
      signedHeaders: request.signedHeaders.filter((name) => !SKIPPED_BY_CRT.test(name)),
    }),
    strictIs: 'reduced',
    right: 'both',
    because:
      'SignedHeaders tells which headers are signed, and may have any but Authorization. The CRT leaves out some that ' +
      'proxies change, with no option to sign them; this package signs those that signedHeaders names.',
  },
  {
    name: 'header value in Latin-1',
    peers: ['smithy', 'crt'],
    ...whereHeaderValuesChange((value) => value.replace(/[\x80-\xFF]/g, '?')),
    strictIs: 'reduced',
    inBytesOnly: true,
    right: 'both',
    because:
      'The specification does not say which bytes a header has that is not ASCII. HTTP clients send Latin-1, which this ' +
      'package signs, and MinIO verifies (minio/minio-js#1300). The peers sign UTF-8, for which S3 would have to decode ' +
      'the Latin-1 that it gets, as it seems to (aws/aws-sdk-js#1316).',
  },
  {
    name: 'header value beyond Latin-1',
    peers: ['smithy', 'crt'],
    ...whereHeaderValuesChange((value) => value.replace(/[^\0-\xFF]/g, '?')),
    strictIs: 'reduced',
    right: 'this package',
    because:
      'CanonicalHeaders are of what is sent, and no HTTP client sends such a value: fetch and node:http throw. This ' +
      'package refuses it before that; the peers sign it in UTF-8.',
  },
  {
    name: 'header names that differ in case',
    peers: ['smithy'],
    appliesTo: (request) => {
      const signed = request.headers.filter(([name]) => isSigned(name, request));
      return joinSameHeaders(signed).length < signed.length;
    },
    toStrict: (request) => ({ ...request, headers: joinSameHeaders(request.headers) }),
    strictIs: 'respelled',
    right: 'this package',
    because:
      'CanonicalHeaders have names in lower case, and the values of one name joined by commas in the order that they are ' +
      'sent in. smithy signs one of the values, and returns all of them to be sent.',
  },
  {
    name: 'spaces between the values of a header',
    peers: ['smithy'],
    appliesTo: (request) =>
      request.headers
        .filter(([name]) => isSigned(name, request))
        .some(([, values]) => trimAndFold(values.join(',')) !== values.map(trimAndFold).join(',')),
    toStrict: (request) => ({ ...request, headers: request.headers.map(mapValues(trimAndFold)) }),
    strictIs: 'respelled',
    right: 'both',
    because:
      'CanonicalHeaders have Trim() of each value. A header has only one with smithy: several are one line, joined before ' +
      'it is signed. This package sends, and therefore trims, a line for each.',
  },
];

function whereQueryChanges(change: (query: string) => string): Feature {
  return {
    appliesTo: ({ query }) => change(query) !== query,
    toStrict: (request) => ({ ...request, query: change(request.query) }),
  };
}

function wherePairsChange(change: (pair: string) => string): Feature {
  return whereQueryChanges((query) => mapPairs(query, change));
}

/** Of the headers that are to be signed. */
function whereHeaderValuesChange(change: (value: string) => string): Feature {
  return {
    appliesTo: (request) =>
      request.headers.some(
        ([name, values]) => isSigned(name, request) && values.some((value) => change(value) !== value),
      ),
    toStrict: (request) => ({ ...request, headers: request.headers.map(mapValues(change)) }),
  };
}

function mapValues(change: (value: string) => string): (field: HeaderField) => HeaderField {
  return ([name, values]) => [name, values.map(change)];
}

/** Removes empty pairs where there are several; one with an empty name counts. */
function removeEmptyPairs(query: string): string {
  const pairs = splitPairs(query);
  const nameless = pairs.filter((pair) => pair === '' || pair.startsWith('='));
  return nameless.length > 1 ? pairs.filter((pair) => pair !== '').join('&') : query;
}

function isDateHeader([name]: HeaderField): boolean {
  return name.toLowerCase() === 'date';
}
