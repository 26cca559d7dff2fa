/** Signs one request: what goes out, a date and a key become an `Attempt`, which is sent once. */
import type { InternalAxiosRequestConfig } from 'axios';
import type { AdapterName } from '../request/adapter-name.js';
import { hashInSlices } from '../request/body-hash.js';
import { isPending, proceed, type Wait } from '../platform/waiting.js';
import { readClock, type Clock, type CorrectedClock, type LearnedSkews } from '../time/clock.js';
import { readOwn } from '../request/config.js';
import { readConfigHeaders, type ConfigHeaders } from '../request/config-headers.js';
import type { CredentialSet, CredentialsSource } from '../credentials/credentials.js';
import {
  isDerivedKey,
  keyForDate,
  type DerivedKey,
  type OnDateMismatch,
  type OwnedKey,
} from '../credentials/derived-key.js';
import { isEndpointGiven, resolveEndpoint, type Endpoint, type EndpointRules } from '../destination/endpoint.js';
import type { HostRules } from '../destination/hosts.js';
import { loadHostnames } from '../destination/known-hostnames.js';
import { buildRequest, type OutgoingRequest } from '../request/outgoing-request.js';
import { normalizeUrl, toSignedUrl, type ConfigUrl, type OutgoingUrl } from '../request/outgoing-url.js';
import { isStream } from '../request/stream.js';
import { createLazyModule, createLoadError } from '../platform/lazy-module.js';
import type { ChecksumAlgorithm } from '../platform/platform.js';
import type { FramedBody } from './framed-body.js';
import { choosePayloadMode, sendsContentSha256, type BodyMode, type PayloadRules } from './payload-mode.js';
import { showTrace } from './signing-trace.js';
import type { Hop, SignHop } from '../destination/redirect-policy.js';
import type { OnInvalidDate } from '../time/request-date.js';
import { formatAmzDate } from '../sigv4/amz-date.js';
import type { ChunkSeed } from '../sigv4/chunk-encoder.js';
import { isPayloadLiteral, isUint8Array } from '../sigv4/payload-hash.js';
import type { PayloadMode } from '../sigv4/service-rules.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { signWithKey, type SignedRequest, type SigningTrace } from '../sigv4/sign-request.js';
import { getSigningKey } from '../sigv4/scoped-key.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;

/** Who signs: credentials, or a key that was derived from some. */
export type Signer = CredentialsSource | DerivedKey;

/** How requests are signed: the options, checked and complete. */
export interface SigningPlan extends EndpointRules, HostRules, PayloadRules {
  readonly signer: Signer;
  readonly onDateMismatch: OnDateMismatch;
  readonly onInvalidDate: OnInvalidDate;
  readonly signedHeaders: readonly string[] | undefined;
  readonly maxStreamBytes: number;
  readonly checksum: ChecksumAlgorithm | undefined;
  readonly contentEncoding: boolean;
  readonly clock: Clock;
  /** What healing learned of servers' clocks beside this one. */
  readonly skews: LearnedSkews;
  readonly onSigned: ((trace: SigningTrace) => unknown) | undefined;
  /** How long a URL that is signed in its query is good, in seconds, where an option says so. */
  readonly expiresIn: number | undefined;
  /** Whether sessions of S3 Express are opened, where an option says so. */
  readonly s3ExpressSessions: boolean | undefined;
  /** Whether the signer is such a session. */
  readonly isOfSession: boolean;
  /** What sessions are kept for: whoever has the same object shares them. */
  readonly sessionOwner: object;
  /** What signs in the query, once it was loaded; `undefined` where headers are signed. */
  readonly querySigning: QuerySigning | undefined;
}

/** Signing in the query, in the place of the headers. */
export interface QuerySigning {
  readonly sign: (...args: Parameters<typeof signWithKey>) => SignedParts;
  /** A URL with the query of a signed one: the path may go out in another spelling than it is signed in. */
  readonly takeQuery: (href: string, signedUrl: string) => string;
  /** The same request at its signed URL. @throws Aws4AuthError where its body would go unsigned over http */
  readonly placeSignature: (request: OutgoingRequest, signedUrl: string, payload: PayloadMode) => OutgoingRequest;
  /** Where a redirect leads to, without a signature of ours that the server has repeated in it. */
  readonly dropSignature: (url: URL) => URL;
}

/** What a signature makes of a request. */
interface SignedParts extends Pick<SignedRequest, 'url' | 'trace'> {
  readonly headers: HttpHeaders;
}

/** A request of which all is known that a signature covers, but for its date and its key. */
export interface PreparedRequest {
  readonly request: OutgoingRequest;
  readonly origin: string;
  readonly endpoint: Endpoint;
  readonly payload: PayloadMode;
  readonly bodyHash: string | undefined;
  /** What frames the body, where it goes out in chunks. */
  readonly framed: FramedBody | undefined;
  /** The moment that the caller's own headers say, in ms since the epoch. */
  readonly chosenMs: number | undefined;
}

/** What the answer to a signed request told of how to sign it, so that it is accepted. */
export interface Remedy {
  /** How far the clock of an origin's server is ahead. */
  readonly skew?: { readonly origin: string; readonly skewMs: number };
  readonly credentials?: CredentialSet;
}

/** A signed request, as it is sent once. */
export interface Attempt {
  readonly request: OutgoingRequest;
  readonly origin: string;
  readonly endpoint: Endpoint;
  readonly payload: PayloadMode;
  /** All headers that are sent. */
  readonly headers: HttpHeaders;
  /** Makes what was signed once more, which few ask for: with its token it would be the most of a request in flight. */
  readonly readTrace: () => SigningTrace;
  /** What frames the body, where it goes out in chunks, and what their signatures begin with. */
  readonly framed: { readonly body: FramedBody; readonly seed: ChunkSeed } | undefined;
  /** The moment of the signature, in ms since the epoch; `undefined` where the caller chose it. */
  readonly datedMs: number | undefined;
  /** When it was made, by the uncorrected clock. */
  readonly madeMs: number;
  /** What it was signed with; `undefined` where that was a derived key. */
  readonly credentials: CredentialSet | undefined;
  /** The clock that it was dated by. */
  readonly time: CorrectedClock;
  /** Signs where a redirect leads to, with the same credentials. */
  readonly signHop: SignHop;
}

/**
 * Prepares all of a request that does not change from one try to the next.
 *
 * @param url where the config leads
 * @throws Aws4AuthError for a request that cannot be signed
 */
export function prepareRequest(
  config: Config,
  url: ConfigUrl,
  adapterName: AdapterName,
  plan: SigningPlan,
  wait: Wait,
): PreparedRequest | Promise<PreparedRequest> {
  const endpoint = isEndpointGiven(plan, url.hostname)
    ? resolveEndpoint(plan, url.hostname, undefined)
    : proceed(loadHostnames(), ({ parseAwsHostname }) => resolveEndpoint(plan, url.hostname, parseAwsHostname));
  return proceed(endpoint, (resolved) => {
    const loading = resolved.algorithm === 'sigv4a' ? loadSigV4a() : undefined;
    return isPending(loading)
      ? wait(loading).then(() => prepareFor(resolved, config, url, adapterName, plan, wait))
      : prepareFor(resolved, config, url, adapterName, plan, wait);
  });
}

/** Few hosts need SigV4a; its keys are loaded before the first request to one is prepared, or is redirected there. */
export const loadSigV4a = createLazyModule(() => import('../sigv4a/asymmetric-key.js'));

function prepareFor(
  endpoint: Endpoint,
  config: Config,
  url: ConfigUrl,
  adapterName: AdapterName,
  plan: SigningPlan,
  wait: Wait,
): PreparedRequest | Promise<PreparedRequest> {
  const given = readConfigHeaders(config, url, adapterName, plan.signedHeaders);
  return proceed(readChosenDate(config, url, given, plan), (chosenMs) =>
    prepareAt(chosenMs, given, endpoint, config, url, adapterName, plan, wait),
  );
}

const loadRequestDate = createLazyModule(() => import('../time/request-date.js'));

/** The moment that the caller's own headers say, which few requests have. */
function readChosenDate(
  config: Config,
  url: ConfigUrl,
  given: ConfigHeaders,
  { onInvalidDate }: SigningPlan,
): number | undefined | Promise<number | undefined> {
  const { amzDate, dateName } = given;
  if (amzDate === undefined && dateName === undefined) return undefined;
  return proceed(loadRequestDate(), ({ findUnreadableDates, readRequestDate }) => {
    const dates = { 'X-Amz-Date': amzDate, Date: dateName === undefined ? undefined : given.sent[dateName] };
    const chosenMs = readRequestDate(dates, onInvalidDate);
    platform.debugLog?.datesReplaced(config.method, url, findUnreadableDates(dates), chosenMs);
    return chosenMs;
  });
}

function prepareAt(
  chosenMs: number | undefined,
  given: ConfigHeaders,
  endpoint: Endpoint,
  config: Config,
  url: ConfigUrl,
  adapterName: AdapterName,
  plan: SigningPlan,
  wait: Wait,
): PreparedRequest | Promise<PreparedRequest> {
  const payload = choosePayloadMode(given.sent, url, plan, endpoint.service);
  // Of a stream the caller's word is taken; the server checks it.
  const givenHash = readOwn(given.sent, 'X-Amz-Content-Sha256');
  const building = buildRequest(
    config,
    {
      parsedUrl: url,
      service: endpoint.service,
      adapterName,
      given,
      keepsStreams: payload !== 'signed' || givenHash !== undefined,
      maxStreamBytes: plan.maxStreamBytes,
    },
    wait,
  );
  return proceed(building, (request) => {
    const { origin } = url;
    if (isFramed(payload, request, plan)) {
      const unframed = { request, origin, endpoint, bodyHash: undefined, framed: undefined, chosenMs };
      return wait(prepareFramed(unframed, payload === 'streaming', plan));
    }
    const mode = payload === 'streaming' ? 'signed' : payload;
    const hashing = mode === 'signed' ? hashInSlices(request.body) : undefined;
    const streamHash =
      mode === 'signed' && typeof givenHash === 'string' && isStream(request.body) ? givenHash : undefined;
    return proceed(hashing && wait(hashing), (bodyHash = streamHash) => {
      const prepared = { request, origin, endpoint, payload: mode, bodyHash, framed: undefined, chosenMs };
      if (plan.checksum === undefined || request.body === undefined) return prepared;
      return wait(addBodyChecksum(prepared, plan.checksum));
    });
  });
}

/**
 * Whether the body goes out in chunks: as the option says, or since there is no other way to send a checksum of what is not
 * read before. Text, and what has nothing in it, is hashed: some stores take no empty body in chunks.
 */
function isFramed(payload: BodyMode, { body, given }: OutgoingRequest, { checksum }: SigningPlan): boolean {
  if (payload === 'signed' || body === undefined || typeof body === 'string') return false;
  if (payload === 'streaming') return !(isUint8Array(body) ? body.length === 0 : 'size' in body && body.size === 0);
  return checksum !== undefined && isStream(body) && readOwn(given.sent, 'X-Amz-Content-Sha256') === undefined;
}

const loadFraming = createLazyModule(() => import('./framed-body.js'));

async function prepareFramed(unframed: Omit<PreparedRequest, 'payload'>, isSigned: boolean, plan: SigningPlan) {
  const { frameBody } = await loadFraming();
  const { request, endpoint } = unframed;
  const framing = await frameBody(request, endpoint, isSigned, plan);
  return { ...unframed, ...framing, payload: isSigned ? ('signed' as const) : ('unsigned' as const) };
}

const loadBodyChecksum = createLazyModule(() => import('./body-checksum.js'));

async function addBodyChecksum(prepared: PreparedRequest, algorithm: ChecksumAlgorithm): Promise<PreparedRequest> {
  const { addChecksum } = await loadBodyChecksum();
  const { request, bodyHash } = prepared;
  // The caller has framed the body, and what its checksum is of is inside.
  if (String(readOwn(request.given.sent, 'X-Amz-Content-Sha256')).startsWith('STREAMING-')) return prepared;
  const headers = await addChecksum(request.headers, request.body, bodyHash, algorithm);
  return { ...prepared, request: { ...request, headers } };
}

/** Signs a prepared request, as it is to be sent now. */
export function signAttempt(
  prepared: PreparedRequest,
  plan: SigningPlan,
  remedy: Remedy,
  wait: Wait,
): Attempt | Promise<Attempt> {
  const readSkew = createSkewReader(plan, remedy);
  const time = correctClock(plan, readSkew, prepared.origin);
  const { signer } = plan;
  const loading = readOwn(remedy, 'credentials') ?? (isDerivedKey(signer) ? signer : signer.load(time));
  return isPending(loading)
    ? wait(loading).then((identity) => createAttempt(prepared, plan, identity, readSkew, time))
    : createAttempt(prepared, plan, loading, readSkew, time);
}

function createAttempt(
  prepared: PreparedRequest,
  plan: SigningPlan,
  identity: Identity,
  readSkew: ReadSkew,
  time: CorrectedClock,
): Attempt {
  const { request, origin, endpoint, chosenMs } = prepared;
  const { method, url, body } = request;
  const madeMs = time.uncorrected();
  const signedMs = chosenMs ?? madeMs + readSkew(origin);
  const headers = chosenMs === undefined ? omitDate(request) : request.headers;
  const { href, target } = url;
  const unsigned = {
    method,
    url: target === undefined ? toSignedUrl(href, endpoint.service) : href,
    target,
    headers,
    body,
  };
  const signed = signHeaders(unsigned, signedMs, endpoint, prepared, plan, identity);
  return {
    request: plan.querySigning?.placeSignature(request, signed.url, prepared.payload) ?? request,
    origin,
    endpoint,
    payload: prepared.payload,
    headers: signed.headers,
    // No two signatures of SigV4a are the same.
    readTrace:
      endpoint.algorithm === 'sigv4a'
        ? () => signed.trace
        : createTraceReader(unsigned, signed.headers, signedMs, endpoint, prepared, plan, identity),
    framed: prepared.framed && { body: prepared.framed, seed: readSeed(signed, endpoint, plan, identity) },
    datedMs: chosenMs === undefined ? signedMs : undefined,
    madeMs,
    credentials: isDerivedKey(identity) ? undefined : identity,
    time,
    signHop: (hop, parseHostname) => {
      const hopEndpoint = resolveEndpoint(plan, hop.url.hostname, parseHostname);
      const href = normalizeUrl(hop.url, hopEndpoint.service);
      const datedMs = time.uncorrected() + readSkew(hop.url.origin);
      const framed = hop.keepsBody ? prepared.framed : undefined;
      const kept = keepCallersOwn(hop, request);
      const next = {
        method: hop.method,
        url: toSignedUrl(href, hopEndpoint.service),
        target: undefined,
        headers: prepared.framed === undefined ? kept : prepared.framed.announce(kept, hop.keepsBody, hopEndpoint),
        body: hop.keepsBody ? body : undefined,
      };
      const signedHop = signHeaders(next, datedMs, hopEndpoint, { ...prepared, framed }, plan, identity);
      return {
        href: plan.querySigning?.takeQuery(href, signedHop.url) ?? href,
        headers: signedHop.headers,
        datedMs,
        readTrace: () => signedHop.trace,
        seed: framed && readSeed(signedHop, hopEndpoint, plan, identity),
      };
    },
  };
}

/** A function of its own, which keeps what was signed with, and not the signature. */
function createTraceReader(
  unsigned: UnsignedRequest,
  headers: HttpHeaders,
  signedMs: number,
  endpoint: Endpoint,
  prepared: PreparedRequest,
  plan: SigningPlan,
  identity: Identity,
): () => SigningTrace {
  return () => {
    // Bytes may have changed since.
    const hash = readOwn(headers, 'X-Amz-Content-Sha256');
    const bodyHash = typeof hash === 'string' ? hash : prepared.bodyHash;
    return signHeaders(
      unsigned,
      signedMs,
      endpoint,
      { ...prepared, bodyHash },
      { ...plan, onSigned: undefined },
      identity,
    ).trace;
  };
}

/** What the signatures of a body's chunks begin with. */
function readSeed(
  { headers, trace }: SignedParts,
  endpoint: Endpoint,
  { onDateMismatch }: SigningPlan,
  identity: Identity,
): ChunkSeed {
  const amzDate = String(headers['X-Amz-Date']);
  const { signingKey } = findKey(identity, amzDate.slice(0, 8), endpoint, onDateMismatch);
  return { signingKey, amzDate, signature: trace.signature };
}

/**
 * A redirect's headers come without those that signing sets. What of these the caller gave is put back: the session
 * token, and where the body is sent again, the literal that says how the caller framed it.
 */
function keepCallersOwn({ headers, keepsBody }: Hop, { given: { sent, tokens } }: OutgoingRequest): HttpHeaders {
  const contentSha256 = readOwn(sent, 'X-Amz-Content-Sha256');
  const isLiteral = keepsBody && typeof contentSha256 === 'string' && isPayloadLiteral(contentSha256);
  return {
    ...headers,
    ...tokens,
    ...(isLiteral && { 'X-Amz-Content-Sha256': contentSha256 }),
  };
}

/** Tells how far the clock of an origin's server is ahead, in ms. */
type ReadSkew = (origin: string) => number;

function createSkewReader({ skews }: SigningPlan, remedy: Remedy): ReadSkew {
  const skew = readOwn(remedy, 'skew');
  return (origin) => (skew?.origin === origin ? skew.skewMs : skews.read(origin));
}

/** A function of its own: a provider that never answers keeps this clock, and must not keep the request by it. */
function correctClock({ clock }: SigningPlan, readSkew: ReadSkew, origin: string): CorrectedClock {
  return { now: () => readClock(clock) + readSkew(origin), uncorrected: () => readClock(clock) };
}

/** Leaves out the caller's Date, which could not be read: X-Amz-Date takes its place. */
function omitDate({ headers, given: { dateName } }: OutgoingRequest): HttpHeaders {
  return dateName === undefined ? headers : { ...headers, [dateName]: undefined };
}

/** Who signs a request: one consistent set of credentials, or a key that was derived elsewhere. */
export type Identity = CredentialSet | DerivedKey;

interface UnsignedRequest extends Pick<OutgoingRequest, 'method' | 'headers' | 'body'> {
  readonly url: string;
  readonly target: OutgoingUrl['target'];
}

function signHeaders(
  { method, url, target, headers, body }: UnsignedRequest,
  datedMs: number,
  endpoint: Endpoint,
  { payload, bodyHash, framed }: PreparedRequest,
  plan: SigningPlan,
  identity: Identity,
): SignedParts {
  const { onSigned, onDateMismatch, querySigning } = plan;
  const contentSha256Header = querySigning === undefined && sendsContentSha256(plan, payload, endpoint.service);
  const amzDate = formatAmzDate(datedMs);
  const key = findKey(identity, amzDate.slice(0, 8), endpoint, onDateMismatch);
  const signIt = querySigning?.sign ?? signWithKey;
  const signed = signIt(
    {
      method,
      url,
      headers,
      body: typeof body === 'string' || isUint8Array(body) ? body : undefined,
    },
    key.signingKey,
    key,
    amzDate,
    {
      signedHeaders: framed === undefined ? plan.signedHeaders : framed.signedHeaders,
      // Beside a framing, which the headers say already, it is what does not contradict it.
      payload: framed === undefined ? payload : 'unsigned',
      contentSha256Header,
      s3ExpressSession: plan.isOfSession,
      bodyHash: body === undefined ? undefined : bodyHash,
      target,
      normalizePath: undefined,
      doubleEncodePath: undefined,
      omitSessionToken: undefined,
    },
  );
  if (onSigned !== undefined) showTrace(onSigned, signed.trace);
  return signed;
}

/** @param date the day, as `YYYYMMDD` */
export function findKey(
  identity: Identity,
  date: string,
  endpoint: Endpoint,
  onDateMismatch: OnDateMismatch,
): OwnedKey {
  if (isDerivedKey(identity)) {
    return { ...identity, signingKey: keyForDate(identity.signingKey, date, onDateMismatch) };
  }
  const { accessKeyId, sessionToken } = identity.credentials;
  const getKey = endpoint.algorithm === 'sigv4a' ? readSigV4a().getAsymmetricKey : getSigningKey;
  const signingKey = getKey(identity.credentials, date, endpoint.region, endpoint.service);
  return { accessKeyId, sessionToken, signingKey };
}

function readSigV4a() {
  const loaded = loadSigV4a();
  if (!isPending(loaded)) return loaded;
  throw createLoadError();
}
