/**
 * The face of `axios-aws4auth/sigv4`: AWS Signature Version 4 alone, synchronous, with no axios behind it.
 *
 * @module axios-aws4auth/sigv4
 */
export { Aws4AuthError, CredentialsError, EndpointError, NoSecretKeyError } from '../errors.js';
export type { Aws4AuthErrorCode } from '../errors.js';
export type { ChecksumAlgorithm } from '../platform/platform.js';
export type { ChunkEncoder } from './chunk-encoder.js';
export { signChunk, signEvent, signTrailer } from './chunk-signing.js';
export type { SignatureChain } from './chunk-signing.js';
export type { Credentials } from './credentials.js';
export type { PostCondition } from './post-policy.js';
export { createPresignedPost } from './presigned-post.js';
export type { PostPolicy, PresignedPost, PresignPostOptions } from './presigned-post.js';
export { presignUrl } from './presigned-url.js';
export type { PresignedUrl, PresignUrlOptions } from './presigned-url.js';
export type { HttpHeaders, SignedHeaders } from './request-headers.js';
export type { PayloadMode } from './service-rules.js';
export { signChunkedRequest } from './sign-chunked-request.js';
export type { ChunkedSigningOptions, ChunkingOptions, SignedChunkedRequest } from './sign-chunked-request.js';
export { signRequest } from './sign-request.js';
export type {
  CredentialsSigningOptions,
  HttpRequest,
  KeySigningOptions,
  SigningRules,
  SignRequestOptions,
} from './signing-options.js';
export type { SignedRequest, SignedRequestOf } from './sign-request.js';
export type { SigningTrace } from './signing-stages.js';
export { SigningKey } from './signing-key.js';
export type { SigningKeyOptions, SigningKeyScope } from './signing-key.js';
