/** A fetch for axios's fetch adapter that hands over a redirect without its body, which the adapter would read. */
import type { InternalAxiosRequestConfig } from 'axios';
import { readOwn } from '../request/config.js';
import { isRedirectStatus } from './redirect-status.js';

type Config = InternalAxiosRequestConfig;
type Env = NonNullable<Config['env']>;
type Fetch = NonNullable<Env['fetch']>;

/**
 * The `env` by which axios's fetch adapter is told to send through such a fetch. Versions of axios that know of no `env`
 * go on reading the bodies.
 */
export function leaveHopsUnread(config: Config): Env {
  const env = readOwn(config, 'env');
  return { ...env, fetch: findWrapper(readOwn(env, 'fetch')) };
}

/** axios keeps an adapter for each fetch that it is given: of each, there must be one alone. */
const wrappers = new WeakMap<Fetch, Fetch>();
const overGlobalFetch = wrapFetch((...args) => fetch(...args));

function findWrapper(given: Fetch | undefined): Fetch {
  if (given === undefined) return overGlobalFetch;
  const known = wrappers.get(given);
  if (known !== undefined) return known;
  const wrapper = wrapFetch(given);
  wrappers.set(given, wrapper);
  return wrapper;
}

function wrapFetch(send: Fetch): Fetch {
  return async (...args) => {
    const response = await send(...args);
    if (!isRedirectStatus(response.status) || !response.headers.has('Location')) return response;
    // Not waited for: whoever is redirected has no use for how the old body ends.
    response.body?.cancel().catch(() => undefined);
    const { status, statusText, headers } = response;
    return new Response(null, { status, statusText, headers });
  };
}
