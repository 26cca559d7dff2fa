/** SHA-256 (FIPS 180-4, sections 4.1.2, 4.2.2, 5 and 6.2), for runtimes that have none that answers at once. */

/** Bytes of a block. */
export const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const HASH_BYTES = 32;

/** A hash in progress. */
export class Sha256Hash {
  readonly #state = INITIAL_HASH.slice();
  readonly #block = new Uint8Array(BLOCK_BYTES);
  readonly #view = createView(this.#block);
  #length = 0;

  update(bytes: Uint8Array): this {
    const view = createView(bytes);
    let start = 0;
    while (start < bytes.length) {
      const used = this.#length % BLOCK_BYTES;
      const taken = Math.min(bytes.length - start, BLOCK_BYTES - used);
      this.#length += taken;
      if (taken === BLOCK_BYTES) addBlock(this.#state, view, start);
      else {
        this.#block.set(bytes.subarray(start, start + taken), used);
        if (used + taken === BLOCK_BYTES) addBlock(this.#state, this.#view, 0);
      }
      start += taken;
    }
    return this;
  }

  /** The hash's 32 bytes; nothing can be added then. */
  digest(): Uint8Array {
    const used = this.#length % BLOCK_BYTES;
    this.#block.fill(0, used);
    this.#block[used] = 0x80;
    if (used >= BLOCK_BYTES - LENGTH_BYTES) {
      addBlock(this.#state, this.#view, 0);
      this.#block.fill(0);
    }
    // The length in bits.
    this.#view.setUint32(BLOCK_BYTES - LENGTH_BYTES, this.#length / 2 ** 29);
    this.#view.setUint32(BLOCK_BYTES - LENGTH_BYTES / 2, this.#length << 3);
    addBlock(this.#state, this.#view, 0);
    this.#state.forEach((word, i) => {
      this.#view.setInt32(i * 4, word);
    });
    return this.#block.slice(0, HASH_BYTES);
  }
}

function createView({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Of the first primes, the first 32 bits of the fractional part of a root. */
function listFractions(count: number, root: (prime: number) => number): Int32Array {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime > 0)) primes.push(number);
  }
  return Int32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32);
}

const INITIAL_HASH = /* @__PURE__ */ listFractions(8, Math.sqrt);
const ROUND_CONSTANTS = /* @__PURE__ */ listFractions(64, Math.cbrt);
// The message schedule, which all hashes share: `addBlock` fills it anew for each block.
const schedule = /* @__PURE__ */ new Int32Array(64);

/** The hash computation of one block (section 6.2.2), with the standard's names, spelled out. */
function addBlock(state: Int32Array, view: DataView, start: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = view.getInt32(start + t * 4);
  for (let t = 16; t < 64; t++) {
    const x = readWord(schedule, t - 15);
    const y = readWord(schedule, t - 2);
    const sigma0 = rotateRight(x, 7) ^ rotateRight(x, 18) ^ (x >>> 3);
    const sigma1 = rotateRight(y, 17) ^ rotateRight(y, 19) ^ (y >>> 10);
    schedule[t] = readWord(schedule, t - 16) + sigma0 + readWord(schedule, t - 7) + sigma1;
  }
  // Not by destructuring, which takes as long as half of the rounds (measured).
  let a = readWord(state, 0);
  let b = readWord(state, 1);
  let c = readWord(state, 2);
  let d = readWord(state, 3);
  let e = readWord(state, 4);
  let f = readWord(state, 5);
  let g = readWord(state, 6);
  let h = readWord(state, 7);
  for (let t = 0; t < 64; t++) {
    const sum1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + sum1 + choice + readWord(ROUND_CONSTANTS, t) + readWord(schedule, t)) | 0;
    const sum0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sum0 + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i] = readWord(state, i) + word;
  });
}

const rotateRight = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

const readWord = (words: Int32Array, index: number): number => words[index] ?? 0;
