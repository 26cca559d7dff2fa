/** The bytes of a view, without those of the buffer around it, as axios and its adapters take them. */
import { isArrayBuffer } from './body-kinds.js';

/**
 * The bytes of a view in a form that axios sends as they are: a Buffer where there is one, else an ArrayBuffer. Of any
 * other view axios's default transform sends the whole buffer behind it, and its http adapter takes no other bytes.
 * fetch takes none of memory that is shared or can be resized, which may change until they are sent: they are copied.
 */
export function toExactBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array | ArrayBufferLike {
  const isFixed = isArrayBuffer(buffer) && !buffer.resizable;
  const view = isFixed ? undefined : new Uint8Array(buffer, byteOffset, byteLength);
  // The global may be missing (browsers), and a bundler must not be led to add it.
  if (typeof Buffer === 'function')
    return view === undefined ? Buffer.from(buffer, byteOffset, byteLength) : Buffer.from(view);
  return view === undefined ? buffer.slice(byteOffset, byteOffset + byteLength) : new Uint8Array(view).buffer;
}
