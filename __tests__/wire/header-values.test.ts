/** Header values that adapters do not send as they are given: lists, what is beyond Latin-1, an empty Host. */
import type { AxiosRequestConfig } from 'axios';
import type { RawRequest } from 'strict-sigv4-verifier';
import { aws4Sign, type Aws4Options } from '../../lib/index.js';
import { signRequest } from '../../lib/sigv4/index.js';
import { createClient, createServer, credentials, failure, scope } from '../stand-ins/test-server.js';
import { customAdapter, startSocket, type Listener } from './transport-servers.js';

const server = createServer();
let origin: string;
let socket: Listener<string>;
beforeAll(async () => {
  const { origin: started, port } = await server.start();
  origin = started;
  socket = await startSocket(() => port);
});
afterAll(async () => {
  await Promise.all([server.close(), socket.close()]);
  expect(server.failures).toStrictEqual([]);
});

const adapters: readonly (readonly [name: string, defaults: () => AxiosRequestConfig])[] = [
  ['http', () => ({ adapter: 'http' })],
  ['http with maxRedirects: 0', () => ({ adapter: 'http', maxRedirects: 0 })],
  ['http over a socket', () => ({ adapter: 'http', socketPath: socket.at })],
  ['fetch', () => ({ adapter: 'fetch' })],
  ['a custom adapter', () => ({ adapter: customAdapter })],
];

/** Sends a request that has to be accepted; gives what arrived. */
async function send(config: AxiosRequestConfig, options: Aws4Options = {}): Promise<RawRequest> {
  const { length } = server.verifications;
  await createClient(origin, options).request({ url: '/a', ...config });
  const added = server.verifications.slice(length);
  expect(added.map(({ verdict }) => (verdict.ok ? 'ok' : verdict))).toStrictEqual(['ok']);
  if (added[0] === undefined) throw new Error('Nothing arrived');
  return added[0].request;
}

/** The lines of a header, as they stood on the wire. */
const linesOf = ({ headers }: RawRequest, name: string): readonly string[] =>
  headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);

const lists: readonly (readonly [name: string, list: readonly string[], line: string])[] = [
  ['x-amz-meta-a', ['one', 'two', 'three'], 'one,two,three'],
  ['X-Amz-Meta-B', ['2', '1'], '2,1'],
  ['X-Amz-Object-Attributes', ['ETag', 'ObjectSize'], 'ETag,ObjectSize'],
  ['x-amz-grant-read', ['id="a, b"', 'uri="c"'], 'id="a, b",uri="c"'],
  ['x-amz-meta-one', ['alone'], 'alone'],
  ['x-amz-meta-empty', ['', 'a', ''], ',a,'],
  ['x-amz-meta-latin-1', ['é', 'ü'], 'é,ü'],
  ['X-Tenant', ['a', 'b'], 'a,b'],
  ['If-None-Match', ['"a"', '"b"'], '"a","b"'],
];

describe.each(adapters)('a signed list over %s', (_, createDefaults) => {
  it.each(lists)('%s: %j is one line', async (name, list, line) => {
    const request = await send({ ...createDefaults(), headers: { [name]: [...list] } }, { signedHeaders: ['*'] });
    expect(linesOf(request, name)).toStrictEqual([line]);
  });

  it('that is empty is not sent', async () => {
    for (const name of ['x-amz-meta-a', 'Content-MD5', 'X-Tenant', 'Cookie']) {
      const request = await send({ ...createDefaults(), headers: { [name]: [] } }, { signedHeaders: ['*'] });
      expect(linesOf(request, name)).toStrictEqual([]);
    }
  });

  it('that is empty leaves the content type to the adapter', async () => {
    await send({ ...createDefaults(), method: 'put', data: 'a', headers: { 'Content-Type': [] } });
  });

  it('of one date is that date', async () => {
    const moment = new Date(Date.now() - 60_000);
    const amzDate = moment.toISOString().replace(/[-:]|\.\d+/g, '');
    for (const name of ['Date', 'X-Amz-Date', 'x-amz-date']) {
      const options: Aws4Options = { onInvalidDate: 'throw' };
      const request = await send({ ...createDefaults(), headers: { [name]: [moment.toUTCString()] } }, options);
      expect(linesOf(request, 'x-amz-date')).toStrictEqual([amzDate]);
    }
  });

  it('that is a Date is that date', async () => {
    const moment = new Date(Date.now() - 60_000);
    const amzDate = moment.toISOString().replace(/[-:]|\.\d+/g, '');
    for (const name of ['x-amz-date', 'X-Amz-Date']) {
      const headers = { [name]: moment as unknown as string };
      const request = await send({ ...createDefaults(), headers }, { onInvalidDate: 'throw' });
      expect(linesOf(request, 'x-amz-date')).toStrictEqual([amzDate]);
    }
  });

  it('cookies are parted by semicolons', async () => {
    const config = { ...createDefaults(), headers: { Cookie: ['a=b', 'c="d e"'] } };
    expect(linesOf(await send(config, { signedHeaders: ['cookie'] }), 'cookie')).toStrictEqual(['a=b; c="d e"']);
  });

  it('may come from the defaults, from a transform, and be of anything that has a text', async () => {
    const transformRequest = (data: unknown, headers: { set: (name: string, value: string[]) => void }): unknown => {
      headers.set('x-amz-meta-set', ['1', '2']);
      return data;
    };
    const headers = { 'x-amz-meta-numbers': [1, 2] as unknown as string[] };
    const request = await send({ ...createDefaults(), headers, transformRequest: [transformRequest] });
    expect(linesOf(request, 'x-amz-meta-set')).toStrictEqual(['1,2']);
    expect(linesOf(request, 'x-amz-meta-numbers')).toStrictEqual(['1,2']);
  });
});

it('a list that is not signed is left to the adapter', async () => {
  const headers = { 'X-Tenant': ['a', 'b'] };
  expect(linesOf(await send({ adapter: 'http', headers }), 'X-Tenant')).toStrictEqual(['a', 'b']);
  expect(linesOf(await send({ adapter: 'fetch', headers }), 'X-Tenant')).toStrictEqual(['a,b']);
});

it('aws4Sign gives a signed list as the line that is sent', async () => {
  const config = {
    url: `${origin}/`,
    headers: { 'x-amz-meta-a': ['1', '2'], Cookie: ['a=b', 'c=d'], 'X-B': ['1', '2'] },
  };
  const { headers } = await aws4Sign(config, { ...scope, credentials, signedHeaders: ['cookie'] });
  expect(headers).toMatchObject({ 'x-amz-meta-a': '1,2', Cookie: 'a=b; c=d', 'X-B': ['1', '2'] });
});

const BEYOND = 'bücher/日本.txt';
const refused: readonly (readonly [name: string, instead: RegExp])[] = [
  ['x-amz-copy-source', /percent-encode.*encodeURIComponent/],
  ['X-Amz-Copy-Source', /percent-encode/],
  ['x-amz-rename-source', /percent-encode/],
  ['x-amz-tagging', /percent-encode/],
  ['x-amz-website-redirect-location', /percent-encode/],
  ['x-amz-meta-title', /RFC 2047/],
  ['X-Amz-Meta-Title', /RFC 2047/],
  ['Content-Type', /RFC 8187/],
  ['Content-Disposition', /RFC 8187/],
  ['X-Tenant', /percent-encoded.* by RFC 2047.* or in base64/],
  ['x-amz-security-token', /as AWS gave it/],
];
const beyond = [BEYOND, '💛', 'a\u0100', '\u2019', 'x\ud800'];

function expectRefusal(error: unknown, name: string, instead: RegExp): void {
  expect(error).toMatchObject({ code: 'ERR_INVALID_HEADER' });
  expect(String(error).toLowerCase()).toContain(name.toLowerCase());
  expect(String(error)).toMatch(instead);
  // The value may be a secret.
  expect(String(error)).not.toContain(BEYOND);
}

describe.each(adapters)('a signed header beyond Latin-1 over %s', (_, createDefaults) => {
  it.each(refused)('%s is refused, with how to encode it', async (name, instead) => {
    const { length } = server.requests;
    const client = createClient(origin, { signedHeaders: ['*'] });
    for (const value of [...beyond, ['a', BEYOND]]) {
      const config = { ...createDefaults(), method: 'put', url: '/', data: 'x', headers: { [name]: value } };
      expectRefusal(await failure(client.request(config)), name, instead);
    }
    expect(server.requests).toHaveLength(length);
  });
});

it.each(refused)('%s beyond Latin-1 is refused by aws4Sign and signRequest', async (name, instead) => {
  const { length } = server.requests;
  for (const value of beyond) {
    const headers = { [name]: value };
    const config = { url: `${origin}/`, method: 'put', data: 'x', headers };
    expectRefusal(await failure(aws4Sign(config, { ...scope, credentials, signedHeaders: ['*'] })), name, instead);
    const sign = () =>
      Promise.resolve().then(() =>
        signRequest({ method: 'PUT', url: `${origin}/`, headers }, { ...scope, credentials, signedHeaders: ['*'] }),
      );
    expectRefusal(await failure(sign()), name, instead);
  }
  expect(server.requests).toHaveLength(length);
});

it.each(['http', 'fetch'])('a header beyond Latin-1 that is not signed is left to axios: %s', async (adapter) => {
  const headers = { 'X-Tenant': 'a日b', Accept: 'text/html;日', 'Content-Disposition': `filename=${BEYOND}` };
  const request = await send({ adapter, headers });
  expect(linesOf(request, 'X-Tenant')).toStrictEqual(['ab']);
  expect(linesOf(request, 'Content-Disposition')).toStrictEqual(['filename=bücher/.txt']);
});

it('what the errors say to write is accepted', async () => {
  const headers = {
    'x-amz-copy-source': `/bucket/${BEYOND.split('/').map(encodeURIComponent).join('/')}`,
    'x-amz-meta-title': `=?UTF-8?B?${Buffer.from(BEYOND).toString('base64')}?=`,
  };
  const request = await send({ headers });
  expect(linesOf(request, 'x-amz-copy-source')).toStrictEqual(['/bucket/b%C3%BCcher/%E6%97%A5%E6%9C%AC.txt']);
  expect(linesOf(request, 'x-amz-meta-title')).toStrictEqual(['=?UTF-8?B?YsO8Y2hlci/ml6XmnKwudHh0?=']);
});

describe.each(adapters)('an empty Host over %s', (_, createDefaults) => {
  it.each(['', ' ', '\t'])('%j is as if it were not there', async (value) => {
    for (const name of ['Host', 'host', 'HOST']) {
      const request = await send({ ...createDefaults(), headers: { [name]: value } });
      expect(linesOf(request, 'host')).toStrictEqual([new URL(origin).host]);
    }
  });

  it('may come from the defaults', async () => {
    const client = createClient(origin, {}, { headers: { common: { Host: '' } } });
    const { length } = server.verifications;
    await client.get('/', createDefaults());
    expect(server.verifications.slice(length).map(({ verdict }) => verdict.ok)).toStrictEqual([true]);
  });
});

it('an empty Host is not signed nor given back by aws4Sign and signRequest', async () => {
  for (const [name, value] of [
    ['Host', ''],
    ['host', ' '],
  ] as const) {
    const headers = { [name]: value };
    const signed = await aws4Sign({ url: `${origin}/`, headers }, { ...scope, credentials });
    const { headers: ofRequest, trace } = signRequest(
      { method: 'GET', url: `${origin}/`, headers },
      { ...scope, credentials },
    );
    expect([signed.headers, ofRequest].map((each) => name in each)).toStrictEqual([false, false]);
    expect(trace.canonicalRequest).toContain(`\nhost:${new URL(origin).host}\n`);
    expect(signed.trace.canonicalRequest).toContain(`\nhost:${new URL(origin).host}\n`);
  }
});
