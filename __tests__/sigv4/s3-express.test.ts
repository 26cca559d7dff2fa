/** Sessions of S3 Express: what their keys sign, in headers, in the query and in a form, and what they do not. */
import { createSession, date, header, query, region, request, service, session } from '../../fixtures/s3-express.json';
import { createPresignedPost, presignUrl, signChunkedRequest, signRequest } from '../../lib/sigv4/index.js';

const options = { region, service, credentials: session, date: new Date(date) } as const;
const { origin, hostname } = new URL(request.url);
const { sessionToken } = session;

describe('the worked example of botocore and aws-crt', () => {
  it('is signed in its headers', () => {
    const { headers, trace } = signRequest(request, options);
    expect(trace).toMatchObject({
      canonicalRequest: header.canonicalRequest.join('\n'),
      stringToSign: header.stringToSign.join('\n'),
      signature: header.signature,
    });
    expect(headers).toMatchObject({ 'X-Amz-S3session-Token': sessionToken });
    expect(headers).not.toHaveProperty('X-Amz-Security-Token');
  });

  it('is signed in its query', () => {
    const { url, headers, trace } = presignUrl(request, { ...options, expiresIn: query.expiresIn });
    expect(trace).toMatchObject({
      canonicalRequest: query.canonicalRequest.join('\n'),
      stringToSign: query.stringToSign.join('\n'),
      signature: query.signature,
    });
    expect(url.split(/[?&]/).sort()).toStrictEqual(query.url.split(/[?&]/).sort());
    expect(headers).toStrictEqual({});
  });

  it('is CreateSession, which the credentials themselves sign', () => {
    const { trace } = signRequest(createSession.request, { ...options, credentials: createSession.credentials });
    expect(trace.canonicalRequest).toBe(createSession.canonicalRequest.join('\n'));
    expect(trace.signature).toBe(createSession.signature);
  });
});

const tokenName = (method: string, url: string, headers = {}, more = {}): string => {
  const signed = signRequest({ method, url, headers }, { ...options, ...more });
  const { url: presigned } = presignUrl({ method, url, headers }, { ...options, ...more });
  const [inHeaders, inQuery] = [Object.keys(signed.headers), [...new URL(presigned).searchParams.keys()]].map((names) =>
    names.filter((name) => /-token$/i.test(name)).join(),
  );
  expect(inQuery).toBe(inHeaders);
  expect(Object.values(signed.headers)).toContain(sessionToken);
  return inHeaders ?? '';
};
const ofSession = 'X-Amz-S3session-Token';
const ofCredentials = 'X-Amz-Security-Token';
const copy = { 'x-amz-copy-source': '/other--use1-az4--x-s3/key' };

describe('a session token', () => {
  it.each([
    ['GET', `${origin}/k`],
    ['PUT', `${origin}/k?partNumber=1&uploadId=a`],
    ['GET', `${origin}/?list-type=2&prefix=session`],
    ['POST', `${origin}/?delete`],
    ['HEAD', `${origin}/k`],
    ['GET', `${origin}/k?session`],
    ['GET', origin],
    ['GET', 'https://bkt--use1-az4--x-s3.s3express-fips-use1-az4.dualstack.us-east-1.amazonaws.com/k'],
    ['GET', 'https://bkt--cnn1-az4--x-s3.s3express-cnn1-az4.cn-north-1.amazonaws.com.cn/k'],
    ['GET', 'https://point--use1-az4--xa-s3.s3express-use1-az4.us-east-1.amazonaws.com/k'],
    ['GET', 'http://bkt--use1-az4--x-s3.localhost:9000/k'],
  ])('is sent as one of S3 Express: %s %s', (method, url) => {
    expect(tokenName(method, url)).toBe(ofSession);
  });

  it.each<[string, string, object?, object?]>([
    ['GET', `${origin}/?session`],
    ['GET', `${origin}?session`],
    ['GET', `${origin}/?x=1&session=`],
    ['HEAD', `${origin}/`],
    ['PUT', `${origin}/k`, copy],
    ['PUT', `${origin}/k?partNumber=1&uploadId=a`, { 'X-Amz-Copy-Source': '/b/k' }],
    ['GET', 'https://s3express-control.us-east-1.amazonaws.com/bkt--use1-az4--x-s3?policy'],
    ['GET', 'https://s3express-use1-az4.us-east-1.amazonaws.com/bkt--use1-az4--x-s3/k'],
    ['GET', `${origin}/k`, {}, { service: 's3' }],
    ['GET', `${origin}/k`, {}, { s3ExpressSession: false }],
    ['GET', 'https://bkt.example.com/k'],
  ])('is sent as that of temporary credentials: %s %s %j %j', (method, url, headers = {}, more = {}) => {
    expect(tokenName(method, url, headers, more)).toBe(ofCredentials);
  });

  it('is one of S3 Express wherever the option says so', () => {
    expect(tokenName('GET', 'https://bkt.example.com/k', {}, { s3ExpressSession: true })).toBe(ofSession);
    expect(tokenName('GET', 'https://bkt.example.com/k', {}, { s3ExpressSession: true, service: 's3' })).toBe(
      ofSession,
    );
  });

  it('signs a body in chunks', () => {
    const { headers, trace } = signChunkedRequest(
      { method: 'PUT', url: `${origin}/k` },
      { ...options, decodedContentLength: 1 },
    );
    expect(headers).toMatchObject({ [ofSession]: sessionToken });
    expect(trace.signedHeaders).toContain(';x-amz-s3session-token');
    expect(trace.signedHeaders).not.toContain('security-token');
  });

  it('is unsigned where that is asked for', () => {
    const { headers, trace } = signRequest(request, { ...options, omitSessionToken: true });
    expect(headers).toMatchObject({ [ofSession]: sessionToken });
    expect(trace.signedHeaders).toBe('host;x-amz-content-sha256;x-amz-date');
  });
});

describe('a token among the headers', () => {
  const { accessKeyId, secretAccessKey } = session;
  const withoutToken = { ...options, credentials: { accessKeyId, secretAccessKey } };
  const sign = (headers: Readonly<Record<string, string>>, more = {}) =>
    signRequest({ ...request, headers }, { ...withoutToken, ...more });

  it('is that of credentials that have none', () => {
    const { trace, headers } = sign({ 'x-amz-s3session-token': sessionToken });
    expect(trace.signature).toBe(header.signature);
    expect(Object.keys(headers).filter((name) => /token/i.test(name))).toStrictEqual([ofSession]);
    expect(sign({ 'x-amz-security-token': 'a' }).headers).toMatchObject({ [ofCredentials]: 'a' });
    expect(sign({ 'x-amz-s3session-token': 'a' }, { service: 's3' }).headers).toMatchObject({ [ofSession]: 'a' });
  });

  it('yields to that of the credentials', () => {
    const { headers } = signRequest(
      { ...request, headers: { 'x-amz-security-token': 'a', 'x-amz-s3session-token': 'b' } },
      options,
    );
    expect(headers).toMatchObject({ [ofSession]: sessionToken });
    expect(headers).not.toHaveProperty(ofCredentials);
  });

  it('goes with the signature that it is of', () => {
    const { headers } = signRequest(request, options);
    expect(sign(headers).trace.signedHeaders).not.toContain('token');
  });

  it('goes into the query of a presigned URL', () => {
    const { url } = presignUrl(
      { ...request, headers: { 'x-amz-s3session-token': sessionToken } },
      { ...withoutToken, expiresIn: query.expiresIn },
    );
    expect(url).toContain(query.signature);
  });

  it('is refused where it can be none, without being quoted', () => {
    expect(() => sign({ 'x-amz-s3session-token': 'a secret' })).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_HEADER',
        message: expect.stringMatching(/^headers: X-Amz-S3session-Token (?!.*a secret)/),
      }),
    );
  });
});

it('a form has the token as a field', () => {
  const policy = { url: `https://${hostname}/`, bucket: 'bkt--use1-az4--x-s3', key: 'k', expiresIn: 300 };
  const { fields } = createPresignedPost(policy, options);
  expect(fields['x-amz-s3session-token']).toBe(sessionToken);
  expect(fields).not.toHaveProperty('x-amz-security-token');
  expect(atob(fields['policy'] ?? '')).toContain(`{"x-amz-s3session-token":"${sessionToken}"}`);
  const plain = createPresignedPost(
    { ...policy, url: 'https://bkt.s3.us-east-1.amazonaws.com/' },
    { ...options, service: 's3' },
  );
  expect(plain.fields).toHaveProperty('x-amz-security-token');
});
