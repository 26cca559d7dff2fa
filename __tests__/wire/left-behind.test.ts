/** What a request leaves behind (config, response, error, trace) shows no secret, by whatever it was sent, however it ended. */
import { inspect } from 'node:util';
import type { AxiosRequestConfig, AxiosStatic } from 'axios';
import { JSDOM, VirtualConsole } from 'jsdom';
import type { RawResponse } from 'strict-sigv4-verifier';
import type * as types from '../../lib/index.js';
import type { Aws4Options } from '../../lib/index.js';
import { isStream } from '../../lib/request/stream.js';
import { createServer, scope } from '../stand-ins/test-server.js';

const SECRETS = {
  secretAccessKey: 'Hidden/Secret+Access/Key',
  sessionToken: 'Hidden/Session+Token==',
  requestSecret: 'Hidden/Secret/Of/The/Request',
  requestToken: 'Hidden/Token/Of/The/Request',
  keyToken: 'Hidden/Token/Of/A/Key',
} as const;
const credentials = {
  accessKeyId: 'ASIAHIDDEN',
  secretAccessKey: SECRETS.secretAccessKey,
  sessionToken: SECRETS.sessionToken,
};
const ownCredentials = {
  accessKeyId: 'ASIAOTHER',
  secretAccessKey: SECRETS.requestSecret,
  sessionToken: SECRETS.requestToken,
};

let release: () => void;
const released = new Promise<void>((resolve) => (release = resolve));
const answers: Readonly<Record<string, RawResponse>> = {
  '/fine': { status: 200, body: '{}' },
  '/to': { status: 200, body: '{}' },
  '/denied': { status: 403, body: '{"message":"denied"}' },
  '/expired': { status: 403, headers: { 'x-amzn-errortype': 'ExpiredTokenException' }, body: '{}' },
  '/from': { status: 307, headers: { Location: '/to' } },
  '/loop': { status: 302, headers: { Location: '/loop' } },
};
const server = createServer({
  secretFor: (accessKeyId) => [credentials, ownCredentials].find((known) => known.accessKeyId === accessKeyId),
  respond: async ({ target }) => {
    // A signature in the query is no part of the route.
    const [path = ''] = target.split('?', 1);
    if (path === '/slow') await released;
    return answers[path];
  },
});
let origin: string;
let axios: AxiosStatic;
let lib: typeof types;
beforeAll(async () => {
  ({ origin } = await server.start());
  // axios looks for it when it is loaded.
  jest.resetModules();
  Object.assign(globalThis, {
    XMLHttpRequest: new JSDOM('', { url: origin, virtualConsole: new VirtualConsole() }).window.XMLHttpRequest,
  });
  ({ default: axios } = await import('axios'));
  lib = await import('../../lib/index.js');
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
  release();
  await server.close();
});

const adapters = {
  http: (): NonNullable<AxiosRequestConfig['adapter']> => 'http',
  fetch: (): NonNullable<AxiosRequestConfig['adapter']> => 'fetch',
  xhr: (): NonNullable<AxiosRequestConfig['adapter']> => 'xhr',
  custom: (): NonNullable<AxiosRequestConfig['adapter']> => (config) => axios.getAdapter('http', config)(config),
  'custom, with a copy': (): NonNullable<AxiosRequestConfig['adapter']> => (config) =>
    axios.getAdapter('http', config)({ ...config, maxRedirects: 2 }),
  'custom, with headers of its own': (): NonNullable<AxiosRequestConfig['adapter']> => (config) =>
    axios.getAdapter('http', config)({ ...config, headers: new axios.AxiosHeaders(config.headers) }),
} as const;
type Name = keyof typeof adapters;

/** How a request ends; `fails` says whether that is an error. */
interface Outcome {
  readonly config: () => AxiosRequestConfig;
  readonly fails: boolean | ((adapter: Name) => boolean);
}

const abort = (ms: number): AxiosRequestConfig => ({ url: '/slow', signal: AbortSignal.timeout(ms) });
const unreachable = 'http://127.0.0.1:9';
const outcomes = {
  'a success': { config: () => ({ url: '/fine', method: 'post', data: { a: 1 } }), fails: false },
  'a stream as the response': { config: () => ({ url: '/fine', responseType: 'stream' }), fails: false },
  'a 403': { config: () => ({ url: '/denied' }), fails: true },
  'a 403 that validateStatus takes': { config: () => ({ url: '/denied', validateStatus: null }), fails: false },
  'an expired token': { config: () => ({ url: '/expired' }), fails: true },
  'a network error': { config: () => ({ baseURL: unreachable, url: '/' }), fails: true },
  'a refusal of its host': { config: () => ({ baseURL: '', url: 'https://api.example.com/' }), fails: true },
  'a refusal of its options': { config: () => ({ url: '/', aws4: { payload: 'none' as never } }), fails: true },
  'a redirect': { config: () => ({ url: '/from' }), fails: (adapter) => adapter === 'xhr' },
  'too many redirects': { config: () => ({ url: '/loop', maxRedirects: 2 }), fails: true },
  'an abort before it': { config: () => ({ url: '/fine', signal: AbortSignal.abort() }), fails: true },
  'an abort under way': { config: () => abort(50), fails: true },
  'a timeout': { config: () => ({ url: '/slow', timeout: 50 }), fails: true },
  'a transform of the response that throws': {
    config: () => ({
      url: '/fine',
      transformResponse: () => {
        throw new Error('cannot');
      },
    }),
    fails: true,
  },
} as const satisfies Readonly<Record<string, Outcome>>;

/** Where the caller put the secrets. */
const places: Readonly<
  Record<string, (given: { config: AxiosRequestConfig; defaults: AxiosRequestConfig }) => Aws4Options>
> = {
  'the interceptor’s options': () => ({ credentials }),
  'the interceptor’s options, in a signed query': () => ({ credentials, signIn: 'query' }),
  'config.aws4': ({ config }) => {
    config.aws4 = { ...config.aws4, credentials: ownCredentials };
    return {};
  },
  'a signing key and its token in config.aws4': ({ config }) => {
    const signingKey = new lib.SigningKey(SECRETS.requestSecret, { date: new Date(), ...scope });
    const key = { signingKey, accessKeyId: 'ASIAOTHER', sessionToken: SECRETS.requestToken };
    config.aws4 = { ...config.aws4, ...key };
    return {};
  },
  'the defaults of the instance': ({ defaults }) => {
    defaults.aws4 = { credentials };
    return {};
  },
};

interface Left {
  readonly result: unknown;
  readonly failed: boolean;
  readonly traces: readonly unknown[];
}

async function leaveBehind(adapter: Name, outcome: Outcome, place: string): Promise<Left> {
  const config = outcome.config();
  const defaults: AxiosRequestConfig = { baseURL: origin, adapter: adapters[adapter]() };
  const traces: unknown[] = [];
  const onSigned = (trace: unknown): void => {
    traces.push(trace);
  };
  const options = places[place]?.({ config, defaults });
  const client = axios.create(defaults);
  client.interceptors.request.use(lib.aws4Interceptor({ ...scope, onSigned, ...options }));
  const left = await client.request(config).then(
    (result: unknown) => ({ result, failed: false }),
    (result: unknown) => ({ result, failed: true }),
  );
  return { ...left, traces };
}

const DEPTH = 12;

/** All that `Object.entries` leads to, as text. */
function listEntries(value: unknown, depth = DEPTH, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth === 0 || seen.has(value)) return '';
  seen.add(value);
  return Object.entries(value)
    .map(([name, each]: [string, unknown]) => `${name}: ${listEntries(each, depth - 1, seen)}`)
    .join('\n');
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify([value]);
  } catch (error) {
    // What is circular shows nothing.
    if (error instanceof TypeError) return '';
    throw error;
  }
}

/**
 * Its own enumerable properties. With hidden ones shown, the adapter's own objects must show the token, which they are
 * sending: `request` is not enumerable, and a stream and the event of an xhr are left out.
 */
function withoutAdaptersOwn(left: unknown): unknown {
  const { response, data, ...rest }: Record<string, unknown> = { ...Object(left), event: undefined };
  return {
    ...rest,
    ...(!isStream(data) && { data }),
    ...(response !== undefined && { response: withoutAdaptersOwn(response) }),
  };
}

/** A query has it encoded. */
const shows = (shown: string, secret: string): boolean =>
  shown.includes(secret) || shown.includes(encodeURIComponent(secret));

const read = (value: unknown, name: string): unknown => Reflect.get(Object(value), name);

/** Each way in which something is shown, logged or stored. */
const ways: Readonly<Record<string, (left: unknown) => string>> = {
  inspect: (left) => inspect(left, { depth: DEPTH }),
  'inspect with what is hidden': (left) => inspect(withoutAdaptersOwn(left), { depth: DEPTH, showHidden: true }),
  'inspect the cause': (left) => inspect(read(left, 'cause'), { depth: DEPTH }),
  'inspect the config': (left) => inspect(read(left, 'config'), { depth: DEPTH, showHidden: true }),
  JSON: stringify,
  'JSON of the config': (left) => stringify(read(left, 'config')),
  entries: (left) => listEntries(left),
  'entries of the config': (left) => listEntries(read(left, 'config')),
  'structuredClone of aws4': (left) => inspect(structuredClone(read(read(left, 'config'), 'aws4')), { depth: DEPTH }),
  text: String,
};

describe.each(Object.keys(adapters) as Name[])('over %s', (adapter) => {
  describe.each(Object.entries<Outcome>(outcomes))('%s', (_, outcome) => {
    it.each(Object.keys(places))('shows no secret of %s', async (place) => {
      const { result, failed, traces } = await leaveBehind(adapter, outcome, place);
      if (adapter !== 'xhr') expect(failed).toBe(outcome.fails === true);
      for (const [way, show] of Object.entries(ways)) {
        const shown = show(result);
        const found = Object.entries(SECRETS).filter(([, secret]) => shows(shown, secret));
        expect({ way, found: found.map(([which]) => which) }).toStrictEqual({ way, found: [] });
        expect({ way, isSignatureShown: shown.includes('AWS4-HMAC-SHA256') }).toStrictEqual({
          way,
          isSignatureShown: false,
        });
      }
      const shownTraces = inspect(traces, { depth: DEPTH, showHidden: true });
      expect(Object.values(SECRETS).filter((secret) => shows(shownTraces, secret))).toStrictEqual([]);
    });
  });
});

describe('what neighbours read', () => {
  it.each(Object.keys(adapters) as Name[])(
    'request is still there over %s, as an ordinary property',
    async (adapter) => {
      for (const name of ['a success', 'a 403'] as const) {
        const { result } = await leaveBehind(adapter, outcomes[name], 'the interceptor’s options');
        for (const bearer of [result, read(result, 'response')].filter((each) => each !== undefined)) {
          expect(typeof read(bearer, 'request')).toBe('object');
          expect(Object.getOwnPropertyDescriptor(bearer, 'request')).toMatchObject({
            enumerable: false,
            configurable: true,
            writable: true,
          });
        }
      }
    },
  );
});
