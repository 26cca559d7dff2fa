/** Requests that are signed in their query (`signIn: 'query'`), over real servers: sent, redirected, healed, sent again. */
import { Readable } from 'node:stream';
import axios, { type AxiosRequestConfig } from 'axios';
import type { RawResponse } from 'strict-sigv4-verifier';
import { aws4Interceptor, aws4Sign } from '../../lib/index.js';
import { HOUR, MINUTE, SECOND, setHealingStage } from '../stand-ins/healing-stage.js';
import {
  createCapture,
  createClient,
  createServer,
  credentials,
  describeRequest,
  failure,
  numbered,
  temporary,
} from '../stand-ins/test-server.js';

const routes = new Map<string, (target: string) => RawResponse>();
const respond = ({ target }: { readonly target: string }): RawResponse | undefined =>
  routes.get(target.split('?')[0] ?? '')?.(target);
const home = createServer({ respond });
const store = createServer({
  service: 's3',
  pathEncoding: 'single',
  normalizePath: false,
  encodedSlash: 'slash',
  respond,
});
const other = createServer();
let origin = '';
let storeOrigin = '';
let elsewhere = '';
beforeAll(async () => {
  ({ origin } = await home.start());
  ({ origin: storeOrigin } = await store.start());
  ({ origin: elsewhere } = await other.start());
});
afterAll(async () => {
  await Promise.all([home, store, other].map((server) => server.close()));
});
beforeEach(() => {
  routes.clear();
});

const queryOf = ({ target }: { readonly target: string }): URLSearchParams =>
  new URL(target, 'http://localhost').searchParams;
const lastOf = ({ requests }: typeof home) => describeRequest(requests.at(-1));
const verdictsSince = ({ verifications }: typeof home, count: number): readonly unknown[] =>
  verifications.slice(count).map(({ verdict }) => (verdict.ok ? 'accepted' : `${verdict.code}: ${verdict.message}`));
const signatureHeaders = ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'];

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  const create = (options = {}, defaults = {}) =>
    createClient(origin, { credentials: temporary, signIn: 'query', ...options }, { adapter, ...defaults });
  const createStore = (options = {}) =>
    createClient(storeOrigin, { credentials: temporary, service: 's3', signIn: 'query', ...options }, { adapter });

  it.each<[string, AxiosRequestConfig]>([
    ['nothing more', { url: '/' }],
    ['params', { url: '/a b?c=d', params: { e: 'f g', list: [1, 2] } }],
    ['JSON', { method: 'post', url: '/', data: { a: 'ü' } }],
    ['a form', { method: 'post', url: '/', data: new URLSearchParams({ a: '1' }) }],
    ['bytes', { method: 'put', url: '/', data: new Uint8Array([1, 2, 3]) }],
    ['headers', { url: '/', headers: { 'X-Amz-Target': 'a', 'X-Amz-Date': new Date().toISOString(), 'X-Other': 'b' } }],
    ['HEAD', { method: 'head', url: '/' }],
    ['DELETE', { method: 'delete', url: '/a', data: 'x' }],
  ])('a request with %s is accepted, and has no header of a signature', async (_, config) => {
    const { length } = home.requests;
    await create().request(config);
    expect(verdictsSince(home, length)).toStrictEqual(['accepted']);
    const sent = lastOf(home);
    expect(sent.names.filter((name) => signatureHeaders.includes(name))).toStrictEqual([]);
    expect(queryOf(sent).get('X-Amz-Expires')).toBe('300');
    expect(queryOf(sent).get('X-Amz-Security-Token')).toBe(temporary.sessionToken);
  });

  it('sends params once, in the place where they stand', async () => {
    await create().get('/a?b=1', { params: { c: 2 } });
    expect(lastOf(home).target).toMatch(/^\/a\?b=1&c=2&X-Amz-Algorithm=[^?]*$/);
  });

  it('is good for as long as expiresIn says', async () => {
    await create({ expiresIn: 60 }).get('/');
    expect(queryOf(lastOf(home)).get('X-Amz-Expires')).toBe('60');
    await create().get('/', { aws4: { expiresIn: 61 } });
    expect(queryOf(lastOf(home)).get('X-Amz-Expires')).toBe('61');
  });

  it('is a word of a single request too', async () => {
    const { length } = home.requests;
    const client = createClient(origin, {}, { adapter });
    await client.get('/', { aws4: { signIn: 'query' } });
    await client.get('/');
    await create().get('/', { aws4: { signIn: 'headers' } });
    expect(verdictsSince(home, length)).toStrictEqual(['accepted', 'accepted', 'accepted']);
    expect(home.requests.slice(length).map((request) => queryOf(request).has('X-Amz-Signature'))).toStrictEqual([
      true,
      false,
      false,
    ]);
  });

  it.each(['a//../b', 'a%2Fb', '%C3%A4 ~+', 'a%2F..%2Fb', '.well-known'])(
    'to S3 is accepted for the key %s, its body unsigned',
    async (key) => {
      const { length } = store.requests;
      await createStore().put(`/bucket/${key}`, 'body');
      await createStore().get(`/bucket/${key}`);
      expect(verdictsSince(store, length)).toStrictEqual(['accepted', 'accepted']);
      expect(store.verifications.slice(length).map(({ verdict }) => verdict.ok && verdict.payloadHash)).toStrictEqual([
        'UNSIGNED-PAYLOAD',
        'UNSIGNED-PAYLOAD',
      ]);
    },
  );

  it('to S3 signs the body where asked to', async () => {
    const { length } = store.requests;
    await createStore({ payload: 'signed' }).put('/bucket/key', 'body');
    expect(verdictsSince(store, length)).toStrictEqual(['accepted']);
    expect(lastOf(store).header('x-amz-content-sha256')).toHaveLength(1);
  });

  it('to S3 sends a stream unread', async () => {
    const { length } = store.requests;
    await createStore().put('/bucket/key', Readable.from([Buffer.from('a'), Buffer.from('b')]), { maxRedirects: 0 });
    expect(verdictsSince(store, length)).toStrictEqual(['accepted']);
    expect(lastOf(store).text).toBe('ab');
  });

  it('is signed afresh each time that a config is sent', async () => {
    const { length } = home.requests;
    const client = create({ credentials });
    const { config } = await client.get('/a', { params: { b: 1 } });
    await client.request(config);
    await client.request({ ...config, url: '/c' });
    expect(verdictsSince(home, length)).toStrictEqual(['accepted', 'accepted', 'accepted']);
    expect(config).toMatchObject({ url: '/a', params: { b: 1 } });
  });

  it.each([301, 302, 303, 307, 308])('%i within the origin is signed afresh in its query', async (status) => {
    routes.set('/from', () => ({ status, headers: { Location: '/to?a=1' } }));
    const { length } = home.requests;
    await create().post('/from', { a: 1 });
    expect(verdictsSince(home, length)).toStrictEqual(['accepted', 'accepted']);
    expect(lastOf(home).target).toMatch(/^\/to\?a=1&X-Amz-Algorithm=/);
    expect(lastOf(home).names.filter((name) => signatureHeaders.includes(name))).toStrictEqual([]);
  });

  it('a redirect that repeats our signature is signed afresh, at each hop', async () => {
    const repeat = (to: string) => (target: string) => ({
      status: 307,
      headers: { Location: `${to}?${target.split('?')[1] ?? ''}` },
    });
    routes.set('/1', repeat('/2'));
    routes.set('/2', repeat('/3'));
    const { length } = home.requests;
    await create().put('/1?a=b', 'body');
    expect(verdictsSince(home, length)).toStrictEqual(['accepted', 'accepted', 'accepted']);
    const { target } = lastOf(home);
    expect(target).toMatch(/^\/3\?a=b&X-Amz-Algorithm=/);
    expect(target.match(/X-Amz-/g)).toHaveLength(7);
  });

  it("a redirect to somebody's presigned URL is followed as it is", async () => {
    routes.set('/from', () => ({ status: 307, headers: { Location: '/there?X-Amz-Signature=1&X-Amz-Date=2' } }));
    await failure(create().get('/from'));
    expect(lastOf(home).target).toBe('/there?X-Amz-Signature=1&X-Amz-Date=2');
  });

  it('a redirect to another host shows it no signature and no token, even where it repeats them', async () => {
    for (const repeated of [false, true]) {
      routes.set('/away', (target) => ({
        status: 307,
        headers: { Location: `${elsewhere}/there${repeated ? `?${target.split('?')[1] ?? ''}` : ''}` },
      }));
      await failure(create().get('/away?a=1'));
      const { target, names } = lastOf(other);
      expect(target).toBe(repeated ? '/there?a=1' : '/there');
      expect(names.filter((name) => signatureHeaders.includes(name))).toStrictEqual([]);
    }
  });

  it('refuses a URL that bears a signature, or parameters of one', async () => {
    const { length } = home.requests;
    for (const url of ['/?X-Amz-Signature=1', '/?X-Amz-Expires=60', '/?X-Amz-Security-Token=a']) {
      expect(await failure(create().get(url))).toMatchObject({ code: 'ERR_INVALID_URL' });
    }
    expect(await failure(create().get('/', { params: { 'X-Amz-Expires': 5 } }))).toMatchObject({
      code: 'ERR_INVALID_URL',
    });
    expect(home.requests).toHaveLength(length);
  });
});

it('refuses an unsigned body over http to another machine', async () => {
  const { adapter, sent } = createCapture();
  const url = 'http://bucket.s3.eu-west-1.amazonaws.com/key';
  const client = axios.create({ adapter });
  client.interceptors.request.use(aws4Interceptor({ credentials, signIn: 'query' }));
  expect(await failure(client.put(url, 'body'))).toMatchObject({
    code: 'ERR_INVALID_OPTION',
    message: expect.stringContaining('signIn'),
  });
  expect(sent).toHaveLength(0);
  await client.get(url);
  await client.put(url, 'body', { aws4: { payload: 'unsigned' } });
  await client.put(url, 'body', { aws4: { payload: 'signed' } });
  await client.put(url.replace('http:', 'https:'), 'body');
  expect(sent).toHaveLength(4);
});

it('is what aws4Sign shows', async () => {
  const signed = await aws4Sign(
    { url: `${origin}/a`, params: { b: 1 } },
    { region: 'a', service: 'b', credentials, signIn: 'query' },
  );
  expect(signed.url).toContain(`/a?b=1&X-Amz-Algorithm=AWS4-HMAC-SHA256&`);
  expect(signed.url).toContain(`&X-Amz-Signature=${signed.trace.signature}`);
  expect(Object.keys(signed.headers).map((name) => name.toLowerCase())).not.toContain('authorization');
});

it('shows a trace without the token', async () => {
  const traces: string[] = [];
  await createClient(origin, {
    credentials: temporary,
    signIn: 'query',
    onSigned: ({ canonicalRequest }) => traces.push(canonicalRequest),
  }).get('/');
  expect(traces).toHaveLength(1);
  expect(traces[0]).toContain('&X-Amz-Security-Token=REDACTED&');
  expect(traces[0]).not.toContain(encodeURIComponent(temporary.sessionToken));
});

describe('healing', () => {
  const stage = setHealingStage('s3');
  const api = setHealingStage('execute-api');
  const signIn = 'query' as const;

  it.each([-2 * HOUR, -16 * MINUTE, 20 * MINUTE])('a clock that is %d ms off is healed for S3', async (ms) => {
    stage.aheadMs = ms;
    const client = stage.connect({ credentials: numbered(1), signIn });
    expect((await client.get('/k')).status).toBe(200);
    expect((await client.put('/k', 'body')).status).toBe(200);
    expect(stage.verdicts()).toStrictEqual(['AccessDenied', 'accepted', 'accepted']);
  });

  it('a clock that is off by more than expiresIn is healed, though it is near', async () => {
    stage.aheadMs = -2 * MINUTE;
    await stage.connect({ credentials: numbered(1), signIn, expiresIn: 60 }).get('/k');
    expect(stage.verdicts()).toStrictEqual(['AccessDenied', 'accepted']);
  });

  it('a store that only says AccessDenied is believed where the date is off', async () => {
    stage.aheadMs = -HOUR;
    stage.respond = (_, { ok }) =>
      ok ? undefined : { status: 403, body: '<Error><Code>AccessDenied</Code><RequestId>a</RequestId></Error>' };
    await stage.connect({ credentials: numbered(1), signIn }).get('/k');
    expect(stage.verdicts()).toStrictEqual(['AccessDenied', 'accepted']);
  });

  it('AccessDenied for another reason is an answer', async () => {
    stage.aheadMs = 30 * SECOND;
    stage.respond = () => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    expect(await failure(stage.connect({ credentials: numbered(1), signIn }).get('/k'))).toMatchObject({
      response: { status: 403 },
    });
    expect(stage.verdicts()).toStrictEqual(['accepted']);
  });

  it('a wrong clock is healed for other services', async () => {
    api.aheadMs = -2 * HOUR;
    const client = api.connect({ credentials: numbered(1), signIn });
    await client.post('/', { a: 1 });
    await client.post('/', { a: 1 });
    expect(api.verdicts()).toStrictEqual(['SignatureDoesNotMatch', 'accepted', 'accepted']);
  });

  it('an expired token is replaced', async () => {
    const client = stage.connect({ signIn });
    await client.get('/k');
    stage.dead.add(1);
    expect((await client.put('/k', 'body')).status).toBe(200);
    expect(stage.verdicts()).toStrictEqual(['accepted', 'ExpiredToken', 'accepted']);
    expect(stage.sent().map((request) => queryOf(request).get('X-Amz-Security-Token'))).toStrictEqual([
      'token/1',
      'token/1',
      'token/2',
    ]);
  });
});
