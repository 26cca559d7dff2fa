/** The face of `axios-aws4auth`. */
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export type { AwsScope } from './aws-hostname.js';
export { parseAwsHostname } from './aws-hostname.js';
export {
  Aws4AuthError,
  CredentialsError,
  DateFormatError,
  DateMismatchError,
  EndpointError,
  NoSecretKeyError,
} from './errors.js';
export type { Aws4AuthErrorCode } from './errors.js';
export type { Elsewhere, Hosts } from './hosts.js';
export { aws4Interceptor, aws4Sign } from './interceptor.js';
export type { Aws4Interceptor, Aws4SignedRequest } from './interceptor.js';
export { libfaketimeClock } from './libfaketime.js';
export type { OnDateMismatch } from './derived-key.js';
export type { Aws4Options } from './options.js';
export type { CredentialsProvider, CredentialsRequest, ExpiringCredentials } from './credentials.js';
export type { OnInvalidDate } from './request-date.js';
export { parseRequestDate } from './request-date.js';
export type { Credentials } from './sigv4/credentials.js';
export type { PayloadMode } from './sigv4/service-rules.js';
export type { SigningTrace } from './sigv4/sign-request.js';
export { SigningKey } from './sigv4/signing-key.js';
export type { SigningKeyOptions, SigningKeyScope } from './sigv4/signing-key.js';
