/** Credentials that are kept, asked for again in time, and never used once they are dead. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import axios, { AxiosHeaders, CanceledError, type AxiosAdapter, type AxiosRequestConfig } from 'axios';
import { Limits } from '../../lib/sending/cancellation.js';
import { isPending } from '../../lib/platform/waiting.js';
import { createCredentialsSource, type CredentialSet } from '../../lib/credentials/credentials.js';
import {
  aws4Interceptor,
  CredentialsError,
  SigningKey,
  type Aws4Options,
  type CredentialsRequest,
  type ExpiringCredentials,
} from '../../lib/index.js';
import { planRefresh } from '../../lib/credentials/refresh-timing.js';
import { signRequest } from '../../lib/sigv4/index.js';
import { platform } from '#platform';
import {
  createClient,
  createServer,
  credentials as permanent,
  describeRequest,
  failure,
  numbered,
  scope,
  temporary,
} from '../stand-ins/test-server.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-02-28T23:30:00Z');

let nowMs = START;
const clock = (): number => nowMs;
const time = { now: clock, uncorrected: clock };
beforeEach(() => {
  nowMs = START;
});

type Provider = (request?: CredentialsRequest) => ExpiringCredentials | Promise<ExpiringCredentials>;

/** A provider of numbered sets that live for `lifeMs`; each call can be made to do something else. */
function createProvider(lifeMs = HOUR): jest.MockedFunction<Provider> {
  const provider: jest.MockedFunction<Provider> = jest.fn(() =>
    Promise.resolve({ ...numbered(provider.mock.calls.length), expiration: new Date(nowMs + lifeMs) }),
  );
  return provider;
}

const keyOf = (set: CredentialSet): string => set.credentials.accessKeyId;
const refusalOf = (use: () => unknown): unknown => {
  try {
    return use();
  } catch (error) {
    return error;
  }
};
/** Lets what was begun in the background come to its end. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Signs a request that is not sent, and says under which key and token. */
function createSigner(options: Aws4Options) {
  const adapter: AxiosAdapter = (config) => {
    const key = /Credential=([^/]*)/.exec(String(config.headers.get('Authorization')))?.[1];
    const token = config.headers.get('X-Amz-Security-Token') ?? 'no token';
    const data = `${String(key)} ${String(token)}`;
    return Promise.resolve({ data, status: 200, statusText: '', headers: {}, config });
  };
  const client = axios.create({ adapter });
  client.interceptors.request.use(aws4Interceptor({ ...scope, clock, ...options }));
  return async (config: AxiosRequestConfig = {}): Promise<string> =>
    (await client.get<string>('http://localhost/', config)).data;
}

describe('a set with an expiration', () => {
  it('is kept, and asked for again in the background in its last quarter', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    for (const minutes of [0, 20, 44]) {
      nowMs = START + minutes * MINUTE;
      expect(keyOf(await source.load(time))).toBe('ASIA1');
    }
    expect(provider).toHaveBeenCalledTimes(1);
    nowMs = START + 45 * MINUTE;
    // Nobody waits: the set that is good still is given at once.
    expect(source.load(time)).not.toBeInstanceOf(Promise);
    expect(provider).toHaveBeenCalledTimes(2);
    await settle();
    expect(keyOf(await source.load(time))).toBe('ASIA2');
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('is waited for in its last twelfth', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    await source.load(time);
    nowMs = START + 55 * MINUTE;
    expect(keyOf(await source.load(time))).toBe('ASIA2');
    // A cache of the provider's own may answer, since nobody says that this set is dead.
    expect(provider.mock.calls).toStrictEqual([[], []]);
  });

  it.each([
    ['1 s', SECOND, 0.25 * SECOND, SECOND / 12],
    ['15 minutes', 15 * MINUTE, 3.75 * MINUTE, 1.25 * MINUTE],
    ['1 hour', HOUR, 15 * MINUTE, 5 * MINUTE],
    ['12 hours', 12 * HOUR, 15 * MINUTE, 5 * MINUTE],
    ['a negative time', -SECOND, 0, 0],
  ])('that lives for %s has windows that fit', (_, lifeMs, advisoryMs, mandatoryMs) => {
    const windows = planRefresh(START + lifeMs, START);
    expect(START + lifeMs - windows.advisoryMs).toBeCloseTo(advisoryMs, 3);
    expect(START + lifeMs - windows.mandatoryMs).toBeCloseTo(mandatoryMs, 3);
  });

  it('from a cache of the provider’s own is not asked for on each request', async () => {
    const expiration = new Date(START + HOUR);
    const provider = createProvider();
    provider.mockImplementation(() => ({ ...numbered(1), expiration }));
    const source = createCredentialsSource(provider);
    for (; nowMs < START + HOUR; nowMs += SECOND) {
      expect(keyOf(await source.load(time))).toBe('ASIA1');
      await settle();
    }
    expect(provider.mock.calls.length).toBeLessThanOrEqual(10);
  });

  it('that is dead when it is given is asked for again with forceRefresh, and never used', async () => {
    const provider = createProvider();
    provider.mockImplementation((request) => ({
      ...numbered(provider.mock.calls.length),
      expiration: new Date(request?.forceRefresh === true ? nowMs + HOUR : nowMs),
    }));
    expect(await createSigner({ credentials: provider })()).toBe('ASIA2 token/2');
    expect(provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
  });

  it('that was made anew and seems dead even so shows that the clock is wrong, and the server is to judge', async () => {
    const provider = createProvider(-HOUR);
    expect(await createSigner({ credentials: provider })()).toBe('ASIA2 token/2');
    expect(provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
  });

  it('that was made anew is asked for again once it has ended, however soon', async () => {
    const provider = createProvider();
    provider.mockImplementation((request) => ({
      ...numbered(provider.mock.calls.length),
      expiration: new Date(request?.forceRefresh === true ? nowMs + 100 : nowMs),
    }));
    const sign = createSigner({ credentials: provider });
    expect(await sign()).toBe('ASIA2 token/2');
    nowMs += 100;
    expect(await sign()).toBe('ASIA4 token/4');
  });

  it('that is made anew each time is for the server to judge, however long it seems dead', async () => {
    expect(await createSigner({ credentials: createProvider(-8 * 24 * HOUR) })()).toBe('ASIA2 token/2');
  });

  it('given as an object is used while it lives', async () => {
    const given = { ...numbered(1), expiration: new Date(START + HOUR) };
    const sign = createSigner({ credentials: given });
    nowMs = START + HOUR - 1;
    expect(await sign()).toBe('ASIA1 token/1');
    nowMs = START + HOUR;
    expect(await failure(sign())).toMatchObject({ code: 'ERR_CREDENTIALS' });
    Object.assign(given, numbered(2), { expiration: new Date(START + 2 * HOUR) });
    expect(await sign()).toBe('ASIA2 token/2');
  });

  it.each([
    ['text', '2026-03-01T00:00:00Z'],
    ['no date', new Date(NaN)],
    ['a number', START],
  ])('must be a Date, not %s', async (_, expiration) => {
    const credentials = () => ({ ...numbered(1), expiration: expiration as Date });
    expect(await failure(createSigner({ credentials })())).toMatchObject({
      code: 'ERR_CREDENTIALS',
      message: expect.stringContaining('expiration: must be a Date') as string,
    });
  });
});

describe('a clock that is hours fast and a provider that insists on a set', () => {
  const FAST = 3 * HOUR;
  const cached = { ...numbered(1), expiration: new Date(START + HOUR - FAST) };
  const corrected = { now: () => nowMs - FAST, uncorrected: clock };
  function createCache() {
    const provider = createProvider();
    provider.mockImplementation(() => Promise.resolve(cached));
    return provider;
  }

  it('have the server judge, once the provider was told to fetch anew', async () => {
    const provider = createCache();
    expect(await createSigner({ credentials: provider })()).toBe('ASIA1 token/1');
    expect(provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
  });

  it('ask the provider in the background, ever more seldom, and no request waits', async () => {
    const provider = createCache();
    const source = createCredentialsSource(provider);
    await source.load(time);
    const callsBy = async (minutes: number): Promise<number> => {
      for (; nowMs < START + minutes * MINUTE; nowMs += 100) {
        expect(source.load(time)).toMatchObject({ credentials: numbered(1) });
        await settle();
      }
      return provider.mock.calls.length;
    };
    // Twice each: with what is cached, and anew.
    expect(await callsBy(1)).toBeLessThanOrEqual(2 + 2 * 8);
    const after1 = provider.mock.calls.length;
    const after6 = await callsBy(6);
    expect(after6 - after1).toBeGreaterThanOrEqual(2 * 4);
    expect(after6 - after1).toBeLessThanOrEqual(2 * 11);
  });

  it('have no request wait where the set ends at this very moment either', async () => {
    const source = createCredentialsSource(createProvider(0));
    await source.load(time);
    expect(source.load(time)).toMatchObject({ credentials: numbered(2) });
  });

  it('go on as ever by the time that a server told, or once the clock is right', async () => {
    for (const right of [corrected, { now: () => nowMs - FAST, uncorrected: () => nowMs - FAST }]) {
      nowMs = START;
      const provider = createCache();
      const source = createCredentialsSource(provider);
      await source.load(time);
      for (const minutes of [0, 20, 44]) {
        nowMs = START + minutes * MINUTE;
        expect(source.load(right)).toMatchObject({ credentials: numbered(1) });
      }
      expect(provider).toHaveBeenCalledTimes(2);
      provider.mockImplementation(() => ({ ...numbered(2), expiration: new Date(nowMs - FAST + HOUR) }));
      nowMs = START + 50 * MINUTE;
      expect(source.load(right)).toMatchObject({ credentials: numbered(1) });
      await settle();
      expect(source.load(right)).toMatchObject({ credentials: numbered(2) });
      expect(provider).toHaveBeenCalledTimes(3);
    }
  });

  it('wait for the next set once the server’s time says that it has ended', async () => {
    const provider = createCache();
    const source = createCredentialsSource(provider);
    await source.load(time);
    expect(source.load(corrected)).toMatchObject({ credentials: numbered(1) });
    provider.mockImplementation(() => ({ ...numbered(2), expiration: new Date(nowMs - FAST + HOUR) }));
    nowMs = START + 2 * HOUR;
    expect(keyOf(await source.load(corrected))).toBe('ASIA2');
  });

  it('do not disturb those whose clock is right', async () => {
    const provider = createCache();
    const source = createCredentialsSource(provider);
    const right = { now: () => nowMs - FAST, uncorrected: () => nowMs - FAST };
    for (; nowMs < START + 10 * SECOND; nowMs += 10) {
      await source.load(time);
      await source.load(right);
    }
    expect(provider.mock.calls.length).toBeLessThanOrEqual(2 * 6);
  });

  it('take what is new as soon as there is some, and keep what they have while there is none', async () => {
    const provider = createCache();
    const source = createCredentialsSource(provider);
    await source.load(time);
    provider.mockImplementation(() => Promise.reject(new Error('down')));
    nowMs += MINUTE;
    expect(source.load(time)).toMatchObject({ credentials: numbered(1) });
    await settle();
    expect(source.load(time)).toMatchObject({ credentials: numbered(1) });
    provider.mockImplementation(() => ({ ...numbered(2), expiration: new Date(nowMs + HOUR) }));
    nowMs += MINUTE;
    void source.load(time);
    await settle();
    expect(source.load(time)).toMatchObject({ credentials: numbered(2) });
  });

  it('are accepted by a server, which tells the time', async () => {
    const now = Date.now();
    const provider = createProvider();
    provider.mockImplementation(() => ({ ...temporary, expiration: new Date(now + HOUR) }));
    const server = createServer();
    const { origin } = await server.start();
    try {
      const client = createClient(origin, { credentials: provider, clock: () => Date.now() + FAST });
      for (let request = 0; request < 5; request += 1) expect((await client.get('/')).status).toBe(200);
      expect(server.requests).toHaveLength(6);
      expect(provider).toHaveBeenCalledTimes(2);
    } finally {
      await server.close();
    }
  });

  it('is not believed where the set ended more than 7 days before: no clock is that wrong', async () => {
    const provider = createProvider();
    const expiration = new Date(START - 7 * 24 * HOUR);
    provider.mockImplementation(() => ({ ...numbered(1), expiration }));
    const error = await failure(createSigner({ credentials: provider })());
    expect(error).toBeInstanceOf(CredentialsError);
    expect(String(error)).toContain('expiration: the credentials expired at 2026-02-21T23:30:00.000Z, by the clock; ');
  });

  it('is not believed of an object, which nobody insists on', async () => {
    expect(await failure(createSigner({ credentials: cached })())).toMatchObject({ code: 'ERR_CREDENTIALS' });
  });
});

describe('what stores hand out', () => {
  const spaced = { accessKeyId: 'my key', secretAccessKey: 'correct horse  battery' };
  const server = createServer({ secretFor: (id) => [spaced, permanent].find(({ accessKeyId }) => accessKeyId === id) });
  let origin: string;
  beforeAll(async () => {
    ({ origin } = await server.start());
  });
  afterAll(() => server.close());
  const sign = (given: ExpiringCredentials) => ({
    'by the interceptor, from an object': () => createClient(origin, { credentials: given }).get('/'),
    'by the interceptor, from a provider': () => createClient(origin, { credentials: () => given }).get('/'),
    'with a derived key': () => {
      const { accessKeyId, secretAccessKey, sessionToken } = given;
      const signingKey = new SigningKey(secretAccessKey, { ...scope, date: new Date() });
      return createClient(origin, { credentials: undefined, signingKey, accessKeyId, sessionToken }).get('/');
    },
    'by signRequest': () => {
      const { url, headers } = signRequest(
        { method: 'GET', url: `${origin}/` },
        { ...scope, credentials: given, contentSha256Header: true },
      );
      return axios.get(url, { headers });
    },
  });

  it.each(Object.entries(sign({ ...permanent, sessionToken: '' })))(
    'an empty session token is none, %s',
    async (_, send) => {
      expect((await send()).status).toBe(200);
      expect(describeRequest(server.requests.at(-1)).header('x-amz-security-token')).toStrictEqual([]);
    },
  );

  it.each(Object.entries(sign(spaced)))('spaces within access key and secret are theirs, %s', async (_, send) => {
    expect((await send()).status).toBe(200);
  });

  it.each(['accessKeyId', 'secretAccessKey', 'sessionToken'] as const)(
    'white space and line breaks at the ends of %s are an error that says so',
    (field) => {
      for (const value of ['\nabc', 'abc\r\n', ' abc', 'abc\t', 'abc\u00a0']) {
        const given = { ...temporary, [field]: value };
        const message = `${field}: has white space or a line break at its ends; trim what it was read from`;
        expect(() => createCredentialsSource(given)).toThrow(new CredentialsError(message));
      }
    },
  );

  it('what every object inherits is no part of them', async () => {
    const polluted = { sessionToken: 'evil', expiration: new Date(0), getPromise: () => undefined, AccessKeyId: 'x' };
    for (const [name, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    }
    try {
      const source = createCredentialsSource({ ...permanent });
      expect(await source.load(time)).toStrictEqual({
        credentials: { ...permanent, sessionToken: undefined },
        expiresAtMs: undefined,
      });
    } finally {
      for (const name of Object.keys(polluted)) Reflect.deleteProperty(Object.prototype, name);
    }
  });

  it('a class may give them by getters', async () => {
    class Vault {
      readonly #number = '7';
      get accessKeyId() {
        return `ASIA${this.#number}`;
      }
      get secretAccessKey() {
        return `secret/${this.#number}`;
      }
      get sessionToken() {
        return `token/${this.#number}`;
      }
    }
    expect(keyOf(await createCredentialsSource(new Vault()).load(time))).toBe('ASIA7');
  });
});

describe('what is taken for credentials', () => {
  const fields = { AccessKeyId: 'ASIA1', SecretAccessKey: 'secret/1', SessionToken: 'token/1' };
  const ofSdk2 = class Credentials {
    readonly accessKeyId = 'ASIA1';
    readonly secretAccessKey = 'secret/1';
    readonly sessionToken = 'token/1';
    readonly expired = false;
    getPromise() {
      return Promise.resolve();
    }
  };
  const thing: readonly (readonly [string, unknown, string])[] = [
    ['{ getCredentials() }', { getCredentials: () => numbered(1) }, 'credentials: () => provider.getCredentials()'],
    ['the fields of an AWS API', fields, '{ accessKeyId: its.AccessKeyId, '],
    ['the answer of an AWS API', { Credentials: fields }, 'the fields of its Credentials'],
    ['an object of the AWS SDK 2', new ofSdk2(), 'await old.getPromise()'],
    ['an object of the AWS SDK 2, as it was copied', Object.assign({}, new ofSdk2()), 'await old.getPromise()'],
    ['a promise', Promise.resolve(numbered(1)), 'pass a function that gives one'],
    ['an Invalid Date', { ...numbered(1), expiration: new Date('soon') }, 'is an Invalid Date'],
  ];

  it.each(thing)('%s as the option is an error that says what to write', (_, given, instead) => {
    expect(refusalOf(() => createCredentialsSource(given as ExpiringCredentials))).toMatchObject({
      code: 'ERR_CREDENTIALS',
      message: expect.stringContaining(instead),
    });
  });

  it.each([...thing.filter(([what]) => what !== 'a promise'), ['a provider', () => numbered(1), 'call it'] as const])(
    '%s from a provider is an error that says what to write',
    async (_, given, instead) => {
      expect(await failure(createSigner({ credentials: () => given as ExpiringCredentials })())).toMatchObject({
        code: 'ERR_CREDENTIALS',
        message: expect.stringContaining(instead),
      });
    },
  );

  it('what they say to write is right', async () => {
    const old = new ofSdk2();
    const its = { ...fields, Expiration: new Date(START + HOUR).toISOString() };
    for (const credentials of [
      async () => {
        await old.getPromise();
        const { accessKeyId, secretAccessKey, sessionToken } = old;
        return { accessKeyId, secretAccessKey, sessionToken };
      },
      {
        accessKeyId: its.AccessKeyId,
        secretAccessKey: its.SecretAccessKey,
        sessionToken: its.SessionToken,
        expiration: new Date(its.Expiration),
      },
    ]) {
      expect(await createSigner({ credentials })()).toBe('ASIA1 token/1');
    }
  });
});

describe('a provider without expiration', () => {
  it('is asked before each request, also by those that come together', async () => {
    const provider = createProvider();
    provider.mockImplementation(() => Promise.resolve(numbered(provider.mock.calls.length)));
    const sign = createSigner({ credentials: provider });
    const together = await Promise.all([sign(), sign(), sign()]);
    expect(together.sort()).toStrictEqual(['ASIA1 token/1', 'ASIA2 token/2', 'ASIA3 token/3']);
    expect(await sign()).toBe('ASIA4 token/4');
    expect(provider).toHaveBeenCalledTimes(4);
  });

  it('may change its mind', async () => {
    const provider = createProvider();
    provider.mockImplementationOnce(() => numbered(1));
    const sign = createSigner({ credentials: provider });
    for (const expected of ['ASIA1 token/1', 'ASIA2 token/2', 'ASIA2 token/2']) expect(await sign()).toBe(expected);
  });
});

describe('one call for all who wait', () => {
  it('1,000 requests cause one, at first and once the set has expired', async () => {
    const provider = createProvider();
    const sign = createSigner({ credentials: provider });
    const signAll = () => Promise.all(Array.from({ length: 1000 }, () => sign()));
    expect(new Set(await signAll())).toStrictEqual(new Set(['ASIA1 token/1']));
    expect(provider).toHaveBeenCalledTimes(1);
    nowMs += 2 * HOUR;
    expect(new Set(await signAll())).toStrictEqual(new Set(['ASIA2 token/2']));
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('so do 10,000 that ask the source itself', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const loadAll = () => Promise.all(Array.from({ length: 10_000 }, async () => keyOf(await source.load(time))));
    expect(new Set(await loadAll())).toStrictEqual(new Set(['ASIA1']));
    nowMs += 2 * HOUR;
    expect(new Set(await loadAll())).toStrictEqual(new Set(['ASIA2']));
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('interceptors that share the function share what it gave', async () => {
    const provider = createProvider();
    const [sign, other] = [createSigner({ credentials: provider }), createSigner({ credentials: provider })];
    await Promise.all([sign(), other(), sign({ aws4: { credentials: provider } })]);
    expect(provider).toHaveBeenCalledTimes(1);
  });

  it('interceptors whose clocks differ wait for the same call', async () => {
    const provider = createProvider();
    const fast = createSigner({ credentials: provider, clock: () => nowMs + 2 * MINUTE });
    const sign = createSigner({ credentials: provider });
    await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? fast() : sign())));
    expect(provider).toHaveBeenCalledTimes(1);
  });

  it('each request’s own abort and timeout end only that request', async () => {
    const provider = createProvider();
    let answer: (() => void) | undefined;
    provider.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return { ...numbered(1), expiration: new Date(START + HOUR) };
    });
    const sign = createSigner({ credentials: provider });
    const aborting = new AbortController();
    const canceling = axios.CancelToken.source();
    const patient = sign();
    const aborted = failure(sign({ signal: aborting.signal }));
    const canceled = failure(sign({ cancelToken: canceling.token }));
    const impatient = failure(sign({ timeout: 5 }));
    aborting.abort();
    canceling.cancel('enough');
    expect(await aborted).toBeInstanceOf(CanceledError);
    expect(await canceled).toMatchObject({ code: 'ERR_CANCELED', message: 'enough' });
    expect(await impatient).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 5ms exceeded' });
    answer?.();
    expect(await patient).toBe('ASIA1 token/1');
    expect(provider).toHaveBeenCalledTimes(1);
  });

  it('a failure reaches all who wait with its cause, and is not kept', async () => {
    const provider = createProvider();
    const cause = new Error('STS is down');
    provider.mockImplementationOnce(() => Promise.reject(cause));
    const sign = createSigner({ credentials: provider });
    for (const error of await Promise.all([failure(sign()), failure(sign())])) {
      expect(error).toBeInstanceOf(CredentialsError);
      expect(error).toMatchObject({ cause });
    }
    expect(await sign()).toBe('ASIA2 token/2');
  });

  it('a provider’s CredentialsError is handed on as it is', async () => {
    const error = new CredentialsError('credentials: the vault is sealed');
    expect(await failure(createSigner({ credentials: () => Promise.reject(error) })())).toBe(error);
  });

  it('a provider that throws at once fails alike', async () => {
    const cause = new Error('no configuration');
    const credentials = (): never => {
      throw cause;
    };
    expect(await failure(createSigner({ credentials })())).toMatchObject({ code: 'ERR_CREDENTIALS', cause });
  });
});

describe('a provider’s failure', () => {
  it.each([
    ['credentials: the provider failed (Error: vault sealed)', new Error('vault sealed')],
    ['credentials: the provider failed', undefined],
    ['credentials: the provider failed (Error: denied for REDACTED)', new Error('denied for AKIAIOSFODNN7EXAMPLE')],
  ])('is named: %s', async (message, cause) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- so do others
    expect(await failure(createSigner({ credentials: () => Promise.reject(cause) })())).toMatchObject({ message });
  });
});

describe('the default credentials', () => {
  const DEFAULT_CREDENTIALS = Symbol.for('axios-aws4auth.defaultCredentials');
  afterEach(() => {
    Reflect.deleteProperty(globalThis, DEFAULT_CREDENTIALS);
  });

  it('come from one chain for all copies of the package in a process', async () => {
    const provider = createProvider();
    Reflect.set(globalThis, DEFAULT_CREDENTIALS, provider);
    const sources = [createCredentialsSource(undefined), createCredentialsSource(undefined)];
    const sets = await Promise.all(sources.map(async (source) => source.load(time)));
    expect(sets.map(keyOf)).toStrictEqual(['ASIA1', 'ASIA1']);
    await jest.isolateModulesAsync(async () => {
      const copy = await import('../../lib/credentials/credentials.js');
      expect(keyOf(await copy.createCredentialsSource(undefined).load(time))).toBe('ASIA2');
    });
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('that cannot be had are an error which says whose they are', async () => {
    const cause = new Error('no network');
    const listTried = () => ['No variables.', 'No profile [work].', ' ', 'AKIAIOSFODNN7EXAMPLE is not active.'];
    const chain = Object.assign(() => Promise.reject(cause), { listTried });
    Reflect.set(globalThis, DEFAULT_CREDENTIALS, chain);
    expect(await failure(createSigner({})())).toMatchObject({
      cause,
      message:
        "credentials: none were passed, and the AWS SDK's default provider chain failed (Error: no network); it tried: " +
        'No variables. | No profile [work]. | REDACTED is not active.; see to one of these, or pass credentials as an option',
    });
  });
});

describe('a runtime', () => {
  const DEFAULT_CREDENTIALS = Symbol.for('axios-aws4auth.defaultCredentials');
  afterEach(() => {
    jest.restoreAllMocks();
    Reflect.deleteProperty(globalThis, DEFAULT_CREDENTIALS);
  });

  it('without default credentials refuses to guess', () => {
    jest.spyOn(platform, 'createDefaultCredentials').mockReturnValue(undefined);
    const source = createCredentialsSource(undefined);
    const set = { credentials: numbered(1), expiresAtMs: undefined };
    for (const use of [() => source.load(time), () => source.replace(set, time)]) {
      expect(refusalOf(use)).toMatchObject({
        code: 'ERR_CREDENTIALS',
        message: expect.stringContaining('credentials: must be passed'),
      });
    }
    expect(Object.hasOwn(globalThis, DEFAULT_CREDENTIALS)).toBe(false);
  });

  it.each([undefined, 'no chain', { load: () => numbered(1) }])(
    'with default credentials makes them once, and in the place of what is none: %j',
    async (found) => {
      if (found !== undefined) Reflect.set(globalThis, DEFAULT_CREDENTIALS, found);
      const made = jest.spyOn(platform, 'createDefaultCredentials').mockImplementation(() => {
        const provider = createProvider();
        return async (request) => provider(request);
      });
      for (let use = 0; use < 2; use += 1) {
        expect(keyOf(await createCredentialsSource(undefined).load(time))).toBe('ASIA1');
      }
      expect(made).toHaveBeenCalledTimes(1);
      expect(Object.getOwnPropertyDescriptor(globalThis, DEFAULT_CREDENTIALS)).toMatchObject({
        configurable: true,
        writable: true,
      });
    },
  );

  it('whose default credentials do not tell where they looked says what they say', async () => {
    Reflect.set(globalThis, DEFAULT_CREDENTIALS, () => Promise.reject(new Error('no network')));
    expect(await failure(createSigner({})())).toMatchObject({
      code: 'ERR_CREDENTIALS',
      message: expect.stringMatching(/\(Error: no network\); it tried: ; /) as string,
    });
  });
});

describe('a failed refresh', () => {
  it.each([
    [0, 0.5],
    [0.5, 0.75],
  ])('in the background is followed by a pause of half a second and more, by chance: %d', async (chance, seconds) => {
    jest.spyOn(Math, 'random').mockReturnValue(chance);
    try {
      const provider = createProvider();
      const source = createCredentialsSource(provider);
      await source.load(time);
      provider.mockImplementation(() => Promise.reject(new Error('down')));
      const failedMs = START + 45 * MINUTE;
      for (const [afterMs, calls] of [
        [0, 2],
        [seconds * SECOND - 1, 2],
        [seconds * SECOND, 3],
        [seconds * SECOND, 3],
        // Twice as long after the second failure.
        [3 * seconds * SECOND - 1, 3],
        [3 * seconds * SECOND, 4],
      ] as const) {
        nowMs = failedMs + afterMs;
        void source.load(time);
        await settle();
        expect(provider).toHaveBeenCalledTimes(calls);
      }
    } finally {
      jest.restoreAllMocks();
    }
  });

  it('gives no set that has ended, in no pause either', async () => {
    const provider = createProvider();
    const sign = createSigner({ credentials: provider });
    await sign();
    const cause = new Error('down');
    provider.mockImplementation(() => Promise.reject(cause));
    for (const leftMs of [100, 0, -100]) {
      nowMs = START + HOUR - leftMs;
      expect(await failure(sign())).toMatchObject({ code: 'ERR_CREDENTIALS', cause });
    }
    expect(provider).toHaveBeenCalledTimes(4);
  });

  it('in the background keeps the set in use, and is tried again with back-off', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    await source.load(time);
    provider.mockImplementation(() => Promise.reject(new Error('down')));
    for (nowMs = START + 45 * MINUTE; nowMs < START + 55 * MINUTE; nowMs += SECOND) {
      expect(keyOf(await source.load(time))).toBe('ASIA1');
      await settle();
    }
    // 1, 2, 4, 8, 16 and 32 s, then each minute, with jitter of a half: at least one a minute, and far from 600.
    const tries = provider.mock.calls.length - 1;
    expect(tries).toBeGreaterThanOrEqual(12);
    expect(tries).toBeLessThanOrEqual(30);
  });

  it('is tried again so long after it failed, not after it began', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    await source.load(time);
    nowMs = START + 46 * MINUTE;
    let fail: (() => void) | undefined;
    provider.mockImplementation(async () => {
      await new Promise<void>((resolve) => (fail = resolve));
      throw new Error('down');
    });
    void source.load(time);
    nowMs += 30 * SECOND;
    fail?.();
    await settle();
    void source.load(time);
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('in the mandatory window rejects those who wait, and the next request asks again', async () => {
    const provider = createProvider();
    const sign = createSigner({ credentials: provider });
    await sign();
    nowMs = START + 56 * MINUTE;
    const cause = new Error('down');
    provider.mockImplementationOnce(() => Promise.reject(cause));
    expect(await failure(sign())).toMatchObject({ code: 'ERR_CREDENTIALS', cause });
    expect(await sign()).toBe('ASIA3 token/3');
  });
});

describe('a provider that does not answer', () => {
  it('is asked again after a minute, and whichever answers first serves all who wait', async () => {
    const provider = createProvider();
    provider.mockImplementationOnce(() => new Promise(() => undefined));
    const sign = createSigner({ credentials: provider });
    const waiting = sign();
    await settle();
    nowMs += 59 * SECOND;
    const joined = sign();
    await settle();
    nowMs += SECOND;
    expect(await sign()).toBe('ASIA2 token/2');
    expect(await waiting).toBe('ASIA2 token/2');
    expect(await joined).toBe('ASIA2 token/2');
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('and answers late, with what is older, does not replace what is newer', async () => {
    const provider = createProvider();
    let answerLate: (() => void) | undefined;
    const late = { ...numbered(0), expiration: new Date(START + HOUR) };
    provider.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => (answerLate = resolve));
      return late;
    });
    const sign = createSigner({ credentials: provider });
    const waiting = sign();
    await settle();
    nowMs += MINUTE;
    expect(await sign()).toBe('ASIA2 token/2');
    answerLate?.();
    await settle();
    expect(await waiting).toBe('ASIA2 token/2');
    expect(await sign()).toBe('ASIA2 token/2');
  });

  /** A provider whose every call answers when it is told to, by the number of the call. */
  function createSlowProvider() {
    const answers: ((set: ExpiringCredentials) => void)[] = [];
    const provider = createProvider();
    provider.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    const answer = async (call: number, number: number, expiresAtMs: number): Promise<void> => {
      answers[call]?.({ ...numbered(number), expiration: new Date(expiresAtMs) });
      await settle();
    };
    return { provider, answer };
  }

  it('and answers late, with what ends before the held set, gives that one to all who wait', async () => {
    const { provider, answer } = createSlowProvider();
    const sign = createSigner({ credentials: provider });
    const first = sign();
    await settle();
    await answer(0, 1, START + HOUR);
    expect(await first).toBe('ASIA1 token/1');
    const waiting: Promise<string>[] = [];
    for (const minutes of [55, 56]) {
      nowMs = START + minutes * MINUTE;
      waiting.push(sign());
      await settle();
    }
    expect(provider).toHaveBeenCalledTimes(3);
    await answer(1, 0, START + HOUR - 1);
    expect(await Promise.all(waiting)).toStrictEqual(['ASIA1 token/1', 'ASIA1 token/1']);
  });

  it('and answers late, leaves alone the call that is under way by then', async () => {
    const { provider, answer } = createSlowProvider();
    const sign = createSigner({ credentials: provider });
    const waiting = [sign()];
    await settle();
    nowMs += MINUTE;
    waiting.push(sign());
    await settle();
    await answer(1, 2, nowMs + HOUR);
    expect(await Promise.all(waiting)).toStrictEqual(['ASIA2 token/2', 'ASIA2 token/2']);
    // The second set is about to end, and the first one would end before it.
    nowMs += 56 * MINUTE;
    const joining = [sign()];
    await settle();
    await answer(0, 1, START + HOUR);
    joining.push(sign());
    await settle();
    expect(provider).toHaveBeenCalledTimes(3);
    await answer(2, 3, nowMs + HOUR);
    expect(await Promise.all(joining)).toStrictEqual(['ASIA3 token/3', 'ASIA3 token/3']);
  });

  it('and fails late, does not fail those who wait for another call', async () => {
    const provider = createProvider();
    let failLate: (() => void) | undefined;
    provider.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => (failLate = resolve));
      throw new Error('late');
    });
    let answer: (() => void) | undefined;
    provider.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return { ...numbered(2), expiration: new Date(START + HOUR) };
    });
    const sign = createSigner({ credentials: provider });
    const waiting = [sign()];
    await settle();
    nowMs += MINUTE;
    waiting.push(sign());
    await settle();
    failLate?.();
    await settle();
    answer?.();
    expect(await Promise.all(waiting)).toStrictEqual(['ASIA2 token/2', 'ASIA2 token/2']);
  });
});

describe('a set that a server says has expired', () => {
  it('is replaced also where the source has given none yet', async () => {
    const provider = createProvider();
    const refused = { credentials: numbered(0), expiresAtMs: undefined };
    expect(keyOf(await createCredentialsSource(provider).replace(refused, time))).toBe('ASIA1');
    expect(provider.mock.calls).toStrictEqual([[{ forceRefresh: true }]]);
  });

  it('is replaced by one forced call for all who ask', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const expired = await source.load(time);
    const replaced = await Promise.all([1, 2, 3].map(async () => source.replace(expired, time)));
    expect(replaced.map(keyOf)).toStrictEqual(['ASIA2', 'ASIA2', 'ASIA2']);
    expect(keyOf(await source.replace(expired, time))).toBe('ASIA2');
    expect(keyOf(await source.load(time))).toBe('ASIA2');
    expect(provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
  });

  it('is fetched anew where a call that was on its way brings it again', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const expired = await source.load(time);
    nowMs = START + 50 * MINUTE;
    provider.mockImplementationOnce(() => Promise.resolve({ ...numbered(1), expiration: new Date(START + HOUR) }));
    void source.load(time);
    expect(keyOf(await source.replace(expired, time))).toBe('ASIA3');
    expect(provider.mock.calls.at(-1)).toStrictEqual([{ forceRefresh: true }]);
  });

  it('is not replaced by one that has ended meanwhile', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const expired = await source.load(time);
    nowMs += HOUR;
    await source.load(time);
    nowMs += 2 * HOUR;
    expect(keyOf(await source.replace(expired, time))).toBe('ASIA3');
  });

  it('by the correction of a clock alone is one that is alive', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    // The clock was 3 hours slow, and is right again: what was learned of it is not known to be wrong yet.
    const corrected = { now: () => nowMs + 3 * HOUR, uncorrected: clock };
    expect(keyOf(await source.load(corrected))).toBe('ASIA2');
    expect(keyOf(await source.load(time))).toBe('ASIA2');
  });

  it('of a static object is that object, as it is now', async () => {
    const given = { ...numbered(1) };
    const source = createCredentialsSource(given);
    const expired = await source.load(time);
    expect(keyOf(await source.replace(expired, time))).toBe('ASIA1');
    Object.assign(given, numbered(2));
    expect(keyOf(await source.replace(expired, time))).toBe('ASIA2');
  });
});

describe('a server that goes on refusing', () => {
  it('causes one forced refresh in some seconds, and fewer the longer it lasts', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const forcedAt: number[] = [];
    for (; nowMs < START + 10 * MINUTE; nowMs += 200) {
      const before = provider.mock.calls.length;
      await source.replace(await source.load(time), time);
      if (provider.mock.calls.length > before && nowMs > START) forcedAt.push((nowMs - START) / SECOND);
    }
    expect(forcedAt.slice(0, 5)).toStrictEqual([3, 9, 21, 45, 93]);
    expect(forcedAt).toHaveLength(13);
  });

  it('has its set given again, as there is no other', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const second = await source.replace(await source.load(time), time);
    expect(await source.replace(second, time)).toBe(second);
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('is another matter after a minute without a refusal, and where the clock was set', async () => {
    for (const passed of [MINUTE, 2 * HOUR, -3 * HOUR]) {
      nowMs = START;
      const provider = createProvider(12 * HOUR);
      const source = createCredentialsSource(provider);
      const second = await source.replace(await source.load(time), time);
      nowMs += passed;
      expect(keyOf(await source.replace(second, time))).toBe('ASIA3');
    }
  });

  it('of a provider without expiration causes no more', async () => {
    const provider = createProvider();
    provider.mockImplementation(() => numbered(provider.mock.calls.length));
    const source = createCredentialsSource(provider);
    for (let request = 0; request < 50; request += 1) await source.replace(await source.load(time), time);
    expect(provider.mock.calls.filter(([request]) => request?.forceRefresh === true)).toHaveLength(1);
  });

  it.each([
    ['one after the other', 1, 50],
    ['at once', 50, 1],
  ])('50 requests %s ask the provider once more', async (_, together, rounds) => {
    const server = createServer({ secretFor: () => ({ ...temporary, expiration: new Date(0) }) });
    const { origin } = await server.start();
    try {
      const provider = createProvider();
      // However long 50 requests take, it is the same moment.
      const now = Date.now();
      provider.mockImplementation(() => ({ ...temporary, expiration: new Date(now + HOUR) }));
      const client = createClient(origin, { credentials: provider, clock: () => now }, { validateStatus: () => true });
      for (let round = 0; round < rounds; round += 1) {
        const answers = await Promise.all(Array.from({ length: together }, () => client.get('/')));
        for (const { status } of answers) expect(status).toBe(403);
      }
      expect(provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
    } finally {
      await server.close();
    }
  });
});

describe('a forced refresh', () => {
  it('that fails keeps the living credentials', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const first = await source.load(time);
    const cause = new Error('down');
    provider.mockImplementation(() => Promise.reject(cause));
    expect(await failure(Promise.resolve(source.replace(first, time)))).toMatchObject({ cause });
    expect(source.load(time)).toMatchObject(first);
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('is waited for by those who come meanwhile; and where it fails, they go on with what there is', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const first = await source.load(time);
    for (const [answer, expected] of [
      [() => Promise.reject(new Error('down')), 'ASIA1'],
      [() => ({ ...numbered(2), expiration: new Date(nowMs + HOUR) }), 'ASIA2'],
    ] as const) {
      let go = (): void => undefined;
      provider.mockImplementationOnce(async () => {
        await new Promise<void>((resolve) => (go = resolve));
        return answer();
      });
      const replacing = Promise.resolve(source.replace(first, time)).catch(() => first);
      const loading = source.load(time);
      expect(loading).toBeInstanceOf(Promise);
      go();
      expect([keyOf(await replacing), keyOf(await loading)]).toStrictEqual([expected, expected]);
      nowMs += 5 * MINUTE;
    }
  });

  it('that fails fails those who wait for it once the set is about to end', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const first = await source.load(time);
    const cause = new Error('down');
    let go = (): void => undefined;
    provider.mockImplementationOnce(async () => {
      await new Promise<void>((resolve) => (go = resolve));
      throw cause;
    });
    nowMs = START + 56 * MINUTE;
    const replacing = failure(Promise.resolve(source.replace(first, time)));
    const loading = failure(Promise.resolve(source.load(time)));
    go();
    expect(await replacing).toMatchObject({ cause });
    expect(await loading).toMatchObject({ cause });
    expect(provider).toHaveBeenCalledTimes(2);
  });

  it('that takes more than 5 seconds is not waited for while there is a living set', async () => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const first = await source.load(time);
    provider.mockImplementation(() => new Promise(() => undefined));
    void source.replace(first, time);
    nowMs += 5 * SECOND;
    expect(source.load(time)).toMatchObject(first);
  });
});

describe('a provider that hangs', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;

  /** How many of the bodies are still held when those who waited have gone. */
  async function countHeld(bodies: readonly WeakRef<object>[]): Promise<number> {
    for (let turn = 0; turn < 5; turn += 1) {
      await settle();
      collectGarbage();
    }
    return bodies.filter((body) => body.deref() !== undefined).length;
  }

  /** Has each request wait until its timeout, with a body of its own. */
  async function timeOut(send: (body: Buffer) => Promise<unknown>): Promise<readonly WeakRef<object>[]> {
    const wait = async (): Promise<WeakRef<object>> => {
      const body = Buffer.alloc(1000);
      const weakly = new WeakRef(body);
      expect(await failure(send(body))).toMatchObject({ code: 'ECONNABORTED' });
      return weakly;
    };
    return Promise.all(Array.from({ length: 50 }, wait));
  }

  const stop = (waiting: object): void => {
    if (!('stop' in waiting) || typeof waiting.stop !== 'function') throw new Error('It cannot be left');
    Reflect.apply(waiting.stop, waiting, []);
  };
  const never = new Promise<never>(() => undefined);
  afterAll(() => {
    // It must outlive the tests: what it held would be garbage with it.
    void never.then(() => undefined);
  });

  it('holds no body of requests that have timed out', async () => {
    const client = createClient('http://localhost:1', { credentials: () => never, clock }, { timeout: 200 });
    // Text: whatever is made of bytes on the way, it is the same text that would be held.
    const send = (number: number) => client.post('/', Buffer.alloc(100_000, number).toString('latin1'));
    const measure = async () => {
      await countHeld([]);
      return process.memoryUsage().heapUsed;
    };
    await failure(send(0));
    const before = await measure();
    await Promise.all(Array.from({ length: 300 }, (_, number) => failure(send(number)).then(() => undefined)));
    expect((await measure()) - before).toBeLessThan(10_000_000);
    // What they would be held by is still there.
    expect(await failure(send(0))).toMatchObject({ code: 'ECONNABORTED' });
  });

  it.each<[string, boolean]>([
    ['at first', false],
    ['when it is told to fetch anew', true],
  ])('holds nothing of those who have left, %s', async (_, isForced) => {
    const provider = createProvider();
    const source = createCredentialsSource(provider);
    const first = isForced ? await source.load(time) : undefined;
    provider.mockImplementation(() => never);
    const bodies = await timeOut((data) => {
      const config = { headers: new AxiosHeaders(), timeout: 5, data };
      const waiting = first === undefined ? source.load(time) : source.replace(first, time);
      return new Limits(config).wait(Promise.resolve(waiting));
    });
    expect(await countHeld(bodies)).toBe(0);
    expect(provider).toHaveBeenCalledTimes(isForced ? 2 : 1);
  });

  it('lets those go who leave, with all that waits on them, and answers the others', async () => {
    const provider = createProvider();
    let answer = (): void => undefined;
    provider.mockImplementation(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      return { ...numbered(1), expiration: new Date(START + HOUR) };
    });
    const source = createCredentialsSource(provider);
    const wait = (isToLeave: boolean): WeakRef<{ isAnswered: boolean }> => {
      const state = { isAnswered: false };
      const loading = source.load(time);
      if (!isPending(loading)) throw new Error('There is nothing to wait for');
      void loading.then(() => (state.isAnswered = true));
      if (isToLeave) stop(loading);
      return new WeakRef(state);
    };
    const [left, patient] = [wait(true), wait(false)];
    expect(await countHeld([left, patient])).toBe(1);
    answer();
    await settle();
    expect(patient.deref()).toMatchObject({ isAnswered: true });
  });
});
