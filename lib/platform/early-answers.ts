/** A transport for axios's http adapter by which an answer is heard that comes while the body is still being sent. */
import http from 'node:http';
import https from 'node:https';
import type { CreateHearingTransport } from './platform.js';
import { LONGEST_TIMER_MS } from './waiting.js';

/**
 * A server that refuses a request may close the connection while more is being sent, which fails then: of Node's client
 * that is the end of the request, whose answer is there already. Here the answer counts.
 */
export const createHearingTransport: CreateHearingTransport = (given, { onAnswer, onClose }) => ({
  request: (options: object, onResponse: (response: unknown) => void) => {
    const transport = given ?? (Reflect.get(options, 'protocol') === 'https:' ? https : http);
    const send: unknown = Reflect.get(transport, 'request');
    if (typeof send !== 'function') throw new TypeError('transport: has no request function');
    const state: Hearing = { isAnswered: false };
    const request: unknown = Reflect.apply(send, transport, [
      options,
      (response: unknown) => {
        state.isAnswered = true;
        clearTimeout(state.timer);
        const isWanted = onAnswer(Number(Reflect.get(Object(response), 'statusCode')));
        // Node keeps the connection for a body that will not come to its end.
        if (!isWanted)
          call(response, 'once', 'end', () => {
            endUnsent(request);
          });
        onResponse(response);
      },
    ]);
    call(request, 'once', 'close', () => {
      clearTimeout(state.timer);
      onClose();
    });
    limitConnecting(request, state);
    ignoreErrors(request, state);
    return request;
  },
});

/** How far a request is. */
interface Hearing {
  isAnswered: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

function endUnsent(request: unknown): void {
  if (Reflect.get(Object(request), 'writableFinished') === false) call(request, 'destroy');
}

/** A request's timeout begins when it is connected, which it may never be. axios counts it so where the transport is its own. */
function limitConnecting(request: unknown, state: Hearing): void {
  replace(request, 'setTimeout', (setTimer, [ms, onTimeout]) => {
    if (typeof ms === 'number' && ms > 0 && typeof onTimeout === 'function') {
      state.timer = setTimeout(() => void Reflect.apply(onTimeout, undefined, []), Math.min(ms, LONGEST_TIMER_MS));
    }
    return setTimer();
  });
}

/** Errors of sending are none after the answer: reading that has errors of its own. Not each request closes after one. */
function ignoreErrors(request: unknown, state: Hearing): void {
  replace(request, 'emit', (emit, [event]) => {
    if (event === 'error') clearTimeout(state.timer);
    return event === 'error' && state.isAnswered ? false : emit();
  });
}

/** Puts a method in the place of a request's own, which it may call as it was called. */
function replace(
  request: unknown,
  name: 'emit' | 'setTimeout',
  by: (own: () => unknown, values: readonly unknown[]) => unknown,
): void {
  const own: unknown = Reflect.get(Object(request), name);
  if (typeof own !== 'function') return;
  Object.defineProperty(request, name, {
    value: (...values: readonly unknown[]): unknown => by(() => Reflect.apply(own, request, values), values),
    configurable: true,
    writable: true,
  });
}

/** Calls a method that what another's transport gives may not have. */
function call(bearer: unknown, name: string, ...values: readonly unknown[]): void {
  const method: unknown = Reflect.get(Object(bearer), name);
  if (typeof method === 'function') Reflect.apply(method, bearer, values);
}
