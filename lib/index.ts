/**
 * The face of `axios-aws4auth`: an interceptor that has axios's requests signed; what signs and presigns without sending; what
 * explains a refusal; and what these work with.
 *
 * @module axios-aws4auth
 */
export { systemClock } from './time/clock.js';
export type { Clock } from './time/clock.js';
export type { AwsScope } from './destination/aws-hostname.js';
export { parseAwsHostname } from './destination/aws-hostname.js';
export {
  Aws4AuthError,
  CredentialsError,
  DateFormatError,
  DateMismatchError,
  EndpointError,
  NoSecretKeyError,
} from './errors.js';
export type { Aws4AuthErrorCode } from './errors.js';
export type { Elsewhere, Hosts } from './destination/hosts.js';
export type { ChecksumAlgorithm } from './platform/platform.js';
export { aws4Interceptor, aws4Presign, aws4PresignPost, aws4Sign } from './interceptor.js';
export type { Aws4Interceptor, Aws4SignedRequest } from './interceptor.js';
export { explainRefusal } from './sending/explanation.js';
export type { RefusalCause, RefusalDifference, RefusalExplanation } from './sending/explanation.js';
export { libfaketimeClock } from './time/libfaketime.js';
export type { OnDateMismatch } from './credentials/derived-key.js';
export type { Aws4Options } from './options/options.js';
export type { CredentialsProvider, CredentialsRequest, ExpiringCredentials } from './credentials/credentials.js';
export type { OnInvalidDate } from './time/request-date.js';
export { parseRequestDate } from './time/request-date.js';
export type { SignIn } from './signing/payload-mode.js';
export type { Aws4PresignedPost, Aws4PresignedUrl } from './signing/presigning.js';
export type { PostCondition } from './sigv4/post-policy.js';
export type { PostPolicy } from './sigv4/presigned-post.js';
export type { Credentials } from './sigv4/credentials.js';
export type { PayloadMode } from './sigv4/service-rules.js';
export type { SigningTrace } from './sigv4/signing-stages.js';
export { SigningKey } from './sigv4/signing-key.js';
export type { SigningKeyOptions, SigningKeyScope } from './sigv4/signing-key.js';
