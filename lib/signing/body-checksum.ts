/** The checksum of a body in memory, as the header `x-amz-checksum-*` ("Checking object integrity" of Amazon S3). */
import { Aws4AuthError } from '../errors.js';
import { encodeBase64 } from '../platform/base64.js';
import type { Checksum, ChecksumAlgorithm } from '../platform/platform.js';
import { encodeUtf8 } from '../platform/utf8.js';
import type { Body } from '../request/body.js';
import { readOwn } from '../request/config.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import { isBlob } from '../request/body-kinds.js';
import { sliceBlob, sliceBytes, sliceText } from '../request/slices.js';
import { assertChecksum, isChecksumAlgorithm, nameChecksum } from '../sigv4/checksum-names.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { isS3Kin } from '../sigv4/service-rules.js';

/**
 * The headers of a request with the checksum of its body. What checksums the caller gave are kept, and no other is added;
 * of each the algorithm of which is known, it is checked that it is the body's.
 *
 * @param bodyHash the body's SHA-256 in hex, where that is known
 * @throws Aws4AuthError `ERR_CHECKSUM` for a checksum of the caller's that cannot be, or is not, that of the body, and for a
 * body whose checksum cannot be sent
 */
export async function addChecksum(
  request: Pick<OutgoingRequest, 'method' | 'url' | 'headers' | 'body' | 'given'>,
  service: string,
  bodyHash: string | undefined,
  algorithm: ChecksumAlgorithm,
): Promise<HttpHeaders> {
  const { headers, body, given } = request;
  // The caller has framed the body, and what its checksum is of is inside.
  const isFramed = String(readOwn(given.sent, 'X-Amz-Content-Sha256')).startsWith('STREAMING-');
  if (isFramed || isOfObject(request, service)) return headers;
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
  if (sum === undefined) throw createUnreadError(algorithm);
  return { ...headers, [nameChecksum(algorithm)]: sum };
}

/** Whether a checksum in the headers is that of the object that the request completes, and not of its body. */
export function isOfObject({ method, url }: Pick<OutgoingRequest, 'method' | 'url'>, service: string): boolean {
  return method === 'POST' && isS3Kin(service) && /[?&]uploadId=/.test(url.href);
}

function createUnreadError(algorithm: ChecksumAlgorithm): Aws4AuthError {
  return new Aws4AuthError(
    'checksum: of a stream it is sent after that, in chunks, and an X-Amz-Content-Sha256 of your own says that there are ' +
      `none; leave that header out, or pass ${nameChecksum(algorithm)} as another`,
    'ERR_CHECKSUM',
  );
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
  const checksum = (await loadChecksum(algorithm))();
  for await (const slice of slices) checksum.update(slice);
  return encodeBase64(await checksum.digest());
}

/** Loads what computes a checksum. What it gives begins one, each time that it is called. */
export async function loadChecksum(algorithm: ChecksumAlgorithm): Promise<() => Checksum> {
  const checksums = await import('#checksums');
  return checksums.loadChecksum(algorithm);
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
