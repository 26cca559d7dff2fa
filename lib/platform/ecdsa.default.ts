/** ECDSA for every other runtime, browsers and workers: @noble/curves, since what the web has for it is asynchronous. */
import { p256 } from '@noble/curves/nist.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Ecdsa } from './ecdsa.js';
import { encodeUtf8 } from './utf8.js';

export const ecdsa: Ecdsa = {
  hmacSha256: (key, data) => hmac(sha256, encodeUtf8(key), data),
  createSigner: (privateKey) => (text) =>
    bytesToHex(p256.sign(sha256(encodeUtf8(text)), privateKey, { prehash: false, format: 'der' })),
};
