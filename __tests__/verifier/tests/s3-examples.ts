/** The requests of the examples in the Amazon S3 API Reference (see fixtures/s3-worked-examples.json's source). */
import type { HeaderLine, RawRequest } from '../src/raw-request.js';
import type { VerifyOptions } from '../src/verify-signature.js';
import { sha256Hex } from './signed-requests.js';

export const S3_OPTIONS: VerifyOptions = {
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

export const GET_OBJECT = s3Example(
  'GET',
  '/test.txt',
  ['host;range;x-amz-content-sha256;x-amz-date', 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
  [['Range', 'bytes=0-9'], S3_DATE],
);
export const PUT_OBJECT = s3Example(
  'PUT',
  '/test%24file.text',
  [
    'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  [['Date', 'Fri, 24 May 2013 00:00:00 GMT'], S3_DATE, ['x-amz-storage-class', 'REDUCED_REDUNDANCY']],
  'Welcome to Amazon S3.',
);
export const GET_LIFECYCLE = s3Example(
  'GET',
  '/?lifecycle',
  [BASIC_HEADERS, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  [S3_DATE],
);
export const LIST_OBJECTS = s3Example(
  'GET',
  '/?max-keys=2&prefix=J',
  [BASIC_HEADERS, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  [S3_DATE],
);
