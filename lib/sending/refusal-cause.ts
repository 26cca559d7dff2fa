/** Why a request was refused, where that can be healed: its clock was wrong, or its token had expired. */
import { DATE_TOLERANCE_MS, type Exchange } from '../time/clock.js';
import type { LastHop } from './exchange.js';
import type { Refusal } from './server-refusal.js';
import type { Attempt } from '../signing/attempt.js';

export type Cause = 'clock' | 'token';

const CLOCK_CODES: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'AuthFailure']);
/** Codes of a wrong clock where their message says so. */
const SIGNATURE_CODES: ReadonlySet<string> = new Set(['SignatureDoesNotMatch', 'InvalidSignatureException']);
const TOKEN_CODES: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);

/** A try of a request: what was signed, where it was sent last, and when. */
interface Try extends Exchange {
  readonly outcome: { readonly lastHop: LastHop };
}

/** The cause of a refusal; `undefined` where it cannot be healed. */
export function findCause(refusal: Refusal, attempt: Attempt, tried: Try): Cause | undefined {
  if (refusal.code !== undefined && TOKEN_CODES.has(refusal.code)) return 'token';
  if (isOfClock(refusal) && isMisdated(refusal, tried)) return 'clock';
  return hasExpiredByServer(refusal, attempt) ? 'token' : undefined;
}

function isOfClock({ status, code, message }: Refusal): boolean {
  if (code === undefined) return status !== 400;
  return CLOCK_CODES.has(code) || (SIGNATURE_CODES.has(code) && /not yet current|expired/i.test(message));
}

/** Whether the request was dated wrongly by the server's clock, which is read at the middle of the exchange. */
function isMisdated({ serverMs }: Refusal, { outcome, sentMs, receivedMs }: Try): boolean {
  const { datedMs } = outcome.lastHop;
  if (serverMs === undefined || datedMs === undefined) return false;
  const aheadMs = serverMs - (sentMs + receivedMs) / 2;
  const datedAheadMs = datedMs - sentMs;
  return Math.abs(aheadMs - datedAheadMs) > DATE_TOLERANCE_MS;
}

/**
 * Whether the credentials had expired by the server's time. Some refusals do not say that a token has expired: answers
 * to HEAD have no body, and Ceph RGW says AccessDenied.
 */
function hasExpiredByServer({ code, serverMs }: Refusal, { credentials }: Attempt): boolean {
  if (code !== undefined && code !== 'AccessDenied') return false;
  return serverMs !== undefined && serverMs >= (credentials?.expiresAtMs ?? Infinity);
}
