/** Whether a set that looks expired may be alive nevertheless, since clocks may be wrong; and which of two lasts longer. */
import { LONGEST_SKEW_MS, readClock, type CorrectedClock } from '../time/clock.js';
import { createExpiredError, type CredentialSet } from './credential-set.js';

/** Whether a set that has expired by the clock may be alive: it expired so recently that the clock may be wrong. */
export function isBelievable({ expiresAtMs }: CredentialSet, { now, uncorrected }: CorrectedClock): boolean {
  if (expiresAtMs === undefined) return true;
  return Math.min(readClock(now), readClock(uncorrected)) - expiresAtMs < LONGEST_SKEW_MS;
}

/** @throws CredentialsError where a set is dead by any clock, see {@link isBelievable} */
export function assertBelievable(set: CredentialSet, time: CorrectedClock): void {
  if (isBelievable(set, time)) return;
  throw createExpiredError(set, 'the provider gave the same ones when it was told to fetch newer ones');
}

/** Whether a set expires later than another, or there is no other. */
export function isLonger({ expiresAtMs = Infinity }: CredentialSet, other: CredentialSet | undefined): boolean {
  return other === undefined || expiresAtMs > (other.expiresAtMs ?? Infinity);
}
