/**
 * The session token of a signature, under the name by which the service takes it: that of temporary credentials, or of a
 * session of S3 Express ("Authenticating and authorizing requests", Amazon S3 User Guide).
 */
import { Aws4AuthError } from '../errors.js';
import type { KeyOwner } from './credentials.js';

/** A token, and what it is sent as: a header, or a parameter of the query. */
export interface SentToken {
  readonly name: 'X-Amz-Security-Token' | 'X-Amz-S3session-Token';
  readonly value: string;
}

/** The host of a directory bucket or of an access point of one, and then none of HeadBucket and CreateSession. */
const OF_SESSION = /^[^.]+--xa?-s3\.\S* (?!HEAD \/\?|\w+ \/\?(?:.*&)?session(?![^=&]))/i;

/**
 * Whether a request takes the keys of a session: at S3 Express any to the host of a directory bucket, but CreateSession
 * itself, HeadBucket, CopyObject and UploadPartCopy.
 *
 * @param host with or without a port; the bucket is its first label
 * @param query as it is sent, or in its canonical form
 */
export function isSessionDue(
  service: string,
  method: string,
  host: string,
  path: string,
  query: string,
  headers: object,
): boolean {
  return (
    service === 's3express' &&
    OF_SESSION.test(`${host} ${method} ${path}?${query}`) &&
    !/x-amz-copy-source/i.test(Object.keys(headers).join())
  );
}

/** The tokens that the headers of a request bear. */
export interface GivenTokens {
  readonly securityToken: string | undefined;
  readonly s3SessionToken: string | undefined;
}

/**
 * The token to send: the signer's own, or beside a signer without any one that the headers bear.
 *
 * @param isSession whether a session of S3 Express signs, as far as the headers do not say it
 */
export function chooseToken(
  { sessionToken }: KeyOwner,
  { securityToken, s3SessionToken }: GivenTokens,
  isSession: boolean | undefined,
): SentToken | undefined {
  const value = sessionToken ?? s3SessionToken ?? securityToken;
  if (value === undefined) return undefined;
  const isTold = isSession === true && (sessionToken ?? !securityToken);
  const name = s3SessionToken !== undefined || isTold ? 'X-Amz-S3session-Token' : 'X-Amz-Security-Token';
  // The signer's own was checked with the rest of it.
  if (value === sessionToken || /^[!-~]+$/.test(value)) return { name, value };
  // It may be a secret: it is not quoted.
  throw new Aws4AuthError(
    `headers: ${name} must be visible ASCII; pass it as sessionToken of the credentials, as AWS gave it`,
    'ERR_INVALID_HEADER',
  );
}
