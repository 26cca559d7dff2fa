/** The platform where there is node:crypto: Node, Bun and Deno. */
import crypto, { createHash, createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { EncodedText, LoadCredentials, Platform, Sha256, TextOrBytes } from './platform.js';

async function encodeText(text: string, charset: string): Promise<EncodedText> {
  const { default: iconv } = await import('iconv-lite');
  const isKnown: boolean = iconv.encodingExists(charset);
  if (!isKnown) throw new RangeError(`Unknown charset ${charset}`);
  const bytes = iconv.encode(text, charset);
  return { bytes, decoded: iconv.decode(bytes, charset, { stripBOM: !text.startsWith('\uFEFF') }) };
}

// One call of crypto.hash costs half of the three that it stands for; Node has it since 20.12, not every other has.
const sha256Hex =
  typeof crypto.hash === 'function'
    ? (data: TextOrBytes) => crypto.hash('sha256', data, 'hex')
    : (data: TextOrBytes) => createHash('sha256').update(data).digest('hex');

function createSha256(): Sha256 {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digestHex: () => hash.digest('hex'),
  };
}

function createDefaultCredentials(): LoadCredentials {
  let provider: LoadCredentials | undefined;
  return async () => {
    // Loaded on first use: those who pass credentials do not pay for the AWS SDK, and browser bundles never see it.
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
    provider ??= fromNodeProviderChain();
    return provider();
  };
}

export const platform: Platform = {
  name: 'node',
  sha256Hex,
  sha256HexOfLatin1: (text) => sha256Hex(Buffer.from(text, 'latin1')),
  createSha256,
  yieldToEventLoop: () => setImmediate(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  hmacSha256Hex: (key, data) => createHmac('sha256', key).update(data).digest('hex'),
  readEnvironment: (name) => (process.env[name] === '' ? undefined : process.env[name]),
  encodeText,
  createDefaultCredentials,
};
