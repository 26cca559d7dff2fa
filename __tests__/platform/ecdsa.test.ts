/** ECDSA on both platforms: each verifies what the other signs, and both have the HMAC of node:crypto. */
import { createECDH, createHmac, createPublicKey, verify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ecdsa as nobleEcdsa } from '../../lib/platform/ecdsa.default.js';
import { ecdsa as nodeEcdsa } from '../../lib/platform/ecdsa.node.js';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const toBytes = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
/** The least and the greatest there are, one with zeros at its start, and one as any. */
const privateKeys = [1n, ORDER - 1n, 2n ** 200n + 7n, ORDER / 3n].map(toBytes);
const texts = ['', 'AWS4-ECDSA-P256-SHA256\n20150830T123600Z\nscope\nhash', 'ä€𝄞', 'x'.repeat(10_000)];

function verifyByNode(text: string, signature: string, privateKey: Uint8Array): boolean {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(privateKey);
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')] as const;
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  return verify('sha256', Buffer.from(text), key, Buffer.from(signature, 'hex'));
}

function verifyByNoble(text: string, signature: string, privateKey: Uint8Array): boolean {
  const hash = sha256(new Uint8Array(Buffer.from(text)));
  const options = { prehash: false, format: 'der', lowS: false } as const;
  const der = new Uint8Array(Buffer.from(signature, 'hex'));
  return p256.verify(der, hash, p256.getPublicKey(new Uint8Array(privateKey)), options);
}

describe.each([
  ['node:crypto', nodeEcdsa],
  ['@noble/curves', nobleEcdsa],
] as const)('%s', (_, ecdsa) => {
  it('makes signatures that both verify, of the very text alone', () => {
    for (const privateKey of privateKeys) {
      const sign = ecdsa.createSigner(new Uint8Array(privateKey));
      for (const text of texts) {
        const signature = sign(text);
        expect(signature).toMatch(/^30(?:[0-9a-f]{2}){7,71}$/);
        expect(verifyByNode(text, signature, privateKey)).toBe(true);
        expect(verifyByNoble(text, signature, privateKey)).toBe(true);
        expect(verifyByNode(`${text}.`, signature, privateKey)).toBe(false);
      }
    }
  });

  it('has the HMAC of bytes, those beyond ASCII too', () => {
    for (const data of [new Uint8Array(0), Uint8Array.from([0, 0x7f, 0x80, 0xfe, 0xff]), new Uint8Array(200)]) {
      for (const key of ['AWS4Asecret', 'k'.repeat(100)]) {
        const expected = createHmac('sha256', key).update(data).digest('hex');
        expect(Buffer.from(ecdsa.hmacSha256(key, data)).toString('hex')).toBe(expected);
      }
    }
  });
});
