/** What one interceptor does with a request that axios has finished: prepare, sign, send, and heal, on one page. */
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { chooseAdapter, type ChosenAdapter } from '../request/adapter-name.js';
import { createLimits, type Limits } from './cancellation.js';
import { findAnswer, isRefusal } from './answer.js';
import { createSend, loadFramedSending, type Outcome } from './exchange.js';
import { loadHostnames } from '../destination/known-hostnames.js';
import { createHostError, maySign } from '../destination/trust.js';
import { Aws4AuthError } from '../errors.js';
import type { DebugLog } from '../platform/debug-log.js';
import { createLazyModule } from '../platform/lazy-module.js';
import { isPending, proceed } from '../platform/waiting.js';
import { readClockOr } from '../time/clock.js';
import { parseConfigUrl, type ConfigUrl } from '../request/outgoing-url.js';
import {
  prepareRequest,
  signAttempt,
  type Attempt,
  type PreparedRequest,
  type Remedy,
  type SigningPlan,
} from '../signing/attempt.js';
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

/** Sends a request that may be signed where it goes. */
async function sendSigned(
  config: Config,
  adapter: Config['adapter'],
  url: ConfigUrl,
  givenPlan: SendingPlan,
): Promise<AxiosResponse> {
  const limits = createLimits(config);
  let plan = givenPlan;
  let chosen: ChosenAdapter;
  let prepared: PreparedRequest;
  let first: Attempt;
  try {
    chosen = chooseAdapter(adapter, config);
    if (plan.signIn === 'query') plan = await signInQuery(plan);
    // Most requests wait for nothing before they are sent, and `await` alone would cost them a turn of all that is queued.
    const preparing = prepare(config, url, chosen, plan, limits);
    prepared = isPending(preparing) ? await preparing : preparing;
    const signing = sign(prepared, plan, {}, limits);
    first = isPending(signing) ? await signing : signing;
  } catch (error) {
    throw toRejection(error, config);
  }
  const send = createSend(config, adapter, chosen, plan, limits);
  const outcome = await send(first);
  if (!mayTeach(outcome, plan)) return unwrap(outcome, config);
  const receivedMs = readClockOr(plan.clock, outcome.lastHop.sentMs);
  // Few requests are refused: what heals and explains them is loaded when the first is. Where that fails, the answer
  // stands.
  const refused = await import('./refused-request.js').catch(() => undefined);
  if (refused === undefined) return unwrap(outcome, config);
  const signAgain = (remedy: Remedy): Attempt | Promise<Attempt> => sign(prepared, plan, remedy, limits);
  return unwrap(await refused.learnFrom(outcome, receivedMs, { first, send, signAgain, plan, limits }), config);
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
  config: Config,
  url: ConfigUrl,
  { name }: ChosenAdapter,
  plan: SigningPlan,
  { wait, throwIfCanceled }: Limits,
): PreparedRequest | Promise<PreparedRequest> {
  throwIfCanceled();
  return prepareRequest(config, url, name, plan, wait);
}

/** Signs a request, as often as it is to be sent. */
function sign(
  prepared: PreparedRequest,
  plan: SigningPlan,
  remedy: Remedy,
  { wait, throwIfCanceled }: Limits,
): Attempt | Promise<Attempt> {
  return proceed(signAttempt(prepared, plan, remedy, wait), (attempt) => {
    // A custom adapter may ignore abort signals.
    throwIfCanceled();
    return platform.debugLog === undefined ? attempt : logSigned(attempt, plan, platform.debugLog);
  });
}

async function logSigned(attempt: Attempt, plan: SigningPlan, debugLog: DebugLog): Promise<Attempt> {
  const { parseAwsHostname } = await loadHostnames();
  debugLog.signed(attempt, plan, parseAwsHostname);
  return attempt;
}

const loadQuerySigning = createLazyModule(() => import('../signing/query-signing.js'));

/** The plan of a request that is signed in its query. Few are: what does that is loaded when the first is. */
async function signInQuery<Plan extends SigningPlan>(plan: Plan): Promise<Plan> {
  const { createQuerySigning } = await loadQuerySigning();
  return { ...plan, querySigning: createQuerySigning(plan) };
}

/** Signs what axios has finished, without sending it. */
export async function signConfig(config: Config, adapter: Config['adapter'], given: SigningPlan): Promise<Attempt> {
  const plan = given.signIn === 'query' ? await signInQuery(given) : given;
  const limits = createLimits(config);
  const prepared = await prepare(config, parseConfigUrl(config), chooseAdapter(adapter, config), plan, limits);
  const attempt = await sign(prepared, plan, {}, limits);
  const { framed, request } = attempt;
  if (framed === undefined) return attempt;
  const { createFramedBody } = await loadFramedSending();
  return { ...attempt, request: { ...request, body: await createFramedBody(framed) } };
}
