/**
 * CRC-64/NVME (NVM Express, NVM Command Set Specification, section 5.2.1.3.4), byte by byte. The AWS SDK's own would bring
 * all that it depends on into bundles that cannot leave out what is unused.
 */
import type { Checksum } from './platform.js';

/** The polynomial with its bits reversed, as two halves of 32 bits. */
const POLYNOMIAL = { high: 0x9a6c9329, low: 0xac4bc9b5 } as const;

interface Table {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

function createTable(): Table {
  const table = { high: new Uint32Array(256), low: new Uint32Array(256) };
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (isOdd) {
        high ^= POLYNOMIAL.high;
        low ^= POLYNOMIAL.low;
      }
    }
    table.high[byte] = high;
    table.low[byte] = low;
  }
  return table;
}

let table: Table | undefined;

/** Begins a CRC; its digest has the most significant byte first. */
export function createCrc64Nvme(): Checksum {
  const { high: highs, low: lows } = (table ??= createTable());
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (data) => {
      let [h, l] = [high, low];
      // Not for-of, which takes three times as long (measured).
      // eslint-disable-next-line @typescript-eslint/prefer-for-of
      for (let at = 0; at < data.length; at++) {
        const i = (l ^ (data[at] ?? 0)) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ (lows[i] ?? 0);
        h = (h >>> 8) ^ (highs[i] ?? 0);
      }
      [high, low] = [h, l];
    },
    digest: () => {
      const sum = new Uint8Array(8);
      const view = new DataView(sum.buffer);
      view.setUint32(0, ~high >>> 0);
      view.setUint32(4, ~low >>> 0);
      return sum;
    },
  };
}
