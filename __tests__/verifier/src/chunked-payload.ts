/**
 * A payload in chunks, verified as S3 does: "Signature Calculations for the Authorization Header: Transferring Payload in
 * Multiple Chunks" and "... Including Trailing Headers" (S3 API Reference).
 */
import { createHash } from 'node:crypto';
import { headerValues } from './raw-request.js';
import type { RawRequest } from './raw-request.js';
import type { Algorithm, Holds } from './signing-key.js';

/** What the head of the request says. */
export interface ChunkedHead {
  readonly algorithm: Algorithm;
  readonly check: Holds;
  /** As x-amz-date has it. */
  readonly amzDate: string;
  readonly scope: string;
  readonly signature: string;
  /** x-amz-content-sha256. */
  readonly payloadHash: string;
}

export interface ChunkFault {
  readonly code:
    'SignatureDoesNotMatch' | 'IncompleteBody' | 'InvalidChunkSizeError' | 'MalformedTrailerError' | 'BadDigest';
  readonly fault: string;
}

export interface Decoded {
  readonly data: Buffer;
  readonly chunkSizes: readonly number[];
}

const LEAST_CHUNK = 8192;
const SIGNED = /^STREAMING-(AWS4-HMAC-SHA256|AWS4-ECDSA-P256-SHA256)-PAYLOAD(?:-TRAILER)?$/;
/** SigV4a's differ in length, and are filled up. */
const SIGNATURE_LENGTHS: Readonly<Record<Algorithm, number>> = {
  'AWS4-HMAC-SHA256': 64,
  'AWS4-ECDSA-P256-SHA256': 144,
};
const TRAILER_KIND = '-TRAILER';

export const isChunkedPayload = (payloadHash: string): boolean =>
  SIGNED.test(payloadHash) || payloadHash === 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

const sha256Hex = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** Each signature covers the one before it. */
const createChain = ({ algorithm, check, amzDate, scope, signature }: ChunkedHead) => {
  let previous = signature;
  const holds = (kind: string, hashes: readonly string[], given: string): boolean => {
    const text = [`${algorithm}-${kind}`, amzDate, scope, previous, ...hashes].join('\n');
    previous = given.replace(/\*+$/, '');
    return given.length === SIGNATURE_LENGTHS[algorithm] && check(text, previous);
  };
  return {
    chunk: (data: Buffer, given: string): boolean => holds('PAYLOAD', [sha256Hex(''), sha256Hex(data)], given),
    trailer: (text: string, given: string): boolean => holds('TRAILER', [sha256Hex(text)], given),
  };
};

const fail = (code: ChunkFault['code'], fault: string): ChunkFault => ({ code, fault });

/** Reads all of a body, and reports the first thing that is wrong with it. */
export const decodeChunks = (request: RawRequest, head: ChunkedHead): Decoded | ChunkFault => {
  const [, named] = SIGNED.exec(head.payloadHash) ?? [];
  const isSigned = named !== undefined;
  if (isSigned && named !== head.algorithm) {
    return fail('SignatureDoesNotMatch', `The chunks are said to be signed with ${named}, unlike the request`);
  }
  const chain = createChain(head);
  const { body } = request;
  const pieces: Buffer[] = [];
  const line = isSigned ? /^([0-9a-f]+);chunk-signature=([0-9a-f]+\**)\r\n/ : /^(0|[1-9a-f][0-9a-f]*)\r\n/;
  for (let at = 0; ;) {
    const [found = '', hex = '', signature] = line.exec(body.toString('latin1', at, at + 250)) ?? [];
    if (found === '') return fail('IncompleteBody', `There is no chunk at ${String(at)}`);
    const size = Number.parseInt(hex, 16);
    const start = at + found.length;
    const data = body.subarray(start, start + size);
    if (data.length < size) return fail('IncompleteBody', 'The last chunk is cut off');
    if (isSigned && !chain.chunk(data, signature ?? '')) {
      return fail('SignatureDoesNotMatch', `The signature of chunk ${String(pieces.length + 1)} does not hold`);
    }
    at = start + size;
    if (size === 0) {
      const trailer = body.toString('latin1', at);
      return checkSizes(pieces) ?? checkLength(request, pieces) ?? checkTrailer(request, head, trailer, chain, pieces);
    }
    if (body.toString('latin1', at, at + 2) !== '\r\n') return fail('IncompleteBody', 'A chunk does not end in CRLF');
    pieces.push(data);
    at += 2;
  }
};

const checkSizes = (pieces: readonly Buffer[]): ChunkFault | undefined =>
  pieces.slice(0, -1).some(({ length }) => length < LEAST_CHUNK)
    ? fail('InvalidChunkSizeError', 'Only the last chunk may have less than 8192 bytes')
    : undefined;

const only = (request: RawRequest, name: string): string | undefined => {
  const values = headerValues(request.headers, name);
  return values.length === 1 ? values[0] : undefined;
};

const checkLength = (request: RawRequest, pieces: readonly Buffer[]): ChunkFault | undefined => {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return only(request, 'x-amz-decoded-content-length') === String(length)
    ? undefined
    : fail('IncompleteBody', `x-amz-decoded-content-length is not ${String(length)}`);
};

const checkTrailer = (
  request: RawRequest,
  { payloadHash }: ChunkedHead,
  trailer: string,
  chain: ReturnType<typeof createChain>,
  pieces: readonly Buffer[],
): Decoded | ChunkFault => {
  const data = Buffer.concat(pieces);
  const decoded = { data, chunkSizes: pieces.map(({ length }) => length) };
  const announced = only(request, 'x-amz-trailer');
  if (!payloadHash.endsWith(TRAILER_KIND)) {
    if (announced !== undefined) return fail('MalformedTrailerError', 'A trailer is announced, and there is none');
    return trailer === '\r\n' ? decoded : fail('IncompleteBody', `After the chunks comes ${JSON.stringify(trailer)}`);
  }
  const form = SIGNED.test(payloadHash)
    ? /^([a-z0-9-]+):([^\r\n]+)\r\nx-amz-trailer-signature:([0-9a-f]+\**)\r\n\r\n$/
    : /^([a-z0-9-]+):([^\r\n]+)\r\n\r\n$/;
  const [, name = '', value = '', signature] = form.exec(trailer) ?? [];
  if (name === '' || name !== announced) {
    return fail('MalformedTrailerError', `The trailer is ${JSON.stringify(trailer)}, announced ${String(announced)}`);
  }
  if (signature !== undefined && !chain.trailer(`${name}:${value}\n`, signature)) {
    return fail('SignatureDoesNotMatch', 'The signature of the trailer does not hold');
  }
  return value === computeChecksum(name, data) ? decoded : fail('BadDigest', `${name} is not ${value}`);
};

/** By the reflected polynomials of "Checking object integrity", bit by bit where nothing else has them. */
const computeChecksum = (name: string, data: Buffer): string | undefined => {
  switch (name) {
    case 'x-amz-checksum-crc32':
      return computeCrc(data, 0xedb88320n, 32);
    case 'x-amz-checksum-crc32c':
      return computeCrc(data, 0x82f63b78n, 32);
    case 'x-amz-checksum-crc64nvme':
      return computeCrc(data, 0x9a6c9329ac4bc9b5n, 64);
    case 'x-amz-checksum-sha1':
      return createHash('sha1').update(data).digest('base64');
    case 'x-amz-checksum-sha256':
      return createHash('sha256').update(data).digest('base64');
    default:
      return undefined;
  }
};

const createTable = (polynomial: bigint): readonly bigint[] =>
  Array.from({ length: 256 }, (_, index) => {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) value = (value & 1n) === 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });

const computeCrc = (data: Buffer, polynomial: bigint, bits: 32 | 64): string => {
  const table = createTable(polynomial);
  const ones = (1n << BigInt(bits)) - 1n;
  let value = ones;
  for (const byte of data) value = (value >> 8n) ^ (table[Number(value & 0xffn) ^ byte] ?? 0n);
  return Buffer.from((value ^ ones).toString(16).padStart(bits / 4, '0'), 'hex').toString('base64');
};
