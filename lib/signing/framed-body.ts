/** A body that is sent in the framing `aws-chunked`, in signed chunks or with its checksum as a trailer, as it is read. */
import { Aws4AuthError } from '../errors.js';
import type { Endpoint } from '../destination/endpoint.js';
import { omitHeaders } from '../destination/redirect-policy.js';
import { encodeBase64 } from '../platform/base64.js';
import type { Checksum, ChecksumAlgorithm } from '../platform/platform.js';
import { findName, type HeaderChanges } from '../request/config-headers.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import { assertUnread, isStream, toBytes } from '../request/stream.js';
import { measureUnread } from '../request/unread-stream.js';
import { ECDSA_ALGORITHM } from '../sigv4/algorithm-name.js';
import { createChunkEncoder, type ChunkSeed } from '../sigv4/chunk-encoder.js';
import { CHUNK_BYTES, createFramingHeaders, signContentEncoding, type Framing } from '../sigv4/chunk-framing.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { isS3Kin } from '../sigv4/service-rules.js';
import { HMAC_ALGORITHM } from '../sigv4/scoped-key.js';
import { assertOwnChecksums, isOfObject, listChecksums, loadChecksum } from './body-checksum.js';
import { findSource, type Source } from './body-source.js';
import { platform } from '#platform';

/** What decides on how a body is framed. */
export interface FramingRules {
  readonly checksum: ChecksumAlgorithm | undefined;
  readonly contentEncoding: boolean;
  readonly signedHeaders: readonly string[] | undefined;
  /** There where the request is signed in its query. */
  readonly querySigning?: object | undefined;
}

/** A body that is framed anew for each signature. */
export interface FramedBody {
  /** Whether what it is made of can be read again from the start. */
  readonly isRepeatable: boolean;
  /** The headers to sign, as the option of that name has them. */
  readonly signedHeaders: readonly string[];
  /** The headers of a request with those that announce the framing; without them, where it has no body. */
  readonly announce: (headers: HttpHeaders, hasBody: boolean, endpoint: Endpoint) => HttpHeaders;
  /**
   * Begins to read the source, and to frame what it gives.
   *
   * @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` for a stream that was read before
   */
  readonly open: (seed: ChunkSeed) => FramedReading;
}

/** A body on its way: what is sent, piece by piece. */
export interface FramedReading {
  readonly pieces: AsyncGenerator<readonly Uint8Array[], void, undefined>;
  /** Gives nothing more, without an end: what is given is not wanted any more. */
  readonly hold: () => void;
  /** Ends it, whatever it waits for. */
  readonly stop: () => void;
  /** Why it has failed: its source did, or gave what was not announced. */
  readonly readFailure: () => unknown;
}

/**
 * The request with the headers of its framing, and what frames its body.
 *
 * @param request one whose body is bytes, a Blob or a stream
 * @param isSigned whether its chunks are signed; else its checksum alone is sent with it
 * @throws Aws4AuthError `ERR_INVALID_HEADER` for a stream whose length is not known, `ERR_CHECKSUM` for a checksum of the
 * caller's that cannot be one
 */
export async function frameBody(
  request: OutgoingRequest,
  endpoint: Endpoint,
  isSigned: boolean,
  rules: FramingRules,
): Promise<{ readonly request: OutgoingRequest; readonly framed: FramedBody | undefined }> {
  const { service } = endpoint;
  const { headers, bodyHeaders } = request;
  const isObjects = isOfObject(request, service);
  if (!isObjects) assertOwnChecksums(headers);
  // The caller's own checksum, a header, takes the trailer's place: S3 takes one alone.
  const checksum = isObjects || listChecksums(headers).length > 0 ? undefined : rules.checksum;
  // Chunks without signatures are for the trailer's sake alone.
  if (!isSigned && checksum === undefined) return { request, framed: undefined };
  if (!isS3Kin(service)) throw createServiceError(service, isSigned);
  if (rules.querySigning !== undefined) throw createQueryError();
  const source = await findSource(request.body);
  const decodedContentLength = source.length ?? readLength(headers) ?? (await measureLength(request));
  const frame = (algorithm: string): Framing => ({
    decodedContentLength,
    chunkBytes: CHUNK_BYTES,
    isSigned,
    algorithm,
    checksum,
    hasContentEncoding: rules.contentEncoding,
  });
  const framedHeaders = createFramingHeaders(headers, frame(nameAlgorithm(endpoint)));
  const begin = checksum && (await loadChecksum(checksum));
  const framed: FramedBody = {
    isRepeatable: source.isRepeatable,
    signedHeaders: signContentEncoding(rules.signedHeaders),
    announce: (others, hasBody, hopEndpoint) =>
      hasBody
        ? createFramingHeaders(others, frame(nameAlgorithm(hopEndpoint)))
        : omitHeaders(others, /^x-amz-(?:decoded-content-length|trailer)$/i),
    open: (seed) => openBody(source, frame(seed.signingKey.algorithm), seed, begin?.()),
  };
  return {
    request: { ...request, headers: framedHeaders, bodyHeaders: { ...bodyHeaders, ...listRemoved(framedHeaders) } },
    framed,
  };
}

function nameAlgorithm({ algorithm }: Endpoint): string {
  return algorithm === 'sigv4a' ? ECDSA_ALGORITHM : HMAC_ALGORITHM;
}

function createServiceError(service: string, isSigned: boolean): Aws4AuthError {
  return new Aws4AuthError(
    isSigned
      ? `payload: 'streaming' is for S3 and its kin, and ${service} does not take bodies in chunks; leave the option out`
      : `checksum: of a stream that is sent unread is sent after it, which S3 and its kin alone take, and ${service} does ` +
          "not; pass bytes, or have the stream read into memory by payload: 'signed'",
    'ERR_INVALID_OPTION',
  );
}

function createQueryError(): Aws4AuthError {
  return new Aws4AuthError(
    "signIn: 'query' is for bodies that are not sent in chunks, whose signatures need that of the headers; leave out that " +
      'option, or payload and checksum',
    'ERR_INVALID_OPTION',
  );
}

/** The headers that must not be sent, though the caller set them. */
function listRemoved(headers: HttpHeaders): HeaderChanges {
  const removed = Object.entries(headers).filter(([, value]) => value === undefined);
  return Object.fromEntries(removed.map(([name]) => [name, null]));
}

/** The length of a stream, as the caller tells it. */
function readLength(headers: HttpHeaders): number | undefined {
  for (const name of ['Content-Length', 'X-Amz-Decoded-Content-Length']) {
    const value = headers[findName(headers, name)];
    if (value === undefined) continue;
    const length = /^\d+$/.test(String(value)) ? Number(value) : NaN;
    if (Number.isSafeInteger(length)) return length;
    throw new Aws4AuthError(`${name}: must be the length of the body in bytes`, 'ERR_INVALID_HEADER');
  }
  return undefined;
}

/** The length of a file's stream, of which the caller has said that it goes out without. */
async function measureLength({ body, adapterName }: OutgoingRequest): Promise<number> {
  if (isStream(body)) {
    const length = await measureUnread(body, adapterName);
    if (length !== undefined) return length;
    // A file that is not there fails in this moment, and then that is what is wrong.
    await platform.yieldToEventLoop();
    assertUnread(body);
  }
  throw new Aws4AuthError(
    'Content-Length: is missing, and the length of this stream is not known; a body in chunks must be announced with its ' +
      "length: pass headers: { 'Content-Length': its bytes }, or pass bytes, a Blob or the stream of a file",
    'ERR_INVALID_HEADER',
  );
}

function openBody(source: Source, framing: Framing, seed: ChunkSeed, checksum: Checksum | undefined): FramedReading {
  const { chunks, stop } = source.open();
  const state: ReadingState = { failure: undefined, isHeld: false };
  async function* createPieces(): FramedReading['pieces'] {
    try {
      yield* framePieces(chunks, framing, seed, checksum, state);
    } catch (error) {
      state.failure ??= { error };
      throw error;
    } finally {
      stop();
    }
  }
  const hold = (): void => {
    state.isHeld = true;
  };
  return { pieces: createPieces(), hold, stop, readFailure: () => state.failure?.error };
}

/** So many bytes are hashed, of which each took a nanosecond or two, before others have their turn. */
const TURN_BYTES = 256 * 1024;

interface ReadingState {
  failure: { readonly error: unknown } | undefined;
  isHeld: boolean;
}

async function* framePieces(
  chunks: AsyncIterator<unknown>,
  framing: Framing,
  seed: ChunkSeed,
  checksum: Checksum | undefined,
  state: Readonly<ReadingState>,
): FramedReading['pieces'] {
  const encoder = createChunkEncoder(framing, framing.isSigned ? seed : undefined);
  let taken = 0;
  let lastTurn = 0;
  for (;;) {
    const bytes = await takeNext(chunks, taken, framing);
    if (bytes === undefined) break;
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      const slice = bytes.length <= CHUNK_BYTES ? bytes : bytes.subarray(start, start + CHUNK_BYTES);
      taken += slice.length;
      // What is too long is refused before a byte of it is sent.
      const pieces = encoder.encode(slice);
      checksum?.update(slice);
      if (pieces.length > 0) yield pieces;
      if (taken - lastTurn < TURN_BYTES) continue;
      lastTurn = taken;
      // An answer that comes before the body has ended is to be seen before more is sent.
      await platform.yieldToEventLoop();
      if (state.isHeld) await new Promise(() => undefined);
    }
  }
  yield [encoder.end(checksum && encodeBase64(await checksum.digest()))];
}

/** The next bytes of a source; `undefined` at its end. */
async function takeNext(
  chunks: AsyncIterator<unknown>,
  taken: number,
  { decodedContentLength }: Framing,
): Promise<Uint8Array | undefined> {
  let next: IteratorResult<unknown, unknown>;
  try {
    next = await chunks.next();
  } catch (cause) {
    // Not `instanceof`, which denies the errors of another realm, such as Node's own in a test under jest.
    const message: unknown = Reflect.get(Object(cause), 'message');
    throw new Aws4AuthError(
      `data: its source failed after ${String(taken)} of ${String(decodedContentLength)} bytes` +
        (typeof message === 'string' ? `: ${message}` : ''),
      'ERR_BODY_SOURCE',
      { cause },
    );
  }
  return next.done === true ? undefined : toBytes(next.value);
}
