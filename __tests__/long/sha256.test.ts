/** SHA-256 of our own over more bytes than 32 bits can count the bits of. */
import { createHash } from 'node:crypto';
import { Sha256Hash } from '../../lib/platform/sha256.js';

it('half a gigabyte and more is hashed as node:crypto does', () => {
  const block = new Uint8Array(2 ** 24).fill(1);
  const [hash, theirs] = [new Sha256Hash(), createHash('sha256')];
  for (let sent = 0; sent < 2 ** 29 + 2 ** 24; sent += block.length) {
    hash.update(block);
    theirs.update(block);
  }
  expect(Buffer.from(hash.digest()).toString('hex')).toBe(theirs.digest('hex'));
});
