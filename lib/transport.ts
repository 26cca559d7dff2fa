/** Around the adapter: what is sent is what was signed, and what changed since is signed again. */
import axios, {
  type AxiosAdapter,
  type AxiosHeaders,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { toExactBytes } from './body.js';
import { copyConfig } from './config.js';
import { parseConfigUrl, pinRequest, spellConfigUrl } from './outgoing-request.js';
import { createBeforeRedirect, fetchAndFollow } from './redirect.js';
import {
  hasSameHeaders,
  readSignatureHeaders,
  toSentHeaders,
  writeSignatureHeaders,
  type SignatureHeaders,
} from './signature-headers.js';
import type { Signed } from './signing.js';
import { isPayloadLiteral } from './sigv4/payload-hash.js';

type Config = InternalAxiosRequestConfig;

/** Signs in a config's headers; `undefined` where the config says to send it unsigned. */
export type SignConfig = (config: Config, data: unknown) => Promise<Signed | undefined>;

/**
 * Under this symbol each transport tells what it was made of. A WeakMap would cost each request as much as its hashes
 * do, in garbage collection; a plain property would show a session token to util.inspect.
 */
const MADE_OF = Symbol('axios-aws4auth');

interface Transport {
  readonly [MADE_OF]: () => { readonly adapter: Config['adapter']; readonly signed: Signed };
}

function isTransport(adapter: Config['adapter']): adapter is AxiosAdapter & Transport {
  return typeof adapter === 'function' && MADE_OF in adapter;
}

/** A copy of a config that may be signed: its headers are its own, and an earlier signing is undone. */
export function releaseConfig(given: Config): Config {
  const config = copyConfig(given);
  if (ArrayBuffer.isView(config.data)) config.data = toExactBytes(config.data);
  if (isTransport(given.adapter)) {
    const { adapter, signed } = given.adapter[MADE_OF]();
    undoSigning(config.headers, signed);
    setAdapter(config, adapter);
  } else {
    clearUnknownSignature(config.headers);
  }
  return config;
}

/**
 * Makes a config send what was signed. Interceptors that run later may still change it: just before it is sent it is
 * signed again if anything differs, or if it was sent before.
 */
export function attachTransport(config: Config, signed: Signed, sign: SignConfig): Config {
  const { adapter } = config;
  let unspent: Signed | undefined = signed;
  const transport: AxiosAdapter = async (final) => {
    const isStillSigned = unspent !== undefined && isUnchanged(final, signed);
    unspent = undefined;
    if (isStillSigned) return send(final, adapter, signed);
    undoSigning(final.headers, signed);
    return send(final, adapter, await sign(final, final.data));
  };
  Object.defineProperty(transport, MADE_OF, { value: () => ({ adapter, signed }) });
  config.adapter = transport;
  return config;
}

/** Sends through the adapter that would have sent it, and hands the caller's own config back with what comes of it. */
async function send(config: Config, adapter: Config['adapter'], signed: Signed | undefined): Promise<AxiosResponse> {
  const pinned = copyConfig(config);
  if (signed !== undefined) pinRequest(pinned, signed.request);
  setAdapter(pinned, adapter);
  const restoreConfig = (bearer: unknown): void => {
    if (isObject(bearer) && isObject(bearer['config'])) bearer['config'] = config;
  };
  try {
    const response = await sendPinned(pinned, signed);
    restoreConfig(response);
    return response;
  } catch (error) {
    restoreConfig(error);
    if (isObject(error)) restoreConfig(error['response']);
    throw error;
  } finally {
    // The config lives on in responses and errors, which are logged.
    concealToken(config.headers);
  }
}

function sendPinned(pinned: Config, signed: Signed | undefined): Promise<AxiosResponse> {
  const adapter = axios.getAdapter(pinned.adapter ?? axios.defaults.adapter, pinned);
  if (signed === undefined) return adapter(pinned);
  const { adapterName, request } = signed;
  const followPolicy = signed.createRedirectPolicy();
  if (adapterName === 'fetch') return fetchAndFollow(pinned, adapter, request.url.href, followPolicy);
  if (adapterName === 'http') {
    pinned.beforeRedirect = createBeforeRedirect(request.method, followPolicy, pinned.beforeRedirect);
  }
  return adapter(pinned);
}

function isUnchanged(config: Config, signed: Signed): boolean {
  return (
    config.aws4 === signed.aws4 &&
    config.data === signed.data &&
    config.method?.toUpperCase() === signed.request.method &&
    hasSameHeaders(toSentHeaders(config.headers, signed.adapterName), signed.headers) &&
    spellConfigUrl(config, parseConfigUrl(config), signed.service).href === signed.request.url.href
  );
}

/** Undoes what signing did to headers, but for those that someone has set since. */
function undoSigning(headers: Config['headers'], { before, after }: Signed): void {
  const now = readSignatureHeaders(headers);
  const settle = (name: keyof SignatureHeaders) => (now[name] === after[name] ? before[name] : now[name]);
  writeSignatureHeaders(headers, {
    Date: settle('Date'),
    'X-Amz-Date': settle('X-Amz-Date'),
    Authorization: settle('Authorization'),
    'X-Amz-Content-Sha256': settle('X-Amz-Content-Sha256'),
    'X-Amz-Security-Token': settle('X-Amz-Security-Token'),
  });
}

/** Headers copied from a request that was signed bear its signature, and its date is not one that the caller chose. */
function clearUnknownSignature(headers: Config['headers']): void {
  const now = readSignatureHeaders(headers);
  if (typeof now.Authorization !== 'string' || !now.Authorization.startsWith('AWS4-')) return;
  const hash = now['X-Amz-Content-Sha256'];
  writeSignatureHeaders(headers, {
    Date: now.Date,
    'X-Amz-Date': undefined,
    Authorization: undefined,
    'X-Amz-Content-Sha256': typeof hash === 'string' && isPayloadLiteral(hash) ? hash : undefined,
    'X-Amz-Security-Token': undefined,
  });
}

/** Keeps a session token out of what util.inspect and JSON show of headers; to whoever asks for it, it is there. */
function concealToken(headers: AxiosHeaders): void {
  if (!headers.has('X-Amz-Security-Token')) return;
  const toRedacted = (): object =>
    Object.fromEntries(
      Object.entries(headers)
        .filter(([, value]: [string, unknown]) => value !== undefined && value !== null && value !== false)
        .map(([name, value]: [string, unknown]) => [name, /^x-amz-security-token$/i.test(name) ? 'REDACTED' : value]),
    );
  for (const key of ['toJSON', Symbol.for('nodejs.util.inspect.custom')]) {
    Object.defineProperty(headers, key, { value: toRedacted, configurable: true, writable: true });
  }
}

function setAdapter(config: Config, adapter: Config['adapter']): void {
  if (adapter === undefined) delete config.adapter;
  else config.adapter = adapter;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
