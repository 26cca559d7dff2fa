/** When credentials that end are asked for again: in good time, and no more often than their life is worth. */

/** Moments of one set's life, in ms since the epoch. */
export interface RefreshWindows {
  /** From here on a new set is asked for in the background. */
  readonly advisoryMs: number;
  /** From here on requests wait for the new set. */
  readonly mandatoryMs: number;
}

const MINUTE_MS = 60_000;
const LONGEST_ADVISORY_MS = 15 * MINUTE_MS;
const LONGEST_MANDATORY_MS = 5 * MINUTE_MS;

/**
 * The windows of a set, by the life that it has left when it is received: the advisory one is its last quarter, at most
 * 15 minutes; the mandatory one its last twelfth, at most 5. (botocore has 15 and 10 minutes, the AWS SDK for
 * JavaScript 5, for lives of any length.) A provider that gives the same set again, from a cache of its own, is asked at
 * three quarters of what is left then: often enough near the end, and never on every request.
 */
export function planRefresh(expiresAtMs: number, receivedMs: number): RefreshWindows {
  const leftMs = Math.max(0, expiresAtMs - receivedMs);
  return {
    advisoryMs: expiresAtMs - Math.min(leftMs / 4, LONGEST_ADVISORY_MS),
    mandatoryMs: expiresAtMs - Math.min(leftMs / 12, LONGEST_MANDATORY_MS),
  };
}

/**
 * When to ask again after failures in the background, as a delay in ms: 1 s, 2 s, 4 s and so on up to a minute, with
 * jitter of a half, so that a fleet does not ask as one; and four times at least while the advisory window lasts.
 *
 * @param failures how many there were in a row, from 1 on
 */
export function delayRetry(failures: number, { advisoryMs, mandatoryMs }: RefreshWindows): number {
  const longestMs = Math.min(MINUTE_MS, (mandatoryMs - advisoryMs) / 4);
  return Math.min(1000 * 2 ** (failures - 1), longestMs) * (0.5 + Math.random() / 2);
}
