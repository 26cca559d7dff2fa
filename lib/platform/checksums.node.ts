/** Checksums where there is node:crypto: by the runtime itself, but for the CRCs that it does not have. */
import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { createCrc32, loadCrc32, loadCrc32c } from './crc-libraries.js';
import { createCrc64Nvme } from './crc64-nvme.js';
import type { Checksum, ChecksumAlgorithm } from './platform.js';

/** Loads what computes a checksum. What it gives begins one, each time that it is called. */
export async function loadChecksum(algorithm: ChecksumAlgorithm): Promise<() => Checksum> {
  switch (algorithm) {
    case 'crc32':
      // Node has it since 20.15, not every other runtime has.
      return typeof zlib.crc32 === 'function' ? () => createCrc32(zlib.crc32) : loadCrc32();
    case 'crc32c':
      return loadCrc32c();
    case 'crc64nvme':
      return createCrc64Nvme;
    case 'sha1':
    case 'sha256':
      return () => createSha(algorithm);
  }
}

function createSha(algorithm: 'sha1' | 'sha256'): Checksum {
  const hash = createHash(algorithm);
  return {
    update: (data) => {
      hash.update(data);
    },
    digest: () => hash.digest(),
  };
}
