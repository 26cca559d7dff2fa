/** Signs one request: what goes out, a date and a key become an `Attempt`, which is sent once. */
import type { InternalAxiosRequestConfig } from 'axios';
import type { AdapterName } from '../request/adapter-name.js';
import { hashInSlices } from '../request/body-hash.js';
import { isPending, type Wait } from '../platform/waiting.js';
import { readClock, type Clock, type CorrectedClock, type LearnedSkews } from '../time/clock.js';
import { readOwn } from '../request/config.js';
import { readConfigHeaders } from '../request/config-headers.js';
import type { CredentialSet, CredentialsSource } from '../credentials/credentials.js';
import { isDerivedKey, keyForDate, type DerivedKey, type OnDateMismatch } from '../credentials/derived-key.js';
import { resolveEndpoint, type Endpoint, type EndpointRules } from '../destination/endpoint.js';
import type { HostRules } from '../destination/hosts.js';
import { buildRequest, type OutgoingRequest } from '../request/outgoing-request.js';
import { spellUrl, toSignedUrl } from '../request/outgoing-url.js';
import { choosePayloadMode, type PayloadRules } from './payload-mode.js';
import { showTrace } from './signing-trace.js';
import type { SignHop } from '../destination/redirect-policy.js';
import { readRequestDate, type OnInvalidDate } from '../time/request-date.js';
import { formatAmzDate } from '../sigv4/amz-date.js';
import { isPayloadLiteral, isUint8Array } from '../sigv4/payload-hash.js';
import type { PayloadMode } from '../sigv4/service-rules.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { signWithKey, type SignedRequest, type SigningTrace } from '../sigv4/sign-request.js';
import { getSigningKey } from '../sigv4/signing-key.js';

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
  readonly clock: Clock;
  /** What healing learned of servers' clocks beside this one. */
  readonly skews: LearnedSkews;
  readonly onSigned: ((trace: SigningTrace) => unknown) | undefined;
}

/** A request of which all is known that a signature covers, but for its date and its key. */
export interface PreparedRequest {
  readonly request: OutgoingRequest;
  readonly origin: string;
  readonly endpoint: Endpoint;
  readonly payload: PayloadMode;
  readonly bodyHash: string | undefined;
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
  readonly trace: SigningTrace;
  /** The moment of the signature, in ms since the epoch; `undefined` where the caller chose it. */
  readonly datedMs: number | undefined;
  /** What it was signed with; `undefined` where that was a derived key. */
  readonly credentials: CredentialSet | undefined;
  /** The clock that it was dated by. */
  readonly time: CorrectedClock;
  /** Signs where a redirect leads to, with the same credentials. */
  readonly signHop: SignHop;
}

/**
 * Settles all of a request that does not change from one try to the next.
 *
 * @param url where the config leads
 * @throws Aws4AuthError for a request that cannot be signed
 */
export async function prepareRequest(
  config: Config,
  url: URL,
  adapterName: AdapterName,
  plan: SigningPlan,
  wait: Wait,
): Promise<PreparedRequest> {
  const endpoint = resolveEndpoint(plan, url.hostname);
  const given = readConfigHeaders(config.headers, adapterName);
  const payload = choosePayloadMode(given.sent, url, plan, endpoint.service);
  const request = await buildRequest(
    config,
    {
      parsedUrl: url,
      service: endpoint.service,
      adapterName,
      given,
      isUnsigned: payload === 'unsigned',
      maxStreamBytes: plan.maxStreamBytes,
    },
    wait,
  );
  const hashing = payload === 'signed' ? hashInSlices(request.body) : undefined;
  return {
    request,
    origin: url.origin,
    endpoint,
    payload,
    bodyHash: hashing === undefined ? undefined : await wait(hashing),
    chosenMs: readRequestDate({ 'X-Amz-Date': given.amzDate, Date: readDateHeader(given) }, plan.onInvalidDate),
  };
}

function readDateHeader({ sent, dateName }: OutgoingRequest['given']): unknown {
  return dateName === undefined ? undefined : sent[dateName];
}

/** Signs a prepared request, as it is to be sent now. */
export async function signAttempt(
  prepared: PreparedRequest,
  plan: SigningPlan,
  remedy: Remedy,
  wait: Wait,
): Promise<Attempt> {
  const { request, origin, endpoint, chosenMs } = prepared;
  const nowAt = createServerClock(plan, remedy);
  const time = correctClock(plan, nowAt, origin);
  const newer = readOwn(remedy, 'credentials');
  const identity = newer === undefined ? await identifySigner(plan, time, wait) : fromSet(newer);

  const sign = createHeaderSigner(plan, identity.findKey, prepared);
  const { method, url, body } = request;
  const signedMs = chosenMs ?? time.now();
  const headers = chosenMs === undefined ? omitDate(request) : request.headers;
  const signed = sign({ method, url: url.href, headers, body }, formatAmzDate(signedMs), endpoint);
  return {
    request,
    origin,
    endpoint,
    payload: prepared.payload,
    headers: signed.headers,
    trace: signed.trace,
    datedMs: chosenMs === undefined ? signedMs : undefined,
    credentials: identity.set,
    time,
    signHop: (hop) => {
      const hopEndpoint = resolveEndpoint(plan, hop.url.hostname);
      const href = spellUrl(hop.url, hopEndpoint.service);
      const hopDatedMs = nowAt(hop.url.origin);
      const hopBody = hop.keepsBody ? body : undefined;
      const { headers: hopHeaders } = sign(
        {
          method: hop.method,
          url: href,
          headers: hop.keepsBody ? keepLiteral(hop.headers, request) : hop.headers,
          body: hopBody,
        },
        formatAmzDate(hopDatedMs),
        hopEndpoint,
      );
      return { href, headers: hopHeaders, datedMs: hopDatedMs };
    },
  };
}

/** A body that the caller framed stays framed where a redirect leads it: the header goes on saying so. */
function keepLiteral(headers: HttpHeaders, { given }: OutgoingRequest): HttpHeaders {
  const contentSha256 = readOwn(given.sent, 'X-Amz-Content-Sha256');
  const isLiteral = typeof contentSha256 === 'string' && isPayloadLiteral(contentSha256);
  return isLiteral ? { ...headers, 'X-Amz-Content-Sha256': contentSha256 } : headers;
}

/** Tells the time that an origin's server has. */
type ServerClock = (origin: string) => number;

function createServerClock({ clock, skews }: SigningPlan, remedy: Remedy): ServerClock {
  const skew = readOwn(remedy, 'skew');
  return (origin) => readClock(clock) + (skew?.origin === origin ? skew.skewMs : skews.read(origin));
}

/** In a function of its own: a provider that hangs keeps the clock, which must not keep a request with its body. */
function correctClock({ clock }: SigningPlan, nowAt: ServerClock, origin: string): CorrectedClock {
  return { now: () => nowAt(origin), uncorrected: () => readClock(clock) };
}

/** A Date that cannot be read goes with what takes its place. */
function omitDate({ headers, given: { dateName } }: OutgoingRequest): HttpHeaders {
  return dateName === undefined ? headers : { ...headers, [dateName]: undefined };
}

/** Who signs: one consistent set of credentials, or a derived key. */
interface Identity {
  readonly set: CredentialSet | undefined;
  /** The key for a day, as `YYYYMMDD`. */
  readonly findKey: (date: string, endpoint: Endpoint) => DerivedKey;
}

async function identifySigner(
  { signer, onDateMismatch }: SigningPlan,
  time: CorrectedClock,
  wait: Wait,
): Promise<Identity> {
  if (isDerivedKey(signer)) {
    return {
      set: undefined,
      findKey: (date) => ({ ...signer, signingKey: keyForDate(signer.signingKey, date, onDateMismatch) }),
    };
  }
  const set = signer.load(time);
  return fromSet(isPending(set) ? await wait(set) : set);
}

function fromSet(set: CredentialSet): Identity {
  const { accessKeyId, sessionToken } = set.credentials;
  return {
    set,
    findKey: (date, { region, service }) => ({
      accessKeyId,
      sessionToken,
      signingKey: getSigningKey(set.credentials, date, region, service),
    }),
  };
}

type HeaderSigner = (
  request: Pick<OutgoingRequest, 'method' | 'headers' | 'body'> & { readonly url: string },
  amzDate: string,
  endpoint: Endpoint,
) => SignedRequest;

function createHeaderSigner(
  { signedHeaders, onSigned }: SigningPlan,
  findKey: Identity['findKey'],
  { payload, bodyHash }: PreparedRequest,
): HeaderSigner {
  return ({ method, url, headers, body }, amzDate, endpoint) => {
    const key = findKey(amzDate.slice(0, 8), endpoint);
    const signed = signWithKey(
      {
        method,
        url: toSignedUrl(url, endpoint.service),
        headers,
        body: typeof body === 'string' || isUint8Array(body) ? body : undefined,
      },
      key.signingKey,
      key,
      amzDate,
      { signedHeaders, payload, contentSha256Header: true, bodyHash: body === undefined ? undefined : bodyHash },
    );
    if (onSigned !== undefined) showTrace(onSigned, signed.trace);
    return signed;
  };
}
