/** Signs one request: what goes out, a date and a key become an `Attempt`, which is sent once. */
import type { CredentialSet } from '../credentials/credentials.js';
import { isDerivedKey } from '../credentials/derived-key.js';
import { resolveEndpoint, type Endpoint } from '../destination/endpoint.js';
import type { Hop, SignHop } from '../destination/redirect-policy.js';
import { isPending, type Wait } from '../platform/waiting.js';
import { readOwn } from '../request/config.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import { normalizeUrl, toSignedUrl } from '../request/outgoing-url.js';
import type { ChunkSeed } from '../sigv4/chunk-encoder.js';
import { isPayloadLiteral } from '../sigv4/payload-hash.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import type { PayloadMode } from '../sigv4/service-rules.js';
import type { SigningTrace } from '../sigv4/sign-request.js';
import { readClock, type CorrectedClock } from '../time/clock.js';
import type { FramedBody } from './framed-body.js';
import type { PreparedRequest } from './prepared-request.js';
import { createTraceReader, readSeed, signHeaders } from './request-signature.js';
import type { Identity, SigningPlan } from './signing-plan.js';

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

/** Signs a prepared request, as it is to be sent now. */
export function signAttempt(
  prepared: PreparedRequest,
  plan: SigningPlan,
  remedy: Remedy,
  wait: Wait,
): Attempt | Promise<Attempt> {
  const skew = readOwn(remedy, 'skew');
  const time = correctClock(plan, skew, prepared.origin);
  const { signer } = plan;
  const loading = readOwn(remedy, 'credentials') ?? (isDerivedKey(signer) ? signer : signer.load(time));
  return isPending(loading)
    ? wait(loading).then((identity) => createAttempt(prepared, plan, identity, skew, time))
    : createAttempt(prepared, plan, loading, skew, time);
}

function createAttempt(
  prepared: PreparedRequest,
  plan: SigningPlan,
  identity: Identity,
  skew: Remedy['skew'],
  time: CorrectedClock,
): Attempt {
  const { request, origin, endpoint, chosenMs } = prepared;
  const { method, url, body } = request;
  const madeMs = readClock(plan.clock);
  const signedMs = chosenMs ?? madeMs + readSkew(plan, skew, origin);
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
        ? keepTrace(signed.trace)
        : createTraceReader(unsigned, signed.headers, signedMs, endpoint, prepared, plan, identity),
    framed: prepared.framed && { body: prepared.framed, seed: readSeed(signed, endpoint, plan, identity) },
    datedMs: chosenMs === undefined ? signedMs : undefined,
    madeMs,
    credentials: isDerivedKey(identity) ? undefined : identity,
    time,
    signHop: createSignHop(prepared, plan, identity, skew),
  };
}

const keepTrace = (trace: SigningTrace) => (): SigningTrace => trace;

/** A function of its own, which keeps what redirects are signed with, and not the signature. */
function createSignHop(
  prepared: PreparedRequest,
  plan: SigningPlan,
  identity: Identity,
  skew: Remedy['skew'],
): SignHop {
  const { request } = prepared;
  return (hop, parseHostname) => {
    const hopEndpoint = resolveEndpoint(plan, hop.url.hostname, parseHostname);
    const href = normalizeUrl(hop.url, hopEndpoint.service);
    const datedMs = readClock(plan.clock) + readSkew(plan, skew, hop.url.origin);
    const framed = hop.keepsBody ? prepared.framed : undefined;
    const kept = keepCallersOwn(hop, request);
    const next = {
      method: hop.method,
      url: toSignedUrl(href, hopEndpoint.service),
      target: undefined,
      headers: prepared.framed === undefined ? kept : prepared.framed.announce(kept, hop.keepsBody, hopEndpoint),
      body: hop.keepsBody ? request.body : undefined,
    };
    const signedHop = signHeaders(next, datedMs, hopEndpoint, { ...prepared, framed }, plan, identity);
    return {
      href: plan.querySigning?.takeQuery(href, signedHop.url) ?? href,
      headers: signedHop.headers,
      datedMs,
      readTrace: keepTrace(signedHop.trace),
      seed: framed && readSeed(signedHop, hopEndpoint, plan, identity),
    };
  };
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

/** How far the clock of an origin's server is ahead, in ms. */
function readSkew({ skews }: SigningPlan, skew: Remedy['skew'], origin: string): number {
  return skew?.origin === origin ? skew.skewMs : skews.read(origin);
}

/** A function of its own: a provider that never answers keeps this clock, and must not keep the request by it. */
function correctClock(plan: SigningPlan, skew: Remedy['skew'], origin: string): CorrectedClock {
  const { clock } = plan;
  return { now: () => readClock(clock) + readSkew(plan, skew, origin), uncorrected: clock };
}

/** Leaves out the caller's Date, which could not be read: X-Amz-Date takes its place. */
function omitDate({ headers, given: { dateName } }: OutgoingRequest): HttpHeaders {
  return dateName === undefined ? headers : { ...headers, [dateName]: undefined };
}
