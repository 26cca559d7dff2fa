/** The beginning of an answer's body as text, whatever `responseType` made of it, and without taking it away. */
import type { AxiosResponse } from 'axios';
import { isArrayBuffer, isBlob } from './body.js';
import { isNodeStream, isWebStream, toBytes, type NodeStream } from './stream.js';
import { platform } from '#platform';

/** As much is read of an answer: errors are short, and what is longer may be anything. */
const MAX_BYTES = 64 * 1024;

/**
 * The first 64 KiB of a response's body as text; data of another kind, such as an object, as it is. A stream that was
 * read for that is replaced by one that gives the same bytes from the start.
 */
export async function peekText(response: AxiosResponse<unknown>): Promise<unknown> {
  const { data } = response;
  if (typeof data === 'string') return data.slice(0, MAX_BYTES);
  if (isArrayBuffer(data)) return decode([new Uint8Array(data)]);
  if (ArrayBuffer.isView(data)) return decode([toBytes(data)]);
  if (isBlob(data)) return data.slice(0, MAX_BYTES).text();
  if (isWebStream(data)) return peekWebStream(data, response);
  if (isNodeStream(data)) return peekNodeStream(data, response);
  return data;
}

async function peekWebStream(stream: ReadableStream<unknown>, response: AxiosResponse<unknown>): Promise<string> {
  const [peeked, kept] = stream.tee();
  response.data = kept;
  const reader = peeked.getReader();
  const { chunks } = await readStart(() => reader.read());
  reader.cancel().catch(() => undefined);
  return decode(chunks);
}

async function peekNodeStream(stream: NodeStream, response: AxiosResponse<unknown>): Promise<string> {
  const source = stream[Symbol.asyncIterator]?.();
  if (platform.toNodeStream === undefined || source === undefined) return '';
  const start = await readStart(() => source.next());
  response.data = platform.toNodeStream(resume(start, source), stream);
  return decode(start.chunks);
}

interface Start {
  readonly chunks: readonly Uint8Array[];
  /** What ended the reading, where that was an error: whoever reads the stream after us is to meet it there. */
  readonly failure: { readonly error: unknown } | undefined;
}

type ReadChunk = () => Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;

async function readStart(read: ReadChunk): Promise<Start> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    while (length < MAX_BYTES) {
      const { done, value } = await read();
      if (done === true) break;
      const chunk = toBytes(value);
      chunks.push(chunk);
      length += chunk.length;
    }
  } catch (error) {
    return { chunks, failure: { error } };
  }
  return { chunks, failure: undefined };
}

async function* resume({ chunks, failure }: Start, source: AsyncIterator<unknown>): AsyncGenerator<Uint8Array> {
  yield* chunks;
  if (failure !== undefined) throw failure.error;
  for (;;) {
    const next: IteratorResult<unknown, unknown> = await source.next();
    if (next.done === true) return;
    yield toBytes(next.value);
  }
}

function decode(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk.subarray(0, MAX_BYTES), { stream: true })).join('');
}
