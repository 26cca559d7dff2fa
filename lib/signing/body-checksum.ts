/** The checksum of a body in memory, as the header `x-amz-checksum-*` ("Checking object integrity" of Amazon S3). */
import { Aws4AuthError } from '../errors.js';
import { encodeBase64 } from '../platform/base64.js';
import type { ChecksumAlgorithm } from '../platform/platform.js';
import { encodeUtf8 } from '../platform/utf8.js';
import type { Body } from '../request/body.js';
import { isBlob } from '../request/body-kinds.js';
import { sliceBlob, sliceBytes, sliceText } from '../request/slices.js';
import { assertChecksum, isChecksumAlgorithm, nameChecksum } from '../sigv4/checksum-names.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { platform } from '#platform';

/**
 * The headers of a request with the checksum of its body. What checksums the caller gave are kept, and no other is added;
 * of each the algorithm of which is known, it is checked that it is the body's.
 *
 * @param body one that is in memory
 * @param bodyHash the body's SHA-256 in hex, where that is known
 * @throws Aws4AuthError `ERR_CHECKSUM` for a checksum of the caller's that cannot be, or is not, that of the body
 */
export async function addChecksum(
  headers: HttpHeaders,
  body: Body,
  bodyHash: string | undefined,
  algorithm: ChecksumAlgorithm,
): Promise<HttpHeaders> {
  const own = listChecksums(headers);
  assertOwnChecksums(headers);
  for (const { name, algorithm: known, sum } of own) {
    if (known === undefined) continue;
    const computed = await computeChecksum(body, bodyHash, known);
    if (computed === undefined || computed === sum) continue;
    throw new Aws4AuthError(
      `${name}: is not the checksum of the body; leave the header out to have it computed`,
      'ERR_CHECKSUM',
    );
  }
  if (own.length > 0) return headers;
  const sum = await computeChecksum(body, bodyHash, algorithm);
  return sum === undefined ? headers : { ...headers, [nameChecksum(algorithm)]: sum };
}

/** A checksum of whatever algorithm; the other headers of that name say something about it. */
const CHECKSUM_HEADER = /^x-amz-checksum-(?!(?:algorithm|mode|type)$)/i;

/** @throws Aws4AuthError `ERR_CHECKSUM` for a checksum of the caller's that cannot be one */
export function assertOwnChecksums(headers: HttpHeaders): void {
  for (const { algorithm, sum } of listChecksums(headers)) if (algorithm !== undefined) assertChecksum(algorithm, sum);
}

interface GivenChecksum {
  readonly name: string;
  /** `undefined` for one that is not known here. */
  readonly algorithm: ChecksumAlgorithm | undefined;
  readonly sum: unknown;
}

/** The checksums that the caller gave. */
export function listChecksums(headers: HttpHeaders): readonly GivenChecksum[] {
  return Object.entries(headers)
    .filter(([name, value]) => CHECKSUM_HEADER.test(name) && value !== undefined)
    .map(([name, sum]) => {
      const algorithm = name.toLowerCase().slice('x-amz-checksum-'.length);
      return { name, algorithm: isChecksumAlgorithm(algorithm) ? algorithm : undefined, sum };
    });
}

/** The sum in base64; `undefined` for a body that is not in memory. */
async function computeChecksum(
  body: Body,
  bodyHash: string | undefined,
  algorithm: ChecksumAlgorithm,
): Promise<string | undefined> {
  if (algorithm === 'sha256' && bodyHash !== undefined) return encodeBase64(readHex(bodyHash));
  const slices = sliceBody(body);
  if (slices === undefined) return undefined;
  const checksum = (await platform.loadChecksum(algorithm))();
  for await (const slice of slices) checksum.update(slice);
  return encodeBase64(await checksum.digest());
}

function sliceBody(body: Body): AsyncIterable<Uint8Array> | undefined {
  if (typeof body === 'string') return encodeSlices(body);
  if (isBlob(body)) return sliceBlob(body);
  return isUint8Array(body) ? sliceBytes(body) : undefined;
}

async function* encodeSlices(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const slice of sliceText(text)) yield encodeUtf8(slice);
}

function readHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
