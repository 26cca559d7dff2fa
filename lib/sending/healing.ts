/** One more try for a request that was refused for a wrong clock, and one for an expired token. */
import { isAxiosError, type AxiosProgressEvent, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { isPending, type Wait } from '../platform/waiting.js';
import type { Limits } from './cancellation.js';
import { measureSkew, readClockOr, type Exchange } from '../time/clock.js';
import { isSameSet, type CredentialSet } from '../credentials/credentials.js';
import { isDerivedKey } from '../credentials/derived-key.js';
import { Aws4AuthError } from '../errors.js';
import type { Outcome, Send } from './exchange.js';
import { findCause, type Cause } from './refusal-cause.js';
import { isRefusal, readAnswerDate, readRefusal, type Refusal } from './refusal.js';
import type { Attempt, Remedy, SigningPlan } from '../signing/attempt.js';
import { isNodeStream, isStream, isWebStream } from '../request/stream.js';

type Config = InternalAxiosRequestConfig;

/** Signs the request again, with what its refusal told. */
export type SignAgain = (remedy: Remedy) => Promise<Attempt>;

/**
 * Sends a signed request, and once more for each cause for which it is refused and that can be healed: a date that is
 * not the server's, and a token that has expired. The caller sees one request, and one answer: the last.
 */
export async function sendAndHeal(
  config: Config,
  first: Attempt,
  send: Send,
  signAgain: SignAgain,
  plan: SigningPlan,
  limits: Limits,
): Promise<Outcome> {
  const progress = keepRising(config);
  const causes = new Set<Cause>();
  let attempt = first;
  let remedy: Remedy = {};
  for (;;) {
    const exchanged = readExchange(await send(attempt, { ...progress, ...limits.readTimeLeft() }), plan);
    const { outcome, answer } = exchanged;
    if (answer === undefined || !outcome.lastHop.mayHeal || isElsewhere(answer, outcome)) return outcome;
    const refusal = isRefusal(answer) ? await limits.wait(readRefusal(answer)) : undefined;
    const cause = refusal && findCause(refusal, attempt, exchanged);
    if (cause !== 'clock') learnSkew(answer, refusal, plan, exchanged, remedy);
    if (refusal === undefined || cause === undefined || causes.has(cause)) return outcome;

    causes.add(cause);
    if (isStream(attempt.request.body)) {
      explain(outcome, 'it was not sent again, since its body was a stream, whose bytes are gone');
      healOthers(cause, refusal, attempt, plan, exchanged);
      return outcome;
    }
    const again = await signWithRemedy(outcome, async () => {
      const found = await findRemedy(cause, refusal, attempt, plan, exchanged, limits.wait);
      limits.throwIfCanceled();
      remedy = { ...remedy, ...found };
      return found && signAgain(remedy);
    });
    if (again === undefined) return outcome;
    discard(answer);
    attempt = again;
  }
}

/** What came of a try, and when it was sent and answered. */
export interface Exchanged extends Exchange {
  readonly outcome: Outcome;
  /** The server's answer, whether axios takes it for a success or an error. */
  readonly answer: AxiosResponse<unknown> | undefined;
}

function readExchange(outcome: Outcome, { clock, skews }: SigningPlan): Exchanged {
  const { sentMs } = outcome.lastHop;
  const answer = findAnswer(outcome.result);
  // When it was answered matters only where there is a skew to learn or to correct.
  const isOfUse = answer !== undefined && (isRefusal(answer) || !skews.isEmpty);
  return { outcome, answer, sentMs, receivedMs: isOfUse ? readClockOr(clock, sentMs) : sentMs };
}

function findAnswer(result: Outcome['result']): AxiosResponse<unknown> | undefined {
  const thrown = 'error' in result && isAxiosError(result.error) ? result.error.response : undefined;
  const answer: AxiosResponse<unknown> | undefined = 'response' in result ? result.response : thrown;
  // Adapters of others may give less than a response.
  const headers: unknown = answer?.headers;
  return typeof headers === 'object' && headers !== null ? answer : undefined;
}

/** Browsers follow an xhr's redirects by themselves. */
function isElsewhere({ request }: AxiosResponse<unknown>, { lastHop }: Outcome): boolean {
  const url: unknown = Reflect.get(Object(request), 'responseURL');
  return typeof url === 'string' && url !== '' && !url.startsWith(`${lastHop.origin}/`);
}

/**
 * Keeps a skew that was good for a request, and corrects one that later answers contradict. An answer that refuses
 * and does not say why may be of a proxy whose clock is wrong: that is no ground to date other requests by it.
 */
function learnSkew(
  answer: AxiosResponse<unknown>,
  refusal: Refusal | undefined,
  { skews }: SigningPlan,
  exchanged: Exchanged,
  { skew }: Remedy,
): void {
  const isBare = refusal !== undefined && refusal.code === undefined;
  if (skew !== undefined && !isBare) skews.learn(skew.origin, skew.skewMs);
  const { origin } = exchanged.outcome.lastHop;
  const assumedMs = skews.read(origin);
  const serverMs = assumedMs === 0 ? undefined : readAnswerDate(answer);
  if (serverMs !== undefined) skews.learn(origin, measureSkew(serverMs, exchanged, assumedMs));
}

/** A request that cannot be sent again still refreshes the credentials, or learns the skew, for those after it. */
function healOthers(
  cause: Cause,
  { code, serverMs }: Refusal,
  attempt: Attempt,
  plan: SigningPlan,
  exchanged: Exchanged,
): void {
  const { origin } = exchanged.outcome.lastHop;
  if (cause === 'token') Promise.resolve(replaceCredentials(attempt, plan)).catch(() => undefined);
  // Whether it was the clock is sure only where the answer says so: there is no second try to show it.
  else if (code !== undefined && serverMs !== undefined) {
    plan.skews.learn(origin, measureSkew(serverMs, exchanged, plan.skews.read(origin)));
  }
}

/** What fails while a request is healed does not take the place of the server's answer: that says what is wrong. */
async function signWithRemedy(
  outcome: Outcome,
  sign: () => Promise<Attempt | undefined>,
): Promise<Attempt | undefined> {
  try {
    return await sign();
  } catch (error) {
    if (!(error instanceof Aws4AuthError)) throw error;
    explain(outcome, `it could not be signed again: ${error.message}`, error);
    return undefined;
  }
}

/** What to sign the request with this time; `undefined` where there is nothing better, which an error then says. */
async function findRemedy(
  cause: Cause,
  { serverMs }: Refusal,
  attempt: Attempt,
  plan: SigningPlan,
  exchanged: Exchanged,
  wait: Wait,
): Promise<Remedy | undefined> {
  const { outcome } = exchanged;
  const { origin } = outcome.lastHop;
  if (cause === 'clock' && serverMs !== undefined) {
    return { skew: { origin, skewMs: measureSkew(serverMs, exchanged, plan.skews.read(origin)) } };
  }
  const replacing = replaceCredentials(attempt, plan);
  const replaced = isPending(replacing) ? await wait(replacing) : replacing;
  if (replaced !== undefined && !isSameAs(replaced, attempt)) return { credentials: replaced };
  explain(outcome, 'there are no other credentials');
  return undefined;
}

/** The credentials in the place of those that a request was signed with; the same where there are no others. */
function replaceCredentials(
  { credentials, time }: Attempt,
  { signer }: SigningPlan,
): CredentialSet | Promise<CredentialSet> | undefined {
  return credentials === undefined || isDerivedKey(signer) ? undefined : signer.replace(credentials, time);
}

function isSameAs(replaced: CredentialSet, { credentials }: Attempt): boolean {
  return credentials !== undefined && isSameSet(replaced, credentials);
}

/** Adds to an error why it was not healed. */
function explain({ result }: Outcome, why: string, cause?: Error): void {
  const error = 'error' in result ? result.error : undefined;
  if (!(error instanceof Error)) return;
  error.message += ` (${why})`;
  if (cause !== undefined) error.cause ??= cause;
}

/** The listener of an upload's progress, for any number of tries: what is sent again is no progress. */
function keepRising({ onUploadProgress }: Config): Partial<Config> {
  if (onUploadProgress === undefined) return {};
  let highest = 0;
  return {
    onUploadProgress: (event: AxiosProgressEvent) => {
      if (event.loaded < highest) return;
      highest = event.loaded;
      onUploadProgress(event);
    },
  };
}

/** Lets go of the connection of an answer that nobody will read. */
function discard({ data }: AxiosResponse<unknown>): void {
  if (isNodeStream(data)) data.destroy?.();
  else if (isWebStream(data)) data.cancel().catch(() => undefined);
}
