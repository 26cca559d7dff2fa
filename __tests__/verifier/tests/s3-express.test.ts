/** Sessions of S3 Express: their token has a name of its own, and that of temporary credentials is none beside it. */
import { date, header, query, region, request, service, session } from '../../../fixtures/s3-express.json';
import { verifyPresignedUrl } from '../src/verify-presigned-url.js';
import { verifySignature, type KnownCredentials, type VerifyOptions } from '../src/verify-signature.js';
import { codeOf } from './signed-requests.js';

const { hostname } = new URL(request.url);
const { accessKeyId, sessionToken } = session;
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const knowing = (known: Partial<KnownCredentials> = {}): VerifyOptions => ({
  region,
  service,
  now: new Date(date),
  pathEncoding: 'single',
  normalizePath: false,
  requireContentSha256: true,
  secretFor: () => ({ ...session, isS3ExpressSession: true, ...known }),
});
const message = (target: string, headers: readonly (readonly [string, string])[]) => ({
  method: 'GET',
  target,
  headers: [['Host', hostname] as const, ...headers],
  body: Buffer.alloc(0),
  scheme: 'https' as const,
});

const inHeaders = (...more: readonly (readonly [string, string])[]) =>
  message('/k', [
    ['x-amz-content-sha256', EMPTY_HASH],
    ['x-amz-date', '20130524T000000Z'],
    ['x-amz-s3session-token', sessionToken],
    [
      'Authorization',
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20130524/us-east-1/s3express/aws4_request, ` +
        `SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-s3session-token, Signature=${header.signature}`,
    ],
    ...more,
  ]);
const target = query.url.slice(`https://${hostname}`.length);

it('takes the worked example of botocore and aws-crt', () => {
  expect(codeOf(verifySignature(inHeaders(), knowing()))).toBe('ok');
  expect(codeOf(verifyPresignedUrl(message(target, []), knowing()))).toBe('ok');
});

it.each<[string, Partial<KnownCredentials>, string]>([
  ['of credentials that are no session', { isS3ExpressSession: false }, 'InvalidToken'],
  ['of another session', { sessionToken: 'another' }, 'InvalidToken'],
  ['that has ended', { expiration: new Date(date) }, 'ExpiredToken'],
])('refuses a token %s', (_, known, code) => {
  expect(codeOf(verifySignature(inHeaders(), knowing(known)))).toBe(code);
  expect(codeOf(verifyPresignedUrl(message(target, []), knowing(known)))).toBe(code);
});

it('refuses the token of temporary credentials beside it', () => {
  const other = ['x-amz-security-token', sessionToken] as const;
  expect(codeOf(verifySignature(inHeaders(other), knowing()))).not.toBe('ok');
  expect(codeOf(verifyPresignedUrl(message(target, [other]), knowing()))).toBe('AccessDenied');
  const doubled = `${target}&X-Amz-Security-Token=${encodeURIComponent(sessionToken)}`;
  expect(codeOf(verifyPresignedUrl(message(doubled, []), knowing()))).toBe('InvalidToken');
});
