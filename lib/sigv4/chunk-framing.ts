/** The framing `aws-chunked` of a body ("Transferring Payload in Multiple Chunks"): its lines, lengths and headers. */
import { Aws4AuthError } from '../errors.js';
import { measureChecksum, nameChecksum } from './checksum-names.js';
import type { ChecksumAlgorithm } from '../platform/platform.js';
import { assertHeaders, type HttpHeaders } from './request-headers.js';
import { HMAC_ALGORITHM } from './scoped-key.js';

/** AWS advises chunks of 64 KiB or more. */
export const CHUNK_BYTES = 64 * 1024;
/** S3 refuses smaller chunks, but for the last. */
const LEAST_CHUNK_BYTES = 8 * 1024;
const MOST_CHUNK_BYTES = 1024 * 1024 * 1024;

/** How a body is framed: all that its length, and the headers that announce it, depend on. */
export interface Framing {
  /** The length of the body itself, in bytes. */
  readonly decodedContentLength: number;
  /** The length of each chunk but the last. */
  readonly chunkBytes: number;
  /** Whether each chunk bears its signature. */
  readonly isSigned: boolean;
  /** What signs, as the string to sign has it: the signatures of SigV4a are longer. */
  readonly algorithm: string;
  /** The checksum that is sent as a trailer, if any. */
  readonly checksum: ChecksumAlgorithm | undefined;
  /** Whether `Content-Encoding` says `aws-chunked`. */
  readonly hasContentEncoding: boolean;
}

/**
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for a length that is none, for chunks that are too small, or for chunks that neither signature nor checksum protects
 */
export function assertFraming(framing: UncheckedFraming): Framing {
  const { decodedContentLength, chunkBytes, isSigned, checksum } = framing;
  if (!isInteger(decodedContentLength) || decodedContentLength < 0) {
    throw new Aws4AuthError(
      'decodedContentLength: must be the length of the body in bytes, an integer of 0 or more',
      'ERR_INVALID_OPTION',
    );
  }
  if (!isInteger(chunkBytes) || chunkBytes < LEAST_CHUNK_BYTES || chunkBytes > MOST_CHUNK_BYTES) {
    throw new Aws4AuthError(
      `chunkBytes: must be an integer from ${String(LEAST_CHUNK_BYTES)}, below which S3 refuses chunks, ` +
        `to ${String(MOST_CHUNK_BYTES)}`,
      'ERR_INVALID_OPTION',
    );
  }
  if (isSigned || checksum !== undefined) return { ...framing, decodedContentLength, chunkBytes };
  throw new Aws4AuthError(
    "checksum: is missing; under payload: 'unsigned' a body is framed for the sake of its checksum alone",
    'ERR_INVALID_OPTION',
  );
}

/** A framing whose numbers may be none. */
export interface UncheckedFraming extends Omit<Framing, 'decodedContentLength' | 'chunkBytes'> {
  readonly decodedContentLength: unknown;
  readonly chunkBytes: unknown;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/**
 * The headers of a request with those that announce its framing, in the place of any that do already: these are
 * `undefined`, or have the caller's own names.
 *
 * @throws Aws4AuthError `ERR_INVALID_HEADER` for headers that are no plain object
 */
export function createFramingHeaders(headers: HttpHeaders, framing: Framing): HttpHeaders {
  assertHeaders(headers);
  const framed = new Map(Object.entries(headers));
  /** By their lower case, the names that the caller has for these headers. */
  const names = new Map<string, string>();
  const encodings: string[] = [];
  for (const [name, value] of framed) {
    const lowerCaseName = name.toLowerCase();
    if (!FRAMING_HEADERS.has(lowerCaseName)) continue;
    if (lowerCaseName === 'content-encoding') encodings.push(...splitEncodings(value));
    names.set(lowerCaseName, name);
    framed.set(name, undefined);
  }
  // By RFC 9110 the encoding that was applied last is the last one, but AWS wants its own first.
  if (framing.hasContentEncoding) encodings.unshift(AWS_CHUNKED);
  for (const [name, value] of listFramingHeaders(framing, encodings)) {
    framed.set(names.get(name.toLowerCase()) ?? name, value);
  }
  return Object.fromEntries(framed);
}

function listFramingHeaders(
  framing: Framing,
  encodings: readonly string[],
): (readonly [name: string, value: string])[] {
  const { checksum, decodedContentLength } = framing;
  return [
    ...(encodings.length > 0 ? [['Content-Encoding', encodings.join(',')] as const] : []),
    ['Content-Length', String(measureFramed(framing))],
    ['X-Amz-Content-Sha256', nameFraming(framing)],
    ['X-Amz-Decoded-Content-Length', String(decodedContentLength)],
    ...(checksum === undefined ? [] : [['X-Amz-Trailer', nameChecksum(checksum)] as const]),
  ];
}

/** The encodings of the body itself. */
function splitEncodings(value: HttpHeaders[string]): readonly string[] {
  return String(value ?? '')
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding.toLowerCase() !== AWS_CHUNKED);
}

const AWS_CHUNKED = 'aws-chunked';
const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'x-amz-content-sha256',
  'x-amz-decoded-content-length',
  'x-amz-trailer',
]);

/** The headers to sign, and `Content-Encoding` with them, which is part of the framing. */
export function signContentEncoding(signedHeaders: readonly string[] | undefined): readonly string[] {
  if (signedHeaders === undefined) return ['content-encoding'];
  // What is no list is refused where it is used.
  return Array.isArray(signedHeaders) ? ['content-encoding'].concat(signedHeaders) : signedHeaders;
}

/** What `X-Amz-Content-Sha256` says of a body in this framing. */
function nameFraming({ isSigned, algorithm, checksum }: Framing): string {
  if (!isSigned) return 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  return `STREAMING-${algorithm}-PAYLOAD${checksum === undefined ? '' : '-TRAILER'}`;
}

export const CRLF = '\r\n';
const CHUNK_SIGNATURE = ';chunk-signature=';
const TRAILER_SIGNATURE = 'x-amz-trailer-signature:';

/** How long a signature is in a framing: what is shorter there, as SigV4a's may be, is filled up. */
function measureSignature({ isSigned, algorithm }: Framing): number {
  if (!isSigned) return 0;
  return algorithm === HMAC_ALGORITHM ? 64 : 144;
}

function padSignature(signature: string, framing: Framing): string {
  return signature.padEnd(measureSignature(framing), '*');
}

/** The line before a chunk's data. @param signature `undefined` where chunks are not signed */
export function createChunkLine(bytes: number, signature: string | undefined, framing: Framing): string {
  const extension = signature === undefined ? '' : CHUNK_SIGNATURE + padSignature(signature, framing);
  return `${bytes.toString(16)}${extension}${CRLF}`;
}

/** All that comes after the last chunk's line: the trailer, if any, and an empty line. */
export function createTrailer(
  trailer: TrailerLine | undefined,
  signature: string | undefined,
  framing: Framing,
): string {
  const line = trailer === undefined ? '' : `${trailer.name}:${trailer.value}${CRLF}`;
  const signatureLine = signature === undefined ? '' : TRAILER_SIGNATURE + padSignature(signature, framing) + CRLF;
  return `${line}${signatureLine}${CRLF}`;
}

/** A header that comes after the body. */
export interface TrailerLine {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** How many bytes a body is in its framing: what `Content-Length` says. */
export function measureFramed(framing: Framing): number {
  const { decodedContentLength, chunkBytes } = framing;
  const full = Math.floor(decodedContentLength / chunkBytes);
  const rest = decodedContentLength % chunkBytes;
  const measure = (bytes: number): number => measureLine(bytes, framing) + (bytes === 0 ? 0 : bytes + CRLF.length);
  return full * measure(chunkBytes) + (rest === 0 ? 0 : measure(rest)) + measure(0) + measureTrailer(framing);
}

/** The length of a chunk's line. */
function measureLine(bytes: number, framing: Framing): number {
  const extension = framing.isSigned ? CHUNK_SIGNATURE.length + measureSignature(framing) : 0;
  return bytes.toString(16).length + CRLF.length + extension;
}

function measureTrailer(framing: Framing): number {
  const { isSigned, checksum } = framing;
  if (checksum === undefined) return CRLF.length;
  const line = nameChecksum(checksum).length + 1 + measureChecksum(checksum) + CRLF.length;
  const signatureLine = isSigned ? TRAILER_SIGNATURE.length + measureSignature(framing) + CRLF.length : 0;
  return line + signatureLine + CRLF.length;
}
