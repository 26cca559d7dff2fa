/** Streams that are sent unread, over real servers: what becomes of redirects, and of a server that does not read. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import axios, { isAxiosError, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import type { RawResponse } from 'strict-sigv4-verifier';
import type { Aws4Options } from '../../lib/index.js';
import { createClient, createServer, describeRequest, failure, temporary } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const routes = new Map<string, RawResponse>();
const home = createServer({
  respond: ({ target }) => routes.get(target.replace(/\?.*/, '')),
  allowUnsignedPayload: true,
});
const other = createServer({ allowUnsignedPayload: true });
let origin: string;
let elsewhere: string;
beforeAll(async () => {
  ({ origin } = await home.start());
  ({ origin: elsewhere } = await other.start());
});
afterAll(async () => {
  await home.close();
  await other.close();
});
beforeEach(() => {
  routes.clear();
});

const nodeStream = (): Readable => Readable.from([Buffer.from('one, '), Buffer.from('two')]);
const webStream = (): ReadableStream => new Blob(['one, two']).stream();
const unsigned: Aws4Options = { payload: 'unsigned', credentials: temporary };
const isNode = platform.name === 'node';

/** A server that answers as soon as it has the headers, and then reads. */
async function startEarlyServer(status: string) {
  let count = 0;
  const early = http.createServer((request, response) => {
    count++;
    const code = Number(status.slice(0, 3));
    response.writeHead(code, { Connection: 'close', ...(code === 307 && { Location: '/there' }) });
    response.end();
    request.resume();
  });
  await new Promise<void>((resolve) => early.listen(0, '127.0.0.1', resolve));
  const { port } = early.address() as AddressInfo;
  const close = (): void => {
    early.closeAllConnections();
    early.close();
  };
  return { origin: `http://127.0.0.1:${String(port)}`, count: () => count, close };
}

function createGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** What the errors of a redirect say, whether their response can be seen or not. */
const isRedirectError = { code: 'ERR_REDIRECT', name: 'Aws4AuthError', isAxiosError: true };

describe.each<['http' | 'fetch', string, () => unknown]>([
  ['http', 'a Node stream', nodeStream],
  ['fetch', 'a Node stream', nodeStream],
  ['fetch', 'a web stream', webStream],
])('over the %s adapter, %s', (adapter, _, createStream) => {
  const create = (config: AxiosRequestConfig = {}) => createClient(origin, unsigned, { adapter, ...config });

  it('arrives whole, signed as unsigned', async () => {
    const { status } = await create().put('/upload', createStream());
    expect(status).toBe(200);
    expect(describeRequest(home.requests.at(-1)).text).toBe('one, two');
    expect(home.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  describe.each(['put', 'post'] as const)('by %s', (method) => {
    it.each(
      [301, 302, 303, 307, 308].flatMap((status): [number, string][] => [
        [status, 'same'],
        [status, 'other'],
      ]),
    )('that is redirected by %i to the %s origin is an error that says so, and goes nowhere', async (status, where) => {
      const location = where === 'same' ? '/there' : `${elsewhere}/there`;
      routes.set('/moved', { status, headers: { Location: location, 'X-Why': 'moved' }, body: 'over there' });
      const counts = [home.requests.length, other.requests.length];
      const error = await failure(create().request({ method, url: '/moved', data: createStream() }));
      expect(error).toMatchObject(isRedirectError);
      expect(String(error)).toMatch(/stream.*unread/);
      // A Location may bear a signature.
      expect(String(error)).not.toContain('/there');
      expect([home.requests.length, other.requests.length]).toStrictEqual([(counts[0] ?? 0) + 1, counts[1]]);
      const response = isAxiosError(error) ? error.response : undefined;
      if (adapter === 'fetch' && isNode) {
        expect(response).toBeUndefined();
        expect(String(error)).toMatch(/fetch does not show where to/);
        return;
      }
      expect(response).toMatchObject({ status, headers: { location, 'x-why': 'moved' }, config: { url: '/moved' } });
      if (adapter === 'http') expect(response?.data).toBe('over there');
      expect(Object.keys(Object(error) as object)).not.toContain('response');
      expect(Object.keys(response ?? {})).not.toContain('request');
    });
  });

  it.each<Aws4Options['signIn']>(['headers', 'query'])(
    'the error of a redirect shows no secret that was in the %s, in all that is printed of it',
    async (signIn) => {
      routes.set('/moved', { status: 307, headers: { Location: '/there' } });
      const client = createClient(origin, { ...unsigned, signIn }, { adapter });
      const error = await failure(client.put('/moved', createStream()));
      expect(error).toMatchObject(isRedirectError);
      const shown = inspect(error, { depth: 12 });
      const { sessionToken } = temporary;
      for (const token of [sessionToken, encodeURIComponent(sessionToken)]) expect(shown).not.toContain(token);
    },
  );

  it.each([301, 302, 303, 307, 308])('%i is the answer where the caller says maxRedirects: 0', async (status) => {
    routes.set('/moved', { status, headers: { Location: '/there' }, body: 'over there' });
    const config = { maxRedirects: 0, validateStatus: null };
    const response = await create(config).put('/moved', createStream());
    expect(response).toMatchObject({ status, headers: { location: '/there' }, data: 'over there' });
    const refused = await failure(create({ maxRedirects: 0 }).put('/moved', createStream()));
    expect(refused).toMatchObject({ isAxiosError: true, name: 'AxiosError', response: { status } });
  });

  it('an answer that is no redirect is one for validateStatus, the caller’s own', async () => {
    routes.set('/missing', { status: 404, body: 'nothing here' });
    routes.set('/unchanged', { status: 304 });
    const refused = await failure(create().put('/missing', createStream()));
    expect(refused).toMatchObject({ name: 'AxiosError', response: { status: 404, data: 'nothing here' } });
    const validateStatus = (status: number): boolean => status === 304;
    const { status, config } = await create().put('/unchanged', createStream(), { validateStatus });
    expect(status).toBe(304);
    expect(config.validateStatus).toBe(validateStatus);
    expect(config.maxRedirects).toBeUndefined();
    expect(config.fetchOptions).toBeUndefined();
  });

  // The last is an error of nobody, and so nothing ends the stream.
  it.each(['403 Forbidden', '307 Temporary Redirect', '200 OK'])(
    'that is answered by %s may go on, and end, afterwards',
    async (status) => {
      const early = await startEarlyServer(status);
      try {
        for (let i = 0; i < 5; i++) {
          const gate = createGate();
          const chunks = (async function* () {
            yield Buffer.alloc(10_000);
            await gate.opened;
            yield Buffer.alloc(10_000);
          })();
          const node = Readable.from(chunks);
          const stream = createStream() instanceof Readable ? node : Readable.toWeb(node);
          const sending = createClient(early.origin, { ...unsigned, heal: false }, { adapter }).put('/', stream);
          await sending.catch(() => undefined);
          gate.open();
          // What an adapter throws then, nobody could catch: it would end the process, and ends this suite.
          await delay(10);
        }
        expect(early.count()).toBe(5);
      } finally {
        early.close();
      }
    },
  );

  it('is not kept for later: nothing of it is read before the server reads', async () => {
    const MOST = 64 * 1024 * 1024;
    const chunk = Buffer.alloc(64 * 1024);
    let read = 0;
    const pull = (): Buffer | undefined => {
      if (read >= MOST) return undefined;
      read += chunk.length;
      return Buffer.from(chunk);
    };
    const asNodeStream = () => new Readable({ read() { this.push(pull() ?? null); } }); // prettier-ignore
    const asWebStream = () =>
      new ReadableStream({
        pull(controller) {
          const next = pull();
          if (next === undefined) controller.close();
          else controller.enqueue(next);
        },
      });
    let beforeReading = Infinity;
    let received = 0;
    const slow = http.createServer((request, response) => {
      void (async () => {
        // Until nothing more is read of the stream for a while.
        let last = -1;
        for (let still = 0; still < 20; still++) {
          if (read !== last) still = 0;
          last = read;
          await delay(10);
        }
        beforeReading = read;
        for await (const piece of request) received += (piece as Buffer).length;
        response.end('received');
      })();
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = slow.address() as AddressInfo;
      const stream = createStream() instanceof Readable ? asNodeStream() : asWebStream();
      await createClient(`http://127.0.0.1:${String(port)}`, unsigned, { adapter }).put('/', stream);
    } finally {
      slow.closeAllConnections();
      slow.close();
    }
    expect(received).toBe(MOST);
    expect(beforeReading).toBeLessThan(MOST / 2);
  });
});

describe('a stream without a length, to a server that needs one', () => {
  const words = /without a length.*Content-Length/;

  it.each(
    (['http', 'fetch'] as const).flatMap((adapter) => [411, 501].map((status): [string, number] => [adapter, status])),
  )('over %s is an error of %i that says what to pass', async (adapter, status) => {
    routes.set('/store', { status });
    const client = createClient(origin, unsigned, { adapter });
    const error = await failure(client.put('/store', nodeStream()));
    expect(error).toMatchObject({ name: 'AxiosError', response: { status } });
    expect(String(error)).toMatch(words);
    const headers = { 'Content-Length': '8' };
    expect(String(await failure(client.put('/store', nodeStream(), { headers })))).not.toMatch(words);
    routes.set('/store', { status: 403 });
    expect(String(await failure(client.put('/store', nodeStream())))).not.toMatch(words);
  });

  it.each(['http', 'fetch'])('that ends the connection, over %s', async (adapter) => {
    const rude = http.createServer((request) => {
      request.socket.destroy();
    });
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const { port } = rude.address() as AddressInfo;
    const client = createClient(`http://127.0.0.1:${String(port)}`, unsigned, { adapter });
    const error = await failure(client.put('/', nodeStream()));
    rude.close();
    expect(String(error)).toMatch(words);
    // Nobody listens there any more.
    expect(String(await failure(client.put('/', nodeStream())))).not.toMatch(words);
  });
});

describe('over the http adapter', () => {
  it('a redirect without a Location is an answer like any other', async () => {
    routes.set('/nowhere', { status: 302, body: 'nowhere' });
    const client = createClient(origin, unsigned, { adapter: 'http' });
    const refused = await failure(client.put('/nowhere', nodeStream()));
    expect(refused).toMatchObject({ name: 'AxiosError', message: 'Request failed with status code 302' });
    const { data } = await client.put<unknown>('/nowhere', nodeStream(), { validateStatus: null });
    expect(data).toBe('nowhere');
  });

  it('a redirect that comes before the stream was read ends it, and with it the connection', async () => {
    let isClosed: Promise<unknown> = Promise.reject(new Error('Nobody connected'));
    isClosed.catch(() => undefined);
    const hasty = http.createServer((request, response) => {
      isClosed = new Promise((resolve) => request.socket.once('close', resolve));
      response.writeHead(307, { Location: '/there', 'Content-Length': '0' });
      response.end();
    });
    await new Promise<void>((resolve) => hasty.listen(0, '127.0.0.1', resolve));
    const { port } = hasty.address() as AddressInfo;
    // It never ends.
    const stream = new Readable({ read() { this.push(Buffer.alloc(65536)); } }); // prettier-ignore
    const isEnded = new Promise((resolve) => stream.once('close', resolve));
    try {
      const client = createClient(`http://127.0.0.1:${String(port)}`, unsigned, { adapter: 'http' });
      expect(await failure(client.put('/', stream))).toMatchObject({ ...isRedirectError, response: { status: 307 } });
      await isEnded;
      await isClosed;
      expect(stream.readableEnded).toBe(false);
    } finally {
      hasty.closeAllConnections();
      hasty.close();
    }
  });
});

describe('over the fetch adapter, what the caller’s fetchOptions say of redirects holds', () => {
  const create = (redirect: RequestRedirect) =>
    createClient(origin, unsigned, { adapter: 'fetch', fetchOptions: { redirect } });
  beforeEach(() => {
    routes.set('/moved', { status: 303, headers: { Location: '/there' }, body: 'over there' });
  });

  it('manual', async () => {
    const response = await create('manual').put('/moved', webStream(), { validateStatus: null });
    expect(response).toMatchObject({ status: 303, data: 'over there' });
  });

  it('error', async () => {
    expect(await failure(create('error').put('/moved', webStream()))).toMatchObject({ code: 'ERR_NETWORK' });
  });

  it('follow', async () => {
    const count = home.requests.length;
    await failure(create('follow').put('/moved', webStream()));
    expect(home.requests.slice(count).map(({ target }) => target)).toStrictEqual(['/moved', '/there']);
  });

  it('and their other members are kept', async () => {
    const seen: RequestInit[] = [];
    const env = {
      fetch: (input: RequestInfo | URL, init?: RequestInit) => {
        if (init !== undefined) seen.push(init);
        return fetch(input, init);
      },
    };
    const fetchOptions = { integrity: '' };
    const client = createClient(origin, unsigned, { adapter: 'fetch', env, fetchOptions });
    await client.put('/upload', webStream());
    expect(seen).toMatchObject([{ integrity: '', redirect: isNode ? 'error' : 'manual' }]);
  });
});

describe('over an adapter of the caller’s own', () => {
  it.each(['http', 'fetch'])('that calls axios’s %s, a redirect is an error that bears the response', async (name) => {
    routes.set('/moved', { status: 307, headers: { Location: `${elsewhere}/there` } });
    const counts = [home.requests.length, other.requests.length];
    const adapter = (config: InternalAxiosRequestConfig) => axios.getAdapter(name as 'http', config)(config);
    const error = await failure(createClient(origin, unsigned, { adapter }).put('/moved', nodeStream()));
    expect(error).toMatchObject({ ...isRedirectError, response: { status: 307 } });
    expect([home.requests.length, other.requests.length]).toStrictEqual([(counts[0] ?? 0) + 1, counts[1]]);
  });

  it('that never read the stream, it can be sent again where that fails', async () => {
    const stream = nodeStream();
    const adapter = (): Promise<never> => Promise.reject(new Error('no network'));
    const client = createClient(origin, unsigned);
    await failure(client.put('/upload', stream, { adapter }));
    expect((await client.put('/upload', stream, { adapter: 'http' })).status).toBe(200);
    expect(describeRequest(home.requests.at(-1)).text).toBe('one, two');
  });
});
