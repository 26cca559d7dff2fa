/** Why a request was refused, where that can be healed: its clock was wrong, or its token had expired. */
import type { CredentialSet } from '../credentials/credential-set.js';
import type { Endpoint } from '../destination/endpoint.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import { DATE_TOLERANCE_MS, type Exchange } from '../time/clock.js';
import { isS3Kin } from '../sigv4/service-rules.js';
import type { LastHop } from './redirect-trail.js';
import type { Refusal } from './server-refusal.js';

export type Cause = 'clock' | 'token';

/** Codes that are said of a date alone. */
export const CLOCK_CODES: ReadonlySet<string> = new Set([
  'RequestTimeTooSkewed',
  'RequestInTheFuture',
  'RequestExpired',
]);
/** Codes of a wrong clock where their message says so. */
const SIGNATURE_CODES: ReadonlySet<string> = new Set(['SignatureDoesNotMatch', 'InvalidSignatureException']);
/** Codes that are said of a session token whose time is over. */
export const TOKEN_CODES: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
]);
/** The words that say it, where there is no code. */
export const TOKEN_MESSAGE = /security token included in the request (?:is|has) expired/i;

/** A try of a request: what was signed, where it was sent last, and when. */
interface Try extends Exchange {
  readonly outcome: { readonly lastHop: Pick<LastHop, 'datedMs'> };
}

/** What is asked of what was signed. */
interface Signed {
  readonly endpoint: Pick<Endpoint, 'service'>;
  readonly credentials: CredentialSet | undefined;
  readonly readTrace: () => Pick<SigningTrace, 'canonicalRequest'>;
}

/** The cause of a refusal; `undefined` where it cannot be healed. */
export function findCause(refusal: Refusal, attempt: Signed, tried: Try): Cause | undefined {
  if (isOfToken(refusal) || isOfSession(refusal, attempt)) return 'token';
  const expiresInMs = readExpiresInMs(attempt);
  const toleranceMs = Math.min(DATE_TOLERANCE_MS, expiresInMs ?? Infinity);
  if (
    namesClock(refusal)
      ? wasSignedWrongly(refusal, tried, toleranceMs)
      : mayBeClock(refusal, expiresInMs !== undefined) && isClockWrong(refusal, tried, toleranceMs)
  ) {
    return 'clock';
  }
  return isOldRequest(refusal, tried) || hasExpiredByServer(refusal, attempt) ? 'token' : undefined;
}

function isOfToken({ code, message }: Refusal): boolean {
  return (code !== undefined && TOKEN_CODES.has(code)) || TOKEN_MESSAGE.test(message);
}

/** A session of S3 Express that a server does not know any more has ended, and another one can always be opened. */
function isOfSession({ code }: Refusal, { readTrace }: Signed): boolean {
  return (code === 'InvalidToken' || code === 'InvalidAccessKeyId') && isSessionSigned(readTrace().canonicalRequest);
}

/** Whether a session of S3 Express has signed, by its token in the headers or in the query. */
export function isSessionSigned(canonicalRequest: string): boolean {
  return /[\n&]x-amz-s3session-token[:=]/i.test(canonicalRequest);
}

/** Whether an answer says that it is the request's date for which it refuses; S3 says so of a presigned URL in words. */
function namesClock({ code, message }: Refusal): boolean {
  if (code === undefined) return false;
  if (code === 'AccessDenied' && /^request (?:has expired|is not (?:valid yet|yet valid))/i.test(message)) return true;
  return CLOCK_CODES.has(code) || (SIGNATURE_CODES.has(code) && /not yet current|expired/i.test(message));
}

/** How long a request that was signed in its query was good. */
function readExpiresInMs({ readTrace }: Signed): number | undefined {
  const [, seconds] = /^[^\n]*\n[^\n]*\n[^\n]*&X-Amz-Expires=(\d+)/.exec(readTrace().canonicalRequest) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/**
 * EC2's AuthFailure may mean it, and what does not say why; to HEAD, API Gateway names the code and has no words. Of a
 * presigned URL that has expired, Ceph RGW says AccessDenied and no more.
 */
function mayBeClock({ status, code, message }: Refusal, isPresigned: boolean): boolean {
  if (code === undefined) return status !== 400;
  if (code === 'AccessDenied') return isPresigned;
  return code === 'AuthFailure' || (code === 'InvalidSignatureException' && message === '');
}

/**
 * Whether the date of a signature is not the server's: whatever lay between, a wrong clock or a frozen process, another
 * date is of use.
 */
function wasSignedWrongly({ serverMs }: Refusal, { outcome }: Try, toleranceMs: number): boolean {
  const { datedMs } = outcome.lastHop;
  return serverMs !== undefined && datedMs !== undefined && Math.abs(serverMs - datedMs) > toleranceMs;
}

/**
 * Whether the clock is not the server's, which is read at the middle of the exchange: an answer that took minutes, and
 * does not say why it refuses, is none of a wrong clock.
 */
function isClockWrong({ serverMs }: Refusal, { outcome, sentMs, receivedMs }: Try, toleranceMs: number): boolean {
  const { datedMs } = outcome.lastHop;
  if (serverMs === undefined || datedMs === undefined) return false;
  const aheadMs = serverMs - (sentMs + receivedMs) / 2;
  const datedAheadMs = datedMs - sentMs;
  return Math.abs(aheadMs - datedAheadMs) > toleranceMs;
}

/** EC2 says RequestExpired of an old date and of an old token alike; where the date was ours and right, it is the token. */
function isOldRequest({ code }: Refusal, { outcome }: Try): boolean {
  return code === 'RequestExpired' && outcome.lastHop.datedMs !== undefined;
}

/**
 * Whether the credentials had expired by the server's time. Some refusals do not say that a token has expired: S3's
 * answers to HEAD have no body, and Ceph RGW says AccessDenied.
 */
function hasExpiredByServer({ code, serverMs }: Refusal, { credentials, endpoint }: Signed): boolean {
  const isSilent = code === undefined && isS3Kin(endpoint.service);
  if (!isSilent && code !== 'AccessDenied') return false;
  return serverMs !== undefined && serverMs >= (credentials?.expiresAtMs ?? Infinity);
}
