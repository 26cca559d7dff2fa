/** The beginning of an answer's body as text, whatever `responseType` made of it, and without taking it away. */
import type { AxiosResponse } from 'axios';
import { isArrayBuffer, isBlob, readTag } from '../request/body-kinds.js';
import { readBlob } from '../request/slices.js';
import { isNodeStream, isWebStream, toBytes } from '../request/stream.js';
import type { NodeStream } from '../request/node-stream.js';
import { platform } from '#platform';

/** What is read, and replaced where it is a stream. */
type Peeked = Pick<AxiosResponse<unknown>, 'data'>;

/** How many bytes of an answer are read. Error documents are short; a longer answer is something else. */
export const MAX_BYTES = 64 * 1024;
/** How long they are waited for, in milliseconds. */
const MAX_WAIT_MS = 2000;

/**
 * The first 64 KiB of a response's body as text; data of another kind, such as an object, as it is. A stream that was
 * read for that is replaced by one that gives the same bytes from the start.
 */
export async function peekText(response: Peeked): Promise<unknown> {
  const { data } = response;
  if (typeof data === 'string') return data.slice(0, MAX_BYTES);
  if (isArrayBuffer(data)) return decode([new Uint8Array(data)]);
  if (ArrayBuffer.isView(data)) return decode([toBytes(data)]);
  if (isBlob(data)) return decode([new Uint8Array(await readBlob(data.slice(0, MAX_BYTES)))]);
  if (isWebStream(data)) return peekWebStream(data, response);
  if (isNodeStream(data)) return peekNodeStream(data, response);
  return readDocument(data) ?? data;
}

/** The text of what xhr makes of XML under `responseType: 'document'`. */
function readDocument(data: unknown): string | undefined {
  if (!readTag(data).endsWith('Document')) return undefined;
  const text: unknown = Reflect.get(Object(Reflect.get(Object(data), 'documentElement')), 'outerHTML');
  return typeof text === 'string' ? text.slice(0, MAX_BYTES) : undefined;
}

async function peekWebStream(stream: ReadableStream<unknown>, response: Peeked): Promise<string> {
  const [peeked, kept] = stream.tee();
  response.data = kept;
  const reader = peeked.getReader();
  const { chunks } = await readStart(() => reader.read());
  reader.cancel().catch(() => undefined);
  return decode(chunks);
}

async function peekNodeStream(stream: NodeStream, response: Peeked): Promise<string> {
  const source = stream[Symbol.asyncIterator]?.();
  if (platform.toNodeStream === undefined || source === undefined) return '';
  const read: ReadChunk = () => source.next();
  const start = await readStart(read);
  response.data = platform.toNodeStream(resume(start, read), stream);
  return decode(start.chunks);
}

type ReadChunk = () => Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;

/** What was read of a stream. `pending` is a read that took too long or failed: whoever reads on gets its result. */
interface Start {
  readonly chunks: readonly Uint8Array[];
  readonly pending: ReturnType<ReadChunk> | undefined;
}

/** Reads the first bytes, for at most `MAX_WAIT_MS`: an answer that comes more slowly must not hold up the caller. */
async function readStart(read: ReadChunk): Promise<Start> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, MAX_WAIT_MS, undefined);
  });
  let pending: Start['pending'];
  try {
    while (length < MAX_BYTES) {
      pending = read();
      const next = await Promise.race([pending, isLate]);
      if (next === undefined || next.done === true) return { chunks, pending };
      pending = undefined;
      const chunk = toBytes(next.value);
      chunks.push(chunk);
      length += chunk.length;
    }
  } catch {
    // `pending` has failed: whoever reads on gets its error.
  } finally {
    clearTimeout(timer);
    pending?.catch(() => undefined);
  }
  return { chunks, pending };
}

/** The whole stream: what was read, and then the rest. */
async function* resume({ chunks, pending }: Start, read: ReadChunk): AsyncGenerator<Uint8Array> {
  yield* chunks;
  for (let next = pending ?? read(); ; next = read()) {
    const { done, value } = await next;
    if (done === true) return;
    yield toBytes(value);
  }
}

/**
 * Without a TextDecoder (React Native, jsdom) by the escapes of URLs, which are of UTF-8; what is not UTF-8, or is cut within
 * a character, is taken byte by byte: what decides of a refusal is ASCII.
 */
function decode(chunks: readonly Uint8Array[]): string {
  const bytes = Uint8Array.from(chunks.flatMap((chunk) => [...chunk.subarray(0, MAX_BYTES)]));
  if (typeof TextDecoder === 'function') return new TextDecoder().decode(bytes);
  try {
    return decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  }
}
