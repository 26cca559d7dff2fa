/** The bytes of a view, without those of the buffer around it, as axios and its adapters take them. */

/**
 * The bytes of a view in a form that axios sends as they are: a Buffer where there is one, else an ArrayBuffer. Of any
 * other view axios's default transform sends the whole buffer behind it, and its http adapter takes no other bytes.
 */
export function toExactBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array | ArrayBufferLike {
  // The global may be missing (browsers), and a bundler must not be led to add it.
  if ('Buffer' in globalThis) return Buffer.from(buffer, byteOffset, byteLength);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
