/** S3's checksums: the sums of fixtures/checksums.json, in pieces and in one. */
import vectors from '../../fixtures/checksums.json';
import type { ChecksumAlgorithm } from '../../lib/platform/platform.js';
import { loadChecksum } from '#checksums';

interface Vector {
  readonly input: { readonly text?: string; readonly repeat?: string; readonly length?: number };
  readonly sums: Readonly<Record<ChecksumAlgorithm, string>>;
}
const table: readonly Vector[] = vectors.vectors;

const toText = ({ text, repeat = '', length = 0 }: Vector['input']): string => text ?? repeat.repeat(length);
const rows = table.flatMap(({ input, sums }) =>
  (Object.keys(sums) as ChecksumAlgorithm[]).map((algorithm) => ({
    algorithm,
    text: toText(input),
    length: toText(input).length,
    sum: sums[algorithm],
  })),
);

it('has a sum of each algorithm for each input', () => {
  expect(rows).toHaveLength(4 * 5);
});

it.each(rows)('$algorithm of $length bytes', async ({ algorithm, text, sum }) => {
  const bytes = new TextEncoder().encode(text);
  const begin = await loadChecksum(algorithm);
  for (const size of [1, 7, 1000, 66_560]) {
    const checksum = begin();
    for (let i = 0; i < bytes.length; i += size) checksum.update(bytes.subarray(i, i + size));
    expect(Buffer.from(await checksum.digest()).toString('base64')).toBe(sum);
  }
});

it('keeps sums that are made at once apart', async () => {
  for (const algorithm of ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const) {
    const begin = await loadChecksum(algorithm);
    const [one, other] = [begin(), begin()];
    one.update(new TextEncoder().encode('1234'));
    other.update(new TextEncoder().encode('a'));
    one.update(new TextEncoder().encode('56789'));
    const sums = [await one.digest(), await other.digest()].map((sum) => Buffer.from(sum).toString('base64'));
    expect(sums).toStrictEqual(
      ['123456789', 'a'].map((text) => rows.find((row) => row.text === text && row.algorithm === algorithm)?.sum),
    );
  }
});
