/** Reading a stream into memory, up to a limit: what is hashed before it is sent must be read before it is sent. */
import { Aws4AuthError } from '../errors.js';
import type { Stoppable } from '../platform/waiting.js';
import { SLICE_BYTES } from './slices.js';
import { handOver, isWebStream, toBytes, type Stream } from './stream.js';
import type { NodeStream } from './node-stream.js';
import { platform } from '#platform';

/**
 * All the bytes of a stream, which is consumed; `stop` ends the reading before.
 *
 * @throws Aws4AuthError `ERR_BODY_TOO_LARGE` for more than `maxBytes`, `ERR_UNSUPPORTED_BODY` for a stream that was
 * read before, or that does not give bytes; the stream's own error where it fails
 */
export function readStream(stream: Stream, maxBytes: number): Promise<Uint8Array> & Stoppable {
  handOver(stream);
  if (!isWebStream(stream)) {
    return Object.assign(readNodeStream(stream, maxBytes), { stop: () => void stream.destroy?.() });
  }
  const reader = stream.getReader();
  return Object.assign(readWebStream(reader, maxBytes), {
    stop: () => {
      reader.cancel().catch(() => undefined);
    },
  });
}

async function readWebStream(reader: ReadableStreamDefaultReader<unknown>, maxBytes: number): Promise<Uint8Array> {
  const collected = createCollector(maxBytes);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return await collected.join();
      // A stream whose chunks are in memory would otherwise hold the event loop until its end.
      if (collected.add(value)) await platform.yieldToEventLoop();
    }
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    throw error;
  }
}

function readNodeStream(stream: NodeStream, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const collected = createCollector(maxBytes);
    const fail = (error: unknown): void => {
      reject(error instanceof Error ? error : new Error(String(error)));
      stream.destroy?.();
    };
    const takeTurns = async (): Promise<void> => {
      stream.pause?.();
      await platform.yieldToEventLoop();
      stream.resume?.();
    };
    stream.on('data', (chunk: unknown) => {
      try {
        if (collected.add(chunk)) takeTurns().catch(fail);
      } catch (error) {
        fail(error);
      }
    });
    stream.on('error', reject);
    stream.on('end', () => {
      resolve(collected.join());
    });
    // After `end` the promise is settled, and this does nothing.
    stream.on('close', () => {
      reject(new Aws4AuthError('data: the stream was closed before its end', 'ERR_UNSUPPORTED_BODY'));
    });
    // The form-data package's streams do not flow by themselves.
    stream.resume?.();
  });
}

interface Collector {
  /** Adds a chunk. Returns whether so much has come that the event loop must have its turn. */
  add(chunk: unknown): boolean;
  /** All of it as one; the collector is empty then. */
  join(): Promise<Uint8Array>;
}

/** Bytes to join, and what gives their memory back. */
interface Block {
  readonly bytes: Uint8Array;
  readonly free: () => void;
}

function createCollector(maxBytes: number): Collector {
  const blocks: Block[] = [];
  let chunks: Uint8Array[] = [];
  let pending = 0;
  let length = 0;
  let lastTurn = 0;
  const closeBlock = (): void => {
    if (pending > 0) blocks.push(createBlock(chunks, pending));
    chunks = [];
    pending = 0;
  };
  return {
    add: (chunk) => {
      const bytes = toBytes(chunk);
      length += bytes.length;
      if (length > maxBytes) {
        throw new Aws4AuthError(
          `data: the stream has more than maxStreamBytes (${String(maxBytes)}); raise that option, pass bytes, ` +
            "or set payload: 'unsigned'",
          'ERR_BODY_TOO_LARGE',
        );
      }
      if (bytes.length >= LARGE_CHUNK_BYTES) {
        closeBlock();
        blocks.push({ bytes, free: () => undefined });
      } else {
        chunks.push(bytes);
        pending += bytes.length;
        if (pending >= BLOCK_BYTES) closeBlock();
      }
      const isDue = length - lastTurn >= SLICE_BYTES;
      if (isDue) lastTurn = length;
      return isDue;
    },
    join: async () => {
      const joined = new Uint8Array(length);
      let offset = 0;
      for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
        const { bytes, free } = block;
        const end = offset + bytes.length;
        for (let start = 0; offset < end; start += BLOCK_BYTES) {
          const slice = bytes.subarray(start, start + BLOCK_BYTES);
          joined.set(slice, offset);
          offset += slice.length;
          if (offset === end) free();
          await platform.yieldToEventLoop();
        }
      }
      joinChunks(chunks, joined.subarray(offset));
      return joined;
    },
  };
}

// Half a millisecond of copying: chunks are joined as soon as they are so many bytes.
const BLOCK_BYTES = 1024 * 1024;
// Joining such a chunk to others would hold the event loop for too long: it is kept as it is.
const LARGE_CHUNK_BYTES = 8 * BLOCK_BYTES;

function joinChunks(chunks: readonly Uint8Array[], target: Uint8Array): void {
  let offset = 0;
  for (const chunk of chunks) {
    target.set(chunk, offset);
    offset += chunk.length;
  }
}

/**
 * Chunks as one, whose memory can be given back without waiting for a garbage collection, where the runtime can resize
 * buffers: else all of a stream is in memory twice when it is joined.
 */
function createBlock(chunks: readonly Uint8Array[], length: number): Block {
  const buffer = new ArrayBuffer(length, { maxByteLength: length });
  const bytes = new Uint8Array(buffer);
  joinChunks(chunks, bytes);
  return {
    bytes,
    free: () => {
      if ('resize' in buffer) buffer.resize(0);
    },
  };
}
