/** A copy of a value's content, to tell later whether anyone changed the value. */
import { createHash } from 'node:crypto';

/**
 * Plain objects, arrays, headers, bytes, dates and forms by content; all else (functions, streams, blobs) by identity.
 */
export function takeSnapshot(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(takeSnapshot);
  if (value instanceof Date) return { date: value.getTime() };
  if (value instanceof URLSearchParams) return { params: value.toString() };
  if (value instanceof FormData) return { form: [...value.entries()] };
  if (ArrayBuffer.isView(value)) return { view: hashBytes(value), at: value.byteOffset };
  if (value instanceof ArrayBuffer) return { buffer: hashBytes(new Uint8Array(value)) };
  return isRecord(value) ? Object.entries(value).map(([key, entry]) => [key, takeSnapshot(entry)]) : value;
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || value.constructor.name === 'AxiosHeaders';
}

/** Its own bytes only: a small Buffer shares memory that Node goes on using. */
function hashBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}
