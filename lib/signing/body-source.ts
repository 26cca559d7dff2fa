/** What the bytes of a body come from, read piece by piece: bytes, a Blob, or a stream of Node or of the web. */
import { Aws4AuthError } from '../errors.js';
import type { Body } from '../request/body.js';
import { isBlob } from '../request/body-kinds.js';
import { sliceBlob } from '../request/slices.js';
import type { NodeStreams } from '../platform/platform.js';
import { handOver, isNodeStream, isStream, isWebStream, wasUsed, type Stream } from '../request/stream.js';
import { findNodeStreams, findRepeat } from '../request/unread-stream.js';
import { isUint8Array } from '../sigv4/payload-hash.js';

/** What a body is read from. */
export interface Source {
  /** In bytes; `undefined` where it is not known. */
  readonly length: number | undefined;
  /** Whether it can be opened more than once. */
  readonly isRepeatable: boolean;
  /** @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` for a stream that was read before */
  readonly open: () => SourceReading;
}

/** A source that is being read. */
export interface SourceReading {
  readonly chunks: AsyncIterator<unknown>;
  /** Ends the reading, and frees what the source holds. */
  readonly stop: () => void;
}

/** @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` for a body that has no bytes to read */
export async function findSource(body: Body): Promise<Source> {
  if (isUint8Array(body)) {
    return { length: body.length, isRepeatable: true, open: () => read(giveOnce(body)) };
  }
  if (isBlob(body)) return { length: body.size, isRepeatable: true, open: () => read(sliceBlob(body)) };
  if (isStream(body)) {
    return createStreamSource(body, await findRepeat(body), await findNodeStreams());
  }
  throw new Aws4AuthError('data: cannot be sent in chunks; pass bytes, a Blob or a stream', 'ERR_UNSUPPORTED_BODY');
}

async function* giveOnce(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes);
}

/** What is in memory holds nothing that has to be freed. */
function read(chunks: AsyncIterator<unknown>): SourceReading {
  return { chunks, stop: () => undefined };
}

function createStreamSource(
  stream: Stream,
  repeat: (() => Stream) | undefined,
  nodeStreams: NodeStreams | undefined,
): Source {
  return {
    length: undefined,
    isRepeatable: repeat !== undefined,
    open: () => {
      const isRead = opened.has(stream) || wasUsed(stream);
      return openStream(isRead && repeat !== undefined ? repeat() : stream, nodeStreams);
    },
  };
}

/** Streams that a request reads, or has read. Those of Node do not tell it before their first chunk. */
const opened = new WeakSet<Stream>();

function openStream(stream: Stream, nodeStreams: NodeStreams | undefined): SourceReading {
  handOver(stream);
  if (opened.has(stream)) {
    throw new Aws4AuthError(
      'data: the stream is read for another request, which gets its chunks; pass a new one for each',
      'ERR_UNSUPPORTED_BODY',
    );
  }
  opened.add(stream);
  if (isWebStream(stream)) {
    const reader = stream.getReader();
    return {
      chunks: { next: () => reader.read() },
      stop: () => {
        reader.cancel().catch(() => undefined);
      },
    };
  }
  // The form-data package's streams are of a kind that cannot be iterated.
  const readable: unknown = Symbol.asyncIterator in stream ? stream : nodeStreams?.renew(stream);
  const chunks = isNodeStream(readable) ? readable[Symbol.asyncIterator]?.() : undefined;
  if (chunks === undefined) {
    throw new Aws4AuthError('data: is a stream of a kind that cannot be sent in chunks', 'ERR_UNSUPPORTED_BODY');
  }
  return {
    chunks,
    stop: () => {
      stream.destroy?.();
    },
  };
}
