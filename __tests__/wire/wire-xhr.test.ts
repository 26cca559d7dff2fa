/** What is signed is what is sent, over axios's xhr adapter: jsdom's XMLHttpRequest, on the wire like a browser's. */
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { JSDOM } from 'jsdom';
import { createServer, credentials, describeRequest, failure, scope } from '../stand-ins/test-server.js';

const server = createServer();
let origin: string;
let client: AxiosInstance;

beforeAll(async () => {
  ({ origin } = await server.start());
  // axios looks for it when it is loaded, which it was by now.
  jest.resetModules();
  Object.assign(globalThis, { XMLHttpRequest: new JSDOM('', { url: origin }).window.XMLHttpRequest });
  const { default: axios } = await import('axios');
  const { aws4Interceptor } = await import('../../lib/index.js');
  client = axios.create({ baseURL: origin, adapter: 'xhr' });
  client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
});
afterAll(async () => {
  Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
  await server.close();
});

it.each<[string, AxiosRequestConfig, { text: string; contentType: string | undefined }]>([
  ['GET', {}, { text: '', contentType: undefined }],
  ['POST of an object', { method: 'post', data: { a: 'ü' } }, { text: '{"a":"ü"}', contentType: 'application/json' }],
  ['POST of nothing, without a content type', { method: 'post' }, { text: '', contentType: undefined }],
  ['PUT of text', { method: 'put', data: 'x' }, { text: 'x', contentType: 'application/x-www-form-urlencoded' }],
  ['DELETE of text', { method: 'delete', data: 'x' }, { text: 'x', contentType: 'text/plain;charset=UTF-8' }],
  [
    'POST of URLSearchParams',
    { method: 'post', data: new URLSearchParams('a=b c') },
    { text: 'a=b+c', contentType: 'application/x-www-form-urlencoded;charset=utf-8' },
  ],
  [
    'POST of a view',
    { method: 'post', data: new Uint8Array(Buffer.from('xyz')).subarray(1) },
    { text: 'yz', contentType: 'application/x-www-form-urlencoded' },
  ],
])('%s is accepted, and has the body and type that xhr sends', async (_, config, expected) => {
  await client.request({ url: '/a b/c?x=1+2&y', params: { p: ['q r', 's'] }, ...config });
  expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
  expect(describeRequest(server.requests.at(-1))).toMatchObject({
    ...expected,
    target: '/a%20b/c?x=1%202&y&p%5B%5D=q%20r&p%5B%5D=s',
  });
});

it('a form goes out with the boundary that was signed', async () => {
  const form = new FormData();
  form.append('file', new Blob(['bytes']), 'a.txt');
  await client.post('/', form);
  expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
  expect(describeRequest(server.requests.at(-1)).contentType).toMatch(/^multipart\/form-data; boundary=/);
});

it('the same request sent again is accepted', async () => {
  const { config } = await client.post('/', { a: 1 }, { params: { b: ' ' } });
  await client.request(config);
  expect(server.verifications.slice(-2).map(({ verdict }) => verdict.ok)).toStrictEqual([true, true]);
});

it('a signed list goes out in one line', async () => {
  await client.get('/', { headers: { 'x-amz-meta-a': ['one', 'two'] } });
  expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
  expect(describeRequest(server.requests.at(-1)).header('x-amz-meta-a')).toStrictEqual(['one,two']);
});

it('a signed header beyond Latin-1 is refused', async () => {
  const { length } = server.requests;
  const error = await failure(client.get('/', { headers: { 'x-amz-meta-a': '日本' } }));
  expect(error).toMatchObject({ code: 'ERR_INVALID_HEADER' });
  expect(String(error)).toMatch(/x-amz-meta-a.*RFC 2047/);
  expect(server.requests).toHaveLength(length);
});

it.each(['', ' ', 'other.example'])('a Host of %j, which xhr replaces, is as if it were not there', async (value) => {
  await client.get('/', { headers: { Host: value } });
  expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
});

const moment = new Date(Date.now() - 60_000);

// Fetch, section 2.2.2.
it.each([
  ['Date', moment.toUTCString()],
  ['date', moment.toISOString()],
  ['Cookie', 'a=b'],
  ['Origin', 'http://other.example'],
  ['Referer', 'http://other.example'],
  ['Accept-Encoding', 'br'],
  ['Accept-Charset', 'utf-8'],
  ['Connection', 'close'],
  ['Content-Length', '1'],
  ['DNT', '1'],
  ['Expect', '100-continue'],
  ['Keep-Alive', 'timeout=5'],
  ['TE', 'trailers'],
  ['Upgrade', 'h2c'],
  ['Via', '1.1 a'],
  ['Proxy-Authorization', 'Basic x'],
  ['Sec-Fetch-Mode', 'cors'],
])('a header that browsers do not send is not signed: %s', async (name, value) => {
  for (const signedHeaders of [undefined, ['*'], [name]]) {
    await client.post('/', 'x', { headers: { [name]: value }, aws4: { ...(signedHeaders && { signedHeaders }) } });
    expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
  }
});

it.each(['Date', 'date', 'X-Amz-Date'])('a date by %s is the date of the signature', async (name) => {
  await client.get('/', { headers: { [name]: moment.toUTCString() } });
  expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
  const amzDate = moment.toISOString().replace(/[-:]|\.\d+/g, '');
  expect(describeRequest(server.requests.at(-1)).header('x-amz-date')).toStrictEqual([amzDate]);
});
