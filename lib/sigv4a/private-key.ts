/** The private key of SigV4a, derived from credentials: HMAC-SHA-256 in counter mode (NIST SP 800-108r1, section 4.1). */
import { CredentialsError } from '../errors.js';
import type { Ecdsa } from '../platform/ecdsa.js';
import { toHex } from '../platform/hex.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { ECDSA_ALGORITHM } from '../sigv4/algorithm-name.js';
import type { Credentials } from '../sigv4/credentials.js';

/** The order of P-256, less two: the greatest candidate, to which one is added (FIPS 186-5, A.2.1). */
const GREATEST_CANDIDATE = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254fn;
const KEY_BYTES = 32;
const LAST_COUNTER = 254;

/**
 * Derives the private scalar, 32 bytes, big-endian. A candidate that is too great is none: the next one is made of the
 * whole input anew, with the next counter. That happens once in 2^32.
 *
 * @param hmacSha256 the runtime's
 * @throws CredentialsError where no counter gives a key
 */
export function derivePrivateKey(
  { accessKeyId, secretAccessKey }: Credentials,
  hmacSha256: Ecdsa['hmacSha256'],
): Uint8Array {
  for (let counter = 1; counter <= LAST_COUNTER; counter++) {
    const candidate = hmacSha256(`AWS4A${secretAccessKey}`, createInput(accessKeyId, counter));
    const value = BigInt(`0x${toHex(candidate)}`);
    if (value <= GREATEST_CANDIDATE) return toBytes(value + 1n);
  }
  throw new CredentialsError('credentials: SigV4a can derive no key of them; pass others');
}

/** The number of the round, label, context, and the length in bits. */
function createInput(accessKeyId: string, counter: number): Uint8Array {
  return Uint8Array.from([
    ...[0, 0, 0, 1],
    ...encodeUtf8(ECDSA_ALGORITHM),
    0,
    ...encodeUtf8(accessKeyId),
    counter,
    ...[0, 0, 1, 0],
  ]);
}

function toBytes(value: bigint): Uint8Array {
  const hex = value.toString(16).padStart(2 * KEY_BYTES, '0');
  return Uint8Array.from({ length: KEY_BYTES }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
