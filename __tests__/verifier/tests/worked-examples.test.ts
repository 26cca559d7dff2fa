/** The worked examples of AWS's documentation. */
import type { RawRequest } from '../src/raw-request.js';
import { verifySignature } from '../src/verify-signature.js';
import { matching } from './matchers.js';
import { S3_OPTIONS, GET_OBJECT, PUT_OBJECT, GET_LIFECYCLE, LIST_OBJECTS } from './s3-examples.js';
import { codeOf } from './signed-requests.js';

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
