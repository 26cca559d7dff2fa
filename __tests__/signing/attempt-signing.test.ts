/** An attempt: what was signed can be told later, as it was. */
import { AxiosHeaders } from 'axios';
import type { Aws4Options } from '../../lib/options/options.js';
import { compileOptions } from '../../lib/options/plan.js';
import { parseConfigUrl } from '../../lib/request/outgoing-url.js';
import { Limits } from '../../lib/sending/cancellation.js';
import { readTrace, signAttempt } from '../../lib/signing/attempt-signing.js';
import { prepareRequest } from '../../lib/signing/prepared-request.js';
import { credentials, temporary } from '../stand-ins/test-server.js';

const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key';

interface Given {
  readonly data?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

it.each<[string, Given, Aws4Options]>([
  ['bytes that have changed since', { data: Buffer.from('abc') }, { credentials }],
  ['text, and a token', { data: 'abc' }, { credentials: temporary }],
  ['no body, and a date of the caller', { headers: { Date: 'Sun, 30 Aug 2015 12:36:00 GMT' } }, { credentials }],
  ['headers that the option names', { headers: { 'X-A': 'b' } }, { credentials, signedHeaders: ['x-a'] }],
])('reads its trace once more: %s', async (_, { headers, data }, options) => {
  let nowMs = Date.UTC(2026, 10, 26);
  const traces: unknown[] = [];
  const planRequest = compileOptions({
    ...options,
    clock: () => (nowMs += 60_000),
    onSigned: (trace: unknown) => traces.push(trace),
  });
  const config = { method: 'put', url, headers: new AxiosHeaders(headers), data };
  const plan = planRequest(config);
  const limits = new Limits(config);
  const finished = { config, url: parseConfigUrl(config), adapterName: 'http', plan, limits } as const;
  const attempt = await signAttempt(await prepareRequest(finished), plan, {}, limits);
  if (Buffer.isBuffer(data)) data.write('x');
  const { signature, canonicalRequest } = readTrace(attempt);
  expect(attempt.headers['Authorization']).toContain(`Signature=${signature}`);
  expect(canonicalRequest).toMatch(/^PUT\n\/key\n/);
  // The caller was told once.
  expect(traces).toHaveLength(1);
});
