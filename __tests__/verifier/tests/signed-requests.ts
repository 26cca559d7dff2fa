/** Requests that the tests sign by themselves, so that nothing of the verifier signs for it, and changes of them. */
import { createHash, createHmac } from 'node:crypto';
import type { HeaderLine, RawRequest } from '../src/raw-request.js';
import { verifySignature, type Verdict, type VerifyOptions } from '../src/verify-signature.js';

export const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

export const sha256Hex = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

export const toBytes = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');

export const codeOf = (verdict: Verdict): string => (verdict.ok ? 'ok' : verdict.code);

export const SECRET = 'a-secret-of-the-tests';
export const TOKEN = 'a/token+of=the=tests';
export const SIGNED_AT = new Date('2026-11-22T15:04:05Z');
export const AMZ_DATE = '20261122T150405Z';
export const HTTP_DATE = 'Sun, 22 Nov 2026 15:04:05 GMT';
export const BODY = '{"a":1}';

export const RULES: Omit<VerifyOptions, 'now'> = {
  secretFor: (accessKeyId) =>
    accessKeyId === 'AKIDTEST' ? { secretAccessKey: SECRET, sessionToken: TOKEN } : undefined,
  region: 'eu-west-1',
  service: 'execute-api',
  pathEncoding: 'double',
  normalizePath: true,
  requireContentSha256: false,
};

export const OPTIONS: VerifyOptions = { ...RULES, now: SIGNED_AT };

export interface Scope {
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

export const VALID: RawRequest = {
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

export const withoutHeader = (request: RawRequest, name: string): RawRequest => ({
  ...request,
  headers: request.headers.filter((header) => !isNamed(name)(header)),
});

export const addHeader = (request: RawRequest, name: string, value: string): RawRequest => ({
  ...request,
  headers: [...request.headers, [name, value]],
});

export const replaceHeader = (request: RawRequest, name: string, replace: (value: string) => string): RawRequest => ({
  ...request,
  headers: request.headers.map((header): HeaderLine =>
    isNamed(name)(header) ? [header[0], replace(header[1])] : header,
  ),
});

export const replaceTarget = (request: RawRequest, search: string, replacement: string): RawRequest => {
  expect(request.target).toContain(search);
  return { ...request, target: request.target.replace(search, replacement) };
};

export const editAuthorization = (search: RegExp | string, replacement: string): RawRequest => {
  const [, value = ''] = VALID.headers.find(isNamed('authorization')) ?? [];
  expect(value).toMatch(search);
  return replaceHeader(VALID, 'authorization', (text) => text.replace(search, replacement));
};

export const minutesAfter = (minutes: number): Date => new Date(SIGNED_AT.getTime() + minutes * 60_000);

export interface Draft {
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

export const PLAIN: VerifyOptions = { ...OPTIONS, secretFor: () => ({ secretAccessKey: SECRET }) };
export const S3_LIKE: VerifyOptions = { ...PLAIN, pathEncoding: 'single', normalizePath: false };

export const verifyDraft = (draft: Draft, options: VerifyOptions = PLAIN): Verdict =>
  verifySignature(signDraft(draft), options);
