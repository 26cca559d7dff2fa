/** The length of streams that are sent unread: of files, whole and in part, and none where it cannot be certain. */
import { execFileSync } from 'node:child_process';
import fs, { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createClient, createServer, describeRequest, failure } from '../stand-ins/test-server.js';
import { measureUnread } from '../../lib/request/unread-stream.js';
import { isStream } from '../../lib/request/stream.js';
import { platform } from '#platform';

const describeInNode = platform.name === 'node' ? describe : describe.skip;

const CONTENT = '0123456789';
let folder: string;
let file: string;
let empty: string;
const server = createServer({
  service: 's3',
  pathEncoding: 'single',
  normalizePath: false,
  allowUnsignedPayload: true,
});
let origin: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unread-'));
  file = join(folder, 'file');
  empty = join(folder, 'empty');
  writeFileSync(file, CONTENT);
  writeFileSync(empty, '');
  ({ origin } = await server.start());
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

async function measure(stream: unknown): Promise<number | undefined> {
  if (!isStream(stream)) throw new Error('It is no stream');
  if (stream instanceof Readable) stream.on('error', () => undefined);
  try {
    return await measureUnread(stream, 'http');
  } finally {
    if (stream instanceof Readable) stream.destroy();
  }
}

/** A stream of a descriptor of which some was read before. */
function createOfDescriptor(read: number, options: object): fs.ReadStream {
  const fd = fs.openSync(file, 'r');
  if (read > 0) fs.readSync(fd, Buffer.alloc(read), 0, read, null);
  return createReadStream('', { fd, ...options });
}

describeInNode('the stream of a file', () => {
  it.each<[string, () => unknown, string]>([
    ['by its path', () => createReadStream(file), CONTENT],
    ['by a Buffer', () => createReadStream(Buffer.from(file)), CONTENT],
    ['by a URL', () => createReadStream(new URL(`file://${file}`)), CONTENT],
    ['from a start', () => createReadStream(file, { start: 3 }), '3456789'],
    ['up to an end', () => createReadStream(file, { end: 3 }), '0123'],
    ['from a start up to an end', () => createReadStream(file, { start: 2, end: 4 }), '234'],
    ['one byte', () => createReadStream(file, { start: 9, end: 9 }), '9'],
    ['up to beyond its end', () => createReadStream(file, { start: 5, end: 500 }), '56789'],
    ['from beyond its end', () => createReadStream(file, { start: 50 }), ''],
    ['that is empty', () => createReadStream(empty), ''],
    ['by a descriptor', () => createOfDescriptor(0, {}), CONTENT],
    ['by a descriptor of which some was read', () => createOfDescriptor(4, {}), '456789'],
    ['by a descriptor, from a start', () => createOfDescriptor(4, { start: 1 }), '123456789'],
    ['by a descriptor, up to an end', () => createOfDescriptor(0, { start: 1, end: 2 }), '12'],
    ['by a FileHandle', async () => (await open(file)).createReadStream(), CONTENT],
    ['by a FileHandle, in part', async () => (await open(file)).createReadStream({ start: 1, end: 5 }), '12345'],
  ])('%s has its length, and arrives under it', async (_, create, text) => {
    expect(await measure(await create())).toBe(text.length);
    for (const adapter of ['http', 'fetch']) {
      const client = createClient(origin, { payload: 'unsigned', service: 's3' }, { adapter });
      await client.put('/bucket/key', await create());
      const { header, text: arrived } = describeRequest(server.requests.at(-1));
      expect(arrived).toBe(text);
      expect(header('content-length')).toStrictEqual([String(text.length)]);
      expect(header('transfer-encoding')).toStrictEqual([]);
      expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
    }
  });

  it('that was opened meanwhile has its length', async () => {
    const stream = createReadStream(file, { start: 1 });
    await new Promise((resolve) => stream.once('open', resolve));
    expect(await measure(stream)).toBe(9);
  });

  it.each<[string, () => unknown]>([
    ['of /proc, whose size is 0', () => createReadStream('/proc/self/status')],
    ['of /sys, whose size is a page', () => createReadStream('/sys/kernel/mm/transparent_hugepage/enabled')],
    ['of a device', () => createReadStream('/dev/zero', { end: 9 })],
    ['of a folder', () => createReadStream(folder)],
    ['that is missing', () => createReadStream(join(folder, 'missing'))],
    ['as text', () => createReadStream(file, 'hex')],
    ['by another fs', () => createReadStream(file, { fs: { ...fs } })],
    ['that is no file', () => Readable.from(['x'])],
    ['of the web, of a Blob', () => new Blob(['x']).stream()],
  ])('%s has none', async (what, create) => {
    // Only some kernels have it.
    if (what.startsWith('of /sys') && !fs.existsSync('/sys/kernel/mm/transparent_hugepage/enabled')) return;
    expect(await measure(create())).toBeUndefined();
  });

  it('of a FIFO has none, and nothing of it is taken', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const stream = createReadStream(fifo);
    const writer = createWriteStream(fifo);
    writer.end('from afar');
    const client = createClient(origin, { payload: 'unsigned' }, { adapter: 'http' });
    await failure(client.put('/', stream));
    const { header, text } = describeRequest(server.requests.at(-1));
    expect(text).toBe('from afar');
    expect(header('content-length')).toStrictEqual([]);
    expect(header('transfer-encoding')).toStrictEqual(['chunked']);
  });

  it.each([
    ['grows', 'x'.repeat(300_000), 'more'],
    ['shrinks', '', 'only'],
  ])('of a file that %s while it is sent is an error that says so', async (_, content, words) => {
    const changing = join(folder, 'changing');
    writeFileSync(changing, 'x'.repeat(200_000));
    const client = createClient(origin, { payload: 'unsigned' }, { adapter: 'http' });
    const error = await failure(
      client.put('/', createReadStream(changing), {
        aws4: {
          credentials: () => {
            fs.truncateSync(changing, 0);
            writeFileSync(changing, content);
            return { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
          },
        },
      }),
    );
    expect(error).toMatchObject({ code: 'ERR_INVALID_HEADER' });
    expect(String(error)).toMatch(new RegExp(`Content-Length.*${words}.*changed`));
  });

  it('that fails is its own error', async () => {
    const client = createClient(origin, { payload: 'unsigned' }, { adapter: 'http' });
    expect(await failure(client.put('/', createReadStream(join(folder, 'missing'))))).toMatchObject({ code: 'ENOENT' });
    expect(await failure(client.put('/', createReadStream(folder)))).toMatchObject({ code: 'EISDIR' });
  });

  it('beside a Content-Length that is not its own is refused before it is sent', async () => {
    const client = createClient(origin, { payload: 'unsigned' }, { adapter: 'http' });
    const count = server.requests.length;
    const headers = { 'content-length': '11' };
    const error = await failure(client.put('/', createReadStream(file), { headers }));
    expect(error).toMatchObject({ code: 'ERR_INVALID_HEADER', message: expect.stringContaining('10 bytes') as string });
    expect(server.requests).toHaveLength(count);
  });

  it('beside a Transfer-Encoding of the caller’s own is left to that', async () => {
    const client = createClient(origin, { payload: 'unsigned', service: 's3' }, { adapter: 'http' });
    await client.put('/', createReadStream(file), { headers: { 'Transfer-Encoding': 'chunked' } });
    const { header, text } = describeRequest(server.requests.at(-1));
    expect([header('content-length'), header('transfer-encoding'), text]).toStrictEqual([[], ['chunked'], CONTENT]);
  });
});
