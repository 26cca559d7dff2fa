/** The caller's own hash beside a stream: it is taken, nothing is read first, and the server checks it. */
import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import type { InternalAxiosRequestConfig } from 'axios';
import type { Aws4Options } from '../../lib/index.js';
import { createClient, createServer, describeRequest, failure } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const server = createServer();
let origin: string;
beforeAll(async () => {
  ({ origin } = await server.start());
});
afterAll(() => server.close());
const last = () => describeRequest(server.requests.at(-1));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hash = sha256('one, two');
async function* generate(): AsyncGenerator {
  yield Buffer.from('one, ');
  yield await Promise.resolve('two');
}

const createNodeStream = (): Readable => Readable.from([Buffer.from('one, '), Buffer.from('two')]);
const kinds: readonly [string, () => unknown][] = [
  ['a Node stream', createNodeStream],
  ['a web stream', () => new Blob(['one, two']).stream()],
  ['an async generator', generate],
];
const adapters = ['http', 'fetch'] as const;
const cases = kinds.flatMap(([name, create]) => adapters.map((adapter) => [name, adapter, create] as const));

describe.each<[string, Aws4Options]>([
  ['by default', { maxStreamBytes: 1 }],
  ['under payload: signed', { payload: 'signed', maxStreamBytes: 1 }],
  ['under payload: unsigned', { payload: 'unsigned', maxStreamBytes: 1 }],
])('%s', (_, options) => {
  it.each(cases)('of %s over %s is signed, and the stream goes out unread', async (name, adapter, create) => {
    // The http adapter takes streams of Node alone.
    if (platform.name === 'default' && adapter === 'http' && name !== 'a Node stream') return;
    const headers = { 'x-amz-content-sha256': hash };
    await createClient(origin, options, { adapter }).put('/', create(), { headers });
    expect(last().text).toBe('one, two');
    expect(last().header('x-amz-content-sha256')).toStrictEqual([hash]);
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });
});

it('is signed before anything of the stream is there', async () => {
  const stream = new PassThrough();
  const adapter = (config: InternalAxiosRequestConfig) => {
    expect(stream.readableDidRead).toBe(false);
    expect(config.data).toBe(stream);
    return Promise.resolve({ data: null, status: 200, statusText: '', headers: {}, config });
  };
  const headers = { 'X-Amz-Content-Sha256': hash };
  expect((await createClient(origin, {}, { adapter }).put('/', stream, { headers })).status).toBe(200);
});

it.each(adapters)('that is wrong is the server’s to refuse, over %s', async (adapter) => {
  const headers = { 'X-Amz-Content-Sha256': sha256('another') };
  const client = createClient(origin, {}, { adapter });
  const stream = Readable.from([Buffer.from('x')]);
  expect(await failure(client.put('/', stream, { headers }))).toMatchObject({ response: { status: 403 } });
});

it.each([
  ['too short', hash.slice(1)],
  ['in upper case', hash.toUpperCase()],
  ['in base64', Buffer.from(hash, 'hex').toString('base64')],
  ['of another algorithm', createHash('sha512').update('x').digest('hex')],
  ['empty', ''],
  ['with white space in it', `${hash.slice(2)} ${hash.slice(0, 1)}`],
])('%s is an error by name, and nothing is read', async (_, value) => {
  const stream = createNodeStream();
  const count = server.requests.length;
  const client = createClient(origin, {}, { adapter: 'http' });
  const error = await failure(client.put('/', stream, { headers: { 'X-Amz-Content-Sha256': value } }));
  expect(error).toMatchObject({ code: 'ERR_PAYLOAD_HASH' });
  expect(String(error)).toContain('X-Amz-Content-Sha256');
  expect(stream.readableDidRead).toBe(false);
  expect(server.requests).toHaveLength(count);
});

it('of bytes is checked as ever', async () => {
  const headers = { 'X-Amz-Content-Sha256': sha256('another') };
  expect(await failure(createClient(origin).put('/', 'x', { headers }))).toMatchObject({ code: 'ERR_PAYLOAD_HASH' });
});
