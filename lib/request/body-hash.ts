/** SHA-256 of bodies that take long to hash: in slices, so that the event loop goes on. */
import { isUint8Array } from '../sigv4/payload-hash.js';
import type { Body } from './body.js';
import { isBlob } from './body-kinds.js';
import { SLICE_BYTES, sliceBlob, sliceBytes, sliceText, type Slices } from './slices.js';
import { platform } from '#platform';

/**
 * The SHA-256, in lower-case hex, of a body that takes long to hash: a Blob, which has to be read first, or text or
 * bytes longer than a slice. `undefined` for any other body, which can be hashed at once.
 */
export function hashInSlices(body: Body): Promise<string> | undefined {
  if (isBlob(body)) return hashAll(sliceBlob(body));
  if (typeof body === 'string') return body.length > SLICE_BYTES ? hashAll(sliceText(body)) : undefined;
  return isUint8Array(body) && body.length > SLICE_BYTES ? hashAll(sliceBytes(body)) : undefined;
}

async function hashAll(slices: Slices<string | Uint8Array>): Promise<string> {
  const hash = platform.createSha256();
  for await (const slice of slices) hash.update(slice);
  return hash.digestHex();
}
