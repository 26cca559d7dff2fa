/** The platform for every other runtime, browsers and workers: @noble/hashes, and what the web's own APIs give. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeUtf8 } from './utf8.js';
import type { EncodedText, Hashing, Platform, Sha256, TextOrBytes } from './platform.js';

/** Bytes as this realm's: of another realm's (jsdom has its own) @noble/hashes takes no subclass, such as Buffer. */
function toBytes(data: TextOrBytes): Uint8Array {
  if (typeof data === 'string') return encodeUtf8(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The charsets that need no table: each byte is the code point it stands for, up to the highest one. */
const highestCodeUnit: ReadonlyMap<string, number> = new Map([
  ['us-ascii', 0x7f],
  ['ascii', 0x7f],
  ['iso-8859-1', 0xff],
  ['latin1', 0xff],
]);

function encodeText(text: string, charset: string): Promise<EncodedText> {
  const highest = highestCodeUnit.get(charset.toLowerCase());
  if (highest === undefined) return Promise.reject(new RangeError(`No encoder for charset ${charset} in this runtime`));
  const held = text.replace(/[^]/g, (unit) => (unit.charCodeAt(0) > highest ? '?' : unit));
  return Promise.resolve({ bytes: Uint8Array.from(held, (unit) => unit.charCodeAt(0)), decoded: held });
}

function createSha256(): Sha256 {
  const hash = sha256.create();
  return {
    update: (data) => {
      hash.update(toBytes(data));
    },
    digestHex: () => bytesToHex(hash.digest()),
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

/** HMAC by its definition, H(K ^ opad, H(K ^ ipad, text)) (RFC 2104, section 2): noble's own would cost pages 500 bytes. */
function createHmac(key: TextOrBytes): (text: string) => Uint8Array {
  const bytes = toBytes(key);
  const block = new Uint8Array(sha256.blockLen);
  block.set(bytes.length > block.length ? sha256(bytes) : bytes);
  const hashBehind = (pad: number, data: Uint8Array): Uint8Array =>
    sha256
      .create()
      .update(block.map((byte) => byte ^ pad))
      .update(data)
      .digest();
  return (text) => hashBehind(0x5c, hashBehind(0x36, encodeUtf8(text)));
}

export const hashing: Hashing = {
  sha256Hex: (data) => bytesToHex(sha256(toBytes(data))),
  sha256HexOfLatin1: (text) => bytesToHex(sha256(Uint8Array.from(text, (character) => character.charCodeAt(0)))),
  hmacSha256: (key, data) => createHmac(key)(data),
  createHmacSha256: (key) => {
    const sign = createHmac(key);
    return (text) => bytesToHex(sign(text));
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
