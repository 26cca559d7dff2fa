/** The hostnames of AWS and of other stores, loaded for the first request that is signed for what its hostname says. */
import { createLazyModule } from '../platform/lazy-module.js';

/** Gives what reads hostnames; see `parseAwsHostname`. */
export const loadHostnames = createLazyModule(() => import('./aws-hostname.js'));
