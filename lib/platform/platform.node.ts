/** The platform where there is node:crypto: Node, Bun and Deno. */
import crypto, { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import timers from 'node:timers/promises';
import { debuglog } from 'node:util';
import { createDebugLog, type DebugLog } from './debug-log.js';
import { isProxiedByEnvironment } from './environment-proxy.js';
import type { Hashing, LoadCredentials, Platform, Sha256, TextOrBytes } from './platform.js';

// One call of crypto.hash costs half of the three that it stands for; Node has it since 20.12, not every other has.
const hashSha256: (data: TextOrBytes, encoding: 'hex' | 'binary') => string =
  typeof crypto.hash === 'function'
    ? (data, encoding) => crypto.hash('sha256', data, encoding)
    : (data, encoding) => createHash('sha256').update(data).digest(encoding);

const sha256Hex = (data: TextOrBytes): string => hashSha256(data, 'hex');

// ASCII is the same in UTF-8, which text is hashed in without a copy.
const sha256HexOfLatin1 = (text: string): string =>
  sha256Hex(Buffer.byteLength(text) === text.length ? text : Buffer.from(text, 'latin1'));

// Taken at load: fake timers put others into the module, where what CommonJS makes of an import would find them.
const { setImmediate } = timers;

const BLOCK_BYTES = 64;

/**
 * HMAC by its definition, H(K ^ opad, H(K ^ ipad, text)) (RFC 2104, section 2): two hashes at once cost half of what
 * createHmac does, and on Node 24 a tenth.
 */
function createHmacSha256(key: TextOrBytes): (text: string, isAscii?: boolean) => string {
  const bytes = Buffer.from(key);
  const block = bytes.length > BLOCK_BYTES ? Buffer.from(sha256Hex(bytes), 'hex') : bytes;
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36);
  // The inner hash is put behind it.
  const outer = Buffer.alloc(BLOCK_BYTES + 32, 0x5c);
  for (const [i, byte] of block.entries()) {
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  // Texts under one key are of one length, as a rule: each is put where the last one was.
  let message = inner;
  return (text, isAscii = false) => {
    const textBytes = isAscii ? text.length : Buffer.byteLength(text);
    if (message.length !== BLOCK_BYTES + textBytes) message = Buffer.concat([inner], BLOCK_BYTES + textBytes);
    // ASCII is the same in Latin-1, which is written sooner.
    message.write(text, BLOCK_BYTES, textBytes === text.length ? 'latin1' : 'utf8');
    outer.write(hashSha256(message, 'binary'), BLOCK_BYTES, 'binary');
    return sha256Hex(outer);
  };
}

function createSha256(): Sha256 {
  const hash = createHash('sha256');
  return {
    update: (data) => {
      hash.update(data);
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

/** As Node itself does: `FORCE_COLOR` comes before all else. Either output may be where the text goes. */
function hasColors(): boolean {
  const { FORCE_COLOR, NO_COLOR = '', NODE_DISABLE_COLORS = '', TERM } = process.env;
  if (FORCE_COLOR !== undefined) return /^(?:|[1-3]|true)$/.test(FORCE_COLOR);
  const isUnwanted = NO_COLOR !== '' || NODE_DISABLE_COLORS !== '' || TERM === 'dumb';
  // Runtimes that are like Node may have neither.
  const outputs: readonly ({ readonly isTTY?: boolean } | undefined)[] = [process.stdout, process.stderr];
  return !isUnwanted && outputs.every((output) => output?.isTTY === true);
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

export const hashing: Hashing = {
  sha256Hex,
  sha256HexOfLatin1,
  hmacSha256: (key, data) => Buffer.from(createHmacSha256(key)(data), 'hex'),
  createHmacSha256,
};

/** Node's log of `NODE_DEBUG`, which is read once, as Node itself reads it. */
function findDebugLog(): DebugLog | undefined {
  const log = debuglog('axios-aws4auth');
  // Bun's has no `enabled`.
  const isOn = 'enabled' in log ? log.enabled : SECTION_IN_LIST.test(process.env['NODE_DEBUG'] ?? '');
  if (!isOn) return undefined;
  return createDebugLog((line) => {
    log('%s', line);
  });
}

const SECTION_IN_LIST = /(?:^|[\s,])(?:axios-aws4auth|\*)(?:$|[\s,])/i;

export const platform: Platform = {
  name: 'node',
  debugLog: findDebugLog(),
  createSha256,
  yieldToEventLoop: () => setImmediate(),
  readEnvironment: (name) => (process.env[name] === '' ? undefined : process.env[name]),
  isProxied: (url) => isProxiedByEnvironment(url, process.env),
  environment: () => process.env,
  hasColors,
  readTextFile,
  encodeText: async (text, charset, slice) => (await import('./charset-tables.js')).encodeByTable(text, charset, slice),
  createDefaultCredentials,
  loadRoleProvider: async () => (await import('@aws-sdk/credential-providers')).fromTemporaryCredentials,
  toNodeStream: (chunks, source) =>
    Readable.from(chunks, { objectMode: false }).once('close', () => void source.destroy?.()),
  loadNodeStreams: () => import('./node-streams.js'),
  loadEarlyAnswers: () => import('./early-answers.js'),
};
