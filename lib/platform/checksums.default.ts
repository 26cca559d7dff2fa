/** Checksums where there is no node:crypto: SHA-1 by @noble/hashes, CRCs in JavaScript. */
import { sha1 } from '@noble/hashes/legacy.js';
import { loadCrc32, loadCrc32c } from './crc-libraries.js';
import { createCrc64Nvme } from './crc64-nvme.js';
import type { Checksum, ChecksumAlgorithm } from './platform.js';
import { Sha256Hash } from './sha256.js';

/** Loads what computes a checksum. What it gives begins one, each time that it is called. */
export async function loadChecksum(algorithm: ChecksumAlgorithm): Promise<() => Checksum> {
  switch (algorithm) {
    case 'crc32':
      return loadCrc32();
    case 'crc32c':
      return loadCrc32c();
    case 'crc64nvme':
      return createCrc64Nvme;
    case 'sha1':
      return () => sha1.create();
    case 'sha256':
      return () => new Sha256Hash();
  }
}
