/** What the caller sees of a request that was refused and sent once more, and what of one that was not. */
import { Readable } from 'node:stream';
import { Agent } from 'node:http';
import axios, { AxiosHeaders, CanceledError, type AxiosAdapter, type AxiosResponse } from 'axios';
import { aws4Interceptor } from '../../lib/index.js';
import { readText, setHealingStage } from '../stand-ins/healing-stage.js';
import { withoutWaiting } from '../stand-ins/passing-time.js';
import { failure, numbered, scope } from '../stand-ins/test-server.js';

const stage = setHealingStage();
const REFUSED = /^Request failed with status code 400\. The session token .* has expired/;

describe('the caller', () => {
  it.each([{ heal: false }, { clock: stage.clock, aws4: { heal: false } }])(
    'can turn it off: %j',
    async ({ aws4, ...options }: { heal?: boolean; aws4?: { heal: boolean } }) => {
      stage.dead.add(1);
      const error = await failure(stage.connect(options).get('/', aws4 && { aws4 }));
      expect(error).toMatchObject({ response: { status: 400 }, message: expect.stringMatching(REFUSED) });
      expect(stage.verdicts()).toHaveLength(1);
    },
  );

  it('sees one request and one response', async () => {
    stage.dead.add(1);
    const seen: string[] = [];
    const client = stage.connect();
    client.interceptors.request.use((config) => (seen.push('request'), config));
    client.interceptors.response.use((response) => (seen.push('response'), response));
    const { config } = await client.post('/path', { a: 1 }, { params: { b: 2 } });
    expect(seen).toStrictEqual(['request', 'response']);
    expect(config).toMatchObject({ url: '/path', params: { b: 2 }, baseURL: stage.origin });
  });

  it('sees progress that only rises', async () => {
    stage.dead.add(1);
    const loaded: number[] = [];
    await stage.connect().put('/', Buffer.alloc(300_000), {
      onUploadProgress: (event) => loaded.push(event.loaded),
    });
    expect(stage.verdicts()).toHaveLength(2);
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded).toStrictEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(300_000);
  });

  it('sees the progress of the answer, not of the refusal', async () => {
    stage.dead.add(1);
    stage.respond = (_, { ok }) => (ok ? { status: 200, headers: {}, body: 'y'.repeat(50) } : undefined);
    const seen: number[] = [];
    await stage.connect().get('/', { onDownloadProgress: ({ loaded }) => seen.push(loaded) });
    expect(seen.at(-1)).toBe(50);
  });

  it('has the connection of a refused answer let go', async () => {
    stage.dead.add(1);
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    stage.respond = (_, { ok }) =>
      ok ? undefined : { status: 400, headers: { 'X-Amzn-ErrorType': 'ExpiredToken' }, body: Buffer.alloc(3_000_000) };
    const client = stage.connect({}, { httpAgent, responseType: 'stream' });
    const response = await client.get<Readable>('/', { timeout: 60_000 });
    expect(await readText(response)).toContain('canonicalRequest');
    httpAgent.destroy();
  });

  it('has the web stream of a refused answer ended', async () => {
    const cancel = jest.fn(() => Promise.reject(new Error('It cannot be canceled')));
    const refused = { status: 400, statusText: '', headers: { 'x-amzn-errortype': 'ExpiredToken' } };
    const http = axios.getAdapter('http');
    let tries = 0;
    const adapter: AxiosAdapter = async (config) => {
      if (tries++ > 0) return http(config);
      const pull = (controller: ReadableStreamDefaultController) => {
        controller.enqueue(new Uint8Array(100_000));
      };
      return Promise.resolve({ ...refused, config, data: new ReadableStream({ pull, cancel }) });
    };
    const { status } = await stage.connect({}, { adapter, responseType: 'stream', validateStatus: null }).get('/');
    expect([status, tries]).toStrictEqual([200, 2]);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it.each(['http', 'fetch'])('can cancel while the credentials are replaced, over %s', async (adapter) => {
    const controller = new AbortController();
    const client = stage.connect({}, { adapter });
    await client.get('/');
    stage.dead.add(1);
    stage.provider.mockImplementation(() => {
      controller.abort();
      return new Promise(() => undefined);
    });
    expect(await failure(client.get('/', { signal: controller.signal }))).toBeInstanceOf(CanceledError);
  });

  it('has one timeout for the request, its refresh and its second try', async () => {
    stage.dead.add(1);
    const client = stage.connect();
    stage.provider.mockImplementationOnce(() => Promise.resolve(numbered(1)));
    stage.provider.mockImplementationOnce(() => new Promise(() => undefined));
    const waiting = await failure(client.get('/', { timeout: 100 }));
    expect(waiting).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 100ms exceeded' });

    // Of a minute the first try takes 200 ms: what is left is what the adapter is given for the second.
    const timeouts: (number | undefined)[] = [];
    const http = axios.getAdapter('http');
    const adapter: AxiosAdapter = async (config) => {
      timeouts.push(config.timeout);
      if (timeouts.length === 1) await new Promise((resolve) => setTimeout(resolve, 200));
      return http(config);
    };
    await stage.connect({ credentials: stage.createProvider() }, { adapter }).get('/', { timeout: 60_000 });
    const [whole = NaN, left = NaN] = timeouts;
    expect(whole).toBeLessThanOrEqual(60_000);
    expect(whole - left).toBeGreaterThanOrEqual(199);
    expect(stage.verdicts()).toStrictEqual(['ExpiredToken', 'ExpiredToken', 'accepted']);
  });

  it('gets the answer that validateStatus lets through where nothing can be done', async () => {
    stage.dead.add(1);
    const client = stage.connect({ credentials: numbered(1), payload: 'unsigned' }, { validateStatus: null });
    expect((await client.get('/')).status).toBe(400);
    expect((await client.put('/', Readable.from(['x']))).status).toBe(400);
  });

  it('gets the answer that validateStatus lets through', async () => {
    stage.dead.add(1).add(2);
    const { status } = await stage.connect({}, { validateStatus: null }).get('/');
    expect(status).toBe(400);
  });
});

it.each([
  undefined,
  {},
  { status: 403 },
  { status: 403, headers: null },
  { status: 403, headers: 'none' },
  { status: 403, headers: {}, data: 7 },
])('what an adapter of someone else’s gives is handed on: %j', async (given) => {
  const adapter = () => Promise.resolve(given as AxiosResponse);
  const signed = aws4Interceptor({ ...scope, credentials: numbered(1) })({
    url: stage.origin,
    adapter,
    headers: new AxiosHeaders(),
  });
  expect(await axios.getAdapter(signed.adapter)(signed)).toBe(given);
});

it('an answer that trickles in is not waited for', async () => {
  let pieces = 0;
  const trickle = () =>
    Promise.resolve({
      status: 403,
      statusText: '',
      headers: {},
      config: { headers: new AxiosHeaders() },
      data: trickleText(() => pieces++),
    });
  const client = stage.connect({}, { adapter: trickle, responseType: 'stream', validateStatus: null });
  const chunks: string[] = [];
  await withoutWaiting(async () => {
    const { data } = await client.get<unknown>('/');
    // Two seconds' worth.
    expect(pieces).toBeLessThanOrEqual(3);
    for await (const chunk of data as AsyncIterable<Uint8Array>) {
      chunks.push(Buffer.from(chunk).toString());
      if (chunks.length === 3) break;
    }
  });
  expect(chunks.join('')).toBe('012');
});

/** A stream that never ends, and has a piece each second, which it tells of. */
function trickleText(onPiece: () => void): Readable {
  return Readable.from(
    (async function* () {
      for (let i = 0; ; i++) {
        onPiece();
        yield Buffer.from(String(i));
        await new Promise((resolve) => setTimeout(resolve, 1000).unref());
      }
    })(),
    { objectMode: false },
  );
}
