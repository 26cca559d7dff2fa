/** What signs and sends, where it is loaded after the interceptor was made: requests wait for it, and outlive a failure. */
import axios from 'axios';
import { Aws4AuthError, aws4Interceptor } from '../../lib/index.js';
import * as signedSending from '../../lib/sending/signed-sending.js';
import { createCapture, createClient, credentials, failure, scope } from '../stand-ins/test-server.js';

type Load = () => typeof signedSending | Promise<typeof signedSending>;

const loadSigner = jest.fn<ReturnType<Load>, []>();
jest.mock('#signer', () => ({ loadSigner: () => loadSigner() }));

const origin = 'http://localhost:9';
const isSigned = ({ headers }: { readonly headers: object }): boolean => 'Authorization' in headers;
const failing = (): Promise<never> => Promise.reject(new Aws4AuthError('not served', 'ERR_CHUNK_LOAD'));

it('begins to load when the interceptor is made, and has requests wait that come sooner', async () => {
  let finish: (loaded: typeof signedSending) => void = () => undefined;
  loadSigner.mockReturnValue(new Promise((resolve) => (finish = resolve)));
  const { adapter, sent } = createCapture();
  const client = createClient(origin, {}, { adapter });
  expect(loadSigner).toHaveBeenCalledTimes(1);
  const pending = [client.get('/a'), client.post('/b', { c: 1 }), client.get('/d', { aws4: false })];
  await new Promise(setImmediate);
  expect(sent).toHaveLength(0);
  finish(signedSending);
  await Promise.all(pending);
  expect(Object.fromEntries(sent.map((config) => [config.url, isSigned(config)]))).toStrictEqual({
    '/a': true,
    '/b': true,
    '/d': false,
  });
});

it.each([
  ['a request that is signed', {}, true],
  ['a request that is not', { aws4: false } as const, false],
])('rejects %s where it cannot be loaded, and tries again for the next', async (_, config, signed) => {
  loadSigner.mockImplementation(failing);
  const { adapter, sent } = createCapture();
  const client = createClient(origin, {}, { adapter });
  // Nobody is told of the first failure before there is a request: an unhandled rejection would end the process.
  await new Promise(setImmediate);
  const error = await failure(client.get('/', config));
  expect(error).toMatchObject({ code: 'ERR_CHUNK_LOAD', isAxiosError: true });
  expect(error).toHaveProperty('config.url', '/');
  expect(sent).toHaveLength(0);
  loadSigner.mockImplementation(() => Promise.resolve(signedSending));
  await client.get('/', config);
  expect(sent.map(isSigned)).toStrictEqual([signed]);
});

it('asks no more once it is there', async () => {
  loadSigner.mockImplementation(() => Promise.resolve(signedSending));
  const { adapter, sent } = createCapture();
  const client = axios.create({ baseURL: origin, adapter });
  client.interceptors.request.use(aws4Interceptor({ ...scope, credentials }));
  await client.get('/');
  loadSigner.mockImplementation(failing);
  await client.get('/');
  expect(sent.map(isSigned)).toStrictEqual([true, true]);
});
