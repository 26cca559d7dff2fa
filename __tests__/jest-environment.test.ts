/** Failed tests, whose errors must fit into the report of `jest --json`. */
import { AxiosError, type InternalAxiosRequestConfig } from 'axios';
import JsonSafeEnvironment from './jest-environment.js';

/** What jest's report has of a test's errors, in or out of a worker, which hands on an error's own properties. */
function report(errors: readonly unknown[]): unknown {
  const child = { type: 'test', errors };
  const rootDescribeBlock = { children: [{ type: 'describeBlock', children: [child] }] };
  JsonSafeEnvironment.prototype.handleTestEvent({ name: 'run_finish' }, { rootDescribeBlock });
  return child.errors;
}

function circularError(): AxiosError {
  const agent: { sockets?: unknown } = {};
  agent.sockets = [agent];
  const config = { httpAgent: agent } as unknown as InternalAxiosRequestConfig;
  return new AxiosError('Request failed', 'ERR_BAD_REQUEST', config, agent);
}

it('an error that is circular is told without what makes it so', () => {
  const error = circularError();
  const [[simple, place]] = report([[error, new Error('place')]]) as [[AxiosError, Error]];
  expect(simple).toMatchObject({ name: 'AxiosError', message: 'Request failed', code: 'ERR_BAD_REQUEST' });
  expect(simple.stack).toBe(error.stack);
  expect(place.message).toBe('place');
  expect(() => JSON.stringify(Object.entries(simple))).not.toThrow();
});

it('and so is the cause of one', () => {
  const error = Object.assign(circularError(), { cause: circularError() });
  const [[simple]] = report([error]) as [[AxiosError]];
  expect(simple.cause).toMatchObject({ name: 'AxiosError', message: 'Request failed' });
  expect(() => JSON.stringify([simple, simple.cause].map((each) => Object.entries(each ?? {})))).not.toThrow();
});

it.each([new Error('x', { cause: 1 }), 'text', undefined, null])('what is no trouble stays as it is (%#)', (thrown) => {
  expect(report([thrown])).toStrictEqual([[thrown]]);
});
