/** SHA-256 of bodies that take long to hash: in slices, so that the event loop goes on. */
import { isUint8Array } from '../sigv4/payload-hash.js';
import { isBlob, type Body } from './body.js';
import { platform } from '#platform';

// About a millisecond of hashing in the slowest of the platforms.
const SLICE_BYTES = 128 * 1024;

/**
 * The hash of a body that is not hashed at once: a Blob, which has to be read for it, or many bytes.
 * `undefined` for one that is.
 */
export function hashInSlices(body: Body): Promise<string> | undefined {
  if (isBlob(body)) return hashBlob(body);
  if (typeof body === 'string') {
    return body.length > SLICE_BYTES ? hashBytes(new TextEncoder().encode(body)) : undefined;
  }
  return isUint8Array(body) && body.length > SLICE_BYTES ? hashBytes(body) : undefined;
}

async function hashBytes(bytes: Uint8Array): Promise<string> {
  const hash = platform.createSha256();
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    hash.update(bytes.subarray(start, start + SLICE_BYTES));
    await platform.yieldToEventLoop();
  }
  return hash.digestHex();
}

async function hashBlob(blob: Blob): Promise<string> {
  const hash = platform.createSha256();
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hash.digestHex();
    hash.update(value);
  }
}
