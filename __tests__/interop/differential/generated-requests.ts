/** Generators of requests: as a well-behaved client sends them, and in hostile spellings. */
import fc from 'fast-check';
import { encodeStrictly } from './percent-encoding.js';
import type { HeaderField, RequestCase } from './request-case.js';

const word = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
/** Any text that a URL or body can hold: all of Unicode, control characters too, but no half characters. */
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.string({ unit: 'binary', maxLength: 8 }));
const encodedText = fc.oneof(word, text.map(encodeStrictly));
const visibleAscii = fc.stringMatching(/^[!-~]{1,40}$/);

const method = fc.constantFrom(
  ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'QUERY', 'PURGE'],
);
const origin = fc.constantFrom(
  'https://example.amazonaws.com',
  'https://bucket.s3.eu-west-1.amazonaws.com',
  'https://abc123.execute-api.us-east-1.amazonaws.com',
  'http://localhost:9000',
  'https://example.com:443',
  'http://example.com:443',
  'http://example.com:80',
  'http://127.0.0.1:8000',
  'http://[::1]:8000',
);
const service = fc.oneof(
  fc.constantFrom('s3', 's3', 's3express', 's3-outposts', 's3-object-lambda', 'aoss', 'glacier', 'vpc-lattice-svcs'),
  fc.constantFrom('execute-api', 'dynamodb', 'iam', 'sts', 'lambda', 'es', 'appsync', 'iotdevicegateway'),
);
const region = fc.constantFrom('us-east-1', 'eu-west-1', 'ap-southeast-2', 'cn-north-1', 'us-gov-west-1', 'aws-global');

const body = fc.oneof(
  fc.constant(undefined),
  fc.constant(''),
  fc.uint8Array({ maxLength: 300 }),
  fc.nat({ max: 100_000 }).map(createLongBody),
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.array(fc.constantFrom('a', '\uD83D', '\uDE00', 'é'), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.json({ maxDepth: 2 }),
);

/** So many bytes, which are told in a few words where they are part of a failure. */
function createLongBody(length: number): Uint8Array {
  const text = `new Uint8Array(${String(length)}).fill(${String(length)})`;
  return Object.assign(new Uint8Array(length).fill(length), { [fc.toStringMethod]: () => text });
}

const credentials = fc.record({
  accessKeyId: fc.stringMatching(/^A[KS]IA[A-Z0-9]{16}$/),
  secretAccessKey: fc.oneof(fc.stringMatching(/^[A-Za-z0-9+/]{40}$/), visibleAscii),
  sessionToken: fc.option(fc.oneof(fc.stringMatching(/^[A-Za-z0-9+/]{100,200}={0,2}$/), visibleAscii), {
    nil: undefined,
  }),
});

// All but a path that is normalized and encoded once, which no service wants: there %2E%2E would be decoded too late.
const pathRules = fc.constantFrom(
  {},
  {},
  { normalizePath: true, doubleEncodePath: true },
  { normalizePath: false, doubleEncodePath: true },
  { normalizePath: false, doubleEncodePath: false },
);
const payloadRules = fc.record(
  { contentSha256Header: fc.boolean(), payload: fc.constantFrom('signed' as const, 'unsigned' as const) },
  { requiredKeys: [] },
);
const ruleOverrides = fc.tuple(pathRules, payloadRules).map(([path, payload]) => ({ ...path, ...payload }));

/** All that has no hostile spelling. */
const common = {
  method,
  origin,
  body,
  region,
  service,
  credentials,
  date: fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31T23:59:59.999Z'), noInvalidDate: true }),
  omitSessionToken: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  ruleOverrides,
};

const plainValue = fc.oneof(word, fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/), fc.string({ maxLength: 0 }));

const headerName = fc.oneof(
  fc.constantFrom('Content-Type', 'Content-MD5', 'X-Amz-Target', 'x-amz-acl', 'X-Amz-Client-Context'),
  fc.constantFrom('Accept', 'Cache-Control', 'Pragma', 'Referer', 'From', 'If-None-Match', 'Range', 'X-Tenant'),
  word.map((suffix) => `x-amz-meta-${suffix}`),
  // All that a name may have but the asterisk, which signedHeaders takes for a pattern.
  fc.stringMatching(/^X-[A-Za-z0-9_.~!#$%&'+^`|-]{1,8}$/),
);

function lowerCaseNames(headers: readonly HeaderField[]): string[] {
  return headers.map(([name]) => name.toLowerCase());
}

/** Headers with different names, and which of them to sign though they are not by default. */
function headersOf(field: fc.Arbitrary<HeaderField>): fc.Arbitrary<Pick<RequestCase, 'headers' | 'signedHeaders'>> {
  return fc
    .uniqueArray(field, { maxLength: 5, selector: ([name]) => name.toLowerCase() })
    .chain((headers) =>
      fc.record({ headers: fc.constant(headers), signedHeaders: fc.subarray(lowerCaseNames(headers)) }),
    );
}

const httpDate = fc.constant<HeaderField>(['Date', ['Mon, 09 Sep 2011 23:36:00 GMT']]);
const plainField = fc.oneof(
  { weight: 15, arbitrary: fc.tuple(headerName, fc.tuple(plainValue)) },
  { weight: 1, arbitrary: httpDate },
);

// A client resolves dot segments; an empty segment at the end is a slash there.
const plainSegment = encodedText.filter((segment) => !['', '.', '..'].includes(segment));
const plainPath = fc.oneof(
  fc.constantFrom('', '/'),
  fc.tuple(fc.array(plainSegment, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '/')).map(toPath),
);
function toPath([segments, end]: [string[], string]): string {
  return `/${segments.join('/')}${end}`;
}

const plainPair = fc.tuple(encodedText, encodedText).map(([name, value]) => `${name}=${value}`);
const plainQuery = fc.array(plainPair, { maxLength: 5 }).map((pairs) => pairs.join('&'));

/** Requests with path and query percent-encoded and headers without needless spaces. */
export const wellBehavedRequests: fc.Arbitrary<RequestCase> = fc
  .tuple(fc.record({ ...common, path: plainPath, query: plainQuery }), headersOf(plainField))
  .map(([request, headers]) => ({ ...request, ...headers }));

/** What may stand, and should not stand so, in a path, and in a query's name or value. */
const hostilePart = fc.oneof(
  word,
  // But for control characters, which this package refuses.
  fc.stringMatching(/^[!"$'()*+,.:;<=>@[\\\]^_`{|}~ -]$/),
  fc.constantFrom('%2f', '%c3%a9', '%7e', '%2F', '%2E', '%41', '%25', '%20', '%2B', '%26', '%3D', '%3d', '%252F'),
  fc.constantFrom('é', 'e\u0301', '日本', '\u{1F600}', '\u00A0', '\uFEFF'),
  fc.constantFrom('%', '%4', '%zz', '%%41', '%u00e9'),
  fc.constantFrom('%FF', '%c3', '%C3%28', '%ED%A0%80', '%C0%AF'),
  fc.constantFrom('\uD83D', '\uDE00', '\uDE00\uD83D'),
  fc.constantFrom(':/', '://', 'http://example.com/'),
);
const hostileText = fc.array(hostilePart, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));

const hostileSegment = fc.oneof(plainSegment, hostileText, fc.constantFrom('.', '..', '', '...', '%2E%2E', '.%2e'));
const hostilePath = fc
  .array(hostileSegment, { maxLength: 5 })
  .map((segments) => `/${segments.join('/')}`)
  // The CRT, which takes the colon for the end of a scheme, would be right by chance where dots remove what is before it.
  .filter((path) => !(path.includes(':/') && path.includes('/..')));

const signingParameter = fc.constantFrom(
  ...['Algorithm', 'Credential', 'Date', 'Expires', 'Region-Set', 'Security-Token', 'Signature', 'SignedHeaders'].map(
    (name) => `X-Amz-${name}`,
  ),
  'x-amz-signature',
  'X%2DAmz-Signature',
);
const inheritedName = fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty', 'value%4Ff');
const hostileName = fc.oneof(
  { weight: 6, arbitrary: hostileText },
  { weight: 6, arbitrary: fc.constantFrom('a', 'a', 'a-', 'A', '%61', 'a%20', '') },
  { weight: 2, arbitrary: signingParameter },
  { weight: 1, arbitrary: inheritedName },
);
const hostilePair = fc.oneof(
  plainPair,
  fc.tuple(hostileName, fc.oneof(encodedText, hostileText)).map(([name, value]) => `${name}=${value}`),
  fc.tuple(hostileName, word, hostileText).map(([name, value, more]) => `${name}=${value}=${more}`),
  fc.oneof(word, hostileName),
  fc.constantFrom('', '', '='),
);
const hostileQuery = fc.array(hostilePair, { maxLength: 4 }).map((pairs) => pairs.join('&'));

const hostileValuePart = fc.oneof(
  word,
  fc.constantFrom(' ', '  ', '\t', ' \t ', '\u00A0', '\u00A0 ', ',', ', ', '"', '"a  b"', ';', ':', '\u2003', '\uFEFF'),
  fc.constantFrom('é', '日本', '\u{1F600}', '\uD83D', '\uDE00'),
);
const hostileValue = fc.array(hostileValuePart, { maxLength: 6 }).map((parts) => parts.join(''));
const oftenUnsignedName = fc.constantFrom(
  ...['User-Agent', 'Expect', 'Upgrade', 'Transfer-Encoding', 'X-Amzn-Trace-Id', 'Sec-WebSocket-Key'],
  ...['Connection', 'Keep-Alive', 'TE', 'Trailer', 'Via', 'Proxy-Connection', 'Sec-Fetch-Mode', 'X-Forwarded-For'],
);
const hostileField = fc.tuple(
  fc.oneof(
    { weight: 8, arbitrary: headerName },
    { weight: 1, arbitrary: oftenUnsignedName },
    { weight: 1, arbitrary: fc.constantFrom('constructor', 'toString', 'hasOwnProperty', '1') },
  ),
  fc.oneof(fc.tuple(hostileValue), fc.array(fc.oneof(word, hostileValue), { minLength: 2, maxLength: 3 })),
);

/** Sometimes repeats a header under the same name in upper case. */
function repeatInUpperCase(request: RequestCase): fc.Arbitrary<RequestCase> {
  const [name = '', values = []] = request.headers[0] ?? [];
  const upperCaseName = name.toUpperCase();
  if (upperCaseName === name) return fc.constant(request);
  return fc.constantFrom(request, request, { ...request, headers: [...request.headers, [upperCaseName, values]] });
}

const hostileOrigin = fc.constantFrom(
  'https://EXAMPLE.com',
  'https://bücher.example',
  'HTTP://example.com:080',
  'http://127.1:8000',
);

/** Requests of which each part is hostile as often as it is not. */
export const hostileRequests: fc.Arbitrary<RequestCase> = fc
  .tuple(
    fc.record({
      ...common,
      method: fc.oneof({ weight: 9, arbitrary: method }, { weight: 1, arbitrary: fc.constantFrom('get', 'Post') }),
      origin: fc.oneof({ weight: 9, arbitrary: origin }, { weight: 1, arbitrary: hostileOrigin }),
      path: fc.oneof(plainPath, hostilePath),
      query: fc.oneof(plainQuery, hostileQuery),
    }),
    fc.oneof(headersOf(plainField), headersOf(hostileField)),
  )
  .chain(([request, headers]) => repeatInUpperCase({ ...request, ...headers }));
