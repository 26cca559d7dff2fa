/** Clocks: what is taken for one, what is learned of others, and tests that fake the time. */
import { readFileSync } from 'node:fs';
import { defaultClock, LearnedSkews, measureSkew, RELEASE_MOMENT, replaceDefaultClock } from '../../lib/time/clock.js';
import { createClient, createServer, describeRequest, failure } from '../stand-ins/test-server.js';

const MINUTE = 60_000;
const NOON = Date.parse('2026-03-01T12:00:00Z');

describe('a skew', () => {
  it.each<[string, number, number, number, number, number]>([
    ['is exact to the second where the answer is quick', NOON + MINUTE, NOON, NOON, 0, MINUTE],
    ['is negative where the server is behind', NOON - MINUTE, NOON, NOON, 0, -MINUTE + 999],
    ['is none where the server’s date lies within the exchange', NOON + MINUTE, NOON, NOON + 9 * MINUTE, 0, 0],
    ['stays where the date does not contradict it', NOON + 2 * MINUTE, NOON, NOON + MINUTE, 90_000, 90_000],
    ['moves no further than it must', NOON + 2 * MINUTE, NOON, NOON + MINUTE, 0, MINUTE],
    ['is found where the clock was set back meanwhile', NOON, NOON + MINUTE, NOON - 9 * MINUTE, 0, 0],
  ])('%s', (_, serverMs, sentMs, receivedMs, assumedMs, skewMs) => {
    expect(measureSkew(serverMs, { sentMs, receivedMs }, assumedMs)).toBe(skewMs);
  });

  it('is kept for its origin, and forgotten once it is less than a second', () => {
    const skews = new LearnedSkews();
    skews.learn('https://a.example', 5 * MINUTE);
    expect([skews.read('https://a.example'), skews.read('https://b.example')]).toStrictEqual([5 * MINUTE, 0]);
    skews.learn('https://a.example', 999);
    expect(skews.read('https://a.example')).toBe(0);
  });

  it('is kept for 1000 origins, of which the first goes first', () => {
    const skews = new LearnedSkews();
    for (let i = 0; i <= 1000; i++) skews.learn(`https://${String(i)}.example`, MINUTE);
    expect([0, 1, 1000].map((i) => skews.read(`https://${String(i)}.example`))).toStrictEqual([0, MINUTE, MINUTE]);
  });
});

it('the moment of the release is not before the last one that the changelog names, nor is it to come', () => {
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  const released = [...changelog.matchAll(/^## \[\d+\.\d+\.\d+\] - (\d{4}-\d\d-\d\d)$/gm)].map(([, day = '']) =>
    Date.parse(day),
  );
  // Before the first release there is none, and any day of the project's is right.
  expect(RELEASE_MOMENT).toBeGreaterThanOrEqual(Math.max(Date.UTC(2026, 10, 20), ...released));
  expect(RELEASE_MOMENT).toBeLessThanOrEqual(Date.now());
});

const DEFAULT_CLOCK = Symbol.for('axios-aws4auth.defaultClock');

describe('the default clock', () => {
  const server = createServer({ clock: () => new Date(NOON) });
  let origin: string;
  beforeAll(async () => {
    ({ origin } = await server.start());
  });
  afterAll(() => server.close());
  afterEach(() => {
    Reflect.deleteProperty(globalThis, DEFAULT_CLOCK);
    jest.restoreAllMocks();
  });

  it('is the system’s until it is replaced, and again afterwards', () => {
    jest.spyOn(Date, 'now').mockReturnValue(NOON);
    expect(defaultClock()).toBe(NOON);
    replaceDefaultClock(() => NOON + MINUTE);
    expect(defaultClock()).toBe(NOON + MINUTE);
    replaceDefaultClock(() => NOON - MINUTE);
    expect(defaultClock()).toBe(NOON - MINUTE);
    Reflect.deleteProperty(globalThis, DEFAULT_CLOCK);
    expect(defaultClock()).toBe(NOON);
  });

  it('is the same for all copies of the package in a process', async () => {
    await jest.isolateModulesAsync(async () => {
      const copy = await import('../../lib/time/clock.js');
      expect(copy.replaceDefaultClock).not.toBe(replaceDefaultClock);
      copy.replaceDefaultClock(() => NOON + MINUTE);
    });
    expect(defaultClock()).toBe(NOON + MINUTE);
  });

  it('shows nowhere among the globals', () => {
    replaceDefaultClock(() => NOON);
    expect(Object.getOwnPropertySymbols({ ...globalThis })).not.toContain(DEFAULT_CLOCK);
  });

  it('dates the requests of interceptors that were made before it was replaced, and not those with a clock', async () => {
    const client = createClient(origin, { heal: false });
    const ofItsOwn = createClient(origin, { heal: false, clock: () => NOON });
    const dateOfLast = () => describeRequest(server.requests.at(-1)).header('x-amz-date');
    replaceDefaultClock(() => NOON + MINUTE);
    await client.get('/');
    expect(dateOfLast()).toStrictEqual(['20260301T120100Z']);
    await ofItsOwn.get('/');
    expect(dateOfLast()).toStrictEqual(['20260301T120000Z']);
    replaceDefaultClock(() => NOON + 2 * MINUTE);
    await client.get('/');
    expect(dateOfLast()).toStrictEqual(['20260301T120200Z']);
  });

  it('that tells no time is an error which says so', async () => {
    replaceDefaultClock(() => NaN);
    expect(await failure(createClient(origin).get('/'))).toMatchObject({ code: 'ERR_INVALID_OPTION' });
  });
});

describe('under a test’s fake timers', () => {
  const realNow = Date.now;
  const server = createServer({ clock: () => new Date(realNow()) });
  let origin: string;
  beforeAll(async () => {
    ({ origin } = await server.start());
  });
  afterAll(() => server.close());
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.parse('2001-01-01T00:00:00Z'), doNotFake: ['nextTick', 'setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('the real clock signs as ever', async () => {
    expect((await createClient(origin, { clock: () => realNow(), heal: false }).get('/')).status).toBe(200);
  });

  it('the system clock tells the fake time, which is refused, and healed', async () => {
    const refused = await failure(createClient(origin, { heal: false }).get('/'));
    expect(refused).toMatchObject({ response: { status: 403 } });
    expect((await createClient(origin).get('/')).status).toBe(200);
  });
});
