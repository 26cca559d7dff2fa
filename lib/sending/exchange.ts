/** One try: a signed attempt goes out, redirects are followed by policy, and what came of it comes back. */
import axios, {
  type AxiosAdapter,
  type AxiosProgressEvent,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { chooseAdapter, type ChosenAdapter } from '../request/adapter-name.js';
import { readOwn } from '../request/config.js';
import { createLazyModule } from '../platform/lazy-module.js';
import { isObject } from '../platform/object-kinds.js';
import { proceed } from '../platform/waiting.js';
import type { Limits } from './cancellation.js';
import { isFollowedHere, sendByFetch } from './fetch-sending.js';
import { leaveHopsUnread } from './unread-hops.js';
import { handBack, handBackConfig, handBackOfError, hideRequest } from './returned-config.js';
import { Trail, type LastHop } from './redirect-trail.js';
import { isStream } from '../request/stream.js';
import { copyConfig, createSentConfig } from './sent-config.js';
import { loadSigV4a } from '../signing/request-signature.js';
import type { Attempt } from '../signing/attempt.js';
import type { SigningPlan } from '../signing/signing-plan.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;

/** What came of one try. */
export interface Outcome {
  readonly result: { readonly response: AxiosResponse } | { readonly error: unknown };
  readonly lastHop: LastHop;
}

/** How the attempts of one request are sent: through the adapter that would have sent the caller's config without us. */
export interface Sending {
  readonly config: Config;
  /** The config's own `adapter`, by which the other was chosen. */
  readonly given: Config['adapter'];
  readonly adapterName: ChosenAdapter['name'];
  readonly adapter: AxiosAdapter;
  readonly limits: Limits;
  /** What every copy that is sent has in the place of the config's own; `undefined` where that is nothing. */
  readonly changes: Partial<Config> | undefined;
}

/** @param given the config's own `adapter`, of which `chosen` was chosen */
export function createSending(
  config: Config,
  given: Config['adapter'],
  chosen: ChosenAdapter,
  limits: Limits,
): Sending {
  const env = chosen.name === 'fetch' && isFollowedHere(config) ? leaveHopsUnread(config) : undefined;
  const adapter = env === undefined ? chosen.send : axios.getAdapter('fetch', { ...config, env });
  const progress = keepRising(config);
  const changes = env === undefined ? progress : { ...progress, env };
  return { config, given, adapterName: chosen.name, adapter, limits, changes };
}

/**
 * Sends an attempt, and makes something of what came of it. It may be called for several attempts of one request, one
 * after the other.
 *
 * @param conclude is called once; given as a function with what it needs, since a closure would be kept as long as the
 * request is in flight
 */
export function sendAttempt<Plan extends SigningPlan, Concluded>(
  attempt: Attempt<Plan>,
  sending: Sending,
  conclude: (outcome: Outcome, attempt: Attempt<Plan>, sending: Sending) => Concluded | Promise<Concluded>,
): Promise<Concluded> {
  const { config, given, limits, changes } = sending;
  const sent = createSentConfig(config, given, attempt);
  if (changes !== undefined) Object.assign(sent, changes);
  Object.assign(sent, limits.readTimeLeft());
  const trail = new Trail(attempt, !isFollowedUnseen(sending));
  const takeResponse = (response: AxiosResponse): Concluded | Promise<Concluded> => {
    handBack(response, sent, sending.config);
    return conclude({ result: { response: hideRequest(response) }, lastHop: trail.last }, attempt, sending);
  };
  const takeError = (error: unknown): Concluded | Promise<Concluded> => {
    handBackOfError(error, sent, sending.config);
    return conclude({ result: { error: hideRequest(error) }, lastHop: trail.last }, attempt, sending);
  };
  return toPromise(() => transmit(sent, attempt, trail, sending)).then(takeResponse, takeError);
}

/** What a function gives, or throws, as a promise: the very one that it gives. */
function toPromise<T>(make: () => T | Promise<T>): Promise<T> {
  try {
    return Promise.resolve(make());
  } catch (error) {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever an adapter threw
    return Promise.reject(error);
  }
}

/** Whether fetch follows redirects by itself, as the caller wants it: where they have led is not known then. */
function isFollowedUnseen({ config, adapterName }: Sending): boolean {
  return adapterName === 'fetch' && readOwn(readOwn(config, 'fetchOptions'), 'redirect') === 'follow';
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

const loadRedirectModule = createLazyModule(() => import('./redirects.js'));

function loadRedirects(plan: SigningPlan) {
  const loading = loadRedirectModule();
  if (plan.hosts === undefined) return loading;
  return proceed(loading, (redirects) => proceed(redirects.prepareHops(plan, loadSigV4a), () => redirects));
}

function transmit(
  sent: Config,
  attempt: Attempt,
  trail: Trail,
  sending: Sending,
): AxiosResponse | Promise<AxiosResponse> {
  const { adapterName, adapter, config } = sending;
  if (attempt.framed !== undefined) return sendInChunks(sent, attempt, attempt.framed, trail, sending);
  // Over fetch a redirect is sent with a copy of its own.
  const send = adapterName === 'fetch' ? handBackConfig(adapter, config) : adapter;
  const { request, plan } = attempt;
  const { body } = request;
  if (isStream(body)) {
    const sendStream = (): AxiosResponse | Promise<AxiosResponse> =>
      proceed(loadUnreadBody(), ({ sendUnread }) => sendUnread(sent, body, send, adapterName));
    return adapterName === 'http' || adapterName === 'custom'
      ? leadRedirects(sent, attempt, adapterName, trail, sendStream)
      : sendStream();
  }
  if (adapterName === 'xhr') return send(sent);
  if (adapterName === 'fetch') {
    return sendByFetch(sent, send, async (manual, response, limits) => {
      const { followFetchRedirects } = await loadRedirects(plan);
      return followFetchRedirects(manual, response, sent, request.url.href, send, trail, limits);
    });
  }
  return leadRedirects(sent, attempt, adapterName, trail, () => send(sent));
}

/** Has axios's http adapter follow redirects by our policy, or a custom adapter that calls one of axios's. */
function leadRedirects(
  sent: Config,
  { request, plan }: Attempt,
  adapterName: ChosenAdapter['name'],
  trail: Trail,
  send: () => AxiosResponse | Promise<AxiosResponse>,
): AxiosResponse | Promise<AxiosResponse> {
  return proceed(loadRedirects(plan), ({ createBeforeRedirect, guardTransport }) => {
    const beforeRedirect = createBeforeRedirect(request.method, trail, readOwn(sent, 'beforeRedirect'));
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
  { request, plan }: Attempt,
  framed: NonNullable<Attempt['framed']>,
  trail: Trail,
  { config, adapter, adapterName, limits }: Sending,
): Promise<AxiosResponse> {
  const [{ sendFramed }] = await Promise.all([loadFramedSending(), loadRedirects(plan)]);
  // Each hop is sent with a copy of its own.
  return sendFramed(sent, { request, framed }, handBackConfig(adapter, config), adapterName, trail, limits);
}

/** Few requests have a stream that is sent unread. */
const loadUnreadBody = createLazyModule(() => import('./unread-body.js'));
