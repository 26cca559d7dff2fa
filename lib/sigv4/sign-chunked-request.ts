/** Signing a request whose body follows in chunks ("Transferring Payload in Multiple Chunks", Chunked Upload). */
import { Aws4AuthError } from '../errors.js';
import { formatAmzDate } from './amz-date.js';
import { isChecksumAlgorithm, listChecksumAlgorithms } from './checksum-names.js';
import type { ChecksumAlgorithm } from '../platform/platform.js';
import { createChunkEncoder, type ChunkEncoder } from './chunk-encoder.js';
import {
  assertFraming,
  CHUNK_BYTES,
  createFramingHeaders,
  measureFramed,
  signContentEncoding,
  type Framing,
} from './chunk-framing.js';
import type { KeyOwner } from './credentials.js';
import {
  assertKnownOptions,
  NO_OPTIONS,
  NO_RULES,
  OPTION_NAMES,
  readMoment,
  type Complete,
  type CredentialsSigningOptions,
  type HttpRequest,
  type KeySigningOptions,
  type SigningRules,
} from './signing-options.js';
import { signWithKey, type SignedRequest } from './sign-request.js';
import { findSigner } from './signer.js';
import type { ScopedKey } from './scoped-key.js';
import { assertObject } from './unknown-option.js';

/**
 * How the body of a request is framed.
 *
 * @example
 * const framing: ChunkingOptions = { decodedContentLength: file.size, checksum: 'crc32' };
 */
export interface ChunkingOptions {
  /** The length of the body, in bytes. */
  readonly decodedContentLength: number;
  /**
   * Whether each chunk is signed, or none (`STREAMING-UNSIGNED-PAYLOAD-TRAILER`): then whoever can change the body on
   * its way can do so unnoticed, and its checksum with it. Use that over https alone.
   * @default 'streaming'
   */
  readonly payload?: 'streaming' | 'unsigned' | undefined;
  /**
   * The checksum of the body that is sent after it, as a trailer; needed under `payload: 'unsigned'`.
   * @default none
   */
  readonly checksum?: ChecksumAlgorithm | undefined;
  /**
   * The length of each chunk but the last, in bytes: 8192 or more.
   * @default 65536
   */
  readonly chunkBytes?: number | undefined;
  /**
   * Whether `Content-Encoding` says `aws-chunked`. AWS takes it out before it stores the object; some stores keep it, and
   * need none.
   * @default true
   */
  readonly contentEncoding?: boolean | undefined;
}

type Inapplicable = 'payload' | 'contentSha256Header';

/**
 * Where and as whom to sign, and how the body is framed.
 *
 * @example
 * const options: ChunkedSigningOptions = {
 *   region: 'eu-west-1',
 *   service: 's3',
 *   credentials,
 *   decodedContentLength: file.size,
 * };
 */
export type ChunkedSigningOptions = ChunkingOptions &
  (Omit<CredentialsSigningOptions, Inapplicable> | Omit<KeySigningOptions, Inapplicable>);

/**
 * The head to send, and what frames the body.
 *
 * @example
 * const { method, url, headers, encoder } = signChunkedRequest(request, options);
 */
export interface SignedChunkedRequest extends Pick<SignedRequest, 'method' | 'url' | 'headers' | 'trace'> {
  /** How many bytes all that is sent after the head will be; the headers bear it too. */
  readonly contentLength: number;
  /** Frames the body, and signs its chunks. */
  readonly encoder: ChunkEncoder;
}

/**
 * Signs the head of a request, and gives what frames and signs its body, chunk by chunk. Synchronous; the input stays as
 * it is. The headers get `Content-Encoding`, `Content-Length`, `X-Amz-Content-Sha256`, `X-Amz-Decoded-Content-Length`
 * and, with `checksum`, `X-Amz-Trailer`.
 *
 * @param request without its body
 * @param options region, service and credentials, or a `signingKey` and whose it is; the length of the body
 * @throws as `signRequest`; Aws4AuthError `ERR_INVALID_OPTION` for a length that is none
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @example
 * const { headers, encoder } = signChunkedRequest(
 *   { method: 'PUT', url: 'https://example-bucket.s3.eu-west-1.amazonaws.com/film.mp4' },
 *   { region: 'eu-west-1', service: 's3', credentials, decodedContentLength: size },
 * );
 * const sending = request({ method: 'PUT', headers, ...where });
 * for await (const data of film) for (const chunk of encoder.encode(data)) sending.write(chunk);
 * sending.end(encoder.end());
 */
export function signChunkedRequest(
  request: Omit<HttpRequest, 'body'>,
  options: ChunkedSigningOptions,
): SignedChunkedRequest {
  assertObject('options', options);
  assertKnownOptions(options, listChunkedOptions(OPTION_NAMES));
  const own = { ...NO_OPTIONS, ...NO_CHUNKING, ...options };
  const amzDate = formatAmzDate(readMoment(own.date));
  const { signingKey, owner } = findSigner(own, amzDate.slice(0, 8));
  return signChunkedWithKey(request, signingKey, owner, amzDate, own);
}

/**
 * Signs like {@link signChunkedRequest}, with a key that is already derived.
 *
 * @param owner whose key it is
 * @param amzDate the moment of signing, as `X-Amz-Date` has it
 */
export function signChunkedWithKey(
  request: Omit<HttpRequest, 'body'>,
  signingKey: ScopedKey,
  owner: KeyOwner,
  amzDate: string,
  own: Complete<ChunkingOptions & Omit<SigningRules, 'date' | 'payload'>>,
): SignedChunkedRequest {
  assertObject('request', request);
  if (Object.hasOwn(request, 'body')) {
    throw new Aws4AuthError(
      'body: goes through the encoder, which is what frames it; leave it out',
      'ERR_INVALID_OPTION',
    );
  }
  const framing = readFraming(own, signingKey.algorithm);
  const { method, url, headers: given = {} } = { ...NO_REQUEST, ...request };
  const signed = signWithKey(
    { method, url, headers: createFramingHeaders(given, framing), body: undefined },
    signingKey,
    owner,
    amzDate,
    {
      ...NO_RULES,
      ...own,
      payload: 'unsigned',
      contentSha256Header: true,
      signedHeaders: signContentEncoding(own.signedHeaders),
    },
  );
  const seed = framing.isSigned ? { signingKey, amzDate, signature: signed.trace.signature } : undefined;
  return {
    method: signed.method,
    url: signed.url,
    headers: signed.headers,
    trace: signed.trace,
    contentLength: measureFramed(framing),
    encoder: createChunkEncoder(framing, seed),
  };
}

const NO_REQUEST = { method: undefined, url: undefined, headers: undefined } as const;
export const NO_CHUNKING = {
  decodedContentLength: undefined,
  payload: undefined,
  checksum: undefined,
  chunkBytes: undefined,
  contentEncoding: undefined,
} as const;

/** The names of the options of signing a body in chunks. @param names those of signing any other */
export function listChunkedOptions(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names, ...Object.keys(NO_CHUNKING)].filter((name) => name !== 'contentSha256Header'));
}

type GivenChunking = Readonly<Partial<Record<keyof ChunkingOptions, unknown>>>;

function readFraming(
  { decodedContentLength, payload, checksum, chunkBytes, contentEncoding }: GivenChunking,
  algorithm: string,
): Framing {
  if (payload !== undefined && payload !== 'streaming' && payload !== 'unsigned') {
    throw new Aws4AuthError("payload: must be 'streaming' or 'unsigned'", 'ERR_INVALID_OPTION');
  }
  if (checksum !== undefined && !isChecksumAlgorithm(checksum)) {
    throw new Aws4AuthError(`checksum: must be ${listChecksumAlgorithms()}`, 'ERR_INVALID_OPTION');
  }
  if (contentEncoding !== undefined && typeof contentEncoding !== 'boolean') {
    throw new Aws4AuthError('contentEncoding: must be true or false', 'ERR_INVALID_OPTION');
  }
  return assertFraming({
    decodedContentLength,
    chunkBytes: chunkBytes === undefined ? CHUNK_BYTES : chunkBytes,
    isSigned: payload !== 'unsigned',
    algorithm,
    checksum,
    hasContentEncoding: contentEncoding !== false,
  });
}
