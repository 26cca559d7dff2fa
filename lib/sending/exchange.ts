/** One try: a signed attempt goes out, redirects are followed by policy, and what came of it comes back. */
import axios, {
  type AxiosAdapter,
  type AxiosProgressEvent,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { chooseAdapter, type ChosenAdapter } from '../request/adapter-name.js';
import { createUrl } from '../platform/standard-url.js';
import { readOwn } from '../request/config.js';
import { createLazyModule } from '../platform/lazy-module.js';
import { proceed } from '../platform/waiting.js';
import { readClock } from '../time/clock.js';
import type { Limits } from './cancellation.js';
import { isFollowedHere, sendByFetch } from './fetch-sending.js';
import { leaveHopsUnread } from './unread-hops.js';
import type {
  createRedirectPolicy,
  FollowPolicy,
  Hop,
  RedirectedHop,
  RedirectRules,
} from '../destination/redirect-policy.js';
import { isStream } from '../request/stream.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import { copyConfig, createSentConfig } from './sent-config.js';
import { loadSigV4a } from '../signing/request-signature.js';
import type { Attempt } from '../signing/attempt.js';
import type { SigningPlan } from '../signing/signing-plan.js';
import type { SigningTrace } from '../sigv4/sign-request.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;

/** Where a request was sent last, after all redirects. */
export interface LastHop {
  readonly origin: string;
  /**
   * Whether the request may be sent again from its start: the last hop was signed, and no server has carried it out.
   */
  readonly mayHeal: boolean;
  /** The moment of its signature, in ms since the epoch; `undefined` where the caller chose that. */
  readonly datedMs: number | undefined;
  /** When it was sent, by the uncorrected clock. */
  readonly sentMs: number;
  /** Gives what of it was signed; `undefined` where a redirect led on unsigned. */
  readonly readTrace?: (() => SigningTrace) | undefined;
}

/** What came of one try. */
export interface Outcome {
  readonly result: { readonly response: AxiosResponse } | { readonly error: unknown };
  readonly lastHop: LastHop;
}

/** Sends an attempt; it may be called for several of one request, one after the other. */
export type Send = (attempt: Attempt) => Promise<Outcome>;

/**
 * Sends through the adapter that would have sent the caller's config without us.
 *
 * @param given the config's own `adapter`, of which `chosen` was chosen
 */
export function createSend(
  config: Config,
  given: Config['adapter'],
  chosen: ChosenAdapter,
  plan: SigningPlan,
  limits: Limits,
): Send {
  const hopEnv = chosen.name === 'fetch' && isFollowedHere(config) ? { env: leaveHopsUnread(config) } : undefined;
  const adapter = hopEnv === undefined ? chosen.send : axios.getAdapter('fetch', { ...config, ...hopEnv });
  // Over fetch a redirect is sent with a copy of its own, and so is each hop of a body in chunks.
  const send = chosen.name === 'fetch' ? handBackConfig(adapter, config) : adapter;
  const progress = keepRising(config);
  return (attempt) => {
    const sent = createSentConfig(config, given, attempt);
    if (progress !== undefined) Object.assign(sent, progress);
    if (hopEnv !== undefined) Object.assign(sent, hopEnv);
    Object.assign(sent, limits.readTimeLeft());
    const isFollowedUnseen =
      chosen.name === 'fetch' && readOwn(readOwn(config, 'fetchOptions'), 'redirect') === 'follow';
    const trail = new Trail(attempt, plan, !isFollowedUnseen);
    const sender = attempt.framed === undefined ? send : handBackConfig(adapter, config);
    const takeResponse = (response: AxiosResponse): Outcome => {
      handBack(response, sent, config);
      return { result: { response: hideRequest(response) }, lastHop: trail.last };
    };
    const takeError = (error: unknown): Outcome => {
      handBackOfError(error, sent, config);
      return { result: { error: hideRequest(error) }, lastHop: trail.last };
    };
    try {
      return Promise.resolve(transmit(sent, sender, chosen.name, attempt, trail, limits)).then(takeResponse, takeError);
    } catch (error) {
      return Promise.resolve(takeError(error));
    }
  };
}

/** The listener of an upload's progress, for any number of tries: what is sent again is no progress. */
function keepRising(config: Config): Partial<Config> | undefined {
  const onUploadProgress = readOwn(config, 'onUploadProgress');
  if (onUploadProgress === undefined) return undefined;
  let highest = 0;
  return {
    onUploadProgress: (event: AxiosProgressEvent) => {
      if (event.loaded < highest) return;
      highest = event.loaded;
      onUploadProgress(event);
    },
  };
}

/** Sends a request as it is, through the adapter that the caller gave. */
export function sendUnsigned(config: Config, adapter: Config['adapter']): Promise<AxiosResponse> {
  platform.debugLog?.unsigned(config);
  const { send } = chooseAdapter(adapter, config);
  return handBackConfig(send, config)(copyConfig(config, adapter));
}

/**
 * Puts the caller's own config into responses and errors, in place of the copy that was sent, which bears a signature.
 */
function handBackConfig(send: AxiosAdapter, config: Config): AxiosAdapter {
  return async (sent) => {
    try {
      const response = await send(sent);
      handBack(response, sent, config);
      return response;
    } catch (error) {
      handBackOfError(error, sent, config);
      throw error;
    }
  };
}

function handBack(bearer: unknown, sent: Config, config: Config): void {
  if (isObject(bearer) && bearer['config'] === sent) bearer['config'] = config;
}

function handBackOfError(error: unknown, sent: Config, config: Config): void {
  handBack(error, sent, config);
  if (isObject(error)) handBack(error['response'], sent, config);
}

/**
 * Makes `request` not enumerable, on a response, an error, and the response of an error: it is the adapter's own object,
 * from which a logger would print the token. So is the `data` of a streamed response in Node, by way of its `req` and
 * its socket.
 */
function hideRequest<Bearer>(bearer: Bearer): Bearer {
  if (!isObject(bearer)) return bearer;
  hideProperty(bearer, 'request');
  for (const name of WAYS_TO_REQUEST) hideProperty(bearer['data'], name);
  if (bearer['response'] !== undefined) hideRequest(bearer['response']);
  return bearer;
}

// The last two are follow-redirects', with the URL: that may be signed.
const WAYS_TO_REQUEST = ['req', 'socket', 'client', 'responseUrl', 'redirects'] as const;

function hideProperty(bearer: unknown, name: string): void {
  if (!isObject(bearer) || Object.getOwnPropertyDescriptor(bearer, name)?.enumerable !== true) return;
  Reflect.defineProperty(bearer, name, { enumerable: false });
}

/** Where an attempt has got to: its redirects are decided on here, and kept track of. */
class Trail {
  readonly plan: SigningPlan;
  readonly #attempt: Attempt;
  #last: LastHop;
  #isRepeatable: boolean;
  #decide: FollowPolicy | undefined;

  constructor(attempt: Attempt, plan: SigningPlan, mayHeal: boolean) {
    const { origin, datedMs, madeMs, readTrace } = attempt;
    this.plan = plan;
    this.#attempt = attempt;
    this.#last = { origin, mayHeal, datedMs, sentMs: madeMs, readTrace };
    this.#isRepeatable = mayHeal;
    this.#decide = undefined;
  }

  get last(): LastHop {
    return this.#last;
  }

  /** @param createPolicy makes the policy, for the first redirect */
  follow(hop: Hop, createPolicy: typeof createRedirectPolicy): RedirectedHop {
    const { request, signHop } = this.#attempt;
    this.#decide ??= createPolicy(createRedirectRules(this.#attempt, this.plan), signHop);
    // A server that answers a POST with a redirect to a GET has carried it out.
    this.#isRepeatable &&= hop.keepsBody && hop.method === request.method;
    this.#last = { ...this.#last, mayHeal: false, readTrace: undefined };
    const next = this.#decide(hop);
    const { datedMs, readTrace } = next;
    platform.debugLog?.redirected(request, hop, datedMs);
    if (datedMs !== undefined) {
      const mayHeal = this.#isRepeatable;
      this.#last = { origin: hop.url.origin, mayHeal, datedMs, sentMs: readClock(this.plan.clock), readTrace };
    }
    return next;
  }
}

/** A function of its own: an adapter keeps it for as long as it sends, and with it no more than this. */
function createFollow(trail: Trail, createPolicy: typeof createRedirectPolicy): FollowPolicy {
  return (hop) => trail.follow(hop, createPolicy);
}

function createRedirectRules({ request, endpoint, payload }: Attempt, plan: SigningPlan): RedirectRules {
  return {
    dropSignature: plan.querySigning?.dropSignature,
    from: createUrl(request.url.href),
    hosts: plan.hosts,
    service: endpoint.service,
    isServiceGiven: plan.service !== undefined || plan.signingKey !== undefined,
    needsSecureWay:
      payload === 'unsigned' &&
      !plan.isPayloadOfRequest &&
      readOwn(request.given.sent, 'X-Amz-Content-Sha256') === undefined,
  };
}

const loadRedirectModule = createLazyModule(() => import('./redirects.js'));

function loadRedirects({ plan }: Trail) {
  const loading = loadRedirectModule();
  if (plan.hosts === undefined) return loading;
  return proceed(loading, (redirects) => proceed(redirects.prepareHops(plan, loadSigV4a), () => redirects));
}

function transmit(
  sent: Config,
  send: AxiosAdapter,
  adapterName: ChosenAdapter['name'],
  { request, framed }: Attempt,
  trail: Trail,
  limits: Limits,
): AxiosResponse | Promise<AxiosResponse> {
  if (framed !== undefined) {
    return sendInChunks(sent, { request, framed }, send, adapterName, trail, limits);
  }
  const { body } = request;
  if (isStream(body)) {
    const sending = (): AxiosResponse | Promise<AxiosResponse> =>
      proceed(loadUnreadBody(), ({ sendUnread }) => sendUnread(sent, body, send, adapterName));
    return adapterName === 'http' || adapterName === 'custom'
      ? leadRedirects(sent, request, adapterName, trail, sending)
      : sending();
  }
  if (adapterName === 'xhr') return send(sent);
  if (adapterName === 'fetch') {
    return sendByFetch(sent, send, async (manual, response, readTimeLeft) => {
      const { followFetchRedirects, createRedirectPolicy } = await loadRedirects(trail);
      const follow = createFollow(trail, createRedirectPolicy);
      return followFetchRedirects(manual, response, sent, request.url.href, send, follow, readTimeLeft);
    });
  }
  return leadRedirects(sent, request, adapterName, trail, () => send(sent));
}

/** Has axios's http adapter follow redirects by our policy, or a custom adapter that calls one of axios's. */
function leadRedirects(
  sent: Config,
  { method }: OutgoingRequest,
  adapterName: ChosenAdapter['name'],
  trail: Trail,
  send: () => AxiosResponse | Promise<AxiosResponse>,
): AxiosResponse | Promise<AxiosResponse> {
  return proceed(loadRedirects(trail), ({ createBeforeRedirect, guardTransport, createRedirectPolicy }) => {
    const follow = createFollow(trail, createRedirectPolicy);
    const beforeRedirect = createBeforeRedirect(method, follow, readOwn(sent, 'beforeRedirect'));
    sent.beforeRedirect = beforeRedirect;
    const transport: unknown = readOwn(sent, 'transport');
    if (isObject(transport)) sent.transport = guardTransport(transport, beforeRedirect);
    if (adapterName === 'custom') sent.fetchOptions = { redirect: 'manual', ...readOwn(sent, 'fetchOptions') };
    return send();
  });
}

/** Few bodies go out in chunks. */
export const loadFramedSending = createLazyModule(() => import('./framed-sending.js'));

async function sendInChunks(
  sent: Config,
  attempt: { readonly request: OutgoingRequest; readonly framed: NonNullable<Attempt['framed']> },
  send: AxiosAdapter,
  adapterName: ChosenAdapter['name'],
  trail: Trail,
  limits: Limits,
): Promise<AxiosResponse> {
  const [{ sendFramed }, { createRedirectPolicy }] = await Promise.all([loadFramedSending(), loadRedirects(trail)]);
  return sendFramed(sent, attempt, send, adapterName, createFollow(trail, createRedirectPolicy), limits);
}

/** Few requests have a stream that is sent unread. */
const loadUnreadBody = createLazyModule(() => import('./unread-body.js'));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
