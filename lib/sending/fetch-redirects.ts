/** Redirects of axios's fetch adapter, followed as the Fetch Standard does, by a policy of ours. */
import { AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from '../errors.js';
import { createLimits } from './cancellation.js';
import { copyProperties } from './sent-config.js';
import { createHiddenRedirectError, isRedirectStatus, isValid, settle } from './redirect-answer.js';
import { omitHeaders, type FollowPolicy, type Hop } from '../destination/redirect-policy.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { readOwn } from '../request/config.js';

type Config = InternalAxiosRequestConfig;

// What axios's http adapter follows at most, unless maxRedirects says otherwise.
const MAX_REDIRECTS = 21;

/** Whether redirects of a config are followed here: the caller may leave them to fetch, or want none to be followed. */
export function isFollowedHere(config: Config): boolean {
  const isLeftToFetch = readOwn(readOwn(config, 'fetchOptions'), 'redirect') !== undefined;
  return !isLeftToFetch && readOwn(config, 'maxRedirects') !== 0;
}

/**
 * Sends through axios's fetch adapter and follows redirects by a policy: fetch itself would send the first request's
 * token along, to whomever it is redirected to. Streams are sent otherwise. `fetchOptions.redirect`, where the caller sets it, is left to fetch.
 *
 * @param href the URL that the config pins
 * @throws Aws4AuthError `ERR_REDIRECT` where the runtime does not show a redirect (browsers), or where there are too many
 */
export async function fetchAndFollow(
  config: Config,
  adapter: AxiosAdapter,
  href: string,
  followPolicy: FollowPolicy,
): Promise<AxiosResponse> {
  const fetchOptions = readOwn(config, 'fetchOptions');
  if (readOwn(fetchOptions, 'redirect') !== undefined) return adapter(config);
  const maxRedirects = readOwn(config, 'maxRedirects') ?? MAX_REDIRECTS;
  const validateStatus = readOwn(config, 'validateStatus');
  let current = changeConfig(config, { fetchOptions: { ...fetchOptions, redirect: 'manual' } });
  // axios 1.7 does not tell fetch of `maxRedirects: 0`, and fetch would follow.
  if (maxRedirects === 0) return adapter(current);
  current = changeConfig(current, {
    validateStatus: (status) => isRedirectStatus(status) || isValid(status, validateStatus),
  });
  let url = new URL(href);
  // One timeout for all of them; the adapter begins a new one for each.
  const { readTimeLeft } = createLimits(config);
  for (let count = 0; ; count++) {
    const response = await adapter(changeConfig(current, readTimeLeft()));
    if (response.status === 0) throw createHiddenRedirectError();
    const location: unknown = response.headers['location'];
    if (!isRedirectStatus(response.status)) return response;
    if (typeof location !== 'string') return settle(response, validateStatus);
    if (!(count < maxRedirects)) {
      throw new Aws4AuthError(`maxRedirects: there were more than ${String(maxRedirects)} redirects`, 'ERR_REDIRECT');
    }
    const hop = createHop(current, response.status, url, resolveLocation(location, url));
    url = hop.url;
    current = followHop(current, hop, followPolicy);
  }
}

function resolveLocation(location: string, from: URL): URL {
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
function createHop(config: Config, status: number, from: URL, url: URL): Hop {
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

function followHop(config: Config, hop: Hop, followPolicy: FollowPolicy): Config {
  const { href, headers } = followPolicy(hop);
  const next = changeConfig(config, {
    method: hop.method,
    url: href,
    baseURL: '',
    headers: new AxiosHeaders(copyValues(headers)),
  });
  delete next.params;
  if (!hop.keepsBody) delete next.data;
  return next;
}

function changeConfig(config: Config, changes: Partial<Config>): Config {
  return Object.assign(copyProperties(config), changes);
}

function copyValues(headers: HttpHeaders): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) values[name] = typeof value === 'string' ? value : [...value];
  }
  return values;
}
