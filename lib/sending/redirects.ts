/** Redirects of every adapter: which are followed, and how; loaded for the first request that may meet one. */
import { createRedirectPolicy, mayLeadToSigV4a } from '../destination/redirect-policy.js';
import { proceed } from '../platform/waiting.js';
import type { loadSigV4a, SigningPlan } from '../signing/attempt.js';
import { followFetchRedirects } from './fetch-redirects.js';
import { createBeforeRedirect, guardTransport } from './http-redirects.js';

export { createBeforeRedirect, createRedirectPolicy, followFetchRedirects, guardTransport };

/** What leads requests through their redirects. */
export interface Redirects {
  readonly createBeforeRedirect: typeof createBeforeRedirect;
  readonly createRedirectPolicy: typeof createRedirectPolicy;
  readonly followFetchRedirects: typeof followFetchRedirects;
  readonly guardTransport: typeof guardTransport;
}

const REDIRECTS: Redirects = { createBeforeRedirect, createRedirectPolicy, followFetchRedirects, guardTransport };

/**
 * Loads what signs with SigV4a, where the caller's `hosts` may have a redirect lead to a host that needs it: a hop is signed
 * at once, and cannot wait for that.
 */
export function prepareHops(
  { algorithm, hosts }: SigningPlan,
  load: typeof loadSigV4a,
): Redirects | Promise<Redirects> {
  if (algorithm !== undefined || hosts === undefined || !mayLeadToSigV4a(hosts)) return REDIRECTS;
  return proceed<object, Redirects>(load(), () => REDIRECTS);
}
