/** All that signs a request and sends it: what is loaded as soon as there is an interceptor, see `#signer`. */
export { findKey } from '../signing/request-signature.js';
export { prepareRequest } from '../signing/prepared-request.js';
export { redactTrace } from '../signing/signing-trace.js';
export { Limits } from './cancellation.js';
export { sendUnsigned } from './exchange.js';
export { createRequestSigner, createTrustingSigner, enterSession, signConfig } from './request-signer.js';
