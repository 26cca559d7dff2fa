/** Redirects of bodies in chunks: each hop is decided on as that of any other request, and no secret goes to strangers. */
import type http from 'node:http';
import { Agent } from 'node:http';
import { connect as connectTo, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import type { Aws4Options } from '../../lib/index.js';
import { ofStore, setRoutedServer } from '../stand-ins/routed-server.js';
import { pattern } from '../stand-ins/streamed-bodies.js';
import { createCapture, createClient, describeRequest, failure, temporary } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const followRedirects: { readonly http: typeof http } = jest.requireActual('follow-redirects');
const server = setRoutedServer(ofStore);
const stranger = setRoutedServer({ respond: () => ({ status: 200, body: 'stranger' }) });
const { routes, redirect: lead } = server;
let first = 0;
beforeEach(() => {
  first = server.requests.length;
});

const connect = (adapter: string, options: Aws4Options = {}, defaults: object = {}) =>
  createClient(
    server.origin,
    { service: 's3', region: 'eu-west-1', payload: 'streaming', credentials: temporary, ...options },
    { adapter, ...defaults },
  );
/** What the server was sent, each with its verdict; Node's fetch asks twice, since it shows no redirect the first time. */
const log = (): string[] => [
  ...new Set(
    server.verifications.slice(first).map(({ request: { method, target }, verdict }) => {
      const said = verdict.ok ? (verdict.decoded === undefined ? 'whole' : 'in chunks') : verdict.code;
      return `${method} ${target} ${said}`;
    }),
  ),
];
const bytes = pattern(70_000);

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  const connectHere = (defaults: object = {}) => connect(adapter, {}, defaults);

  it.each([301, 302, 303, 307, 308])('a redirect by %d goes on with further ones', async (status) => {
    lead('/bucket/key', '/bucket/second', status);
    lead('/bucket/second', '/bucket/third', 302);
    lead('/bucket/third', '/bucket/last', 307);
    await connectHere().put('/bucket/key', bytes);
    const rest = status === 303 ? 'GET whole' : 'PUT in chunks';
    const [method = '', said = ''] = rest.split(/ (.*)/);
    expect(log()).toStrictEqual([
      'PUT /bucket/key in chunks',
      ...['second', 'third', 'last'].map((name) => `${method} /bucket/${name} ${said}`),
    ]);
  });

  it.each([
    ['PUT', 303],
    ['POST', 301],
    ['POST', 302],
    ['POST', 303],
  ])('%s that %d makes a GET takes no token to a stranger, in whatever hop', async (method, status) => {
    lead('/bucket/key', '/bucket/second', status);
    lead('/bucket/second', `${stranger.origin}/third`, 307);
    const { data } = await connectHere().request<unknown>({ method, url: '/bucket/key', data: bytes });
    expect(data).toBe('stranger');
    const { method: last, names } = describeRequest(stranger.requests.at(-1));
    expect(last).toBe('GET');
    expect(names.filter((name) => name === 'authorization' || name.startsWith('x-amz-'))).toStrictEqual([]);
  });

  it('so many are followed as maxRedirects says, with a body and without', async () => {
    for (const status of [303, 307]) {
      lead('/bucket/loop', '/bucket/loop', status);
      first = server.requests.length;
      const sending = connectHere({ maxRedirects: 2 }).put('/bucket/loop', bytes);
      expect(await failure(sending)).toMatchObject({ code: 'ERR_REDIRECT' });
      // Node's fetch sends what has a body twice.
      const isTwice = status === 307 && adapter === 'fetch' && platform.name === 'node';
      const isOnceMore = status === 303 && adapter === 'fetch' && platform.name === 'node' ? 1 : 0;
      expect(server.requests.length - first).toBe((isTwice ? 6 : 3) + isOnceMore);
    }
  });

  it('one that says not where to is the answer, and as valid as any', async () => {
    routes.set('/bucket/key', { status: 307, body: 'nowhere' });
    routes.set('/bucket/second', { status: 302, body: 'nowhere' });
    lead('/bucket/first', '/bucket/second', 303);
    for (const path of ['/bucket/key', '/bucket/first']) {
      const reason = await failure(connectHere().put(path, bytes));
      expect(reason).toMatchObject({ isAxiosError: true, response: { data: 'nowhere' } });
      const { data } = await connectHere({ validateStatus: () => true }).put<unknown>(path, bytes);
      expect(data).toBe('nowhere');
    }
  });

  it('neither error nor answer shows what was signed for a hop', async () => {
    lead('/bucket/key', '/bucket/second', 303);
    routes.set('/bucket/second', { status: 404 });
    const reason = await failure(connectHere().put('/bucket/key', bytes));
    expect(reason).toMatchObject({ response: { status: 404 } });
    const { config, headers } = await connectHere({ validateStatus: null }).put('/bucket/key', bytes);
    expect(JSON.stringify([config, headers, reason])).not.toContain(temporary.sessionToken);
  });
});

describe('over the http adapter', () => {
  const connectHere = (defaults: object = {}) => connect('http', {}, defaults);

  it('beforeRedirect is asked before each', async () => {
    lead('/bucket/key', '/bucket/second');
    lead('/bucket/second', '/bucket/third', 303);
    const seen: unknown[] = [];
    const beforeRedirect = (
      { href, method, hostname, path }: Record<string, unknown>,
      answer: { statusCode: number; headers: Record<string, string> },
      request: { url?: string; method?: string },
    ): void => {
      seen.push([method, href, hostname, path, answer.statusCode, answer.headers['location'], request.method]);
      expect(request.url).toContain(server.origin);
    };
    await connectHere({ beforeRedirect }).put('/bucket/key', bytes);
    expect(seen).toStrictEqual([
      ['PUT', `${server.origin}/bucket/second`, '127.0.0.1', '/bucket/second', 307, '/bucket/second', 'PUT'],
      ['GET', `${server.origin}/bucket/third`, '127.0.0.1', '/bucket/third', 303, '/bucket/third', 'PUT'],
    ]);
  });

  it('what beforeRedirect throws ends the request', async () => {
    lead('/bucket/key', '/bucket/second');
    const cause = new Error('not to this host');
    const beforeRedirect = (): never => {
      throw cause;
    };
    const reason = await failure(connectHere({ beforeRedirect }).put('/bucket/key', bytes));
    expect(reason).toMatchObject({ isAxiosError: true, cause });
    expect(String(reason)).toContain('not to this host');
    expect(log()).toStrictEqual(['PUT /bucket/key in chunks']);
  });

  it('headers that beforeRedirect sets are signed and sent', async () => {
    lead('/bucket/key', '/bucket/second');
    const beforeRedirect = ({ headers }: { headers?: Record<string, string> }): void => {
      if (headers !== undefined) headers['X-Amz-Meta-Hop'] = '2';
    };
    await connectHere({ beforeRedirect }).put('/bucket/key', bytes);
    expect(describeRequest(server.requests.at(-1)).header('x-amz-meta-hop')).toStrictEqual(['2']);
    expect(log()).toStrictEqual(['PUT /bucket/key in chunks', 'PUT /bucket/second in chunks']);
  });

  it('sensitiveHeaders stay with the first origin', async () => {
    lead('/bucket/key', '/bucket/second', 303);
    lead('/bucket/second', `${stranger.origin}/third`);
    const headers = { 'X-Api-Key': 'secret', 'X-Other': 'kept' };
    await connectHere({ sensitiveHeaders: ['x-api-key'] }).put('/bucket/key', bytes, { headers });
    expect(describeRequest(server.requests.at(-1)).header('x-api-key')).toStrictEqual(['secret']);
    expect(describeRequest(stranger.requests.at(-1)).header('x-api-key')).toStrictEqual([]);
    expect(describeRequest(stranger.requests.at(-1)).header('x-other')).toStrictEqual(['kept']);
  });

  it('a transport that follows redirects by itself is not let', async () => {
    const client = connectHere({ transport: followRedirects.http });
    lead('/bucket/key', '/bucket/second', 307);
    lead('/bucket/second', '/bucket/third', 303);
    lead('/bucket/third', `${stranger.origin}/fourth`, 307);
    await client.put('/bucket/key', bytes);
    expect(log()).toStrictEqual([
      'PUT /bucket/key in chunks',
      'PUT /bucket/second in chunks',
      'GET /bucket/third whole',
    ]);
    const { names } = describeRequest(stranger.requests.at(-1));
    expect(names.filter((name) => name === 'authorization' || name.startsWith('x-amz-'))).toStrictEqual([]);
  });

  it('over a Unix socket each hop names its host', async () => {
    const socketPath = join(tmpdir(), `axios-aws4auth-${String(process.pid)}.sock`);
    const toStore = createNetServer((socket) => {
      socket.pipe(connectTo(Number(new URL(server.origin).port), '127.0.0.1')).pipe(socket);
    });
    await new Promise<void>((resolve) => toStore.listen(socketPath, resolve));
    lead('/bucket/key', '/bucket/second');
    lead('/bucket/second', '/bucket/third', 303);
    await connect('http', { hosts: ['store.test'] }, { baseURL: 'http://store.test', socketPath })
      .put('/bucket/key', bytes)
      .finally(() => toStore.close());
    const hosts = server.requests.slice(first).map((request) => describeRequest(request).header('host'));
    expect(hosts).toStrictEqual([['store.test'], ['store.test'], ['store.test']]);
    expect(log()).toStrictEqual([
      'PUT /bucket/key in chunks',
      'PUT /bucket/second in chunks',
      'GET /bucket/third whole',
    ]);
  });

  it('the one connection of an agent is free for the next hop', async () => {
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    routes.set('/bucket/key', { status: 307, headers: { Location: '/bucket/second' }, body: 'a'.repeat(100_000) });
    routes.set('/bucket/second', { status: 303, headers: { Location: '/bucket/third' }, body: 'a'.repeat(100_000) });
    const client = connectHere({ httpAgent, responseType: 'stream', timeout: 5000 });
    const { data } = await client.put<Readable>('/bucket/key', bytes);
    data.resume();
    expect(log()).toHaveLength(3);
    (await client.get<Readable>('/bucket/other')).data.resume();
    httpAgent.destroy();
  });
});

it.each([undefined, 0])(
  'a custom adapter that calls another is told to follow none, with maxRedirects: %p',
  async (maxRedirects) => {
    const { adapter, sent } = createCapture();
    const client = connect('', {}, { adapter, ...(maxRedirects !== undefined && { maxRedirects }) });
    await client.put('/bucket/key', bytes);
    expect(sent).toMatchObject([{ maxRedirects: 0, fetchOptions: { redirect: 'manual' } }]);
  },
);

it.each([307, 303])('a custom adapter that follows %d all the same takes no token to a stranger', async (status) => {
  lead('/bucket/key', `${stranger.origin}/there`, status);
  const follows = (config: InternalAxiosRequestConfig) => axios.getAdapter('http')({ ...config, maxRedirects: 5 });
  const count = stranger.requests.length;
  const client = createClient(
    server.origin,
    { service: 's3', region: 'eu-west-1', payload: 'streaming', credentials: temporary },
    { adapter: follows },
  );
  const reason = await failure(client.put('/bucket/key', bytes));
  expect(String(reason)).toContain("have it keep the config's maxRedirects");
  expect(stranger.requests).toHaveLength(count);
});
