/** One try: a signed attempt goes out, redirects are followed by policy, and what came of it comes back. */
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { chooseAdapter, type ChosenAdapter } from '../request/adapter-name.js';
import { readClock } from '../time/clock.js';
import { fetchAndFollow } from './fetch-redirects.js';
import { createBeforeRedirect } from './http-redirects.js';
import { createRedirectPolicy, type FollowPolicy } from '../destination/redirect-policy.js';
import { copyConfig, createSentConfig } from './sent-config.js';
import type { Attempt, SigningPlan } from '../signing/attempt.js';

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
}

/** What came of one try. */
export interface Outcome {
  readonly result: { readonly response: AxiosResponse } | { readonly error: unknown };
  readonly lastHop: LastHop;
}

/** Sends an attempt, with some properties of the sent config changed. */
export type Send = (attempt: Attempt, changes: Partial<Config>) => Promise<Outcome>;

/**
 * Sends through the adapter that would have sent the caller's config without us.
 *
 * @param given the config's own `adapter`, of which `chosen` was chosen
 */
export function createSend(config: Config, given: Config['adapter'], chosen: ChosenAdapter, plan: SigningPlan): Send {
  const send = handBackConfig(chosen.send, config);
  return async (attempt, changes) => {
    const sent = Object.assign(createSentConfig(config, given, attempt), changes);
    const isFollowedUnseen = chosen.name === 'fetch' && config.fetchOptions?.redirect === 'follow';
    const trail = createTrail(attempt, plan, !isFollowedUnseen);
    const result = await transmit(sent, send, chosen.name, attempt, trail.follow).then(
      (response) => ({ response }),
      (error: unknown) => ({ error }),
    );
    return { result, lastHop: trail.readLast() };
  };
}

/** Sends a request as it is, through the adapter that the caller gave. */
export function sendUnsigned(config: Config, adapter: Config['adapter']): Promise<AxiosResponse> {
  const { send } = chooseAdapter(adapter, config);
  return handBackConfig(send, config)(copyConfig(config, adapter));
}

/**
 * Puts the caller's own config into responses and errors, in place of the copy that was sent, which bears a signature.
 */
function handBackConfig(send: AxiosAdapter, config: Config): AxiosAdapter {
  return async (sent) => {
    const handBack = (bearer: unknown): void => {
      if (isObject(bearer) && bearer['config'] === sent) bearer['config'] = config;
    };
    try {
      const response = await send(sent);
      handBack(response);
      return response;
    } catch (error) {
      handBack(error);
      if (isObject(error)) handBack(error['response']);
      throw error;
    }
  };
}

interface Trail {
  readonly follow: FollowPolicy;
  readonly readLast: () => LastHop;
}

/** Keeps track of the redirects of an attempt: the adapter calls `follow` for each. */
function createTrail(attempt: Attempt, { hosts, clock }: SigningPlan, mayHeal: boolean): Trail {
  const { request, origin, datedMs } = attempt;
  let last: LastHop = { origin, mayHeal, datedMs, sentMs: readClock(clock) };
  let isRepeatable = mayHeal;
  let decide: FollowPolicy | undefined;
  return {
    readLast: () => last,
    follow: (hop) => {
      // A server that answers a POST with a redirect to a GET has carried it out.
      isRepeatable &&= hop.keepsBody && hop.method === request.method;
      last = { ...last, mayHeal: false };
      decide ??= createRedirectPolicy(new URL(request.url.href), hosts, attempt.signHop);
      const next = decide(hop);
      if (next.datedMs !== undefined) {
        last = { origin: hop.url.origin, mayHeal: isRepeatable, datedMs: next.datedMs, sentMs: readClock(clock) };
      }
      return next;
    },
  };
}

function transmit(
  sent: Config,
  send: AxiosAdapter,
  adapterName: ChosenAdapter['name'],
  { request }: Attempt,
  follow: FollowPolicy,
): Promise<AxiosResponse> {
  if (adapterName === 'fetch') return fetchAndFollow(sent, send, request.url.href, follow);
  if (adapterName !== 'xhr') sent.beforeRedirect = createBeforeRedirect(request.method, follow, sent.beforeRedirect);
  // A custom adapter may call axios's http or fetch adapter.
  if (adapterName === 'custom') sent.fetchOptions = { redirect: 'manual', ...sent.fetchOptions };
  return send(sent);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
