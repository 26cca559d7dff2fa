/** One more try for a request that was refused for a wrong clock, and one for an expired token. */
import { isAxiosError, type AxiosProgressEvent, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { throwIfCanceled, waitUnlessCanceled } from './cancellation.js';
import { measureSkew, readClock, readClockOr, type Exchange } from './clock.js';
import { isSameSet, type CredentialSet } from './credentials.js';
import { Aws4AuthError } from './errors.js';
import { findCause, type Cause } from './refusal-cause.js';
import { isRefusal, readAnswerDate, readRefusal, type Refusal } from './refusal.js';
import type { Remedy, Signed } from './signing.js';
import { isNodeStream, isStream, isWebStream } from './stream.js';

type Config = InternalAxiosRequestConfig;

/** Sends what was signed, with some of the config's properties changed for this try. */
export type SendOnce = (signed: Signed, changes: Partial<Config>) => Promise<AxiosResponse>;

/** Undoes a signature and makes another; `undefined` where the request may not be signed any more. */
export type SignAgain = (refused: Signed, remedy: Remedy) => Promise<Signed | undefined>;

/**
 * Sends a signed request, and once more for each cause for which it is refused and that can be healed: a date that is
 * not the server's, and a token that has expired. The caller sees one request, and one answer: the last.
 */
export async function sendAndHeal(
  config: Config,
  first: Signed,
  sendOnce: SendOnce,
  signAgain: SignAgain,
): Promise<AxiosResponse> {
  if (first.options.heal === false) return sendOnce(first, {});
  const startedMs = performance.now();
  const waitInTime = <T>(awaited: Promise<T>): Promise<T> =>
    waitUnlessCanceled({ ...config, ...limitTime(config, startedMs) }, awaited);
  const progress = keepRising(config);
  const causes = new Set<Cause>();
  let signed = first;
  let remedy: Remedy = {};
  for (;;) {
    const changes = causes.size === 0 ? progress : { ...progress, ...limitTime(config, startedMs) };
    const outcome = await exchangeOnce(signed, changes, sendOnce);
    const { answer } = outcome;
    if (answer === undefined || !signed.sent.mayHeal || isElsewhere(answer, signed)) return release(outcome);
    const refusal = isRefusal(answer) ? await waitInTime(readRefusal(answer)) : undefined;
    const cause = refusal && findCause(refusal, signed, outcome);
    if (cause !== 'clock') learnSkew(answer, refusal, signed, outcome, remedy);
    if (refusal === undefined || cause === undefined || causes.has(cause)) return release(outcome);

    causes.add(cause);
    if (isConsumed(signed)) {
      explain(outcome, 'it was not sent again, since its body was a stream, whose bytes are gone');
      healOthers(cause, refusal, signed, outcome);
      return release(outcome);
    }
    const again = await signWithRemedy(outcome, async () => {
      const found = await findRemedy(cause, refusal, signed, outcome, waitInTime);
      throwIfCanceled(config);
      remedy = { ...remedy, ...found };
      return found && signAgain(signed, remedy);
    });
    if (again === undefined) return release(outcome);
    discard(answer);
    signed = again;
  }
}

/** What came of a request, and when. */
interface Outcome extends Exchange {
  readonly result: { readonly response: AxiosResponse } | { readonly error: unknown };
  /** The server's answer, whether axios takes it for a success or an error. */
  readonly answer: AxiosResponse<unknown> | undefined;
}

async function exchangeOnce(signed: Signed, changes: Partial<Config>, sendOnce: SendOnce): Promise<Outcome> {
  const { sent, options } = signed;
  const { clock, skews } = options;
  sent.sentMs = readClock(clock);
  const result = await sendOnce(signed, changes).then(
    (response) => ({ response }),
    (error: unknown) => ({ error }),
  );
  const answer = findAnswer(result);
  // By a redirect it was sent later. When it was answered matters only where there is a skew to learn or to correct.
  const { sentMs } = sent;
  const isOfUse = answer !== undefined && (isRefusal(answer) || !skews.isEmpty);
  return { result, answer, sentMs, receivedMs: isOfUse ? readClockOr(clock, sentMs) : sentMs };
}

function findAnswer(result: Outcome['result']): AxiosResponse<unknown> | undefined {
  const thrown = 'error' in result && isAxiosError(result.error) ? result.error.response : undefined;
  const answer: AxiosResponse<unknown> | undefined = 'response' in result ? result.response : thrown;
  // Adapters of others may give less than a response.
  const headers: unknown = answer?.headers;
  return typeof headers === 'object' && headers !== null ? answer : undefined;
}

/** Browsers follow an xhr's redirects by themselves. */
function isElsewhere({ request }: AxiosResponse<unknown>, { sent }: Signed): boolean {
  const url: unknown = Reflect.get(Object(request), 'responseURL');
  return typeof url === 'string' && url !== '' && !url.startsWith(`${sent.origin}/`);
}

function release({ result }: Outcome): AxiosResponse {
  if ('error' in result) throw result.error;
  return result.response;
}

/**
 * Keeps a skew that was good for a request, and corrects one that later answers contradict. An answer that refuses
 * and does not say why may be of a proxy whose clock is wrong: that is no ground to date other requests by it.
 */
function learnSkew(
  answer: AxiosResponse<unknown>,
  refusal: Refusal | undefined,
  { sent, options: { skews } }: Signed,
  exchange: Exchange,
  { skew }: Remedy,
): void {
  const isBare = refusal !== undefined && refusal.code === undefined;
  if (skew !== undefined && !isBare) skews.learn(skew.origin, skew.skewMs);
  const assumedMs = skews.read(sent.origin);
  const serverMs = assumedMs === 0 ? undefined : readAnswerDate(answer);
  if (serverMs !== undefined) skews.learn(sent.origin, measureSkew(serverMs, exchange, assumedMs));
}

function isConsumed({ request: { body } }: Signed): boolean {
  return isStream(body);
}

/** What a request that cannot be sent again has found out helps those that come after it. */
function healOthers(cause: Cause, { code, serverMs }: Refusal, signed: Signed, exchange: Exchange): void {
  const { sent, options } = signed;
  if (cause === 'token') replaceCredentials(signed).catch(() => undefined);
  // Whether it was the clock is sure only where the answer says so: there is no second try to show it.
  else if (code !== undefined && serverMs !== undefined) {
    options.skews.learn(sent.origin, measureSkew(serverMs, exchange, options.skews.read(sent.origin)));
  }
}

/** What fails while a request is healed does not take the place of the server's answer: that says what is wrong. */
async function signWithRemedy(outcome: Outcome, sign: () => ReturnType<SignAgain>): Promise<Signed | undefined> {
  try {
    return await sign();
  } catch (error) {
    if (!(error instanceof Aws4AuthError)) throw error;
    explain(outcome, `it could not be signed again: ${error.message}`, error);
    return undefined;
  }
}

type WaitInTime = <T>(awaited: Promise<T>) => Promise<T>;

/** What to sign the request with this time; `undefined` where there is nothing better, which an error then says. */
async function findRemedy(
  cause: Cause,
  { serverMs }: Refusal,
  signed: Signed,
  outcome: Outcome,
  waitInTime: WaitInTime,
): Promise<Remedy | undefined> {
  const { origin } = signed.sent;
  if (cause === 'clock' && serverMs !== undefined) {
    return { skew: { origin, skewMs: measureSkew(serverMs, outcome, signed.options.skews.read(origin)) } };
  }
  const replaced = await waitInTime(replaceCredentials(signed));
  if (replaced !== undefined) return { credentials: replaced };
  explain(outcome, 'there are no other credentials');
  return undefined;
}

/** Other credentials than those that a request was signed with, where there are any. */
async function replaceCredentials({
  options: { signer },
  credentials,
  time,
}: Signed): Promise<CredentialSet | undefined> {
  if (credentials === undefined || 'signingKey' in signer) return undefined;
  const replaced = await signer.replace(credentials, time);
  return isSameSet(replaced, credentials) ? undefined : replaced;
}

/** Adds to an error why it was not healed. */
function explain({ result }: Outcome, why: string, cause?: Error): void {
  const error = 'error' in result ? result.error : undefined;
  if (!(error instanceof Error)) return;
  error.message += ` (${why})`;
  if (cause !== undefined) error.cause ??= cause;
}

/** What is left of the caller's timeout for another try. */
function limitTime({ timeout, timeoutErrorMessage }: Config, startedMs: number): Partial<Config> {
  if (!timeout) return {};
  return {
    timeout: Math.max(1, Math.ceil(timeout - (performance.now() - startedMs))),
    timeoutErrorMessage: timeoutErrorMessage ?? `timeout of ${String(timeout)}ms exceeded`,
  };
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
