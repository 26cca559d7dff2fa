/** Answers that come before a body in chunks has ended, or never: what becomes of the request, its source, its connection. */
import type http from 'node:http';
import { Agent, createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createNetServer, Socket, type AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { pattern } from '../stand-ins/streamed-bodies.js';
import { createClient, failure } from '../stand-ins/test-server.js';
import { platform } from '#platform';

// Elsewhere there is no http adapter, and a Blob is all that is sent.
const describeInNode = platform.name === 'node' ? describe : describe.skip;

const followRedirects: { readonly http: typeof http } = jest.requireActual('follow-redirects');
const servers: { close(): unknown }[] = [];
const agents: Agent[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const agent of agents.splice(0)) agent.destroy();
});

async function listen(listener: RequestListener): Promise<string> {
  const server: Server = createHttpServer(listener);
  // It would end a connection that is not free, as if that were the client's doing.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ close: () => (server.closeAllConnections(), server.close()) });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

const createAgent = (): Agent => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
};
const connect = (origin: string, adapter: string, defaults: object = {}) =>
  createClient(
    origin,
    { service: 's3', region: 'eu-west-1', payload: 'streaming', heal: false },
    { adapter, timeout: 5000, ...defaults },
  );

const LENGTH = 2_000_000;
const announced = { headers: { 'Content-Length': String(LENGTH) } };
async function* generateSlowly(): AsyncGenerator<Buffer> {
  for (let i = 0; i < 20; i++) {
    await delay(5);
    yield pattern(LENGTH / 20);
  }
}

/** More than fits into what lies between two sockets. */
const MUCH = 20_000_000;
function* generateMuch(): Generator<Buffer> {
  const piece = pattern(10_000);
  for (let i = 0; i < MUCH; i += piece.length) yield piece;
}

describeInNode.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  it('a body goes on to its end under an answer that is a stream', async () => {
    let received = 0;
    const origin = await listen((request, response) => {
      response.writeHead(200).flushHeaders();
      request.on('data', (chunk: Buffer) => (received += chunk.length));
      request.on('end', () => response.end('all of it'));
    });
    const source = Readable.from(generateSlowly());
    const { data } = await connect(origin, adapter, { responseType: 'stream' }).put<AsyncIterable<Uint8Array>>(
      '/bucket/key',
      source,
      announced,
    );
    const chunks: Uint8Array[] = [];
    for await (const chunk of data) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('all of it');
    expect(received).toBeGreaterThan(LENGTH);
    expect(source.readableEnded).toBe(true);
  });

  it.each([403, 500])('an answer of %d that comes early frees the source and the connection', async (status) => {
    let count = 0;
    const origin = await listen((request, response) => {
      count += 1;
      // What has come of the body is read, and the connection kept.
      request.resume();
      response.writeHead(count === 1 ? status : 200).end('<Error/>');
    });
    const client = connect(origin, adapter, { httpAgent: createAgent() });
    const source = Readable.from(generateMuch());
    const headers = { 'Content-Length': String(MUCH) };
    const reason = await failure(client.put('/bucket/key', source, { headers }));
    expect(reason).toMatchObject({ response: { status, data: '<Error/>' } });
    expect(source.destroyed).toBe(true);
    expect(await client.get('/bucket/key')).toMatchObject({ status: 200 });
  });

  it.each(['text', 'stream'])('so it does where the caller takes it for a success, as %s', async (responseType) => {
    let count = 0;
    const origin = await listen((request, response) => {
      count += 1;
      request.resume();
      response.writeHead(count === 1 ? 403 : 200).end('<Error/>');
    });
    const client = connect(origin, adapter, { httpAgent: createAgent(), validateStatus: () => true, responseType });
    const source = Readable.from(generateMuch());
    const headers = { 'Content-Length': String(MUCH) };
    const { data } = await client.put<string | AsyncIterable<Uint8Array>>('/bucket/key', source, { headers });
    if (typeof data === 'string') expect(data).toBe('<Error/>');
    else {
      const chunks: Uint8Array[] = [];
      for await (const chunk of data) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString()).toBe('<Error/>');
    }
    expect(await client.get('/bucket/key', { responseType: 'text' })).toMatchObject({ status: 200 });
  });
});

describeInNode('over the http adapter', () => {
  it('a source is freed where the connection ends after the answer has begun', async () => {
    const sockets: Socket[] = [];
    const origin = await listen((request, response) => {
      response.writeHead(200).flushHeaders();
      request.resume();
      sockets.push(request.socket);
    });
    let markReturned = (): void => undefined;
    const returned = new Promise<void>((resolve) => (markReturned = resolve));
    const endless = async function* (): AsyncGenerator<Buffer> {
      try {
        for (;;) {
          await delay(5);
          yield pattern(100_000);
        }
      } finally {
        markReturned();
      }
    };
    const headers = { 'Content-Length': '1000000000' };
    const sending = connect(origin, 'http', { responseType: 'stream' }).put<Readable>(
      '/bucket/key',
      Readable.from(endless()),
      { headers },
    );
    const { data } = await sending;
    for (const socket of sockets) socket.destroy();
    await failure(
      (async () => {
        for await (const chunk of data) expect(chunk).toBeDefined();
      })(),
    );
    await expect(returned).resolves.toBeUndefined();
  });

  it('the timeout ends a request that never connects', async () => {
    class Unconnected extends Agent {
      override createConnection(): Socket {
        return Object.defineProperty(new Socket(), 'connecting', { value: true });
      }
    }
    const httpAgent = new Unconnected();
    const client = connect('http://127.0.0.1:9', 'http', { httpAgent, timeout: 50 });
    const source = Readable.from(generateSlowly());
    for (const data of [pattern(LENGTH), source]) {
      const reason = await failure(client.put('/bucket/key', data, announced));
      expect(reason).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 50ms exceeded' });
    }
    expect(source.destroyed).toBe(true);
  });

  it('a timeout ends nothing after the answer has begun', async () => {
    const origin = await listen((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200).flushHeaders();
        setTimeout(() => response.end('late'), 3300);
      });
    });
    const client = connect(origin, 'http', { timeout: 3000, responseType: 'stream' });
    const { data } = await client.put<Readable>('/bucket/key', pattern(10));
    const chunks: Buffer[] = [];
    for await (const chunk of data) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('late');
  });

  it('a server that answers nothing, and reads nothing, is left by the timeout', async () => {
    const sockets: Socket[] = [];
    const server = createNetServer((socket) => {
      socket.pause();
      socket.on('error', () => undefined);
      sockets.push(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push({ close: () => (sockets.forEach((socket) => socket.destroy()), server.close()) });
    const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const source = Readable.from(generateMuch());
    const headers = { 'Content-Length': String(MUCH) };
    const reason = await failure(connect(origin, 'http', { timeout: 200 }).put('/bucket/key', source, { headers }));
    expect(reason).toMatchObject({ code: 'ECONNABORTED' });
    expect(source.destroyed).toBe(true);
  });

  it.each([undefined, null])('over HTTP/2 an early answer frees the source, with validateStatus: %j', async (given) => {
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 403 });
      stream.end('<Error/>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const source = Readable.from(generateMuch());
    const client = connect(origin, 'http', { httpVersion: 2, ...(given === null && { validateStatus: given }) });
    await client.put('/bucket/key', source, { headers: { 'Content-Length': String(MUCH) } }).catch(() => undefined);
    expect(source.destroyed).toBe(true);
  });

  it('a timeout longer than timers can count is as good as none', async () => {
    const origin = await listen((request, response) => {
      request.resume().on('end', () => response.end('answer'));
    });
    const { data } = await connect(origin, 'http', { timeout: 2 ** 31 }).put<unknown>('/bucket/key', pattern(10));
    expect(data).toBe('answer');
  });

  it('a request that fails leaves no timer behind, whatever transport sends it', async () => {
    const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = countTimers();
    const client = connect('http://127.0.0.1:9', 'http', { timeout: 1e9, transport: followRedirects.http });
    expect(await failure(client.put('/bucket/key', pattern(10)))).toMatchObject({ code: 'ECONNREFUSED' });
    expect(countTimers()).toBe(before);
  });
});
