/** Bodies that must be read or hashed before they are sent, cancelling meanwhile, and what shows of secrets. */
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import axios, { AxiosError } from 'axios';
import FormDataPackage from 'form-data';
import { aws4Interceptor, type SigningTrace } from '../../lib/index.js';
import { setRoutedServer } from '../stand-ins/routed-server.js';
import { createCapture, createClient, credentials, failure, scope, temporary } from '../stand-ins/test-server.js';

const server = setRoutedServer({ allowUnsignedPayload: true });
const { last, isAccepted } = server;
let origin: string;
beforeAll(() => {
  ({ origin } = server);
});

const webStream = (...chunks: unknown[]): ReadableStream =>
  new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });

describe('a stream', () => {
  it.each([
    ['of Node', () => Readable.from([Buffer.from('ab'), 'ü'])],
    ['of the web', () => webStream(new TextEncoder().encode('ab'), 'ü')],
  ])('%s is read, and its bytes are signed', async (_, create) => {
    await createClient(origin, { contentSha256Header: true }).put('/', create());
    expect(last().text).toBe('abü');
    expect(last().header('x-amz-content-sha256')[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(isAccepted()).toBe(true);
  });

  it('that was read can be sent again', async () => {
    const client = createClient(origin);
    const { config } = await client.put('/', Readable.from(['abc']));
    await client.request(config);
    expect(last().text).toBe('abc');
    expect(isAccepted()).toBe(true);
  });

  it.each([
    ['of Node', () => Readable.from([Buffer.alloc(6), Buffer.alloc(6)])],
    ['of the web', () => webStream(new Uint8Array(6), new Uint8Array(6))],
  ])('%s with more than maxStreamBytes is refused, and the error names the ways out', async (_, create) => {
    const count = server.requests.length;
    const error = await failure(createClient(origin, { maxStreamBytes: 11 }).put('/', create()));
    expect(error).toMatchObject({ code: 'ERR_BODY_TOO_LARGE' });
    expect(String(error)).toMatch(/maxStreamBytes.*payload: 'unsigned'/);
    expect(server.requests.length).toBe(count);
    await createClient(origin, { maxStreamBytes: 12 }).put('/', create());
    expect(isAccepted()).toBe(true);
  });

  it('is sent unread under payload: unsigned', async () => {
    let reads = 0;
    const stream = new Readable({
      read() {
        this.push(reads++ < 3 ? 'abc' : null);
      },
    });
    await createClient(origin, { payload: 'unsigned', maxStreamBytes: 1 }).put('/', stream);
    expect(last().text).toBe('abcabcabc');
    expect(last().header('x-amz-content-sha256')).toStrictEqual(['UNSIGNED-PAYLOAD']);
    expect(isAccepted()).toBe(true);
  });

  it('is sent unread where the request itself says UNSIGNED-PAYLOAD', async () => {
    const headers = { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' };
    await createClient(origin, { maxStreamBytes: 1 }).put('/', Readable.from(['abc']), { headers });
    expect(last().text).toBe('abc');
    expect(isAccepted()).toBe(true);
  });

  it.each([
    [
      'that was read before',
      async () => {
        const stream = Readable.from(['x']);
        await stream.toArray();
        return stream;
      },
    ],
    ['that was destroyed', () => Promise.resolve(Readable.from(['x']).destroy())],
    [
      'that is being read',
      () => {
        const stream = webStream('x');
        stream.getReader();
        return Promise.resolve(stream);
      },
    ],
    ['of objects', () => Promise.resolve(Readable.from([{ a: 1 }]))],
  ])('%s is refused, and nothing hangs', async (_, create) => {
    const count = server.requests.length;
    const error = await failure(createClient(origin).put('/', await create()));
    expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
    expect(server.requests.length).toBe(count);
  });

  it('that was sent unread is refused the second time, where its bytes are gone', async () => {
    const client = createClient(origin, { payload: 'unsigned' });
    const { config } = await client.put('/', Readable.from(['abc']));
    const count = server.requests.length;
    expect(await failure(client.request(config))).toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
    expect(server.requests.length).toBe(count);
  });

  it('that fails rejects with its own error', async () => {
    const cause = new Error('disk is gone');
    const stream = new Readable({
      read() {
        this.destroy(cause);
      },
    });
    expect(await failure(createClient(origin).put('/', stream))).toBe(cause);
  });

  it('that a transform makes is read once', async () => {
    let runs = 0;
    const transformRequest = (data: string): Readable => {
      runs++;
      return Readable.from([data, data]);
    };
    await createClient(origin).put('/', 'ab', { transformRequest });
    expect(last().text).toBe('abab');
    expect(runs).toBe(1);
    expect(isAccepted()).toBe(true);
  });
});

describe('payload: unsigned', () => {
  it('over http to another machine must be asked for by the request', async () => {
    const { adapter, sent } = createCapture();
    const client = createClient('http://store.example', { payload: 'unsigned' }, { adapter });
    expect(await failure(client.put('/', 'x'))).toMatchObject({
      code: 'ERR_INVALID_OPTION',
      message: expect.stringMatching(/^payload: /) as string,
    });
    await client.put('/', 'x', { aws4: { payload: 'unsigned' } });
    expect(sent[0]?.headers.get('X-Amz-Content-Sha256')).toBe('UNSIGNED-PAYLOAD');
  });
});

describe('a form', () => {
  it.each(['http', 'fetch'])('of the platform goes out with its boundary, over %s', async (adapter) => {
    const form = new FormData();
    form.append('text', 'Grüße\n');
    form.append('file', new Blob(['bytes'], { type: 'text/x' }), 'na"me.txt');
    await createClient(origin, {}, { adapter }).post('/', form);
    const [, boundary = ''] = /^multipart\/form-data; boundary=(.+)$/.exec(last().contentType ?? '') ?? [];
    expect(last().text.split(`--${boundary}`)).toHaveLength(4);
    expect(last().text).toContain('name="file"; filename="na%22me.txt"\r\nContent-Type: text/x\r\n\r\nbytes\r\n');
    expect(isAccepted()).toBe(true);
  });

  it('of the form-data package goes out with its own headers, and can be sent again', async () => {
    const form = new FormDataPackage();
    form.append('a', 'b');
    form.append('file', Readable.from(['stream']), { filename: 'x.txt' });
    const client = createClient(origin);
    const { config } = await client.post('/', form);
    expect(last().contentType).toContain(form.getBoundary());
    expect(last().text).toContain('\r\n\r\nstream\r\n');
    expect(isAccepted()).toBe(true);
    const { text } = last();
    await client.request(config);
    expect(last().text).toBe(text);
    expect(isAccepted()).toBe(true);
  });

  it('of postForm is made once, and anew where data changed', async () => {
    const signed: string[] = [];
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use((config) => {
      if (config.params !== undefined) Object.assign(config.data as object, { late: 'yes' });
      return config;
    });
    const onSigned = ({ signature }: SigningTrace): void => void signed.push(signature);
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials, onSigned }));
    await client.postForm('/', { a: 'b' });
    expect(last().text).toContain('name="a"');
    expect(signed).toHaveLength(1);
    await client.postForm('/', { a: 'b' }, { params: { x: 1 } });
    expect(last().text).toContain('name="late"');
    expect(isAccepted()).toBe(true);
  });
});

describe('many bytes', () => {
  it('are hashed while other work goes on', async () => {
    const body = Buffer.alloc(16 * 1024 * 1024, 'x');
    let turns = 0;
    const interval = setInterval(() => turns++, 0);
    await createClient(origin).put('/', body);
    clearInterval(interval);
    expect(turns).toBeGreaterThan(3);
    expect(last().body.equals(body)).toBe(true);
    expect(isAccepted()).toBe(true);
  });

  it('of a Blob are read for their hash, and sent', async () => {
    const blob = new Blob(['x'.repeat(300_000), 'end'], { type: 'text/x' });
    await createClient(origin).put('/', blob);
    expect(last().body.length).toBe(300_003);
    expect(last().contentType).toBe('text/x');
    expect(isAccepted()).toBe(true);
  });
});

describe('cancelling while credentials load', () => {
  const never = (): Promise<never> => new Promise(() => undefined);

  it('by a signal rejects at once with axios’s own error', async () => {
    const controller = new AbortController();
    const count = server.requests.length;
    const sent = failure(createClient(origin, { credentials: never }).get('/', { signal: controller.signal }));
    setTimeout(() => {
      controller.abort();
    }, 10);
    const error = await sent;
    expect(axios.isCancel(error)).toBe(true);
    expect(error).toMatchObject({ code: 'ERR_CANCELED', config: { url: '/' } });
    expect(server.requests.length).toBe(count);
  });

  it('by a signal that was aborted before rejects too', async () => {
    const error = await failure(createClient(origin, { credentials: never }).get('/', { signal: AbortSignal.abort() }));
    expect(axios.isCancel(error)).toBe(true);
  });

  it('before it began is not even signed', async () => {
    const onSigned = jest.fn();
    const client = createClient(origin, { credentials: temporary, onSigned });
    const error = await failure(client.get('/', { signal: AbortSignal.abort() }));
    expect(axios.isCancel(error)).toBe(true);
    expect(onSigned).not.toHaveBeenCalled();
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain(temporary.sessionToken);
  });

  it('leaves no listener on a token that many requests share', async () => {
    const { token } = axios.CancelToken.source();
    const client = createClient(origin, { credentials: () => Promise.resolve(credentials) });
    for (let i = 0; i < 5; i++) await client.get('/', { cancelToken: token });
    expect(Reflect.get(token, '_listeners') ?? []).toHaveLength(0);
  });

  it('stops reading a stream', async () => {
    let reads = 0;
    const stream = new Readable({
      read() {
        setTimeout(() => this.push(`${String(reads++)} `), 1);
      },
    });
    const error = await failure(createClient(origin).put('/', stream, { timeout: 20 }));
    expect(error).toMatchObject({ code: 'ECONNABORTED' });
    expect(stream.destroyed).toBe(true);
  });

  it('by a cancel token rejects with its reason', async () => {
    const source = axios.CancelToken.source();
    const sent = failure(createClient(origin, { credentials: never }).get('/', { cancelToken: source.token }));
    setTimeout(() => {
      source.cancel('enough');
    }, 10);
    const error = await sent;
    expect(axios.isCancel(error)).toBe(true);
    expect(error).toMatchObject({ message: 'enough' });
  });

  it.each([
    [{}, AxiosError.ECONNABORTED, 'timeout of 20ms exceeded'],
    [{ transitional: { clarifyTimeoutError: true } }, AxiosError.ETIMEDOUT, 'timeout of 20ms exceeded'],
    [{ timeoutErrorMessage: 'too late' }, AxiosError.ECONNABORTED, 'too late'],
  ])('by a timeout with %j rejects with axios’s own error', async (config, code, message) => {
    const error = await failure(createClient(origin, { credentials: never }).get('/', { timeout: 20, ...config }));
    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({ code, message });
  });

  it('ends one request, and no other that waits for the same', async () => {
    let give: (value: typeof credentials) => void = () => undefined;
    const pending = new Promise<typeof credentials>((resolve) => (give = resolve));
    const client = createClient(origin, { credentials: () => pending });
    const controller = new AbortController();
    const canceled = failure(client.get('/', { signal: controller.signal }));
    const other = client.get('/', { signal: new AbortController().signal, timeout: 60_000 });
    controller.abort();
    expect(axios.isCancel(await canceled)).toBe(true);
    give(credentials);
    expect((await other).status).toBe(200);
  });
});

it('credentials of a promise that is not the global one are waited for', async () => {
  class PatchedPromise<T> extends Promise<T> {}
  const { Promise: original } = globalThis;
  const client = createClient(origin, { credentials: () => original.resolve(credentials) });
  globalThis.Promise = PatchedPromise;
  try {
    await client.get('/');
  } finally {
    globalThis.Promise = original;
  }
  expect(isAccepted()).toBe(true);
});

describe('secrets', () => {
  const shown = (value: unknown): string =>
    inspect(value, { depth: 9, showHidden: true }) +
    JSON.stringify(value, (key, v: unknown) => (key === 'request' ? undefined : v));

  it.each([
    ['a refusal', '/', { ...temporary, secretAccessKey: 'hunter2' }],
    ['a success', '/', temporary],
  ])('are not shown by %s', async (_, url, secret) => {
    const client = createClient(origin, { credentials: secret });
    const outcome: unknown = await client.get(url).catch((error: unknown) => error);
    const { config } = outcome as { config: { headers: { has: (name: string) => boolean } } };
    expect(shown(config)).not.toContain(secret.secretAccessKey);
    expect(shown(config)).not.toContain(secret.sessionToken);
    expect(config.headers.has('X-Amz-Security-Token')).toBe(false);
    expect(last().header('x-amz-security-token')).toStrictEqual([secret.sessionToken]);
    if (outcome instanceof AxiosError) {
      expect(JSON.stringify(outcome.toJSON())).not.toContain(secret.sessionToken);
      expect(outcome.message).not.toContain(secret.sessionToken);
    }
  });

  it('do not keep a config from being sent again', async () => {
    const client = createClient(origin, { credentials: temporary });
    const { config } = await client.get('/');
    await client.request(config);
    expect(last().header('x-amz-security-token')).toStrictEqual([temporary.sessionToken]);
    expect(isAccepted()).toBe(true);
  });
});

describe('what the caller says of the body', () => {
  it.each<[string, Record<string, string>]>([
    ['Content-Encoding: aws-chunked', { 'Content-Encoding': 'aws-chunked' }],
    ['Content-Encoding with aws-chunked in it', { 'content-encoding': 'gzip, AWS-chunked' }],
    ['X-Amz-Decoded-Content-Length', { 'x-amz-decoded-content-length': '5' }],
  ])('a STREAMING- literal stays where the body is in chunks, as %s says', async (_, framing) => {
    const { adapter, sent } = createCapture();
    const literal = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    const headers = { 'X-Amz-Content-Sha256': literal, ...framing };
    await createClient('http://localhost', {}, { adapter }).put('/', 'body', { headers });
    expect(sent[0]?.headers.get('X-Amz-Content-Sha256')).toBe(literal);
  });

  it.each<[string, string, unknown]>([
    ['text', '4', 'aüb'],
    ['bytes', '3', Buffer.from([1, 2, 3])],
    ['a Blob', '3', new Blob(['abc'])],
    ['nothing', '0', undefined],
    ['a stream that is read', '3', Readable.from(['abc'])],
  ])('a Content-Length that is the body’s is no error, for %s', async (_, length, data) => {
    await createClient(origin).put('/', data, { headers: { 'Content-Length': length } });
    expect(isAccepted()).toBe(true);
    expect(last().header('content-length')).toStrictEqual([length]);
  });

  it('a Content-Length stays the caller’s word for a stream that is sent unread', async () => {
    const config = { headers: { 'Content-Length': '3' } };
    await createClient(origin, { payload: 'unsigned' }).put('/', Readable.from(['abc']), config);
    expect(last().header('content-length')).toStrictEqual(['3']);
    expect(isAccepted()).toBe(true);
  });

  it.each([
    ['vpc-lattice-svcs', undefined],
    ['execute-api', 'unsigned'],
  ] as const)(
    'over http to another machine the request itself must ask to leave it unsigned: %s',
    async (service, payload) => {
      const { adapter, sent } = createCapture();
      const options = { service, ...(payload !== undefined && { payload }) };
      const client = createClient('http://a.example', options, { adapter });
      expect(await failure(client.put('/', 'x'))).toMatchObject({ code: 'ERR_INVALID_OPTION' });
      expect(sent).toHaveLength(0);
      await client.put('/', 'x', { aws4: { payload: 'unsigned' } });
      await client.put('/', 'x', { headers: { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' } });
      await createClient('http://a.example', options, { adapter, aws4: { payload: 'unsigned' } }).put('/', 'x');
      await createClient('https://a.example', options, { adapter }).put('/', 'x');
      await createClient('http://localhost:1', options, { adapter }).put('/', 'x');
      const sentHashes = sent.map(({ headers }) => headers.get('X-Amz-Content-Sha256'));
      expect(sentHashes).toStrictEqual(Array.from({ length: 5 }, () => 'UNSIGNED-PAYLOAD'));
    },
  );
});

describe('a URL that is an object', () => {
  it.each(['http', 'fetch'])('is read once, and what was read is signed and sent, over %s', async (adapter) => {
    class Changing {
      reads = 0;
      toString(): string {
        this.reads++;
        return this.reads === 1 ? `${origin}/first` : 'https://evil.example/';
      }
    }
    const url = new Changing();
    const { length } = server.requests;
    await createClient('', {}, { adapter }).get(url as unknown as string);
    expect(server.requests).toHaveLength(length + 1);
    expect(last().target).toBe('/first');
    expect(isAccepted()).toBe(true);
    expect(url.reads).toBe(1);
  });

  it('may be a URL', async () => {
    await createClient('').get(new URL('/a?b=c', origin) as unknown as string);
    expect(last().target).toBe('/a?b=c');
    expect(isAccepted()).toBe(true);
  });
});
