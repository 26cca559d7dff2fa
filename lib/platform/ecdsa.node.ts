/** ECDSA where there is node:crypto: Node, Bun and Deno. */
import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { Ecdsa } from './ecdsa.js';

/**
 * What stands before the scalar in a key of P-256 as PKCS#8 has it (RFC 5208, RFC 5915), without the public point, which
 * nothing is asked for.
 */
const PKCS8_OF_P256 = Buffer.from('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420', 'hex');

export const ecdsa: Ecdsa = {
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  createSigner: (privateKey) => {
    const key = createPrivateKey({ key: Buffer.concat([PKCS8_OF_P256, privateKey]), format: 'der', type: 'pkcs8' });
    return (text) => sign('sha256', Buffer.from(text), key).toString('hex');
  },
};
