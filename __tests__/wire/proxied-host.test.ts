/** A Host of the caller's own on the way through a forward proxy, where axios before 1.16 sends the URL's instead. */
import type { AxiosRequestConfig, AxiosStatic } from 'axios';
import type * as Package from '../../lib/index.js';
import { createServer, credentials, describeRequest, scope } from '../stand-ins/test-server.js';
import { startProxy, startSocket, type Listener } from './transport-servers.js';
import { platform } from '#platform';

const server = createServer({
  respond: ({ target }) => (target === '/away' ? { status: 307, headers: { Location: '/arrived' } } : undefined),
});
const asked: string[] = [];
let origin: string;
let proxy: Listener<number>;
let socket: Listener<string>;
beforeAll(async () => {
  const { origin: started, port } = await server.start();
  origin = started;
  [proxy, socket] = await Promise.all([startProxy(asked), startSocket(() => port)]);
});
afterAll(async () => {
  await Promise.all([server.close(), proxy.close(), socket.close()]);
  expect(server.failures).toStrictEqual([]);
});

const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy', 'NO_PROXY'] as const;
type Environment = Partial<Record<(typeof VARIABLES)[number], string>>;
const before = { ...process.env };
beforeEach(() => {
  for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
});
afterAll(() => {
  process.env = before;
});

const OWN = 'virtual.example';

describe.each([
  ['axios-1.7', false],
  ['axios', true],
] as const)('%s', (name, keepsHost) => {
  let axios: AxiosStatic;
  let aws4Interceptor: typeof Package.aws4Interceptor;
  beforeAll(async () => {
    jest.resetModules();
    jest.doMock('axios', () => jest.requireActual<object>(name));
    ({ default: axios } = await import('axios'));
    ({ aws4Interceptor } = await import('../../lib/index.js'));
  });

  /** Sends a request that has to be accepted; gives the Host of each that arrived, and how many the proxy was asked for. */
  async function send(config: AxiosRequestConfig, environment: Environment = {}): Promise<[string[][], number]> {
    Object.assign(process.env, environment);
    const count = server.verifications.length;
    const askedBefore = asked.length;
    const client = axios.create({ baseURL: origin, adapter: 'http', headers: { Host: OWN } });
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
    await client.request({ url: '/a', ...config });
    const added = server.verifications.slice(count);
    expect(added.map(({ verdict }) => (verdict.ok ? 'ok' : verdict))).toStrictEqual(added.map(() => 'ok'));
    return [added.map(({ request }) => [...describeRequest(request).header('host')]), asked.length - askedBefore];
  }
  const proxied = (): string => (keepsHost ? OWN : new URL(origin).host);
  const proxyUrl = (): string => `http://127.0.0.1:${String(proxy.at)}`;
  const byConfig = (): AxiosRequestConfig => ({ proxy: { host: '127.0.0.1', port: proxy.at, protocol: 'http' } });

  it('is signed as it is sent through a proxy of the config', async () => {
    expect(await send(byConfig())).toStrictEqual([[[proxied()]], 1]);
    for (const host of ['HOST', 'host']) {
      const headers = { Host: null, [host]: 'other.example' };
      const expected = keepsHost ? 'other.example' : new URL(origin).host;
      expect(await send({ ...byConfig(), headers })).toStrictEqual([[[expected]], 1]);
    }
  });

  // Where the Host goes out, the follow-redirects package takes it for the origin of what is redirected.
  (keepsHost ? it.skip : it)('is signed as it is sent through a proxy with redirects', async () => {
    expect(await send({ ...byConfig(), url: '/away' })).toStrictEqual([[[proxied()], [proxied()]], 2]);
  });

  // The portable code reads no environment, and does not meet the http adapter outside of these tests.
  const readsEnvironment = keepsHost || platform.name === 'node';
  (readsEnvironment ? it : it.skip).each<[string, () => Environment]>([
    ['http_proxy', () => ({ http_proxy: proxyUrl() })],
    ['HTTP_PROXY', () => ({ HTTP_PROXY: proxyUrl() })],
    ['all_proxy', () => ({ all_proxy: proxyUrl() })],
    ['ALL_PROXY', () => ({ ALL_PROXY: proxyUrl() })],
    ['no_proxy for others', () => ({ http_proxy: proxyUrl(), no_proxy: 'other.example, .example 127.0.0.1:1,0.0.1' })],
  ])('is signed as it is sent through a proxy of the environment: %s', async (_, environment) => {
    expect(await send({}, environment())).toStrictEqual([[[proxied()]], 1]);
  });

  it.each<[string, AxiosRequestConfig, Environment]>([
    ['proxy: false', { proxy: false }, {}],
    ['no_proxy: *', {}, { no_proxy: '*' }],
    ['no_proxy with the host', {}, { no_proxy: 'a.example,127.0.0.1' }],
    ['NO_PROXY with the end of the host', {}, { NO_PROXY: '*.0.0.1' }],
    ['no_proxy with the end of the host', {}, { no_proxy: '.0.0.1' }],
  ])('is sent and signed without a proxy: %s', async (_, config, environment) => {
    expect(await send(config, { http_proxy: proxyUrl(), ...environment })).toStrictEqual([[[OWN]], 0]);
  });

  it('is sent and signed over a socket, whatever the environment names', async () => {
    expect(await send({ socketPath: socket.at }, { http_proxy: proxyUrl() })).toStrictEqual([[[OWN]], 0]);
  });
});
