/**
 * What a signature is checked with: SigV4's derived key ("Create a signed AWS API request", steps 4 and 5), or SigV4a's
 * public key ("AWS Signature Version 4A"), which is derived of the credentials by NIST SP 800-108 in counter mode.
 */
import { createECDH, createHmac, createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export type Algorithm = 'AWS4-HMAC-SHA256' | 'AWS4-ECDSA-P256-SHA256';

/** Whether a signature, in lower-case hexadecimal, is that of a string to sign; both have one byte per character. */
export type Holds = (stringToSign: string, signature: string) => boolean;

const hmacSha256 = (key: Buffer, bytes: Buffer): Buffer => createHmac('sha256', key).update(bytes).digest();

/** kDate, kRegion, kService, kSigning. */
const deriveSigningKey = (secretAccessKey: string, scope: string): Buffer =>
  scope
    .split('/')
    .reduce<Buffer>(
      (key, part) => hmacSha256(key, Buffer.from(part, 'latin1')),
      Buffer.from(`AWS4${secretAccessKey}`, 'utf8'),
    );

/** The order of P-256. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** Without the rounds after the first, which one secret in four thousand million needs. */
const derivePublicKey = (accessKeyId: string, secretAccessKey: string): KeyObject => {
  const fixedInput = Buffer.concat([
    Buffer.from([0, 0, 0, 1]),
    Buffer.from('AWS4-ECDSA-P256-SHA256\0', 'latin1'),
    Buffer.from(accessKeyId, 'latin1'),
    Buffer.from([1]),
    Buffer.from([0, 0, 1, 0]),
  ]);
  const candidate = BigInt(`0x${hmacSha256(Buffer.from(`AWS4A${secretAccessKey}`), fixedInput).toString('hex')}`);
  if (candidate > ORDER - 2n) throw new Error('This verifier does not know the second round of the derivation');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(Buffer.from((candidate + 1n).toString(16).padStart(64, '0'), 'hex'));
  const point = curve.getPublicKey();
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
};

export const createCheck = (
  algorithm: Algorithm,
  accessKeyId: string,
  secretAccessKey: string,
  scope: string,
): Holds => {
  if (algorithm === 'AWS4-HMAC-SHA256') {
    const signingKey = deriveSigningKey(secretAccessKey, scope);
    return (text, signature) => hmacSha256(signingKey, Buffer.from(text, 'latin1')).toString('hex') === signature;
  }
  const publicKey = derivePublicKey(accessKeyId, secretAccessKey);
  return (text, signature) => verify('sha256', Buffer.from(text, 'latin1'), publicKey, Buffer.from(signature, 'hex'));
};

/** "X-Amz-Region-Set": whether one of its names, in which an asterisk stands for any letters, is the region. */
export const isInRegionSet = (region: string, regionSet: string): boolean =>
  regionSet.split(',').some((name) => new RegExp(`^${name.split('*').map(escapeName).join('.*')}$`).test(region));

const escapeName = (text: string): string => text.replace(/[^a-z0-9-]/gi, (sign) => `\\${sign}`);
