/** The hash of large bodies: right wherever slices are cut, with turns for others, with nothing copied whole. */
import { createHash } from 'node:crypto';
import { hashInSlices } from '../../lib/request/body-hash.js';
import { platform } from '#platform';

const hashOf = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const filled = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => i % 251);

it.each([
  ['ASCII', 'a'.repeat(300_000)],
  ['text beyond ASCII', 'äあ'.repeat(100_000)],
  ['a pair across the first cut', 'a'.repeat(2 ** 16 - 1) + '💛'.repeat(100_000)],
  ['pairs on each side of the first cut', '💛'.repeat(100_000)],
  ['a lone high surrogate before a cut', 'a'.repeat(2 ** 16 - 1) + '\ud83d' + 'b'.repeat(100_000)],
  ['lone low surrogates', '\udc9b'.repeat(200_000)],
])('is that of the UTF-8 of %s', async (_, text) => {
  expect(await hashInSlices(text)).toBe(hashOf(text));
});

it.each([2 ** 17 + 1, 2 ** 18, 1_000_000])('is that of %p bytes', async (length) => {
  expect(await hashInSlices(filled(length))).toBe(hashOf(filled(length)));
});

it.each([0, 1, 2 ** 17, 2 ** 17 + 1, 1_000_000])('is that of a Blob of %p bytes', async (length) => {
  expect(await hashInSlices(new Blob([filled(length)]))).toBe(hashOf(filled(length)));
});

it.each([
  ['a string', 'a'.repeat(2 ** 17)],
  ['bytes', filled(2 ** 17)],
  ['nothing', undefined],
])('is left to be made at once of %s that is not large', (_, body) => {
  expect(hashInSlices(body)).toBeUndefined();
});

it.each([
  ['bytes', filled(2 ** 20)],
  ['text', 'ä'.repeat(2 ** 20)],
  ['a Blob', new Blob([filled(2 ** 20)])],
])('gives others a turn for each 128 KiB of %s at the latest', async (_, body) => {
  const turns = jest.spyOn(platform, 'yieldToEventLoop');
  const createSha256 = platform.createSha256.bind(platform);
  const sizes: number[] = [];
  const create = jest.spyOn(platform, 'createSha256').mockImplementation(() => {
    const hash = createSha256();
    const update: typeof hash.update = (data) => {
      sizes.push(Buffer.byteLength(data));
      hash.update(data);
    };
    return { ...hash, update };
  });
  try {
    await hashInSlices(body);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 17);
    expect(turns).toHaveBeenCalledTimes(sizes.length - 1);
  } finally {
    turns.mockRestore();
    create.mockRestore();
  }
});
