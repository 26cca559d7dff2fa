/** What one interceptor does with a request that axios has finished: prepare, sign, send, and heal, on one page. */
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { chooseAdapter, type ChosenAdapter } from '../request/adapter-name.js';
import { createLimits, type Limits } from './cancellation.js';
import { findAnswer, isRefusal } from './answer.js';
import { createSend, type Outcome } from './exchange.js';
import { parseAwsHostname } from '../destination/aws-hostname.js';
import { createHostError, maySign } from '../destination/trust.js';
import { proceed } from '../platform/waiting.js';
import { readClockOr } from '../time/clock.js';
import { parseConfigUrl } from '../request/outgoing-url.js';
import type { ParsedUrl } from '../request/parsed-url.js';
import { prepareRequest, signAttempt, type Attempt, type Remedy, type SigningPlan } from '../signing/attempt.js';
import type { RequestSigner } from './signing-adapter.js';
import { markAsAxiosError } from './signing-error.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;

/** How requests are signed and sent: the options, checked and complete. */
export interface SendingPlan extends SigningPlan {
  readonly heal: boolean;
}

/** The plan of one request, by its own `aws4`. */
export type PlanRequest = (config: Config) => SendingPlan;

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

async function sendSigned(
  config: Config,
  adapter: Config['adapter'],
  url: ParsedUrl,
  plan: SendingPlan,
): Promise<AxiosResponse> {
  const limits = createLimits(config);
  const chosen = chooseAdapter(adapter, config);
  let sign: Sign;
  let first: Attempt;
  try {
    sign = await createSign(config, url, chosen, plan, limits);
    first = await sign({});
  } catch (error) {
    throw markAsAxiosError(error, config);
  }
  const send = createSend(config, adapter, chosen, plan, limits);
  const outcome = await send(first);
  if (!mayTeach(outcome, plan)) return unwrap(outcome);
  const receivedMs = readClockOr(plan.clock, outcome.lastHop.sentMs);
  // Few requests are refused: what heals and explains them is loaded when the first is. Where that fails, the answer
  // stands.
  const refused = await import('./refused-request.js').catch(() => undefined);
  if (refused === undefined) return unwrap(outcome);
  return unwrap(await refused.learnFrom(outcome, receivedMs, { first, send, signAgain: sign, plan, limits }));
}

/** Whether an answer may have to be healed or explained, or may correct what is known of the server's clock. */
function mayTeach(outcome: Outcome, { heal, skews }: SendingPlan): boolean {
  const answer = findAnswer(outcome);
  return answer !== undefined && (isRefusal(answer) || (heal && !skews.isEmpty));
}

function unwrap({ result }: Outcome): AxiosResponse {
  if ('error' in result) throw result.error;
  return result.response;
}

/** Signs a request, as often as it is to be sent. */
type Sign = (remedy: Remedy) => Attempt | Promise<Attempt>;

function createSign(
  config: Config,
  url: ParsedUrl,
  { name }: ChosenAdapter,
  plan: SigningPlan,
  { wait, throwIfCanceled }: Limits,
): Sign | Promise<Sign> {
  throwIfCanceled();
  return proceed(prepareRequest(config, url, name, plan, wait), (prepared) => (remedy) => {
    return proceed(signAttempt(prepared, plan, remedy, wait), (attempt) => {
      // A custom adapter may ignore abort signals.
      throwIfCanceled();
      platform.debugLog?.signed(attempt, plan, parseAwsHostname);
      return attempt;
    });
  });
}

/** Signs what axios has finished, without sending it. */
export async function signConfig(config: Config, adapter: Config['adapter'], plan: SigningPlan): Promise<Attempt> {
  const chosen = chooseAdapter(adapter, config);
  const sign = await createSign(config, parseConfigUrl(config), chosen, plan, createLimits(config));
  return sign({});
}
