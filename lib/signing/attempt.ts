/** What a signed request is, as it is sent once, and what can be told of it. */
import type { CredentialSet } from '../credentials/credentials.js';
import { isDerivedKey } from '../credentials/derived-key.js';
import type { Endpoint } from '../destination/endpoint.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import type { ChunkSeed } from '../sigv4/chunk-encoder.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import { readClock, type CorrectedClock } from '../time/clock.js';
import type { FramedBody } from './framed-body.js';
import type { PreparedRequest } from './prepared-request.js';
import type { Identity, SigningPlan } from './signing-plan.js';

/** What the answer to a signed request told of how to sign it, so that it is accepted. */
export interface Remedy {
  /** How far the clock of an origin's server is ahead. */
  readonly skew?: { readonly origin: string; readonly skewMs: number };
  readonly credentials?: CredentialSet;
}

/**
 * A signed request, as it is sent once. What it was made of is kept in place of what few ask for: its trace and the
 * signatures of redirects are made of that by functions, when they are wanted.
 */
export interface Attempt<Plan extends SigningPlan = SigningPlan> {
  readonly prepared: PreparedRequest;
  readonly plan: Plan;
  /** What it was signed with. */
  readonly identity: Identity;
  readonly skew: Remedy['skew'];
  readonly endpoint: Endpoint;
  readonly request: OutgoingRequest;
  /** All headers that are sent. */
  readonly headers: HttpHeaders;
  /** What was signed, where that cannot be made once more: no two signatures of SigV4a are the same. */
  readonly trace: SigningTrace | undefined;
  /** What frames the body, where it goes out in chunks, and what their signatures begin with. */
  readonly framed: { readonly body: FramedBody; readonly seed: ChunkSeed } | undefined;
  /** The moment of the signature, in ms since the epoch. */
  readonly signedMs: number;
  /** When it was made, by the uncorrected clock. */
  readonly madeMs: number;
}

/** The moment of an attempt's signature, in ms since the epoch; `undefined` where the caller chose it. */
export function readDate({ prepared, signedMs }: Attempt): number | undefined {
  return prepared.chosenMs === undefined ? signedMs : undefined;
}

/** The credentials that an attempt was signed with; `undefined` where that was a derived key. */
export function readCredentials({ identity }: Attempt): CredentialSet | undefined {
  return isDerivedKey(identity) ? undefined : identity;
}

/** The clock that an attempt was dated by. */
export function readCorrectedClock({ prepared, plan, skew }: Attempt): CorrectedClock {
  return correctClock(plan, skew, prepared.origin);
}

/** How far the clock of an origin's server is ahead, in ms. */
export function readSkew({ skews }: SigningPlan, skew: Remedy['skew'], origin: string): number {
  return skew?.origin === origin ? skew.skewMs : skews.read(origin);
}

/** A function of its own: a provider that never answers keeps this clock, and must not keep the request by it. */
export function correctClock(plan: SigningPlan, skew: Remedy['skew'], origin: string): CorrectedClock {
  const { clock } = plan;
  return { now: () => readClock(clock) + readSkew(plan, skew, origin), uncorrected: clock };
}
