/** One more try for a request that was refused for a wrong clock or an expired token. */
import type { AxiosResponse } from 'axios';
import { isPending } from '../platform/waiting.js';
import type { Limits } from './cancellation.js';
import { believeDate, measureSkew, readClockOr, DATE_TOLERANCE_MS, type Exchange } from '../time/clock.js';
import { isSameSet, type CredentialSet } from '../credentials/credential-set.js';
import { isDerivedKey } from '../credentials/derived-key.js';
import { Aws4AuthError } from '../errors.js';
import { findAnswer, isRefusal } from './answer.js';
import type { Outcome } from './exchange.js';
import { findCause, type Cause } from './refusal-cause.js';
import { readAnswerDate } from './answer-date.js';
import { readRefusal, type ReadRefusal, type Refusal } from './server-refusal.js';
import { readCorrectedClock, readCredentials, type Attempt, type Remedy } from '../signing/attempt.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import type { SigningPlan } from '../signing/signing-plan.js';
import { isNodeStream, isStream, isWebStream } from '../request/stream.js';
import { platform } from '#platform';

/** Signs the request again, with what its refusal told. */
export type SignAgain = (remedy: Remedy) => Attempt | Promise<Attempt>;

/** Gives what was signed of an attempt. */
export type ReadTrace = (attempt: Attempt) => SigningTrace;

/** What a request needs to be sent once more. */
export interface Retry {
  readonly first: Attempt;
  /** Sends it; gives what came of it. */
  readonly send: (attempt: Attempt) => Promise<Outcome>;
  readonly signAgain: SignAgain;
  /** Given, since what is loaded when it is needed must not import what loads it. */
  readonly readTrace: ReadTrace;
  readonly plan: SigningPlan;
  readonly limits: Limits;
}

/**
 * Sends a request once more where its first try was refused for a cause that can be healed: a date that is not the
 * server's, or a token that has expired. The caller sees one request, and one answer: the last.
 * Gives the last try.
 *
 * @param outcome what came of the first try
 * @param receivedMs when that came, by the uncorrected clock
 */
export async function heal(outcome: Outcome, receivedMs: number, retry: Retry): Promise<Tried> {
  const { first, send, signAgain, plan, limits } = retry;
  const judge = async (exchanged: Exchanged, remedy: Remedy): Promise<Tried> => {
    const tried = await diagnose(exchanged, retry);
    if (tried.cause !== 'clock') learnSkew(tried, plan, remedy);
    return tried;
  };

  const tried = await judge(readExchange(outcome, receivedMs, first), {});
  const { answer, cause } = tried;
  if (cause === undefined) return tried;
  if (isStream(first.request.body) && first.framed?.body.isRepeatable !== true) {
    addReason(outcome, 'it was not sent again, since its body was a stream, whose bytes are gone');
    healOthers(tried, plan);
    return tried;
  }
  const again = await signWithRemedy(outcome, async () => {
    const remedy = await findRemedy(tried, plan, limits);
    limits.throwIfCanceled();
    platform.debugLog?.healing(first, tried, remedy);
    return remedy && { remedy, attempt: await signAgain(remedy) };
  });
  if (again === undefined) return tried;
  if (answer !== undefined) discard(answer);
  const second = await send(again.attempt);
  const secondMs = readClockOr(plan.clock, second.lastHop.sentMs);
  const last = await judge(readExchange(second, secondMs, again.attempt), again.remedy);
  // There is no third try, but requests after this one are spared what it met with.
  if (last.cause !== cause) healOthers(last, plan);
  return last;
}

/** What came of a try, and when it was sent and answered. */
export interface Exchanged extends Exchange {
  readonly attempt: Attempt;
  readonly outcome: Outcome;
  /**
   * The answer, whether axios takes it for a success or an error; `undefined` where it is not of a server that the
   * request was signed for, or is to another request, which a redirect made of it.
   */
  readonly answer: AxiosResponse<unknown> | undefined;
}

/** A try, and where it was refused, for what; the cause is one that can be healed. */
export interface Tried extends Exchanged {
  readonly refusal?: ReadRefusal;
  readonly cause?: Cause | undefined;
}

/** Reads an answer that refuses; any other is left as it is. */
export async function diagnose(
  exchanged: Exchanged,
  { limits, readTrace }: Pick<Retry, 'limits' | 'readTrace'>,
): Promise<Tried> {
  const { answer, attempt } = exchanged;
  if (answer === undefined || !isRefusal(answer)) return exchanged;
  const read = await limits.wait(readRefusal(answer, attempt.endpoint.service));
  const refusal = { ...read, serverMs: believeDate(read.serverMs, exchanged) };
  const signed = {
    endpoint: attempt.endpoint,
    credentials: readCredentials(attempt),
    readTrace: () => readTrace(attempt),
  };
  return { ...exchanged, refusal, cause: findCause(refusal, signed, exchanged) };
}

export function readExchange(outcome: Outcome, receivedMs: number, attempt: Attempt): Exchanged {
  const { sentMs, mayHeal } = outcome.lastHop;
  const found = findAnswer(outcome);
  const answer = found !== undefined && mayHeal && !isElsewhere(found, outcome.lastHop.origin) ? found : undefined;
  return { attempt, outcome, answer, sentMs, receivedMs };
}

/** Whether another origin answered than the one that was asked: browsers follow the redirects of an xhr by themselves. */
export function isElsewhere({ request }: AxiosResponse<unknown>, origin: string): boolean {
  const url: unknown = Reflect.get(Object(request), 'responseURL');
  return typeof url === 'string' && url !== '' && !url.startsWith(`${origin}/`);
}

/**
 * Keeps the skew that a request was signed with again, and corrects a kept skew that an answer contradicts. A refusal
 * without a code may come from a proxy whose clock is wrong: nothing is learned from it for other requests.
 */
function learnSkew(tried: Tried, { skews }: SigningPlan, { skew }: Remedy): void {
  const { answer, refusal, outcome } = tried;
  const isBare = refusal !== undefined && refusal.code === undefined;
  if (answer === undefined || isBare) return;
  if (skew !== undefined) skews.learn(skew.origin, skew.skewMs);
  const { origin } = outcome.lastHop;
  const assumedMs = skews.read(origin);
  const serverMs = assumedMs === 0 ? undefined : believeDate(readAnswerDate(answer), tried);
  if (serverMs !== undefined) skews.learn(origin, measureSkew(serverMs, tried, assumedMs));
}

/** A request that cannot be sent again still refreshes the credentials, or learns the skew, for those after it. */
function healOthers({ cause, refusal, ...exchanged }: Tried, plan: SigningPlan): void {
  if (cause === undefined || refusal === undefined) return;
  if (cause === 'token') Promise.resolve(replaceCredentials(exchanged.attempt, plan)).catch(() => undefined);
  // Without a second try to show it, only an answer with a code proves that it was the clock.
  else if (refusal.code !== undefined) {
    const skew = findSkew(refusal, exchanged, plan);
    if (skew !== undefined) plan.skews.learn(skew.origin, skew.skewMs);
  }
}

function findSkew({ serverMs }: Refusal, exchanged: Exchanged, { skews }: SigningPlan): Remedy['skew'] {
  const { origin } = exchanged.outcome.lastHop;
  if (serverMs === undefined) return undefined;
  return { origin, skewMs: measureSkew(serverMs, exchanged, skews.read(origin)) };
}

/**
 * Signs again. An error of ours does not replace the server's answer, which says what is wrong: it is added to that.
 */
async function signWithRemedy<T>(outcome: Outcome, sign: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await sign();
  } catch (error) {
    if (!(error instanceof Aws4AuthError)) throw error;
    addReason(outcome, `it could not be signed again: ${error.message}`, error);
    return undefined;
  }
}

/**
 * What to sign the request with this time; `undefined` where there is nothing better, which is added to the error. There
 * is one more try: where the token is told to have expired and the date is wrong as well, both are mended. (A set that
 * is dead by a date that was mended is replaced when the request is signed.)
 */
async function findRemedy(
  { cause, refusal, ...exchanged }: Tried,
  plan: SigningPlan,
  limits: Limits,
): Promise<Remedy | undefined> {
  const { outcome, attempt } = exchanged;
  const skew = refusal && findSkew(refusal, exchanged, plan);
  if (cause === 'clock') return skew && { skew };
  const replacing = replaceCredentials(attempt, plan);
  const replaced = isPending(replacing) ? await limits.wait(replacing) : replacing;
  if (replaced === undefined || isSameAs(replaced, attempt)) {
    addReason(outcome, 'there are no other credentials');
    return undefined;
  }
  const isDateWrong = skew && Math.abs(skew.skewMs - plan.skews.read(skew.origin)) > DATE_TOLERANCE_MS;
  return { credentials: replaced, ...(isDateWrong === true && { skew }) };
}

/** The credentials in the place of those that a request was signed with; the same where there are no others. */
function replaceCredentials(
  attempt: Attempt,
  { signer }: SigningPlan,
): CredentialSet | Promise<CredentialSet> | undefined {
  const credentials = readCredentials(attempt);
  if (credentials === undefined || isDerivedKey(signer)) return undefined;
  return signer.replace(credentials, readCorrectedClock(attempt));
}

function isSameAs(replaced: CredentialSet, attempt: Attempt): boolean {
  const credentials = readCredentials(attempt);
  return credentials !== undefined && isSameSet(replaced, credentials);
}

/** Adds to an error why it was not healed. */
function addReason({ result }: Outcome, why: string, cause?: Error): void {
  platform.debugLog?.notHealed(why);
  const error = 'error' in result ? result.error : undefined;
  if (!(error instanceof Error)) return;
  error.message += ` (${why})`;
  if (cause !== undefined) error.cause ??= cause;
}

/** Ends the stream of an answer that nobody will read, which frees its connection. */
function discard({ data }: AxiosResponse<unknown>): void {
  if (isNodeStream(data)) data.destroy?.();
  else if (isWebStream(data)) data.cancel().catch(() => undefined);
}
