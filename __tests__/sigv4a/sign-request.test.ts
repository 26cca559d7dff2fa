/** signRequest of SigV4a: what it sends and signs, as a verifier that shares no code with it sees that; and its keys. */
import { chunked } from '../../fixtures/sigv4a.json';
import { signRequest, type HttpRequest, type SignRequestOptions } from '../../lib/sigv4a/index.js';
import { signRequest as signWithSigV4 } from '../../lib/sigv4/index.js';
import { credentials, temporary } from '../stand-ins/test-server.js';
import { describeVerdict, verifySigned } from '../stand-ins/verify-signed.js';
import { ecdsa } from '#ecdsa';

const date = new Date('2026-11-22T12:34:56Z');
const options = { region: '*', service: 's3', credentials, date } as const satisfies SignRequestOptions;
const host = 'mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com';
const get = { method: 'GET', url: `https://${host}/a%20b/c?b=2&a=1` } as const;

describe('the signed request', () => {
  it('bears temporary credentials as such at the host of a directory bucket too, where SigV4a knows no sessions', () => {
    const url = 'https://bkt--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/key';
    const { headers } = signRequest(
      { method: 'GET', url },
      { ...options, service: 's3express', credentials: temporary },
    );
    expect(headers).toMatchObject({ 'X-Amz-Security-Token': temporary.sessionToken });
    expect(headers).not.toHaveProperty('X-Amz-S3session-Token');
  });

  it('bears the set of regions, signed, and a scope without a region', () => {
    const signed = signRequest({ ...get, headers: { Accept: '*/*' } }, options);
    expect(Object.keys(signed.headers)).toStrictEqual([
      'Accept',
      'X-Amz-Content-Sha256',
      'X-Amz-Date',
      'X-Amz-Region-Set',
      'Authorization',
    ]);
    expect(signed.headers).toMatchObject({ 'X-Amz-Date': '20261122T123456Z', 'X-Amz-Region-Set': '*' });
    expect(signed.trace).toMatchObject({
      scope: '20261122/s3/aws4_request',
      signedHeaders: 'host;x-amz-content-sha256;x-amz-date;x-amz-region-set',
    });
    expect(signed.trace.stringToSign).toMatch(
      /^AWS4-ECDSA-P256-SHA256\n20261122T123456Z\n20261122\/s3\/aws4_request\n[0-9a-f]{64}$/,
    );
    expect(signed.headers.Authorization).toBe(
      'AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20261122/s3/aws4_request, ' +
        `SignedHeaders=${signed.trace.signedHeaders}, Signature=${signed.trace.signature}`,
    );
  });

  it.each([
    ['*', 'ok'],
    ['eu-*', 'ok'],
    ['us-east-1,eu-west-1', 'ok'],
    ['eu-west-1', 'ok'],
    ['us-*,ap-south-1', 'AuthorizationHeaderMalformed'],
  ])('is good in the set of regions %s', (region, expected) => {
    const verdict = verifySigned(signRequest(get, { ...options, region }), credentials);
    expect(verdict.ok ? 'ok' : verdict.code).toBe(expected);
  });

  const requests: readonly (readonly [string, HttpRequest, Partial<SignRequestOptions>])[] = [
    ['a body of text', { ...get, method: 'PUT', body: 'Grüße' }, {}],
    ['bytes', { ...get, method: 'put', body: Uint8Array.from([0, 255, 1]) }, {}],
    [
      'many headers',
      { ...get, headers: { 'X-Amz-Meta-A': ['1', ' 2  3 '], 'x-other': 'é' } },
      { signedHeaders: ['*'] },
    ],
    ['an unsigned payload', { ...get, method: 'PUT', body: 'a' }, { payload: 'unsigned' }],
    ['a host of its own', { ...get, headers: { Host: 'other.example' } }, {}],
    ['a port', { ...get, url: 'http://127.0.0.1:9000/a//b/../c?x=%2F%2B' }, {}],
  ];
  it.each(requests)('holds with %s', (_, request, more) => {
    const signed = signRequest(request, { ...options, ...more });
    expect(describeVerdict(verifySigned(signed, credentials, { allowUnsignedPayload: true }))).toBe('ok');
  });

  it('holds for a service with other rules of paths', () => {
    const rules = { service: 'events', pathEncoding: 'double', normalizePath: true } as const;
    const url = 'https://abc123.456def.endpoint.events.amazonaws.com/a%20b/../c//d';
    const signed = signRequest({ method: 'POST', url, body: '{}' }, { ...options, service: 'events' });
    expect(describeVerdict(verifySigned(signed, credentials, { ...rules, requireContentSha256: false }))).toBe('ok');
  });

  it('bears a session token, signed, or unsigned where that is wanted', () => {
    const signed = signRequest(get, { ...options, credentials: temporary });
    expect(signed.trace.signedHeaders).toContain('x-amz-security-token');
    expect(describeVerdict(verifySigned(signed, temporary))).toBe('ok');
    const unsigned = signRequest(get, { ...options, credentials: temporary, omitSessionToken: true });
    const rules = { mayBeUnsigned: ['x-amz-security-token'] };
    expect(unsigned.trace.signedHeaders).not.toContain('x-amz-security-token');
    expect(describeVerdict(verifySigned(unsigned, temporary, rules))).toBe('ok');
  });

  it('does not hold once anything of it has changed', () => {
    const signed = signRequest({ ...get, method: 'PUT', body: 'a' }, options);
    const { headers } = signed;
    const changes = [
      { url: `${get.url}&c=3` },
      { method: 'POST' },
      { headers: { ...headers, 'X-Amz-Region-Set': 'eu-west-1' } },
      { headers: { ...headers, 'X-Amz-Date': '20261122T123457Z' } },
      { headers: { ...headers, Host: 'other.example' } },
    ];
    for (const change of changes) {
      expect(verifySigned({ ...signed, ...change }, credentials)).toMatchObject({ code: 'SignatureDoesNotMatch' });
    }
    expect(verifySigned(signed, { secretAccessKey: 'other' })).toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('replaces what an earlier signing left, of either algorithm, and leaves nothing for the other', () => {
    const first = signWithSigV4(get, { ...options, region: 'us-east-1', credentials: temporary });
    const second = signRequest({ ...get, headers: first.headers }, options);
    expect(describeVerdict(verifySigned(second, credentials))).toBe('ok');
    const third = signRequest(
      { ...get, headers: { ...second.headers, 'x-amz-region-set': 'us-west-2' } },
      { ...options, region: 'eu-west-1', credentials: temporary },
    );
    expect(describeVerdict(verifySigned(third, temporary))).toBe('ok');
    const fourth = signWithSigV4({ ...get, headers: third.headers }, { ...options, region: 'eu-west-1' });
    expect(Object.keys(fourth.headers)).not.toContain('X-Amz-Region-Set');
    const rules = { algorithms: ['AWS4-HMAC-SHA256'] } as const;
    expect(describeVerdict(verifySigned(fourth, credentials, rules))).toBe('ok');
  });

  it('leaves the input as it is', () => {
    const headers = Object.freeze({ 'X-A': '1' });
    const request = Object.freeze({ ...get, headers, body: 'a' });
    const signed = signRequest(request, Object.freeze({ ...options }));
    expect(signed.body).toBe('a');
    expect(headers).toStrictEqual({ 'X-A': '1' });
  });

  it('is dated now where no date is given', () => {
    const before = Date.now() - 1000;
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(
        signRequest(get, { ...options, date: undefined }).headers['X-Amz-Date'],
      ) ?? [];
    const ms = Date.parse(
      `${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${String(second)}Z`,
    );
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThanOrEqual(Date.now());
  });
});

it('has the published canonical requests and strings to sign of a head that announces chunks', () => {
  const head = (trailer: object, suffix: string) =>
    signRequest(
      {
        method: 'PUT',
        url: 'https://s3.amazonaws.com/examplebucket/chunkObject.txt',
        headers: {
          'Content-Encoding': 'aws-chunked',
          'Content-Length': '66824',
          'X-Amz-Content-Sha256': `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD${suffix}`,
          'X-Amz-Decoded-Content-Length': '66560',
          'X-Amz-Storage-Class': 'REDUCED_REDUNDANCY',
          ...trailer,
        },
      },
      {
        region: chunked.regionSet,
        service: chunked.service,
        date: new Date(chunked.date),
        credentials,
        signedHeaders: ['content-encoding', 'content-length'],
      },
    ).trace;
  expect(head({}, '')).toMatchObject({
    canonicalRequest: chunked.canonicalRequest,
    stringToSign: chunked.stringToSign,
  });
  const { canonicalRequest } = head({ 'X-Amz-Trailer': 'first,second,third' }, '-TRAILER');
  expect(canonicalRequest).toBe(chunked.trailerCanonicalRequest);
});

describe('keys', () => {
  const createSigner = jest.spyOn(ecdsa, 'createSigner');
  beforeEach(() => createSigner.mockClear());
  afterAll(() => {
    createSigner.mockRestore();
  });
  let counter = 0;
  const createOwn = () => ({ accessKeyId: `AKIDOWN${String((counter += 1))}`, secretAccessKey: 'its/secret' });
  const sign = (own: object, more: object = {}) => signRequest(get, { ...options, ...more, credentials: own as never });

  it('are made once for credentials, whatever day, regions and service they sign for', () => {
    const own = createOwn();
    sign(own);
    sign(own, { date: new Date('2027-01-01'), region: 'us-*', service: 'events' });
    sign({ ...own });
    sign({ ...own, sessionToken: 'another' });
    expect(createSigner).toHaveBeenCalledTimes(1);
  });

  it('depend on both the secret and the access key id', () => {
    const own = createOwn();
    const others = [own, { ...own, secretAccessKey: 'other' }, createOwn()];
    for (const each of others) expect(describeVerdict(verifySigned(sign(each), each))).toBe('ok');
    expect(createSigner).toHaveBeenCalledTimes(3);
    const privateKeys = createSigner.mock.calls.map(([privateKey]) => Buffer.from(privateKey).toString('hex'));
    expect(new Set(privateKeys).size).toBe(3);
  });

  it('follow credentials that are changed in place', () => {
    const own = { ...createOwn() };
    sign(own);
    own.secretAccessKey = 'rotated';
    expect(describeVerdict(verifySigned(sign(own), own))).toBe('ok');
  });

  it('are a thousand, of which the one that was not used for the longest goes first', () => {
    createSigner.mockReturnValue(() => '3006020101020101');
    const all = Array.from({ length: 1001 }, createOwn);
    const [first, second] = all;
    if (first === undefined || second === undefined) throw new Error('There are none');
    for (const own of all.slice(0, 1000)) sign({ ...own });
    sign({ ...first });
    for (const own of all.slice(1000)) sign({ ...own });
    expect(createSigner).toHaveBeenCalledTimes(1001);
    sign({ ...first });
    expect(createSigner).toHaveBeenCalledTimes(1001);
    sign({ ...second });
    expect(createSigner).toHaveBeenCalledTimes(1002);
    createSigner.mockReset();
    createSigner.mockRestore();
  });
});
