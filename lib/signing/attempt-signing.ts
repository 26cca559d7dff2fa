/** Signs one request: what goes out, a date and a key become an `Attempt`; its redirects are signed here as well. */
import { isDerivedKey } from '../credentials/derived-key.js';
import { resolveEndpoint, type ParseHostname } from '../destination/endpoint.js';
import type { Hop, RedirectedHop } from '../destination/redirect-policy.js';
import { isPending, type WaitLimits } from '../platform/waiting.js';
import { readOwn } from '../request/config.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import { normalizeUrl, toSignedUrl } from '../request/outgoing-url.js';
import { isPayloadLiteral } from '../sigv4/payload-hash.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import { readClock } from '../time/clock.js';
import { correctClock, readSkew, type Attempt, type Remedy } from './attempt.js';
import type { PreparedRequest } from './prepared-request.js';
import { readSeed, signHeaders, type UnsignedRequest } from './request-signature.js';
import type { Identity, SigningPlan } from './signing-plan.js';

/** Signs a prepared request, as it is to be sent now. */
export function signAttempt<Plan extends SigningPlan>(
  prepared: PreparedRequest,
  plan: Plan,
  remedy: Remedy,
  limits: WaitLimits,
): Attempt<Plan> | Promise<Attempt<Plan>> {
  const skew = readOwn(remedy, 'skew');
  const { signer } = plan;
  const loading =
    readOwn(remedy, 'credentials') ??
    (isDerivedKey(signer) ? signer : signer.load(correctClock(plan, skew, prepared.origin)));
  return isPending(loading)
    ? limits.wait(loading).then((identity) => createAttempt(prepared, plan, identity, skew))
    : createAttempt(prepared, plan, loading, skew);
}

function createAttempt<Plan extends SigningPlan>(
  prepared: PreparedRequest,
  plan: Plan,
  identity: Identity,
  skew: Remedy['skew'],
): Attempt<Plan> {
  const { request, origin, endpoint, chosenMs } = prepared;
  const madeMs = readClock(plan.clock);
  const signedMs = chosenMs ?? madeMs + readSkew(plan, skew, origin);
  const signed = signHeaders(toUnsigned(prepared), signedMs, endpoint, prepared, plan, identity);
  return {
    prepared,
    plan,
    identity,
    skew,
    endpoint,
    request: plan.querySigning?.placeSignature(request, signed.url, prepared.payload) ?? request,
    headers: signed.headers,
    trace: endpoint.algorithm === 'sigv4a' ? signed.trace : undefined,
    framed: prepared.framed && { body: prepared.framed, seed: readSeed(signed, endpoint, plan, identity) },
    signedMs,
    madeMs,
  };
}

function toUnsigned({ request, endpoint, chosenMs }: PreparedRequest): UnsignedRequest {
  const { method, url, body } = request;
  const { href, target } = url;
  return {
    method,
    url: target === undefined ? toSignedUrl(href, endpoint.service) : href,
    target,
    headers: chosenMs === undefined ? omitDate(request) : request.headers,
    body,
  };
}

/** Makes what was signed once more, which few ask for: with its token it would be the most of a request in flight. */
export function readTrace({ prepared, plan, identity, endpoint, headers, signedMs, trace }: Attempt): SigningTrace {
  if (trace !== undefined) return trace;
  // Bytes may have changed since.
  const hash = readOwn(headers, 'X-Amz-Content-Sha256');
  const bodyHash = typeof hash === 'string' ? hash : prepared.bodyHash;
  const { trace: again } = signHeaders(
    toUnsigned(prepared),
    signedMs,
    endpoint,
    { ...prepared, bodyHash },
    { ...plan, onSigned: undefined },
    identity,
  );
  return again;
}

/** Signs where a redirect leads to, as the attempt before it was signed. */
export function signHop(
  { prepared, plan, identity, skew }: Attempt,
  hop: Hop,
  parseHostname: ParseHostname,
): RedirectedHop {
  const { request } = prepared;
  const endpoint = resolveEndpoint(plan, hop.url.hostname, parseHostname);
  const href = normalizeUrl(hop.url, endpoint.service);
  const datedMs = readClock(plan.clock) + readSkew(plan, skew, hop.url.origin);
  const framed = hop.keepsBody ? prepared.framed : undefined;
  const kept = keepCallersOwn(hop, request);
  const next = {
    method: hop.method,
    url: toSignedUrl(href, endpoint.service),
    target: undefined,
    headers: prepared.framed === undefined ? kept : prepared.framed.announce(kept, hop.keepsBody, endpoint),
    body: hop.keepsBody ? request.body : undefined,
  };
  const signed = signHeaders(next, datedMs, endpoint, { ...prepared, framed }, plan, identity);
  return {
    href: plan.querySigning?.takeQuery(href, signed.url) ?? href,
    headers: signed.headers,
    datedMs,
    trace: signed.trace,
    seed: framed && readSeed(signed, endpoint, plan, identity),
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

/** Leaves out the caller's Date, which could not be read: X-Amz-Date takes its place. */
function omitDate({ headers, given: { dateName } }: OutgoingRequest): HttpHeaders {
  return dateName === undefined ? headers : { ...headers, [dateName]: undefined };
}
