/** Sending through axios's fetch adapter, with redirects left to a policy of ours. */
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { readOwn } from '../request/config.js';
import { Limits } from './cancellation.js';
import { isRedirectStatus, isValid } from './redirect-status.js';
import { changeConfig } from '../request/config-copy.js';

type Config = InternalAxiosRequestConfig;

/** Whether redirects of a config are followed here: the caller may leave them to fetch, or want none to be followed. */
export function isFollowedHere(config: Config): boolean {
  const isLeftToFetch = readOwn(readOwn(config, 'fetchOptions'), 'redirect') !== undefined;
  return !isLeftToFetch && readOwn(config, 'maxRedirects') !== 0;
}

/** Goes on from a redirect: `sent` is the config that led to it, and `limits` know what is left of the timeout. */
export type FollowRedirects = (sent: Config, response: AxiosResponse, limits: Limits) => Promise<AxiosResponse>;

/**
 * Sends through axios's fetch adapter. `fetchOptions.redirect`, where the caller sets it, is left to fetch.
 *
 * @param follow what is done about a redirect, or about one that the runtime does not show (status 0)
 */
export async function sendByFetch(
  config: Config,
  adapter: AxiosAdapter,
  follow: FollowRedirects,
): Promise<AxiosResponse> {
  const fetchOptions = readOwn(config, 'fetchOptions');
  if (readOwn(fetchOptions, 'redirect') !== undefined) return adapter(config);
  const manual = changeConfig(config, { fetchOptions: { ...fetchOptions, redirect: 'manual' } });
  // axios 1.7 does not tell fetch of `maxRedirects: 0`, and fetch would follow.
  if (readOwn(config, 'maxRedirects') === 0) return adapter(manual);
  const validateStatus = readOwn(config, 'validateStatus');
  manual.validateStatus = (status) => isRedirectStatus(status) || isValid(status, validateStatus);
  // One timeout for all of them; the adapter begins a new one for each.
  const limits = new Limits(config);
  const response = await adapter(manual);
  const isRedirect = response.status === 0 || isRedirectStatus(response.status);
  return isRedirect ? follow(manual, response, limits) : response;
}
