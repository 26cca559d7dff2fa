/** SHA-256 of our own: the examples of its standard and of its authors, and whatever node:crypto and @noble/hashes say. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sha256 } from '@noble/hashes/sha2.js';
import { Sha256Hash } from '../../lib/platform/sha256.js';
import { encodeUtf8 } from '../../lib/platform/utf8.js';

const hashOf = (...parts: readonly Uint8Array[]): string => {
  const hash = new Sha256Hash();
  for (const part of parts) hash.update(part);
  return Buffer.from(hash.digest()).toString('hex');
};
const expected = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

// NIST, "Examples with Intermediate Values" and "SHA Test Vectors for Hashing Byte-Oriented Messages" (SHA256ShortMsg).
it.each([
  ['nothing', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['one block', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'two blocks',
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    'two blocks, the second of the length alone',
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  ],
  ['a million letters', 'a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
])('the standard’s example of %s', (_, text, digest) => {
  expect(hashOf(encodeUtf8(text))).toBe(digest);
});

it('every length around the ends of blocks', () => {
  for (let length = 0; length <= 260; length++) {
    const bytes = Uint8Array.from({ length }, (_, index) => index * 7 + length);
    expect(hashOf(bytes)).toBe(expected(bytes));
  }
});

it('any bytes in any pieces, as node:crypto and @noble/hashes have them', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (parts) => {
      const whole = new Uint8Array(Buffer.concat(parts));
      expect(hashOf(...parts)).toBe(expected(whole));
      expect(hashOf(whole)).toBe(Buffer.from(sha256(whole)).toString('hex'));
    }),
  );
});

it('a part of a larger buffer, and what its caller changes afterwards', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => index);
  const part = bytes.subarray(3, 259);
  const digest = expected(part);
  const hash = new Sha256Hash().update(part);
  bytes.fill(0);
  expect(Buffer.from(hash.digest()).toString('hex')).toBe(digest);
});

it('hashes in progress do not disturb each other', () => {
  const [one, other] = [new Sha256Hash(), new Sha256Hash()];
  const pieces = Array.from({ length: 40 }, (_, index) => new Uint8Array(index * 5).fill(index));
  for (const piece of pieces) {
    one.update(piece);
    other.update(piece.slice().reverse()).update(piece);
  }
  expect(Buffer.from(one.digest()).toString('hex')).toBe(expected(Buffer.concat(pieces)));
  expect(Buffer.from(other.digest()).toString('hex')).toBe(
    expected(Buffer.concat(pieces.flatMap((each) => [each, each]))),
  );
});
