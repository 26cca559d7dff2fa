/** The adapter that signs: put around a config's own, it signs the request that axios has finished, and sends it. */
import type { AxiosAdapter, AxiosRequestTransformer, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { toExactBytes } from '../request/exact-bytes.js';
import { isObject } from '../platform/object-kinds.js';
import { isPending, proceed } from '../platform/waiting.js';
import { readOwn } from '../request/config.js';
import { takeStream } from '../request/stream.js';
import { sealOptions } from './sealed-options.js';
import { copyProperties } from '../request/config-copy.js';
import { toRejection } from './signing-error.js';
import { loadSigner, type SignedSending } from '#signer';

type Config = InternalAxiosRequestConfig;

/** What a signer makes of a request, looked at as it is about to be sent. */
export type Verdict =
  /** It signs, and sends through the adapter that the caller gave. */
  | { readonly send: (adapter: Config['adapter']) => Promise<AxiosResponse> }
  /** It may not sign where this request goes: `refusal` is its error, unless such requests go unsigned. */
  | { readonly refusal: Error | undefined };

/** One interceptor's side of a signing adapter. */
export interface RequestSigner {
  readonly judge: (config: Config) => Verdict | Promise<Verdict>;
}

/**
 * A signer that `make` makes with what signs and sends. That begins to be loaded now; a request that comes sooner waits
 * for it, and one that comes after a failure tries again.
 */
export function createLoadedSigner(make: (loaded: SignedSending) => RequestSigner): RequestSigner {
  let made: RequestSigner | undefined;
  const load = (): RequestSigner | Promise<RequestSigner> =>
    made ?? proceed(loadSigner(), (loaded) => (made = make(loaded)));
  const first = load();
  if (!isPending(first)) return first;
  first.catch(() => undefined);
  return { judge: (config) => proceed(load(), (signer) => signer.judge(config)) };
}

/** Under this symbol an adapter tells every copy of this package what it is made of; its members only get more. */
const PROTOCOL = Symbol.for('axios-aws4auth');

interface SigningAdapter extends AxiosAdapter {
  readonly [PROTOCOL]: Protocol;
}

interface Protocol {
  readonly version: number;
  /** The config's own adapter. */
  readonly adapter: Config['adapter'];
  /** One for each interceptor. */
  readonly signers: SignerChain;
  /** Whether the request was sent: whoever sends it again begins a new list of signers. */
  wasSent: boolean;
}

/** The signer of the interceptor that ran last, and those before it. A list would be copied for each of them. */
interface SignerChain {
  readonly signer: RequestSigner;
  readonly earlier?: SignerChain;
}

function readProtocol(adapter: unknown): Protocol | undefined {
  return isSigningAdapter(adapter) && adapter[PROTOCOL].version === 1 ? adapter[PROTOCOL] : undefined;
}

function isSigningAdapter(adapter: unknown): adapter is SigningAdapter {
  return typeof adapter === 'function' && PROTOCOL in adapter;
}

/** Makes a config one that is signed when it is sent. */
export type AttachSigner = (given: Config) => Config;

/**
 * Makes what has configs signed by a signer. A config stays the very one that was given, unless it cannot be written to;
 * its headers are not touched. Never throws.
 */
export function createAttachSigner(signer: RequestSigner): AttachSigner {
  const alone: SignerChain = { signer };
  const firstTransform = createFirstTransform(alone);
  return (given) => {
    // Another interceptor may have returned nothing: axios says so itself.
    if (!isObject(given)) return given;
    const adapter = readOwn(given, 'adapter');
    const earlier = readProtocol(adapter);
    const signers = earlier === undefined || earlier.wasSent ? alone : { signer, earlier: earlier.signers };
    const signingAdapter = createSigningAdapter(earlier === undefined ? adapter : earlier.adapter, signers);
    const transforms = [
      signers === alone ? firstTransform : createFirstTransform(signers),
      ...listOtherTransforms(readOwn(given, 'transformRequest')),
    ];
    try {
      return writeConfig(given, signingAdapter, transforms);
    } catch {
      // It is frozen, or has one of these as a property that cannot be written.
      return writeConfig(copyProperties(given), signingAdapter, transforms);
    }
  };
}

function writeConfig(config: Config, adapter: AxiosAdapter, transforms: AxiosRequestTransformer[]): Config {
  config.adapter = adapter;
  config.transformRequest = transforms;
  sealOwnOptions(config);
  return config;
}

function sealOwnOptions(config: Config): Config['aws4'] {
  const aws4 = readOwn(config, 'aws4');
  const sealed = sealOptions(aws4);
  if (sealed !== aws4 && sealed !== undefined) config.aws4 = sealed;
  return sealed;
}

function createSigningAdapter(adapter: Config['adapter'], signers: SignerChain): AxiosAdapter {
  const protocol: Protocol = { version: 1, adapter, signers, wasSent: false };
  const signingAdapter: AxiosAdapter = (config) => {
    protocol.wasSent = true;
    return sendBySigners(config, protocol);
  };
  return Object.defineProperty(signingAdapter, PROTOCOL, { value: protocol });
}

/**
 * The last registered signer that may sign for the host signs; where none may, one that refuses has its way. Not an
 * async function: each promise on a request's way costs it as much as a hash (measured).
 */
function sendBySigners(config: Config, { adapter, signers }: Protocol): Promise<AxiosResponse> {
  try {
    // A later interceptor may have put plain options there.
    if (sealOwnOptions(config) === false) return sendAsItIs(config, adapter);
    return askSigners(listByRegistration(signers, config), 0, config, adapter);
  } catch (error) {
    return reject(error, config);
  }
}

/** Asks the signers from an index on; `refusal` is the first of those before. */
function askSigners(
  signers: readonly RequestSigner[],
  index: number,
  config: Config,
  adapter: Config['adapter'],
  refusal?: Error,
): Promise<AxiosResponse> {
  let first = refusal;
  let next = index;
  for (let signer = signers[next]; signer !== undefined; signer = signers[next]) {
    next += 1;
    const judging = signer.judge(config);
    if (isPending(judging)) return askNext(judging, signers, next, config, adapter, first);
    if ('send' in judging) return judging.send(adapter);
    first ??= judging.refusal;
  }
  if (first !== undefined) throw first;
  return sendAsItIs(config, adapter);
}

/** Waits for a signer's verdict, and asks those from an index on where it does not sign. */
function askNext(
  judging: Promise<Verdict>,
  signers: readonly RequestSigner[],
  index: number,
  config: Config,
  adapter: Config['adapter'],
  refusal: Error | undefined,
): Promise<AxiosResponse> {
  const follow = (verdict: Verdict): Promise<AxiosResponse> =>
    'send' in verdict ? verdict.send(adapter) : askSigners(signers, index, config, adapter, refusal ?? verdict.refusal);
  return judging.then(follow).catch((error: unknown) => reject(error, config));
}

function sendAsItIs(config: Config, adapter: Config['adapter']): Promise<AxiosResponse> {
  const loading = loadSigner();
  if (!isPending(loading)) return loading.sendUnsigned(config, adapter);
  const failed = (error: unknown): Promise<never> => reject(error, config);
  return loading.then(({ sendUnsigned }) => sendUnsigned(config, adapter), failed);
}

function reject(error: unknown, config: Config): Promise<never> {
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever a caller's function threw
  return Promise.reject(toRejection(error, config));
}

/** The last registered first. axios runs interceptors in that order too, unless `transitional` says otherwise. */
function listByRegistration(last: SignerChain, config: Config): readonly RequestSigner[] {
  const signers: RequestSigner[] = [];
  for (let link: SignerChain | undefined = last; link !== undefined; link = link.earlier) signers.push(link.signer);
  const transitional: { legacyInterceptorReqResOrdering?: boolean } | undefined = readOwn(config, 'transitional');
  // The chain begins with the one that ran last.
  return readOwn(transitional, 'legacyInterceptorReqResOrdering') === false ? signers : signers.reverse();
}

/**
 * The first transform of a request does what cannot be done before the later interceptors have run, nor after the
 * caller's transforms: where one of those interceptors has put another adapter, that is made to sign, a view of bytes,
 * of which axios would send the whole buffer behind it, is made just those bytes, and an async iterable, of which axios
 * would send `{}`, a stream.
 */
function createFirstTransform(signers: SignerChain): AxiosRequestTransformer {
  const transform: AxiosRequestTransformer = function (this, data: unknown) {
    const adapter = readOwn(this, 'adapter');
    if (readProtocol(adapter) === undefined) this.adapter = createSigningAdapter(adapter, signers);
    if (ArrayBuffer.isView(data)) return toExactBytes(data);
    return isObject(data) ? takeStream(data) : data;
  };
  return Object.defineProperty(transform, PROTOCOL, { value: 1 });
}

/** The transforms of a config but for the one above, which an earlier interceptor, or an earlier sending, put there. */
function listOtherTransforms(transforms: Config['transformRequest']): AxiosRequestTransformer[] {
  // axios takes one or several, and null for none.
  const all = Array.isArray(transforms) ? transforms : [transforms ?? []].flat();
  return all.filter((transform) => typeof transform !== 'function' || !(PROTOCOL in transform));
}
