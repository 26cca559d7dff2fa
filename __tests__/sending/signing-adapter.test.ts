/** The one signing point: what the interceptor does to a config, and what the adapter that it puts there does. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import axios, {
  type AxiosError,
  AxiosHeaders,
  CanceledError,
  isAxiosError,
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosRequestConfig,
  type InternalAxiosRequestConfig,
} from 'axios';
import FormDataPackage from 'form-data';
import type * as index from '../../lib/index.js';
import { Aws4AuthError, aws4Interceptor, aws4Sign, CredentialsError, type Aws4Options } from '../../lib/index.js';
import { measureGrowth } from '../stand-ins/counted-steps.js';
import { setRoutedServer } from '../stand-ins/routed-server.js';
import { createCapture, createClient, credentials, failure, scope, temporary } from '../stand-ins/test-server.js';

const server = setRoutedServer({ allowUnsignedPayload: true });
const { last, isAccepted } = server;
let origin: string;
beforeAll(() => {
  ({ origin } = server);
});

const options = { ...scope, credentials } as const;
const createConfig = (config: Partial<InternalAxiosRequestConfig> = {}): InternalAxiosRequestConfig => ({
  url: `${origin}/`,
  method: 'get',
  headers: new AxiosHeaders({ 'X-Own': '1' }),
  ...config,
});

describe('the interceptor', () => {
  it('returns the very config that it was given, and leaves its headers alone', () => {
    const config = createConfig();
    const { headers } = config;
    expect(aws4Interceptor(options)(config)).toBe(config);
    expect(config.headers).toBe(headers);
    expect(headers.toJSON()).toEqual({ 'X-Own': '1' });
  });

  it.each<[string, (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig]>([
    ['is frozen', (config) => Object.freeze({ ...config })],
    ['is sealed', (config) => Object.seal({ ...config })],
    [
      'has an adapter that is only read',
      (config) => Object.defineProperty({ ...config }, 'adapter', { writable: false }),
    ],
    [
      'has a getter for its transforms',
      ({ transformRequest, ...config }) =>
        Object.defineProperty(config, 'transformRequest', { get: () => transformRequest, enumerable: true }),
    ],
  ])('copies a config that %s', async (_, edit) => {
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use(aws4Interceptor(options));
    client.interceptors.request.use(edit);
    await client.post('/frozen', { a: 1 });
    expect(isAccepted()).toBe(true);
  });

  // axios makes a copy of such a config, in which its own method `hasOwnProperty` is a property like any other.
  describe.each<[string, (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig]>([
    ['freezes the config', (config) => Object.freeze(config)],
    ['seals the config', (config) => Object.seal(config)],
    ['lets nothing be added to the config', (config) => Object.preventExtensions(config)],
    ['has the headers only be read', (config) => Object.defineProperty(config, 'headers', { writable: false })],
    ['has the URL only be read', (config) => Object.defineProperty(config, 'url', { writable: false })],
    ['has a getter for the URL', (config) => Object.defineProperty(config, 'url', { get: () => '/edited' })],
    [
      'copies by descriptors',
      (config) => Object.defineProperties({ ...config }, Object.getOwnPropertyDescriptors(config)),
    ],
  ])('beside an interceptor that %s', (_, edit) => {
    it.each(['before', 'after'])('signs, and so does what sends it again: one that runs %s it', async (order) => {
      const client = axios.create({ baseURL: origin });
      if (order === 'after') client.interceptors.request.use(edit);
      client.interceptors.request.use(aws4Interceptor(options));
      if (order === 'before') client.interceptors.request.use(edit);
      const { config } = await client.post('/edited', { a: 1 });
      expect([isAccepted(), last().text]).toStrictEqual([true, '{"a":1}']);
      await client.request(config);
      expect([isAccepted(), last().text]).toStrictEqual([true, '{"a":1}']);
    });
  });

  it('hands on what is no config, for axios to say so', () => {
    expect(aws4Interceptor(options)(undefined as never)).toBeUndefined();
  });

  it('is good as a synchronous interceptor, whose later neighbours are synchronous too', async () => {
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use(aws4Interceptor(options), null, { synchronous: true });
    await client.post('/synchronous', { a: 1 });
    expect(isAccepted()).toBe(true);
  });

  it.each<[string, AxiosRequestConfig]>([
    ['a URL that cannot be signed', { url: 'ftp://example.com/' }],
    ['options that are none', { aws4: 5 as never }],
    ['an unknown option', { aws4: { regoin: 'eu-west-1' } as never }],
    ['a method that is none', { method: 'G T' }],
  ])(
    'does not throw for %s, which a `rejected` handler would let go unsigned: the adapter rejects',
    async (_, config) => {
      const client = axios.create({ baseURL: origin });
      const rejected = jest.fn(() => Promise.resolve());
      client.interceptors.request.use(aws4Interceptor(options), rejected as never, { synchronous: true });
      const { length } = server.requests;
      expect(await failure(client.request({ url: '/', ...config }))).toBeInstanceOf(Aws4AuthError);
      expect(rejected).not.toHaveBeenCalled();
      expect(server.requests).toHaveLength(length);
    },
  );

  it('takes no second argument', () => {
    const create = aws4Interceptor as (...args: unknown[]) => unknown;
    expect(() => create(options, credentials)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        message: expect.stringContaining('one argument') as string,
      }),
    );
  });
});

describe('a later interceptor that replaces the adapter', () => {
  type Edit = (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig;
  const capture = createCapture();
  it.each<[string, Edit]>([
    ['by a name', (config) => Object.assign(config, { adapter: 'http' })],
    ['by several names', (config) => Object.assign(config, { adapter: ['xhr', 'http'] })],
    ['by a function', (config) => Object.assign(config, { adapter: axios.getAdapter('http') })],
    ['in a copy', (config) => ({ ...config, adapter: axios.getAdapter('fetch') })],
    ['by nothing', (config) => Object.assign(config, { adapter: undefined })],
    [
      'by deleting it',
      (config) => {
        delete config.adapter;
        return config;
      },
    ],
  ])('%s is signed all the same', async (_, edit) => {
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use(edit);
    client.interceptors.request.use(aws4Interceptor(options));
    await client.post('/replaced', { a: 1 }, { params: { b: 'c d' } });
    expect(isAccepted()).toBe(true);
    expect(last().text).toBe('{"a":1}');
  });

  it('by one of its own is signed too, and gets the copy', async () => {
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use((config) => Object.assign(config, { adapter: capture.adapter }));
    client.interceptors.request.use(aws4Interceptor(options));
    const { config } = await client.get('/own');
    expect(capture.sent).toHaveLength(1);
    expect(capture.sent[0]?.headers.get('Authorization')).toMatch(/^AWS4-/);
    expect(config.headers.has('Authorization')).toBe(false);
  });
});

describe('transforms run once, by axios', () => {
  const send = async (config: AxiosRequestConfig): Promise<void> => {
    await createClient(origin, { signedHeaders: ['x-count'] }).request({ method: 'post', url: '/', ...config });
    expect(isAccepted()).toBe(true);
  };

  it('where they change data in place, delete fields and count', async () => {
    const data = { list: [1], secret: 'x' } as { list: number[]; secret?: string };
    let runs = 0;
    await send({
      data,
      transformRequest: (given: typeof data) => {
        runs += 1;
        given.list.push(runs);
        delete given.secret;
        return JSON.stringify(given);
      },
    });
    expect(runs).toBe(1);
    expect(last().text).toBe('{"list":[1,1]}');
  });

  it('where they append to a form, to URLSearchParams, and to a header', async () => {
    const params = new URLSearchParams({ a: '1' });
    await send({
      data: params,
      transformRequest: [
        (given: URLSearchParams, headers) => {
          given.append('b', '2');
          headers.set('X-Count', `${String(headers.get('X-Count') ?? '')}+`);
          return given.toString();
        },
      ],
    });
    expect(last()).toMatchObject({ text: 'a=1&b=2' });
    expect(last().header('x-count')).toStrictEqual(['+']);
    const form = new FormData();
    await send({
      data: form,
      transformRequest: (given: FormData) => {
        given.append('a', 'b');
        return given;
      },
    });
    expect(last().text.match(/name="a"/g)).toHaveLength(1);
  });

  it('where they give a stream', async () => {
    let runs = 0;
    await send({
      data: 'x',
      transformRequest: () => {
        runs += 1;
        return Readable.from([Buffer.from('once')]);
      },
    });
    expect(runs).toBe(1);
    expect(last().text).toBe('once');
  });

  it.each([null, [], undefined])('where there are none (%p), as axios takes them', async (transformRequest) => {
    await send({
      data: 'text',
      headers: { 'Content-Type': 'text/plain' },
      transformRequest: transformRequest as never,
    });
    expect(last().text).toBe('text');
  });

  it.each([
    ['a view', () => new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2)],
    ['a view of other units', () => new Uint16Array(Uint16Array.of(0, 0x0302, 0).buffer, 2, 1)],
    ['a DataView', () => new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2)],
  ])('and %s stays its own bytes, from the caller and from a later interceptor', async (_, createView) => {
    await send({ data: createView() });
    expect([...last().body]).toStrictEqual([2, 3]);
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use((config) => Object.assign(config, { data: createView() }));
    client.interceptors.request.use(aws4Interceptor(options));
    await client.post('/', 'other');
    expect(isAccepted()).toBe(true);
    expect([...last().body]).toStrictEqual([2, 3]);
  });
});

describe('what is left behind', () => {
  it.each(['http', 'fetch'])('is the caller’s own config, by identity, over %s', async (adapter) => {
    const seen: unknown[] = [];
    const client = axios.create({ baseURL: origin, adapter });
    const config = createConfig({ data: 'x', method: 'post' });
    client.interceptors.request.use((given) => {
      seen.push(given);
      return given;
    });
    client.interceptors.request.use(aws4Interceptor({ ...options, credentials: temporary }));
    const response = await client.request(config);
    expect(response.config).toBe(seen[0]);
    const wrong = { ...temporary, secretAccessKey: 'other' };
    const error = await failure(client.request({ ...config, aws4: { credentials: wrong } }));
    expect(error).toMatchObject({ status: 403 });
    expect((error as AxiosError).config).toBe(seen[1]);
    expect((error as AxiosError).response?.config).toBe(seen[1]);
    for (const left of [seen[0], seen[1], (error as AxiosError).config]) {
      const shown = inspect(left, { depth: 12, showHidden: true });
      expect(shown).not.toContain('AWS4-HMAC');
      expect(shown).not.toContain(temporary.sessionToken);
      expect(shown).not.toContain(wrong.secretAccessKey);
    }
  });

  it('keeps the classes of the config and of its headers for an adapter that is given as a function', async () => {
    class OtherHeaders extends AxiosHeaders {}
    const { adapter, sent } = createCapture();
    const client = axios.create({ adapter });
    client.interceptors.request.use((config) => Object.assign(config, { headers: new OtherHeaders(config.headers) }));
    client.interceptors.request.use(aws4Interceptor(options));
    const { config } = await client.get('http://localhost/');
    expect(sent[0]?.headers).toBeInstanceOf(OtherHeaders);
    // axios's configs inherit from nothing; a copy has no more than the method that axios gives them.
    expect(Object.getPrototypeOf(config)).toBeNull();
    const prototype: unknown = Object.getPrototypeOf(sent[0]);
    expect(Object.getPrototypeOf(prototype)).toBeNull();
    expect(Reflect.ownKeys(Object(prototype))).toStrictEqual(['hasOwnProperty']);
  });

  it('has the bytes of a stream that was read, and the boundary of its form', async () => {
    const form = new FormDataPackage();
    form.append('a', 'b');
    const client = createClient(origin);
    const { config } = await client.post('/', form);
    const first = last();
    for (const again of [client.request(config), axios.request(config)]) {
      await again;
      expect(isAccepted()).toBe(true);
      expect(last()).toMatchObject({ text: first.text, contentType: first.contentType });
    }
  });
});

describe('a request that is sent again', () => {
  const bodies: [what: string, config: AxiosRequestConfig][] = [
    ['an object', { data: { a: [1, 'ü'] } }],
    ['text', { data: 'text', headers: { 'Content-Type': 'text/plain' } }],
    ['text without a type', { data: 'text' }],
    ['a JSON string', { data: '{"a":1}', headers: { 'Content-Type': 'application/json' } }],
    ['parameters', { data: new URLSearchParams({ a: 'b c' }) }],
    ['bytes', { data: Buffer.from([0, 1, 255]) }],
    ['a Blob', { data: new Blob(['x'], { type: 'text/x' }) }],
    ['nothing', {}],
  ];
  it.each(bodies.flatMap(([what, config]) => ['http', 'fetch'].map((adapter) => [what, adapter, config] as const)))(
    'with %s over %s goes out with the same method, URL, type and body, signed afresh',
    async (_, adapter, config) => {
      const client = createClient(origin, {}, { adapter });
      const other = createClient(origin, { credentials: temporary }, { adapter });
      const response = await client.request({ method: 'post', url: '/a b?c=d', params: { e: 'f g' }, ...config });
      const first = last();
      for (const send of [client, other, axios]) {
        await send.request(response.config);
        expect(isAccepted()).toBe(true);
        expect(last()).toMatchObject({
          method: first.method,
          target: first.target,
          contentType: first.contentType,
          text: first.text,
        });
      }
    },
  );

  it('by another instance of ours is that instance’s', async () => {
    const { config } = await createClient(origin).get('/');
    expect(last().header('x-amz-security-token')).toStrictEqual([]);
    await createClient(origin, { credentials: temporary }).request(config);
    expect(last().header('x-amz-security-token')).toStrictEqual([temporary.sessionToken]);
    expect(isAccepted()).toBe(true);
  });

  it('does not grow a list of transforms or adapters', async () => {
    const client = createClient(origin);
    let { config } = await client.get('/');
    const { length } = config.transformRequest as unknown[];
    for (let i = 0; i < 5; i++) ({ config } = await client.request(config));
    expect(config.transformRequest).toHaveLength(length);
  });

  it('with aws4: false on the way goes unsigned', async () => {
    const { config } = await createClient(origin).get('/');
    await failure(createClient(origin).request({ ...config, aws4: false }));
    expect(last().header('authorization')).toStrictEqual([]);
  });

  it('keeps its own options', async () => {
    const client = createClient(origin);
    const { config } = await client.get('/', { aws4: { credentials: temporary } });
    await client.request(config);
    expect(last().header('x-amz-security-token')).toStrictEqual([temporary.sessionToken]);
  });

  const consumed: [string, () => unknown][] = [
    ['a stream', () => Readable.from([Buffer.from('x')])],
    [
      'a form of the form-data package',
      () => {
        const form = new FormDataPackage();
        form.append('a', 'b');
        return form;
      },
    ],
    ['a web stream', () => new Blob(['x']).stream()],
  ];
  it.each(consumed)('whose body was %s, sent unread, is an error that says so', async (what, createBody) => {
    const adapter = what === 'a web stream' ? 'fetch' : 'http';
    const client = createClient(origin, { payload: 'unsigned' }, { adapter });
    const { config } = await client.post('/', createBody());
    expect(isAccepted()).toBe(true);
    for (const send of [client, axios]) {
      expect(await failure(send.request(config))).toMatchObject({
        code: 'ERR_UNSUPPORTED_BODY',
        message: expect.stringContaining('read before') as string,
      });
    }
  });
});

describe('several interceptors of ours', () => {
  const first: Aws4Options = { ...options, hosts: ['127.0.0.1'] };
  const second: Aws4Options = { ...options, credentials: temporary, hosts: ['127.0.0.1'] };
  const tokenBy = async (
    interceptors: readonly Aws4Options[],
    config: AxiosRequestConfig = {},
  ): Promise<string | undefined> => {
    const client = axios.create({ baseURL: origin, ...config });
    for (const each of interceptors) client.interceptors.request.use(aws4Interceptor(each));
    await client.get('/');
    expect(isAccepted()).toBe(true);
    return last().header('x-amz-security-token')[0];
  };
  const inOrder = { transitional: { legacyInterceptorReqResOrdering: false } } as AxiosRequestConfig;

  it.each([
    ['as axios has it', {}],
    ['in the order of registration', inOrder],
  ])('are one signature, by the last registered, where interceptors run %s', async (_, config) => {
    expect(await tokenBy([first, second], config)).toBe(temporary.sessionToken);
    expect(await tokenBy([second, first], config)).toBeUndefined();
  });

  it('are looked at for the final URL: the last that may sign there signs', async () => {
    const elsewhere = { ...second, hosts: ['store.example'], elsewhere: 'unsigned' } as const;
    expect(await tokenBy([first, elsewhere])).toBeUndefined();
    expect(await tokenBy([elsewhere, first])).toBeUndefined();
    const refusing = { ...second, hosts: ['store.example'] };
    expect(await tokenBy([first, refusing])).toBeUndefined();
  });

  it('refuse where none may sign and one refuses, and send unsigned otherwise', async () => {
    const client = axios.create({ baseURL: origin, validateStatus: null });
    const hosts = ['store.example'];
    client.interceptors.request.use(aws4Interceptor({ ...options, hosts, elsewhere: 'unsigned' }));
    client.interceptors.request.use(aws4Interceptor({ ...options, hosts, elsewhere: 'unsigned' }));
    await client.get('/');
    expect(last().header('authorization')).toStrictEqual([]);
    client.interceptors.request.use(aws4Interceptor({ ...options, hosts }));
    expect(await failure(client.get('/'))).toMatchObject({ code: 'ERR_UNTRUSTED_HOST' });
  });

  it('of two copies of the package are one signature too', async () => {
    const copy = await loadCopy();
    const traces: string[] = [];
    const onSigned = ({ scope: signedScope }: { readonly scope: string }): void => {
      traces.push(signedScope);
    };
    for (const isCopyLast of [false, true]) {
      const client = axios.create({ baseURL: origin });
      const own = aws4Interceptor({ ...first, onSigned });
      const others = copy.aws4Interceptor({ ...second, onSigned });
      for (const each of isCopyLast ? [own, others] : [others, own]) client.interceptors.request.use(each);
      await client.get('/', { aws4: { signedHeaders: ['x-own'] }, headers: { 'X-Own': '1' } });
      expect(isAccepted()).toBe(true);
      expect(last().header('x-amz-security-token')).toStrictEqual(isCopyLast ? [temporary.sessionToken] : []);
      expect(last().header('authorization')[0]).toContain('x-own');
    }
    expect(traces).toHaveLength(2);
  });

  const registered = (count: number, own: Aws4Options): AxiosInstance => {
    const client = axios.create({ baseURL: origin });
    // Each is another, as those of tenants are.
    for (let i = 0; i < count; i++) client.interceptors.request.use(aws4Interceptor({ ...options, ...own }));
    return client;
  };

  it('cost what they are, and not their square, however many there are', async () => {
    const send = (count: number) => registered(count, { hosts: ['127.0.0.1'] }).get('/');
    expect(await measureGrowth(send, 100)).toBeLessThan(5);
    expect(isAccepted()).toBe(true);
  });

  it('are all asked, where there are more than a stack holds calls', async () => {
    const client = registered(10_000, { hosts: ['store.example'], elsewhere: 'unsigned' });
    await client.get('/', { validateStatus: null });
    expect(last().header('authorization')).toStrictEqual([]);
    client.interceptors.request.use(aws4Interceptor({ ...options, hosts: ['store.example'] }));
    expect(await failure(client.get('/'))).toMatchObject({ code: 'ERR_UNTRUSTED_HOST' });
  });
});

type Package = typeof index;

/** The package once more, with classes and symbols of its own but for those of `Symbol.for`. */
async function loadCopy(): Promise<Package> {
  let copy: Promise<Package> | undefined;
  jest.isolateModules(() => {
    copy = import('../../lib/index.js');
  });
  if (copy === undefined) throw new Error('isolateModules runs its callback at once');
  return copy;
}

describe('errors', () => {
  it('bear what axios’s own bear, not enumerable, and no secret', async () => {
    const client = createClient(origin);
    const error = await failure(client.get('/', { auth: { username: 'a', password: 'hunter2' } }));
    expect(error).toBeInstanceOf(Aws4AuthError);
    expect(isAxiosError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', config: { url: '/' } });
    expect(Object.keys(error as object).filter((name) => /isAxiosError|config|toJSON/.test(name))).toStrictEqual([]);
    expect(JSON.stringify(error)).toContain('ERR_INVALID_OPTION');
    expect(JSON.stringify(error) + inspect(error)).not.toContain('hunter2');
  });

  it('that several requests share bear each its own config', async () => {
    const provider = () => Promise.reject(new Error('vault sealed'));
    const client = createClient(origin, { credentials: provider });
    const errors = await Promise.all(['/a', '/b', '/c'].map((url) => failure(client.get(url))));
    for (const [i, error] of errors.entries()) {
      expect(error).toBeInstanceOf(CredentialsError);
      expect(error).toMatchObject({ code: 'ERR_CREDENTIALS', config: { url: ['/a', '/b', '/c'][i] } });
    }
  });

  it('of others bear it too where they stop a request before it is sent', async () => {
    const broken = new Readable({
      read() {
        this.destroy(new Error('disk gone'));
      },
    });
    const error = await failure(createClient(origin).post('/', broken));
    expect(error).toMatchObject({ message: 'disk gone', config: { url: '/' }, isAxiosError: true });
  });
});

describe('the limits of a request', () => {
  const never = (): Promise<never> => new Promise(() => undefined);

  it('are one timeout for credentials and every try, of which the copy has the rest', async () => {
    const { adapter, sent } = createCapture();
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return credentials;
    };
    const client = createClient('https://example.com', { credentials: slow }, { adapter });
    const { config } = await client.get('/', { timeout: 600_000 });
    expect(sent[0]?.timeout).toBeLessThan(600_000);
    expect(config.timeout).toBe(600_000);
    const impatient = createClient('https://example.com', { credentials: never }, { adapter });
    expect(await failure(impatient.get('/', { timeout: 5 }))).toMatchObject({
      code: 'ECONNABORTED',
      message: 'timeout of 5ms exceeded',
    });
  });

  it('are looked at again after signing, for adapters that ignore signals', async () => {
    const { adapter, sent } = createCapture();
    const aborting = new AbortController();
    const onSigned = (): void => {
      aborting.abort();
    };
    const client = createClient('https://example.com', { onSigned }, { adapter });
    expect(await failure(client.get('/', { signal: aborting.signal }))).toBeInstanceOf(CanceledError);
    expect(sent).toHaveLength(0);
  });
});

describe('aws4Sign', () => {
  const adapterThatMustNotSend: AxiosAdapter = () => Promise.reject(new Error('it was sent'));

  it('gives what would be sent, and the server takes it', async () => {
    const { method, url, headers, body, trace } = await aws4Sign(
      { method: 'post', baseURL: origin, url: '/a b', params: { c: 'd e' }, data: { f: 'ü' } },
      options,
    );
    expect({ method, url, body }).toStrictEqual({
      method: 'POST',
      url: `${origin}/a%20b?c=d%20e`,
      body: '{"f":"ü"}',
    });
    const { length } = server.requests;
    const response = await fetch(url, { method, headers: headers as Record<string, string>, body: body as string });
    expect(response.status).toBe(200);
    expect(server.requests).toHaveLength(length + 1);
    expect(isAccepted()).toBe(true);
    expect(trace.canonicalRequest.split('\n')[0]).toBe('POST');
  });

  it('runs the transforms, sends nothing, and takes config.aws4', async () => {
    const { headers, body, trace } = await aws4Sign(
      {
        url: 'https://example.com/',
        data: 'x',
        method: 'put',
        transformRequest: (data: string) => `${data}${data}`,
        adapter: adapterThatMustNotSend,
        aws4: { credentials: temporary, contentSha256Header: true },
      },
      options,
    );
    expect(body).toBe('xx');
    expect(headers['X-Amz-Content-Sha256']).toBe(createHash('sha256').update('xx').digest('hex'));
    expect(headers['X-Amz-Security-Token']).toBe(temporary.sessionToken);
    expect(trace.canonicalRequest).not.toContain(temporary.sessionToken);
  });

  it('has nothing to sign under aws4: false', async () => {
    expect(await failure(aws4Sign({ url: 'https://example.com/', aws4: false }, options))).toMatchObject({
      code: 'ERR_INVALID_OPTION',
    });
  });
});
