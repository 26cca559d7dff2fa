/** What is signed is what is sent: cases of each topic over HTTP/2, a proxy, a Unix socket and other transports. */
import type { CreateAxiosDefaults } from 'axios';
import { createRawServer, type RawRequest } from 'strict-sigv4-verifier';
import { selectCases, takeEvery } from './cases.js';
import { customAdapter, startHttp2Server, startProxy, startSocket, type Listener } from './transport-servers.js';
import type { TransportName } from './wire-case.js';
import { checkCase } from './wire-runner.js';

const server = createRawServer(() => ({ status: 200, body: 'received' }));
const receivedByHttp2: RawRequest[] = [];
const askedOfProxy: string[] = [];
let origin: string;
let port: number;
let http2: Listener<string>;
let proxy: Listener<number>;
let socket: Listener<string>;
beforeAll(async () => {
  ({ origin, port } = await server.start());
  [http2, proxy, socket] = await Promise.all([
    startHttp2Server(receivedByHttp2),
    startProxy(askedOfProxy),
    startSocket(() => port),
  ]);
});
afterAll(async () => {
  await Promise.all([http2, proxy, socket, server].map(({ close }) => close()));
  expect(server.failures).toStrictEqual([]);
});

const STEP = 6;

const check = (name: TransportName, createDefaults: () => CreateAxiosDefaults) => {
  it.each(takeEvery(STEP, selectCases(name)))('$name', async (wireCase) => {
    const ends =
      name === 'http2' ? { origin: http2.at, received: receivedByHttp2 } : { origin, received: server.requests };
    await checkCase(wireCase, { name, ...ends, defaults: { adapter: 'http', ...createDefaults() } });
  });
};

describe('HTTP/2', () => {
  check('http2', () => ({ httpVersion: 2 }));
});

describe('a forward proxy', () => {
  check('proxy', () => ({ proxy: { host: '127.0.0.1', port: proxy.at, protocol: 'http' } }));

  it('was asked', () => {
    expect(askedOfProxy.length).toBeGreaterThan(50);
  });
});

describe('socketPath', () => {
  check('socketPath', () => ({ socketPath: socket.at }));

  it.each(['', 'http://service.example', 'http://service.example:8080'])('with the baseURL %j', async (baseURL) => {
    const request = () => ({ baseURL, url: '/a b?c=d+e', headers: { 'x-amz-meta-a': 'b' } });
    const defaults = { adapter: 'http', socketPath: socket.at };
    const transport = { name: 'socketPath', origin, defaults, received: server.requests } as const;
    await checkCase({ name: 'a URL of its own', service: 'execute-api', request }, transport);
  });
});

describe('maxRedirects: 0', () => {
  check('maxRedirects: 0', () => ({ maxRedirects: 0 }));
});

describe('a custom adapter', () => {
  check('custom adapter', () => ({ adapter: customAdapter }));
});
