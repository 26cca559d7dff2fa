/**
 * The program of a signing process: sends a signed request for each message, or some at once, each by an interceptor of
 * its own, and answers with what came of them: of one that came to something else than the first, where there is such.
 */
import { isDeepStrictEqual } from 'node:util';
import { sendSignedRequest, type Outcome } from './signed-request.js';

export interface SigningOrder {
  readonly url: string;
  /** Environment variables that come to be before the request. */
  readonly environment: Readonly<Record<string, string>>;
  /** How many requests are sent at once, each by an interceptor of its own; 0 for one by that of the process. */
  readonly interceptors: number;
}

async function send({ url, environment, interceptors }: SigningOrder): Promise<Outcome> {
  Object.assign(process.env, environment);
  if (interceptors === 0) return sendSignedRequest(url);
  const [first, ...others] = await Promise.all(
    Array.from({ length: interceptors }, () => sendSignedRequest(url, true)),
  );
  if (first === undefined) throw new Error('There was nothing to send');
  return others.find((outcome) => !isDeepStrictEqual(outcome, first)) ?? first;
}

process.on('message', (order: SigningOrder) => {
  void send(order).then((outcome) => process.send?.(outcome));
});
