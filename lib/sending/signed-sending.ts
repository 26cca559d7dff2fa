/** All that signs a request and sends it: what is loaded as soon as there is an interceptor, see `#signer`. */
export { findKey, prepareRequest } from '../signing/attempt.js';
export { redactTrace } from '../signing/signing-trace.js';
export { createLimits } from './cancellation.js';
export { sendUnsigned } from './exchange.js';
export { createRequestSigner, createTrustingSigner, enterSession, signConfig } from './request-signer.js';
