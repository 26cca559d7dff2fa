/** Streams: told apart, watched until they are sent, refused when they were read before. */
import { Aws4AuthError } from '../errors.js';
import { isArrayBuffer, readTag } from './body-kinds.js';
import type { NodeStream } from './node-stream.js';
import { encodeUtf8 } from '../platform/utf8.js';

/** A stream of Node or of the web. */
export type Stream = NodeStream | ReadableStream<unknown>;

export function isNodeStream(value: unknown): value is NodeStream {
  if (typeof value !== 'object' || value === null || !('pipe' in value) || !('on' in value)) return false;
  return typeof value.pipe === 'function' && typeof value.on === 'function';
}

export function isWebStream(value: unknown): value is ReadableStream<unknown> {
  return typeof value === 'object' && value !== null && 'getReader' in value && typeof value.getReader === 'function';
}

/** Whether a value is a stream, of Node or of the web. */
export function isStream(value: unknown): value is Stream {
  return isNodeStream(value) || isWebStream(value);
}

/** What gives a body's chunks one by one, and is no stream: an async iterable, an async generator, or a generator. */
type ChunkSource = AsyncIterable<unknown> | Iterable<unknown>;

/** JSON has no words for them, but where they bring their own: axios would send `{}`. */
function isChunkSource(data: object): data is ChunkSource {
  const isIterable = Symbol.asyncIterator in data || (Symbol.toStringTag in data && readTag(data) === 'Generator');
  return isIterable && !isStream(data) && !('toJSON' in data);
}

/**
 * A request's data before axios's transforms: what gives chunks one by one becomes a web stream. An error of a Node
 * stream, which would end the process where nobody listens, is kept until the stream is sent or read.
 */
export function takeStream(data: object): unknown {
  if (isChunkSource(data)) return toWebStream(data);
  if (isNodeStream(data)) watch(data);
  return data;
}

/** The streams of what can be iterated once: the second request finds that the first has read them. */
const chunkStreams = new WeakMap<Stream, ChunkSource>();
const streamsOfSources = new WeakMap<object, ReadableStream<unknown>>();

function toWebStream(source: ChunkSource): unknown {
  // axios leaves this as it is, as it leaves streams, and it is refused when it is signed.
  if (typeof ReadableStream !== 'function') return { pipe: () => undefined, [Symbol.toStringTag]: readTag(source) };
  const known = streamsOfSources.get(source);
  if (known !== undefined) return known;
  let iterator: AsyncIterator<unknown> | Iterator<unknown> | undefined;
  const stream = createWebStream<unknown>(
    async () => {
      iterator ??= Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
      return iterator.next();
    },
    () => iterator?.return?.(),
  );
  chunkStreams.set(stream, source);
  if ('next' in source) streamsOfSources.set(source, stream);
  return stream;
}

/** A web stream of what `next` gives; nothing is taken before it is asked for. */
export function createWebStream<Chunk>(
  next: () => Promise<IteratorResult<Chunk, unknown>>,
  cancel: (reason: unknown) => unknown,
): ReadableStream<Chunk> {
  return new ReadableStream<Chunk>(
    {
      pull: async (controller) => {
        const result = await next();
        if (result.done === true) controller.close();
        else controller.enqueue(result.value);
      },
      cancel: async (reason) => {
        await cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** Whether a stream was made here of what gives chunks, which may be text. */
export function isChunkStream(stream: Stream): boolean {
  return chunkStreams.has(stream);
}

/** What a stream was made of here, where that can be read again. */
export function findChunkSource(stream: Stream): object | undefined {
  const source = chunkStreams.get(stream);
  return source === undefined || 'next' in source ? undefined : source;
}

/** How each Node stream that a request was given has failed, if it has. */
const watched = new WeakMap<NodeStream, { error?: unknown }>();

function watch(stream: NodeStream): void {
  if (watched.has(stream)) return;
  const state: { error?: unknown } = {};
  watched.set(stream, state);
  stream.on('error', (error: unknown) => {
    state.error = error;
  });
}

/** Streams that an adapter was given, of the kinds that do not tell afterwards whether they were read. */
const handedOver = new WeakSet<object>();

/**
 * Remembers that a stream is given to an adapter, which will read it, for streams that do not tell by themselves.
 *
 * @throws as {@link assertUnread}, for a stream that has failed since the request began
 */
export function handOver(stream: Stream): void {
  assertUnread(stream);
  if (isWebStream(stream) || stream.readableDidRead === undefined) handedOver.add(stream);
}

/**
 * @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` for a stream that cannot be read from its start: one that was read, is
 * locked or was destroyed; the stream's own error where it failed
 */
export function assertUnread(stream: Stream): void {
  if (isNodeStream(stream)) {
    watch(stream);
    const state = watched.get(stream);
    if (state !== undefined && 'error' in state) throw state.error;
  }
  const use = findUse(stream);
  if (use === undefined) return;
  throw new Aws4AuthError(
    `data: the stream ${use}, so that its bytes are not to be had; pass a new one for each request`,
    'ERR_UNSUPPORTED_BODY',
  );
}

/** Whether the bytes of a stream are not to be had from its start. */
export function wasUsed(stream: Stream): boolean {
  return findUse(stream) !== undefined;
}

function findUse(stream: Stream): string | undefined {
  if (handedOver.has(stream)) return WAS_READ;
  if (isWebStream(stream))
    return stream.locked ? 'is locked by another reader' : isDisturbed(stream) ? WAS_READ : undefined;
  const { destroyed, readable, readableDidRead, readableEnded } = stream;
  if (readableDidRead === true || readableEnded === true) return WAS_READ;
  return destroyed === true || readable === false ? 'was destroyed' : undefined;
}

const WAS_READ = 'was read before';

/** Whether a web stream was read in part, or cancelled: a Response takes no such body. It would read what is not its own. */
function isDisturbed(stream: ReadableStream<unknown>): boolean {
  const isOwn = typeof ReadableStream === 'function' && stream instanceof ReadableStream;
  if (!isOwn || typeof Response !== 'function') return false;
  try {
    return new Response(stream).bodyUsed;
  } catch {
    return true;
  }
}

/** A stream's chunk as bytes. @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` where it is neither bytes nor text */
export function toBytes(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return encodeUtf8(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  // Those of a FileHandle's web stream are such in Node 20.
  if (isArrayBuffer(chunk)) return new Uint8Array(chunk);
  throw new Aws4AuthError('data: the stream does not give bytes or text', 'ERR_UNSUPPORTED_BODY');
}
