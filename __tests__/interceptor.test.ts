/** The interceptor, through a real axios to a server that verifies every signature. */
import axios, { AxiosError, AxiosHeaders, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import axiosRetry from 'axios-retry';
import { signRequest } from '../lib/sigv4/index.js';
import {
  Aws4AuthError,
  aws4Interceptor,
  aws4Sign,
  CredentialsError,
  DateFormatError,
  DateMismatchError,
  EndpointError,
  NoSecretKeyError,
  SigningKey,
  type Aws4Options,
  type SigningTrace,
} from '../lib/index.js';
import {
  createClient as createClientFor,
  createServer,
  credentials,
  describeRequest,
  failure as failureOf,
  scope,
  temporary,
} from './stand-ins/test-server.js';
import { platform } from '#platform';

let now = () => new Date();
const server = createServer({ clock: () => now() });
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(() => server.close());
afterEach(() => {
  now = () => new Date();
});

const createClient = (options: Aws4Options = {}, defaults: object = {}) => createClientFor(origin, options, defaults);
const lastRequest = () => describeRequest(server.requests.at(-1));

/** The reason for which a request was never sent, neither unsigned nor half-signed. */
async function failure(sent: Promise<unknown>): Promise<unknown> {
  const count = server.requests.length;
  const error = await failureOf(sent);
  expect(server.requests.length).toBe(count);
  return error;
}

describe('what axios sends is accepted', () => {
  it.each([
    ['an object', { a: 'Grüße', b: [1, null] }, 'application/json', '{"a":"Grüße","b":[1,null]}'],
    ['text', 'plain text', 'application/x-www-form-urlencoded', 'plain text'],
    ['a Buffer', Buffer.from('bytes'), 'application/x-www-form-urlencoded', 'bytes'],
    ['a view on a larger buffer', Buffer.from('xbytesx').subarray(1, 6), 'application/x-www-form-urlencoded', 'bytes'],
    ['a Uint8Array', Uint8Array.from(Buffer.from('xbytes')).subarray(1), 'application/x-www-form-urlencoded', 'bytes'],
    [
      'URLSearchParams',
      new URLSearchParams({ a: 'b c', d: '+' }),
      'application/x-www-form-urlencoded;charset=utf-8',
      'a=b+c&d=%2B',
    ],
    ['nothing', undefined, 'application/x-www-form-urlencoded', ''],
    ['null', null, 'application/x-www-form-urlencoded', ''],
    ['empty text', '', 'application/x-www-form-urlencoded', ''],
  ])('%s as the body', async (_, data, contentType, text) => {
    for (const method of ['post', 'put', 'patch'] as const) {
      await createClient()[method]('/items', data);
      expect(lastRequest()).toMatchObject({ method: method.toUpperCase(), contentType, text });
    }
  });

  it.each(['get', 'delete', 'head', 'options'] as const)('%s, without and with a body', async (method) => {
    await createClient().request({ method, url: '/items' });
    expect(lastRequest()).toMatchObject({ method: method.toUpperCase(), text: '', contentType: undefined });
    await createClient().request({ method, url: '/items', data: { a: 1 } });
    expect(lastRequest()).toMatchObject({ text: '{"a":1}', contentType: 'application/json' });
  });

  it.each([
    ['', undefined, '/'],
    ['/a b/ü', undefined, '/a%20b/%C3%BC'],
    ['/model/anthropic.claude-v2:1/invoke', undefined, '/model/anthropic.claude-v2:1/invoke'],
    ['/a%2Fb', undefined, '/a%2Fb'],
    ['/a//b', undefined, '/a//b'],
    ['/a/../b/./c', undefined, '/b/c'],
    ['/?a=1+2&b', { c: 'x y', d: ['1', '+'] }, '/?a=1%202&b&c=x%20y&d%5B%5D=1&d%5B%5D=%2B'],
    ["/?q=it's&&r=#fragment", undefined, '/?q=it%27s&r='],
    ['/', { a: ':$,[]@!*()', e: '💛', n: null, u: undefined }, '/?a=%3A%24%2C%5B%5D%40%21%2A%28%29&e=%F0%9F%92%9B'],
    ['/', new URLSearchParams('x=1&x=2&y= '), '/?x=1&x=2&y=%20'],
    ['/', {}, '/'],
  ])('%j with params %j', async (url, params, target) => {
    await createClient().get(url, { params: params as unknown });
    expect(lastRequest().target).toBe(target);
  });

  it('an absolute URL without a baseURL', async () => {
    await createClient({}, { baseURL: undefined }).get(`${origin}/absolute?x=y`);
    expect(lastRequest().target).toBe('/absolute?x=y');
  });

  it('a paramsSerializer', async () => {
    await createClient().get('/', {
      params: { a: 1 },
      paramsSerializer: (params: object) => `s=${JSON.stringify(params)}+`,
    });
    expect(lastRequest().target).toBe('/?s=%7B%22a%22%3A1%7D%20');
  });

  it('transforms, all of them, that change data and headers', async () => {
    const client = createClient({ signedHeaders: ['x-kept'] });
    await client.post(
      '/',
      { a: 1 },
      {
        transformRequest: [
          (data: object) => ({ ...data, b: 2 }),
          (data: object, headers) => {
            headers.set('X-Amz-Meta-Keys', Object.keys(data).join());
            headers.set('X-Kept', 'yes');
            return `<${JSON.stringify(data)}>`;
          },
        ],
      },
    );
    expect(lastRequest().text).toBe('<{"a":1,"b":2}>');
    expect(lastRequest().header('x-amz-meta-keys')).toStrictEqual(['a,b']);
    expect(lastRequest().header('authorization')[0]).toContain('x-amz-meta-keys;');
    expect(lastRequest().header('authorization')[0]).toContain(';x-kept,');
  });

  it('text in the charset that its content type names', async () => {
    await createClient().post('/', 'Grüße', { headers: { 'Content-Type': 'text/plain; charset=iso-8859-1' } });
    expect(lastRequest().body).toStrictEqual(Buffer.from('Grüße', 'latin1'));
  });

  it('headers in every shape that axios takes', async () => {
    const client = createClient(
      { signedHeaders: ['*'], contentSha256Header: true },
      { headers: { 'X-Default': 'd', common: { 'X-Common': 'c' } } },
    );
    await client.get('/', {
      headers: {
        'x-many': '  a   b\t c ',
        'X-Number': 5,
        'X-True': true,
        'X-False': false,
        'X-Null': null,
        'X-Empty': '',
      },
    });
    const [authorization] = lastRequest().header('authorization');
    expect(authorization).toContain(
      'SignedHeaders=accept;host;x-amz-content-sha256;x-amz-date;x-common;x-default;x-empty;x-many;x-number;x-true,',
    );
    expect(lastRequest().header('x-false')).toStrictEqual([]);
  });

  it('temporary credentials', async () => {
    await createClient({ credentials: temporary }).get('/');
    expect(lastRequest().header('x-amz-security-token')).toStrictEqual([temporary.sessionToken]);
  });
});

describe('the config', () => {
  it('of a response is as axios made it, without the signature', async () => {
    const { config } = await createClient().post('/items', { a: 1 }, { params: { b: 2 } });
    expect(config).toMatchObject({ baseURL: origin, url: '/items', params: { b: 2 }, data: '{"a":1}' });
    expect(lastRequest().header('authorization')).toHaveLength(1);
    expect(Object.keys(config.headers.toJSON()).sort()).toStrictEqual(['Accept', 'Content-Type']);
  });

  it('that is given is the one that comes back, with its headers, data and URL as they were', () => {
    const given = {
      url: `${origin}/items?x=1+2`,
      method: 'post',
      params: { a: 'b' },
      data: { c: 'd' },
      headers: new AxiosHeaders({ 'X-Own': '1' }),
      transformRequest: axios.defaults.transformRequest,
    } as InternalAxiosRequestConfig;
    const before = { ...given, headers: given.headers.toJSON() };
    expect(aws4Interceptor({ ...scope, credentials })(given)).toBe(given);
    const { adapter, transformRequest, ...after } = given;
    expect({ ...after, headers: given.headers.toJSON() }).toEqual({ ...before, transformRequest: undefined });
    expect(adapter).toBeInstanceOf(Function);
    expect(transformRequest).toContain([axios.defaults.transformRequest].flat()[0]);
  });

  it('of an error is the caller’s too', async () => {
    const error: unknown = await createClient({ credentials: { ...credentials, secretAccessKey: 'wrong' } })
      .get('/items', { params: { b: 2 } })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({
      status: 403,
      config: { url: '/items', params: { b: 2 } },
      response: { config: { url: '/items', params: { b: 2 } } },
    });
  });
});

describe('a request that is sent again', () => {
  it('is signed afresh, without what the first signing left', async () => {
    let token: string | undefined = temporary.sessionToken;
    const client = createClient({
      credentials: () => (token === undefined ? credentials : { ...temporary, sessionToken: token }),
    });
    now = () => new Date('2026-11-22T10:00:00Z');
    jest.useFakeTimers({ now: now(), doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
    try {
      const { config } = await client.post('/items?a=1+2', { a: 1 }, { params: { b: ' ' } });
      const first = lastRequest();
      now = () => new Date('2026-11-23T10:00:00Z');
      jest.setSystemTime(now());
      token = undefined;
      await client.request(config);
      const second = lastRequest();
      expect(second).toMatchObject({ method: 'POST', target: first.target, text: '{"a":1}' });
      expect(second.header('x-amz-date')).toStrictEqual(['20261123T100000Z']);
      expect(second.header('x-amz-security-token')).toStrictEqual([]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is signed afresh from copied headers', async () => {
    const { config } = await createClient({ credentials: temporary }).post('/', 'one');
    const sent = Object.fromEntries(lastRequest().headers.filter(([name]) => /^(?:x-amz-|authorization)/i.test(name)));
    expect(sent).toHaveProperty('X-Amz-Security-Token');
    await createClient().post('/', 'two', { headers: Object.assign(config.headers, sent) });
    expect(lastRequest().header('x-amz-security-token')).toStrictEqual([]);
  });

  it('by axios-retry is accepted', async () => {
    const client = createClient();
    let refusals = 2;
    client.interceptors.response.use((response) => {
      if (refusals-- > 0) throw new AxiosError('again', 'ECONNRESET', response.config);
      return response;
    });
    axiosRetry(client, { retries: 3, retryCondition: () => true });
    const count = server.requests.length;
    await client.post('/items', { a: 1 });
    expect(server.verifications.slice(count).map(({ verdict }) => verdict.ok)).toStrictEqual([true, true, true]);
    expect(lastRequest().text).toBe('{"a":1}');
  });

  it('without the interceptor is not sent with a signature of the past', async () => {
    now = () => new Date('2020-02-03T04:05:06Z');
    const { config } = await createClient({ clock: () => now().getTime() }).get('/');
    expect(lastRequest().header('x-amz-date')).toStrictEqual(['20200203T040506Z']);
    now = () => new Date('2020-02-03T05:05:06Z');
    await axios.request(config);
    expect(lastRequest().header('x-amz-date')).toStrictEqual(['20200203T050506Z']);
  });
});

describe('interceptors', () => {
  it.each(['before', 'after'])('that run %s ours and change everything are accepted', async (order) => {
    const client = axios.create({ baseURL: origin });
    const change = (config: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
      config.params = { ...(config.params as object), added: 'x y' };
      config.data = { ...(config.data as object), added: true };
      config.headers.set('X-Amz-Meta-Added', 'yes');
      config.url = `${config.url ?? ''}/added`;
      config.method = 'put';
      return config;
    };
    // axios runs them in reverse order of registration.
    if (order === 'after') client.interceptors.request.use(change);
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
    if (order === 'before') client.interceptors.request.use(change);
    await client.post('/items', { a: 1 }, { params: { b: 2 } });
    expect(lastRequest()).toMatchObject({
      method: 'PUT',
      target: '/items/added?b=2&added=x%20y',
      text: '{"a":1,"added":true}',
    });
    expect(lastRequest().header('authorization')[0]).toContain('x-amz-meta-added');
  });

  it.each([
    ['nothing to an object', undefined, { a: { b: 1 } }, 'application/json', /^\{"a":\{"b":1\}\}$/],
    [
      'an object to URLSearchParams',
      { a: 1 },
      new URLSearchParams('b=2'),
      'application/x-www-form-urlencoded;charset=utf-8',
      /^b=2$/,
    ],
    ['URLSearchParams to an object', new URLSearchParams('b=2'), { a: 1 }, 'application/json', /^\{"a":1\}$/],
    ['an object to bytes', { a: 1 }, Buffer.from('xy'), 'application/x-www-form-urlencoded', /^xy$/],
  ])('that change %s get the content type of what is sent', async (_, before, after, contentType, text) => {
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use((config) => ({ ...config, data: after as unknown }));
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
    await client.post('/', before);
    expect(lastRequest()).toMatchObject({ contentType, text: expect.stringMatching(text) as string });
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('that change an object to a form get its content type', async () => {
    const client = axios.create({ baseURL: origin });
    const form = new FormData();
    form.append('a', new Blob(['bytes']), 'a.txt');
    client.interceptors.request.use((config) => ({ ...config, data: form }));
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
    await client.post('/', { a: 1 });
    expect(lastRequest().contentType).toMatch(/^multipart\/form-data; boundary=/);
    expect(lastRequest().text).toContain('bytes');
  });

  it.each(['x-amz-date', 'X-Amz-Date'])('sign once where the caller wrote %s', async (name) => {
    const traces: SigningTrace[] = [];
    now = () => new Date('2020-02-03T04:05:06Z');
    const client = createClient({ onSigned: (trace) => traces.push(trace) });
    await client.get('/', { headers: { [name]: '20200203T040506Z', date: 'Mon, 03 Feb 2020 04:05:06 GMT' } });
    expect(traces).toHaveLength(1);
  });

  it('sign a form once, and a Blob', async () => {
    const traces: SigningTrace[] = [];
    const client = createClient({ onSigned: (trace) => traces.push(trace) });
    const form = new FormData();
    form.append('a', 'b');
    await client.post('/', form);
    await client.put('/', new Blob(['x'], { type: 'text/x' }));
    expect(traces).toHaveLength(2);
  });

  it('sign once where nothing changed', async () => {
    const traces: SigningTrace[] = [];
    await createClient({ onSigned: (trace) => traces.push(trace) }).post('/', { a: 1 }, { params: { b: 2 } });
    expect(traces).toHaveLength(1);
  });

  it('keep the caller’s own X-Amz-Date when they sign again', async () => {
    now = () => new Date('2020-02-03T04:05:06Z');
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use((config) => {
      config.headers.set('x-amz-meta-late', '1');
      return config;
    });
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
    await client.get('/', { headers: { 'x-amz-date': '20200203T040506Z' } });
    expect(lastRequest().header('x-amz-date')).toStrictEqual(['20200203T040506Z']);
  });

  it('may say no to the signature after it was made', async () => {
    const client = axios.create({ baseURL: origin, validateStatus: () => true });
    client.interceptors.request.use((config) => ({ ...config, aws4: false }));
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
    await client.get('/');
    expect(
      lastRequest()
        .headers.map(([name]) => name.toLowerCase())
        .filter((name) => /^(x-amz-|authorization)/.test(name)),
    ).toStrictEqual([]);
  });
});

describe('config.aws4', () => {
  it('overrides options for one request', async () => {
    const client = createClient({ region: 'nowhere', credentials: temporary });
    await client.get('/', { aws4: { region: 'eu-west-1', credentials } });
    expect(lastRequest().header('authorization')[0]).toContain('AKIDEXAMPLE/');
    expect(lastRequest().header('x-amz-security-token')).toStrictEqual([]);
  });

  it('leaves options alone that it names as undefined', async () => {
    await createClient().get('/', { aws4: { region: undefined, credentials: undefined } });
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('false sends the request as it is', async () => {
    const { config } = await createClient({}, { validateStatus: () => true }).get('/', { aws4: false });
    expect(lastRequest().header('authorization')).toStrictEqual([]);
    expect(config.headers.has('X-Amz-Date')).toBe(false);
  });

  it('false leaves a signature alone that the caller made', async () => {
    const { headers } = signRequest(
      { method: 'GET', url: `${origin}/own` },
      { ...scope, credentials, contentSha256Header: true },
    );
    await createClient().get('/own', { aws4: false, headers: { ...headers } as Record<string, string> });
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('false takes the signature off a request that was signed', async () => {
    const client = createClient({}, { validateStatus: () => true });
    const { config } = await client.get('/');
    await client.request({ ...config, aws4: false });
    expect(lastRequest().header('authorization')).toStrictEqual([]);
    expect(lastRequest().header('x-amz-date')).toStrictEqual([]);
  });

  it.each([
    [{ regoin: 'eu-west-1' }, 'ERR_INVALID_OPTION', /regoin/],
    [null, 'ERR_INVALID_OPTION', /config\.aws4/],
    [true, 'ERR_INVALID_OPTION', /config\.aws4/],
    [{ region: 'eu west' }, 'ERR_ENDPOINT', /region/],
    [{ credentials: { accessKeyId: 'x' } }, 'ERR_CREDENTIALS', /secretAccessKey/],
    [{ accessKeyId: 'x' }, 'ERR_CREDENTIALS', /signingKey/],
  ])('%j is refused', async (aws4, code, message) => {
    const error = await failure(createClient().get('/', { aws4: aws4 as Aws4Options }));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(error).toBeInstanceOf(Aws4AuthError);
  });
});

describe('region and service', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });
  const unset = { ...scope, region: undefined };

  if (platform.name === 'node') {
    it.each([
      [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'other' }],
      [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' }],
      [{ AWS_DEFAULT_REGION: 'eu-west-1' }],
    ])('the region comes from %j', async (variables) => {
      Object.assign(process.env, variables);
      await createClient(unset).get('/');
      expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
    });
  }

  it('a missing region is refused', async () => {
    delete process.env['AWS_REGION'];
    delete process.env['AWS_DEFAULT_REGION'];
    const error = await failure(createClient(unset).get('/'));
    expect(error).toBeInstanceOf(EndpointError);
    expect(error).toMatchObject({
      code: 'ERR_ENDPOINT',
      message: expect.stringContaining("region: 'eu-west-1'") as string,
    });
  });

  it('a missing service is refused', async () => {
    const error = await failure(createClient({ service: undefined }).get('/'));
    expect(error).toBeInstanceOf(EndpointError);
    expect(error).toMatchObject({ message: expect.stringContaining("service: 'execute-api'") as string });
  });
});

describe('credentials', () => {
  it('are asked for anew for each request', async () => {
    const sets = [credentials, temporary];
    const client = createClient({ credentials: () => Promise.resolve(sets.shift() ?? credentials) });
    await client.get('/');
    await client.get('/');
    expect(lastRequest().header('authorization')[0]).toContain('ASIAEXAMPLE/');
    await client.get('/');
    expect(lastRequest().header('x-amz-security-token')).toStrictEqual([]);
  });

  it('without a token take the one that the caller gave as a header, by redirects and again too', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = temporary;
    const client = createClient({ credentials: { accessKeyId, secretAccessKey } });
    const { config } = await client.get('/', { headers: { 'x-amz-security-token': sessionToken } });
    expect(lastRequest().header('x-amz-security-token')).toStrictEqual([sessionToken]);
    await client.request(config);
    expect(lastRequest().header('x-amz-security-token')).toStrictEqual([sessionToken]);
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('may be rotated in place', async () => {
    const own: { -readonly [K in keyof typeof temporary]?: string } = { ...credentials };
    const client = createClient({ credentials: own as typeof credentials });
    await client.get('/');
    Object.assign(own, temporary);
    await client.get('/');
    expect(lastRequest().header('x-amz-security-token')).toStrictEqual([temporary.sessionToken]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no network');
      },
      /provider failed/,
    ],
    ['rejects', () => Promise.reject(new Error('no network')), /provider failed/],
    ['gives nothing', () => undefined, /credentials/],
    ['gives no secret', () => ({ accessKeyId: 'x' }), /secretAccessKey/],
    ['gives an empty key id', () => ({ ...credentials, accessKeyId: '' }), /accessKeyId/],
  ])('a provider that %s is a CredentialsError', async (_, provider, message) => {
    const error = await failure(createClient({ credentials: provider as () => typeof credentials }).get('/'));
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error).toMatchObject({ code: 'ERR_CREDENTIALS', message: expect.stringMatching(message) as string });
  });

  it('the provider’s own error is the cause', async () => {
    const cause = new Error('no network');
    const error = await failure(createClient({ credentials: () => Promise.reject(cause) }).get('/'));
    expect(error).toMatchObject({ cause });
  });

  it('that cannot be right are refused at once', () => {
    expect(() => aws4Interceptor({ credentials: { accessKeyId: 'x', secretAccessKey: '' } })).toThrow(CredentialsError);
    expect(() => aws4Interceptor({ credentials: 'AKID' as never })).toThrow(CredentialsError);
  });

  it('auth beside them is refused, since axios would send it instead', async () => {
    const error = await failure(createClient().get('/', { auth: { username: 'u', password: 'hunter2' } }));
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining('auth') as string });
    const inUrl = await failure(createClient().get(origin.replace('//', '//u:hunter2@')));
    expect(inUrl).toMatchObject({ code: 'ERR_INVALID_URL', message: expect.not.stringContaining('hunter2') as string });
  });
});

describe('dates', () => {
  it.each([
    ['X-Amz-Date', '20200203T040506Z'],
    ['X-Amz-Date', '2020-02-03T06:05:06+02:00'],
    ['Date', 'Mon, 03 Feb 2020 04:05:06 GMT'],
    ['date', 'Monday, 03-Feb-20 04:05:06 GMT'],
    ['Date', 'Mon Feb  3 04:05:06 2020'],
  ])('%s: %s is the moment of signing', async (name, value) => {
    now = () => new Date('2020-02-03T04:05:06Z');
    await createClient().get('/', { headers: { [name]: value } });
    expect(lastRequest().header('x-amz-date')).toStrictEqual(['20200203T040506Z']);
    if (name.toLowerCase() === 'date') expect(lastRequest().header('date')).toStrictEqual([value]);
  });

  it('X-Amz-Date comes before Date', async () => {
    const { config } = await createClient({}, { validateStatus: () => true }).get('/', {
      headers: { Date: 'Mon, 03 Feb 2020 04:05:06 GMT', 'X-Amz-Date': '20210101T000000Z' },
    });
    expect(config.headers.get('X-Amz-Date')).toBe('20210101T000000Z');
  });

  it('Date counts where X-Amz-Date cannot be read', async () => {
    now = () => new Date('2020-02-03T04:05:06Z');
    await createClient().get('/', { headers: { 'X-Amz-Date': 'soon', Date: 'Mon, 03 Feb 2020 04:05:06 GMT' } });
    expect(lastRequest().header('x-amz-date')).toStrictEqual(['20200203T040506Z']);
  });

  it('that cannot be read are replaced', async () => {
    await createClient().get('/', { headers: { 'X-Amz-Date': 'soon', Date: 'yesterday' } });
    expect(lastRequest().header('x-amz-date')[0]).toMatch(/^\d{8}T\d{6}Z$/);
    expect(lastRequest().header('date')).toStrictEqual([]);
  });

  it('that cannot be read are an error where that is asked for', async () => {
    const client = createClient({ onInvalidDate: 'throw' });
    const error = await failure(client.get('/', { headers: { Date: 'yesterday' } }));
    expect(error).toBeInstanceOf(DateFormatError);
    expect(error).toMatchObject({ message: expect.stringContaining('Date') as string });
    await client.get('/');
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('come from the clock', async () => {
    now = () => new Date('2031-12-31T23:59:59Z');
    await createClient({ clock: () => now().getTime() }).get('/');
    expect(lastRequest().header('authorization')[0]).toContain('/20311231/eu-west-1/');
  });

  it.each([NaN, Infinity, '2020', undefined])('from a clock that says %p are refused', async (time) => {
    const error = await failure(createClient({ clock: () => time as number }).get('/'));
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining('clock') as string });
  });
});

describe('a signing key', () => {
  const { accessKeyId } = credentials;
  const keyFor = (date: Date, options = {}): SigningKey =>
    new SigningKey(credentials.secretAccessKey, { date, ...scope }, options);
  const createKeyClient = (signingKey: SigningKey, options: Aws4Options = {}) => {
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use(aws4Interceptor({ signingKey, accessKeyId, ...options }));
    return client;
  };
  const yesterday = new Date(Date.now() - 86_400_000);

  it('signs without its secret', async () => {
    await createKeyClient(keyFor(new Date(), { keepSecret: false }), { onDateMismatch: 'throw' }).post('/', { a: 1 });
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('signs with a session token', async () => {
    const signingKey = new SigningKey(temporary.secretAccessKey, { date: new Date(), ...scope });
    await createKeyClient(signingKey, { accessKeyId: temporary.accessKeyId, sessionToken: temporary.sessionToken }).get(
      '/',
    );
    expect(lastRequest().header('x-amz-security-token')).toStrictEqual([temporary.sessionToken]);
  });

  it('of another day is derived again by default', async () => {
    const client = createKeyClient(keyFor(yesterday));
    await client.get('/');
    await client.get('/');
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('of another day is an error where that is asked for', async () => {
    const error = await failure(createKeyClient(keyFor(yesterday), { onDateMismatch: 'throw' }).get('/'));
    expect(error).toBeInstanceOf(DateMismatchError);
    expect(error).toMatchObject({
      code: 'ERR_DATE_MISMATCH',
      message: expect.stringContaining('onDateMismatch') as string,
    });
  });

  it('of another day is kept where that is asked for, and the server says no', async () => {
    const client = createKeyClient(keyFor(yesterday), { onDateMismatch: 'keep' });
    await expect(client.get('/')).rejects.toMatchObject({ status: 403 });
    expect(lastRequest().header('authorization')[0]).toContain(`/${keyFor(yesterday).date}/eu-west-1/`);
  });

  it('of another day is not derived again without its secret', async () => {
    const error = await failure(createKeyClient(keyFor(yesterday, { keepSecret: false })).get('/'));
    expect(error).toBeInstanceOf(NoSecretKeyError);
  });

  it('says for which region and service it is', async () => {
    const error = await failure(createKeyClient(keyFor(new Date())).get('/', { aws4: { region: 'us-east-1' } }));
    expect(error).toBeInstanceOf(EndpointError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^region: .*us-east-1.*eu-west-1/) as string });
  });

  it.each([
    ['without accessKeyId', { signingKey: keyFor(yesterday) }, /accessKeyId/],
    ['beside credentials', { signingKey: keyFor(yesterday), accessKeyId, credentials }, /signingKey/],
    ['missing beside accessKeyId', { accessKeyId }, /accessKeyId/],
    ['missing beside sessionToken', { sessionToken: 'x' }, /sessionToken/],
  ])('%s is refused at once', (_, options, message) => {
    expect(() => aws4Interceptor(options)).toThrow(CredentialsError);
    expect(() => aws4Interceptor(options)).toThrow(message);
  });
});

describe('options', () => {
  it.each([
    ['an unknown name', { regoin: 'eu-west-1' }, /regoin/],
    ['a region that is no text', { region: 5 }, /region/],
    ['a service that is no text', { service: null }, /service/],
    ['a key that is none', { signingKey: 'key' }, /signingKey/],
    ['onDateMismatch', { onDateMismatch: 'ignore' }, /onDateMismatch/],
    ['onInvalidDate', { onInvalidDate: 'ignore' }, /onInvalidDate/],
    ['signedHeaders', { signedHeaders: 'host' }, /signedHeaders/],
    ['a header pattern', { signedHeaders: ['*-x'] }, /signedHeaders/],
    ['payload', { payload: 'none' }, /payload/],
    ['clock', { clock: 5 }, /clock/],
    ['onSigned', { onSigned: 'log' }, /onSigned/],
    ['no options at all', null, /options/],
  ])('%s: refused at once', (_, options, message) => {
    const make = (): unknown => aws4Interceptor(options as Aws4Options);
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }));
  });

  it.each([
    [{ region: '' }, /region/],
    [{ service: 'a/b' }, /service/],
  ])('%j: an EndpointError at once', (options, message) => {
    expect(() => aws4Interceptor(options)).toThrow(EndpointError);
    expect(() => aws4Interceptor(options)).toThrow(message);
  });

  it('onSigned gets the trace that the server computes, with the token redacted', async () => {
    const traces: SigningTrace[] = [];
    const onSigned = (trace: SigningTrace): void => void traces.push(trace);
    await createClient({ onSigned }).get('/');
    const verdict = server.verifications.at(-1)?.verdict;
    expect(traces).toMatchObject([
      { canonicalRequest: verdict?.canonicalRequest, stringToSign: verdict?.stringToSign },
    ]);
    await createClient({ onSigned, credentials: temporary }).get('/');
    expect(JSON.stringify(traces)).not.toContain(temporary.sessionToken);
    expect(traces[1]?.canonicalRequest).toContain('\nx-amz-security-token:REDACTED\n');
  });

  const full = new Error('log is full');
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw full;
      },
    ],
    ['rejects', () => Promise.reject(full)],
    [
      'gives a thenable that rejects',
      () => ({
        then: (_: unknown, reject: (error: unknown) => void) => {
          reject(full);
        },
      }),
    ],
  ])('an onSigned that %s breaks no request, and is told to the console', async (_, onSigned) => {
    const told = jest.spyOn(console, 'error').mockImplementation();
    try {
      const { status } = await createClient({ onSigned }).get('/');
      expect(status).toBe(200);
      expect(told.mock.calls).toStrictEqual([[expect.stringContaining('onSigned'), full]]);
    } finally {
      told.mockRestore();
    }
  });

  it.each([
    ...['X-Amz-Server-Side-Encryption-Customer-Key', 'x-amz-copy-source-server-side-encryption-customer-key'],
    ...['X-Amz-MFA', 'Cookie', 'X-Api-Key', 'Proxy-Authorization', 'X-Amz-Access-Token', 'X-Auth-Token', 'Api-Key'],
    ...['X-Client-Secret', 'x-password', 'X-Session-Id', 'x-functions-key'],
  ])('onSigned and aws4Sign do not show the header %s', async (name) => {
    const traces: SigningTrace[] = [];
    const onSigned = (trace: SigningTrace): void => void traces.push(trace);
    const given = { signedHeaders: [name], onSigned };
    const config = { headers: { [name]: 'hidden:a b', 'X-Amz-Meta-A': 'shown' } };
    await createClient({ ...given, credentials: temporary }).get('/', config);
    const { trace } = await aws4Sign({ url: `${origin}/`, ...config }, { ...scope, credentials: temporary, ...given });
    for (const each of [...traces, trace]) {
      expect(each.canonicalRequest).not.toContain('hidden');
      expect(each.canonicalRequest).not.toContain(temporary.sessionToken);
      expect(each.canonicalRequest).toContain(`\n${name.toLowerCase()}:REDACTED\n`);
      expect(each.canonicalRequest).toContain('\nx-amz-meta-a:shown\n');
    }
    expect(traces).toHaveLength(2);
  });

  it.each(['Idempotency-Key', 'X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id', 'X-Amz-Bucket-Key-Enabled'])(
    'onSigned shows the header %s, which is none',
    async (name) => {
      const traces: SigningTrace[] = [];
      const onSigned = (trace: SigningTrace): void => void traces.push(trace);
      await createClient({ onSigned, signedHeaders: [name] }).get('/', { headers: { [name]: '20261125T000000Z' } });
      expect(traces[0]?.canonicalRequest).toContain(`\n${name.toLowerCase()}:20261125T000000Z\n`);
    },
  );
});

describe('what cannot be signed', () => {
  it.each([
    ['a relative URL without baseURL', { url: '/items', baseURL: '' }, 'ERR_INVALID_URL'],
    ['a presigned URL', { url: '/object?X-Amz-Signature=0123' }, 'ERR_INVALID_URL'],
    ['a data: URL', { url: 'data:text/plain,x', baseURL: '' }, 'ERR_INVALID_URL'],
    ['params that axios cannot serialize', { params: { 'a[]': [Object.create(null)] } }, 'ERR_INVALID_URL'],
    [
      'an unknown charset',
      { method: 'post', data: 'x', headers: { 'Content-Type': 'a/b; charset=klingon' } },
      'ERR_CHARSET',
    ],
    [
      'text beyond its charset',
      { method: 'post', data: '💛', headers: { 'Content-Type': 'a/b; charset=us-ascii' } },
      'ERR_CHARSET',
    ],
    [
      'a Map that no transform serialised',
      { method: 'post', data: new Map(), transformRequest: [] },
      'ERR_UNSUPPORTED_BODY',
    ],
    [
      'a hash that is not the body’s',
      { method: 'post', data: 'x', headers: { 'x-amz-content-sha256': '0'.repeat(64) } },
      'ERR_PAYLOAD_HASH',
    ],
  ])('%s is refused before anything is sent', async (_, config, code) => {
    const error = await failure(createClient().request(config as AxiosRequestConfig));
    expect(error).toBeInstanceOf(Aws4AuthError);
    expect(error).toMatchObject({ code });
  });
});
