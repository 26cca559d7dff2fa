/** One more try for a request that was refused for a wrong clock, and one for an expired token. */
import { isAxiosError, type AxiosProgressEvent, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { throwIfCanceled, waitUnlessCanceled } from './cancellation.js';
import { measureSkew, readClock, systemClock, type Exchange } from './clock.js';
import { isSameSet, type CredentialSet } from './credentials.js';
import { CredentialsError } from './errors.js';
import { isRefusal, readAnswerDate, readRefusal, type Refusal } from './refusal.js';
import type { Remedy, Signed } from './signing.js';
import { isNodeStream, isWebStream } from './stream.js';

type Config = InternalAxiosRequestConfig;

/** Sends what was signed, with some of the config's properties changed for this try. */
export type SendOnce = (signed: Signed, changes: Partial<Config>) => Promise<AxiosResponse>;

/** Undoes a signature and makes another; `undefined` where the request may not be signed any more. */
export type SignAgain = (refused: Signed, remedy: Remedy) => Promise<Signed | undefined>;

/** Why a request was refused, where that can be healed. */
type Cause = 'clock' | 'token';

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
  let remedy: Remedy | undefined;
  for (;;) {
    const changes = remedy === undefined ? progress : { ...progress, ...limitTime(config, startedMs) };
    const outcome = await exchangeOnce(signed, changes, sendOnce);
    const { answer } = outcome;
    if (answer === undefined) return release(outcome);
    const refusal = isRefusal(answer) ? await waitInTime(readRefusal(answer)) : undefined;
    const cause = refusal && findCause(refusal, answer.status, signed, outcome);
    if (cause !== 'clock') learnSkew(answer, signed, outcome, remedy);
    if (refusal === undefined || cause === undefined || causes.has(cause)) return release(outcome);

    causes.add(cause);
    remedy = await findRemedy(cause, refusal, signed, outcome, waitInTime);
    throwIfCanceled(config);
    const again = remedy && (await signAgain(signed, remedy));
    if (again === undefined) return release(outcome);
    discard(answer);
    signed = again;
  }
}

/** What came of a request, and when. */
interface Outcome extends Exchange {
  /** The server's answer, whether axios takes it for a success or an error. */
  readonly answer: AxiosResponse<unknown> | undefined;
  readonly thrown: { readonly error: unknown } | undefined;
}

async function exchangeOnce(signed: Signed, changes: Partial<Config>, sendOnce: SendOnce): Promise<Outcome> {
  const { sent, options } = signed;
  const { clock = systemClock } = options;
  sent.sentMs = readClock(clock);
  let answer: AxiosResponse<unknown> | undefined;
  let thrown: Outcome['thrown'];
  try {
    answer = await sendOnce(signed, changes);
  } catch (error) {
    thrown = { error };
    answer = isAxiosError(error) ? error.response : undefined;
  }
  // A redirect was sent later.
  return { answer, thrown, sentMs: sent.sentMs, receivedMs: readClock(clock) };
}

function release({ answer, thrown }: Outcome): AxiosResponse {
  if (thrown !== undefined || answer === undefined) throw thrown?.error;
  return answer;
}

const CLOCK_CODES: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'AuthFailure']);
/** Codes of a wrong clock where their message says so. */
const SIGNATURE_CODES: ReadonlySet<string> = new Set(['SignatureDoesNotMatch', 'InvalidSignatureException']);
const TOKEN_CODES: ReadonlySet<string> = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired']);

function findCause(refusal: Refusal, status: number, signed: Signed, exchange: Exchange): Cause | undefined {
  if (!signed.sent.isSigned) return undefined;
  if (refusal.code !== undefined && TOKEN_CODES.has(refusal.code)) return 'token';
  if (isOfClock(refusal, status) && isMisdated(refusal, signed, exchange)) return 'clock';
  return isDeadByServer(refusal, signed) ? 'token' : undefined;
}

function isOfClock({ code, message }: Refusal, status: number): boolean {
  if (code === undefined) return status !== 400;
  return CLOCK_CODES.has(code) || (SIGNATURE_CODES.has(code) && /not yet current|expired/i.test(message));
}

/** Services take dates that are 5 minutes off, and some 15. */
const TOLERANCE_MS = 4 * 60_000;

/** Whether the request was dated wrongly by the server's clock, which is read at the middle of the exchange. */
function isMisdated({ serverMs }: Refusal, { sent }: Signed, { sentMs, receivedMs }: Exchange): boolean {
  if (serverMs === undefined || sent.datedMs === undefined) return false;
  const aheadMs = serverMs - (sentMs + receivedMs) / 2;
  const datedAheadMs = sent.datedMs - sentMs;
  return Math.abs(aheadMs - datedAheadMs) > TOLERANCE_MS;
}

/** Some answers do not say that the token expired (those to HEAD have no text), but when they were made. */
function isDeadByServer({ serverMs }: Refusal, { credentials }: Signed): boolean {
  return serverMs !== undefined && serverMs >= (credentials?.expiresAtMs ?? Infinity);
}

/** Keeps a skew that was good for a request, and corrects one that later answers contradict. */
function learnSkew(
  answer: AxiosResponse<unknown>,
  { sent, options: { skews } }: Signed,
  exchange: Exchange,
  remedy: Remedy | undefined,
): void {
  if (remedy?.skew !== undefined) skews.learn(remedy.skew.origin, remedy.skew.skewMs);
  const assumedMs = sent.isSigned ? skews.read(sent.origin) : 0;
  const serverMs = assumedMs === 0 ? undefined : readAnswerDate(answer);
  if (serverMs !== undefined) skews.learn(sent.origin, measureSkew(serverMs, exchange, assumedMs));
}

type WaitInTime = <T>(awaited: Promise<T>) => Promise<T>;

/**
 * What to sign the request with this time; `undefined` where it cannot be sent again, which an error then says. What
 * was learned is kept all the same, for the requests that come after it.
 */
async function findRemedy(
  cause: Cause,
  { code, serverMs }: Refusal,
  signed: Signed,
  outcome: Outcome,
  waitInTime: WaitInTime,
): Promise<Remedy | undefined> {
  const { origin } = signed.sent;
  const { skews } = signed.options;
  const isConsumed = isNodeStream(signed.request.body) || isWebStream(signed.request.body);
  if (isConsumed) explain(outcome, 'it was not sent again, since its body was a stream, whose bytes are gone');

  if (cause === 'clock' && serverMs !== undefined) {
    const skew = { origin, skewMs: measureSkew(serverMs, outcome, skews.read(origin)) };
    if (!isConsumed) return { skew };
    // Whether it was the clock is sure only where the answer says so: there is no second try to show it.
    if (code !== undefined) skews.learn(skew.origin, skew.skewMs);
    return undefined;
  }
  const replacing = replaceCredentials(signed, outcome);
  if (!isConsumed) return waitInTime(replacing);
  return undefined;
}

async function replaceCredentials(
  { options: { signer }, credentials, now }: Signed,
  outcome: Outcome,
): Promise<Remedy | undefined> {
  if (credentials === undefined || 'signingKey' in signer) return undefined;
  let replaced: CredentialSet;
  try {
    replaced = await signer.replace(credentials, now);
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    explain(outcome, `the credentials could not be replaced: ${error.message}`, error);
    return undefined;
  }
  if (!isSameSet(replaced, credentials)) return { credentials: replaced };
  explain(outcome, 'there are no other credentials');
  return undefined;
}

/** Adds to an error why it was not healed. */
function explain({ thrown }: Outcome, why: string, cause?: Error): void {
  const error = thrown?.error;
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

/** The listeners of progress, for any number of tries: what is sent or received again is no progress. */
function keepRising({ onUploadProgress, onDownloadProgress }: Config): Partial<Config> {
  return {
    ...(onUploadProgress && { onUploadProgress: onlyRising(onUploadProgress) }),
    ...(onDownloadProgress && { onDownloadProgress: onlyRising(onDownloadProgress) }),
  };
}

function onlyRising(listener: (event: AxiosProgressEvent) => void): (event: AxiosProgressEvent) => void {
  let highest = 0;
  return (event) => {
    if (event.loaded < highest) return;
    highest = event.loaded;
    listener(event);
  };
}

/** Lets go of the connection of an answer that nobody will read. */
function discard({ data }: AxiosResponse<unknown>): void {
  if (isNodeStream(data)) data.destroy?.();
  else if (isWebStream(data)) data.cancel().catch(() => undefined);
}
