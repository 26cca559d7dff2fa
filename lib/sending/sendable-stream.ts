/** A stream in the form in which an adapter sends it, and looked at while it passes: its chunks, and how many bytes. */
import { AxiosError, type InternalAxiosRequestConfig } from 'axios';
import type { AdapterName } from '../request/adapter-name.js';
import { readOwn } from '../request/config.js';
import { findName } from '../request/config-headers.js';
import { createWebStream, handOver, isChunkStream, isWebStream, toBytes, type Stream } from '../request/stream.js';
import { findNodeStreams } from '../request/unread-stream.js';
import { Aws4AuthError } from '../errors.js';
import type { NodeStreams } from '../platform/platform.js';

type Config = InternalAxiosRequestConfig;

/** A stream to send, and why it was ended, where that was for what it gave. */
export interface SendableStream {
  readonly stream: Stream;
  readonly readFailure: () => Error | undefined;
}

/**
 * axios's http adapter takes streams of Node alone, and pipes them: a chunk that is neither bytes nor text would end the
 * process, and a body longer or shorter than its Content-Length the connection, or hang. Node's fetch takes both kinds.
 * A custom adapter gets what the caller gave.
 *
 * @throws as {@link handOver}
 */
export async function toSendable(sent: Config, given: Stream, adapterName: AdapterName): Promise<SendableStream> {
  const isOurs = isChunkStream(given);
  const isLeft = adapterName === 'custom' ? !isOurs : adapterName === 'fetch' && isWebStream(given) && !isOurs;
  const nodeStreams = isLeft ? undefined : await findNodeStreams();
  // After all that is waited for: an adapter would wait for a stream that has failed meanwhile.
  handOver(given);
  if (nodeStreams === undefined) {
    const stream = isOurs && isWebStream(given) ? encodeChunks(given) : given;
    return { stream, readFailure: () => undefined };
  }
  let failure: Error | undefined;
  const fail = (error: Error): Error => (failure = error);
  const counter = createCounter(sent, fail);
  const source = isWebStream(given) ? readAsNodeStream(given, nodeStreams, fail) : given;
  return { stream: nodeStreams.passOn(source, counter.take, counter.end), readFailure: () => failure };
}

function readAsNodeStream(
  stream: ReadableStream<unknown>,
  { toNodeStream }: NodeStreams,
  fail: (error: Error) => Error,
): Stream {
  const reader = stream.getReader();
  return toNodeStream(
    () =>
      readBytes(reader).catch((error: unknown) => {
        // fetch would hide it in a network error.
        throw error instanceof Aws4AuthError ? fail(error) : error;
      }),
    (reason) => {
      reader.cancel(reason).catch(() => undefined);
    },
  );
}

/** The next chunk that is not empty, as bytes; `undefined` at the end. */
async function readBytes(reader: ReadableStreamDefaultReader<unknown>): Promise<Uint8Array | undefined> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    const bytes = toBytes(value);
    if (bytes.length > 0) return bytes;
  }
}

/** The same stream, of bytes alone, as fetch takes it. */
function encodeChunks(stream: ReadableStream<unknown>): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return createWebStream<Uint8Array>(
    async () => {
      const value = await readBytes(reader);
      return value === undefined ? { done: true, value } : { done: false, value };
    },
    (reason) => reader.cancel(reason),
  );
}

interface Counter {
  readonly take: (chunk: unknown) => Uint8Array | Error;
  readonly end: () => Error | undefined;
}

/** Counts what is sent, and ends it where it cannot become what the config says: its Content-Length, `maxBodyLength`. */
function createCounter(sent: Config, fail: (error: Error) => Error): Counter {
  const declared: unknown = sent.headers[findName(sent.headers, 'Content-Length')];
  const length = typeof declared === 'string' ? Number(declared) : undefined;
  const most = readOwn(sent, 'maxBodyLength') ?? -1;
  let count = 0;
  return {
    take: (chunk) => {
      const bytes = tryToBytes(chunk);
      if (bytes instanceof Error) return fail(bytes);
      count += bytes.length;
      if (length !== undefined && count > length) return fail(createLengthError(length, 'more'));
      // axios before 1.17 does not count streams where no redirect is to be followed.
      const isTooMuch = most > -1 && count > most;
      return isTooMuch ? fail(createLimitError(sent)) : bytes;
    },
    end: () =>
      length !== undefined && count < length ? fail(createLengthError(length, `only ${String(count)}`)) : undefined,
  };
}

function tryToBytes(chunk: unknown): Uint8Array | Error {
  try {
    return toBytes(chunk);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** In axios's words. */
export function createLimitError(sent: Config): AxiosError {
  return new AxiosError('Request body larger than maxBodyLength limit', AxiosError.ERR_BAD_REQUEST, sent);
}

function createLengthError(length: number, found: string): Aws4AuthError {
  return new Aws4AuthError(
    `Content-Length: is ${String(length)}, and the stream gave ${found} bytes; where it is of a file, that has changed ` +
      'while it was sent',
    'ERR_INVALID_HEADER',
  );
}
