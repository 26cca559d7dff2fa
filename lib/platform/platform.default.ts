/** The platform for every other runtime, browsers and workers: what the web's own APIs give, and hashes of our own. */
import { toHex } from './hex.js';
import type { EncodedText, Hashing, Platform, Sha256, SliceText, TextOrBytes } from './platform.js';
import { BLOCK_BYTES, Sha256Hash } from './sha256.js';
import { encodeUtf8 } from './utf8.js';

function toBytes(data: TextOrBytes): Uint8Array {
  return typeof data === 'string' ? encodeUtf8(data) : data;
}

/** The charsets that need no table: each byte is the code point it stands for, up to the highest one. */
const highestCodeUnit: ReadonlyMap<string, number> = new Map([
  ['us-ascii', 0x7f],
  ['ascii', 0x7f],
  ['iso-8859-1', 0xff],
  ['latin1', 0xff],
]);

async function encodeText(text: string, charset: string, slice: SliceText): Promise<EncodedText> {
  const highest = highestCodeUnit.get(charset.toLowerCase());
  if (highest === undefined) throw new RangeError(`No encoder for charset ${charset} in this runtime`);
  const bytes = new Uint8Array(text.length);
  let written = 0;
  for await (const part of slice(text)) {
    for (let i = 0; i < part.length; i++) {
      const unit = part.charCodeAt(i);
      if (unit > highest) return { bytes, decoded: '' };
      bytes[written++] = unit;
    }
  }
  return { bytes, decoded: text };
}

function createSha256(): Sha256 {
  const hash = new Sha256Hash();
  return {
    update: (data) => {
      hash.update(toBytes(data));
    },
    digestHex: () => toHex(hash.digest()),
  };
}

// Taken at load, before fake timers put others there; marked as pure, so that a bundle that only hashes is free of it.
const timers = /* @__PURE__ */ (() => ({
  setTimeout: globalThis.setTimeout,
  Channel: typeof MessageChannel === 'function' ? MessageChannel : undefined,
}))();

function yieldToEventLoop(): Promise<void> {
  const { setTimeout, Channel } = timers;
  return new Promise((resolve) => {
    if (Channel === undefined) {
      setTimeout(resolve, 0);
      return;
    }
    // Unlike a timer, a message is not delayed by 4 ms.
    const { port1, port2 } = new Channel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** The hash of bytes, one behind the other. */
function hashParts(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = new Sha256Hash();
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** HMAC by its definition, H(K ^ opad, H(K ^ ipad, text)) (RFC 2104, section 2). */
function createHmac(key: TextOrBytes): (text: string) => Uint8Array {
  const bytes = toBytes(key);
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(bytes.length > BLOCK_BYTES ? hashParts(bytes) : bytes);
  const [inner, outer] = [block.map((byte) => byte ^ 0x36), block.map((byte) => byte ^ 0x5c)];
  return (text) => hashParts(outer, hashParts(inner, encodeUtf8(text)));
}

export const hashing: Hashing = {
  sha256Hex: (data) => toHex(hashParts(toBytes(data))),
  sha256HexOfLatin1: (text) => toHex(hashParts(Uint8Array.from(text, (character) => character.charCodeAt(0)))),
  hmacSha256: (key, data) => createHmac(key)(data),
  createHmacSha256: (key) => {
    const sign = createHmac(key);
    return (text) => toHex(sign(text));
  },
};

export const platform: Platform = {
  name: 'default',
  debugLog: undefined,
  createSha256,
  yieldToEventLoop,
  readEnvironment: () => undefined,
  isProxied: () => false,
  environment: () => ({}),
  hasColors: () => false,
  readTextFile: () => undefined,
  encodeText,
  createDefaultCredentials: () => undefined,
  loadRoleProvider: undefined,
  toNodeStream: undefined,
  loadNodeStreams: undefined,
  loadEarlyAnswers: undefined,
};
