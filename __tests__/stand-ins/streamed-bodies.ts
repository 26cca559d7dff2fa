/** Bodies for the tests of uploads: bytes of which no two places are alike, whole or piece by piece. */

export const K = 1024;

export const pattern = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) % 251));

/** The bytes in slices of a size, of which none comes at once. */
export async function* generate(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let i = 0; i < bytes.length; i += size) {
    await Promise.resolve();
    yield bytes.subarray(i, i + size);
  }
}
