/** Signing a body in chunks with SigV4a: as SigV4 does ("Transferring Payload in Multiple Chunks"), with longer signatures. */
import { Aws4AuthError } from '../errors.js';
import { readTrailers, signHash, signTrailerLines } from '../sigv4/chunk-signing.js';
import { assertBody, hashBody } from '../sigv4/payload-hash.js';
import {
  listChunkedOptions,
  NO_CHUNKING,
  signChunkedWithKey,
  type ChunkingOptions,
  type SignedChunkedRequest,
} from '../sigv4/sign-chunked-request.js';
import { NO_OPTIONS, type HttpRequest } from '../sigv4/signing-options.js';
import { assertObject } from '../sigv4/unknown-option.js';
import { assertOptions, findSigner, listOptions, type Signer, type SignRequestOptions } from './signer.js';

/**
 * Where and as whom to sign, and how the body is framed.
 *
 * @example
 * const options: ChunkedSigningOptions = { region: '*', service: 's3', credentials, decodedContentLength: file.size };
 */
export type ChunkedSigningOptions = ChunkingOptions & Omit<SignRequestOptions, 'payload' | 'contentSha256Header'>;

/**
 * Signs the head of a request, and gives what frames and signs its body, chunk by chunk
 * (`STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`). Synchronous; the input stays as it is. The headers get `Content-Encoding`,
 * `Content-Length`, `X-Amz-Content-Sha256`, `X-Amz-Decoded-Content-Length` and, with `checksum`, `X-Amz-Trailer`.
 *
 * @param request without its body
 * @param options the set of regions, service and credentials; the length of the body
 * @throws as {@link signRequest}; Aws4AuthError `ERR_INVALID_OPTION` for a length that is none
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @example
 * const { headers, encoder } = signChunkedRequest(
 *   { method: 'PUT', url: 'https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/film.mp4' },
 *   { region: '*', service: 's3', credentials, decodedContentLength: size },
 * );
 */
export function signChunkedRequest(
  request: Omit<HttpRequest, 'body'>,
  options: ChunkedSigningOptions,
): SignedChunkedRequest {
  assertOptions(options, listChunkedOptions(listOptions()));
  const own = { ...NO_OPTIONS, ...NO_CHUNKING, ...options };
  const { key, owner, amzDate } = findSigner(own);
  return signChunkedWithKey(request, key, owner, amzDate, own);
}

/**
 * A signature, and what signs after it: what signed the head, but for its set of regions, which no chunk says.
 *
 * @example
 * const chain: SignatureChain = { service: 's3', credentials, date, previousSignature: trace.signature };
 */
export interface SignatureChain extends Pick<SignRequestOptions, 'service' | 'credentials'> {
  /** The head's date. */
  readonly date: Date;
  /** The signature of the chunk before; of the first, the head's, as `trace.signature` has it. */
  readonly previousSignature: string;
}

/**
 * Signs one chunk of a body. After the last there is one without data, which is signed too.
 *
 * @param data the bytes of the chunk; a string stands for its UTF-8 bytes
 * @param chain who signs, the date, and the signature before this one
 * @returns the signature, as lower-case hex: the next chunk's `previousSignature`. On the wire it is filled up with `*` to
 * 144 characters
 * @throws EndpointError, CredentialsError; Aws4AuthError `ERR_INVALID_OPTION` for what is none of this
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @example
 * const signature = signChunk(data, { service: 's3', credentials, date, previousSignature: trace.signature });
 * socket.write(`${data.length.toString(16)};chunk-signature=${signature.padEnd(144, '*')}\r\n`);
 */
export function signChunk(data: string | Uint8Array, chain: SignatureChain): string {
  assertBody(data);
  const { key, amzDate, previousSignature } = readChain(chain);
  return signHash(hashBody(data), key, amzDate, previousSignature);
}

/**
 * Signs the trailers that come after the last chunk: what `x-amz-trailer-signature` bears, filled up as a chunk's is.
 *
 * @param trailers by name
 * @param chain its `previousSignature` is that of the chunk without data
 * @throws as {@link signChunk}; Aws4AuthError `ERR_INVALID_HEADER` for what cannot be trailers
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @example
 * signTrailer({ 'x-amz-checksum-crc32c': 'sOO8/Q==' }, { service: 's3', credentials, date, previousSignature });
 */
export function signTrailer(trailers: Readonly<Record<string, string>>, chain: SignatureChain): string {
  const { key, amzDate, previousSignature } = readChain(chain);
  return signTrailerLines(readTrailers(trailers), key, amzDate, previousSignature);
}

const NO_CHAIN = { service: undefined, credentials: undefined, date: undefined, previousSignature: undefined } as const;

/** The DER of two numbers of at most 33 bytes; on the wire, filled up. */
const SIGNATURE = /^((?:[0-9a-f]{2}){8,72})\**$/;

function readChain(given: SignatureChain): Signer & { readonly previousSignature: string } {
  assertObject('chain', given);
  const { service, credentials, date, previousSignature }: Readonly<Record<keyof SignatureChain, unknown>> = {
    ...NO_CHAIN,
    ...given,
  };
  if (!(date instanceof Date)) throw new Aws4AuthError('date: must be a Date', 'ERR_INVALID_OPTION');
  const [, signature] = SIGNATURE.exec(String(previousSignature)) ?? [];
  if (signature === undefined) {
    throw new Aws4AuthError(
      'previousSignature: must be a signature of SigV4a, at most 144 lower-case hexadecimal digits',
      'ERR_INVALID_OPTION',
    );
  }
  return { ...findSigner({ region: '*', service, credentials, date }), previousSignature: signature };
}
