/** The platform where there is node:crypto: Node, Bun and Deno. */
import crypto, { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
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

// ASCII is the same in UTF-8, which text is hashed in without a copy.
const sha256HexOfLatin1 = (text: string): string =>
  sha256Hex(Buffer.byteLength(text) === text.length ? text : Buffer.from(text, 'latin1'));

/**
 * HMAC by its definition, H(K ^ opad, H(K ^ ipad, text)) (RFC 2104, section 2): two hashes at once cost half of what
 * createHmac does, and each request is signed by one.
 */
function createHmacSha256(key: Uint8Array): (text: string) => string {
  const inner = Buffer.alloc(64, 0x36);
  // The inner hash is put behind it: nothing else runs between that and the outer hash.
  const outer = Buffer.alloc(64 + 32, 0x5c);
  key.forEach((byte, i) => {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  });
  const innerText = inner.toString('latin1');
  return (text) => {
    // In ASCII, which strings to sign are in, one concatenation of text does for two of bytes.
    const isAscii = Buffer.byteLength(text) === text.length;
    const message = isAscii ? Buffer.from(innerText + text, 'latin1') : Buffer.concat([inner, Buffer.from(text)]);
    outer.write(sha256Hex(message), 64, 'hex');
    return sha256Hex(outer);
  };
}

function createSha256(): Sha256 {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digestHex: () => hash.digest('hex'),
  };
}

function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** Of the variables that the chain reads, those that programs change while they run. */
const CHAIN_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'] as const;

function createDefaultCredentials(): LoadCredentials {
  let chain: { readonly load: LoadCredentials; readonly madeUnder: readonly (string | undefined)[] } | undefined;
  const tried = new Set<string>();
  const load: LoadCredentials = async (request) => {
    // Loaded on first use: those who pass credentials do not pay for the AWS SDK, and browser bundles never see it.
    const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers');
    const environment = CHAIN_VARIABLES.map((name) => process.env[name]);
    // A chain keeps what has no end for good: it is made anew where it would find something else.
    if (chain?.madeUnder.every((value, i) => value === environment[i]) !== true) {
      // What the SDK has read of a file, or failed to read, it keeps for the whole process: rotated files would never be
      // read again, not even by a forced refresh.
      const init = { ignoreCache: true, logger: createChainLogger(tried) };
      chain = { load: fromNodeProviderChain(init), madeUnder: environment };
    }
    tried.clear();
    return chain.load(request);
  };
  return Object.assign(load, { listTried: () => [...tried] });
}

/**
 * Collects why each link of the chain gave nothing, which the chain tells a logger alone: its own error is that none did.
 * Warnings go to the console, where the SDK has them without a logger.
 */
function createChainLogger(tried: Set<string>) {
  const ignore = (): void => undefined;
  return {
    trace: ignore,
    debug: (text?: unknown) => {
      const reason = /^@smithy\/property-provider \S+ ([^]+)/.exec(String(text))?.[1];
      if (reason !== undefined && tried.size < 20) tried.add(reason);
    },
    info: ignore,
    warn: (...content: unknown[]) => {
      console.warn(...content);
    },
    error: ignore,
  };
}

export const platform: Platform = {
  name: 'node',
  sha256Hex,
  sha256HexOfLatin1,
  createSha256,
  yieldToEventLoop: () => setImmediate(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  createHmacSha256,
  readEnvironment: (name) => (process.env[name] === '' ? undefined : process.env[name]),
  environment: () => process.env,
  readTextFile,
  encodeText,
  createDefaultCredentials,
  toNodeStream: (chunks, source) =>
    Readable.from(chunks, { objectMode: false }).once('close', () => void source.destroy?.()),
};
