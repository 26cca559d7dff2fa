/** The platform for every other runtime, browsers and workers: @noble/hashes, and what the web's own APIs give. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { EncodedText, Platform, Sha256, TextOrBytes } from './platform.js';

const utf8 = new TextEncoder();
const toBytes = (data: TextOrBytes): Uint8Array => (typeof data === 'string' ? utf8.encode(data) : data);

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

// Taken at load, before fake timers put others there.
const { setTimeout } = globalThis;
const Channel = 'MessageChannel' in globalThis ? globalThis.MessageChannel : undefined;

function yieldToEventLoop(): Promise<void> {
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

export const platform: Platform = {
  name: 'default',
  sha256Hex: (data) => bytesToHex(sha256(toBytes(data))),
  sha256HexOfLatin1: (text) => bytesToHex(sha256(Uint8Array.from(text, (character) => character.charCodeAt(0)))),
  createSha256,
  yieldToEventLoop,
  hmacSha256: (key, data) => hmac(sha256, toBytes(key), utf8.encode(data)),
  createHmacSha256: (key) => {
    const bytes = toBytes(key);
    return (text) => bytesToHex(hmac(sha256, bytes, utf8.encode(text)));
  },
  readEnvironment: () => undefined,
  environment: () => ({}),
  hasColors: () => false,
  readTextFile: () => undefined,
  encodeText,
  createDefaultCredentials: () => undefined,
  toNodeStream: undefined,
};
