/** aws4Presign and aws4PresignPost: what of a config is signed, which credentials, and when it ends. */
import axios, { AxiosHeaders, type AxiosRequestConfig } from 'axios';
import { Readable } from 'node:stream';
import { accessKeyId, cases, date, secretAccessKey } from '../../fixtures/presigned-urls.json';
import { aws4Presign, aws4PresignPost, SigningKey, type Aws4Options } from '../../lib/index.js';
import { presignUrl } from '../../lib/sigv4/index.js';
import { createServer, credentials, failure, numbered, scope, temporary } from '../stand-ins/test-server.js';

const NOW = Date.parse('2026-11-22T12:34:56.789Z');
const options = { ...scope, credentials, clock: () => NOW } as const satisfies Aws4Options;
const s3 = { ...options, service: 's3' } as const;
const base = 'https://abc.execute-api.eu-west-1.amazonaws.com';
const parametersOf = ({ url }: { readonly url: string }): Record<string, string> =>
  Object.fromEntries(new URL(url).searchParams);
/** The URL without what the signature adds. */
const plainUrl = ({ url }: { readonly url: string }): string => url.replace(/[?&]X-Amz-.*$/, '');

describe.each(cases)('$name', ({ request, region, service, sessionToken, expiresIn, url }) => {
  const { method, url: unsigned, headers } = request;
  const isIot = service === 'iotdevicegateway';

  it('is presigned as by botocore or aws-crt', async () => {
    const presigned = await aws4Presign(
      { method, url: unsigned, headers: Object.fromEntries(Object.entries(headers)) },
      {
        ...(!isIot && { region, service }),
        credentials: { accessKeyId, secretAccessKey, sessionToken },
        clock: () => Date.parse(date),
        expiresIn,
      },
    );
    expect(presigned.url.split(/[?&]/).sort()).toStrictEqual(url.split(/[?&]/).sort());
    expect(presigned.url.split('&').at(isIot ? -2 : -1)).toMatch(/^X-Amz-Signature=/);
    expect(presigned.headers).toStrictEqual(headers);
    expect(presigned.method).toBe(method);
    expect(presigned.expiresAt).toStrictEqual(new Date(Date.parse(date) + (expiresIn ?? 300) * 1000));
  });
});

describe('the URL', () => {
  it.each<[string, AxiosRequestConfig, string]>([
    ['baseURL and url', { baseURL: `${base}/prod/`, url: '/items' }, `${base}/prod/items`],
    ['baseURL alone', { baseURL: base }, `${base}/`],
    ['params', { url: `${base}/a?z=1`, params: { b: 'a b', a: [1, 2] } }, `${base}/a?z=1&b=a%20b&a%5B%5D=1&a%5B%5D=2`],
    [
      'paramsSerializer',
      { url: `${base}/a`, params: { b: 1 }, paramsSerializer: { serialize: () => 'own=a+b' } },
      `${base}/a?own=a%20b`,
    ],
    ['a fragment', { url: `${base}/a#b` }, `${base}/a`],
    ['a fragment behind a query', { url: `${base}/a?b=1#c`, params: { d: 2 } }, `${base}/a?b=1&d=2`],
    ['wss: in baseURL', { baseURL: 'wss://a.com:8443/p', url: '/q', params: { a: 1 } }, 'wss://a.com:8443/p/q?a=1'],
    ['ws: in url, beside another baseURL', { baseURL: 'https://b.com', url: 'ws://a.com/p' }, 'ws://a.com/p'],
    ['https: in url, beside a baseURL of wss:', { baseURL: 'wss://b.com', url: 'https://a.com/p' }, 'https://a.com/p'],
    ['an unencoded path', { url: `${base}/ä b/~` }, `${base}/%C3%A4%20b/~`],
    ['a URL that is an object', { url: new URL(`${base}/a?b=1`) as never }, `${base}/a?b=1`],
    ['a URL of wss: that is one', { url: new URL('wss://a.com/p') as never, params: { a: 1 } }, 'wss://a.com/p?a=1'],
  ])('is spelled as axios spells it: %s', async (_, config, expected) => {
    expect(plainUrl(await aws4Presign(config, options))).toBe(expected);
  });

  it.each([
    ['a%2F..%2Fb', '/a/../b', '/a%2F..%2Fb'],
    ['a//b', '/a//b', '/a//b'],
    ['a%2Fb', '/a/b', '/a/b'],
    ['%41 +', '/A%20%2B', '/A%20%2B'],
  ])('of a key of S3 has the path that it is signed with: %s', async (key, canonicalPath, path) => {
    const traces: string[] = [];
    const { url } = await aws4Presign(
      { url: `https://b.s3.eu-west-1.amazonaws.com/${key}` },
      { ...s3, onSigned: ({ canonicalRequest }) => traces.push(canonicalRequest) },
    );
    expect(traces.map((trace) => trace.split('\n')[1])).toStrictEqual([canonicalPath]);
    expect(url.split('?')[0]).toBe(`https://b.s3.eu-west-1.amazonaws.com${path}`);
  });

  it('is that of presignUrl', async () => {
    const { url } = await aws4Presign({ url: `${base}/a`, params: { b: 1 } }, { ...options, expiresIn: 60 });
    const request = { method: 'GET', url: `${base}/a?b=1` };
    expect(url).toBe(presignUrl(request, { ...scope, credentials, date: new Date(NOW), expiresIn: 60 }).url);
  });

  it.each([
    ['get', undefined],
    ['PUT', 'PUT'],
    ['delete', 'DELETE'],
    ['head', 'HEAD'],
  ])('has the method %s', async (method, expected = 'GET') => {
    expect((await aws4Presign({ method, url: base }, options)).method).toBe(expected);
  });

  it('has region and service of its hostname, or of the environment', async () => {
    const { url } = await aws4Presign({ url: 'https://b.s3.ap-south-1.amazonaws.com/k' }, { credentials });
    expect(url).toContain('%2Fap-south-1%2Fs3%2Faws4_request&');
  });

  it('takes any host, since it is the caller who names it', async () => {
    expect((await aws4Presign({ url: 'https://example.com/' }, { ...options, hosts: ['other.com'] })).url).toMatch(
      /^https:\/\/example\.com\//,
    );
  });
});

describe('headers', () => {
  const signedNames = ({ url }: { readonly url: string }): string | null =>
    new URL(url).searchParams.get('X-Amz-SignedHeaders');

  it('of a config without any are none, whatever axios adds', async () => {
    for (const config of [
      { url: base },
      { url: base, method: 'post', data: { a: 1 } },
      { url: base, method: 'put', data: 'text' },
      { url: base, method: 'post', data: new URLSearchParams({ a: '1' }) },
      { url: base, method: 'post', data: new Blob(['a'], { type: 'text/plain' }) },
    ]) {
      const presigned = await aws4Presign(config, options);
      expect(signedNames(presigned)).toBe('host');
      expect(presigned.headers).toStrictEqual({});
    }
  });

  it.each([undefined, null, '', 'get', false])('of %p are none', async (none) => {
    const { headers } = await aws4Presign({ url: base, headers: none as never }, options);
    expect(headers).toStrictEqual({});
  });

  it('of a method that is null are those of a GET', async () => {
    const headers = { get: { 'X-Amz-Meta-A': '1' }, put: { 'X-Amz-Meta-B': '2' } };
    const presigned = await aws4Presign({ url: base, method: null, headers } as never, options);
    expect(presigned).toMatchObject({ method: 'GET', headers: { 'X-Amz-Meta-A': '1' } });
    expect(Object.keys(presigned.headers)).toHaveLength(1);
  });

  it('of axios.defaults are none of the config', async () => {
    axios.defaults.headers.common['X-Of-Defaults'] = 'a';
    try {
      expect(signedNames(await aws4Presign({ url: base, headers: { 'X-Own': 'b' } }, options))).toBe('host;x-own');
    } finally {
      delete axios.defaults.headers.common['X-Of-Defaults'];
    }
  });

  it.each<[string, AxiosRequestConfig['headers']]>([
    ['an object', { 'Content-Type': 'text/plain', 'x-amz-acl': 'private' }],
    ['Headers', new Headers({ 'content-type': 'text/plain', 'x-amz-acl': 'private' }) as never],
    ['AxiosHeaders', new AxiosHeaders({ 'Content-Type': 'text/plain', 'x-amz-acl': 'private' })],
    ['by method', { put: new AxiosHeaders({ 'x-amz-acl': 'private' }), 'Content-Type': 'text/plain' }],
    ['for all methods', { common: new AxiosHeaders({ 'Content-Type': 'text/plain' }), 'x-amz-acl': 'private' }],
  ])('that a config names are signed, and come back: %s', async (_, headers) => {
    const presigned = await aws4Presign(
      { method: 'put', url: base, ...(headers !== undefined && { headers }) },
      options,
    );
    expect(signedNames(presigned)).toBe('content-type;host;x-amz-acl');
    const sent = Object.entries(presigned.headers).map(([name, value]) => [name.toLowerCase(), value]);
    expect(Object.fromEntries(sent)).toStrictEqual({ 'content-type': 'text/plain', 'x-amz-acl': 'private' });
    expect(parametersOf(presigned)).not.toHaveProperty('x-amz-acl');
  });

  it('that are not sent are not signed', async () => {
    const headers = { 'X-A': undefined, 'X-B': null, 'Content-Type': false, 'X-C': 'c' };
    const presigned = await aws4Presign({ url: base, headers }, options);
    expect(presigned.headers).toStrictEqual({ 'X-C': 'c' });
  });

  it('may pin the length and the type of what is uploaded', async () => {
    const headers = { 'Content-Length': '5', 'Content-Type': 'text/plain' };
    const presigned = await aws4Presign(
      { method: 'put', url: 'https://b.s3.amazonaws.com/k', headers, data: '12345' },
      s3,
    );
    expect(signedNames(presigned)).toBe('content-length;content-type;host');
    expect(presigned.headers).toStrictEqual(headers);
  });

  it('may pin a length without a body at hand', async () => {
    for (const length of ['5', 5]) {
      const headers = { 'content-length': length };
      const presigned = await aws4Presign({ method: 'put', url: 'https://b.s3.amazonaws.com/k', headers }, s3);
      expect(signedNames(presigned)).toBe('content-length;host');
      expect(Object.values(presigned.headers)).toStrictEqual(['5']);
    }
  });

  it('with a date choose the moment', async () => {
    const headers = { 'X-Amz-Date': '20261122T000000Z' };
    const presigned = await aws4Presign({ url: base, headers }, { ...options, expiresIn: 60 });
    expect(parametersOf(presigned)['X-Amz-Date']).toBe('20261122T000000Z');
    expect(presigned.headers).toStrictEqual({});
    expect(presigned.expiresAt).toStrictEqual(new Date('2026-11-22T00:01:00Z'));
  });
});

describe('the payload', () => {
  const payloadOf = async (config: AxiosRequestConfig, changes: Aws4Options): Promise<string | undefined> => {
    const traces: (string | undefined)[] = [];
    await aws4Presign(config, {
      ...options,
      ...changes,
      onSigned: ({ canonicalRequest }) => traces.push(canonicalRequest.split('\n').at(-1)),
    });
    return traces.join();
  };
  const put = { method: 'put', url: base, data: { a: 1 } };

  it('is the hash of what axios makes of the data', async () => {
    const hash = '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862';
    expect(await payloadOf(put, {})).toBe(hash);
  });

  it.each(['s3', 's3express', 's3-outposts', 's3-object-lambda'])('is not signed for %s', async (service) => {
    expect(await payloadOf(put, { service })).toBe('UNSIGNED-PAYLOAD');
    expect(await payloadOf({ ...put, data: Readable.from(['a']) }, { service })).toBe('UNSIGNED-PAYLOAD');
    expect(await payloadOf({ ...put, url: 'http://elsewhere.example.com/k' }, { service })).toBe('UNSIGNED-PAYLOAD');
  });

  it('is signed for S3 where asked to', async () => {
    const presigned = await aws4Presign({ ...put, data: 'x' }, { ...s3, payload: 'signed' });
    const hash = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
    expect(presigned.headers).toStrictEqual({ 'X-Amz-Content-Sha256': hash });
  });

  it.each([
    ['a stream', () => Readable.from(['a'])],
    ['a form', () => new FormData()],
  ])('of %s has no hash that a URL could bear', async (_, create) => {
    expect(await failure(aws4Presign({ ...put, data: create() }, options))).toMatchObject({
      code: 'ERR_UNSUPPORTED_BODY',
      message: expect.stringContaining('data:'),
    });
  });
});

describe('the end', () => {
  const at = (seconds: number): Date => new Date(Math.floor(NOW / 1000) * 1000 + seconds * 1000);
  const givingSets = (...lives: readonly number[]) => {
    let count = 0;
    return jest.fn(() => {
      const life = lives[Math.min(count, lives.length - 1)] ?? 0;
      return Promise.resolve({ ...numbered(count++), expiration: at(life) });
    });
  };
  const presign = (provider: () => Promise<unknown>, expiresIn: number, changes: Aws4Options = {}) =>
    aws4Presign({ url: base }, { ...options, credentials: provider as never, expiresIn, ...changes });

  it.each([
    [undefined, 900],
    [1, 1],
    [604_800, 604_800],
  ])('is after expiresIn: %s', async (expiresIn, seconds) => {
    const presigned = await aws4Presign({ url: base }, { ...options, expiresIn });
    expect(presigned.expiresAt).toStrictEqual(at(seconds));
    expect(parametersOf(presigned)['X-Amz-Expires']).toBe(String(seconds));
  });

  it('is after expiresIn where the credentials last longer, which are not renewed', async () => {
    const provider = givingSets(3600);
    expect((await presign(provider, 3600)).expiresAt).toStrictEqual(at(3600));
    expect(provider).toHaveBeenCalledTimes(1);
  });

  it('is reached by renewed credentials where the others would end sooner', async () => {
    const provider = givingSets(600, 7200);
    const presigned = await presign(provider, 3600);
    expect(presigned.expiresAt).toStrictEqual(at(3600));
    expect(parametersOf(presigned)['X-Amz-Credential']).toMatch(/^ASIA1\//);
    expect(provider).toHaveBeenLastCalledWith({ forceRefresh: true });
    expect((await presign(provider, 3600)).expiresAt).toStrictEqual(at(3600));
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it("is the credentials' where no others last longer; each set is renewed once", async () => {
    const provider = givingSets(1800, 1800);
    const presigned = await presign(provider, 3600);
    expect(presigned.expiresAt).toStrictEqual(at(1800));
    expect(parametersOf(presigned)).toMatchObject({ 'X-Amz-Expires': '3600' });
    for (let i = 0; i < 3; i++) expect((await presign(provider, 3600)).expiresAt).toStrictEqual(at(1800));
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('is of one renewal for all who ask at once', async () => {
    const provider = givingSets(1800, 2400);
    const presigned = await Promise.all([1, 2, 3, 4].map(() => presign(provider, 3600)));
    expect(new Set(presigned.map(({ expiresAt }) => expiresAt.getTime()))).toStrictEqual(new Set([at(2400).getTime()]));
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('is of the longer set where the provider gives a shorter one', async () => {
    const provider = givingSets(2700, 2000);
    const presigned = await presign(provider, 3600);
    expect(presigned.expiresAt).toStrictEqual(at(2700));
    expect(parametersOf(presigned)['X-Amz-Credential']).toMatch(/^ASIA0\//);
  });

  it('is of a set that the provider gives again, which is not asked for again', async () => {
    const set = { ...numbered(1), expiration: at(1800) };
    const provider = jest.fn(() => Promise.resolve({ ...set }));
    for (let i = 0; i < 3; i++) expect((await presign(provider, 3600)).expiresAt).toStrictEqual(at(1800));
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('is of the set at hand where the provider fails', async () => {
    const provider = jest.fn().mockRejectedValue(new Error('out of order'));
    provider.mockResolvedValueOnce({ ...numbered(1), expiration: at(2000) });
    expect((await presign(provider, 3600)).expiresAt).toStrictEqual(at(2000));
  });

  it('is of a renewed set again when half of its life is over', async () => {
    let nowMs = NOW;
    let count = 0;
    const provider = jest.fn(() => {
      const expiration = new Date(Math.floor(nowMs / 1000) * 1000 + 3000 * 1000);
      return Promise.resolve({ ...numbered(count++), expiration });
    });
    const clock = (): number => nowMs;
    await presign(provider, 3600, { clock });
    expect(provider).toHaveBeenCalledTimes(2);
    nowMs += 1000 * 1000;
    await presign(provider, 3600, { clock });
    expect(provider).toHaveBeenCalledTimes(2);
    nowMs += 600 * 1000;
    expect((await presign(provider, 3600, { clock })).expiresAt.getTime()).toBeGreaterThan(nowMs + 2900 * 1000);
    expect(provider).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['a provider', (set: object) => () => Promise.resolve(set)],
    ['an object', (set: object) => set],
  ])('is refused where less than half of it is left: %s', async (_, wrap) => {
    const set = { ...numbered(1), expiration: at(1799) };
    const error = await failure(
      aws4Presign({ url: base }, { ...options, credentials: wrap(set) as never, expiresIn: 3600 }),
    );
    expect(error).toMatchObject({ code: 'ERR_CREDENTIALS', message: expect.stringContaining('expiration') });
    expect(String(error)).not.toContain('secret/1');
  });

  it('is after expiresIn for a derived key', async () => {
    const signingKey = new SigningKey(credentials.secretAccessKey, { ...scope, date: new Date(NOW) });
    const { accessKeyId: keyId } = credentials;
    const byKey = { signingKey, accessKeyId: keyId, clock: options.clock };
    expect(await aws4Presign({ url: base }, byKey)).toStrictEqual(await aws4Presign({ url: base }, options));
  });

  it('is that of a form too', async () => {
    const provider = givingSets(600, 2000);
    const upload = { url: 'https://b.s3.eu-west-1.amazonaws.com/', bucket: 'b', key: 'k', expiresIn: 3600 };
    const { expiresAt, fields } = await aws4PresignPost(upload, {
      credentials: provider as never,
      clock: options.clock,
    });
    expect(expiresAt).toStrictEqual(at(2000));
    expect(fields['x-amz-security-token']).toBe('token/1');
    const short = jest.fn(() => Promise.resolve({ ...numbered(9), expiration: at(1000) }));
    expect(await failure(aws4PresignPost(upload, { credentials: short, clock: options.clock }))).toMatchObject({
      code: 'ERR_CREDENTIALS',
    });
  });
});

describe('aws4PresignPost', () => {
  const upload = { url: 'https://b.s3.ap-south-1.amazonaws.com/', bucket: 'b', key: 'a/${filename}' };

  it('has the region of the hostname, and S3 for its service', async () => {
    const { url, fields, expiresAt } = await aws4PresignPost(upload, { credentials: temporary, clock: options.clock });
    expect(url).toBe(upload.url);
    expect(fields['x-amz-credential']).toBe('ASIAEXAMPLE/20261122/ap-south-1/s3/aws4_request');
    expect(fields['x-amz-security-token']).toBe(temporary.sessionToken);
    expect(expiresAt).toStrictEqual(new Date('2026-11-22T12:49:56Z'));
    expect(JSON.parse(atob(fields['policy'] ?? ''))).toMatchObject({ expiration: '2026-11-22T12:49:56.000Z' });
  });

  it.each([
    ['http://localhost:8000/b', { region: 'eu-west-1' }, 'eu-west-1/s3'],
    ['https://b.s3.eu-west-1.amazonaws.com/', { region: 'us-east-1' }, 'us-east-1/s3'],
    ['https://example.com/', { region: 'us-east-1', service: 's3-outposts' }, 'us-east-1/s3-outposts'],
  ])('signs %s for %j', async (url, given, expected) => {
    const { fields } = await aws4PresignPost({ ...upload, url }, { ...given, credentials });
    expect(fields['x-amz-credential']).toContain(`/${expected}/aws4_request`);
  });

  it('takes expiresIn of the policy, then of the options', async () => {
    const end = async (policy: object, given: object): Promise<number> =>
      (await aws4PresignPost({ ...upload, ...policy }, { ...options, ...given })).expiresAt.getTime() - NOW + 789;
    expect(await end({ expiresIn: 60 }, { expiresIn: 30 })).toBe(60_000);
    expect(await end({}, { expiresIn: 30 })).toBe(30_000);
  });
});

describe('what is presigned', () => {
  const server = createServer({ clock: () => new Date(NOW) });
  let origin = '';
  beforeAll(async () => {
    ({ origin } = await server.start());
  });
  afterAll(() => server.close());

  it.each<[string, AxiosRequestConfig]>([
    ['GET', { url: '/a b/ü', params: { b: 'ä+', a: '' } }],
    ['a body', { method: 'post', url: '/', data: { name: 'Grüße' }, headers: { 'content-type': 'application/json' } }],
    [
      'headers',
      { method: 'put', url: '/', data: 'x', headers: { 'x-amz-acl': 'private', 'Content-Type': 'text/plain' } },
    ],
  ])('is accepted: %s', async (_, config) => {
    const { method, url, headers } = await aws4Presign(
      { baseURL: origin, ...config },
      { ...options, credentials: temporary },
    );
    const data: unknown = config.data;
    const { status } = await axios.request({
      method,
      url,
      data,
      headers: new AxiosHeaders({ 'Content-Type': null, ...Object.fromEntries(Object.entries(headers)) }),
      validateStatus: null,
    });
    expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
    expect(status).toBe(200);
  });
});
