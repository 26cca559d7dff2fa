/** What a server answers to a signed request, at its worst: healing reads it, and the caller gets it as it came. */
import { isReadable, Readable } from 'node:stream';
import axios, { AxiosError, type AxiosRequestConfig, type AxiosResponse, type ResponseType } from 'axios';
import fc from 'fast-check';
import { createRawServer, type RawResponse } from 'strict-sigv4-verifier';
import { aws4Interceptor } from '../../lib/index.js';
import { withoutWaiting } from '../stand-ins/passing-time.js';
import { credentials, scope } from '../stand-ins/test-server.js';
import { checkAll, hostileText, jsonLike, mutate } from '../bad-input/generated.js';
import { platform } from '#platform';

let answer: RawResponse = { status: 200 };
let redirectsLeft = 0;
const server = createRawServer(() => (redirectsLeft-- > 0 ? { status: 302, headers: { Location: '/again' } } : answer));
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(() => server.close());
afterEach(() => {
  redirectsLeft = 0;
});

const ADAPTERS = ['http', 'fetch'] as const;
const RESPONSE_TYPES: readonly ResponseType[] = ['json', 'text', 'arraybuffer', 'blob', 'stream', 'document'];
const roads = ADAPTERS.flatMap((adapter) => RESPONSE_TYPES.map((responseType) => ({ adapter, responseType })));

function createClient() {
  const client = axios.create({ baseURL: origin });
  client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
  return client;
}

/** An answer's body as text, whatever axios made of it. */
async function readBody(data: unknown): Promise<string> {
  if (data instanceof Readable || data instanceof ReadableStream) {
    const chunks: Buffer[] = [];
    for await (const chunk of data as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('latin1');
  }
  if (data instanceof Blob) return Buffer.from(await data.arrayBuffer()).toString('latin1');
  if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer)
    return Buffer.from(data as Uint8Array).toString('latin1');
  return JSON.stringify({ data });
}

/** The outcome as the caller sees it. */
async function exchange(config: AxiosRequestConfig) {
  let response: AxiosResponse | undefined;
  try {
    response = await createClient().get('/', config);
  } catch (error) {
    if (!(error instanceof AxiosError)) throw error;
    ({ response } = error);
  }
  return response && { status: response.status, body: await readBody(response.data) };
}

/** What is signed and healed ends as what is neither. */
async function expectSameAsUnsigned(road: AxiosRequestConfig): Promise<void> {
  const { length } = server.requests;
  const unsigned = await exchange({ ...road, aws4: false });
  const signed = await exchange(road);
  expect(unsigned).toMatchObject({ status: answer.status });
  expect(signed).toStrictEqual(unsigned);
  // The unsigned one, the signed one, and at most one more.
  expect(server.requests.length - length).toBeLessThanOrEqual(3);
  expect(server.failures).toStrictEqual([]);
}

const latin1Line = (text: string): string => text.replace(/[^\t -~\x80-\xff]/g, '');
const dates = mutate(fc.constantFrom('Sun, 30 Aug 2015 12:36:00 GMT', '20300830T123600Z', '1970-01-01T00:00:00+14:00'));
const headers = fc
  .record(
    {
      Date: fc.oneof(dates, hostileText),
      Age: fc.constantFrom('0', '1', '-1', 'NaN', '', '1e999'),
      'X-Cache': fc.oneof(fc.constantFrom('Hit from cloudfront', 'MISS'), hostileText),
      'X-Amzn-ErrorType': fc.oneof(fc.constantFrom('ExpiredTokenException:http://a/', '#', 'a#'), hostileText),
      'Content-Type': fc.constantFrom('application/json', 'text/xml; charset=klingon', 'multipart/form-data', ''),
    },
    { requiredKeys: [] },
  )
  .map((given) => Object.fromEntries(Object.entries(given).map(([name, value]) => [name, latin1Line(value)])));
const refusal: fc.Arbitrary<RawResponse> = fc.record({
  status: fc.constantFrom(400, 401, 403),
  headers,
  body: fc.oneof(
    jsonLike,
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  ),
});

it('is handed on, whatever it is', async () => {
  await checkAll(fc.tuple(refusal, fc.constantFrom(...roads)), async ([given, road]) => {
    answer = given;
    await expectSameAsUnsigned(road);
  });
});

const MEGABYTE = 2 ** 20;
const bodies = ['<Code>', '[', '{"code":', '\xff'];

it.each(roads)('is handed on, a megabyte of it, over $adapter as $responseType', async (road) => {
  for (const unit of bodies) {
    answer = { status: 403, body: Buffer.from(unit.repeat(MEGABYTE / unit.length), 'latin1') };
    await expectSameAsUnsigned(road);
  }
});

it.each(ADAPTERS)('is a stream that can be given up, over %s', async (adapter) => {
  answer = { status: 403, body: Buffer.alloc(4 * MEGABYTE) };
  const { data } = await createClient().get<unknown>('/', { adapter, responseType: 'stream', validateStatus: null });
  if (data instanceof Readable) {
    data.destroy();
    expect(isReadable(data)).toBe(false);
  } else {
    await (data as ReadableStream).cancel();
    expect((await (data as ReadableStream).getReader().read()).done).toBe(true);
  }
});

describe('is no trouble:', () => {
  // Without Node's streams there is nothing that could put back what was read of one, and none is read.
  const waiting = platform.toNodeStream === undefined ? (['fetch'] as const) : ADAPTERS;
  it.each(waiting)('a stream of which little comes is not waited for, over %s', async (adapter) => {
    answer = { status: 403, headers: { 'Content-Length': '100' }, body: 'a' };
    const signal = AbortSignal.timeout(5 * 60_000);
    const { status } = await withoutWaiting(() =>
      createClient().get('/', { adapter, responseType: 'stream', validateStatus: null, signal }),
    );
    expect(status).toBe(403);
  });

  it('an answer without headers, as axios-mock-adapter gives', async () => {
    const adapter = (config: AxiosRequestConfig) => Promise.resolve({ status: 403, data: '', config } as AxiosResponse);
    expect(await createClient().get('/', { adapter, validateStatus: null })).toMatchObject({ status: 403 });
  });

  it.each(['9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00+23:59'])('one of the date %s', async (Date) => {
    answer = { status: 403, headers: { Date } };
    expect(await exchange({})).toMatchObject({ status: 403 });
  });

  it('the last date of all is not believed', async () => {
    let later = 0;
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials, clock: () => Date.now() + later }));
    answer = { status: 403, headers: { Date: 'Fri, 31 Dec 9999 23:59:59 GMT' } };
    await client.get('/', { validateStatus: null });
    later = 2000;
    answer = { status: 200 };
    expect(await client.get('/')).toMatchObject({ status: 200 });
  });

  it.each([-1, NaN, '5', null, 1.5])('redirects have an end over fetch under maxRedirects: %p', async (given) => {
    redirectsLeft = 50;
    answer = { status: 200 };
    await expect(createClient().get('/', { adapter: 'fetch', maxRedirects: given as number })).rejects.toThrow();
  });

  it('a timeout of more than 24 days, where a provider takes its time', async () => {
    jest.useFakeTimers();
    try {
      const provider = () => new Promise<typeof credentials>((resolve) => setTimeout(resolve, 50, credentials));
      const client = axios.create({ baseURL: origin });
      client.interceptors.request.use(aws4Interceptor({ ...scope, credentials: provider }));
      const adapter = (config: AxiosRequestConfig) =>
        Promise.resolve({ status: 200, headers: {}, config } as AxiosResponse);
      const outcome = client.get('/', { timeout: 2 ** 31, adapter }).catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(100);
      expect(await outcome).toMatchObject({ status: 200 });
    } finally {
      jest.useRealTimers();
    }
  });
});
