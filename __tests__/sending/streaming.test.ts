/** `payload: 'streaming'` over every adapter: what arrives is verified chunk by chunk, and what cannot be is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createNetServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CanceledError, isAxiosError } from 'axios';
import FormDataPackage from 'form-data';
import { aws4Sign, type Aws4Options, type ChecksumAlgorithm } from '../../lib/index.js';
import { generate, K, pattern } from '../stand-ins/streamed-bodies.js';
import { ofStore, setRoutedServer } from '../stand-ins/routed-server.js';
import { createClient, createServer, credentials, failure } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const server = setRoutedServer({ ...ofStore, allowUnsignedPayload: true });
const { routes, redirect, last } = server;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streaming-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const isNode = platform.name === 'node';
const verdict = () => server.verifications.at(-1)?.verdict;
const decoded = () => {
  const found = verdict();
  if (found?.ok !== true) throw new Error(`Refused: ${JSON.stringify(found)}`);
  if (found.decoded === undefined) throw new Error(`Not in chunks: ${found.payloadHash}`);
  return found.decoded;
};
const create = (options: Aws4Options = {}, defaults: object = {}) =>
  createClient(server.origin, { service: 's3', region: 'eu-west-1', payload: 'streaming', ...options }, defaults);

type Make = (bytes: Buffer) => unknown;
const file: Make = (bytes) => {
  const path = join(folder, `file-${String(bytes.length)}`);
  writeFileSync(path, bytes);
  return createReadStream(path);
};
const whole = ['bytes', 'a Blob', 'the stream of a file'] as const;
const kinds: Readonly<Record<string, Make>> = {
  bytes: (bytes) => bytes,
  'a view into other bytes': (bytes) => new Uint8Array(Buffer.concat([Buffer.alloc(3), bytes])).subarray(3),
  'an ArrayBuffer': (bytes) => new Uint8Array(bytes).buffer,
  'a Blob': (bytes) => new Blob([new Uint8Array(bytes)]),
  'the stream of a file': file,
  'a Node stream of odd slices': (bytes) => Readable.from(generate(bytes, 1009)),
  'a Node stream in one piece': (bytes) => Readable.from([bytes]),
  'a Node stream in object mode': (bytes) => Readable.from(generate(bytes, 5000), { objectMode: true }),
  'a pipe': (bytes) => Readable.from(generate(bytes, 4096)).pipe(new PassThrough()),
  'a web stream': (bytes) => new Blob([new Uint8Array(bytes)]).stream(),
  'an async generator': (bytes) => generate(bytes, 3000),
  'an async iterable': (bytes) => ({ [Symbol.asyncIterator]: () => generate(bytes, 3000) }),
};
const knowsLength = (kind: string): boolean =>
  ['bytes', 'a view into other bytes', 'an ArrayBuffer', 'a Blob'].includes(kind) || (isNode && kind === whole[2]);
const headersFor = (kind: string, bytes: Buffer) =>
  knowsLength(kind) ? {} : { 'Content-Length': String(bytes.length) };
// Without Node's streams, its http adapter cannot be given a stream of the web.
const isSendable = (kind: string, adapter: string): boolean =>
  isNode || adapter === 'fetch' || !/web stream|async/.test(kind);

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  const rows = Object.keys(kinds).filter((kind) => isSendable(kind, adapter));

  it.each(rows)('%s goes out in signed chunks', async (kind) => {
    const bytes = pattern(150_000);
    const headers = headersFor(kind, bytes);
    await create({}, { adapter }).put('/bucket/key', kinds[kind]?.(bytes), { headers });
    expect(decoded().data.equals(bytes)).toBe(true);
    expect(decoded().chunkSizes).toStrictEqual([65536, 65536, 150_000 - 2 * 65536]);
    expect(last().header('content-length')).toStrictEqual([String(last().body.length)]);
    expect(last().header('transfer-encoding')).toStrictEqual([]);
    expect(last().header('content-encoding')).toStrictEqual(['aws-chunked']);
    expect(last().header('x-amz-decoded-content-length')).toStrictEqual(['150000']);
    expect(last().header('x-amz-content-sha256')).toStrictEqual(['STREAMING-AWS4-HMAC-SHA256-PAYLOAD']);
  });

  it.each([
    1,
    15,
    16,
    17,
    8 * K - 1,
    8 * K,
    8 * K + 1,
    64 * K - 1,
    64 * K,
    64 * K + 1,
    128 * K,
    128 * K + 1,
    1_000_000,
  ])('%d bytes', async (length) => {
    const bytes = pattern(length);
    for (const kind of whole) {
      for (const checksum of [undefined, 'sha256'] as const) {
        const client = create(checksum && { checksum }, { adapter });
        await client.put('/bucket/key', kinds[kind]?.(bytes), { headers: headersFor(kind, bytes) });
        expect(decoded().data.equals(bytes)).toBe(true);
      }
    }
  });

  it('nothing at all, which is hashed where it is known beforehand, and a chunk where it is not', async () => {
    const client = create({ checksum: 'crc32' }, { adapter });
    for (const data of [new Uint8Array(0), new Blob([])]) {
      await client.put('/bucket/key', data);
      expect(verdict()).toMatchObject({ ok: true });
      expect(last().header('x-amz-content-sha256')[0]).toMatch(/^[0-9a-f]{64}$/);
      expect(last().header('x-amz-checksum-crc32')).toStrictEqual(['AAAAAA==']);
    }
    await client.put('/bucket/key', Readable.from([]), { headers: { 'Content-Length': '0' } });
    expect(decoded()).toMatchObject({ chunkSizes: [] });
  });

  it('text, JSON and forms are hashed', async () => {
    const client = create({}, { adapter });
    for (const data of ['text', { a: 1 }, new URLSearchParams({ a: 'b' })]) {
      await client.post('/bucket?delete', data);
      expect(verdict()).toMatchObject({ ok: true });
      expect(last().header('x-amz-content-sha256')[0]).toMatch(/^[0-9a-f]{64}$/);
    }
    await client.get('/bucket/key');
    expect(verdict()).toMatchObject({ ok: true });
  });

  it.each(['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] satisfies ChecksumAlgorithm[])(
    '%s is a signed trailer',
    async (checksum) => {
      const bytes = pattern(70_000);
      for (const data of [bytes, Readable.from(generate(bytes, 999))]) {
        await create({ checksum }, { adapter }).put('/bucket/key', data, { headers: { 'Content-Length': '70000' } });
        expect(decoded().data.equals(bytes)).toBe(true);
        expect(last().header('x-amz-trailer')).toStrictEqual([`x-amz-checksum-${checksum}`]);
        expect(last().header('x-amz-content-sha256')).toStrictEqual(['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER']);
        expect(last().names).not.toContain(`x-amz-checksum-${checksum}`);
      }
    },
  );

  it("under payload: 'unsigned', a stream's checksum is a trailer of unsigned chunks", async () => {
    const bytes = pattern(70_000);
    const client = create({ payload: 'unsigned', checksum: 'crc64nvme' }, { adapter });
    await client.put('/bucket/key', Readable.from(generate(bytes, 999)), { headers: { 'Content-Length': '70000' } });
    expect(decoded().data.equals(bytes)).toBe(true);
    expect(last().header('x-amz-content-sha256')).toStrictEqual(['STREAMING-UNSIGNED-PAYLOAD-TRAILER']);
    await client.put('/bucket/key', bytes);
    expect(last().header('x-amz-content-sha256')).toStrictEqual(['UNSIGNED-PAYLOAD']);
    expect(last().names).toContain('x-amz-checksum-crc64nvme');
    expect(verdict()).toMatchObject({ ok: true });
  });

  it("the caller's own checksum of a stream that is not signed is a header, and the stream goes out as it is", async () => {
    const client = create({ payload: 'unsigned', checksum: 'crc32' }, { adapter });
    for (const name of ['x-amz-checksum-crc32', 'X-Amz-Checksum-SHA1', 'x-amz-checksum-md5']) {
      const sum = { 'x-amz-checksum-crc32': 'AAAAAA==', 'X-Amz-Checksum-SHA1': 'qOlv5ixdz2jRNhlSLmgH6iaTKRI=' }[name];
      const headers = { 'Content-Length': '70000', [name]: sum ?? 'AAAA' };
      await client.put('/bucket/key', Readable.from(generate(pattern(70_000), 999)), { headers });
      expect(verdict()).toMatchObject({ ok: true });
      expect(last().body.equals(pattern(70_000))).toBe(true);
      expect(last().header('x-amz-content-sha256')).toStrictEqual(['UNSIGNED-PAYLOAD']);
      expect(last().header(name.toLowerCase())).toStrictEqual([sum ?? 'AAAA']);
    }
    const headers = { 'Content-Length': '10', 'x-amz-checksum-crc32': 'AAAA' };
    const error = await failure(client.put('/bucket/key', Readable.from([pattern(10)]), { headers }));
    expect(error).toMatchObject({ code: 'ERR_CHECKSUM' });
  });

  it("the caller's own checksum takes the trailer's place, and one that cannot be is refused", async () => {
    const client = create({ checksum: 'crc32' }, { adapter });
    const headers = { 'x-amz-checksum-sha1': 'qOlv5ixdz2jRNhlSLmgH6iaTKRI=' };
    await client.put('/bucket/key', new Blob(['a'.repeat(66_560)]), { headers });
    expect(decoded().data).toHaveLength(66_560);
    expect(last().names).not.toContain('x-amz-trailer');
    const error = await failure(
      client.put('/bucket/key', new Blob(['a']), { headers: { 'x-amz-checksum-sha1': 'AAAA' } }),
    );
    expect(error).toMatchObject({ code: 'ERR_CHECKSUM' });
  });

  it('other headers go with it: encodings, metadata, types; contentEncoding: false leaves aws-chunked out', async () => {
    const headers = {
      'content-encoding': 'gzip',
      'Content-Type': 'text/plain',
      'x-amz-meta-a': 'b',
      'transfer-encoding': 'chunked',
    };
    await create({}, { adapter }).put('/bucket/key', pattern(9000), { headers });
    expect(decoded().data).toHaveLength(9000);
    expect(last().header('content-encoding')).toStrictEqual(['aws-chunked,gzip']);
    expect(last().header('content-type')).toStrictEqual(['text/plain']);
    await create({ contentEncoding: false }, { adapter }).put('/bucket/key', pattern(9000), { headers });
    expect(decoded().data).toHaveLength(9000);
    expect(last().header('content-encoding')).toStrictEqual(['gzip']);
    await create({ contentEncoding: false }, { adapter }).put('/bucket/key', pattern(9000));
    expect(last().names).not.toContain('content-encoding');
  });

  it('a stream with a size of its own is told from a Blob', async () => {
    for (const size of [0, 70_000]) {
      const stream = Object.assign(Readable.from(generate(pattern(70_000), 999)), { size });
      await create({}, { adapter }).put('/bucket/key', stream, { headers: { 'Content-Length': '70000' } });
      expect(decoded().data).toHaveLength(70_000);
    }
  });

  if (isNode) {
    it.each(['Transfer-Encoding', 'transfer-encoding'])('a file is measured whatever %s says', async (name) => {
      await create({}, { adapter }).put('/bucket/key', file(pattern(70_000)), { headers: { [name]: 'chunked' } });
      expect(decoded().data).toHaveLength(70_000);
      expect(last().names).not.toContain('transfer-encoding');
      const form = new FormDataPackage();
      form.append('file', pattern(70_000), 'file.bin');
      await create({}, { adapter: 'http' }).put('/bucket/key', form, { headers: { [name]: 'chunked' } });
      expect(decoded().data.includes(pattern(70_000))).toBe(true);
    });
  }

  it('progress is that of what is sent', async () => {
    const seen: number[] = [];
    await create({}, { adapter }).put('/bucket/key', pattern(500_000), {
      onUploadProgress: ({ loaded }) => seen.push(loaded),
    });
    expect(decoded().data).toHaveLength(500_000);
    expect(seen.at(-1)).toBe(last().body.length);
  });

  describe('errors', () => {
    const count = () => server.requests.length;

    it('a length that is not known names Content-Length, and sends nothing', async () => {
      const before = count();
      const error = await failure(create({}, { adapter }).put('/bucket/key', Readable.from([pattern(10)])));
      expect(error).toMatchObject({ name: 'Aws4AuthError', code: 'ERR_INVALID_HEADER', isAxiosError: true });
      expect(String(error)).toContain('Content-Length');
      for (const wrong of ['ten', '-1', '1.5', '1e3', '']) {
        const headers = { 'Content-Length': wrong };
        const refused = await failure(
          create({}, { adapter }).put('/bucket/key', Readable.from([pattern(10)]), { headers }),
        );
        expect(refused).toMatchObject({ code: 'ERR_INVALID_HEADER' });
      }
      expect(count()).toBe(before);
    });

    it.each([
      ['too long', 200_000, /gave more/],
      ['too short', 400_000, /gave only 300000/],
    ])('a length that is not true: %s', async (_, length, message) => {
      const stream = Readable.from(generate(pattern(300_000), 10_000));
      const headers = { 'Content-Length': String(length) };
      const error = await failure(create({}, { adapter }).put('/bucket/key', stream, { headers }));
      expect(error).toMatchObject({ name: 'Aws4AuthError', code: 'ERR_INVALID_HEADER' });
      expect(String(error)).toMatch(message);
      expect(stream.destroyed).toBe(true);
    });

    it('a source that fails midway is named, with its own error as the cause', async () => {
      const boom = new Error('the disk is gone');
      const fail = async function* (): AsyncGenerator<Buffer> {
        yield* generate(pattern(200_000), 10_000);
        throw boom;
      };
      const sources: unknown[] = [Readable.from(fail())];
      if (isSendable('async', adapter)) sources.push(fail());
      for (const data of sources) {
        const headers = { 'Content-Length': '400000' };
        const error = await failure(create({}, { adapter }).put('/bucket/key', data, { headers }));
        expect(error).toMatchObject({ name: 'Aws4AuthError', code: 'ERR_BODY_SOURCE', cause: boom });
        expect(String(error)).toContain('the disk is gone');
      }
    });

    it('what is neither bytes nor text is refused', async () => {
      const headers = { 'Content-Length': '10' };
      const error = await failure(create({}, { adapter }).put('/bucket/key', Readable.from([{ a: 1 }]), { headers }));
      expect(error).toMatchObject({ code: 'ERR_UNSUPPORTED_BODY' });
    });

    it('a second use is refused', async () => {
      const headers = { 'Content-Length': '10' };
      const client = create({}, { adapter });
      const stream = Readable.from([pattern(10)]);
      await client.put('/bucket/key', stream, { headers });
      expect(decoded().data).toHaveLength(10);
      expect(await failure(client.put('/bucket/key', stream, { headers }))).toMatchObject({
        code: 'ERR_UNSUPPORTED_BODY',
      });
    });

    const once = ['a Node stream of odd slices', 'a pipe', 'a web stream', 'an async generator'];
    it.each(once.filter((kind) => isSendable(kind, adapter)))(
      'a second use at the same time is refused: %s',
      async (kind) => {
        const bytes = pattern(150_000);
        const data = kinds[kind]?.(bytes);
        const client = create({}, { adapter });
        const put = () => client.put('/bucket/key', data, { headers: headersFor(kind, bytes) });
        const [first, second] = await Promise.allSettled([put(), put()]);
        expect(first).toMatchObject({ status: 'fulfilled' });
        expect(second).toMatchObject({ status: 'rejected', reason: { code: 'ERR_UNSUPPORTED_BODY' } });
        expect(decoded().data.equals(bytes)).toBe(true);
      },
    );

    if (isNode) {
      it.each(['the stream of a file', 'an async iterable'])('and read twice, where it can be: %s', async (kind) => {
        const bytes = pattern(150_000);
        const data = kinds[kind]?.(bytes);
        const client = create({}, { adapter });
        const put = () => client.put('/bucket/key', data, { headers: headersFor(kind, bytes) });
        const before = count();
        await Promise.all([put(), put()]);
        expect(server.verifications.slice(before)).toMatchObject(
          Array(2).fill({ verdict: { decoded: { data: bytes } } }),
        );
      });

      it('a file that is not there is named', async () => {
        for (const length of [undefined, '10']) {
          const stream = createReadStream(join(folder, 'missing'));
          const headers = length === undefined ? {} : { 'Content-Length': length };
          const error = await failure(create({}, { adapter }).put('/bucket/key', stream, { headers }));
          expect(String(error)).toContain('ENOENT');
        }
      });
    }

    it('a body that is longer than maxBodyLength, as it is sent, is axios’s error, and is not begun', async () => {
      const before = count();
      const put = (data: unknown, maxBodyLength: number) => {
        const client = create({}, { adapter, maxBodyLength });
        return client.put('/bucket/key', data, { headers: { 'Content-Length': '70000' } });
      };
      const stream = Readable.from(generate(pattern(70_000), 999));
      for (const data of [stream, pattern(70_000)]) {
        for (const most of [0, 1000, 70_000]) {
          const error = await failure(put(data, most));
          expect(error).toMatchObject({ isAxiosError: true, code: 'ERR_BAD_REQUEST' });
          expect(String(error)).toContain('maxBodyLength');
          expect(JSON.stringify(error)).not.toContain('Signature=');
        }
      }
      expect(stream.readableDidRead).toBe(false);
      expect(count()).toBe(before);
      await put(stream, 70_265);
      expect(last().body).toHaveLength(70_265);
    });

    it('a service that takes no chunks is named', async () => {
      const client = createClient(server.origin, { payload: 'streaming' }, { adapter });
      const error = await failure(client.put('/bucket/key', pattern(10)));
      expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION' });
      expect(String(error)).toContain('payload');
      const unread = createClient(server.origin, { payload: 'unsigned', checksum: 'crc32' }, { adapter });
      const refused = await failure(
        unread.put('/', Readable.from([pattern(10)]), { headers: { 'Content-Length': '10' } }),
      );
      expect(refused).toMatchObject({ code: 'ERR_INVALID_OPTION' });
      expect(String(refused)).toContain('checksum');
    });

    it('an abort ends the request and its source', async () => {
      const controller = new AbortController();
      let given = 0;
      const stream = new Readable({
        read() {
          given += 1;
          if (given === 20) controller.abort();
          if (given < 20) this.push(pattern(10_000));
        },
      });
      const headers = { 'Content-Length': '100000000' };
      const client = create({}, { adapter });
      const error = await failure(client.put('/bucket/key', stream, { headers, signal: controller.signal }));
      expect(error).toBeInstanceOf(CanceledError);
      expect(stream.destroyed).toBe(true);
    });
  });

  it('an answer that refuses comes through with its body', async () => {
    routes.set('/bucket/denied', { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    const error = await failure(create({}, { adapter }).put('/bucket/denied', pattern(300_000)));
    expect(error).toMatchObject({ response: { status: 403, data: '<Error><Code>AccessDenied</Code></Error>' } });
  });

  describe('redirects', () => {
    beforeEach(() => {
      redirect('/bucket/moved', '/bucket/there');
      redirect('/bucket/see', '/bucket/there', 303);
      redirect('/bucket/loop', '/bucket/loop');
    });
    const repeatable = ['bytes', 'a Blob', ...(isNode ? ['the stream of a file', 'an async iterable'] : [])];

    it.each(repeatable)('%s is framed and signed anew', async (kind) => {
      const bytes = pattern(150_000);
      const before = server.requests.length;
      const headers = headersFor(kind, bytes);
      const client = create({ checksum: 'crc32' }, { adapter });
      await client.put('/bucket/moved', kinds[kind]?.(bytes), { headers });
      expect(last().target).toBe('/bucket/there');
      expect(decoded().data.equals(bytes)).toBe(true);
      expect(server.requests.length).toBeGreaterThanOrEqual(before + 2);
    });

    it('a stream that was read cannot be, and the error says so', async () => {
      const headers = { 'Content-Length': '150000' };
      const error = await failure(
        create({}, { adapter }).put('/bucket/moved', Readable.from(generate(pattern(150_000), 1000)), { headers }),
      );
      expect(error).toMatchObject({ code: 'ERR_REDIRECT' });
    });

    it('one that makes it a GET takes the framing along nowhere', async () => {
      await create({}, { adapter }).put('/bucket/see', pattern(10_000));
      expect(last()).toMatchObject({ method: 'GET', target: '/bucket/there' });
      expect(verdict()).toMatchObject({ ok: true });
      expect(
        last().names.filter((name) => /trailer|decoded|encoding/.test(name) && name !== 'accept-encoding'),
      ).toStrictEqual([]);
    });

    it('too many are too many, and maxRedirects: 0 gives the first', async () => {
      const client = create({}, { adapter, maxRedirects: 3 });
      expect(await failure(client.put('/bucket/loop', pattern(10)))).toMatchObject({ code: 'ERR_REDIRECT' });
      const error = await failure(create({}, { adapter, maxRedirects: 0 }).put('/bucket/moved', pattern(10)));
      expect(error).toMatchObject({ response: { status: 307 } });
    });

    it('elsewhere, where nothing is signed, it does not go', async () => {
      const other = createServer();
      const { origin: elsewhere } = await other.start();
      redirect('/bucket/away', `${elsewhere}/there`);
      const error = await failure(create({}, { adapter }).put('/bucket/away', pattern(10)));
      expect(error).toMatchObject({ code: 'ERR_REDIRECT' });
      expect(other.requests).toHaveLength(0);
      await other.close();
    });
  });

  describe('healing', () => {
    const late = () => Date.now() - 3_600_000;

    it.each(['bytes', 'a Blob', ...(isNode ? ['the stream of a file', 'an async iterable'] : [])])(
      '%s is sent once more with the right date',
      async (kind) => {
        const bytes = pattern(150_000);
        const before = server.requests.length;
        const client = create({ clock: late }, { adapter });
        await client.put('/bucket/key', kinds[kind]?.(bytes), { headers: headersFor(kind, bytes) });
        expect(decoded().data.equals(bytes)).toBe(true);
        expect(server.requests).toHaveLength(before + 2);
      },
    );

    it('a stream that was read is not, and the error says so', async () => {
      const headers = { 'Content-Length': '1000' };
      const error = await failure(
        create({ clock: () => late() - 1 }, { adapter }).put('/bucket/key', Readable.from([pattern(1000)]), {
          headers,
        }),
      );
      expect(error).toMatchObject({ response: { status: 403 } });
      expect(String(error)).toContain('its body was a stream');
    });
  });

  it('a config that is sent again is framed again, where its body can be read again', async () => {
    for (const kind of ['bytes', 'a Blob', ...(isNode ? ['the stream of a file', 'an async iterable'] : [])]) {
      const bytes = pattern(100_000);
      const client = create({}, { adapter });
      const { config } = await client.put('/bucket/key', kinds[kind]?.(bytes), { headers: headersFor(kind, bytes) });
      await client.request(config);
      expect(decoded().data.equals(bytes)).toBe(true);
    }
  });

  it('the config shows nothing of the framing', async () => {
    const { config } = await create({ checksum: 'crc32' }, { adapter }).put('/bucket/key', pattern(10));
    expect(
      Object.keys(config.headers.toJSON()).filter(
        (name) => /amz|encoding|length/i.test(name) && !/^accept/i.test(name),
      ),
    ).toStrictEqual([]);
  });
});

if (isNode) {
  it('a form of the form-data package goes out in chunks', async () => {
    const form = new FormDataPackage();
    form.append('file', pattern(100_000), 'file.bin');
    await create({}, { adapter: 'http' }).post('/bucket/key', form);
    expect(decoded().data.includes(pattern(100_000))).toBe(true);
  });

  it.each(['http', 'fetch'])(
    'a form of the form-data package that has no parts is one chunk, over %s',
    async (adapter) => {
      await create({}, { adapter }).post('/bucket/key', new FormDataPackage());
      expect(decoded().data).toHaveLength(0);
    },
  );

  it('a server that refuses before it has read the body is heard, over http', async () => {
    const body = '<Error><Code>AccessDenied</Code></Error>';
    const hasty = createNetServer((socket) => {
      socket.once('data', () => {
        socket.end(
          `HTTP/1.1 403 Forbidden\r\nContent-Type: application/xml\r\nContent-Length: ${String(body.length)}\r\nConnection: close\r\n\r\n${body}`,
          () => setTimeout(() => socket.destroy(), 20),
        );
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => hasty.listen(0, '127.0.0.1', resolve));
    const { port } = hasty.address() as AddressInfo;
    const client = createClient(
      `http://127.0.0.1:${String(port)}`,
      { service: 's3', region: 'eu-west-1', payload: 'streaming', heal: false },
      { adapter: 'http' },
    );
    const huge = Buffer.alloc(50_000_000);
    for (let i = 0; i < 10; i++) {
      const headers = { 'Content-Length': '50000000' };
      const error = await failure(client.put('/bucket/key', Readable.from(generate(huge, 65_536)), { headers }));
      expect(error).toMatchObject({ response: { status: 403, data: body } });
    }
    hasty.close();
  });

  it.each(['http', 'fetch'])(
    'a source may go on, and end, after the request was answered, over %s',
    async (adapter) => {
      const early = createHttpServer((request, response) => {
        response.writeHead(request.url === '/bucket/refused' ? 403 : 200, { Connection: 'close' }).end();
        request.resume();
      });
      await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve));
      const { port } = early.address() as AddressInfo;
      const options = { service: 's3', region: 'eu-west-1', payload: 'streaming', heal: false } as const;
      const client = createClient(`http://127.0.0.1:${String(port)}`, options, { adapter });
      const answered: unknown[] = [];
      for (const path of ['/bucket/refused', '/bucket/kept']) {
        let open = (): void => undefined;
        const opened = new Promise<void>((resolve) => (open = resolve));
        const chunks = (async function* () {
          yield pattern(70_000);
          await opened;
          yield pattern(70_000);
        })();
        const sending = client.put(path, Readable.from(chunks), { headers: { 'Content-Length': '140000' } });
        const answer = await sending.catch((error: unknown) => (isAxiosError(error) ? error.response : undefined));
        answered.push(answer?.status);
        open();
        // What an adapter throws then, nobody could catch: it would end the process, and ends this suite.
        await delay(50);
      }
      expect(answered).toEqual([403, 200]);
      early.closeAllConnections();
      early.close();
    },
  );

  it('aws4Sign gives the body as it would be sent', async () => {
    const bytes = pattern(100_000);
    const { headers, body } = await aws4Sign(
      {
        method: 'put',
        url: 'https://bucket.s3.eu-west-1.amazonaws.com/key',
        data: Readable.from([bytes]),
        headers: { 'Content-Length': '100000' },
      },
      { credentials, payload: 'streaming' },
    );
    const chunks: Buffer[] = [];
    for await (const chunk of body as unknown as Readable) chunks.push(chunk as Buffer);
    expect(String(Buffer.concat(chunks).length)).toBe(headers['Content-Length']);
  });
}
