/**
 * Tests of the verifier itself: AWS's Signature Version 4 signing suite, the worked examples of AWS's documentation,
 * and each single tampering that the verifier exists to refuse.
 */
import { createHash, createHmac } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

import { normalizeByRfc3986, normalizeBySegments, readPath, readQuery } from './verifier/canonical-request.js';
import { createRawServer } from './verifier/raw-server.js';
import type { RawResponse, RawServer, RawServerAddress } from './verifier/raw-server.js';
import type { HeaderLine, RawRequest } from './verifier/raw-request.js';
import { formatAmzDate, formatHttpDate, parseAmzDate, parseHttpDate } from './verifier/request-moment.js';
import { verifySignature } from './verifier/verify-signature.js';
import type { RefusalCode, Verdict, VerifyOptions } from './verifier/verify-signature.js';
import { verifyingServer } from './verifier/verifying-server.js';
import type { VerifyingServerOptions } from './verifier/verifying-server.js';

const SUITE = join(__dirname, '..', '..', '..', 'shared', 'vectors', 'sigv4');
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const sha256Hex = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

const toBytes = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');

/** Asymmetric matchers without their `any`. */
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const containing = (item: unknown): unknown => expect.arrayContaining([item]);

const codeOf = (verdict: Verdict): string => (verdict.ok ? 'ok' : verdict.code);

describe('independence', () => {
  it('imports nothing but itself and Node', () => {
    const folder = join(__dirname, 'verifier');
    const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const imported = sources.flatMap((source) =>
      [...source.matchAll(/\bfrom '([^']+)';/g)].map(([, name = '']) => name),
    );
    const allowed = /^(?:node:(?:crypto|http|net|stream|tls)|\.\/[a-z0-9-]+\.js)$/;
    expect(imported).toContain('node:crypto');
    expect(imported.filter((name) => !allowed.test(name))).toEqual([]);
    expect(sources.filter((source) => /\b(?:require|import) ?\(|^import '/m.test(source))).toEqual([]);
  });
});

interface SuiteContext {
  readonly credentials: {
    readonly access_key_id: string;
    readonly secret_access_key: string;
    readonly token?: string;
  };
  readonly normalize: boolean;
  readonly region: string;
  readonly service: string;
  readonly timestamp: string;
  readonly sign_body: boolean;
  readonly omit_session_token?: boolean;
}

const hasStrings = (value: object, names: readonly string[]): boolean =>
  names.every((name) => typeof new Map(Object.entries(value)).get(name) === 'string');

const isSuiteContext = (value: unknown): value is SuiteContext =>
  typeof value === 'object' &&
  value !== null &&
  hasStrings(value, ['region', 'service', 'timestamp']) &&
  'normalize' in value &&
  typeof value.normalize === 'boolean' &&
  'sign_body' in value &&
  typeof value.sign_body === 'boolean' &&
  'credentials' in value &&
  typeof value.credentials === 'object' &&
  value.credentials !== null &&
  hasStrings(value.credentials, ['access_key_id', 'secret_access_key']);

const readSuiteFile = (name: string, file: string): string => readFileSync(join(SUITE, name, file), 'latin1');

const readContext = (name: string): SuiteContext => {
  const context: unknown = JSON.parse(readFileSync(join(SUITE, name, 'context.json'), 'utf8'));
  if (!isSuiteContext(context)) {
    throw new Error(`${name}/context.json is not of the known form`);
  }
  return context;
};

/** The suite's request files are HTTP with bare newlines; a folded line belongs to the one before (RFC 9112, 5.2). */
const parseSuiteRequest = (text: string): RawRequest => {
  const end = text.indexOf('\n\n');
  const [requestLine = '', ...lines] = text
    .slice(0, end)
    .replace(/\n(?=[ \t])/g, ' ')
    .split('\n');
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const headers = lines.map((line): HeaderLine => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
  return { method, target, headers, body: toBytes(text.slice(end + 2)), scheme: 'https' };
};

/** The suite's paths hold no percent signs and are encoded once from their raw bytes: that is 'double' here. */
const toSuiteOptions = ({
  credentials,
  region,
  service,
  timestamp,
  normalize,
  sign_body,
}: SuiteContext): VerifyOptions => ({
  secretFor: (accessKeyId) =>
    accessKeyId !== credentials.access_key_id
      ? undefined
      : {
          secretAccessKey: credentials.secret_access_key,
          ...(credentials.token === undefined ? {} : { sessionToken: credentials.token }),
        },
  region,
  service,
  now: new Date(timestamp),
  pathEncoding: 'double',
  normalizePath: normalize,
  requireContentSha256: sign_body,
});

const suiteIsHere = existsSync(SUITE);
const suiteName = suiteIsHere ? "AWS's signing suite" : `AWS's signing suite (skipped, because ${SUITE} is not there)`;

(suiteIsHere ? describe : describe.skip)(suiteName, () => {
  const names = suiteIsHere ? readdirSync(SUITE) : ['none'];
  // Two of the strict rules are stricter than the suite: targets are percent-encoded, and the token is signed.
  const unencoded = ['get-space-normalized', 'get-space-unnormalized', 'get-utf8', 'get-vanilla-utf8-query'];
  const unsignedToken = 'post-sts-header-after';

  it('has its 38 cases', () => {
    expect(names).toHaveLength(38);
    expect(names).toEqual(expect.arrayContaining([...unencoded, unsignedToken]));
  });

  it.each(names)('accepts %s', (name) => {
    const verdict = verifySignature(parseSuiteRequest(readSuiteFile(name, 'header-signed-request.txt')), {
      ...toSuiteOptions(readContext(name)),
      ...(unencoded.includes(name) ? { targetForm: 'any' } : {}),
      ...(name === unsignedToken ? { mayBeUnsigned: ['x-amz-security-token'] } : {}),
    });
    expect(verdict).toMatchObject({
      ok: true,
      canonicalRequest: readSuiteFile(name, 'header-canonical-request.txt'),
      stringToSign: readSuiteFile(name, 'header-string-to-sign.txt'),
      signature: readSuiteFile(name, 'header-signature.txt'),
    });
  });

  it.each(names)('refuses %s with another secret', (name) => {
    const context = readContext(name);
    const verdict = verifySignature(parseSuiteRequest(readSuiteFile(name, 'header-signed-request.txt')), {
      ...toSuiteOptions({ ...context, credentials: { ...context.credentials, secret_access_key: 'another' } }),
      targetForm: 'any',
      mayBeUnsigned: ['x-amz-security-token'],
    });
    expect(codeOf(verdict)).toBe('SignatureDoesNotMatch');
  });

  it.each([...unencoded.map((name) => [name, 'InvalidURI']), [unsignedToken, 'AccessDenied']])(
    'refuses %s under the default rules with %s',
    (name = '', code = '') => {
      const request = parseSuiteRequest(readSuiteFile(name, 'header-signed-request.txt'));
      expect(codeOf(verifySignature(request, toSuiteOptions(readContext(name))))).toBe(code);
    },
  );

  const normalized = names.filter((name) => name.endsWith('-unnormalized') && !name.startsWith('get-space'));
  it.each(normalized)('refuses %s where the path is normalised', (name) => {
    const options = { ...toSuiteOptions(readContext(name)), normalizePath: true };
    const request = parseSuiteRequest(readSuiteFile(name, 'header-signed-request.txt'));
    expect(codeOf(verifySignature(request, options))).toBe('SignatureDoesNotMatch');
  });
});

const S3_OPTIONS: VerifyOptions = {
  secretFor: (accessKeyId) =>
    accessKeyId === 'AKIAIOSFODNN7EXAMPLE'
      ? { secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
      : undefined,
  region: 'us-east-1',
  service: 's3',
  now: new Date('2013-05-24T00:00:00Z'),
  pathEncoding: 'single',
  normalizePath: false,
  requireContentSha256: true,
};

/** An example of "Signature Calculations for the Authorization Header" (S3 API Reference), its commas spaceless. */
const s3Example = (
  method: string,
  target: string,
  [signedHeaders, signature]: readonly [string, string],
  headers: readonly HeaderLine[],
  body = '',
): RawRequest => ({
  method,
  target,
  headers: [
    ['Host', 'examplebucket.s3.amazonaws.com'],
    ...headers,
    ['x-amz-content-sha256', sha256Hex(body)],
    [
      'Authorization',
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
        `SignedHeaders=${signedHeaders},Signature=${signature}`,
    ],
  ],
  body: Buffer.from(body),
  scheme: 'https',
});

const BASIC_HEADERS = 'host;x-amz-content-sha256;x-amz-date';
const S3_DATE: HeaderLine = ['x-amz-date', '20130524T000000Z'];

const GET_OBJECT = s3Example(
  'GET',
  '/test.txt',
  ['host;range;x-amz-content-sha256;x-amz-date', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  [['Range', 'bytes=0-9'], S3_DATE],
);
const PUT_OBJECT = s3Example(
  'PUT',
  '/test%24file.text',
  [
    'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  [['Date', 'Fri, 24 May 2013 00:00:00 GMT'], S3_DATE, ['x-amz-storage-class', 'REDUCED_REDUNDANCY']],
  'Welcome to Amazon S3.',
);
const GET_LIFECYCLE = s3Example(
  'GET',
  '/?lifecycle',
  [BASIC_HEADERS, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  [S3_DATE],
);
const LIST_OBJECTS = s3Example(
  'GET',
  '/?max-keys=2&prefix=J',
  [BASIC_HEADERS, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  [S3_DATE],
);

describe("the worked examples of AWS's documentation", () => {
  it.each([
    ['GET Object', GET_OBJECT, '7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972'],
    ['PUT Object', PUT_OBJECT, '9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d'],
    ['GET Bucket Lifecycle', GET_LIFECYCLE, '9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca'],
    ['Get Bucket (List Objects)', LIST_OBJECTS, 'df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7'],
  ])('accepts %s of S3', (_name, request, canonicalRequestHash) => {
    expect(verifySignature(request, S3_OPTIONS)).toMatchObject({
      ok: true,
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      scope: '20130524/us-east-1/s3/aws4_request',
      signedAt: new Date('2013-05-24T00:00:00Z'),
      stringToSign: matching(new RegExp(`\n${canonicalRequestHash}$`)),
    });
  });

  it('accepts ListUsers of IAM', () => {
    const request: RawRequest = {
      method: 'GET',
      target: '/?Action=ListUsers&Version=2010-05-08',
      headers: [
        ['Host', 'iam.amazonaws.com'],
        ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
        ['X-Amz-Date', '20150830T123600Z'],
        [
          'Authorization',
          'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
            'SignedHeaders=content-type;host;x-amz-date, ' +
            'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
        ],
      ],
      body: Buffer.alloc(0),
      scheme: 'https',
    };
    const verdict = verifySignature(request, {
      secretFor: () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }),
      region: 'us-east-1',
      service: 'iam',
      now: new Date('2015-08-30T12:36:00Z'),
      pathEncoding: 'double',
      normalizePath: true,
      requireContentSha256: false,
    });
    expect(codeOf(verdict)).toBe('ok');
  });
});

const SECRET = 'a-secret-of-the-tests';
const TOKEN = 'a/token+of=the=tests';
const SIGNED_AT = new Date('2026-11-22T15:04:05Z');
const AMZ_DATE = '20261122T150405Z';
const HTTP_DATE = 'Sun, 22 Nov 2026 15:04:05 GMT';
const BODY = '{"a":1}';

const RULES: Omit<VerifyOptions, 'now'> = {
  secretFor: (accessKeyId) =>
    accessKeyId === 'AKIDTEST' ? { secretAccessKey: SECRET, sessionToken: TOKEN } : undefined,
  region: 'eu-west-1',
  service: 'execute-api',
  pathEncoding: 'double',
  normalizePath: true,
  requireContentSha256: false,
};

const OPTIONS: VerifyOptions = { ...RULES, now: SIGNED_AT };

interface Scope {
  readonly date?: string;
  readonly region?: string;
  readonly service?: string;
}

/** Signs a canonical request that the test has written out, so that nothing of the verifier signs for it. */
const authorize = (canonicalRequest: string, scope: Scope = {}, amzDate: string = AMZ_DATE): HeaderLine => {
  const parts = [scope.date ?? '20261122', scope.region ?? 'eu-west-1', scope.service ?? 'execute-api', 'aws4_request'];
  const key = parts.reduce<Buffer>(
    (previous, part) => createHmac('sha256', previous).update(part).digest(),
    Buffer.from(`AWS4${SECRET}`),
  );
  const stringToSign = ['AWS4-HMAC-SHA256', amzDate, parts.join('/'), sha256Hex(toBytes(canonicalRequest))].join('\n');
  const signature = createHmac('sha256', key).update(stringToSign).digest('hex');
  const signedHeaders = canonicalRequest.split('\n').at(-2) ?? '';
  return [
    'Authorization',
    `AWS4-HMAC-SHA256 Credential=AKIDTEST/${parts.join('/')}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  ];
};

const UNSIGNED_HEADERS: readonly HeaderLine[] = [
  ['Host', 'api.example.com'],
  ['User-Agent', 'tests'],
  ['content-type', 'application/json'],
  ['X-Custom', 'one'],
  ['X-AMZ-Date', AMZ_DATE],
  ['x-amz-content-sha256', sha256Hex(BODY)],
  ['x-custom', '  two\t \tthree "a   b"  '],
  ['x-amz-security-token', TOKEN],
];

const CANONICAL_HEADERS = [
  'content-type:application/json',
  'host:api.example.com',
  `x-amz-content-sha256:${sha256Hex(BODY)}`,
  `x-amz-date:${AMZ_DATE}`,
  `x-amz-security-token:${TOKEN}`,
  'x-custom:one,two three "a b"',
  '',
  'content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-custom',
];

const VALID: RawRequest = {
  method: 'POST',
  target: '/prod/items%20of/x?b=2&a=1&a=0&empty=&none&sp=%20%2b',
  headers: [
    ...UNSIGNED_HEADERS,
    authorize(
      [
        'POST',
        '/prod/items%2520of/x',
        'a=0&a=1&b=2&empty=&none=&sp=%20%2B',
        ...CANONICAL_HEADERS,
        sha256Hex(BODY),
      ].join('\n'),
    ),
  ],
  body: Buffer.from(BODY),
  scheme: 'https',
};

const isNamed =
  (name: string) =>
  ([candidate]: HeaderLine): boolean =>
    candidate.toLowerCase() === name;

const withoutHeader = (request: RawRequest, name: string): RawRequest => ({
  ...request,
  headers: request.headers.filter((header) => !isNamed(name)(header)),
});

const addHeader = (request: RawRequest, name: string, value: string): RawRequest => ({
  ...request,
  headers: [...request.headers, [name, value]],
});

const replaceHeader = (request: RawRequest, name: string, replace: (value: string) => string): RawRequest => ({
  ...request,
  headers: request.headers.map((header): HeaderLine =>
    isNamed(name)(header) ? [header[0], replace(header[1])] : header,
  ),
});

const replaceTarget = (request: RawRequest, search: string, replacement: string): RawRequest => {
  expect(request.target).toContain(search);
  return { ...request, target: request.target.replace(search, replacement) };
};

const editAuthorization = (search: RegExp | string, replacement: string): RawRequest => {
  const [, value = ''] = VALID.headers.find(isNamed('authorization')) ?? [];
  expect(value).toMatch(search);
  return replaceHeader(VALID, 'authorization', (text) => text.replace(search, replacement));
};

const minutesAfter = (minutes: number): Date => new Date(SIGNED_AT.getTime() + minutes * 60_000);

describe('what changes nothing', () => {
  it('accepts the request that the tampering starts from', () => {
    expect(verifySignature(VALID, OPTIONS)).toMatchObject({ ok: true, payloadHash: sha256Hex(BODY) });
  });

  it.each([
    ['pairs of the query in another order', replaceTarget(VALID, 'b=2&a=1&a=0', 'a=0&b=2&a=1')],
    ['an escape in lower case', replaceTarget(VALID, '%2b', '%2B')],
    ['an escape that was not needed', replaceTarget(VALID, 'b=2', '%62=%32')],
    ['a name with an empty value in place of one without a value', replaceTarget(VALID, 'none', 'none=')],
    ['redundant segments in the path', replaceTarget(VALID, '/prod/', '//prod/./y/../')],
    [
      'header names in another case',
      { ...VALID, headers: VALID.headers.map(([name, value]) => [name.toUpperCase(), value] as const) },
    ],
    [
      'header lines in another order, same names aside',
      {
        ...VALID,
        headers: [...VALID.headers].sort(([a], [b]) =>
          a.toLowerCase() < b.toLowerCase() ? 1 : a.toLowerCase() > b.toLowerCase() ? -1 : 0,
        ),
      },
    ],
    ['white space in header values', replaceHeader(VALID, 'content-type', (value) => ` \t${value}\t `)],
    [
      'two lines of a header joined by a comma',
      addHeader(withoutHeader(VALID, 'x-custom'), 'X-Custom', 'one,two three "a b"'),
    ],
    ['a header that need not be signed', addHeader(VALID, 'Accept', '*/*')],
    ['x-amz-client-context', addHeader(VALID, 'X-Amz-Client-Context', 'e30=')],
    ['a Date of the same moment', addHeader(VALID, 'Date', HTTP_DATE)],
    ['a Date one second away', addHeader(VALID, 'Date', 'Sun, 22 Nov 2026 15:04:04 GMT')],
    ['no space after the commas of Authorization', editAuthorization(/, S/g, ',S')],
  ])('accepts %s', (_name, request) => {
    expect(verifySignature(request, OPTIONS)).toMatchObject({ ok: true });
  });

  it.each([15, -15])('accepts a clock %i minutes away', (minutes) => {
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, now: minutesAfter(minutes) }))).toBe('ok');
  });

  it('accepts a token that expires a millisecond later', () => {
    const expiration = new Date(SIGNED_AT.getTime() + 1);
    const secretFor = () => ({ secretAccessKey: SECRET, sessionToken: TOKEN, expiration });
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, secretFor }))).toBe('ok');
  });

  it('accepts a signed hop-by-hop header unless told otherwise', () => {
    const draft: Draft = {
      target: '/',
      canonicalPath: '/',
      headers: [
        ['Host', 'h'],
        ['User-Agent', 'tests'],
        ['X-Amz-Date', AMZ_DATE],
      ],
      canonicalHeaders: ['host:h', 'user-agent:tests', `x-amz-date:${AMZ_DATE}`],
    };
    expect(codeOf(verifyDraft(draft))).toBe('ok');
    expect(codeOf(verifyDraft(draft, { ...PLAIN, signedHopByHopHeaders: 'refused' }))).toBe('InvalidRequest');
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, signedHopByHopHeaders: 'refused' }))).toBe('ok');
  });

  it('leaves skew and expiration alone without a clock', () => {
    const secretFor = () => ({ secretAccessKey: SECRET, sessionToken: TOKEN, expiration: new Date(0) });
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, now: undefined, secretFor }))).toBe('ok');
  });
});

describe('a single tampering', () => {
  const tamperings: readonly (readonly [name: string, code: RefusalCode, request: RawRequest])[] = [
    ['another method', 'SignatureDoesNotMatch', { ...VALID, method: 'PUT' }],
    ['a method in lower case', 'SignatureDoesNotMatch', { ...VALID, method: 'post' }],
    ['another path', 'SignatureDoesNotMatch', replaceTarget(VALID, '/x?', '/y?')],
    ['an upper-case path', 'SignatureDoesNotMatch', replaceTarget(VALID, '/x?', '/X?')],
    ['a slash after the path', 'SignatureDoesNotMatch', replaceTarget(VALID, '/x?', '/x/?')],
    ['an escape in the path that was not needed', 'SignatureDoesNotMatch', replaceTarget(VALID, '/x?', '/%78?')],
    ['another value in the query', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2', 'b=3')],
    ['another name in the query', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2', 'c=2')],
    ['one parameter more', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2', 'b=2&c')],
    ['one parameter less', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2&', '')],
    ['one duplicate less', 'SignatureDoesNotMatch', replaceTarget(VALID, '&a=0', '')],
    ['an empty parameter', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2&', 'b=2&&')],
    ['an empty parameter at the end', 'SignatureDoesNotMatch', replaceTarget(VALID, '%2b', '%2b&')],
    ['a raw plus for a space', 'SignatureDoesNotMatch', replaceTarget(VALID, '%20%2b', '+%2b')],
    ['a raw plus for a plus', 'SignatureDoesNotMatch', replaceTarget(VALID, '%20%2b', '%20+')],
    ['a raw space', 'InvalidURI', replaceTarget(VALID, '%20%2b', ' %2b')],
    ['raw UTF-8', 'InvalidURI', replaceTarget(VALID, 'b=2', 'b=\xc3\xa9')],
    ['a percent sign that begins no escape', 'InvalidURI', replaceTarget(VALID, 'b=2', 'b=2%')],
    ['a fragment', 'InvalidURI', { ...VALID, target: `${VALID.target}#x` }],
    ['a target in absolute form', 'InvalidURI', { ...VALID, target: `https://api.example.com${VALID.target}` }],
    ['another body', 'XAmzContentSHA256Mismatch', { ...VALID, body: Buffer.from('{"a":2}') }],
    ['no body', 'XAmzContentSHA256Mismatch', { ...VALID, body: Buffer.alloc(0) }],
    [
      'the hash of another body',
      'SignatureDoesNotMatch',
      replaceHeader(VALID, 'x-amz-content-sha256', () => EMPTY_HASH),
    ],
    ['another host', 'SignatureDoesNotMatch', replaceHeader(VALID, 'host', () => 'api.example.org')],
    ['a port after the host', 'SignatureDoesNotMatch', replaceHeader(VALID, 'host', (value) => `${value}:443`)],
    ['a second Host', 'InvalidRequest', addHeader(VALID, 'host', 'api.example.com')],
    ['no Host', 'InvalidRequest', withoutHeader(VALID, 'host')],
    ['another header value', 'SignatureDoesNotMatch', replaceHeader(VALID, 'content-type', () => 'application/JSON')],
    ['a no-break space', 'SignatureDoesNotMatch', replaceHeader(VALID, 'content-type', (value) => `${value}\xa0`)],
    [
      'a charset after the content type',
      'SignatureDoesNotMatch',
      replaceHeader(VALID, 'content-type', (value) => `${value};charset=utf-8`),
    ],
    ['a duplicate of a signed header', 'SignatureDoesNotMatch', addHeader(VALID, 'x-custom', 'four')],
    ['a signed header less', 'IncompleteSignature', withoutHeader(VALID, 'x-custom')],
    [
      'lines of a header in another order',
      'SignatureDoesNotMatch',
      { ...VALID, headers: [...VALID.headers].reverse() },
    ],
    ['an unsigned x-amz header', 'AccessDenied', addHeader(VALID, 'X-Amz-Meta-Color', 'red')],
    ['no Authorization', 'MissingAuthenticationToken', withoutHeader(VALID, 'authorization')],
    ['two Authorization headers', 'IncompleteSignature', addHeader(VALID, 'authorization', 'Bearer x')],
    ['another Authorization', 'IncompleteSignature', editAuthorization(/^.*$/, 'Basic dXNlcjpwYXNz')],
    ['a signature of other digits', 'SignatureDoesNotMatch', editAuthorization(/[0-9a-f]{64}$/, EMPTY_HASH)],
    ['a signature in upper case', 'IncompleteSignature', editAuthorization(/[0-9a-f]{64}$/, EMPTY_HASH.toUpperCase())],
    ['a signature cut short', 'IncompleteSignature', editAuthorization(/.$/, '')],
    ['something after the signature', 'IncompleteSignature', editAuthorization(/$/, ', X=y')],
    ['something before the algorithm', 'IncompleteSignature', editAuthorization(/^/, 'x')],
    ['a comma after the algorithm', 'IncompleteSignature', editAuthorization('HMAC-SHA256 ', 'HMAC-SHA256, ')],
    ['another algorithm', 'IncompleteSignature', editAuthorization('SHA256', 'SHA512')],
    ['an unknown access key', 'InvalidClientTokenId', editAuthorization('AKIDTEST', 'AKIDOTHER')],
    ['a scope of another date', 'AuthorizationHeaderMalformed', editAuthorization('20261122', '20261123')],
    ['a scope of another region', 'AuthorizationHeaderMalformed', editAuthorization('eu-west-1', 'us-east-1')],
    ['a scope of another service', 'AuthorizationHeaderMalformed', editAuthorization('execute-api', 's3')],
    [
      'a scope of another termination',
      'AuthorizationHeaderMalformed',
      editAuthorization('aws4_request', 'aws5_request'),
    ],
    ['a scope of three parts', 'IncompleteSignature', editAuthorization('/eu-west-1', '')],
    ['a scope of five parts', 'IncompleteSignature', editAuthorization('/eu-west-1', '/eu/west-1')],
    ['signed headers out of order', 'IncompleteSignature', editAuthorization('content-type;host', 'host;content-type')],
    ['a signed header twice', 'IncompleteSignature', editAuthorization(';host', ';host;host')],
    ['a signed header in upper case', 'IncompleteSignature', editAuthorization('=content-type', '=Content-type')],
    ['a signed header that is none', 'IncompleteSignature', editAuthorization(';host', ';h/ost')],
    ['an empty name in signed headers', 'IncompleteSignature', editAuthorization(';host', ';;host')],
    ['an unsigned content type', 'AccessDenied', editAuthorization('content-type;', '')],
    ['an unsigned host', 'AccessDenied', editAuthorization(';host', '')],
    ['an unsigned token', 'AccessDenied', editAuthorization(';x-amz-security-token', '')],
    ['an unsigned date', 'AccessDenied', editAuthorization(';x-amz-date', '')],
    ['another signed header unsigned', 'SignatureDoesNotMatch', editAuthorization(';x-custom', '')],
    [
      'one header more signed',
      'SignatureDoesNotMatch',
      editAuthorization(';x-amz-content', ';user-agent;x-amz-content'),
    ],
    ['another token', 'InvalidToken', replaceHeader(VALID, 'x-amz-security-token', () => 'x')],
    ['two hashes of the body', 'InvalidArgument', addHeader(VALID, 'x-amz-content-sha256', sha256Hex(BODY))],
    ['two tokens', 'InvalidToken', addHeader(VALID, 'X-Amz-Security-Token', TOKEN)],
    [
      'another moment of the same day',
      'SignatureDoesNotMatch',
      replaceHeader(VALID, 'x-amz-date', () => '20261122T150406Z'),
    ],
    [
      'a moment of another day',
      'AuthorizationHeaderMalformed',
      replaceHeader(VALID, 'x-amz-date', () => '20261123T000000Z'),
    ],
    [
      'a date with milliseconds',
      'IncompleteSignature',
      replaceHeader(VALID, 'x-amz-date', () => '20261122T150405.000Z'),
    ],
    ['a date that does not exist', 'IncompleteSignature', replaceHeader(VALID, 'x-amz-date', () => '20260230T150405Z')],
    ['two dates', 'IncompleteSignature', addHeader(VALID, 'x-amz-date', AMZ_DATE)],
    ['no date', 'IncompleteSignature', withoutHeader(VALID, 'x-amz-date')],
    ['a Date two seconds away', 'DateHeadersDisagree', addHeader(VALID, 'Date', 'Sun, 22 Nov 2026 15:04:07 GMT')],
    ['a Date with the wrong weekday', 'DateHeadersDisagree', addHeader(VALID, 'Date', 'Mon, 22 Nov 2026 15:04:05 GMT')],
    ['two Date headers', 'DateHeadersDisagree', addHeader(addHeader(VALID, 'Date', HTTP_DATE), 'Date', HTTP_DATE)],
    ['a Date that is none', 'DateHeadersDisagree', addHeader(VALID, 'Date', 'now')],
    ['query signing beside the header', 'InvalidArgument', replaceTarget(VALID, 'b=2', 'X-Amz-Signature=00')],
  ];

  it.each(tamperings)('refuses %s with %s', (_name, code, request) => {
    expect(codeOf(verifySignature(request, OPTIONS))).toBe(code);
  });

  const changedOptions: readonly (readonly [name: string, code: RefusalCode, options: Partial<VerifyOptions>])[] = [
    ['a wrong secret', 'SignatureDoesNotMatch', { secretFor: () => ({ secretAccessKey: 'x', sessionToken: TOKEN }) }],
    ['credentials without a token', 'InvalidToken', { secretFor: () => ({ secretAccessKey: SECRET }) }],
    ['another region', 'AuthorizationHeaderMalformed', { region: 'eu-west-2' }],
    ['another service', 'AuthorizationHeaderMalformed', { service: 'lambda' }],
    ['a clock too far ahead', 'RequestTimeTooSkewed', { now: minutesAfter(15.1) }],
    ['a clock too far behind', 'RequestTimeTooSkewed', { now: minutesAfter(-15.1) }],
    ['a clock too far ahead for a small skew', 'RequestTimeTooSkewed', { now: minutesAfter(1), maxSkewMs: 59_999 }],
    ['a path encoded once', 'SignatureDoesNotMatch', { pathEncoding: 'single' }],
    [
      'an expired token',
      'ExpiredToken',
      { secretFor: () => ({ secretAccessKey: SECRET, sessionToken: TOKEN, expiration: SIGNED_AT }) },
    ],
  ];

  it.each(changedOptions)('refuses, for %s, with %s', (_name, code, options) => {
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, ...options }))).toBe(code);
  });

  it('refuses a missing token where the credentials have one', () => {
    const secretFor = () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', sessionToken: TOKEN });
    expect(codeOf(verifySignature(GET_OBJECT, { ...S3_OPTIONS, secretFor }))).toBe('InvalidToken');
  });

  it('explains a signature that does not match with the bytes that it expected', () => {
    const verdict = verifySignature(replaceTarget(VALID, '/x?', '/y?'), OPTIONS);
    expect(verdict).toMatchObject({
      canonicalRequest: matching(/^POST\n\/prod\/items%2520of\/y\na=0&a=1&/),
      stringToSign: matching(/^AWS4-HMAC-SHA256\n20261122T150405Z\n/),
      details: { AWSAccessKeyId: 'AKIDTEST', StringToSignBytes: matching(/^41 57 53 34 /) },
    });
  });

  const reasons: readonly (readonly [request: RawRequest, message: RegExp])[] = [
    [addHeader(VALID, 'authorization', 'x'), /^There are 2 Authorization headers/],
    [editAuthorization('=content-type', '=Content-type'), /^SignedHeaders holds 'Content-type'/],
    [editAuthorization(';host', ';;host'), /^SignedHeaders holds ''/],
    [editAuthorization(';host', ';h/ost'), /^SignedHeaders holds 'h\/ost'/],
    [editAuthorization(';host', ';host;host'), /^SignedHeaders is not sorted or not unique: 'content-type;host;host;/],
    [withoutHeader(withoutHeader(VALID, 'x-custom'), 'content-type'), / signed headers: content-type, x-custom$/],
    [withoutHeader(VALID, 'x-amz-date'), / existence of either a 'X-Amz-Date' or a 'Date' header$/],
    [replaceHeader(VALID, 'x-amz-date', () => 'now'), /^X-Amz-Date must be .* not 'now'$/],
    [addHeader(VALID, 'Date', 'now'), /^X-Amz-Date is '20261122T150405Z' while Date is 'now'$/],
    [editAuthorization('20261122', '20261123'), / '20261123' != '20261122', from '20261122T150405Z'$/],
    [editAuthorization('eu-west-1', 'us-east-1'), / the region 'us-east-1' is wrong; expecting 'eu-west-1'$/],
    [editAuthorization('execute-api', 's3'), / the service 's3' is wrong; expecting 'execute-api'$/],
    [withoutHeader(VALID, 'host'), /^There are 0 Host headers/],
    [addHeader(VALID, 'X-Amz-Security-Token', 'x'), /^There are 2 X-Amz-Security-Token headers/],
    [replaceHeader(VALID, 'x-amz-security-token', () => 'x'), /: it is another one$/],
    [replaceTarget(VALID, 'b=2', 'b=%2'), /^The request target is not percent-encoded: '.*b=%2&/],
    [{ ...VALID, target: '*' }, /^The request target is not in origin form: '\*'$/],
  ];
  it.each(reasons)('says why (%#)', (request, message) => {
    expect(verifySignature(request, OPTIONS)).toMatchObject({ ok: false, message: matching(message) });
  });

  it('tells what belongs to the code', () => {
    const skewed = verifySignature(VALID, { ...OPTIONS, now: minutesAfter(16) });
    const [elsewhere, unknown] = [editAuthorization('eu-west-1', 'x'), editAuthorization('AKIDTEST', 'AKIDOTHER')];
    expect(skewed).toMatchObject({ details: { RequestTime: AMZ_DATE, MaxAllowedSkewMilliseconds: '900000' } });
    expect(verifySignature(elsewhere, OPTIONS)).toMatchObject({ details: { Region: 'eu-west-1' } });
    expect(verifySignature(unknown, OPTIONS)).toMatchObject({ details: { AWSAccessKeyId: 'AKIDOTHER' } });
    expect(verifySignature({ ...VALID, body: Buffer.alloc(0) }, OPTIONS)).toMatchObject({
      details: { ClientComputedContentSHA256: sha256Hex(BODY), S3ComputedContentSHA256: EMPTY_HASH },
      canonicalRequest: matching(/^POST\n/),
    });
  });

  it('names the headers that were not signed', () => {
    const verdict = verifySignature(addHeader(editAuthorization('content-type;', ''), 'X-Amz-Acl', 'private'), OPTIONS);
    expect(verdict).toMatchObject({ details: { HeadersNotSigned: 'content-type, x-amz-acl' } });
  });
});

interface Draft {
  readonly target: string;
  readonly canonicalPath: string;
  readonly canonicalQuery?: string;
  readonly headers?: readonly HeaderLine[];
  readonly canonicalHeaders?: readonly string[];
  readonly signedHeaders?: string;
  readonly payloadHash?: string;
  readonly body?: string;
}

/** A GET signed exactly as the draft says, right or wrong. */
const signDraft = (draft: Draft): RawRequest => {
  const body = toBytes(draft.body ?? '');
  const canonicalHeaders = draft.canonicalHeaders ?? [`host:h`, `x-amz-date:${AMZ_DATE}`];
  const signedHeaders = draft.signedHeaders ?? canonicalHeaders.map((line) => line.split(':')[0]).join(';');
  const payloadHash = draft.payloadHash ?? sha256Hex(body);
  const canonical = ['GET', draft.canonicalPath, draft.canonicalQuery ?? '', ...canonicalHeaders, '', signedHeaders];
  const headers: readonly HeaderLine[] = draft.headers ?? [
    ['Host', 'h'],
    ['X-Amz-Date', AMZ_DATE],
  ];
  return {
    method: 'GET',
    target: draft.target,
    headers: [...headers, authorize([...canonical, payloadHash].join('\n'))],
    body,
    scheme: 'http',
  };
};

const PLAIN: VerifyOptions = { ...OPTIONS, secretFor: () => ({ secretAccessKey: SECRET }) };
const S3_LIKE: VerifyOptions = { ...PLAIN, pathEncoding: 'single', normalizePath: false };

const verifyDraft = (draft: Draft, options: VerifyOptions = PLAIN): Verdict =>
  verifySignature(signDraft(draft), options);

describe('the readings of a query', () => {
  const accepted: readonly (readonly [query: string, canonicalQuery: string])[] = [
    ['', ''],
    ['a', 'a='],
    ['a=', 'a='],
    ['=a', '=a'],
    ['a=b=c', 'a=b%3Dc'],
    ['a=?', 'a=%3F'],
    ["a=:$,'()*!;@/", 'a=%3A%24%2C%27%28%29%2A%21%3B%40%2F'],
    ['a[]=1&a[]=0', 'a%5B%5D=0&a%5B%5D=1'],
    ['a=~-._', 'a=~-._'],
    ['a=%7e%2D', 'a=~-'],
    ['a=%ff%00', 'a=%FF%00'],
    ['a=%25%32%30', 'a=%2520'],
    ['a=%2B', 'a=%2B'],
    ['a-b=1&a=2&a1=3', 'a=2&a-b=1&a1=3'],
    ['b&B&_&%C3%A9', '%C3%A9=&B=&_=&b='],
    ['a=%41&a=%2541', 'a=%2541&a=A'],
  ];
  it.each(accepted)('reads %j as %j', (query, canonicalQuery) => {
    expect(codeOf(verifyDraft({ target: `/?${query}`, canonicalPath: '/', canonicalQuery }))).toBe('ok');
  });

  const refused: readonly (readonly [why: string, query: string, canonicalQuery: string])[] = [
    ['a raw plus signed as a plus', 'a=1+2', 'a=1%2B2'],
    ['a raw plus signed as a space', 'a=1+2', 'a=1%202'],
    ['a raw plus in a name', 'a+b', 'a%2Bb='],
    ['an empty parameter signed', 'a&&b', '=&a=&b='],
    ['an empty parameter not signed', 'a&&b', 'a=&b='],
    ['an empty parameter first', '&a', 'a='],
    ['a sort of whole pairs', 'a-b=1&a=2', 'a-b=1&a=2'],
    ['a sort before the encoding', 'b&%C3%A9', 'b=&%C3%A9='],
    ['duplicates in the order sent', 'a=2&a=1', 'a=2&a=1'],
    ['escapes in lower case', 'a=%2f', 'a=%2f'],
    ['escapes encoded again', 'a=%2F', 'a=%252F'],
    ['a name without a value left so', 'a', 'a'],
    ['an apostrophe left as it is', "a='", "a='"],
  ];
  it.each(refused)('refuses %s: %j as %j', (_why, query, canonicalQuery) => {
    expect(codeOf(verifyDraft({ target: `/?${query}`, canonicalPath: '/', canonicalQuery }))).toBe(
      'SignatureDoesNotMatch',
    );
  });

  it('says which reading held and which did not', () => {
    const verdict = verifyDraft({ target: '/?a=1+2', canonicalPath: '/', canonicalQuery: 'a=1%2B2' });
    expect(verdict).toMatchObject({
      message: matching(/holds only when .* is a plus .* not when .* is a space/),
    });
  });
});

describe('every reading in full', () => {
  const textsOf = (readings: readonly { readonly text: string }[]): readonly string[] =>
    readings.map(({ text }) => text);

  it.each([
    [undefined, ['']],
    ['', ['']],
    ['b=1&a', ['a=&b=1']],
    ['b+c=+', ['b%2Bc=%2B', 'b%20c=%20']],
    ['b&&a', ['a=&b=', '=&a=&b=']],
    ['+&', ['%2B=', '=&%2B=', '%20=', '=&%20=']],
  ])('reads the query %j as %j', (query, texts) => {
    expect(textsOf(readQuery(query))).toEqual(texts);
  });

  const twice = { pathEncoding: 'double', normalizePath: true, encodedSlash: 'distinct' } as const;
  const once = { pathEncoding: 'single', normalizePath: false, encodedSlash: 'distinct' } as const;
  it.each([
    ['', ['/'], twice],
    ['/a%20b', ['/a%2520b'], twice],
    ['/a/b/..', ['/a', '/a/'], twice],
    ['/a%20b', ['/a%20b'], once],
    ['/a/%2f+', ['/a/%2f+', '/a/%2F%2B'], once],
    ['/a/%2f', ['/a/%2f', '/a/%2F', '/a//'], { ...once, encodedSlash: 'ambiguous' } as const],
  ])('reads the path %j as %j', (path, texts, options) => {
    expect(textsOf(readPath(path, options))).toEqual(texts);
  });

  it('says which reading of a path holds, and which does not', () => {
    expect(verifyDraft({ target: '/a/b/..', canonicalPath: '/a' })).toMatchObject({
      message: matching(/only when the path is normalised segment by segment and is encoded once more,.*RFC 3986/),
    });
    expect(verifyDraft({ target: '/a+', canonicalPath: '/a+' }, S3_LIKE)).toMatchObject({
      message: matching(/only when the path is not normalised and is taken literally,.*encoded again by segment/),
    });
  });
});

describe('the readings of a path', () => {
  const accepted: readonly (readonly [kind: string, path: string, canonicalPath: string, options: VerifyOptions])[] = [
    ['once', '/a%20b/%C3%A9', '/a%20b/%C3%A9', S3_LIKE],
    ['once', '//a/./../b//', '//a/./../b//', S3_LIKE],
    ['once', '/a%2Fb', '/a%2Fb', S3_LIKE],
    ['once', '/a%20b/c', '/a%20b/c', { ...S3_LIKE, encodedSlash: 'ambiguous' }],
    ['once', '/a%20b%2Fc', '/a%20b/c', { ...S3_LIKE, encodedSlash: 'slash' }],
    ['twice', '/a%20b/%C3%A9', '/a%2520b/%25C3%25A9', PLAIN],
    ['twice', '/a+b:c', '/a%2Bb%3Ac', PLAIN],
    ['twice', '/a%2fb', '/a%252fb', PLAIN],
    ['twice', '//a/./b/../c//', '/a/c/', PLAIN],
    ['twice', '/a/%2e%2E/b', '/a/%252e%252E/b', PLAIN],
    ['twice', '//a/..', '//a/..', { ...PLAIN, normalizePath: false }],
  ];
  it.each(accepted)('encoded %s: accepts %s as %s', (_kind, target, canonicalPath, options) => {
    expect(codeOf(verifyDraft({ target, canonicalPath }, options))).toBe('ok');
  });

  const refused: readonly (readonly [why: string, options: VerifyOptions, path: string, canonicalPath: string])[] = [
    ['a raw plus for S3, taken literally', S3_LIKE, '/a+b', '/a+b'],
    ['a raw plus for S3, encoded', S3_LIKE, '/a+b', '/a%2Bb'],
    ['%2F for S3 where it is ambiguous, as itself', { ...S3_LIKE, encodedSlash: 'ambiguous' }, '/a%2Fb', '/a%2Fb'],
    ['%2F for S3 where it is ambiguous, as a slash', { ...S3_LIKE, encodedSlash: 'ambiguous' }, '/a%2Fb', '/a/b'],
    ['%2F for S3 as a slash', S3_LIKE, '/a%2Fb', '/a/b'],
    ['%2F for S3 that takes it for a slash, as itself', { ...S3_LIKE, encodedSlash: 'slash' }, '/a%2Fb', '/a%2Fb'],
    ['an escape in lower case for S3', S3_LIKE, '/%c3%a9', '/%c3%a9'],
    ['an escape that was not needed for S3', S3_LIKE, '/%41', '/A'],
    ['a normalised path for S3', S3_LIKE, '/a//b', '/a/b'],
    ['a path encoded once for another service', PLAIN, '/a%20b', '/a%20b'],
    ['a path not normalised for another service', PLAIN, '/a//b', '/a//b'],
    ['a trailing .. with its slash, as RFC 3986 has it', PLAIN, '/a/b/..', '/a/'],
    ['a trailing .. without a slash, as the SDKs have it', PLAIN, '/a/b/..', '/a'],
    ['an empty segment before .. kept by RFC 3986', PLAIN, '/a//../b', '/a/b'],
    ['an empty segment before .. dropped by the SDKs', PLAIN, '/a//../b', '/b'],
  ];
  it.each(refused)('refuses %s', (_why, options, target, canonicalPath) => {
    expect(codeOf(verifyDraft({ target, canonicalPath }, options))).toBe('SignatureDoesNotMatch');
  });

  it.each([
    ['/a/b/c/./../../g', '/a/g', '/a/g'],
    ['/mid/content=5/../6', '/mid/6', '/mid/6'],
    ['/../../a', '/a', '/a'],
    ['/a/.', '/a/', '/a'],
    ['/..', '/', '/'],
    ['/...', '/...', '/...'],
  ])('normalises %s', (path, byRfc3986, bySegments) => {
    expect(normalizeByRfc3986(path)).toBe(byRfc3986);
    expect(normalizeBySegments(path)).toBe(bySegments);
  });
});

describe('header values, dates and payloads', () => {
  it('takes header values as bytes', () => {
    const utf8 = 'caf\xc3\xa9 \xa0x';
    const draft: Draft = {
      target: '/',
      canonicalPath: '/',
      headers: [
        ['Host', 'h'],
        ['X-Amz-Date', AMZ_DATE],
        ['X-Amz-Meta-Name', utf8],
        ['X-Amz-Meta-Nothing', ''],
      ],
      canonicalHeaders: ['host:h', `x-amz-date:${AMZ_DATE}`, `x-amz-meta-name:${utf8}`, 'x-amz-meta-nothing:'],
    };
    expect(codeOf(verifyDraft(draft))).toBe('ok');
  });

  it.each([HTTP_DATE, AMZ_DATE])('goes by Date where there is no X-Amz-Date: %s', (date) => {
    const draft: Draft = {
      target: '/',
      canonicalPath: '/',
      headers: [
        ['Host', 'h'],
        ['Date', date],
      ],
      canonicalHeaders: ['host:h'],
    };
    expect(codeOf(verifyDraft(draft))).toBe('ok');
    expect(codeOf(verifyDraft(draft, { ...PLAIN, now: minutesAfter(16) }))).toBe('RequestTimeTooSkewed');
  });

  it('goes by the hash of the body where there is no x-amz-content-sha256', () => {
    const draft: Draft = { target: '/', canonicalPath: '/', body: 'b' };
    expect(codeOf(verifyDraft(draft))).toBe('ok');
    expect(codeOf(verifyDraft({ ...draft, payloadHash: EMPTY_HASH }))).toBe('SignatureDoesNotMatch');
    expect(codeOf(verifyDraft(draft, { ...PLAIN, requireContentSha256: true }))).toBe('InvalidRequest');
  });

  const payloads: readonly (readonly [value: string, code: string, options: Partial<VerifyOptions>])[] = [
    [sha256Hex('b'), 'ok', { requireContentSha256: true }],
    [EMPTY_HASH, 'XAmzContentSHA256Mismatch', {}],
    [sha256Hex('b').toUpperCase(), 'InvalidArgument', {}],
    [`${sha256Hex('b')}0`, 'InvalidArgument', {}],
    [`0${sha256Hex('b')}`, 'InvalidArgument', {}],
    ['', 'InvalidArgument', {}],
    ['UNSIGNED-PAYLOAD', 'InvalidRequest', {}],
    ['UNSIGNED-PAYLOAD', 'ok', { allowUnsignedPayload: true, requireContentSha256: true }],
    ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'NotImplemented', { allowUnsignedPayload: true }],
  ];
  it.each(payloads)('answers x-amz-content-sha256 %j with %s', (value, code, options) => {
    const draft: Draft = {
      target: '/',
      canonicalPath: '/',
      headers: [
        ['Host', 'h'],
        ['X-Amz-Date', AMZ_DATE],
        ['X-Amz-Content-Sha256', value],
      ],
      canonicalHeaders: ['host:h', `x-amz-content-sha256:${value}`, `x-amz-date:${AMZ_DATE}`],
      payloadHash: value,
      body: 'b',
    };
    expect(codeOf(verifyDraft(draft, { ...PLAIN, ...options }))).toBe(code);
  });

  it('parses dates exactly', () => {
    expect(parseAmzDate(formatAmzDate(SIGNED_AT))).toEqual(SIGNED_AT);
    expect(parseHttpDate(formatHttpDate(SIGNED_AT))).toEqual(SIGNED_AT);
    const monthly = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2024, month, 29, month, month, month)));
    expect(monthly.map((date) => parseHttpDate(formatHttpDate(date)))).toEqual(monthly);
    expect(monthly.map((date) => parseAmzDate(formatAmzDate(date)))).toEqual(monthly);
    // The obsolete forms of RFC 9110, 5.6.7.
    expect(parseHttpDate('Sunday, 22-Nov-26 15:04:05 GMT')).toEqual(SIGNED_AT);
    expect(parseHttpDate('Sun Nov 22 15:04:05 2026')).toEqual(SIGNED_AT);
    expect(parseHttpDate('Wednesday, 04-Nov-26 15:04:05 GMT')).toEqual(parseHttpDate('Wed Nov  4 15:04:05 2026'));
    const wrong = [
      '20261122T240000Z',
      '20261122150405Z',
      '2026-11-22T15:04:05Z',
      ' 20261122T150405Z',
      '20261131T000000Z',
    ];
    expect(wrong.map(parseAmzDate)).toEqual(wrong.map(() => undefined));
    const wrongHttp = [
      'Sun, 22 Nov 2026 15:04:05 UTC',
      'Sun, 2 Nov 2026 15:04:05 GMT',
      'Sat, 22 Nov 2026 15:04:05 GMT',
    ];
    expect(wrongHttp.map(parseHttpDate)).toEqual(wrongHttp.map(() => undefined));
  });
});

/** Every byte that the server sends for these bytes, until it ends the connection. */
const exchange = async (port: number, ...sent: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      for (const bytes of sent) {
        socket.write(toBytes(bytes));
      }
    });
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('error', reject);
    socket.on('end', () => {
      resolve(Buffer.concat(pieces).toString('latin1'));
    });
  });

/** The same, one byte at a time. */
const exchangeSlowly = async (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('error', reject);
    socket.on('end', () => {
      resolve(Buffer.concat(pieces).toString('latin1'));
    });
    const writeFrom = (index: number): void => {
      if (index < text.length) {
        socket.write(text.charAt(index), () =>
          setImmediate(() => {
            writeFrom(index + 1);
          }),
        );
      }
    };
    writeFrom(0);
  });

const nextBytes = async (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('data', (bytes: Buffer) => {
      resolve(bytes.toString('latin1'));
    });
  });

const lines = (...text: readonly string[]): string => text.join('\r\n');

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  readonly reusedSocket: boolean;
}

const send = async (
  port: number,
  options: { method?: string; path?: string; headers?: Record<string, string>; agent?: Agent; body?: string } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const request = httpRequest({ host: '127.0.0.1', port, ...rest }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        const { statusCode: status, headers } = response;
        resolve({ status, headers, body: Buffer.concat(pieces).toString(), reusedSocket: request.reusedSocket });
      });
    });
    request.on('error', reject);
    request.end(body);
  });

describe('the raw server', () => {
  let server: RawServer;
  let address: RawServerAddress;
  let respond: (target: string) => RawResponse | Promise<RawResponse>;

  beforeEach(async () => {
    respond = (target) => ({ status: 200, body: `seen ${target}` });
    server = createRawServer((request) => respond(request.target));
    address = await server.start();
  });

  afterEach(async () => {
    await server.close();
  });

  it('sees the bytes of target, headers and body', async () => {
    const head = lines(
      'PoST /a/../b//%7e?x=+&&\xc3\xa9 y HTTP/1.1',
      'hOsT:h',
      'X-Two: \t one\t two  ',
      'x-two:\xe9\xff',
      'X-Two:',
      'Content-LENGTH: 4',
      'Connection: close',
      '',
      '',
    );
    await exchange(address.port, `${head}\xff\0\r\n`);
    expect(server.requests).toEqual([
      {
        method: 'PoST',
        target: '/a/../b//%7e?x=+&&\xc3\xa9 y',
        headers: [
          ['hOsT', 'h'],
          ['X-Two', 'one\t two'],
          ['x-two', '\xe9\xff'],
          ['X-Two', ''],
          ['Content-LENGTH', '4'],
          ['Connection', 'close'],
        ],
        body: toBytes('\xff\0\r\n'),
        scheme: 'http',
        httpVersion: '1.1',
        head: toBytes(head),
        trailers: [],
        connection: 1,
      },
    ]);
    expect(server.failures).toEqual([]);
  });

  it('puts together a request that arrives byte by byte', async () => {
    const text = lines('PUT /x HTTP/1.0', 'Host: h', 'Content-Length: 3', '', 'abc');
    const answer = exchangeSlowly(address.port, text);
    expect(await answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nseen \/x$/);
    expect(server.requests[0]?.body.toString()).toBe('abc');
  });

  it('undoes chunked transfer coding, keeps trailers and goes on with the next request', async () => {
    const chunked = lines('5;x=y', 'hel\r\n', 'A', '0123456789', '0', 'X-Trail: t', '', '');
    const first = lines('POST /1 HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked', '', chunked);
    const second = lines('GET /2 HTTP/1.1', 'Host: h', 'Connection: close', '', '');
    const answer = await exchange(address.port, first + second);
    expect(answer.match(/seen \/\d/g)).toEqual(['seen /1', 'seen /2']);
    expect(server.requests.map(({ body, trailers, connection }) => [body.toString(), trailers, connection])).toEqual([
      ['hel\r\n0123456789', [['X-Trail', 't']], 1],
      ['', [], 1],
    ]);
  });

  it('keeps connections alive, also after HEAD, 204 and empty answers', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    respond = (target) =>
      target === '/204' ? { status: 204 } : { status: 200, body: target === '/empty' ? '' : 'body' };
    const answers = [
      await send(address.port, { agent }),
      await send(address.port, { agent, method: 'HEAD' }),
      await send(address.port, { agent, path: '/204' }),
      await send(address.port, { agent, path: '/empty', method: 'DELETE' }),
      await send(address.port, { agent, method: 'POST', body: 'x'.repeat(3_000_000) }),
    ];
    agent.destroy();
    expect(
      answers.map(({ status, body, headers, reusedSocket }) => [status, body, headers['content-length'], reusedSocket]),
    ).toEqual([
      [200, 'body', '4', false],
      [200, '', '4', true],
      [204, '', undefined, true],
      [200, '', '0', true],
      [200, 'body', '4', true],
    ]);
    expect(server.requests.map(({ connection }) => connection)).toEqual([1, 1, 1, 1, 1]);
    expect(server.requests[4]?.body).toHaveLength(3_000_000);
  });

  it('answers Expect: 100-continue before the body is sent', async () => {
    const socket = connect(address.port, '127.0.0.1');
    const headers = ['Host: h', 'Content-Length: 2', 'Expect: 100-continue', 'Connection: close'];
    socket.write(lines('PUT / HTTP/1.1', ...headers, '', ''));
    expect(await nextBytes(socket)).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(server.requests).toEqual([]);
    socket.write('ok');
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    socket.destroy();
  });

  it('serves several connections at once', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    respond = async (target) => {
      if (target === '/slow') {
        await held;
      } else if (server.requests.length === 21) {
        release();
      }
      return { status: 200, body: target };
    };
    const slow = send(address.port, { path: '/slow' });
    while (server.requests.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const targets = Array.from({ length: 20 }, (_, index) => `/${String(index)}`);
    const answers = await Promise.all(targets.map((path) => send(address.port, { path, agent: new Agent() })));
    expect(answers.map(({ body }) => body)).toEqual(targets);
    expect((await slow).body).toBe('/slow');
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(21);
  });

  it('sends the headers it is told to, several lines included', async () => {
    respond = () => ({ status: 307, headers: { location: '/b', 'Set-Cookie': ['a=1', 'b=2'], date: 'x' } });
    const answer = await send(address.port);
    expect(answer).toMatchObject({ status: 307, headers: { location: '/b', 'set-cookie': ['a=1', 'b=2'], date: 'x' } });
  });

  it('closes the connection when the answer says so', async () => {
    respond = () => ({ status: 200, headers: { Connection: 'close' } });
    expect(await exchange(address.port, lines('GET / HTTP/1.1', 'Host: h', '', ''))).toContain('Connection: close\r\n');
  });

  it('answers 500 where the handler throws', async () => {
    respond = () => {
      throw new Error('no answer');
    };
    expect(await send(address.port)).toMatchObject({ status: 500, body: 'no answer' });
    expect(server.failures).toEqual(['no answer']);
  });

  it.each([
    ['a bare newline', 'GET / HTTP/1.1\nHost: h\n\r\n\r\n'],
    ['a folded header', lines('GET / HTTP/1.1', 'Host: h', 'X: a', ' b', '', '')],
    ['a space before the colon', lines('GET / HTTP/1.1', 'Host : h', '', '')],
    ['a zero byte', lines('GET / HTTP/1.1', 'Host: h\0', '', '')],
    ['two Host headers', lines('GET / HTTP/1.1', 'Host: h', 'host: h', '', '')],
    ['no Host header', lines('GET / HTTP/1.1', '', '')],
    ['no target', lines('GET HTTP/1.1', 'Host: h', '', '')],
    ['HTTP/2 in words', lines('PRI * HTTP/2.0', '', '')],
    ['two lengths', lines('GET / HTTP/1.1', 'Host: h', 'Content-Length: 1', 'Content-Length: 1', '', 'a')],
    ['a length that is none', lines('GET / HTTP/1.1', 'Host: h', 'Content-Length: +1', '', 'a')],
    [
      'a length and chunks',
      lines('GET / HTTP/1.1', 'Host: h', 'Content-Length: 1', 'Transfer-Encoding: chunked', '', ''),
    ],
    [
      'a chunk longer than it says',
      lines('GET / HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked', '', '1', 'ab', ''),
    ],
    ['a length with a rest', lines('GET / HTTP/1.1', 'Host: h', 'Content-Length: 1x', '', 'a')],
    ['a chunk size with a rest', lines('GET / HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked', '', '1g', 'a', '')],
    ['a chunk of no size', lines('GET / HTTP/1.1', 'Host: h', 'Transfer-Encoding: chunked', '', 'x', '')],
  ])('refuses %s with 400', async (_name, bytes) => {
    expect(await exchange(address.port, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.requests).toEqual([]);
    expect(server.failures).toHaveLength(1);
  });

  it('ignores empty lines before a request', async () => {
    const request = lines('', '', 'GET / HTTP/1.1', 'Host: h', 'Connection: close', '', '');
    expect(await exchange(address.port, request)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('serves HTTP/1.0 without a Host, and closes the connection', async () => {
    expect(await exchange(address.port, lines('GET / HTTP/1.0', '', ''))).toMatch(/^HTTP\/1\.1 200 /);
    expect(server.requests).toMatchObject([{ httpVersion: '1.0', headers: [] }]);
  });

  it('sends no 100 Continue where there is no body to wait for', async () => {
    const headers = ['Host: h', 'Expect: 100-continue', 'Connection: close'];
    expect(await exchange(address.port, lines('GET / HTTP/1.1', ...headers, '', ''))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('answers Expect: 100-continue for chunks too', async () => {
    const headers = ['Host: h', 'Expect: 100-continue', 'Transfer-Encoding: chunked', 'Connection: x, close'];
    const chunks = ['10 ', 'x'.repeat(16), '0', '', ''];
    const answer = await exchange(address.port, lines('PUT / HTTP/1.1', ...headers, '', ...chunks));
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    expect(server.requests[0]?.body).toHaveLength(16);
  });

  it('says what it refused', async () => {
    await exchange(address.port, lines('GET / HTTP/1.1', 'Host: h', ' folded: x', '', ''));
    await exchange(address.port, lines('GET / HTTP/1.12', 'Host: h', '', ''));
    expect(server.failures).toEqual([
      'This is not a header line: " folded: x"',
      'This is not a request line: "GET / HTTP/1.12"',
    ]);
  });

  it('refuses a line without end with 431', async () => {
    const socket = connect(address.port, '127.0.0.1');
    socket.on('error', () => undefined).write(`GET /${'x'.repeat(1_100_000)}`);
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 431 /);
    socket.destroy();
  });

  it('refuses a line that the end of the connection cuts short', async () => {
    const socket = connect(address.port, '127.0.0.1');
    socket.end('GET / HT');
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.failures).toEqual(['The connection ended within a line']);
  });

  it('sends 304 without a length', async () => {
    respond = () => ({ status: 304, body: 'not sent' });
    const answer = await send(address.port);
    expect(answer).toMatchObject({ status: 304, body: '' });
    expect(answer.headers).not.toHaveProperty('content-length');
  });

  it('refuses transfer codings that it does not know with 501', async () => {
    const request = lines('GET / HTTP/1.1', 'Host: h', 'Transfer-Encoding: gzip, chunked', '', '');
    expect(await exchange(address.port, request)).toMatch(/^HTTP\/1\.1 501 /);
  });

  it('tells of a body cut short, and of nothing where a connection ends between requests', async () => {
    const socket = connect(address.port, '127.0.0.1');
    socket.end(lines('PUT / HTTP/1.1', 'Host: h', 'Content-Length: 9', '', 'abc'));
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 400 /);
    const idle = connect(address.port, '127.0.0.1');
    idle.end(lines('GET / HTTP/1.1', 'Host: h', '', ''));
    expect(await nextBytes(idle)).toMatch(/^HTTP\/1\.1 200 /);
    expect(server.failures).toEqual(['The connection ended 6 bytes before the end of the body']);
  });

  it('closes while connections are idle or in the middle of a request', async () => {
    const idle = connect(address.port, '127.0.0.1');
    const halfway = connect(address.port, '127.0.0.1');
    const ended = [idle, halfway].map(
      async (socket) =>
        new Promise<void>((resolve) => {
          socket
            .on('error', () => undefined)
            .on('close', () => {
              resolve();
            })
            .resume();
        }),
    );
    halfway.write('GET / HTTP/1.1\r\n');
    await send(address.port);
    await server.close();
    await Promise.all(ended);
    await expect(send(address.port)).rejects.toThrow('ECONNREFUSED');
    server = createRawServer(() => ({ status: 200 }));
    address = await server.start();
  });
});

describe('the raw server over TLS', () => {
  it('serves https (here with a pre-shared key, which needs no certificate)', async () => {
    const psk = Buffer.from('a key that both sides know');
    const ciphers = 'PSK-AES128-GCM-SHA256';
    const server = createRawServer(({ scheme }) => ({ status: 200, body: scheme }), {
      tls: { ciphers, maxVersion: 'TLSv1.2', pskCallback: () => psk },
    });
    const { port, origin } = await server.start();
    const socket = connectTls({
      host: '127.0.0.1',
      port,
      ciphers,
      maxVersion: 'TLSv1.2',
      pskCallback: () => ({ psk, identity: 'tests' }),
      checkServerIdentity: () => undefined,
    });
    socket.write(lines('GET / HTTP/1.1', 'Host: h', '', ''));
    expect(await nextBytes(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhttps$/);
    expect(origin).toBe(`https://127.0.0.1:${String(port)}`);
    expect(server.requests.map(({ scheme }) => scheme)).toEqual(['https']);
    await server.close();
    socket.destroy();
  });
});

describe('the raw server over TLS, spoken to without', () => {
  it('keeps what went wrong, and closes', async () => {
    const server = createRawServer(() => ({ status: 200 }), { tls: { pskCallback: () => null } });
    const { port } = await server.start();
    await exchange(port, lines('GET / HTTP/1.1', 'Host: h', '', '')).catch(() => undefined);
    expect(server.failures).toHaveLength(1);
    const idle = connect(port, '127.0.0.1');
    idle.on('error', () => undefined);
    await new Promise((resolve) => idle.once('connect', resolve));
    await server.close();
    idle.destroy();
  });
});

describe('the verifying server', () => {
  const withServer = async (
    options: Partial<VerifyingServerOptions>,
    use: (server: ReturnType<typeof verifyingServer>, port: number) => Promise<void>,
  ): Promise<void> => {
    const server = verifyingServer({ ...RULES, clock: () => SIGNED_AT, ...options });
    const { port } = await server.start();
    try {
      await use(server, port);
    } finally {
      await server.close();
    }
  };

  const toHttp = (request: RawRequest): string => {
    const headers = [...request.headers, ['Content-Length', String(request.body.length)], ['Connection', 'close']];
    const headerLines = headers.map(([name = '', value = '']) => `${name}: ${value}`);
    return lines(`${request.method} ${request.target} HTTP/1.1`, ...headerLines, '', request.body.toString('latin1'));
  };

  const bodyOf = (answer: string): string => answer.slice(answer.indexOf('\r\n\r\n') + 4);

  it('answers 200 with what it has seen', async () => {
    await withServer({}, async (server, port) => {
      const answer = await exchange(port, toHttp(VALID));
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(answer).toContain('\r\nDate: Sun, 22 Nov 2026 15:04:05 GMT\r\n');
      expect(JSON.parse(bodyOf(answer))).toMatchObject({
        method: 'POST',
        target: VALID.target,
        headers: containing(['X-AMZ-Date', AMZ_DATE]),
        scheme: 'http',
        bodyBase64: Buffer.from(BODY).toString('base64'),
        canonicalRequest: matching(/^POST\n/),
      });
      expect(server.verifications).toMatchObject([{ request: { method: 'POST' }, verdict: { ok: true } }]);
      expect(server.verifications[0]?.request).toBe(server.requests[0]);
    });
  });

  it('answers 403 with the error document of S3', async () => {
    await withServer({}, async (server, port) => {
      const answer = await exchange(port, toHttp(replaceHeader(VALID, 'content-type', () => 'a<b>&\xc3\xa9')));
      expect(answer).toMatch(/^HTTP\/1\.1 403 Forbidden\r\nContent-Type: application\/xml\r\n/);
      const document = Buffer.from(bodyOf(answer), 'latin1').toString('utf8');
      expect(document).toMatch(
        /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error><Code>SignatureDoesNotMatch<\/Code><Message>/,
      );
      expect(document).toContain('<CanonicalRequest>POST\n/prod/items%2520of/x\n');
      expect(document).toContain('\ncontent-type:a&lt;b&gt;&amp;é\n');
      expect(document).toMatch(/<StringToSign>AWS4-HMAC-SHA256\n20261122T150405Z\n[^<]*[0-9a-f]{64}<\/StringToSign>/);
      expect(document).toContain('<CanonicalRequestBytes>50 4f 53 54 0a');
      expect(server.verifications.map(({ verdict }) => codeOf(verdict))).toEqual(['SignatureDoesNotMatch']);
    });
  });

  it('goes by its clock', async () => {
    let clock = minutesAfter(20);
    await withServer({ clock: () => clock }, async (server, port) => {
      const answer = await exchange(port, toHttp(VALID));
      expect(answer).toContain('\r\nDate: Sun, 22 Nov 2026 15:24:05 GMT\r\n');
      expect(answer).toContain('<Code>RequestTimeTooSkewed</Code>');
      expect(answer).toContain('<ServerTime>2026-11-22T15:24:05.000Z</ServerTime>');
      clock = SIGNED_AT;
      await exchange(port, toHttp(VALID));
      expect(server.verifications.map(({ verdict }) => codeOf(verdict))).toEqual(['RequestTimeTooSkewed', 'ok']);
    });
  });

  it('answers 403 whatever the code', async () => {
    await withServer({}, async (_server, port) => {
      const answer = await exchange(port, toHttp({ ...VALID, body: Buffer.from('x') }));
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toMatch(/<Error><Code>XAmzContentSHA256Mismatch<\/Code><Message>[^<]+<\/Message><StringToSign>/);
    });
  });

  it("goes by the system's clock where it has no other", async () => {
    const server = verifyingServer(RULES);
    const { port } = await server.start();
    const answer = await exchange(port, toHttp(VALID));
    await server.close();
    const [, date = ''] = /\r\nDate: ([^\r]+)\r\n/.exec(answer) ?? [];
    expect(Math.abs(Date.parse(date) - Date.now())).toBeLessThan(60_000);
  });

  it('serves over TLS', async () => {
    await withServer({ tls: { pskCallback: () => null } }, async (server, port) => {
      await exchange(port, toHttp(VALID)).catch(() => undefined);
      expect(server.requests).toEqual([]);
      expect(server.failures).toHaveLength(1);
    });
  });

  it("answers with S3's own statuses where asked", async () => {
    await withServer({ statuses: 'as-s3' }, async (_server, port) => {
      expect(await exchange(port, toHttp({ ...VALID, body: Buffer.from('x') }))).toMatch(/^HTTP\/1\.1 400 /);
      expect(await exchange(port, toHttp({ ...VALID, method: 'PUT' }))).toMatch(/^HTTP\/1\.1 403 /);
    });
  });

  it('lets the test answer instead', async () => {
    const respond = (_request: RawRequest, verdict: Verdict): RawResponse | undefined =>
      verdict.ok ? { status: 302, headers: { Location: '/x' } } : undefined;
    await withServer({ respond }, async (_server, port) => {
      expect(await exchange(port, toHttp(VALID))).toMatch(/^HTTP\/1\.1 302 Found\r\nLocation: \/x\r\n/);
      expect(await exchange(port, toHttp({ ...VALID, method: 'PUT' }))).toMatch(/^HTTP\/1\.1 403 /);
    });
  });

  it('refuses HEAD without a body', async () => {
    await withServer({}, async (_server, port) => {
      expect(await send(port, { method: 'HEAD' })).toMatchObject({ status: 403, body: '' });
    });
  });
});
