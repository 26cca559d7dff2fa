/** Redirects of axios's fetch adapter, followed as the Fetch Standard does, by a policy of ours. */
import { AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from '../errors.js';
import type { Limits } from './cancellation.js';
import { createHiddenRedirectError, settle } from './redirect-answer.js';
import { isRedirectStatus } from './redirect-status.js';
import { changeConfig } from '../request/config-copy.js';
import {
  createRedirectPolicy,
  omitHeaders,
  type Hop,
  type RedirectedHop,
  type RedirectTrail,
} from '../destination/redirect-policy.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { createUrl } from '../platform/standard-url.js';
import { readOwn } from '../request/config.js';

type Config = InternalAxiosRequestConfig;

// What axios's http adapter follows at most, unless maxRedirects says otherwise.
export const MAX_REDIRECTS = 21;

/**
 * Follows the redirects of a request that was sent through axios's fetch adapter, by a policy: fetch itself would send
 * the first request's token along, to whomever it is redirected to.
 *
 * @param config the one that was sent, whose `validateStatus` takes redirects
 * @param first what came of it: a redirect, or one that the runtime does not show
 * @param given the config as it was before, which says how many redirects are followed and which statuses are valid
 * @throws Aws4AuthError `ERR_REDIRECT` where the runtime does not show a redirect (browsers), or where there are too many
 */
export async function followFetchRedirects(
  config: Config,
  first: AxiosResponse,
  given: Config,
  href: string,
  adapter: AxiosAdapter,
  trail: RedirectTrail,
  limits: Limits,
): Promise<AxiosResponse> {
  const maxRedirects = readOwn(given, 'maxRedirects') ?? MAX_REDIRECTS;
  const validateStatus = readOwn(given, 'validateStatus');
  let response = first;
  let current = config;
  let url = createUrl(href);
  for (let count = 0; ; count++) {
    if (response.status === 0) throw createHiddenRedirectError();
    const location: unknown = response.headers['location'];
    if (!isRedirectStatus(response.status)) return response;
    if (typeof location !== 'string') return settle(response, validateStatus);
    if (!(count < maxRedirects)) {
      throw new Aws4AuthError(`maxRedirects: there were more than ${String(maxRedirects)} redirects`, 'ERR_REDIRECT');
    }
    const hop = createHop(current, response.status, url, resolveLocation(location, url));
    url = hop.url;
    current = followHop(current, hop, trail).config;
    response = await adapter(changeConfig(current, limits.readTimeLeft()));
  }
}

/** @throws Aws4AuthError `ERR_REDIRECT` for what is no http(s) URL */
export function resolveLocation(location: string, from: URL): URL {
  let cause: unknown;
  try {
    const url = new URL(location, from);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url;
  } catch (error) {
    cause = error;
  }
  throw new Aws4AuthError('Location: the redirect leads to no http(s) URL', 'ERR_REDIRECT', { cause });
}

/** The next request, as the Fetch Standard has it (HTTP-redirect fetch, steps 10 to 14). */
export function createHop(config: Config, status: number, from: URL, url: URL): Hop {
  const verb = (readOwn(config, 'method') ?? 'GET').toUpperCase();
  const becomesGet =
    ((status === 301 || status === 302) && verb === 'POST') || (status === 303 && !/^(?:GET|HEAD)$/.test(verb));
  const dropped = becomesGet ? /^(?:content-.*|host)$/i : /^(?:content-length|host)$/i;
  const kept = omitHeaders(config.headers.toJSON(), dropped);
  return {
    method: becomesGet ? 'GET' : verb,
    url,
    headers: url.origin === from.origin ? kept : omitHeaders(kept, /^(?:cookie|proxy-authorization)$/i),
    keepsBody: !becomesGet,
  };
}

/** The config of a hop, and what signs the chunks of its body, where that goes out in chunks. */
export function followHop(
  config: Config,
  hop: Hop,
  trail: RedirectTrail,
): { readonly config: Config; readonly seed: RedirectedHop['seed'] } {
  const { href, headers, seed } = trail.follow(hop, createRedirectPolicy);
  const next = changeConfig(config, {
    method: hop.method,
    url: href,
    baseURL: '',
    headers: new AxiosHeaders(copyValues(headers)),
  });
  delete next.params;
  if (!hop.keepsBody) delete next.data;
  return { config: next, seed };
}

function copyValues(headers: HttpHeaders): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) values[name] = typeof value === 'string' ? value : [...value];
  }
  return values;
}
