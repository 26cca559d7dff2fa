/** `#signer` where a page fetches its scripts: what signs and sends is loaded apart, as soon as there is an interceptor. */
import { createLazyModule } from '../platform/lazy-module.js';

export type { SignedSending } from './signer.eager.js';

export const loadSigner = createLazyModule(() => import('./signed-sending.js'));
