/** The face of `strict-sigv4-verifier`: reads requests off the wire byte by byte, and verifies their signatures. */
export { parseAuthorization } from './authorization-header.js';
export type { Authorization } from './authorization-header.js';
export { percentDecode, uriEncode } from './percent-encoding.js';
export { headerValues } from './raw-request.js';
export type { HeaderLine, RawRequest } from './raw-request.js';
export { createRawServer } from './raw-server.js';
export type { RawResponse, RawServer, ReceivedRequest } from './raw-server.js';
export { parseAmzDate } from './request-moment.js';
export { isPresigned, verifyPresignedUrl } from './verify-presigned-url.js';
export { verifySignature } from './verify-signature.js';
export type { KnownCredentials, Refusal, RefusalCode, Verdict, VerifyOptions } from './verify-signature.js';
export { formatErrorDocument, verifyingServer } from './verifying-server.js';
export type { Verification, VerifyingServer, VerifyingServerOptions } from './verifying-server.js';
