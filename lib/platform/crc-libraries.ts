/** CRCs by libraries in JavaScript, each loaded when it is first needed: for what the runtime has none of. */
// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- what is compiled by itself finds the types by nothing else
/// <reference path="./crc32c-module.d.ts" />
import type { Checksum } from './platform.js';

/** Makes a CRC of 32 bits of a function that goes on from an earlier value. */
export function createCrc32(compute: (data: Uint8Array, value: number) => number): Checksum {
  let value = 0;
  return {
    update: (data) => {
      value = compute(data, value);
    },
    digest: () => {
      const sum = new Uint8Array(4);
      new DataView(sum.buffer).setUint32(0, value >>> 0);
      return sum;
    },
  };
}

export async function loadCrc32(): Promise<() => Checksum> {
  const { default: crc32 } = await import('crc-32');
  return () => createCrc32((data, value) => crc32.buf(data, value));
}

export async function loadCrc32c(): Promise<() => Checksum> {
  const { default: crc32c } = await import('crc-32/crc32c.js');
  return () => createCrc32((data, value) => crc32c.buf(data, value));
}
