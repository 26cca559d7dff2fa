/** Redirects of every adapter: which are followed, and how; loaded for the first request that may meet one. */
export { followFetchRedirects } from './fetch-redirects.js';
export { createBeforeRedirect, guardTransport } from './http-redirects.js';
export { createRedirectPolicy } from '../destination/redirect-policy.js';
