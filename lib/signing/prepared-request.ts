/** All of a request that does not change from one try to the next: what goes out, for which service, and its body's hash. */
import type { InternalAxiosRequestConfig } from 'axios';
import { isEndpointGiven, resolveEndpoint, type Endpoint } from '../destination/endpoint.js';
import { loadHostnames } from '../destination/known-hostnames.js';
import { createLazyModule } from '../platform/lazy-module.js';
import type { ChecksumAlgorithm } from '../platform/platform.js';
import { isPending, proceed, type WaitLimits } from '../platform/waiting.js';
import type { AdapterName } from '../request/adapter-name.js';
import { hashInSlices } from '../request/body-hash.js';
import { readOwn } from '../request/config.js';
import { readConfigHeaders, type ConfigHeaders } from '../request/config-headers.js';
import { buildRequest, type OutgoingRequest } from '../request/outgoing-request.js';
import type { ConfigUrl, OutgoingUrl } from '../request/outgoing-url.js';
import { isStream } from '../request/stream.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import type { PayloadMode } from '../sigv4/service-rules.js';
import type { FramedBody } from './framed-body.js';
import { choosePayloadMode, type BodyMode } from './payload-mode.js';
import { loadSigV4a } from './request-signature.js';
import type { SigningPlan } from './signing-plan.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;

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

/** What of a prepared request the session of S3 Express is found by that signs it. */
export interface SessionSubject {
  readonly endpoint: Endpoint;
  readonly request: Pick<OutgoingRequest, 'method' | 'headers'> & { readonly url: Pick<OutgoingUrl, 'href'> };
}

/** A request that axios has finished, and how it is to be signed. */
export interface FinishedRequest {
  readonly config: Config;
  /** Where the config leads. */
  readonly url: ConfigUrl;
  /** The adapter that sends it. */
  readonly adapterName: AdapterName;
  readonly plan: SigningPlan;
  readonly limits: WaitLimits;
}

/**
 * Prepares all of a request that does not change from one try to the next.
 *
 * @throws Aws4AuthError for a request that cannot be signed
 */
export function prepareRequest(finished: FinishedRequest): PreparedRequest | Promise<PreparedRequest> {
  const { url, plan, limits } = finished;
  const endpoint = isEndpointGiven(plan, url.hostname)
    ? resolveEndpoint(plan, url.hostname, undefined)
    : proceed(loadHostnames(), ({ parseAwsHostname }) => resolveEndpoint(plan, url.hostname, parseAwsHostname));
  return proceed(endpoint, (resolved) => {
    const loading = resolved.algorithm === 'sigv4a' ? loadSigV4a() : undefined;
    return isPending(loading)
      ? limits.wait(loading).then(() => prepareFor(resolved, finished))
      : prepareFor(resolved, finished);
  });
}

function prepareFor(endpoint: Endpoint, finished: FinishedRequest): PreparedRequest | Promise<PreparedRequest> {
  const { config, url, adapterName, plan } = finished;
  const given = readConfigHeaders(config, url, adapterName, plan.signedHeaders);
  return proceed(readChosenDate(config, url, given, plan), (chosenMs) =>
    prepareAt(chosenMs, given, endpoint, finished),
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
  { config, url, adapterName, plan, limits }: FinishedRequest,
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
    limits,
  );
  return proceed(building, (request) => {
    const { origin } = url;
    if (isFramed(payload, request, plan)) {
      const unframed = { request, origin, endpoint, bodyHash: undefined, framed: undefined, chosenMs };
      return limits.wait(prepareFramed(unframed, payload === 'streaming', plan));
    }
    const mode = payload === 'streaming' ? 'signed' : payload;
    const hashing = mode === 'signed' ? hashInSlices(request.body) : undefined;
    const streamHash =
      mode === 'signed' && typeof givenHash === 'string' && isStream(request.body) ? givenHash : undefined;
    return proceed(hashing && limits.wait(hashing), (bodyHash = streamHash) => {
      const prepared = { request, origin, endpoint, payload: mode, bodyHash, framed: undefined, chosenMs };
      if (plan.checksum === undefined || request.body === undefined) return prepared;
      return limits.wait(addBodyChecksum(prepared, plan.checksum));
    });
  });
}

/**
 * Whether the body goes out in chunks: as the option says, or since there is no other way to send a checksum of what is not
 * read before. Text, and what has nothing in it, is hashed: some stores take no empty body in chunks.
 */
function isFramed(payload: BodyMode, { body, given }: OutgoingRequest, { checksum }: SigningPlan): boolean {
  if (payload === 'signed' || body === undefined || typeof body === 'string') return false;
  if (payload === 'streaming') return isUint8Array(body) ? body.length > 0 : isStream(body) || body.size > 0;
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
  const { request, endpoint, bodyHash } = prepared;
  const headers = await addChecksum(request, endpoint.service, bodyHash, algorithm);
  return { ...prepared, request: { ...request, headers } };
}
