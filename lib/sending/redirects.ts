/** Redirects of every adapter: which are followed, and how; loaded for the first request that may meet one. */
import { mayLeadToSigV4a } from '../destination/redirect-policy.js';
import { isPending } from '../platform/waiting.js';
import type { loadSigV4a } from '../signing/request-signature.js';
import type { SigningPlan } from '../signing/signing-plan.js';

export { followFetchRedirects } from './fetch-redirects.js';
export { createBeforeRedirect, guardTransport } from './http-redirects.js';

/**
 * Loads what signs with SigV4a, where the caller's `hosts` may have a redirect lead to a host that needs it: a hop is signed
 * at once, and cannot wait for that. Where it cannot be loaded, a hop that needs it says so.
 */
export function prepareHops(
  { algorithm, hosts }: SigningPlan,
  load: typeof loadSigV4a,
): undefined | Promise<undefined> {
  if (algorithm !== undefined || hosts === undefined || !mayLeadToSigV4a(hosts)) return undefined;
  const loading = load();
  const goOn = (): undefined => undefined;
  return isPending(loading) ? loading.then(goOn, goOn) : undefined;
}
