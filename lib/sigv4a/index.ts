/**
 * The face of `axios-aws4auth/sigv4a`: AWS Signature Version 4A alone, synchronous, with no axios behind it.
 *
 * @module axios-aws4auth/sigv4a
 */
export { Aws4AuthError, CredentialsError, EndpointError } from '../errors.js';
export type { Aws4AuthErrorCode } from '../errors.js';
export type { ChecksumAlgorithm } from '../platform/platform.js';
export type { ChunkEncoder } from '../sigv4/chunk-encoder.js';
export type { Credentials } from '../sigv4/credentials.js';
export type { PresignedUrl } from '../sigv4/presigned-url.js';
export type { HttpHeaders, SignedHeaders } from '../sigv4/request-headers.js';
export type { PayloadMode } from '../sigv4/service-rules.js';
export type { ChunkingOptions, SignedChunkedRequest } from '../sigv4/sign-chunked-request.js';
export type { HttpRequest, SigningRules } from '../sigv4/signing-options.js';
export type { SignedRequest, SignedRequestOf } from '../sigv4/sign-request.js';
export type { SigningTrace } from '../sigv4/signing-stages.js';
export { signChunk, signChunkedRequest, signTrailer } from './chunked-request.js';
export type { ChunkedSigningOptions, SignatureChain } from './chunked-request.js';
export { presignUrl } from './presigned-url.js';
export type { PresignUrlOptions } from './presigned-url.js';
export { signRequest } from './sign-request.js';
export type { SignRequestOptions } from './signer.js';
