/** The package against s3rver, a server in JavaScript that verifies signatures: for machines that can have no other. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios, { isAxiosError, type AxiosInstance } from 'axios';
import { aws4Interceptor, explainRefusal, type Aws4Options, type RefusalCause } from '../../../lib/index.js';
import { platform } from '#platform';
import { recordCompatibility } from '../../compatibility.js';
import {
  changeHeader,
  changePath,
  changeQuery,
  createChangingProxy,
  setHeader,
  type Change,
} from '../../stand-ins/changing-proxy.js';
import { failure } from '../../stand-ins/test-server.js';

/** What of s3rver is used here; it has no types of its own. */
interface S3rver {
  readonly httpServer: Server;
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}
type S3rverConstructor = new (options: object) => S3rver;
const S3rver = jest.requireActual<S3rverConstructor>('@20minutes/s3rver');

// The one key pair that it knows.
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const keys = ['plain.txt', 'a b+c', '%41', 'é/日本', '😀', "!*'();:@&=$,?#[]", 'a%2Fb', 'x'.repeat(200)];

let folder: string;
let server: S3rver;
let baseURL: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 's3rver-'));
  server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: folder });
  const { port } = await server.run();
  baseURL = `http://127.0.0.1:${String(port)}`;
  await createClient().put('/bucket');
});
afterAll(async () => {
  server.httpServer.closeAllConnections();
  await server.close();
  rmSync(folder, { recursive: true });
});

function createClient(options: Aws4Options = {}): AxiosInstance {
  const client = axios.create({ baseURL, responseType: 'text' });
  client.interceptors.request.use(aws4Interceptor({ service: 's3', region: 'us-east-1', credentials, ...options }));
  return client;
}

it.each(['http', 'fetch'] as const)('takes objects, listings and deletions, by %s', async (adapter) => {
  const client = createClient();
  client.defaults.adapter = adapter;
  for (const key of keys) {
    const path = `/bucket/${encodeURIComponent(key)}`;
    const headers = { 'x-amz-meta-value': 'a, b; "c"', 'Content-Type': 'text/plain' };
    await client.put(path, `the body of ${key}`, { headers });
    const { data, headers: stored } = await client.get<string>(path);
    expect([data, stored['x-amz-meta-value']]).toStrictEqual([`the body of ${key}`, 'a, b; "c"']);

    const params = { 'list-type': 2, 'start-after': ' ', 'max-keys': 10, 'encoding-type': 'url' };
    const { data: listing } = await client.get<string>('/bucket', { params });
    expect([...listing.matchAll(/<Key>/g)]).toHaveLength(1);
    await client.delete(path);
    expect(describeError(await failure(client.get(path)))).toBe('404 NoSuchKey');
  }
  const { version } = JSON.parse(readFileSync(require.resolve('@20minutes/s3rver/package.json'), 'utf8')) as {
    readonly version: string;
  };
  recordCompatibility({
    section: 'servers',
    name: '@20minutes/s3rver',
    version,
    shown: `S3 objects (${platform.name})`,
  });
});

it('refuses a wrong secret, and what was changed after it was signed', async () => {
  await createClient().put('/bucket/key', 'as it was');
  const wrong = createClient({ credentials: { ...credentials, secretAccessKey: 'wrong' } });
  expect(describeError(await failure(wrong.get('/bucket/key')))).toBe('403 SignatureDoesNotMatch');

  const tampered = createClient();
  tampered.defaults.adapter = (config) =>
    axios.getAdapter('http')({ ...config, url: String(config.url).replace('other', 'key') });
  expect(describeError(await failure(tampered.get('/bucket/other')))).toBe('403 SignatureDoesNotMatch');
  expect((await createClient().get<string>('/bucket/key')).data).toBe('as it was');
});

describe('explains', () => {
  const proxy = createChangingProxy();
  let throughProxy: string;
  beforeAll(async () => {
    proxy.upstream = baseURL;
    ({ origin: throughProxy } = await proxy.start());
  });
  afterAll(() => proxy.close());

  const WRONG = { ...credentials, secretAccessKey: 'wrong' };
  interface Changed {
    readonly name: string;
    readonly change: Change;
    readonly options?: Aws4Options;
    /** Its string to sign names a hash alone: what cannot be guessed by that is not known. */
    readonly cause: RefusalCause;
  }
  const cases: readonly Changed[] = [
    { name: 'another method', change: () => ({ method: 'DELETE' }), cause: 'method' },
    { name: 'a stage that is taken away', change: changePath(() => '/A+b'), cause: 'path' },
    { name: 'a slash at the end', change: changePath((path) => `${path}/`), cause: 'path' },
    { name: 'a path in lower case', change: changePath((path) => path.toLowerCase()), cause: 'path' },
    { name: 'a path that is rewritten', change: changePath(() => '/bucket/other'), cause: 'unknown' },
    { name: 'a + that is a space', change: changeQuery((query) => query.replace('%2B', '%20')), cause: 'query' },
    { name: 'a parameter that is removed', change: changeQuery(() => 'prefix=a%2Bb'), cause: 'query' },
    { name: 'another secret', change: () => ({}), options: { credentials: WRONG }, cause: 'secret' },
    {
      name: 'Host without its port',
      change: changeHeader('Host', (host) => host.replace(/:.*/, '')),
      cause: 'headers',
    },
    { name: 'Host, rewritten', change: setHeader('Host', 'backend.example'), cause: 'unknown' },
    { name: 'a charset', change: setHeader('Content-Type', 'text/plain; charset=utf-8'), cause: 'headers' },
    { name: 'a header that is removed', change: setHeader('X-Amz-Meta-A', ''), cause: 'headers' },
    { name: 'another hash', change: setHeader('X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'), cause: 'payload' },
  ];

  it.each(cases)('$name', async ({ change, options, cause }) => {
    proxy.change = change;
    const client = createClient(options);
    const headers = { 'Content-Type': 'text/plain', 'X-Amz-Meta-A': 'a' };
    const params = { prefix: 'a+b', 'x-other': 1 };
    const error = await failure(client.put('/bucket/A+b', 'body', { baseURL: throughProxy, params, headers }));
    expect(describeError(error)).toMatch(/^403 /);
    expect(explainRefusal(error)).toMatchObject({ cause });
    expect(proxy.failures).toStrictEqual([]);
  });
});

function describeError(error: unknown): string {
  if (!isAxiosError(error) || error.response === undefined) throw new Error('No answer', { cause: error });
  const [, code = ''] = /<Code>([^<]*)<\/Code>/.exec(String(error.response.data)) ?? [];
  return `${String(error.response.status)} ${code}`;
}
