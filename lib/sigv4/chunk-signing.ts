/**
 * Signatures of what follows a signed head: chunks, trailers and events, each over the signature before it ("Transferring
 * Payload in Multiple Chunks", "Including Trailing Headers", "Event stream signing").
 */
import { HTTP_TOKEN } from './http-token.js';
import { Aws4AuthError } from '../errors.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { formatAmzDate } from './amz-date.js';
import type { TrailerLine } from './chunk-framing.js';
import { findKeyOfDay, isSigningKey } from './key-signer.js';
import { assertBody, hashBody } from './payload-hash.js';
import type { ScopedKey } from './scoped-key.js';
import type { SigningKey } from './signing-key.js';
import { assertObject } from './unknown-option.js';
import { hashing } from '#platform';

/**
 * A signature, and what signs after it.
 *
 * @example
 * const chain: SignatureChain = { signingKey, date, previousSignature: trace.signature };
 */
export interface SignatureChain {
  /** The key that signed the head. */
  readonly signingKey: SigningKey;
  /** The head's date; of an event, its own. */
  readonly date: Date;
  /** The signature of the chunk or event before; of the first, the head's, as `trace.signature` has it. */
  readonly previousSignature: string;
}

/**
 * Signs one chunk of a body. After the last there is one without data, which is signed too.
 *
 * @param data the bytes of the chunk; a string stands for its UTF-8 bytes
 * @param chain the key, the date, and the signature before this one
 * @returns the signature, as lower-case hex: the next chunk's `previousSignature`
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for what is none of this
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 *
 * @example
 * const signature = signChunk(data, { signingKey, date, previousSignature: trace.signature });
 * socket.write(`${data.length.toString(16)};chunk-signature=${signature}\r\n`);
 */
export function signChunk(data: string | Uint8Array, chain: SignatureChain): string {
  assertBody(data);
  const { signingKey, amzDate, previousSignature } = readChain(chain);
  return signHash(hashBody(data), signingKey, amzDate, previousSignature);
}

/** Signs a chunk by its hash, with a key and a date that are known to be right. */
export function signHash(hash: string, signingKey: ScopedKey, amzDate: string, previousSignature: string): string {
  const { algorithm, scope } = signingKey;
  return signingKey.sign(`${algorithm}-PAYLOAD\n${amzDate}\n${scope}\n${previousSignature}\n${hashBody('')}\n${hash}`);
}

/**
 * Signs the trailers that come after the last chunk: what `x-amz-trailer-signature` bears.
 *
 * @param trailers by name
 * @param chain its `previousSignature` is that of the chunk without data
 * @throws Aws4AuthError `ERR_INVALID_OPTION`, `ERR_INVALID_HEADER` for what is none of this
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 *
 * @example
 * signTrailer({ 'x-amz-checksum-crc32c': 'sOO8/Q==' }, { signingKey, date, previousSignature });
 */
export function signTrailer(trailers: Readonly<Record<string, string>>, chain: SignatureChain): string {
  const { signingKey, amzDate, previousSignature } = readChain(chain);
  return signTrailerLines(readTrailers(trailers), signingKey, amzDate, previousSignature);
}

/** Signs trailers, with a key and a date that are known to be right. */
export function signTrailerLines(
  trailers: readonly TrailerLine[],
  signingKey: ScopedKey,
  amzDate: string,
  previousSignature: string,
): string {
  const text = [...trailers]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => `${name}:${value}\n`)
    .join('');
  const hash = hashing.sha256Hex(text);
  const { algorithm, scope } = signingKey;
  return signingKey.sign(`${algorithm}-TRAILER\n${amzDate}\n${scope}\n${previousSignature}\n${hash}`);
}

const TRAILER_VALUE = /^[\t -~]*$/;

/** @throws Aws4AuthError `ERR_INVALID_OPTION`, `ERR_INVALID_HEADER` for what cannot be trailers */
export function readTrailers(trailers: Readonly<Record<string, string>>): readonly TrailerLine[] {
  assertObject('trailers', trailers);
  return Object.entries(trailers).map(([name, value]) => readTrailer(name, value));
}

function readTrailer(name: string, value: unknown): TrailerLine {
  if (HTTP_TOKEN.test(name) && typeof value === 'string' && TRAILER_VALUE.test(value)) {
    return { name: name.toLowerCase(), value: value.trim() };
  }
  throw new Aws4AuthError(
    `trailers: ${JSON.stringify(name)} and its value must be a header's name and printable ASCII`,
    'ERR_INVALID_HEADER',
  );
}

/**
 * Signs one event of an event stream, whose head was signed with `X-Amz-Content-Sha256:
 * STREAMING-AWS4-HMAC-SHA256-EVENTS`. The event's envelope bears its date as `:date` (type 8, a timestamp) and, as
 * `:chunk-signature` (type 6, bytes), this signature. A stream ends with an event without payload, signed too.
 *
 * @param payload the event's payload: a whole message, in its own encoding
 * @param chain its `date` is the event's
 * @returns the signature, as lower-case hex
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for what is none of this
 *
 * @example
 * const signature = signEvent(message, { signingKey, date: new Date(), previousSignature });
 */
export function signEvent(payload: string | Uint8Array, chain: SignatureChain): string {
  assertBody(payload);
  const { signingKey, amzDate, previousSignature } = readChain(chain);
  const headersHash = hashing.sha256Hex(encodeEventDate(chain.date));
  const hash = hashBody(payload);
  return signingKey.sign(
    `AWS4-HMAC-SHA256-PAYLOAD\n${amzDate}\n${signingKey.scope}\n${previousSignature}\n${headersHash}\n${hash}`,
  );
}

const TIMESTAMP_TYPE = 8;

/** The header `:date` of an event: its name with its length before it, its type, and ms since the epoch, big-endian. */
function encodeEventDate(date: Date): Uint8Array {
  const name = encodeUtf8(':date');
  const header = new Uint8Array(1 + name.length + 1 + 8);
  header[0] = name.length;
  header.set(name, 1);
  header[1 + name.length] = TIMESTAMP_TYPE;
  new DataView(header.buffer).setBigInt64(2 + name.length, BigInt(date.getTime()));
  return header;
}

interface CheckedChain {
  readonly signingKey: ScopedKey;
  readonly amzDate: string;
  readonly previousSignature: string;
}

const NO_CHAIN = { signingKey: undefined, date: undefined, previousSignature: undefined } as const;

function readChain(given: SignatureChain): CheckedChain {
  assertObject('chain', given);
  const { signingKey, date, previousSignature }: Readonly<Record<keyof SignatureChain, unknown>> = {
    ...NO_CHAIN,
    ...given,
  };
  if (!isSigningKey(signingKey)) {
    throw new Aws4AuthError('signingKey: must be a SigningKey of this package', 'ERR_INVALID_OPTION');
  }
  if (!(date instanceof Date)) throw new Aws4AuthError('date: must be a Date', 'ERR_INVALID_OPTION');
  if (typeof previousSignature !== 'string' || !/^[0-9a-f]{64}$/.test(previousSignature)) {
    throw new Aws4AuthError('previousSignature: must be 64 lower-case hexadecimal digits', 'ERR_INVALID_OPTION');
  }
  const amzDate = formatAmzDate(date.getTime());
  return { signingKey: findKeyOfDay(signingKey, amzDate.slice(0, 8)), amzDate, previousSignature };
}
