/** Bodies in slices, between which the event loop goes on: of bytes, of text, of a Blob. */
import { Aws4AuthError } from '../errors.js';
import { platform } from '#platform';

// Hashing so many bytes takes about a millisecond on the slowest platform.
export const SLICE_BYTES = 128 * 1024;
// UTF-16 code units, each of which is up to three bytes of UTF-8.
export const SLICE_UNITS = 64 * 1024;

/** The slices of a body; between two of them the event loop goes on. */
export type Slices<T> = AsyncGenerator<T, void, undefined>;

/** Slices that share the memory of the bytes. */
export async function* sliceBytes(bytes: Uint8Array): Slices<Uint8Array> {
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    if (start > 0) await platform.yieldToEventLoop();
    yield bytes.subarray(start, start + SLICE_BYTES);
  }
}

/** Slices that cut neither a surrogate pair nor a CRLF in two, so that each can be encoded and normalized by itself. */
export async function* sliceText(text: string): Slices<string> {
  let start = 0;
  while (start < text.length) {
    if (start > 0) await platform.yieldToEventLoop();
    const end = start + SLICE_UNITS;
    const next = UNCUT_PAIR.test(text.slice(end - 1, end + 1)) ? end + 1 : end;
    yield text.slice(start, next);
    start = next;
  }
}

const UNCUT_PAIR = /^(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|\r\n)$/;

/** Slices that are read one by one: a Blob's own stream would give all of it without letting the event loop go on. */
export async function* sliceBlob(blob: Blob): Slices<Uint8Array> {
  for (let start = 0; start < blob.size; start += SLICE_BYTES) {
    if (start > 0) await platform.yieldToEventLoop();
    yield new Uint8Array(await readBlob(blob.slice(start, start + SLICE_BYTES)));
  }
}

/** All bytes of a Blob. @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` where nothing of the runtime's can read it */
export function readBlob(blob: Blob): Promise<ArrayBuffer> {
  if ('arrayBuffer' in blob) return blob.arrayBuffer();
  // jsdom's Blob can be read by no method of its own.
  if (typeof FileReader === 'function') return readByFileReader(blob);
  throw new Aws4AuthError(
    'data: this Blob cannot be read, since it has no arrayBuffer(); use the global Blob',
    'ERR_UNSUPPORTED_BODY',
  );
}

function readByFileReader(blob: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      if (typeof reader.result === 'object' && reader.result !== null) resolve(reader.result);
    };
    reader.onerror = () => {
      reject(createUnreadableError(reader.error));
    };
    try {
      reader.readAsArrayBuffer(blob);
    } catch (error) {
      // React Native's own did not do it for long.
      reject(createUnreadableError(error));
    }
  });
}

function createUnreadableError(cause: unknown): Aws4AuthError {
  return new Aws4AuthError('data: a Blob cannot be read; pass its bytes', 'ERR_UNSUPPORTED_BODY', {
    cause,
  });
}
