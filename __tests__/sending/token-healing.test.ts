/** Requests that are refused for an expired token, and sent once more with other credentials. */
import { Readable } from 'node:stream';
import axios, { AxiosError, type AxiosRequestConfig } from 'axios';
import { aws4Interceptor, SigningKey, type SigningTrace } from '../../lib/index.js';
import {
  errorDocument,
  HOUR,
  MINUTE,
  readText,
  refuse,
  setHealingStage,
  tooSkewed,
} from '../stand-ins/healing-stage.js';
import { createServer, failure, numbered, scope } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const stage = setHealingStage();
/** Where the text of an answer says why it refuses. */
const s3 = setHealingStage('s3');

describe('an expired token', () => {
  it.each(['http', 'fetch'])('is healed by a forced refresh over %s', async (adapter) => {
    stage.dead.add(1);
    const traces: SigningTrace[] = [];
    const client = stage.connect({ onSigned: (trace: SigningTrace) => traces.push(trace) }, { adapter });
    const { status, config } = await client.put('/', Buffer.from('abc'));
    expect(status).toBe(200);
    expect(stage.verdicts()).toStrictEqual(['ExpiredToken', 'accepted']);
    expect(stage.provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
    expect(stage.sent().map(({ text }) => text)).toStrictEqual(['abc', 'abc']);
    expect(traces).toHaveLength(2);
    expect(config.headers.has('X-Amz-Security-Token')).toBe(false);
    // The next request goes under the new set.
    await client.get('/');
    expect(stage.verdicts().at(-1)).toBe('accepted');
    expect(stage.provider).toHaveBeenCalledTimes(2);
  });

  const told = 'The security token included in the request is expired';
  it.each([
    ['ExpiredToken', refuse('ExpiredToken')],
    ['ExpiredTokenException', refuse('ExpiredTokenException:http://internal.amazon.com/coral/')],
    ['TokenRefreshRequired', refuse('TokenRefreshRequired', '', 400)],
    ['RequestExpired beside a right date', refuse('RequestExpired', 'Request has expired.', 400)],
    ['words alone', refuse('UnrecognizedClientException', told)],
  ])('is told by %s', async (_, answer) => {
    stage.respond = (count) => (count === 0 ? answer : undefined);
    expect((await stage.connect().post('/', 'x')).status).toBe(200);
    expect(stage.verdicts()).toHaveLength(2);
    expect(stage.provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
  });

  it('is not what RequestExpired means where the caller chose the date', async () => {
    stage.respond = () => refuse('RequestExpired');
    const headers = { 'X-Amz-Date': '20240228T235930Z' };
    await failure(stage.connect().get('/', { headers }));
    expect(stage.provider).toHaveBeenCalledTimes(1);
    expect(stage.verdicts()).toHaveLength(1);
  });

  it('is not assumed where another code stands beside a Date after its end', async () => {
    const client = stage.connect();
    await client.get('/');
    stage.respond = () => ({ status: 400, headers: {}, body: '{"__type":"ValidationException"}' });
    stage.serverMs += HOUR;
    stage.aheadMs = -20 * MINUTE;
    await failure(client.post('/', {}));
    expect(stage.verdicts()).toHaveLength(2);
  });

  it.each(['http', 'fetch'])('does not change how the second try goes over %s: redirects, Host', async (adapter) => {
    stage.dead.add(1);
    const moved = { status: 307, headers: { Location: '/to' }, body: '' };
    stage.respond = (count, { ok }) => (ok && count === 1 ? moved : undefined);
    const headers = { Host: adapter === 'fetch' ? 'ignored.example' : new URL(stage.origin).host };
    expect((await stage.connect({}, { adapter }).get('/', { headers })).status).toBe(200);
    expect(stage.verdicts()).toStrictEqual(['ExpiredToken', 'accepted', 'accepted']);
  });

  it.each(['http', 'fetch'])('behind a POST that was carried out does not repeat it, over %s', async (adapter) => {
    stage.respond = (count) => {
      if (count === 0) stage.dead.add(1);
      return count === 0 ? { status: 303, headers: { Location: '/done' }, body: '' } : undefined;
    };
    expect(await failure(stage.connect({}, { adapter }).post('/', 'x'))).toMatchObject({ response: { status: 400 } });
    expect(stage.sent().map(({ method }) => method)).toStrictEqual(['POST', 'GET']);
  });

  it('that an untrusted host speaks of is none', async () => {
    const stranger = createServer({
      respond: () => ({ status: 403, headers: {}, body: errorDocument('ExpiredToken', '') }),
    });
    const { origin: elsewhere } = await stranger.start();
    try {
      stage.respond = () => ({ status: 307, headers: { Location: elsewhere }, body: '' });
      expect(await failure(stage.connect().get('/'))).toMatchObject({ response: { status: 403 } });
      expect(stage.provider).toHaveBeenCalledTimes(1);
    } finally {
      await stranger.close();
    }
  });

  it.each([HOUR / 2, -HOUR / 2])('is healed by one more try together with a clock that is %d ms off', async (ms) => {
    stage.dead.add(1);
    stage.aheadMs = ms;
    stage.respond = (count) => (count === 0 ? refuse('ExpiredToken', '', 400) : undefined);
    const client = stage.connect();
    expect((await client.post('/', 'x')).status).toBe(200);
    expect((await client.post('/', 'x')).status).toBe(200);
    expect(stage.verdicts().slice(1)).toStrictEqual(['accepted', 'accepted']);
    expect(stage.sent()).toHaveLength(3);
  });

  it('that shows by the server’s time is healed together with the clock', async () => {
    const client = stage.connect();
    await client.get('/');
    stage.dead.add(1);
    // By this clock, an hour slow, the set lives on.
    stage.serverMs += HOUR + MINUTE;
    stage.aheadMs = -HOUR;
    stage.respond = (_, { ok }) => (ok ? undefined : tooSkewed());
    expect((await client.post('/', 'x')).status).toBe(200);
    expect(stage.sent()).toHaveLength(3);
    expect(stage.verdicts().at(-1)).toBe('accepted');
  });

  it('is healed where a later interceptor has put a stream in the place of the body', async () => {
    stage.dead.add(1);
    const client = axios.create({ baseURL: stage.origin });
    client.interceptors.request.use((config) => {
      config.data = Readable.from(['late']);
      return config;
    });
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials: stage.provider, clock: stage.clock }));
    await client.put('/', 'x', { headers: { 'Content-Type': 'text/plain' } });
    expect(stage.sent().map(({ text }) => text)).toStrictEqual(['late', 'late']);
  });

  it('of many parallel requests causes one refresh', async () => {
    stage.dead.add(1);
    const client = stage.connect();
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.get('/')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(stage.provider).toHaveBeenCalledTimes(2);
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
      s3.dead.add(1).add(2);
      // The default platform has no Node streams: there the text of such an answer is not read.
      const isUnread = platform.name === 'default' && adapter === 'http' && type === 'stream';
      const client = s3.connect({}, { adapter, responseType: type, validateStatus: () => true });
      const response = await client.get('/');
      expect(response.status).toBe(400);
      expect(await readText(response)).toContain('<Code>ExpiredToken</Code>');
      expect(s3.verdicts()).toHaveLength(isUnread ? 1 : 2);
      if (isUnread) return;
      s3.dead.delete(2);
      s3.dead.add(3);
      expect((await s3.connect({}, { adapter, responseType: type }).get('/')).status).toBe(200);
    },
  );

  it('is tried once, and not again', async () => {
    for (let number = 1; number < 9; number++) stage.dead.add(number);
    const error = await failure(stage.connect().get('/'));
    const message = expect.stringMatching(/^Request failed with status code 400\. The session token .* has expired/);
    expect(error).toMatchObject({ response: { status: 400 }, message });
    expect(stage.verdicts()).toStrictEqual(['ExpiredToken', 'ExpiredToken']);
  });

  it('comes through where the body was a stream, and the error says so', async () => {
    stage.dead.add(1);
    const client = stage.connect({ payload: 'unsigned' });
    const error = await failure(client.put('/', Readable.from(['abc'])));
    expect(error).toBeInstanceOf(AxiosError);
    expect(error).toMatchObject({
      response: { status: 400 },
      message: expect.stringContaining('not sent again, since its body was a stream') as string,
    });
    expect(stage.verdicts()).toStrictEqual(['ExpiredToken']);
    const { message } = error as Error;
    await new Promise((resolve) => setImmediate(resolve));
    expect((error as Error).message).toBe(message);
    // The next request has the new set all the same.
    await client.put('/', Readable.from(['abc']));
    expect(stage.verdicts().at(-1)).toBe('accepted');
  });

  it('is healed where a stream was read to be signed', async () => {
    stage.dead.add(1);
    await stage.connect().put('/', Readable.from(['abc']));
    expect(stage.sent().map(({ text }) => text)).toStrictEqual(['abc', 'abc']);
  });

  it('comes through where the provider fails, and the error says so', async () => {
    const client = stage.connect();
    await client.get('/');
    stage.dead.add(1);
    stage.provider.mockImplementation(() => Promise.reject(new Error('STS is down')));
    const error = await failure(client.get('/'));
    expect(error).toMatchObject({
      response: { status: 400 },
      message: expect.stringContaining('could not be signed again: credentials') as string,
      cause: { code: 'ERR_CREDENTIALS', cause: { message: 'STS is down' } },
    });
  });

  it('beside a signing key, which has no other, comes through', async () => {
    stage.dead.add(1);
    const { accessKeyId, secretAccessKey, sessionToken } = numbered(1);
    const signingKey = new SigningKey(secretAccessKey, { ...scope, date: new Date(stage.serverMs) });
    const client = stage.connect({ credentials: undefined, signingKey, accessKeyId, sessionToken });
    const error = await failure(client.get('/'));
    expect(error).toMatchObject({ message: expect.stringContaining('there are no other credentials') as string });
    expect(stage.verdicts()).toStrictEqual(['ExpiredToken']);
  });

  it('is replaced beside a date that is good enough, which stays that of the clock', async () => {
    stage.dead.add(1);
    stage.aheadMs = MINUTE;
    const client = stage.connect();
    await client.get('/');
    await client.get('/');
    const dates = stage.sent().map(({ header }) => header('x-amz-date')[0]);
    expect(dates).toStrictEqual(['20240229T000030Z', '20240229T000030Z', '20240229T000030Z']);
  });

  it('of static credentials comes through', async () => {
    stage.dead.add(1);
    const error = await failure(stage.connect({ credentials: numbered(1) }).get('/'));
    expect(error).toMatchObject({ message: expect.stringContaining('there are no other credentials') as string });
    expect(stage.verdicts()).toHaveLength(1);
  });
});
