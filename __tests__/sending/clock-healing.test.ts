/** Requests that are refused for a wrong clock, and sent once more with the server's time. */
import { Readable } from 'node:stream';
import axios, { AxiosError, type InternalAxiosRequestConfig } from 'axios';
import type { RawResponse } from 'strict-sigv4-verifier';
import { aws4Interceptor } from '../../lib/index.js';
import { DAY, HOUR, MINUTE, refuse, setHealingStage, START, tooSkewed } from '../stand-ins/healing-stage.js';
import { createClient, createServer, failure, numbered, scope } from '../stand-ins/test-server.js';

const stage = setHealingStage();

describe('a wrong clock', () => {
  it.each([-2 * HOUR, -16 * MINUTE, 16 * MINUTE, 400 * 24 * HOUR])('that is %d ms off is healed', async (ms) => {
    stage.aheadMs = ms;
    const client = stage.connect({ credentials: numbered(1) });
    expect((await client.get('/')).status).toBe(200);
    expect((await client.post('/', { a: 1 })).status).toBe(200);
    // What was learned is kept: the second request is right at once.
    expect(stage.verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted']);
  });

  it('is learned for its origin alone', async () => {
    stage.aheadMs = 2 * HOUR;
    const other = createServer({ clock: () => new Date(stage.clock()) });
    const { origin: otherOrigin } = await other.start();
    try {
      const client = createClient('', { clock: stage.clock });
      stage.respond = (_, { ok }) => (ok ? undefined : tooSkewed());
      const sign = { credentials: numbered(1) };
      await client.get(stage.origin, { aws4: sign });
      await client.get(otherOrigin);
      expect(other.verifications.map(({ verdict }) => verdict.ok)).toStrictEqual([true]);
    } finally {
      await other.close();
    }
  });

  it('is healed for all of many parallel requests', async () => {
    stage.aheadMs = -3 * HOUR;
    const client = stage.connect({ credentials: numbered(1) });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => client.get(`/${String(i)}`)));
    expect(answers.map(({ status }) => status)).toStrictEqual(answers.map(() => 200));
    expect(stage.verdicts().filter((verdict) => verdict === 'accepted')).toHaveLength(50);
    expect(stage.verdicts().length).toBeLessThanOrEqual(100);
  });

  it('that is mended is noticed by a later answer, without a refusal', async () => {
    stage.aheadMs = 10 * MINUTE;
    const client = stage.connect({ credentials: numbered(1) });
    // This server is stricter than the verifier, which takes dates that are 15 minutes off.
    stage.respond = (count) => (count === 0 ? tooSkewed() : undefined);
    await client.get('/');
    stage.aheadMs = 0;
    await client.get('/');
    await client.get('/');
    expect(stage.verdicts()).toStrictEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    const dates = stage.sent().map(({ header }) => header('x-amz-date')[0]);
    // 10 minutes fast; right; 10 minutes slow, by what was learned; right again.
    expect(dates).toStrictEqual(['20240229T000930Z', '20240228T235930Z', '20240228T234930Z', '20240228T235930Z']);
  });

  it('that is mended by more than the server takes is healed again', async () => {
    stage.aheadMs = 5 * HOUR;
    const client = stage.connect({ credentials: numbered(1) });
    await client.get('/');
    stage.aheadMs = 0;
    await client.get('/');
    await client.get('/');
    expect(stage.verdicts()).toStrictEqual([
      'RequestTimeTooSkewed',
      'accepted',
      'RequestTimeTooSkewed',
      'accepted',
      'accepted',
    ]);
  });

  it('that is mended, with credentials of an hour, is healed', async () => {
    const client = stage.connect();
    await client.get('/');
    stage.aheadMs = -3 * HOUR;
    await client.get('/');
    stage.aheadMs = 0;
    for (let hours = 0; hours < 5; hours++) {
      stage.serverMs += HOUR;
      expect((await client.get('/')).status).toBe(200);
    }
    expect(stage.verdicts().slice(-3)).toStrictEqual(['accepted', 'accepted', 'accepted']);
  });

  it('that is fast by more than the life of the credentials is healed', async () => {
    stage.aheadMs = 2 * HOUR;
    const client = stage.connect();
    expect((await client.get('/')).status).toBe(200);
    expect((await client.get('/')).status).toBe(200);
    expect(stage.verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted']);
  });

  it('of one request is learned for that clock', async () => {
    const client = createClient(stage.origin, { credentials: stage.provider });
    const slow = () => stage.serverMs - HOUR;
    expect((await client.get('/', { aws4: { clock: slow } })).status).toBe(200);
    expect((await client.get('/', { aws4: { clock: slow } })).status).toBe(200);
    expect(stage.verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted']);
  });

  it('is measured against the middle of the exchange', async () => {
    stage.respond = () => {
      // 9 minutes pass, and the answer is dated by their end: that is 4.5 minutes from their middle.
      stage.serverMs += 9 * MINUTE;
      return { status: 403, headers: { Date: new Date(stage.serverMs).toUTCString() }, body: '' };
    };
    await failure(stage.connect({ credentials: numbered(1) }).get('/'));
    expect(stage.verdicts()).toHaveLength(2);
    stage.respond = () => {
      stage.serverMs += 7 * MINUTE;
      return { status: 403, headers: { Date: new Date(stage.serverMs).toUTCString() }, body: '' };
    };
    await failure(stage.connect({ credentials: numbered(1) }).get('/'));
    expect(stage.verdicts()).toHaveLength(3);
  });

  it('that fails when the answer is there does not take it away', async () => {
    let isAnswered = false;
    stage.respond = () => {
      isAnswered = true;
      return undefined;
    };
    const failing = () => (isAnswered ? NaN : stage.clock());
    expect((await stage.connect({ credentials: numbered(1), clock: failing }).post('/', 'x')).status).toBe(200);
    isAnswered = false;
    stage.respond = () => {
      isAnswered = true;
      return tooSkewed();
    };
    stage.aheadMs = HOUR;
    const error = await failure(stage.connect({ credentials: numbered(1), clock: failing }).post('/', 'x'));
    expect(error).toMatchObject({
      response: { status: 403 },
      message: expect.stringContaining('could not be signed again: clock') as string,
    });
  });

  it('that is set while a request is on its way does not mislead', async () => {
    const client = stage.connect({ credentials: numbered(1) });
    stage.respond = (count) => {
      if (count === 0) stage.serverMs += 6 * HOUR;
      return count === 0 ? tooSkewed() : undefined;
    };
    await client.get('/');
    await client.get('/');
    expect(stage.verdicts().slice(1)).toStrictEqual(['accepted', 'accepted']);
  });

  const expired =
    'Signature expired: 20240228T235430Z is now earlier than 20240228T235430Z (20240228T235930Z - 5 min.)';
  const refusals: readonly [string, RawResponse, boolean][] = [
    ['RequestTimeTooSkewed', tooSkewed(), true],
    ['RequestInTheFuture', refuse('RequestInTheFuture'), true],
    ['EC2’s RequestExpired', refuse('RequestExpired', 'Request has expired.', 400), true],
    ['EC2’s AuthFailure', refuse('AuthFailure', 'Could not validate.', 401), true],
    [
      'SignatureDoesNotMatch with “not yet current”',
      refuse('SignatureDoesNotMatch', 'Signature not yet current: 2024 is later'),
      true,
    ],
    ['InvalidSignatureException with “expired”', refuse('InvalidSignatureException:http://internal/', expired), true],
    ['InvalidSignatureException to HEAD', { ...refuse('InvalidSignatureException'), body: '' }, true],
    ['InvalidSignatureException for the signature', refuse('InvalidSignatureException', 'No match.'), false],
    ['a bare 401', { status: 401, body: '' }, true],
    ['a bare 403', { status: 403, body: '<html>Forbidden</html>' }, true],
    ['SignatureDoesNotMatch for the signature', refuse('SignatureDoesNotMatch', 'No.'), false],
    ['AccessDenied', refuse('AccessDenied', 'Access Denied'), false],
    ['a bare 400', { status: 400, body: '' }, false],
    ['a 500', refuse('RequestTimeTooSkewed', 'odd', 500), false],
  ];
  it.each(refusals)('of 5 minutes: %s', async (_, answer, isHealed) => {
    stage.aheadMs = 5 * MINUTE;
    stage.respond = (count) => (count === 0 ? answer : undefined);
    const client = stage.connect({ credentials: numbered(1) }, { validateStatus: () => true });
    const { status } = await client.get('/');
    expect(status).toBe(isHealed ? 200 : answer.status);
    expect(stage.verdicts()).toHaveLength(isHealed ? 2 : 1);
  });

  /** Between the moment of the signature and that of the answer; the clock is right when the request is signed again. */
  const between: Readonly<Record<string, (minutes: number) => void>> = {
    'the process was frozen': (minutes) => (stage.serverMs += minutes * MINUTE),
    'a fast clock was set': () => (stage.aheadMs = 0),
    'a slow clock was set': () => (stage.aheadMs = 0),
  };
  const ahead: Readonly<Record<string, number>> = { 'a fast clock was set': MINUTE, 'a slow clock was set': -MINUTE };
  const naming = refusals.filter(
    ([, { body }, isHealed]) => isHealed && /expired|current|too large/.test(String(body)),
  );
  const passing = Object.keys(between).flatMap((what) =>
    [5, 6, 7, 8, 9].flatMap((minutes) => naming.map(([code, answer]) => ({ what, minutes, code, answer }))),
  );
  it.each(passing)('is healed where $what $minutes minutes after: $code', async ({ what, minutes, answer }) => {
    stage.aheadMs = (ahead[what] ?? 0) * minutes;
    stage.respond = (count) => {
      if (count === 0) between[what]?.(minutes);
      return count === 0 ? answer : undefined;
    };
    const client = stage.connect({ credentials: numbered(1) });
    expect((await client.post('/', 'x')).status).toBe(200);
    expect(stage.verdicts()).toHaveLength(2);
    const [date] = stage.sent().at(-1)?.header('x-amz-date') ?? [];
    expect(date).toBe(new Date(stage.serverMs).toISOString().replace(/[-:]|\.\d+/g, ''));
  });

  // Releases are younger than a clock that stands in 2025 or in 1970: such a clock was never set.
  const NOW = Date.parse('2027-03-01T12:00:00Z');
  it.each([
    ['6 days fast', NOW, 6 * DAY, true],
    ['6 days slow', NOW, -6 * DAY, true],
    ['8 days fast', NOW, 8 * DAY, false],
    ['8 days slow', NOW, -8 * DAY, false],
    ['a year fast', NOW, 400 * DAY, false],
    ['a year slow, before this release', NOW - 400 * DAY, -400 * DAY, true],
    ['at the second day of 1970', NOW, DAY - NOW, true],
  ])('that is %s is healed or not', async (_, serverMs, aheadMs, isBelieved) => {
    for (const answer of [tooSkewed(), { status: 403, body: '' }]) {
      const client = stage.connect({ credentials: numbered(1) }, { validateStatus: null });
      stage.reset();
      stage.serverMs = serverMs;
      stage.aheadMs = aheadMs;
      stage.respond = (count) => (count === 0 ? answer : undefined);
      expect((await client.post('/', 'x')).status).toBe(isBelieved ? 200 : 403);
      expect(stage.verdicts()).toHaveLength(isBelieved ? 2 : 1);
    }
  });

  it.each<[string, RawResponse]>([
    [
      'the date is less than 4 minutes off',
      {
        ...tooSkewed(),
        headers: { 'x-amzn-ErrorType': 'RequestTimeTooSkewed', Date: new Date(START - 3 * MINUTE).toUTCString() },
      },
    ],
    [
      'the Date is of a time before SigV4',
      { ...tooSkewed(), headers: { 'x-amzn-ErrorType': 'RequestTimeTooSkewed', Date: new Date(0).toUTCString() } },
    ],
    [
      'the Date is no date',
      { ...tooSkewed(), headers: { 'x-amzn-ErrorType': 'RequestTimeTooSkewed', Date: 'yesterday' } },
    ],
  ])('is not assumed where %s', async (_, answer) => {
    stage.respond = () => answer;
    expect(await failure(stage.connect({ credentials: numbered(1) }).get('/'))).toMatchObject({
      response: { status: 403 },
    });
    expect(stage.verdicts()).toHaveLength(1);
  });

  it('that only a proxy has is not kept, and the request tried but once more', async () => {
    const lying = { status: 403, headers: { Date: new Date(START + HOUR).toUTCString() }, body: '' };
    const client = stage.connect({ credentials: numbered(1) });
    stage.respond = () => lying;
    expect(await failure(client.get('/'))).toMatchObject({ response: { status: 403 } });
    expect(stage.verdicts()).toHaveLength(2);
    stage.respond = undefined;
    await client.get('/');
    expect(stage.verdicts().slice(2)).toStrictEqual(['accepted']);
  });

  /** The dates of all requests of a test, in ms from its start by the server's time. */
  const datesSent = (): number[] =>
    stage.sent().map(({ header }) => {
      const [date = ''] = header('x-amz-date');
      return Date.parse(date.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) - START;
    });

  it('that only a proxy has does not take the place of what was learned', async () => {
    stage.aheadMs = 2 * HOUR;
    const client = stage.connect({ credentials: numbered(1) });
    await client.get('/');
    stage.respond = () => ({ status: 403, headers: { Date: new Date(START + HOUR).toUTCString() }, body: '' });
    await failure(client.get('/'));
    stage.respond = undefined;
    await client.get('/');
    expect(datesSent()).toStrictEqual([2 * HOUR, 0, 0, HOUR, 0]);
  });

  it('that only a proxy has is not learned from a request that cannot be sent again either', async () => {
    stage.respond = (count) =>
      count === 0 ? { status: 403, headers: { Date: new Date(START + HOUR).toUTCString() }, body: '' } : undefined;
    const client = stage.connect({ credentials: numbered(1), payload: 'unsigned' });
    await failure(client.put('/', Readable.from(['x'])));
    await client.get('/');
    expect(datesSent()).toStrictEqual([0, 0]);
  });

  it('is not learned anew from an answer that takes long', async () => {
    stage.aheadMs = 2 * HOUR;
    const client = stage.connect({ credentials: numbered(1) });
    await client.get('/');
    stage.respond = () => {
      stage.serverMs += 3 * MINUTE;
      return { status: 200, headers: { Date: new Date(stage.serverMs).toUTCString() }, body: '' };
    };
    await client.get('/');
    await client.get('/');
    expect(datesSent().slice(1)).toStrictEqual([0, 0, 3 * MINUTE]);
  });

  it('is not learned from an answer that refuses for another cause', async () => {
    stage.dead.add(1);
    const headers = { Date: new Date(START + 10 * MINUTE).toUTCString() };
    const denied = refuse('AccessDenied');
    stage.respond = (count) => (count === 1 ? { ...denied, headers: { ...denied.headers, ...headers } } : undefined);
    const client = stage.connect();
    await failure(client.get('/'));
    await client.get('/');
    expect(datesSent()).toStrictEqual([0, 0, 0]);
  });

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['an error of its own', () => new Error('down')],
    ['an error of its own with an answer', () => Object.assign(new Error('no'), { response: tooSkewed() })],
    ['an AxiosError without an answer', () => new AxiosError('down', 'ECONNREFUSED')],
  ])('that is known takes nothing from what an adapter rejects with: %s', async (_, create) => {
    stage.aheadMs = 2 * HOUR;
    const client = stage.connect({ credentials: numbered(1) });
    await client.get('/');
    const reason = create();
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- so do others
    const adapter = jest.fn(() => Promise.reject(reason));
    expect(await failure(client.get('/', { adapter }))).toBe(reason);
    expect(adapter).toHaveBeenCalledTimes(1);
    await client.get('/');
    expect(datesSent().slice(1)).toStrictEqual([0, 0]);
  });

  it('is learned from a request whose stream cannot be sent again', async () => {
    stage.aheadMs = 2 * HOUR;
    const client = stage.connect({ credentials: numbered(1), payload: 'unsigned' });
    const error = await failure(client.put('/', Readable.from(['x'])));
    expect(error).toMatchObject({ response: { status: 403 } });
    await client.get('/');
    expect(stage.verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted']);
  });

  it.each<[string, (at: string) => string, number]>([
    ['its own origin', (at) => `${at}/to`, 2],
    ['no URL', () => '', 2],
    ['another origin, by a redirect that a browser followed', () => 'https://elsewhere.example/', 1],
    ['an origin that begins like its own', (at) => `${at}0/`, 1],
  ])('is healed or not by an answer of %s', async (_, locate, tries) => {
    stage.aheadMs = 2 * HOUR;
    const adapter = jest.fn((config: InternalAxiosRequestConfig) => {
      const { status, headers, body: data } = tooSkewed();
      return Promise.resolve({
        status,
        statusText: '',
        headers: { ...headers, Date: new Date(stage.serverMs).toUTCString() },
        data,
        config,
        request: { responseURL: locate(stage.origin) },
      });
    });
    await stage.connect({ credentials: numbered(1) }, { adapter, validateStatus: null }).get('/');
    expect(adapter).toHaveBeenCalledTimes(tries);
  });

  it('does not change a date that the caller chose', async () => {
    const headers = { 'X-Amz-Date': '20200101T000000Z' };
    expect(await failure(stage.connect().get('/', { headers }))).toMatchObject({ response: { status: 403 } });
    expect(stage.verdicts()).toStrictEqual(['RequestTimeTooSkewed']);
  });

  it('learned over a redirect is that of the last origin', async () => {
    stage.aheadMs = -HOUR;
    const moved = createServer({
      respond: () => ({ status: 307, headers: { Location: `${stage.origin}/to` }, body: '' }),
    });
    const { origin: from } = await moved.start();
    try {
      const client = createClient(from, { credentials: numbered(1), clock: stage.clock, hosts: ['127.0.0.1'] });
      for (const adapter of ['http', 'fetch']) expect((await client.get('/', { adapter })).status).toBe(200);
      expect(stage.verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted']);
    } finally {
      await moved.close();
    }
  });
});

it('a request that is held back for minutes is dated anew', async () => {
  const client = axios.create({ baseURL: stage.origin });
  // Registered before ours, it runs after the signing.
  client.interceptors.request.use((config) => {
    stage.serverMs += 20 * MINUTE;
    return config;
  });
  client.interceptors.request.use(
    aws4Interceptor({ ...scope, credentials: numbered(1), clock: stage.clock, heal: false }),
  );
  await client.get('/');
  expect(stage.verdicts()).toStrictEqual(['accepted']);
});

describe('the scope’s date is the request’s', () => {
  it.each([
    ['midnight', '2023-05-31T23:59:59.999Z', '2023-06-01T00:00:00.000Z'],
    ['a leap day', '2024-02-28T23:59:59.999Z', '2024-02-29T00:00:00.000Z'],
    ['the day after it', '2024-02-29T23:59:59.999Z', '2024-03-01T00:00:00.000Z'],
    ['a year without one', '2023-02-28T23:59:59.999Z', '2023-03-01T00:00:00.000Z'],
    ['the end of the year', '2023-12-31T23:59:59.999Z', '2024-01-01T00:00:00.000Z'],
  ])('across %s', async (_, before, after) => {
    const client = stage.connect({ credentials: numbered(1) });
    for (const moment of [before, after, before]) {
      stage.serverMs = Date.parse(moment);
      await client.get('/');
      const [date] = stage.sent().at(-1)?.header('x-amz-date') ?? [];
      const [authorization] = stage.sent().at(-1)?.header('authorization') ?? [];
      expect(date?.slice(0, 8)).toBe(moment.slice(0, 10).replaceAll('-', ''));
      expect(authorization).toContain(`Credential=ASIA1/${String(date?.slice(0, 8))}/`);
    }
    expect(stage.verdicts()).toStrictEqual(['accepted', 'accepted', 'accepted']);
  });
});
