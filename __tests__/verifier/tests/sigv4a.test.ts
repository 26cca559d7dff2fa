/** SigV4a: a published signature, and what is refused of requests that the test signs with the published key. */
import { createPrivateKey, sign } from 'node:crypto';
import { keys, presigned } from '../../../fixtures/sigv4a.json';
import type { HeaderLine, RawRequest } from '../src/raw-request.js';
import { verifyPresignedUrl } from '../src/verify-presigned-url.js';
import { verifySignature, type VerifyOptions } from '../src/verify-signature.js';
import { codeOf, sha256Hex, toBytes } from './signed-requests.js';

const known = keys.find(({ accessKeyId }) => accessKeyId === presigned.accessKeyId);
if (known === undefined) throw new Error('The key is not among the published ones');
const { accessKeyId, secretAccessKey, ...key } = known;
const toBase64Url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
const privateKey = createPrivateKey({
  key: {
    kty: 'EC',
    crv: 'P-256',
    d: toBase64Url(key.privateScalarHex),
    x: toBase64Url(key.publicX),
    y: toBase64Url(key.publicY),
  },
  format: 'jwk',
});

const OPTIONS: VerifyOptions = {
  secretFor: () => ({ secretAccessKey }),
  region: 'eu-west-1',
  service: 's3',
  algorithms: ['AWS4-ECDSA-P256-SHA256'],
  now: undefined,
  pathEncoding: 'single',
  normalizePath: false,
  requireContentSha256: true,
};
const EMPTY = sha256Hex('');
const SCOPE = '20261122/s3/aws4_request';

const signText = (text: string): string => sign('sha256', toBytes(text), privateKey).toString('hex');

/** A GET, signed with the published key. */
function createRequest({ regionSet = '*', scope = SCOPE, algorithm = 'AWS4-ECDSA-P256-SHA256' } = {}): RawRequest {
  const headers: readonly HeaderLine[] = [
    ['Host', 'example.com'],
    ['X-Amz-Content-Sha256', EMPTY],
    ['X-Amz-Date', '20261122T150405Z'],
    ['X-Amz-Region-Set', regionSet],
  ];
  const names = headers.map(([name]) => name.toLowerCase()).join(';');
  const lines = headers.map(([name, value]) => `${name.toLowerCase()}:${value}\n`).join('');
  const canonicalRequest = `GET\n/a\n\n${lines}\n${names}\n${EMPTY}`;
  const text = `AWS4-ECDSA-P256-SHA256\n20261122T150405Z\n${scope}\n${sha256Hex(canonicalRequest)}`;
  const authorization = `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signText(text)}`;
  return {
    method: 'GET',
    target: '/a',
    headers: [...headers, ['Authorization', authorization]],
    body: Buffer.alloc(0),
    scheme: 'https',
  };
}

const verify = (request: RawRequest, options: Partial<VerifyOptions> = {}): string =>
  codeOf(verifySignature(request, { ...OPTIONS, ...options }));

function change(request: RawRequest, name: string, to: (value: string) => string | undefined): RawRequest {
  const headers = request.headers.flatMap(([each, value]): HeaderLine[] => {
    const changed = each === name ? to(value) : value;
    return changed === undefined ? [] : [[each, changed]];
  });
  return { ...request, headers };
}

it('accepts the published signature of a presigned URL, and no other', () => {
  const { pathname, host } = new URL(presigned.url);
  const [, , query = ''] = presigned.canonicalRequest.split('\n');
  const request: RawRequest = {
    method: 'GET',
    target: `${pathname}?${query}&X-Amz-Signature=${presigned.signature}`,
    headers: [['Host', host]],
    body: Buffer.alloc(0),
    scheme: 'https',
  };
  expect(verifyPresignedUrl(request, OPTIONS)).toMatchObject({
    ok: true,
    canonicalRequest: presigned.canonicalRequest,
    stringToSign: presigned.stringToSign,
  });
  const changed = { ...request, target: request.target.replace('/test.txt', '/text.txt') };
  expect(codeOf(verifyPresignedUrl(changed, OPTIONS))).toBe('SignatureDoesNotMatch');
});

it('accepts a request for a set that its region is in', () => {
  for (const regionSet of ['*', 'eu-west-1', 'us-*,eu-*']) expect(verify(createRequest({ regionSet }))).toBe('ok');
  for (const regionSet of ['us-*', 'eu-west-12', 'xeu-west-1', 'eu-west-2,us-east-1', '']) {
    expect(verify(createRequest({ regionSet }))).toBe('AuthorizationHeaderMalformed');
  }
});

it('refuses it where SigV4 alone is spoken, and SigV4 where SigV4a alone is', () => {
  expect(verify(createRequest(), { algorithms: ['AWS4-HMAC-SHA256'] })).toBe('AuthorizationHeaderMalformed');
  expect(verify(createRequest({ algorithm: 'AWS4-HMAC-SHA256' }))).toBe('IncompleteSignature');
});

it('refuses what has changed, or is not whole', () => {
  const request = createRequest();
  const refusals: readonly (readonly [RawRequest, string])[] = [
    [{ ...request, target: '/b' }, 'SignatureDoesNotMatch'],
    [change(request, 'X-Amz-Region-Set', () => 'eu-west-1'), 'SignatureDoesNotMatch'],
    [change(request, 'X-Amz-Region-Set', () => undefined), 'AuthorizationHeaderMalformed'],
    [
      change(request, 'Authorization', (value) => value.replace('x-amz-region-set', 'x-amz-date')),
      'IncompleteSignature',
    ],
    [change(request, 'Authorization', (value) => value.replace(';x-amz-region-set', '')), 'AccessDenied'],
    [change(request, 'Authorization', (value) => value.slice(0, -1)), 'IncompleteSignature'],
    [createRequest({ scope: `20261122/eu-west-1/s3/aws4_request` }), 'IncompleteSignature'],
    [createRequest({ scope: '20261121/s3/aws4_request' }), 'AuthorizationHeaderMalformed'],
    [createRequest({ scope: '20261122/sts/aws4_request' }), 'AuthorizationHeaderMalformed'],
  ];
  for (const [changed, code] of refusals) expect(verify(changed)).toBe(code);
  expect(verify(request, { secretFor: () => ({ secretAccessKey: 'another' }) })).toBe('SignatureDoesNotMatch');
});
