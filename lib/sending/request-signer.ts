/** What one interceptor does with a request that axios has finished: prepare, sign, send, and heal, on one page. */
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { chooseAdapter } from '../request/adapter-name.js';
import { Limits } from './cancellation.js';
import { findAnswer, isRefusal } from './answer.js';
import { createSending, loadFramedSending, sendAttempt, type Outcome, type Sending } from './exchange.js';
import type { Retry } from './healing.js';
import { loadHostnames } from '../destination/known-hostnames.js';
import { createHostError, maySign } from '../destination/trust.js';
import { Aws4AuthError } from '../errors.js';
import type { DebugLog } from '../platform/debug-log.js';
import { createLazyModule } from '../platform/lazy-module.js';
import { isPending, proceed } from '../platform/waiting.js';
import { readClockOr } from '../time/clock.js';
import { parseConfigUrl, type ConfigUrl } from '../request/outgoing-url.js';
import { prepareRequest, type PreparedRequest, type SessionSubject } from '../signing/prepared-request.js';
import { readCorrectedClock, readCredentials, readDate, type Attempt, type Remedy } from '../signing/attempt.js';
import { readTrace, signAttempt } from '../signing/attempt-signing.js';
import type { SigningPlan } from '../signing/signing-plan.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import type { RequestSigner } from './signing-adapter.js';
import { toRejection } from './signing-error.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;

/** How requests are signed and sent: the options, checked and complete. */
export interface SendingPlan extends SigningPlan {
  readonly heal: boolean;
}

/** The plan of one request, by its own `aws4`. */
export type PlanRequest = (config: Config) => SendingPlan;

/** One interceptor's side of the signing adapter. */
export function createRequestSigner(planRequest: PlanRequest): RequestSigner {
  return {
    judge: (config) => {
      const plan = planRequest(config);
      const url = parseConfigUrl(config);
      return proceed(maySign(url, plan.hosts, config), (isAllowed) => {
        if (isAllowed) return { send: (adapter: Config['adapter']) => sendSigned(config, adapter, url, plan) };
        return { refusal: plan.elsewhere === 'unsigned' ? undefined : createHostError(url, plan.hosts) };
      });
    },
  };
}

/** As {@link createRequestSigner}, for every host there is. */
export function createTrustingSigner(planRequest: PlanRequest): RequestSigner {
  return {
    judge: (config) => {
      const plan = planRequest(config);
      const url = parseConfigUrl(config);
      return { send: (adapter) => sendSigned(config, adapter, url, plan) };
    },
  };
}

/**
 * Sends a request that may be signed where it goes. Not an async function, as nothing on the way of most requests is:
 * they wait for nothing before they are sent, and each promise costs them as much as a hash (measured).
 *
 * @throws at once, or as a rejection, what keeps the request from being signed
 */
function sendSigned(
  config: Config,
  adapter: Config['adapter'],
  url: ConfigUrl,
  plan: SendingPlan,
): Promise<AxiosResponse> {
  const chosen = chooseAdapter(adapter, config);
  const sending = createSending(config, adapter, chosen, new Limits(config));
  const signing = signFirst(sending, url, plan);
  if (!isPending(signing)) return sendAttempt(signing, sending, finish);
  return signing.then(
    (attempt) => sendAttempt(attempt, sending, finish),
    (error: unknown) => {
      throw toRejection(error, config);
    },
  );
}

type SignedAttempt = Attempt<SendingPlan>;

function signFirst(sending: Sending, url: ConfigUrl, given: SendingPlan): SignedAttempt | Promise<SignedAttempt> {
  const { config, given: adapter, limits } = sending;
  return proceed(given.signIn === 'query' ? signInQuery(given) : given, (plan) =>
    proceed(prepare(sending, url, plan), (prepared) =>
      prepared.endpoint.service === 's3express'
        ? enterSession(plan, prepared, config, adapter, limits).then((inSession) =>
            sign(prepared, inSession, {}, limits),
          )
        : sign(prepared, plan, {}, limits),
    ),
  );
}

/** Gives the answer, or throws the error; what the answer may teach is learned before, and the request sent again. */
function finish(outcome: Outcome, first: SignedAttempt, sending: Sending): AxiosResponse | Promise<AxiosResponse> {
  const { plan, prepared } = first;
  const { config, limits } = sending;
  if (!mayTeach(outcome, plan)) return unwrap(outcome, config);
  const receivedMs = readClockOr(plan.clock, outcome.lastHop.sentMs);
  const retry = {
    first,
    plan,
    limits,
    readTrace,
    signAgain: (remedy: Remedy) => sign(prepared, plan, remedy, limits),
    send: (attempt: Attempt) => sendAttempt(attempt, sending, (last) => last),
  };
  return learn(outcome, receivedMs, retry).then((last) => unwrap(last, config));
}

/** Few requests are refused: what heals and explains them is loaded when the first is. Where that fails, the answer stands. */
async function learn(
  outcome: Outcome,
  receivedMs: number,
  retry: Retry & { readonly plan: SendingPlan },
): Promise<Outcome> {
  const { learnFrom } = await import('./refused-request.js').catch(() => ({ learnFrom: undefined }));
  return learnFrom === undefined ? outcome : learnFrom(outcome, receivedMs, retry);
}

/** Whether an answer may have to be healed or explained, or may correct what is known of the server's clock. */
function mayTeach(outcome: Outcome, { heal, skews }: SendingPlan): boolean {
  const answer = findAnswer(outcome);
  return answer !== undefined && (isRefusal(answer) || (heal && !skews.isEmpty));
}

function unwrap({ result }: Outcome, config: Config): AxiosResponse {
  if (!('error' in result)) return result.response;
  throw result.error instanceof Aws4AuthError ? toRejection(result.error, config) : result.error;
}

function prepare(
  { config, adapterName, limits }: Pick<Sending, 'config' | 'adapterName' | 'limits'>,
  url: ConfigUrl,
  plan: SigningPlan,
): PreparedRequest | Promise<PreparedRequest> {
  limits.throwIfCanceled();
  return prepareRequest({ config, url, adapterName, plan, limits });
}

/** Signs a request, as often as it is to be sent. */
function sign<Plan extends SigningPlan>(
  prepared: PreparedRequest,
  plan: Plan,
  remedy: Remedy,
  limits: Limits,
): Attempt<Plan> | Promise<Attempt<Plan>> {
  return proceed(signAttempt(prepared, plan, remedy, limits), (attempt) => {
    // A custom adapter may ignore abort signals.
    limits.throwIfCanceled();
    return platform.debugLog === undefined ? attempt : logSigned(attempt, platform.debugLog);
  });
}

async function logSigned<Plan extends SigningPlan>(attempt: Attempt<Plan>, debugLog: DebugLog): Promise<Attempt<Plan>> {
  const { parseAwsHostname } = await loadHostnames();
  debugLog.signed(
    {
      ...attempt,
      payload: attempt.prepared.payload,
      trace: readTrace(attempt),
      datedMs: readDate(attempt),
      credentials: readCredentials(attempt),
      time: readCorrectedClock(attempt),
    },
    attempt.plan,
    parseAwsHostname,
  );
  return attempt;
}

const loadExpressSession = createLazyModule(() => import('./express-session.js'));

/** The plan of a request that a session of S3 Express may sign; few do. */
export async function enterSession<Plan extends SendingPlan>(
  plan: Plan,
  { endpoint, request }: SessionSubject,
  config: Config,
  adapter: Config['adapter'],
  limits: Limits,
): Promise<Plan> {
  if (endpoint.service !== 's3express' || plan.s3ExpressSessions === false) return plan;
  return (await loadExpressSession()).enterSession(plan, request, config, adapter, limits, sendSigned);
}

const loadQuerySigning = createLazyModule(() => import('../signing/query-signing.js'));

/** The plan of a request that is signed in its query. Few are: what does that is loaded when the first is. */
async function signInQuery<Plan extends SigningPlan>(plan: Plan): Promise<Plan> {
  const { createQuerySigning } = await loadQuerySigning();
  return { ...plan, querySigning: createQuerySigning(plan) };
}

/** A request as it would be sent, and what was signed of it. */
export interface UnsentRequest extends Pick<Attempt, 'request' | 'headers'> {
  readonly trace: SigningTrace;
}

/** Signs what axios has finished, without sending it. */
export async function signConfig(
  config: Config,
  adapter: Config['adapter'],
  given: SendingPlan,
): Promise<UnsentRequest> {
  const own = given.signIn === 'query' ? await signInQuery(given) : given;
  const limits = new Limits(config);
  const { name: adapterName } = chooseAdapter(adapter, config);
  const prepared = await prepare({ config, adapterName, limits }, parseConfigUrl(config), own);
  const plan = await enterSession(own, prepared, config, adapter, limits);
  const attempt = await sign(prepared, plan, {}, limits);
  const { framed, request, headers } = attempt;
  const trace = readTrace(attempt);
  if (framed === undefined) return { request, headers, trace };
  const { createFramedBody } = await loadFramedSending();
  return { request: { ...request, body: await createFramedBody(framed) }, headers, trace };
}
