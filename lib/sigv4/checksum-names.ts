/** S3's checksums by name ("Checking object integrity"): their headers, and how long their values are. */
import { Aws4AuthError } from '../errors.js';
import type { ChecksumAlgorithm } from '../platform/platform.js';

/** The sums' lengths in bytes. */
const SUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
};

/** The names of all of them, for messages. */
export const listChecksumAlgorithms = (): string => Object.keys(SUM_BYTES).join(', ');

/** Whether a value names an algorithm; not what every object inherits. */
export function isChecksumAlgorithm(value: unknown): value is ChecksumAlgorithm {
  return typeof value === 'string' && Object.hasOwn(SUM_BYTES, value);
}

/** The header, or the trailer, that bears a sum. */
export function nameChecksum(algorithm: ChecksumAlgorithm): `x-amz-checksum-${ChecksumAlgorithm}` {
  return `x-amz-checksum-${algorithm}`;
}

/** How many characters of base64 a sum is. */
export function measureChecksum(algorithm: ChecksumAlgorithm): number {
  return Math.ceil(SUM_BYTES[algorithm] / 3) * 4;
}

/** @throws Aws4AuthError `ERR_CHECKSUM` for what is no sum of this algorithm, which S3 would refuse */
export function assertChecksum(algorithm: ChecksumAlgorithm, sum: unknown): asserts sum is string {
  const digits = Math.ceil((SUM_BYTES[algorithm] * 4) / 3);
  const padding = measureChecksum(algorithm) - digits;
  if (typeof sum === 'string' && new RegExp(`^[A-Za-z0-9+/]{${String(digits)}}={${String(padding)}}$`).test(sum))
    return;
  throw new Aws4AuthError(
    `${nameChecksum(algorithm)}: must be the ${String(SUM_BYTES[algorithm])} bytes of the sum in base64, ` +
      `${String(measureChecksum(algorithm))} characters`,
    'ERR_CHECKSUM',
  );
}
