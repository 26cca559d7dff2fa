/** A stream that is to be sent unread: whether the adapter can send it, and how long it is, where that can be known. */
import type { AdapterName } from './adapter-name.js';
import { Aws4AuthError } from '../errors.js';
import { createLazyModule } from '../platform/lazy-module.js';
import type { NodeStreams } from '../platform/platform.js';
import { findChunkSource, isStream, isWebStream, takeStream, wasUsed, type Stream } from './stream.js';
import { platform } from '#platform';

/**
 * The length in bytes of a stream: of a file's, or of a form of the form-data package that knows it. `undefined` where it
 * is not known.
 *
 * @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` for a stream that the adapter would send something else for
 */
export async function measureUnread(stream: Stream, adapterName: AdapterName): Promise<number | undefined> {
  assertSendable(stream, adapterName);
  if (isWebStream(stream)) return undefined;
  const length = await readFormLength(stream);
  if (length !== undefined) return length;
  const nodeStreams = await findNodeStreams();
  return nodeStreams?.measureFile(stream);
}

const loadNodeStreams = platform.loadNodeStreams && createLazyModule(platform.loadNodeStreams);

/** What can be done with streams of Node; `undefined` where there are none. */
export async function findNodeStreams(): Promise<NodeStreams | undefined> {
  return (await loadNodeStreams?.())?.nodeStreams;
}

/** What opens anew a stream that can be read again, by each that was opened of it. */
const repeats = new WeakMap<Stream, () => unknown>();

/** What gives the bytes of a stream once more: of a file, or of an iterable; `undefined` where they are gone. */
export async function findRepeat(stream: Stream): Promise<(() => Stream) | undefined> {
  const repeat = readRepeat(stream) ?? (await findNodeStreams())?.findFile(stream);
  if (repeat === undefined) return undefined;
  repeats.set(stream, repeat);
  return () => open(stream, repeat);
}

/** The stream itself, or where it was read, and is one of those, another with the same bytes. */
export function repeatStream(stream: Stream): Stream {
  const repeat = readRepeat(stream);
  return repeat !== undefined && wasUsed(stream) ? open(stream, repeat) : stream;
}

function readRepeat(stream: Stream): (() => unknown) | undefined {
  const source = findChunkSource(stream);
  return source === undefined ? repeats.get(stream) : () => takeStream(source);
}

function open(stream: Stream, repeat: () => unknown): Stream {
  const again = repeat();
  if (!isStream(again)) return stream;
  repeats.set(again, repeat);
  return again;
}

function assertSendable(stream: Stream, adapterName: AdapterName): void {
  const isUnsendable =
    adapterName === 'xhr' ||
    (adapterName === 'fetch' && !canFetchStreams()) ||
    (adapterName === 'http' && isWebStream(stream) && loadNodeStreams === undefined);
  if (!isUnsendable) return;
  const other = adapterName === 'fetch' ? '' : "use adapter: 'fetch', ";
  throw new Aws4AuthError(
    `data: the ${adapterName} adapter cannot send this stream here; ${other}pass a Blob or bytes, or have the stream ` +
      "read into memory by payload: 'signed'",
    'ERR_UNSUPPORTED_BODY',
  );
}

/**
 * Whether fetch sends a stream for a stream: some browsers send the text `[object ReadableStream]`, which they give a
 * content type for.
 */
function canFetchStreams(): boolean {
  if (typeof Request !== 'function' || typeof ReadableStream !== 'function') return true;
  const init: RequestInit & { readonly duplex: 'half' } = {
    method: 'POST',
    body: new ReadableStream(),
    duplex: 'half',
  };
  return !new Request('http://localhost/', init).headers.has('Content-Type');
}

/** The length that a form of the form-data package tells; `undefined` where there is a stream in it that has none. */
function readFormLength(form: object): Promise<number | undefined> | undefined {
  const getLength: unknown = Reflect.get(form, 'getLength');
  if (typeof getLength !== 'function') return undefined;
  return new Promise((resolve) => {
    const settle = (error: unknown, length?: unknown): void => {
      const isKnown = (error === null || error === undefined) && Number.isSafeInteger(length);
      resolve(isKnown ? Number(length) : undefined);
    };
    try {
      Reflect.apply(getLength, form, [settle]);
    } catch {
      resolve(undefined);
    }
  });
}
