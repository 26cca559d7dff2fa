/** The payload hash: the last line of the canonical request, and what X-Amz-Content-Sha256 bears. */
import { Aws4AuthError } from '../errors.js';
import type { PayloadMode } from './service-rules.js';
import { hashing } from '#platform';

const SHA256_HEX = /^[0-9a-f]{64}$/;
/** What stands for the hash of a body that is not signed. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
/** What stands for the hash where the body is not hashed before it is sent. */
const PAYLOAD_LITERAL = /^(?:UNSIGNED-PAYLOAD|STREAMING-[A-Z0-9-]+)$/;

export function isSha256Hex(payloadHash: string): boolean {
  return SHA256_HEX.test(payloadHash);
}

/** Whether a payload hash is a literal that stands for one. */
export function isPayloadLiteral(payloadHash: string): boolean {
  return PAYLOAD_LITERAL.test(payloadHash);
}

/**
 * The payload hash of a request: what the caller's own `X-Amz-Content-Sha256` says, checked against the body where it
 * is a hash; else as the mode says.
 *
 * @param given the `X-Amz-Content-Sha256` that the caller set, if any
 * @param asked the mode that the caller asked for, which a literal in the header must not weaken
 * @param usual the service's mode
 * @param bodyHash the body's hash, where that is known already
 * @throws Aws4AuthError `ERR_PAYLOAD_HASH` where the given hash is not the body's, is neither hash nor literal, or leaves
 * unsigned what was asked to be signed
 */
export function choosePayloadHash(
  given: string | undefined,
  asked: PayloadMode | undefined,
  usual: PayloadMode,
  body: Body,
  bodyHash: string | undefined,
): string {
  const mode: string = asked ?? usual;
  if (mode !== 'signed' && mode !== 'unsigned') {
    throw new Aws4AuthError("payload: must be 'signed' or 'unsigned'", 'ERR_INVALID_OPTION');
  }
  if (given === undefined) return mode === 'unsigned' ? UNSIGNED_PAYLOAD : (bodyHash ?? hashBody(body));
  if (isPayloadLiteral(given)) {
    assertNotWeaker(asked);
    return given;
  }
  if (isSha256Hex(given) && given === (bodyHash ?? hashBody(body))) return given;
  throw new Aws4AuthError(
    'X-Amz-Content-Sha256: must be the hash of the body, 64 lower-case hexadecimal digits, UNSIGNED-PAYLOAD or a ' +
      'STREAMING- literal; leave it out to have it computed',
    'ERR_PAYLOAD_HASH',
  );
}

/**
 * For a request whose header leaves the body unsigned.
 *
 * @throws Aws4AuthError `ERR_PAYLOAD_HASH` where it was asked to be signed
 */
export function assertNotWeaker(asked: PayloadMode | 'streaming' | undefined): void {
  if (asked === undefined || asked === 'unsigned') return;
  throw new Aws4AuthError(
    `X-Amz-Content-Sha256: leaves the body unsigned, unlike payload: '${asked}'; leave one of them out`,
    'ERR_PAYLOAD_HASH',
  );
}

/** What a body can be: a string stands for its UTF-8 bytes. */
type Body = string | Uint8Array | null | undefined;

/** The hash of a body. */
export function hashBody(body: Body): string {
  if (body === undefined || body === null || body === '') return (hashOfNothing ??= hashing.sha256Hex(''));
  return hashing.sha256Hex(body);
}

let hashOfNothing: string | undefined;

/** @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` for what is neither text nor bytes */
export function assertBody(body: unknown): asserts body is Body {
  if (body === undefined || body === null || typeof body === 'string' || isUint8Array(body)) return;
  throw new Aws4AuthError('body: must be a string, a Uint8Array, or nothing', 'ERR_UNSUPPORTED_BODY');
}

/** Not `instanceof`, which denies the bytes of another realm, such as those that a jsdom test holds. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}
