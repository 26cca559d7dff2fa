/** The worked examples of Amazon S3's documentation, each stage asserted alone. */
import { signRequest } from '../../lib/sigv4/index.js';
import { credentials, date, examples, region } from '../../fixtures/s3-worked-examples.json';

describe.each(examples)('$name', ({ method, url, headers, body, alsoSigned, ...expected }) => {
  const { trace, headers: signedHeaders } = signRequest(
    { method, url, headers: headers, body },
    { region, service: 's3', credentials, date: new Date(date), signedHeaders: alsoSigned },
  );

  it('has the canonical request', () => {
    expect(trace.canonicalRequest).toBe(expected.canonicalRequest.join('\n'));
  });

  it('has the string to sign', () => {
    expect(trace.stringToSign).toBe(expected.stringToSign.join('\n'));
  });

  it('has the signature', () => {
    expect(trace.signature).toBe(expected.signature);
    expect(signedHeaders.Authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20130524/us-east-1/s3/aws4_request, ` +
        `SignedHeaders=${expected.canonicalRequest.at(-2) ?? ''}, Signature=${expected.signature}`,
    );
  });
});
