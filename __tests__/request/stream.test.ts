/** Streams, read into memory: all their bytes, up to a limit, with turns for others. */
import { Readable } from 'node:stream';
import { isStream } from '../../lib/request/stream.js';
import { readStream as readAnyStream } from '../../lib/request/stream-reading.js';
import { platform } from '#platform';

const MOST = 2 ** 24;

async function readStream(stream: unknown, maxBytes: number): Promise<Uint8Array> {
  if (!isStream(stream)) throw new Error('not a stream');
  return readAnyStream(stream, maxBytes);
}

/** Chunks of these sizes, of which each byte tells its place. */
const createChunks = (sizes: readonly number[]): Buffer[] => {
  let place = 0;
  return sizes.map((size) => Buffer.from(Uint8Array.from({ length: size }, () => place++ % 251)));
};
const kinds: Record<string, (chunks: readonly Uint8Array[]) => unknown> = {
  'a Node stream': (chunks: readonly Uint8Array[]) => Readable.from(chunks, { objectMode: false }),
  'a web stream': (chunks: readonly Uint8Array[]) =>
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    }),
};

describe.each(Object.entries(kinds))('%s', (_, createStream) => {
  it.each([
    ['nothing', []],
    ['empty chunks', [0, 0, 0]],
    ['small chunks', [1, 2, 3]],
    ['a mebibyte, exactly', Array.from({ length: 16 }, () => 2 ** 16)],
    ['chunks that fill no block', [2 ** 20 - 1, 2, 2 ** 20 + 1, 5]],
    ['one large chunk', [3 * 2 ** 20 + 7]],
    ['very large chunks among others', [5, 8 * 2 ** 20 + 3, 7, 2 ** 21]],
    ['many chunks', Array.from({ length: 2000 }, (_, i) => i)],
  ])('is read with %s', async (_, sizes) => {
    const chunks = createChunks(sizes);
    const read = await readStream(createStream(chunks), MOST);
    expect(Buffer.concat(chunks).equals(read)).toBe(true);
    // What is sent may be read by whoever takes no buffer that could change its size.
    expect(Reflect.get(read.buffer, 'resizable')).not.toBe(true);
  });

  it('leaves the chunks that it gave as they are', async () => {
    const chunks = createChunks([2 ** 20, 2 ** 20]);
    await readStream(createStream(chunks), MOST);
    expect(chunks.map(({ length }) => length)).toStrictEqual([2 ** 20, 2 ** 20]);
  });

  it.each([
    ['in small chunks', Array.from({ length: 64 }, () => 2 ** 16), 32],
    ['in a single chunk', [2 ** 24], 16],
  ])('gives others turns, though all of it is in memory %s', async (_, sizes, least) => {
    const turns = jest.spyOn(platform, 'yieldToEventLoop');
    const copied = jest.spyOn(Uint8Array.prototype, 'set');
    try {
      await readStream(createStream(createChunks(sizes)), MOST);
      expect(turns.mock.calls.length).toBeGreaterThanOrEqual(least);
      // Half a millisecond of copying at a time.
      expect(Math.max(...copied.mock.calls.map(([source]) => source.length))).toBeLessThanOrEqual(2 ** 20);
    } finally {
      turns.mockRestore();
      copied.mockRestore();
    }
  });

  it('is never in memory twice, since what is joined is given back at once', async () => {
    const resized = jest.spyOn(ArrayBuffer.prototype, 'resize');
    const turns = jest.spyOn(platform, 'yieldToEventLoop');
    try {
      await readStream(createStream(createChunks(Array.from({ length: 8 }, () => 2 ** 20))), MOST);
      const blocks = resized.mock.contexts as readonly ArrayBuffer[];
      expect(blocks.map(({ maxByteLength, byteLength }) => [maxByteLength, byteLength])).toStrictEqual(
        Array.from({ length: 8 }, () => [2 ** 20, 0]),
      );
      // One by one: others have a turn after each.
      const afterEach = resized.mock.invocationCallOrder.map((order) => order + 1);
      expect(turns.mock.invocationCallOrder).toStrictEqual(expect.arrayContaining(afterEach));
    } finally {
      resized.mockRestore();
      turns.mockRestore();
    }
  });

  it('is read where no buffer can be resized', async () => {
    const resize = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'resize') ?? {};
    Reflect.deleteProperty(ArrayBuffer.prototype, 'resize');
    try {
      const chunks = createChunks([2 ** 20, 2 ** 21, 7]);
      expect(Buffer.concat(chunks).equals(await readStream(createStream(chunks), MOST))).toBe(true);
    } finally {
      Object.defineProperty(ArrayBuffer.prototype, 'resize', resize);
    }
  });

  it('is read up to the limit only', async () => {
    const chunks = createChunks([2 ** 20, 2 ** 20]);
    await expect(readStream(createStream(chunks), 2 ** 21)).resolves.toHaveLength(2 ** 21);
    await expect(readStream(createStream(chunks), 2 ** 21 - 1)).rejects.toMatchObject({ code: 'ERR_BODY_TOO_LARGE' });
  });
});
