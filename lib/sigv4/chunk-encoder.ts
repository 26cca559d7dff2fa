/** A body in the framing `aws-chunked`, chunk by chunk, as it comes: slices of any size go in, whole chunks come out. */
import { Aws4AuthError } from '../errors.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { assertChecksum, nameChecksum } from './checksum-names.js';
import { createChunkLine, createTrailer, CRLF, type Framing } from './chunk-framing.js';
import { signHash, signTrailerLines } from './chunk-signing.js';
import { hashBody, isUint8Array } from './payload-hash.js';
import type { ScopedKey } from './scoped-key.js';

/** What signs the chunks: the head's key, date and signature. */
export interface ChunkSeed {
  readonly signingKey: ScopedKey;
  /** As `X-Amz-Date` has it. */
  readonly amzDate: string;
  readonly signature: string;
}

/**
 * Frames one body. What it returns is to be sent in order. It may share memory with what was given, which must stay as it is
 * until that is sent: a whole chunk that comes at once is not copied.
 *
 * @example
 * const { encoder } = signChunkedRequest(request, options);
 * for await (const data of source) for (const piece of encoder.encode(data)) await send(piece);
 * await send(encoder.end());
 */
export interface ChunkEncoder {
  /**
   * Takes the next bytes of the body, as many as there are.
   *
   * @returns what can be sent with them, piece by piece: whole chunks, and nothing as long as there are none
   * @throws Aws4AuthError `ERR_INVALID_HEADER` where the body gets longer than was said
   */
  readonly encode: (data: Uint8Array) => readonly Uint8Array[];
  /**
   * Ends the body.
   *
   * @param checksum the sum of the body in base64, where one was announced
   * @returns what is left to be sent
   * @throws Aws4AuthError `ERR_INVALID_HEADER` where the body is shorter than was said; `ERR_CHECKSUM` for what is not a
   * sum of the algorithm that was announced
   */
  readonly end: (checksum?: string) => Uint8Array;
}

/** @param seed `undefined` where chunks are not signed */
export function createChunkEncoder(framing: Framing, seed: ChunkSeed | undefined): ChunkEncoder {
  const { decodedContentLength, chunkBytes, checksum } = framing;
  const sign = createSigner(seed);
  let begun: BegunChunk | undefined;
  let taken = 0;
  let framed = 0;
  let hasEnded = false;
  const assertOpen = (): void => {
    if (hasEnded) throw new Aws4AuthError('encoder: the body has ended; make one for each body', 'ERR_INVALID_OPTION');
  };
  /** The line of a chunk, after what ends the data of the one before. */
  const createLine = (data: Uint8Array): string =>
    (framed === 0 ? '' : CRLF) + createChunkLine(data.length, sign.chunk(data), framing);
  return {
    encode: (data) => {
      assertOpen();
      if (!isUint8Array(data)) throw new Aws4AuthError('data: must be a Uint8Array', 'ERR_UNSUPPORTED_BODY');
      if (data.length > decodedContentLength - taken) throw createLengthError(framing, 'more');
      taken += data.length;
      const pieces: Uint8Array[] = [];
      for (let start = 0; start < data.length;) {
        const size = Math.min(chunkBytes, decodedContentLength - framed);
        const rest = data.subarray(start);
        const isWhole = begun === undefined && rest.length >= size;
        begun ??= isWhole ? undefined : { bytes: new Uint8Array(size), filled: 0 };
        start += begun === undefined ? size : fill(begun, rest);
        if (begun !== undefined && begun.filled < size) break;
        const chunk = begun?.bytes ?? rest.subarray(0, size);
        pieces.push(encodeUtf8(createLine(chunk)), chunk);
        framed += size;
        begun = undefined;
      }
      return pieces;
    },
    end: (sum) => {
      assertOpen();
      if (taken < decodedContentLength) throw createLengthError(framing, `only ${String(taken)}`);
      if (checksum !== undefined) assertChecksum(checksum, sum);
      hasEnded = true;
      const last = createLine(new Uint8Array(0));
      const trailer = checksum && sum ? { name: nameChecksum(checksum), value: sum } : undefined;
      return encodeUtf8(last + createTrailer(trailer, trailer && sign.trailer([trailer]), framing));
    },
  };
}

/** A chunk of which a part has come, copied. */
interface BegunChunk {
  readonly bytes: Uint8Array;
  filled: number;
}

/** Takes as much of the data as there is room for. Returns how much that was. */
function fill(chunk: BegunChunk, data: Uint8Array): number {
  const length = Math.min(chunk.bytes.length - chunk.filled, data.length);
  chunk.bytes.set(data.subarray(0, length), chunk.filled);
  chunk.filled += length;
  return length;
}

function createLengthError({ decodedContentLength }: Framing, given: string): Aws4AuthError {
  return new Aws4AuthError(
    `Content-Length: the body gave ${given} bytes in the place of ${String(decodedContentLength)}; ` +
      'pass its true length in bytes',
    'ERR_INVALID_HEADER',
  );
}

/** Each signature is made over the one before. */
function createSigner(seed: ChunkSeed | undefined) {
  if (seed === undefined) return { chunk: () => undefined, trailer: () => undefined };
  const { signingKey, amzDate } = seed;
  let previous = seed.signature;
  return {
    chunk: (data: Uint8Array): string => (previous = signHash(hashBody(data), signingKey, amzDate, previous)),
    trailer: (lines: Parameters<typeof signTrailerLines>[0]): string =>
      signTrailerLines(lines, signingKey, amzDate, previous),
  };
}
