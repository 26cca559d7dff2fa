/** One checked set of credentials, and whether it is alive by a clock. */
import { readClock, type Clock, type CorrectedClock } from '../time/clock.js';
import { CredentialsError } from '../errors.js';
import { assertCredentials, readMember, type Credentials } from '../sigv4/credentials.js';
import { assertKnownShape } from './foreign-shapes.js';

/** One consistent set of credentials: each field was read once, and checked. */
export interface CredentialSet {
  readonly credentials: Credentials;
  /** When they expire, in ms since the epoch; `undefined` where they have no `expiration`. */
  readonly expiresAtMs: number | undefined;
}

/** Checks credentials and their `expiration`. @throws CredentialsError which names the field that is wrong */
export function readSet(given: unknown): CredentialSet {
  const credentials = assertCredentials(given, assertKnownShape);
  const expiration = typeof given === 'object' && given !== null ? readMember(given, 'expiration') : undefined;
  return { credentials, expiresAtMs: readExpiration(expiration) };
}

function readExpiration(expiration: unknown): number | undefined {
  if (expiration === undefined || expiration === null) return undefined;
  const ms = readMoment(expiration);
  if (ms === undefined) throw new CredentialsError('expiration: must be a Date; pass new Date(text) where it is text');
  if (!Number.isNaN(ms)) return ms;
  throw new CredentialsError(
    'expiration: must be a Date of some moment, and is an Invalid Date: what it was made of is no date that can be ' +
      'read; pass new Date(text) with text like 2026-11-25T18:00:00Z, or leave it out where there is no end',
  );
}

/** The time of a `Date`. Not by `instanceof`, which denies the `Date` of another realm or of a test's fake timers. */
function readMoment(date: unknown): number | undefined {
  try {
    return Date.prototype.getTime.call(date);
  } catch {
    return undefined;
  }
}

/** Whether a set has not expired by the clock. */
export function isAlive({ expiresAtMs }: CredentialSet, clock: Clock): boolean {
  return expiresAtMs === undefined || readClock(clock) < expiresAtMs;
}

/**
 * @throws CredentialsError where a set has expired both by the corrected clock and by the uncorrected one: the
 * correction may be out of date
 */
export function assertAlive(set: CredentialSet, { now, uncorrected }: CorrectedClock): void {
  if (isAlive(set, now) || isAlive(set, uncorrected)) return;
  throw createExpiredError(set, 'pass newer ones, or a function that gets them');
}

/** The error for a set that has expired; says what to do. */
export function createExpiredError({ expiresAtMs = 0 }: CredentialSet, advice: string): CredentialsError {
  const expired = new Date(expiresAtMs).toISOString();
  return new CredentialsError(`expiration: the credentials expired at ${expired}, by the clock; ${advice}`);
}

/** Whether both are the same credentials, in whatever objects. */
export function isSameSet({ credentials: one }: CredentialSet, { credentials: other }: CredentialSet): boolean {
  return (
    one.accessKeyId === other.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey &&
    one.sessionToken === other.sessionToken
  );
}
