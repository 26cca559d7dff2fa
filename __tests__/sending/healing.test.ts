/** Requests that are refused for a wrong clock or an expired token, and sent once more so that they are accepted. */
import { Readable } from 'node:stream';
import { Agent } from 'node:http';
import axios, {
  AxiosHeaders,
  AxiosError,
  CanceledError,
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { RawResponse, VerifyingServer } from 'strict-sigv4-verifier';
import { aws4Interceptor, type SigningTrace } from '../../lib/index.js';
import { withoutWaiting } from '../stand-ins/passing-time.js';
import { createClient, createServer, describeRequest, failure, numbered, scope } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2024-02-28T23:59:30Z');
const HOURS_AGO = new Date(START - 2 * HOUR).toUTCString();

/** The server's time, and how far the client's clock is ahead of it. */
let serverMs = START;
let aheadMs = 0;
const clock = (): number => serverMs + aheadMs;

/** The numbers of the sets whose tokens the server says have expired. */
const dead = new Set<number>();
/** What the server answers in place of its verdict, if anything, with how often it was asked before. */
let respond:
  ((count: number, verdict: { readonly ok: boolean }) => RawResponse | undefined | Promise<undefined>) | undefined;

const server: VerifyingServer = createServer({
  allowUnsignedPayload: true,
  clock: () => new Date(serverMs),
  statuses: 'as-s3',
  secretFor: (accessKeyId) => {
    const number = Number(accessKeyId.slice('ASIA'.length));
    return { ...numbered(number), ...(dead.has(number) && { expiration: new Date(0) }) };
  },
  respond: (_, verdict) => respond?.(server.requests.length - 1, verdict),
});
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(() => server.close());

let first: number;
let provider: jest.Mock;
beforeEach(() => {
  first = server.requests.length;
  [serverMs, aheadMs, respond] = [START, 0, undefined];
  dead.clear();
  provider = createProvider();
});

/** STS knows the true time. */
function createProvider(): jest.Mock {
  let number = 0;
  return jest.fn(() => Promise.resolve({ ...numbered(++number), expiration: new Date(serverMs + HOUR) }));
}

const verdicts = () => server.verifications.slice(first).map(({ verdict }) => (verdict.ok ? 'accepted' : verdict.code));
const sent = () => server.requests.slice(first).map(describeRequest);
const connect = (options = {}, defaults = {}): AxiosInstance =>
  createClient(origin, { credentials: provider, clock, ...options }, defaults);

describe('a wrong clock', () => {
  it.each([-2 * HOUR, -16 * MINUTE, 16 * MINUTE, 400 * 24 * HOUR])('that is %d ms off is healed', async (ms) => {
    aheadMs = ms;
    const client = connect({ credentials: numbered(1) });
    expect((await client.get('/')).status).toBe(200);
    expect((await client.post('/', { a: 1 })).status).toBe(200);
    // What was learned is kept: the second request is right at once.
    expect(verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted']);
  });

  it.each([{ Age: '7200' }, { 'X-Cache': 'Hit from cloudfront' }])(
    'that is known is not corrected by what a cache answers: %j',
    async (ofCache) => {
      aheadMs = 2 * HOUR;
      const client = connect({ credentials: numbered(1) });
      await client.get('/');
      respond = () => ({ status: 200, headers: { Date: HOURS_AGO, ...ofCache } });
      await client.get('/');
      respond = undefined;
      await client.get('/');
      expect(verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted', 'accepted']);
    },
  );

  it('is learned from a request whose stream cannot be sent again', async () => {
    aheadMs = 2 * HOUR;
    const client = connect({ credentials: numbered(1), payload: 'unsigned' });
    const error = await failure(client.put('/', Readable.from(['x'])));
    expect(error).toMatchObject({ response: { status: 403 } });
    await client.get('/');
    expect(verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted']);
  });

  it.each<[string, (at: string) => string, number]>([
    ['its own origin', (at) => `${at}/to`, 2],
    ['no URL', () => '', 2],
    ['another origin, by a redirect that a browser followed', () => 'https://elsewhere.example/', 1],
    ['an origin that begins like its own', (at) => `${at}0/`, 1],
  ])('is healed or not by an answer of %s', async (_, locate, tries) => {
    aheadMs = 2 * HOUR;
    const adapter = jest.fn((config: InternalAxiosRequestConfig) => {
      const { body: data = '', ...refusal } = tooSkewed();
      const headers = { Date: new Date(serverMs).toUTCString() };
      return Promise.resolve({
        ...refusal,
        statusText: '',
        headers,
        data,
        config,
        request: { responseURL: locate(origin) },
      });
    });
    await connect({ credentials: numbered(1) }, { adapter, validateStatus: null }).get('/');
    expect(adapter).toHaveBeenCalledTimes(tries);
  });

  it('is learned for its origin alone', async () => {
    aheadMs = 2 * HOUR;
    const other = createServer({ clock: () => new Date(clock()) });
    const { origin: otherOrigin } = await other.start();
    try {
      const client = createClient('', { clock });
      respond = (_, { ok }) => (ok ? undefined : tooSkewed());
      const sign = { credentials: numbered(1) };
      await client.get(origin, { aws4: sign });
      await client.get(otherOrigin);
      expect(other.verifications.map(({ verdict }) => verdict.ok)).toStrictEqual([true]);
    } finally {
      await other.close();
    }
  });

  it('is healed for all of many parallel requests', async () => {
    aheadMs = -3 * HOUR;
    const client = connect({ credentials: numbered(1) });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => client.get(`/${String(i)}`)));
    expect(answers.map(({ status }) => status)).toStrictEqual(answers.map(() => 200));
    expect(verdicts().filter((verdict) => verdict === 'accepted')).toHaveLength(50);
    expect(verdicts().length).toBeLessThanOrEqual(100);
  });

  it('that is mended is noticed by a later answer, without a refusal', async () => {
    aheadMs = 10 * MINUTE;
    const client = connect({ credentials: numbered(1) });
    // This server is stricter than the verifier, which takes dates that are 15 minutes off.
    respond = (count) => (count === first ? tooSkewed() : undefined);
    await client.get('/');
    aheadMs = 0;
    await client.get('/');
    await client.get('/');
    expect(verdicts()).toStrictEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    const dates = sent().map(({ header }) => header('x-amz-date')[0]);
    // 10 minutes fast; right; 10 minutes slow, by what was learned; right again.
    expect(dates).toStrictEqual(['20240229T000930Z', '20240228T235930Z', '20240228T234930Z', '20240228T235930Z']);
  });

  it('that is mended by more than the server takes is healed again', async () => {
    aheadMs = 5 * HOUR;
    const client = connect({ credentials: numbered(1) });
    await client.get('/');
    aheadMs = 0;
    await client.get('/');
    await client.get('/');
    expect(verdicts()).toStrictEqual([
      'RequestTimeTooSkewed',
      'accepted',
      'RequestTimeTooSkewed',
      'accepted',
      'accepted',
    ]);
  });

  it('that is mended, with credentials of an hour, is healed', async () => {
    const client = connect();
    await client.get('/');
    aheadMs = -3 * HOUR;
    await client.get('/');
    aheadMs = 0;
    for (let hours = 0; hours < 5; hours++) {
      serverMs += HOUR;
      expect((await client.get('/')).status).toBe(200);
    }
    expect(verdicts().slice(-3)).toStrictEqual(['accepted', 'accepted', 'accepted']);
  });

  it('that is fast by more than the life of the credentials is healed', async () => {
    aheadMs = 2 * HOUR;
    const client = connect();
    expect((await client.get('/')).status).toBe(200);
    expect((await client.get('/')).status).toBe(200);
    expect(verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted']);
  });

  it('of one request is learned for that clock', async () => {
    dead.add(1);
    respond = (count) => (count === first ? tooSkewed() : undefined);
    const client = createClient(origin, { credentials: provider });
    const slow = () => serverMs - HOUR;
    expect((await client.get('/', { aws4: { clock: slow } })).status).toBe(200);
    expect((await client.get('/', { aws4: { clock: slow } })).status).toBe(200);
    expect(verdicts()).toHaveLength(4);
  });

  it('is measured against the middle of the exchange', async () => {
    respond = () => {
      // 9 minutes pass, and the answer is dated by their end: that is 4.5 minutes from their middle.
      serverMs += 9 * MINUTE;
      return { status: 403, headers: { Date: new Date(serverMs).toUTCString() }, body: '' };
    };
    await failure(connect({ credentials: numbered(1) }).get('/'));
    expect(verdicts()).toHaveLength(2);
    respond = () => {
      serverMs += 7 * MINUTE;
      return { status: 403, headers: { Date: new Date(serverMs).toUTCString() }, body: '' };
    };
    await failure(connect({ credentials: numbered(1) }).get('/'));
    expect(verdicts()).toHaveLength(3);
  });

  it('that fails when the answer is there does not take it away', async () => {
    let isAnswered = false;
    respond = () => {
      isAnswered = true;
      return undefined;
    };
    const failing = () => (isAnswered ? NaN : clock());
    expect((await connect({ credentials: numbered(1), clock: failing }).post('/', 'x')).status).toBe(200);
    isAnswered = false;
    respond = () => {
      isAnswered = true;
      return tooSkewed();
    };
    aheadMs = HOUR;
    const error = await failure(connect({ credentials: numbered(1), clock: failing }).post('/', 'x'));
    expect(error).toMatchObject({
      response: { status: 403 },
      message: expect.stringContaining('could not be signed again: clock') as string,
    });
  });

  it('that is set while a request is on its way does not mislead', async () => {
    const client = connect({ credentials: numbered(1) });
    respond = (count) => {
      if (count === first) serverMs += 6 * HOUR;
      return count === first ? tooSkewed() : undefined;
    };
    await client.get('/');
    await client.get('/');
    expect(verdicts().slice(1)).toStrictEqual(['accepted', 'accepted']);
  });

  const refusals: readonly [string, Partial<RawResponse>, boolean][] = [
    ['S3’s RequestTimeTooSkewed', tooSkewed(), true],
    ['EC2’s RequestExpired', { status: 400, body: errorDocument('RequestExpired', 'Request has expired.') }, true],
    ['EC2’s AuthFailure', { status: 401, body: errorDocument('AuthFailure', 'Could not validate.') }, true],
    [
      'SignatureDoesNotMatch with “not yet current”',
      { status: 403, body: errorDocument('SignatureDoesNotMatch', 'Signature not yet current: 2024 is later') },
      true,
    ],
    [
      'InvalidSignatureException with “expired” in JSON',
      { status: 403, body: '{"__type":"a.b#InvalidSignatureException","message":"Signature expired: 2024"}' },
      true,
    ],
    [
      'InvalidSignatureException in a header',
      {
        status: 403,
        headers: { 'x-amzn-ErrorType': 'InvalidSignatureException:http://internal/' },
        body: '{"message":"Signature expired: 2024"}',
      },
      true,
    ],
    ['a bare 401', { status: 401, body: '' }, true],
    ['a bare 403', { status: 403, body: '<html>Forbidden</html>' }, true],
    [
      'SignatureDoesNotMatch for the signature',
      { status: 403, body: errorDocument('SignatureDoesNotMatch', 'No.') },
      false,
    ],
    ['AccessDenied', { status: 403, body: errorDocument('AccessDenied', 'Access Denied') }, false],
    ['a bare 400', { status: 400, body: '' }, false],
    ['a 500', { status: 500, body: errorDocument('RequestTimeTooSkewed', 'odd') }, false],
  ];
  it.each(refusals)('of 5 minutes: %s', async (_, answer, isHealed) => {
    aheadMs = 5 * MINUTE;
    respond = (count) => (count === first ? { status: 403, headers: {}, body: '', ...answer } : undefined);
    const client = connect({ credentials: numbered(1) }, { validateStatus: () => true });
    const { status } = await client.get('/');
    expect(status).toBe(isHealed ? 200 : answer.status);
    expect(verdicts()).toHaveLength(isHealed ? 2 : 1);
  });

  it.each<[string, RawResponse]>([
    [
      'the date is less than 4 minutes off',
      { ...tooSkewed(), headers: { Date: new Date(START - 3 * MINUTE).toUTCString() } },
    ],
    ['an Age says that it is a cache’s', { ...tooSkewed(), headers: { Date: HOURS_AGO, Age: '7200' } }],
    ['an X-Cache says so', { ...tooSkewed(), headers: { Date: HOURS_AGO, 'X-Cache': 'Hit from cloudfront' } }],
    ['the Date is of a time before SigV4', { ...tooSkewed(), headers: { Date: new Date(0).toUTCString() } }],
    ['the Date is no date', { ...tooSkewed(), headers: { Date: 'yesterday' } }],
  ])('is not assumed where %s', async (_, answer) => {
    respond = () => answer;
    expect(await failure(connect({ credentials: numbered(1) }).get('/'))).toMatchObject({ response: { status: 403 } });
    expect(verdicts()).toHaveLength(1);
  });

  it.each([
    ['ServerTime', '<Error><Code>RequestTimeTooSkewed</Code><ServerTime>2024-02-28T23:59:30Z</ServerTime></Error>'],
    [
      'message',
      '{"code":"InvalidSignatureException","message":"Signature not yet current: 20240229T015930Z is still later than ' +
        '20240229T000430Z (20240228T235930Z + 5 min.)"}',
    ],
  ])('is told by the %s of an answer whose Date cannot be read, as in a browser', async (_, body) => {
    aheadMs = 2 * HOUR;
    respond = (count) => (count === first ? { status: 403, headers: { Date: '', Age: '1' }, body } : undefined);
    expect((await connect({ credentials: numbered(1) }).get('/')).status).toBe(200);
    expect(verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted']);
  });

  it('that only a proxy has is not kept, and the request tried but once more', async () => {
    const lying = { status: 403, headers: { Date: new Date(START + HOUR).toUTCString() }, body: '' };
    const client = connect({ credentials: numbered(1) });
    respond = () => lying;
    expect(await failure(client.get('/'))).toMatchObject({ response: { status: 403 } });
    expect(verdicts()).toHaveLength(2);
    respond = undefined;
    await client.get('/');
    expect(verdicts().slice(2)).toStrictEqual(['accepted']);
  });

  it('does not change a date that the caller chose', async () => {
    const headers = { 'X-Amz-Date': '20200101T000000Z' };
    expect(await failure(connect().get('/', { headers }))).toMatchObject({ response: { status: 403 } });
    expect(verdicts()).toStrictEqual(['RequestTimeTooSkewed']);
  });

  it('learned over a redirect is that of the last origin', async () => {
    aheadMs = -HOUR;
    const moved = createServer({ respond: () => ({ status: 307, headers: { Location: `${origin}/to` }, body: '' }) });
    const { origin: from } = await moved.start();
    try {
      const client = createClient(from, { credentials: numbered(1), clock, hosts: ['127.0.0.1'] });
      for (const adapter of ['http', 'fetch']) expect((await client.get('/', { adapter })).status).toBe(200);
      expect(verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted']);
    } finally {
      await moved.close();
    }
  });
});

describe('an expired token', () => {
  it.each(['http', 'fetch'])('is healed by a forced refresh over %s', async (adapter) => {
    dead.add(1);
    const traces: SigningTrace[] = [];
    const client = connect({ onSigned: (trace: SigningTrace) => traces.push(trace) }, { adapter });
    const { status, config } = await client.put('/', Buffer.from('abc'));
    expect(status).toBe(200);
    expect(verdicts()).toStrictEqual(['ExpiredToken', 'accepted']);
    expect(provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
    expect(sent().map(({ text }) => text)).toStrictEqual(['abc', 'abc']);
    expect(traces).toHaveLength(2);
    expect(config.headers.has('X-Amz-Security-Token')).toBe(false);
    // The next request goes under the new set.
    await client.get('/');
    expect(verdicts().at(-1)).toBe('accepted');
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['ExpiredTokenException', 400, {}, '{"__type":"com.amazonaws.kinesis#ExpiredTokenException","message":"no"}'],
    ['a code in JSON', 403, {}, '{"code":"ExpiredToken"}'],
    ['a nested code in JSON', 403, {}, '{"Error":{"Code":"TokenRefreshRequired","Message":"no"}}'],
    ['x-amzn-errortype', 403, { 'X-Amzn-ErrorType': 'ExpiredTokenException' }, '{}'],
    ['TokenRefreshRequired', 400, {}, errorDocument('TokenRefreshRequired', 'no')],
  ])('is told by %s', async (_, status, headers, body) => {
    respond = (count) => (count === first ? { status, headers, body } : undefined);
    expect((await connect().get('/')).status).toBe(200);
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('is told by the Date of an answer to HEAD, which has no text', async () => {
    const client = connect();
    await client.get('/');
    dead.add(1);
    // By this clock, 10 minutes slow, the set lives on; by the server's it does not.
    aheadMs = -10 * MINUTE;
    serverMs += HOUR + MINUTE;
    respond = (_, { ok }) => (ok ? undefined : { status: 400, headers: {}, body: '' });
    expect((await client.head('/')).status).toBe(200);
    expect(verdicts()).toStrictEqual(['accepted', 'ExpiredToken', 'accepted']);
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('is not assumed where another code stands beside a Date after its end', async () => {
    const client = connect();
    await client.get('/');
    respond = () => ({ status: 400, headers: {}, body: '{"__type":"ValidationException"}' });
    serverMs += HOUR;
    aheadMs = -20 * MINUTE;
    await failure(client.post('/', {}));
    expect(verdicts()).toHaveLength(2);
  });

  it.each(['http', 'fetch'])('does not change how the second try goes over %s: redirects, Host', async (adapter) => {
    dead.add(1);
    const moved = { status: 307, headers: { Location: '/to' }, body: '' };
    respond = (count, { ok }) => (ok && count === first + 1 ? moved : undefined);
    const headers = { Host: adapter === 'fetch' ? 'ignored.example' : new URL(origin).host };
    expect((await connect({}, { adapter }).get('/', { headers })).status).toBe(200);
    expect(verdicts()).toStrictEqual(['ExpiredToken', 'accepted', 'accepted']);
  });

  it.each(['http', 'fetch'])('behind a POST that was carried out does not repeat it, over %s', async (adapter) => {
    respond = (count) => {
      if (count === first) dead.add(1);
      return count === first ? { status: 303, headers: { Location: '/done' }, body: '' } : undefined;
    };
    expect(await failure(connect({}, { adapter }).post('/', 'x'))).toMatchObject({ response: { status: 400 } });
    expect(sent().map(({ method }) => method)).toStrictEqual(['POST', 'GET']);
  });

  it('that an untrusted host speaks of is none', async () => {
    const stranger = createServer({
      respond: () => ({ status: 403, headers: {}, body: errorDocument('ExpiredToken', '') }),
    });
    const { origin: elsewhere } = await stranger.start();
    try {
      respond = () => ({ status: 307, headers: { Location: elsewhere }, body: '' });
      expect(await failure(connect().get('/'))).toMatchObject({ response: { status: 403 } });
      expect(provider).toHaveBeenCalledTimes(1);
    } finally {
      await stranger.close();
    }
  });

  it('and a wrong clock are healed with what was found for both', async () => {
    dead.add(1);
    aheadMs = HOUR / 2;
    respond = (count) => (count === first + 1 ? tooSkewed() : undefined);
    // Without expiration, the set that a forced call gave is not kept.
    const credentials = (request?: { forceRefresh?: boolean }) => numbered(request?.forceRefresh === true ? 2 : 1);
    expect((await connect({ credentials }).get('/')).status).toBe(200);
  });

  it('is healed where a later interceptor has put a stream in the place of the body', async () => {
    dead.add(1);
    const client = axios.create({ baseURL: origin });
    client.interceptors.request.use((config) => {
      config.data = Readable.from(['late']);
      return config;
    });
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials: provider, clock }));
    await client.put('/', 'x', { headers: { 'Content-Type': 'text/plain' } });
    expect(sent().map(({ text }) => text)).toStrictEqual(['late', 'late']);
  });

  it('of many parallel requests causes one refresh', async () => {
    dead.add(1);
    const client = connect();
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.get('/')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it.each<[string, AxiosRequestConfig['responseType']]>([
    ['http', 'arraybuffer'],
    ['http', 'text'],
    ['http', 'stream'],
    ['fetch', 'arraybuffer'],
    ['fetch', 'blob'],
    ['fetch', 'stream'],
  ])(
    'is read over %s from a response of type %s, and leaves it whole where there is no remedy',
    async (adapter, type) => {
      dead.add(1).add(2);
      // The default platform has no Node streams: there the text of such an answer is not read.
      const isUnread = platform.name === 'default' && adapter === 'http' && type === 'stream';
      const client = connect({}, { adapter, responseType: type, validateStatus: () => true });
      const response = await client.get('/');
      expect(response.status).toBe(400);
      expect(await readText(response)).toContain('<Code>ExpiredToken</Code>');
      expect(verdicts()).toHaveLength(isUnread ? 1 : 2);
      if (isUnread) return;
      dead.delete(2);
      dead.add(3);
      expect((await connect({}, { adapter, responseType: type }).get('/')).status).toBe(200);
    },
  );

  it('is tried once, and not again', async () => {
    for (let number = 1; number < 9; number++) dead.add(number);
    const error = await failure(connect().get('/'));
    expect(error).toMatchObject({ response: { status: 400 }, message: 'Request failed with status code 400' });
    expect(verdicts()).toStrictEqual(['ExpiredToken', 'ExpiredToken']);
  });

  it('and a wrong clock are each healed once', async () => {
    dead.add(1);
    aheadMs = HOUR / 2;
    respond = (count) => (count === first ? tooSkewed() : undefined);
    expect((await connect().get('/')).status).toBe(200);
    expect(verdicts()).toHaveLength(3);
  });

  it('comes through where the body was a stream, and the error says so', async () => {
    dead.add(1);
    const client = connect({ payload: 'unsigned' });
    const error = await failure(client.put('/', Readable.from(['abc'])));
    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({
      response: { status: 400 },
      message: expect.stringContaining('not sent again, since its body was a stream') as string,
    });
    expect(verdicts()).toStrictEqual(['ExpiredToken']);
    const { message } = error as Error;
    await new Promise((resolve) => setImmediate(resolve));
    expect((error as Error).message).toBe(message);
    // The next request has the new set all the same.
    await client.put('/', Readable.from(['abc']));
    expect(verdicts().at(-1)).toBe('accepted');
  });

  it('is healed where a stream was read to be signed', async () => {
    dead.add(1);
    await connect().put('/', Readable.from(['abc']));
    expect(sent().map(({ text }) => text)).toStrictEqual(['abc', 'abc']);
  });

  it('comes through where the provider fails, and the error says so', async () => {
    const client = connect();
    await client.get('/');
    dead.add(1);
    provider.mockImplementation(() => Promise.reject(new Error('STS is down')));
    const error = await failure(client.get('/'));
    expect(error).toMatchObject({
      response: { status: 400 },
      message: expect.stringContaining('could not be signed again: credentials') as string,
      cause: { code: 'ERR_CREDENTIALS', cause: { message: 'STS is down' } },
    });
  });

  it('of static credentials comes through', async () => {
    dead.add(1);
    const error = await failure(connect({ credentials: numbered(1) }).get('/'));
    expect(error).toMatchObject({ message: expect.stringContaining('there are no other credentials') as string });
    expect(verdicts()).toHaveLength(1);
  });
});

describe('the caller', () => {
  it.each([{ heal: false }, { clock, aws4: { heal: false } }])(
    'can turn it off: %j',
    async ({ aws4, ...options }: { heal?: boolean; aws4?: { heal: boolean } }) => {
      dead.add(1);
      const error = await failure(connect(options).get('/', aws4 && { aws4 }));
      expect(error).toMatchObject({ response: { status: 400 }, message: 'Request failed with status code 400' });
      expect(verdicts()).toHaveLength(1);
    },
  );

  it('sees one request and one response', async () => {
    dead.add(1);
    const seen: string[] = [];
    const client = connect();
    client.interceptors.request.use((config) => (seen.push('request'), config));
    client.interceptors.response.use((response) => (seen.push('response'), response));
    const { config } = await client.post('/path', { a: 1 }, { params: { b: 2 } });
    expect(seen).toStrictEqual(['request', 'response']);
    expect(config).toMatchObject({ url: '/path', params: { b: 2 }, baseURL: origin });
  });

  it('sees progress that only rises', async () => {
    dead.add(1);
    const loaded: number[] = [];
    await connect().put('/', Buffer.alloc(300_000), {
      onUploadProgress: (event) => loaded.push(event.loaded),
    });
    expect(verdicts()).toHaveLength(2);
    expect(loaded.length).toBeGreaterThan(0);
    expect(loaded).toStrictEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(300_000);
  });

  it('sees the progress of the answer, not of the refusal', async () => {
    dead.add(1);
    respond = (_, { ok }) => (ok ? { status: 200, headers: {}, body: 'y'.repeat(50) } : undefined);
    const seen: number[] = [];
    await connect().get('/', { onDownloadProgress: ({ loaded }) => seen.push(loaded) });
    expect(seen.at(-1)).toBe(50);
  });

  it('has the connection of a refused answer let go', async () => {
    dead.add(1);
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 1 });
    respond = (_, { ok }) =>
      ok ? undefined : { status: 400, headers: { 'X-Amzn-ErrorType': 'ExpiredToken' }, body: Buffer.alloc(3_000_000) };
    const client = connect({}, { httpAgent, responseType: 'stream' });
    const response = await client.get<Readable>('/', { timeout: 60_000 });
    expect(await readText(response)).toContain('canonicalRequest');
    httpAgent.destroy();
  });

  it.each(['http', 'fetch'])('can cancel while the credentials are replaced, over %s', async (adapter) => {
    const controller = new AbortController();
    const client = connect({}, { adapter });
    await client.get('/');
    dead.add(1);
    provider.mockImplementation(() => {
      controller.abort();
      return new Promise(() => undefined);
    });
    expect(await failure(client.get('/', { signal: controller.signal }))).toBeInstanceOf(CanceledError);
  });

  it('has one timeout for the request, its refresh and its second try', async () => {
    dead.add(1);
    const client = connect();
    provider.mockImplementationOnce(() => Promise.resolve(numbered(1)));
    provider.mockImplementationOnce(() => new Promise(() => undefined));
    const waiting = await failure(client.get('/', { timeout: 100 }));
    expect(waiting).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 100ms exceeded' });

    // Of a minute the first try takes 200 ms: what is left is what the adapter is given for the second.
    const timeouts: unknown[] = [];
    const http = axios.getAdapter('http');
    const adapter: AxiosAdapter = async (config) => {
      timeouts.push(config.timeout);
      if (timeouts.length === 1) await new Promise((resolve) => setTimeout(resolve, 200));
      return http(config);
    };
    await connect({ credentials: createProvider() }, { adapter }).get('/', { timeout: 60_000 });
    expect(timeouts).toStrictEqual([60_000, expect.any(Number)]);
    expect(timeouts[1]).toBeLessThanOrEqual(59_801);
    expect(verdicts()).toStrictEqual(['ExpiredToken', 'ExpiredToken', 'accepted']);
  });

  it('gets the answer that validateStatus lets through', async () => {
    dead.add(1).add(2);
    const { status } = await connect({}, { validateStatus: null }).get('/');
    expect(status).toBe(400);
  });
});

it.each([undefined, {}, { status: 403 }, { status: 403, headers: {}, data: 7 }])(
  'what an adapter of someone else’s gives is handed on: %j',
  async (given) => {
    const adapter = () => Promise.resolve(given as AxiosResponse);
    const signed = aws4Interceptor({ ...scope, credentials: numbered(1) })({
      url: origin,
      adapter,
      headers: new AxiosHeaders(),
    });
    expect(await axios.getAdapter(signed.adapter)(signed)).toBe(given);
  },
);

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
  const client = connect({}, { adapter: trickle, responseType: 'stream', validateStatus: null });
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

it('a request that is held back for minutes is dated anew', async () => {
  const client = axios.create({ baseURL: origin });
  // Registered before ours, it runs after the signing.
  client.interceptors.request.use((config) => {
    serverMs += 20 * MINUTE;
    return config;
  });
  client.interceptors.request.use(aws4Interceptor({ ...scope, credentials: numbered(1), clock, heal: false }));
  await client.get('/');
  expect(verdicts()).toStrictEqual(['accepted']);
});

describe('the scope’s date is the request’s', () => {
  it.each([
    ['midnight', '2023-05-31T23:59:59.999Z', '2023-06-01T00:00:00.000Z'],
    ['a leap day', '2024-02-28T23:59:59.999Z', '2024-02-29T00:00:00.000Z'],
    ['the day after it', '2024-02-29T23:59:59.999Z', '2024-03-01T00:00:00.000Z'],
    ['a year without one', '2023-02-28T23:59:59.999Z', '2023-03-01T00:00:00.000Z'],
    ['the end of the year', '2023-12-31T23:59:59.999Z', '2024-01-01T00:00:00.000Z'],
  ])('across %s', async (_, before, after) => {
    const client = connect({ credentials: numbered(1) });
    for (const moment of [before, after, before]) {
      serverMs = Date.parse(moment);
      await client.get('/');
      const [date] = sent().at(-1)?.header('x-amz-date') ?? [];
      const [authorization] = sent().at(-1)?.header('authorization') ?? [];
      expect(date?.slice(0, 8)).toBe(moment.slice(0, 10).replaceAll('-', ''));
      expect(authorization).toContain(`Credential=ASIA1/${String(date?.slice(0, 8))}/`);
    }
    expect(verdicts()).toStrictEqual(['accepted', 'accepted', 'accepted']);
  });
});

function tooSkewed(): RawResponse {
  return { status: 403, headers: {}, body: errorDocument('RequestTimeTooSkewed', 'The difference is too large.') };
}

function errorDocument(code: string, message: string): string {
  return `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

async function readText({ data }: AxiosResponse<unknown>): Promise<string> {
  if (typeof data === 'string') return data;
  if (data instanceof Blob) return data.text();
  if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer) return new TextDecoder().decode(data);
  const chunks: Uint8Array[] = [];
  for await (const chunk of data as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
