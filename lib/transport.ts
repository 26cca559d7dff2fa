/** Around the adapter: what is sent is what was signed, and what changed since is signed again. */
import axios, {
  type AxiosAdapter,
  type AxiosHeaders,
  type AxiosHeaderValue,
  type AxiosRequestTransformer,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { toExactBytes } from './body.js';
import { copyConfig } from './config.js';
import { sendAndHeal, type SignAgain } from './healing.js';
import { parseConfigUrl, pinRequest, spellConfigUrl } from './outgoing-request.js';
import { createBeforeRedirect, fetchAndFollow } from './redirect.js';
import {
  hasSameHeaders,
  readSignatureHeaders,
  toSentHeaders,
  writeSignatureHeaders,
  type SignatureHeaders,
} from './signature-headers.js';
import type { Remedy, Signed } from './signing.js';
import { isPayloadLiteral } from './sigv4/payload-hash.js';
import { isStream } from './stream.js';
import { listTransforms } from './transforms.js';

type Config = InternalAxiosRequestConfig;

/** Signs in a config's headers; `undefined` where the request is to go unsigned. */
export type SignConfig = (config: Config, data: unknown, remedy?: Remedy) => Promise<Signed | undefined>;

/**
 * Under this symbol each transport tells what it was made of. A WeakMap would cost each request as much as its hashes
 * do, in garbage collection; a plain property would show a session token to util.inspect.
 */
const MADE_OF = Symbol('axios-aws4auth');

interface Transport {
  readonly [MADE_OF]: () => Origin;
}

/** What a config was before it got a transport. */
interface Origin {
  readonly adapter: Config['adapter'];
  readonly transformRequest: Config['transformRequest'];
  readonly resetContentType: AxiosRequestTransformer;
  readonly signed: Signed | undefined;
  readonly sign: SignConfig;
}

function readOrigin({ adapter }: Config): Origin | undefined {
  return isTransport(adapter) ? adapter[MADE_OF]() : undefined;
}

function isTransport(adapter: Config['adapter']): adapter is AxiosAdapter & Transport {
  return typeof adapter === 'function' && MADE_OF in adapter;
}

/** Whether a config bears the signature of another interceptor. */
export function isSignedByOther(config: Config, sign: SignConfig): boolean {
  const origin = readOrigin(config);
  return origin?.signed !== undefined && origin.sign !== sign;
}

/** A copy of a config that may be signed: its headers are its own, and what an earlier signing did to it is undone. */
export function releaseConfig(given: Config): Config {
  const config = copyConfig(given);
  if (ArrayBuffer.isView(config.data)) config.data = toExactBytes(config.data);
  const origin = readOrigin(given);
  if (origin === undefined) return config;
  if (origin.signed !== undefined) undoSigning(config.headers, origin.signed);
  setAdapter(config, origin.adapter);
  // Whoever sent it again may have put other transforms there: axios-retry does.
  const { transformRequest } = config;
  if (Array.isArray(transformRequest) && transformRequest[0] === origin.resetContentType) {
    if (origin.transformRequest === undefined) delete config.transformRequest;
    else config.transformRequest = origin.transformRequest;
  }
  return config;
}

/**
 * Makes a config send what was signed. Interceptors that run later may still change it: just before it is sent it is
 * signed again if anything differs, or if it was sent before. One that was to go unsigned may go elsewhere by then.
 *
 * @param givenContentType the content type before the transforms: from there they start again, on what data is then
 */
export function attachTransport(
  config: Config,
  signed: Signed | undefined,
  sign: SignConfig,
  givenContentType: AxiosHeaderValue | undefined,
): Config {
  const { adapter, transformRequest } = config;
  let unspent = signed;
  const transport: AxiosAdapter = async (final) => {
    const earlier = unspent;
    unspent = undefined;
    if (earlier !== undefined) settleContentType(final, earlier);
    const signFinal = (data: unknown, remedy?: Remedy): ReturnType<SignConfig> => {
      // As it was before it got this adapter, of whose kind no other is; the headers are the same.
      const unwrapped = { ...final };
      setAdapter(unwrapped, adapter);
      return sign(unwrapped, data, remedy);
    };
    const isGood = earlier !== undefined && isUnchanged(final, earlier) && isFresh(earlier);
    if (!isGood && signed !== undefined) undoSigning(final.headers, signed);
    const current = isGood ? earlier : await signFinal(final.data);
    if (current === undefined) return send(final, adapter, undefined);
    const signAgain: SignAgain = (refused, remedy) => {
      undoSigning(final.headers, refused);
      const isRead = isStream(final.data);
      return signFinal(isRead ? refused.request.body : final.data, remedy);
    };
    return sendAndHeal(final, current, (each, changes) => send(final, adapter, each, changes), signAgain);
  };
  const resetContentType: AxiosRequestTransformer = (data: unknown, headers) => {
    const sent = signed?.contentType.sent;
    if (sent === undefined || headers.getContentType() !== sent) return data;
    if (givenContentType === undefined) headers.delete('Content-Type');
    else headers.set('Content-Type', givenContentType, true);
    return data;
  };
  const origin: Origin = { adapter, transformRequest, resetContentType, signed, sign };
  Object.defineProperty(transport, MADE_OF, { value: () => origin });
  config.adapter = transport;
  config.transformRequest = [resetContentType, ...listTransforms(transformRequest)];
  if (signed?.after['X-Amz-Security-Token'] !== undefined) concealToken(config.headers, INSPECT);
  return config;
}

/** The same data gets the same content type again, from axios at first, and then what its kind of body made of that. */
function settleContentType({ data, headers }: Config, { data: signedData, contentType }: Signed): void {
  if (data === signedData && headers.getContentType() === contentType.settled) {
    headers.set('Content-Type', contentType.sent, true);
  }
}

/** Sends through the adapter that would have sent it, and hands the caller's own config back with what comes of it. */
async function send(
  config: Config,
  adapter: Config['adapter'],
  signed: Signed | undefined,
  changes: Partial<Config> = {},
): Promise<AxiosResponse> {
  const pinned = Object.assign(copyConfig(config), changes);
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
    if (signed?.after['X-Amz-Security-Token'] !== undefined) {
      // The config lives on in responses and errors, which are logged; no adapter asks it for its headers any more.
      concealToken(config.headers, INSPECT);
      concealToken(config.headers, 'toJSON');
    }
  }
}

function sendPinned(pinned: Config, signed: Signed | undefined): Promise<AxiosResponse> {
  const adapter = axios.getAdapter(pinned.adapter ?? axios.defaults.adapter, pinned);
  if (signed === undefined) return adapter(pinned);
  const { adapterName, request } = signed;
  const followPolicy = signed.createRedirectPolicy();
  if (adapterName === 'fetch') return fetchAndFollow(pinned, adapter, request.url.href, followPolicy);
  if (adapterName !== 'xhr') {
    pinned.beforeRedirect = createBeforeRedirect(request.method, followPolicy, pinned.beforeRedirect);
  }
  // An adapter of someone else's may call axios's own http or fetch.
  if (adapterName === 'custom') pinned.fetchOptions = { redirect: 'manual', ...pinned.fetchOptions };
  return adapter(pinned);
}

function isUnchanged(config: Config, signed: Signed): boolean {
  return (
    config.aws4 === signed.aws4 &&
    config.data === signed.data &&
    String(config.method).toUpperCase() === signed.request.method &&
    hasSameHeaders(toSentHeaders(config.headers, signed.adapterName), signed.headers) &&
    spellConfigUrl(config, parseConfigUrl(config), signed.service).href === signed.request.url.href
  );
}

/** For so long a date is as good as new: whoever holds a request back for longer has it signed again. */
const FRESH_MS = 60_000;

function isFresh({ time, sent: { datedMs } }: Signed): boolean {
  return datedMs === undefined || Math.abs(time.now() - datedMs) < FRESH_MS;
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
export function clearUnknownSignature(headers: Config['headers']): void {
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

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Keeps a session token out of what headers show of themselves; to whoever asks for it, it is there. */
function concealToken(headers: AxiosHeaders, from: typeof INSPECT | 'toJSON'): void {
  Object.defineProperty(headers, from, { value: toRedacted, configurable: true, writable: true });
}

function toRedacted(this: AxiosHeaders): object {
  return Object.fromEntries(
    Object.entries(this)
      .filter(([, value]: [string, unknown]) => value !== undefined && value !== null && value !== false)
      .map(([name, value]: [string, unknown]) => [name, /^x-amz-security-token$/i.test(name) ? 'REDACTED' : value]),
  );
}

function setAdapter(config: Config, adapter: Config['adapter']): void {
  if (adapter === undefined) delete config.adapter;
  else config.adapter = adapter;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
