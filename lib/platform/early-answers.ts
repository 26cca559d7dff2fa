/** A transport for axios's http adapter by which an answer is heard that comes while the body is still being sent. */
import http from 'node:http';
import https from 'node:https';
import type { CreateHearingTransport } from './platform.js';

/**
 * A server that refuses a request may close the connection while more is being sent, which fails then: of Node's client
 * that is the end of the request, whose answer is there already. Here the answer counts.
 */
export const createHearingTransport: CreateHearingTransport = (given, onAnswer) => ({
  request: (options: object, onResponse: (response: unknown) => void) => {
    const transport = given ?? (Reflect.get(options, 'protocol') === 'https:' ? https : http);
    const send: unknown = Reflect.get(transport, 'request');
    if (typeof send !== 'function') throw new TypeError('transport: has no request function');
    let isAnswered = false;
    const request: unknown = Reflect.apply(send, transport, [
      options,
      (response: unknown) => {
        isAnswered = true;
        onAnswer(Number(Reflect.get(Object(response), 'statusCode')));
        onResponse(response);
      },
    ]);
    return ignoreErrors(request, () => isAnswered);
  },
});

/** Errors of sending are none after the answer: reading that has errors of its own. */
function ignoreErrors(request: unknown, isAnswered: () => boolean): unknown {
  if (typeof request !== 'object' || request === null) return request;
  const emit: unknown = Reflect.get(request, 'emit');
  if (typeof emit !== 'function') return request;
  return Object.defineProperty(request, 'emit', {
    value: (event: unknown, ...values: readonly unknown[]): unknown =>
      event === 'error' && isAnswered() ? false : Reflect.apply(emit, request, [event, ...values]),
    configurable: true,
    writable: true,
  });
}
