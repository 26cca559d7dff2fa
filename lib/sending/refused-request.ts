/** What is done with a signed request that was refused: it is healed where that is possible, and else explained. */
import type { SendingPlan } from './request-signer.js';
import { findAnswer, isRefusal } from './answer.js';
import type { Outcome } from './exchange.js';
import { diagnose, heal, isElsewhere, readExchange, type Retry, type Tried } from './healing.js';
import { keepExplanation, type RefusalExplanation } from './explanation.js';
import { readRefusal } from './server-refusal.js';
import { isMarked } from './refusal-marks.js';

/**
 * Sends a request once more where its refusal can be healed, and explains the last refusal, where it is one of the
 * signature. Any other answer may correct what is known of the server's clock.
 *
 * @param outcome what came of the first try
 * @param receivedMs when that came, by the uncorrected clock
 */
export async function learnFrom(
  outcome: Outcome,
  receivedMs: number,
  retry: Retry & { readonly plan: SendingPlan },
): Promise<Outcome> {
  const { plan, first } = retry;
  const last = plan.heal
    ? await heal(outcome, receivedMs, retry)
    : await diagnose(readExchange(outcome, receivedMs, first), retry);
  await explainOutcome(last, retry);
  return last.outcome;
}

async function explainOutcome(last: Tried, { limits, readTrace }: Retry): Promise<void> {
  const { outcome, attempt } = last;
  const { lastHop } = outcome;
  const answer = findAnswer(outcome);
  if (
    answer === undefined ||
    (lastHop.isRedirected && lastHop.trace === undefined) ||
    !isRefusal(answer) ||
    isElsewhere(answer, lastHop.origin)
  )
    return;
  const refusal = last.refusal ?? (await limits.wait(readRefusal(answer, attempt.endpoint.service)));
  if (last.cause === undefined && !isMarked(refusal)) return;
  // What cannot be loaded, or an answer that cannot be explained, leaves the answer as it is.
  const explanation = await import('./explainer.js')
    .then(({ explain }) => explain(refusal, last, lastHop.trace ?? readTrace(attempt)))
    .catch(() => undefined);
  if (explanation !== undefined) keepWith(outcome, answer, explanation);
}

function keepWith({ result }: Outcome, answer: object, explanation: RefusalExplanation): void {
  keepExplanation(answer, explanation);
  if (!('error' in result) || !(result.error instanceof Error)) return;
  keepExplanation(result.error, explanation);
  addToMessage(result.error, explanation.summary);
}

/** The stack, which is what consoles print, begins with the message as it was when the error was made. */
function addToMessage(error: Error, summary: string): void {
  const { message, stack } = error;
  const longer = `${message}. ${summary}`;
  Reflect.set(error, 'message', longer);
  if (stack?.includes(message) === true)
    Reflect.set(
      error,
      'stack',
      stack.replace(message, () => longer),
    );
}
