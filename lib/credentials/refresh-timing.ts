/** When credentials are refreshed, how long requests wait for that, and how long not to ask again. */
import { readClock, type Clock } from '../time/clock.js';

/** Moments of one set's life, in ms since the epoch. */
export interface RefreshWindows {
  /** From here on a new set is asked for in the background. */
  readonly advisoryMs: number;
  /** From here on requests wait for the new set. */
  readonly mandatoryMs: number;
}

/** Makes the windows of a set that was received at one moment and expires at another, both in ms since the epoch. */
export type PlanRefresh = (expiresAtMs: number, receivedMs: number) => RefreshWindows;

const MINUTE_MS = 60_000;

/** After so long without an answer, the next request calls the provider again. The first call may still answer. */
export const PATIENCE_MS = 60_000;

/** How long requests wait for a forced refresh while a set is held, which other servers may still accept. */
export const FORCED_PATIENCE_MS = 5000;

const LONGEST_ADVISORY_MS = 15 * MINUTE_MS;
const LONGEST_MANDATORY_MS = 5 * MINUTE_MS;
const LONGEST_RENEWAL_MS = 10_000;

/**
 * The windows of a set, by the life that it has left when it is received: the advisory one is its last quarter, at most
 * 15 minutes; the mandatory one its last twelfth, at most 5. (botocore has 15 and 10 minutes, the AWS SDK for
 * JavaScript 5, for lives of any length.) A provider that gives the same set again, from a cache of its own, is asked
 * at three quarters of what is left then: often enough near the end, and never on every request.
 */
export const planRefresh = createPlanRefresh(4, LONGEST_ADVISORY_MS, 12, LONGEST_MANDATORY_MS);

/**
 * The windows of a session of S3 Express, of which a request to the very host gives another: of its 5 minutes the last
 * one, as in the AWS SDK for JavaScript, and the last 10 s, as in botocore; of a shorter life the same shares.
 */
export const planRenewal = createPlanRefresh(5, MINUTE_MS, 30, LONGEST_RENEWAL_MS);

/** Both windows begin with a share of the life at the end of it, which has a longest length. */
function createPlanRefresh(
  advisoryShare: number,
  longestAdvisoryMs: number,
  share: number,
  longestMs: number,
): PlanRefresh {
  return (expiresAtMs, receivedMs) => {
    const leftMs = Math.max(0, expiresAtMs - receivedMs);
    return {
      advisoryMs: expiresAtMs - Math.min(leftMs / advisoryShare, longestAdvisoryMs),
      mandatoryMs: expiresAtMs - Math.min(leftMs / share, longestMs),
    };
  };
}

/**
 * When to ask again after failures in the background, as a delay in ms: 1 s, 2 s, 4 s and so on up to a minute, with
 * jitter of a half, so that a fleet does not ask as one; and four times at least while the advisory window lasts.
 *
 * @param failures how many there were in a row, from 1 on
 * @param windows those of the set in use, where it is known how long that lives
 */
export function delayRetry(failures: number, windows: RefreshWindows | undefined): number {
  const longestMs = windows === undefined ? MINUTE_MS : (windows.mandatoryMs - windows.advisoryMs) / 4;
  return Math.min(1000 * 2 ** (failures - 1), longestMs, MINUTE_MS) * (0.5 + Math.random() / 2);
}

const SHORTEST_PAUSE_MS = 3000;

/**
 * Makes a function that says, for each refusal of a source's credentials, whether a refresh may be forced. A server
 * that refuses everything must not make its clients flood the token service: after each forced refresh there is none
 * for 3 s, 6 s, 12 s and so on up to a minute. After a minute without a refusal it begins with 3 s again, so that
 * nobody need report a success.
 */
export function limitForcedRefreshes(): (clock: Clock) => boolean {
  let last: { readonly clock: Clock; forcedMs: number; refusedMs: number; inARow: number } | undefined;
  return (clock) => {
    // One clock counts, since those of others that share the source may differ. It may be set back: hence absolute
    // values.
    const nowMs = readClock(last?.clock ?? clock);
    if (last === undefined || Math.abs(nowMs - last.refusedMs) >= MINUTE_MS) {
      const startMs = readClock(clock);
      last = { clock, forcedMs: startMs, refusedMs: startMs, inARow: 1 };
      return true;
    }
    last.refusedMs = nowMs;
    const pauseMs = Math.min(SHORTEST_PAUSE_MS * 2 ** (last.inARow - 1), MINUTE_MS);
    if (Math.abs(nowMs - last.forcedMs) < pauseMs) return false;
    last.forcedMs = nowMs;
    last.inARow += 1;
    return true;
  };
}
