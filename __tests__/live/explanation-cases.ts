/** Refusals that explain themselves: what a proxy in front of the server changes is named for what it is. */
import { explainRefusal, type Aws4Options, type RefusalCause } from '../../lib/index.js';
import {
  addHeader,
  changeHeader,
  changePath,
  changeQuery,
  createChangingProxy,
  dropHeader,
  setHeader,
  type Change,
} from '../stand-ins/changing-proxy.js';
import { failure } from '../stand-ins/test-server.js';
import type { LiveServer } from './live-server.js';
import { createS3Client } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

interface Explained {
  readonly name: string;
  /** What stands before the bucket in the path that is signed. */
  readonly base?: string;
  readonly change?: Change;
  readonly options?: (server: LiveServer) => Aws4Options;
  readonly cause: RefusalCause;
  /** What the sentence names, where the server says what it computed. */
  readonly names?: RegExp;
}

const MINUTE = 60_000;

const explained: readonly Explained[] = [
  { name: 'another method', change: () => ({ method: 'DELETE' }), cause: 'method', names: /DELETE.*PUT/ },
  {
    name: 'a base path that is taken away',
    base: '/base',
    change: changePath((path) => path.replace('/base', '')),
    cause: 'path',
    names: /custom domain/,
  },
  {
    name: 'a base path that is added',
    change: changePath((path) => `/base${path}`),
    cause: 'path',
    names: /before the path/,
  },
  { name: 'a slash at its end', change: changePath((path) => `${path}/`), cause: 'path', names: /slash at its end/ },
  { name: 'letters of the path', change: changePath((path) => path.toLowerCase()), cause: 'path', names: /letters/ },
  {
    name: 'a + in the path',
    change: changePath((path) => path.replace('%2B', '%20')),
    cause: 'path',
    names: /\+ in the path is read as a space/,
  },
  {
    name: 'a path that is encoded again',
    change: changePath((path) => path.replace('%', '%25')),
    cause: 'path',
    names: /encoded once more/,
  },
  {
    name: 'a + in the query',
    change: changeQuery((query) => query.replace('%2B', '%20')),
    cause: 'query',
    names: /x-note=a%20b.*\+ is read as a space/,
  },
  { name: 'a parameter that is added', change: changeQuery((query) => `${query}&utm=1`), cause: 'query', names: /utm/ },
  { name: 'a parameter that is removed', change: changeQuery(() => ''), cause: 'query', names: /x-note/ },
  { name: 'Host', change: setHeader('Host', 'localhost'), cause: 'headers', names: /rewrites Host/ },
  {
    name: 'Host without its port',
    change: changeHeader('Host', (host) => host.replace(/:.*/, '')),
    cause: 'headers',
    names: /host:/,
  },
  {
    name: 'Content-Type',
    change: setHeader('Content-Type', 'text/plain; charset=utf-8'),
    cause: 'headers',
    names: /charset/,
  },
  { name: 'a header that is changed', change: setHeader('X-Amz-Meta-A', 'b'), cause: 'headers', names: /x-amz-meta-a/ },
  { name: 'a header that is removed', change: dropHeader('X-Amz-Meta-A'), cause: 'headers', names: /x-amz-meta-a/ },
  { name: 'a header that is there again', change: addHeader('X-Amz-Meta-A', 'b'), cause: 'headers', names: /a,\s*b/ },
  {
    name: 'the hash of the body',
    change: setHeader('X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'),
    cause: 'payload',
    names: /UNSIGNED-PAYLOAD/,
  },
  {
    name: 'the body',
    change: () => ({ body: Buffer.from('the b0dy') }),
    cause: 'payload',
    names: /another body|the body was changed/,
  },
  {
    name: 'the date',
    change: changeHeader('X-Amz-Date', (date) => date.replace(/\d\dZ$/, (end) => (end === '07Z' ? '08Z' : '07Z'))),
    cause: 'date',
    names: /x-amz-date/,
  },
  {
    name: 'a date that is removed',
    change: dropHeader('X-Amz-Date'),
    cause: 'headers',
    names: /no date .* X-Amz-Date/,
  },
  {
    name: 'an Authorization of another kind',
    change: setHeader('Authorization', 'Bearer hidden'),
    cause: 'headers',
    names: /Authorization/,
  },
  {
    name: 'a scope that is changed',
    change: changeHeader('Authorization', (value) => value.replace('/us-east-1/', '/eu-west-1/')),
    cause: 'scope',
    names: /another credential scope than was signed/,
  },
  {
    name: 'another secret',
    options: ({ credentials }) => ({ credentials: { ...credentials, secretAccessKey: 'wrong' } }),
    cause: 'secret',
  },
  {
    name: 'another access key',
    options: ({ credentials }) => ({ credentials: { ...credentials, accessKeyId: 'AKIDNOBODY' } }),
    cause: 'secret',
  },
  { name: 'another region', options: () => ({ region: 'eu-west-1' }), cause: 'scope', names: /eu-west-1/ },
  {
    name: 'a clock that is fast',
    options: () => ({ heal: false, clock: () => Date.now() + 20 * MINUTE }),
    cause: 'date',
    names: /20 minutes fast/,
  },
];

export const explanationCases: readonly StoreCase[] = explained.map((each) => ({
  name: `explained: ${each.name}`,
  run: (surroundings: Surroundings) => checkExplanation(surroundings, each),
}));

/** The names of those whose cause only a server can name that says what it computed. */
export const explainedByEcho: readonly string[] = explained
  .filter(({ change, name }) => (change !== undefined && name !== 'the body') || name === 'another secret')
  .map(({ name }) => `explained: ${name}`);

async function checkExplanation(surroundings: Surroundings, each: Explained): Promise<void> {
  const { server, bucket } = surroundings;
  const path = `/${bucket}/Key%2Ba`;
  await surroundings.client.put(path, 'as it was');
  const proxy = createChangingProxy();
  Object.assign(proxy, { upstream: server.endpoint, change: each.change ?? (() => ({})) });
  const { origin } = await proxy.start();
  try {
    const client = createS3Client(server, each.options?.(server), { baseURL: origin });
    const headers = { 'Content-Type': 'text/plain', 'X-Amz-Meta-A': 'a' };
    const sending = client.put(`${each.base ?? ''}${path}`, 'the body', {
      params: { 'x-note': 'a+b' },
      headers,
    });
    const explanation = explainRefusal(await failure(sending));
    expect(explanation?.cause).toBe(each.cause);
    if (each.names !== undefined) expect(explanation?.summary).toMatch(each.names);
    expect(String(explanation)).not.toContain(server.credentials.secretAccessKey);
  } finally {
    await proxy.close();
  }
}
