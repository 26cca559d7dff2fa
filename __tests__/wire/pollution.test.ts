/** A polluted `Object.prototype` changes nothing of what is sent: each name that options and configs have, one by one. */
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import type { RawResponse } from 'strict-sigv4-verifier';
import { aws4Interceptor, aws4Sign, SigningKey, type Aws4Options } from '../../lib/index.js';
import { OPTIONS } from '../../lib/options/option-table.js';
import { createServer, scope, temporary } from '../stand-ins/test-server.js';

const nowMs = Date.now();
const answers: Record<string, RawResponse> = {};
const home = createServer({ respond: ({ target }) => answers[target] });
const other = createServer();
let origin: string;
beforeAll(async () => {
  ({ origin } = await home.start());
  const { origin: elsewhere } = await other.start();
  answers['/away'] = { status: 307, headers: { Location: `${elsewhere}/there` } };
  answers['/from'] = { status: 307, headers: { Location: '/to' } };
});
afterAll(async () => {
  await home.close();
  await other.close();
});

const evil = 'http://127.0.0.1:9/evil';
const evilKey = new SigningKey('evil/secret', { date: new Date(), region: 'us-evil-1', service: 'iam' });
const evilCredentials = { accessKeyId: 'AKIDEVIL', secretAccessKey: 'evil/secret', sessionToken: 'evil' };

/** Options, with values that would weaken a request or lead it astray. */
const ofOptions: Readonly<Record<keyof Aws4Options, unknown>> = {
  region: 'us-evil-1',
  service: 'iam',
  algorithm: 'sigv4a',
  credentials: evilCredentials,
  signingKey: evilKey,
  accessKeyId: 'AKIDEVIL',
  sessionToken: 'evil',
  onDateMismatch: 'throw',
  onInvalidDate: 'throw',
  signedHeaders: ['accept'],
  payload: 'unsigned',
  checksum: 'crc32',
  contentEncoding: false,
  contentSha256Header: false,
  signIn: 'query',
  expiresIn: 1,
  maxStreamBytes: 0,
  hosts: () => true,
  elsewhere: 'unsigned',
  clock: () => 0,
  s3ExpressSessions: false,
  heal: false,
  onSigned: () => {
    throw new Error('called');
  },
};
/** What configs have, and what is in them. */
const ofConfigs: Readonly<Record<string, unknown>> = {
  aws4: false,
  adapter: () => Promise.reject(new Error('another adapter')),
  fetchOptions: { redirect: 'follow' },
  redirect: 'follow',
  env: { fetch: () => Promise.reject(new Error('another fetch')) },
  fetch: () => Promise.reject(new Error('another fetch')),
  auth: { username: 'evil', password: 'evil' },
  socketPath: '/tmp/evil.sock',
  baseURL: evil,
  url: evil,
  allowAbsoluteUrls: false,
  params: { evil: 1 },
  paramsSerializer: () => 'evil=1',
  method: 'DELETE',
  data: 'evil',
  timeout: 1,
  signal: AbortSignal.abort(),
  cancelToken: { throwIfRequested: () => undefined, promise: Promise.resolve() },
  timeoutErrorMessage: 'evil',
  transitional: { legacyInterceptorReqResOrdering: false },
  legacyInterceptorReqResOrdering: false,
  clarifyTimeoutError: true,
  transformRequest: () => 'evil',
  maxRedirects: 0,
  beforeRedirect: () => undefined,
  transport: { request: () => undefined },
  responseType: 'stream',
  formDataHeaderPolicy: 'content-only',
  validateStatus: () => false,
  onUploadProgress: () => undefined,
  'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
  'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
  'X-Amz-Date': '20150830T123600Z',
  'Content-Length': '1',
  omitSessionToken: true,
  date: new Date(0),
  normalizePath: false,
  doubleEncodePath: false,
  bodyHash: 'evil',
  skew: { skewMs: 9e9 },
  origin: 'https://evil.example',
};
const polluted = { ...ofOptions, ...ofConfigs };

it('has every option', () => {
  expect(Object.keys(ofOptions).sort()).toStrictEqual(Object.keys(OPTIONS).sort());
});

/** What both servers got of what `use` did, and how that ended. */
async function observe(use: () => Promise<unknown>, name?: string, value?: unknown): Promise<unknown> {
  const counts = [home.requests.length, other.requests.length];
  if (name !== undefined) {
    // Enumerable, as what comes of a careless merge of JSON.
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
  }
  let ended: unknown;
  try {
    ended = await use().then(
      () => 'answered',
      (error: unknown) => (error instanceof Error ? error.message : error),
    );
  } finally {
    if (name !== undefined) Reflect.deleteProperty(Object.prototype, name);
  }
  const sent = [home, other].flatMap(({ requests }, i) =>
    requests.slice(counts[i]).map(({ method, target, headers, body }) => ({
      method,
      target,
      headers: headers.filter(([header]) => !/^(?:connection|keep-alive)$/i.test(header)),
      body: body.toString(),
    })),
  );
  return { ended, sent };
}

const create = (adapter: AxiosRequestConfig['adapter'], isPlain: boolean): AxiosInstance => {
  const client = axios.create({ baseURL: origin, ...(adapter !== undefined && { adapter }) });
  client.interceptors.request.use(aws4Interceptor({ ...scope, credentials: temporary, clock: () => nowMs }));
  // Configs without a prototype, as axios makes them, become plain objects by this.
  if (isPlain) client.interceptors.request.use((config) => ({ ...config }));
  return client;
};

describe.each([
  ['http', false],
  ['http', true],
  ['fetch', false],
  ['fetch', true],
  ['custom', true],
] as const)('over %s (plain configs: %j)', (adapter, isPlain) => {
  const uses: Readonly<Record<string, (client: AxiosInstance) => Promise<unknown>>> = {
    'a request': (client) => client.post('/items?a=b', { a: 1 }),
    'one with options of its own': (client) => client.get('/', { aws4: { signedHeaders: ['x-a'] } }),
    'a redirect': (client) => client.post('/from', 'x'),
    'a redirect to elsewhere': (client) => client.get('/away', { validateStatus: null }),
    'a refusal': (client) => client.get('https://api.example.com/'),
  };

  it.each(Object.keys(polluted))('%s changes nothing', async (name) => {
    const client = create(
      adapter === 'custom' ? (config) => axios.getAdapter('http', config)(config) : adapter,
      isPlain,
    );
    for (const [what, use] of Object.entries(uses)) {
      const clean = await observe(() => use(client));
      const dirty = await observe(() => use(client), name, Reflect.get(polluted, name));
      expect({ what, observed: dirty }).toStrictEqual({ what, observed: clean });
    }
  });
});

it.each(Object.keys(polluted))(
  '%s changes nothing of an interceptor that is made under it, or of aws4Sign',
  async (name) => {
    const given = { ...scope, credentials: temporary, clock: () => nowMs };
    const sign = () => aws4Sign({ url: `${origin}/`, method: 'post', data: 'x' }, given);
    const clean = await sign();
    let dirty: unknown;
    const seen = await observe(
      async () => {
        dirty = await sign();
        const client = axios.create({ baseURL: origin, adapter: 'http' });
        client.interceptors.request.use(aws4Interceptor(given));
        await client.get('/');
      },
      name,
      Reflect.get(polluted, name),
    );
    expect(seen).toMatchObject({ ended: 'answered', sent: [{ target: '/' }] });
    expect(home.verifications.at(-1)?.verdict.ok).toBe(true);
    expect(JSON.stringify(dirty)).toBe(JSON.stringify(clean));
  },
);
