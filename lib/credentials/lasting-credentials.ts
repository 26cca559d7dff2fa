/** Credentials for what is presigned, which ends when they do: renewed first, where others would last longer. */
import { CredentialsError } from '../errors.js';
import { isPending, type WaitLimits } from '../platform/waiting.js';
import type { Credentials } from '../sigv4/credentials.js';
import { readClock, type CorrectedClock } from '../time/clock.js';
import { isLonger } from './believable-set.js';
import { isSameSet } from './credential-set.js';
import type { CredentialSet, CredentialsSource } from './credentials.js';

/** What is known of renewing one set. */
interface Renewal {
  /** The set that is used in its place. */
  readonly renewed: Promise<CredentialSet>;
}

/** Each set is renewed once. */
const renewals = new WeakMap<Credentials, Renewal>();
/** A set that was just renewed is not renewed again before half of its life is over, in ms that are left by then. */
const freshAboveMs = new WeakMap<Credentials, number>();

/**
 * A set that is alive until a moment, where there is one; else the one that lasts longest.
 *
 * @param untilMs the moment, in ms since the epoch
 * @throws CredentialsError where there are none that can be used
 */
export async function loadLasting(
  source: CredentialsSource,
  time: CorrectedClock,
  untilMs: number,
  limits: WaitLimits,
): Promise<CredentialSet> {
  const loading = source.load(time);
  const set = isPending(loading) ? await limits.wait(loading) : loading;
  const { expiresAtMs = Infinity, credentials } = set;
  const leftMs = expiresAtMs - readClock(time.now);
  if (expiresAtMs >= untilMs || leftMs > (freshAboveMs.get(credentials) ?? Infinity)) return set;
  const renewal = renewals.get(credentials) ?? { renewed: renew(source, set, time) };
  renewals.set(credentials, renewal);
  return limits.wait(renewal.renewed);
}

/** The longer one of a set and what the source has in its place; a failure of the source's leaves the set. */
async function renew(source: CredentialsSource, set: CredentialSet, time: CorrectedClock): Promise<CredentialSet> {
  const renewed = await Promise.resolve()
    .then(() => source.replace(set, time))
    .catch(() => set);
  const isOther = !isSameSet(renewed, set);
  const isBetter = isOther && isLonger(renewed, set);
  const leftMs = (renewed.expiresAtMs ?? Infinity) - readClock(time.now);
  // The source holds it from now on.
  if (isOther) freshAboveMs.set(renewed.credentials, leftMs / 2);
  else renewals.set(renewed.credentials, { renewed: Promise.resolve(renewed) });
  return isBetter ? renewed : set;
}

/**
 * When what is signed at a moment ends: after its own life, or with the credentials where these end sooner.
 *
 * @param advice what to do where that is too soon
 * @returns the moment, in ms since the epoch
 * @throws CredentialsError where that leaves less than half of what was asked for
 */
export function findEnd(
  { expiresAtMs = Infinity }: CredentialSet,
  signedMs: number,
  expiresInS: number,
  advice = 'ask for a shorter expiresIn, or pass credentials that last longer',
): number {
  const wantedMs = expiresInS * 1000;
  if (expiresAtMs >= signedMs + wantedMs) return signedMs + wantedMs;
  if (expiresAtMs - signedMs >= wantedMs / 2) return expiresAtMs;
  throw new CredentialsError(
    `expiration: the credentials end at ${new Date(expiresAtMs).toISOString()}, and what they sign ends with them, ` +
      `before half of its expiresIn of ${String(expiresInS)} s is over; ${advice}`,
  );
}
