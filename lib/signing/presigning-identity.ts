/** Who signs what is presigned, and until when that is good, since a URL or a form ends with the credentials that signed it. */
import { isDerivedKey } from '../credentials/derived-key.js';
import { findEnd, loadLasting } from '../credentials/lasting-credentials.js';
import { parseAwsHostname } from '../destination/aws-hostname.js';
import type { Endpoint } from '../destination/endpoint.js';
import type { WaitLimits } from '../platform/waiting.js';
import { formatAmzDate } from '../sigv4/amz-date.js';
import { DEFAULT_EXPIRES_IN_S } from '../sigv4/expiration.js';
import { readClock } from '../time/clock.js';
import { SENT_EXPIRES_IN_S } from './query-signing.js';
import type { Identity, SigningPlan } from './signing-plan.js';
import { platform } from '#platform';

/** Who signs, when, and until when that is good. */
export interface PresigningIdentity {
  readonly identity: Identity;
  readonly signedMs: number;
  readonly expiresAt: Date;
}

/**
 * Loads who signs what is presigned.
 *
 * @param chosenMs the date that the request names, in ms since the epoch
 * @throws CredentialsError where the credentials end before half of `expiresInS` is over
 */
export async function loadIdentity(
  plan: SigningPlan,
  chosenMs: number | undefined,
  expiresInS: number,
  limits: WaitLimits,
): Promise<PresigningIdentity> {
  const { signer, clock, isOfSession } = plan;
  // The date of a signature has whole seconds.
  const signedMs = Math.floor((chosenMs ?? readClock(clock)) / 1000) * 1000;
  if (isDerivedKey(signer)) {
    return { identity: signer, signedMs, expiresAt: new Date(signedMs + expiresInS * 1000) };
  }
  // A session lasts as long as its default: it is opened anew where half of that is over.
  const untilMs = signedMs + (isOfSession ? expiresInS * 500 : expiresInS * 1000);
  const identity = await loadLasting(signer, { now: clock, uncorrected: clock }, untilMs, limits);
  return {
    identity,
    signedMs,
    expiresAt: new Date(findEnd(identity, signedMs, expiresInS, isOfSession ? SESSION_ADVICE : undefined)),
  };
}

const SESSION_ADVICE =
  'a session of S3 Express lasts 5 minutes: ask for a shorter expiresIn, or pass s3ExpressSessions: false, which signs with ' +
  'the credentials themselves';

interface Presigned {
  readonly request: { readonly method: string; readonly url: { readonly href: string } };
  readonly endpoint: Endpoint;
}

/**
 * Tells the debug log what was presigned.
 *
 * @param chosenMs the date that the request names, in ms since the epoch
 */
export function logPresigned(
  { request, endpoint }: Presigned,
  plan: SigningPlan,
  { identity, signedMs, expiresAt }: PresigningIdentity,
  chosenMs: number | undefined,
): void {
  const { clock: now } = plan;
  const presigning = {
    ...{ request, endpoint, expiresAt, amzDate: formatAmzDate(signedMs) },
    datedMs: chosenMs === undefined ? signedMs : undefined,
    credentials: isDerivedKey(identity) ? undefined : identity,
    // Nothing is learned of the clocks of those who will take it.
    time: { now, uncorrected: now },
  };
  platform.debugLog?.presigned(presigning, plan, parseAwsHostname);
}

/** What S3 Express's session signs ends with it, and a session lasts 5 minutes. */
export function findDefaultLife({ isOfSession }: SigningPlan): number {
  return isOfSession ? SENT_EXPIRES_IN_S : DEFAULT_EXPIRES_IN_S;
}
