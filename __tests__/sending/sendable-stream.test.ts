/** Every kind of stream over every adapter: what arrives of it, and what is refused before anything hangs or ends the process. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { PassThrough, Readable, Stream } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import axios, { type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios';
import FormDataPackage from 'form-data';
import { aws4Sign, type Aws4Options } from '../../lib/index.js';
import { setRoutedServer } from '../stand-ins/routed-server.js';
import { createCapture, createClient, credentials, failure, scope } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const server = setRoutedServer({ allowUnsignedPayload: true });
const { last, isAccepted } = server;
let origin: string;
beforeAll(() => {
  ({ origin } = server);
});

const unsigned: Aws4Options = { payload: 'unsigned' };
const isNode = platform.name === 'node';
const CHUNKS = ['one, ', '', 'two, ', 'ü'] as const;
const TEXT = CHUNKS.join('');
const asBytes = (chunk: string): Uint8Array => new TextEncoder().encode(chunk);
const asText = (chunk: string): string => chunk;

function createWebStream(chunks: readonly unknown[]): ReadableStream<unknown> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

// eslint-disable-next-line @typescript-eslint/require-await -- as those of users, which wait for something
async function* generateLater(chunks: readonly unknown[]): AsyncGenerator {
  yield* chunks;
}

function* generate(chunks: readonly unknown[]): Generator {
  yield* chunks;
}

class Source {
  readonly name = 'a source';
  constructor(private readonly chunks: readonly unknown[]) {}
  [Symbol.asyncIterator](): AsyncGenerator {
    return generateLater(this.chunks);
  }
}

const iterables: readonly [string, (chunks: readonly unknown[]) => unknown][] = [
  ['an async generator', generateLater],
  ['an async iterable', (chunks) => ({ [Symbol.asyncIterator]: () => generateLater(chunks) })],
  ['an object of a class that is async iterable', (chunks) => new Source(chunks)],
  ['a generator', generate],
];
const webStreams: typeof iterables = [
  ['a web stream', createWebStream],
  ['a web stream of bytes', (chunks) => new Blob(chunks as string[]).stream()],
];
const nodeStreams: typeof iterables = [
  ['a Node stream', (chunks) => Readable.from(chunks)],
  ['a Node stream without object mode', (chunks) => Readable.from(chunks, { objectMode: false })],
];

describe.each<[string, Aws4Options]>([
  ['unread', unsigned],
  ['read into memory', { maxStreamBytes: 1000 }],
])('%s', (how, options) => {
  /** What is sent unread is converted for the http adapter, which takes streams of Node alone. */
  const isConverted = how === 'unread';

  describe.each(['http', 'fetch'] as const)('over the %s adapter', (adapter) => {
    const client = () => createClient(origin, options, { adapter });
    const needsNode = isConverted && !isNode;

    describe.each([asBytes, asText])('of %p', (encode) => {
      it.each([...iterables, ...webStreams, ...nodeStreams])('%s arrives whole', async (name, create) => {
        const isOfNode = name.startsWith('a Node');
        const isText = encode === asText;
        // Plain axios sends these so, and fetch takes no text in a stream, nor an empty piece of a Node stream.
        const isLeft = isConverted && adapter === 'fetch' && (needsNode ? isOfNode : name === 'a web stream');
        if (isLeft && (isOfNode || isText)) return;
        const sending = client().put('/upload', create(CHUNKS.map((chunk) => encode(chunk))));
        if (needsNode && adapter === 'http' && !isOfNode) {
          expect(await failure(sending)).toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
          return;
        }
        await sending;
        expect(last().text).toBe(TEXT);
        expect(isAccepted()).toBe(true);
      });
    });

    it.each([...iterables, ...webStreams.slice(0, 1)])(
      '%s that is sent twice is refused the second time',
      async (name, create) => {
        if (needsNode && adapter === 'http') return;
        const data = create([asBytes('x')]);
        await client().put('/upload', data);
        const count = server.requests.length;
        const again = client().put('/upload', data);
        if (name.startsWith('an async iterable') || name.startsWith('an object')) {
          // It begins anew each time.
          expect((await again).status).toBe(200);
          expect(last().text).toBe('x');
          return;
        }
        expect(await failure(again)).toMatchObject({
          code: 'ERR_UNSUPPORTED_BODY',
          message: expect.stringContaining('read before') as string,
        });
        expect(server.requests).toHaveLength(count);
      },
    );

    it.each([...iterables, ...nodeStreams.slice(0, 1), ...webStreams.slice(0, 1)])(
      '%s of ArrayBuffers arrives whole',
      async (name, create) => {
        const isOfNode = name.startsWith('a Node');
        // Plain axios and fetch refuse these, and are left to do it.
        if (isConverted && adapter === 'fetch' && (name === 'a web stream' || (needsNode && isOfNode))) return;
        if (needsNode && adapter === 'http') return;
        await client().put('/upload', create(CHUNKS.map((chunk) => Uint8Array.from(asBytes(chunk)).buffer)));
        expect(last().text).toBe(TEXT);
        expect(isAccepted()).toBe(true);
      },
    );

    it.each(iterables)('%s of what is neither is an error by name', async (_, create) => {
      if (needsNode) return;
      const error = await failure(client().put('/upload', create([asBytes('x'), { a: 1 }])));
      expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
    });

    it.each([...iterables, ...nodeStreams.slice(0, 1), ...webStreams.slice(0, 1)])(
      '%s of what is neither bytes nor text is an error',
      async (name, create) => {
        // axios's own pipe has such a chunk thrown where nobody catches it.
        if (needsNode && name.startsWith('a Node')) return;
        expect(await failure(client().put('/upload', create([{ a: 1 }])))).toBeInstanceOf(Error);
      },
    );
  });
});

describe('what was used', () => {
  const readPartly = async (): Promise<unknown> => {
    const stream = createWebStream(['a', 'b']);
    const reader = stream.getReader();
    await reader.read();
    reader.releaseLock();
    return stream;
  };
  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['a web stream that was read in part', readPartly, /read before/],
    ['a web stream that was cancelled', async () => { const stream = createWebStream(['a']); await stream.cancel(); return stream; }, /read before/], // prettier-ignore
    ['a web stream that is locked', () => { const stream = createWebStream(['a']); stream.getReader(); return Promise.resolve(stream); }, /locked/], // prettier-ignore
    ['a Node stream that was destroyed', () => Promise.resolve(Readable.from(['a']).destroy()), /destroyed/],
    ['a Node stream that was read in part', async () => { const stream = Readable.from(['a', 'b']); await once(stream, 'readable'); stream.read(); return stream; }, /read before/], // prettier-ignore
    ['a Node stream that has ended', async () => { const stream = Readable.from(['a']); await stream.toArray(); return stream; }, /read before/], // prettier-ignore
  ])('%s is refused by name', async (_, create, words) => {
    for (const options of [unsigned, {}]) {
      for (const adapter of ['http', 'fetch']) {
        const count = server.requests.length;
        const error = await failure(createClient(origin, options, { adapter }).put('/', await create()));
        expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED_BODY', message: expect.stringMatching(words) as string });
        expect(server.requests).toHaveLength(count);
      }
    }
  });
});

describe('a stream that fails', () => {
  it.each(['http', 'fetch'])('while the request waits for its signature is that error, over %s', async (adapter) => {
    for (const options of [unsigned, {}]) {
      const error = await failure(
        createClient(origin, { ...options, credentials: () => delay(50, credentials) }, { adapter }).put(
          '/',
          createReadStream('/nowhere/at/all'),
        ),
      );
      expect(error).toMatchObject({ code: 'ENOENT' });
    }
  });

  it('while another interceptor waits is that error', async () => {
    const client = createClient(origin, unsigned, { adapter: 'http' });
    // It runs after ours: the transforms have not run yet.
    client.interceptors.request.use((config) => config);
    const gone = new Error('disk is gone');
    const stream = new PassThrough();
    const sending = client.put('/', stream, {
      aws4: {
        credentials: () => {
          stream.destroy(gone);
          return delay(20, credentials);
        },
      },
    });
    expect(await failure(sending)).toBe(gone);
  });

  it('is ended where the request fails', async () => {
    const stream = new PassThrough();
    const isClosed = new Promise((resolve) => stream.once('close', resolve));
    const controller = new AbortController();
    const sending = createClient(origin, unsigned, { adapter: 'http' }).put('/', stream, { signal: controller.signal });
    stream.write('begun');
    setTimeout(() => {
      controller.abort();
    }, 50);
    expect(axios.isCancel(await failure(sending))).toBe(true);
    if (isNode) await isClosed;
    stream.destroy();
  });
});

const itInNode = isNode ? it : it.skip;

describe('what passes is counted', () => {
  const kinds = [...nodeStreams.slice(0, 1), ...webStreams.slice(0, 1), ...iterables.slice(0, 1)];
  itInNode.each(
    kinds.flatMap(([name, create]) => [[name, '7', 'only 3', create] as const, [name, '2', 'more', create] as const]),
  )('%s beside a Content-Length of %s is an error, not a hang', async (_, length, words, create) => {
    const headers = { 'Content-Length': length };
    const client = createClient(origin, unsigned, { adapter: 'http' });
    const error = await failure(client.put('/', create([asBytes('abc')]), { headers }));
    expect(error).toMatchObject({ code: 'ERR_INVALID_HEADER', name: 'Aws4AuthError' });
    expect(String(error)).toMatch(new RegExp(`Content-Length: is ${length}.*${words}`));
  });

  itInNode.each(kinds)('%s beside its Content-Length goes under it', async (_, create) => {
    const client = createClient(origin, unsigned, { adapter: 'http' });
    await client.put('/', create([asBytes('abc')]), { headers: { 'content-length': '3' } });
    expect(last().header('content-length')).toStrictEqual(['3']);
    expect(last().header('transfer-encoding')).toStrictEqual([]);
    expect(last().text).toBe('abc');
  });

  itInNode.each(kinds)('%s longer than maxBodyLength is axios’s error', async (_, create) => {
    const client = createClient(origin, unsigned, { adapter: 'http', maxBodyLength: 4 });
    await client.put('/', create([asBytes('ab'), asBytes('cd')]));
    const error = await failure(client.put('/', create([asBytes('ab'), asBytes('cde')])));
    expect(error).toMatchObject({ name: 'AxiosError', code: 'ERR_BAD_REQUEST', isAxiosError: true });
    expect(String(error)).toContain('maxBodyLength');
  });
});

describe('a stream that an adapter cannot send', () => {
  const createXhr = (): AxiosAdapter =>
    Object.assign((config: InternalAxiosRequestConfig) => Promise.reject(new Error(`sent ${String(config.data)}`)), {});

  it.each([...webStreams, ...nodeStreams, ...iterables])(
    '%s over xhr is refused, and the error says what to do',
    async (_, create) => {
      const xhr = createXhr();
      const known = jest.spyOn(axios, 'getAdapter').mockImplementation((asked) => {
        if (asked === 'xhr' || asked === xhr) return xhr;
        throw new Error('There is none of that name');
      });
      try {
        const error = await failure(createClient(origin, unsigned, { adapter: xhr }).put('/', create([asBytes('x')])));
        expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
        expect(String(error)).toMatch(/data: the xhr adapter.*adapter: 'fetch'.*Blob.*payload: 'signed'/);
      } finally {
        known.mockRestore();
      }
    },
  );

  it.each([...webStreams.slice(0, 1), ...iterables])(
    '%s over a fetch that makes text of streams is refused',
    async (_, create) => {
      const Original = globalThis.Request;
      globalThis.Request = class extends Original {
        constructor(input: RequestInfo | URL, init: RequestInit = {}) {
          super(input, { ...init, body: '[object ReadableStream]' });
        }
      };
      try {
        const client = createClient(origin, unsigned, { adapter: 'fetch' });
        expect(await failure(client.put('/', create([asBytes('x')])))).toMatchObject({
          code: 'ERR_UNSUPPORTED_BODY',
          message: expect.stringContaining('fetch adapter') as string,
        });
      } finally {
        globalThis.Request = Original;
      }
    },
  );

  it.each(iterables)('%s where there are no web streams is refused, not sent as {}', async (_, create) => {
    const Original = globalThis.ReadableStream;
    Reflect.deleteProperty(globalThis, 'ReadableStream');
    try {
      const { adapter, sent } = createCapture();
      const error = await failure(createClient(origin, unsigned, { adapter }).put('/', create([asBytes('x')])));
      expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
      expect(sent).toStrictEqual([]);
    } finally {
      globalThis.ReadableStream = Original;
    }
  });
});

describe('an adapter of the caller’s own', () => {
  it('gets the caller’s own stream', async () => {
    const { adapter, sent } = createCapture();
    const client = createClient(origin, unsigned, { adapter });
    for (const stream of [Readable.from(['x']), createWebStream(['x'])]) {
      await client.put('/', stream);
      expect(sent.at(-1)?.data).toBe(stream);
    }
  });

  it.each(iterables)('gets a stream for %s', async (_, create) => {
    const { adapter, sent } = createCapture();
    await createClient(origin, unsigned, { adapter }).put('/', create(['a', 'b']));
    const data: unknown = sent.at(-1)?.data;
    expect(data).toBeInstanceOf(isNode ? Readable : ReadableStream);
    const chunks: Buffer[] = [];
    for await (const chunk of data as Readable) chunks.push(Buffer.from(chunk as Uint8Array));
    expect(Buffer.concat(chunks).toString()).toBe('ab');
  });
});

describe('before the transforms', () => {
  it('an async generator is a stream for those of the caller too', async () => {
    const transformRequest = async (data: AsyncIterable<unknown>): Promise<string> => {
      const rows: unknown[] = [];
      for await (const row of data) rows.push(row);
      return JSON.stringify(rows);
    };
    const client = createClient(origin, {}, { adapter: 'http' });
    const config = { transformRequest: transformRequest as never };
    // axios waits for no transform: it is the promise that is refused.
    expect(await failure(client.put('/', generateLater([{ a: 1 }]), config))).toMatchObject({
      code: 'ERR_UNSUPPORTED_BODY',
    });
  });

  it.each<[string, unknown]>([
    ['an object that says what its JSON is', Object.assign(new Source(['x']), { toJSON: () => ({ a: 1 }) })],
    ['an array', [1, 2]],
    ['an iterable that JSON has words for', new Set([1])],
  ])('%s stays what it is', async (_, data) => {
    const client = createClient(origin, {}, { adapter: 'http' });
    await client.put('/', data);
    expect(last().text).toBe(JSON.stringify(data));
  });

  itInNode.each(iterables)('%s is what aws4Sign gives a stream for', async (_, create) => {
    const config = { method: 'put', url: origin, data: create(['x']) };
    const signed = await aws4Sign(config, { ...scope, credentials, ...unsigned });
    expect(signed.headers['X-Amz-Content-Sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(Object.prototype.toString.call(signed.body)).toBe('[object ReadableStream]');
    const read = await aws4Sign({ ...config, data: create(['x', 'y']) }, { ...scope, credentials });
    expect(Buffer.from(read.body as Uint8Array).toString()).toBe('xy');
  });
});

describe('a form of the form-data package, unread', () => {
  it.each(['http', 'fetch'])('has the length that it knows, over %s', async (adapter) => {
    const form = new FormDataPackage();
    form.append('a', 'b');
    const length = String(form.getLengthSync());
    // Over fetch the package's old streams are taken where they are converted.
    if (adapter === 'fetch' && !isNode) return;
    await createClient(origin, unsigned, { adapter }).post('/', form);
    expect(last().header('content-length')).toStrictEqual([length]);
    expect(last().contentType).toMatch(/^multipart\/form-data; boundary=/);
    expect(isAccepted()).toBe(true);
  });

  it('goes in chunks where it knows none', async () => {
    const form = new FormDataPackage();
    form.append('a', Readable.from([Buffer.from('b')]), { filename: 'x' });
    await createClient(origin, unsigned, { adapter: 'http' }).post('/', form);
    expect(last().header('transfer-encoding')).toStrictEqual(['chunked']);
    expect(last().text).toContain('\r\n\r\nb\r\n');
  });
});

/** A stream of the kind that Node had first, which gives all that it has as soon as it flows. */
class OldStream extends Stream {
  readonly readable = true;
  #chunks: readonly string[] | undefined;

  constructor(chunks: readonly string[]) {
    super();
    this.#chunks = chunks;
  }

  pause(): void {
    // It cannot wait.
  }

  resume(): void {
    const chunks = this.#chunks;
    this.#chunks = undefined;
    if (chunks === undefined) return;
    for (const chunk of chunks) this.emit('data', Buffer.from(chunk));
    this.emit('end');
  }

  override pipe<Target extends NodeJS.WritableStream>(target: Target, options?: { end?: boolean }): Target {
    super.pipe(target, options);
    this.resume();
    return target;
  }
}

describe('an old stream that ends as soon as it is piped', () => {
  const streams: readonly (readonly [name: string, create: () => object, text: string])[] = [
    ['a form-data without parts', () => new FormDataPackage(), ''],
    ['one of nothing', () => new OldStream([]), ''],
    ['one of an empty chunk', () => new OldStream(['']), ''],
    ['one of two chunks', () => new OldStream(['one, ', 'two']), 'one, two'],
  ];

  it.each(streams.flatMap((stream) => ['http', 'fetch'].map((adapter) => [...stream, adapter] as const)))(
    'arrives: %s, %s, as %j over %s',
    async (_, createStream, text, adapter) => {
      // Over fetch such streams are taken where they are converted.
      if (adapter === 'fetch' && !isNode) return;
      for (const options of [unsigned, {}]) {
        await createClient(origin, options, { adapter }).put('/', createStream());
        expect(isAccepted()).toBe(true);
        expect(last().text).toBe(text);
      }
    },
  );
});
