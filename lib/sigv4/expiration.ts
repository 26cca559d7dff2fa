/** How long a presigned URL or a POST policy is good: `X-Amz-Expires`, "Authenticating Requests: Using Query Parameters". */
import { Aws4AuthError } from '../errors.js';

/** How long what is presigned is good where nobody says otherwise, in seconds; as in the AWS SDK for JavaScript. */
export const DEFAULT_EXPIRES_IN_S = 900;
/** A signing key is good for 7 days, in seconds. */
const LONGEST_EXPIRES_IN_S = 604_800;

/** @throws Aws4AuthError `ERR_INVALID_OPTION` for what is no whole number of seconds from 1 to 604800 */
export function assertExpiresIn(expiresIn: unknown): number {
  if (isExpiresIn(expiresIn)) return expiresIn;
  throw new Aws4AuthError(`expiresIn: must be ${EXPIRES_IN_MUST_BE}`, 'ERR_INVALID_OPTION');
}

/** Whether a value can be the option `expiresIn`. */
export function isExpiresIn(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LONGEST_EXPIRES_IN_S;
}

export const EXPIRES_IN_MUST_BE = 'a whole number of seconds, from 1 to 604800 (7 days)';
