/** How requests are signed, and as whom: what the options become. */
import type { CredentialSet, CredentialsSource } from '../credentials/credentials.js';
import type { DerivedKey, OnDateMismatch } from '../credentials/derived-key.js';
import type { EndpointRules } from '../destination/endpoint.js';
import type { HostRules } from '../destination/hosts.js';
import type { ChecksumAlgorithm } from '../platform/platform.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import type { PayloadMode } from '../sigv4/service-rules.js';
import type { SignedRequest, signWithKey } from '../sigv4/sign-request.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import type { Clock, LearnedSkews } from '../time/clock.js';
import type { OnInvalidDate } from '../time/request-date.js';
import type { PayloadRules } from './payload-mode.js';

/** Who signs: credentials, or a key that was derived from some. */
export type Signer = CredentialsSource | DerivedKey;

/** Who signs a request: one consistent set of credentials, or a key that was derived elsewhere. */
export type Identity = CredentialSet | DerivedKey;

/** How requests are signed: the options, checked and complete. */
export interface SigningPlan extends EndpointRules, HostRules, PayloadRules {
  readonly signer: Signer;
  readonly onDateMismatch: OnDateMismatch;
  readonly onInvalidDate: OnInvalidDate;
  readonly signedHeaders: readonly string[] | undefined;
  readonly maxStreamBytes: number;
  readonly checksum: ChecksumAlgorithm | undefined;
  readonly contentEncoding: boolean;
  readonly clock: Clock;
  /** What healing learned of servers' clocks beside this one. */
  readonly skews: LearnedSkews;
  readonly onSigned: ((trace: SigningTrace) => unknown) | undefined;
  /** How long a URL that is signed in its query is good, in seconds, where an option says so. */
  readonly expiresIn: number | undefined;
  /** Whether sessions of S3 Express are opened, where an option says so. */
  readonly s3ExpressSessions: boolean | undefined;
  /** Whether the signer is such a session. */
  readonly isOfSession: boolean;
  /** What sessions are kept for: whoever has the same object shares them. */
  readonly sessionOwner: object;
  /** What signs in the query, once it was loaded; `undefined` where headers are signed. */
  readonly querySigning: QuerySigning | undefined;
}

/** Signing in the query, in the place of the headers. */
export interface QuerySigning {
  readonly sign: (...args: Parameters<typeof signWithKey>) => SignedParts;
  /** A URL with the query of a signed one: the path may go out in another spelling than it is signed in. */
  readonly takeQuery: (href: string, signedUrl: string) => string;
  /** The same request at its signed URL. @throws Aws4AuthError where its body would go unsigned over http */
  readonly placeSignature: (request: OutgoingRequest, signedUrl: string, payload: PayloadMode) => OutgoingRequest;
  /** Where a redirect leads to, without a signature of ours that the server has repeated in it. */
  readonly dropSignature: (url: URL) => URL;
}

/** What a signature makes of a request. */
export interface SignedParts extends Pick<SignedRequest, 'url' | 'trace'> {
  readonly headers: HttpHeaders;
}
