/** A request's own options, sealed: nothing shows them, and they stay good for whoever signs, whatever axios does. */
import { inspect } from 'node:util';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import { aws4Interceptor, SigningKey, type Aws4Options } from '../../lib/index.js';
import { readOptions, sealOptions } from '../../lib/sending/sealed-options.js';
import { createCapture, createClient, scope, temporary } from '../stand-ins/test-server.js';

const url = 'http://localhost/';
const signingKey = new SigningKey(temporary.secretAccessKey, { date: new Date(), ...scope });
const { accessKeyId, sessionToken } = temporary;

/** The key that each of these configs was signed with. */
const keysOf = (sent: readonly InternalAxiosRequestConfig[]): readonly (string | undefined)[] =>
  sent.map(({ headers }) => /Credential=([^/]*)/.exec(String(headers.get('Authorization')))?.[1]);

it.each<[string, Aws4Options]>([
  ['credentials', { credentials: temporary }],
  ['a signing key with its token', { signingKey, accessKeyId, sessionToken }],
])('%s show in no way', async (_, aws4) => {
  const { adapter } = createCapture();
  const { config } = await createClient('', {}, { adapter }).get(url, { aws4 });
  const sealed: unknown = config.aws4;
  const shown = [
    JSON.stringify(sealed),
    JSON.stringify({ config }),
    JSON.stringify(Object.entries(Object(sealed))),
    inspect(sealed, { depth: Infinity, showHidden: true, getters: true }),
    inspect(config, { depth: Infinity, showHidden: true }),
    inspect(structuredClone(sealed), { depth: Infinity, showHidden: true }),
    inspect(Reflect.ownKeys(Object(sealed))),
    String(sealed),
  ].join('\n');
  for (const secret of [accessKeyId, sessionToken, temporary.secretAccessKey]) expect(shown).not.toContain(secret);
});

it('hold what was given, and nothing where there was nothing', () => {
  const options = { region: 'eu-west-1' };
  const sealed = sealOptions(options);
  expect(readOptions(sealed)).toBe(options);
  expect(sealOptions(sealed)).toBe(sealed);
  expect([sealOptions(undefined), sealOptions(false)]).toStrictEqual([undefined, false]);
});

it('go through axios’s merging by reference, and are good for another try', async () => {
  const { adapter, sent } = createCapture();
  const client = createClient('', {}, { adapter });
  const { config } = await client.get(url, { aws4: { credentials: temporary } });
  expect(axios.mergeConfig({ aws4: { region: 'us-east-1' } }, config).aws4).toBe(config.aws4);
  expect(axios.mergeConfig(config, { url }).aws4).toBe(config.aws4);
  await client.request(config);
  await client.request({ ...config });
  await createClient('', {}, { adapter, ...config }).get(url);
  expect(keysOf(sent)).toStrictEqual([accessKeyId, accessKeyId, accessKeyId, accessKeyId]);
});

it('are lost where they are spread', async () => {
  const { adapter, sent } = createCapture();
  const client = createClient('', {}, { adapter });
  const { config } = await client.get(url, { aws4: { credentials: temporary } });
  await client.request({ ...config, aws4: { ...Object(config.aws4) } as Aws4Options });
  expect(keysOf(sent)).toStrictEqual([accessKeyId, 'AKIDEXAMPLE']);
});

it('are sealed of a later interceptor too', async () => {
  const { adapter, sent } = createCapture();
  const client = axios.create({ adapter });
  client.interceptors.request.use((config) => Object.assign(config, { aws4: { credentials: temporary } }));
  client.interceptors.request.use(aws4Interceptor(scope));
  for (const order of [undefined, false] as const) {
    const transitional = order === undefined ? {} : { transitional: { legacyInterceptorReqResOrdering: order } };
    const { config } = await client.get(url, transitional);
    expect(inspect(config, { depth: Infinity, showHidden: true })).not.toContain(sessionToken);
  }
  expect(keysOf(sent)).toStrictEqual([accessKeyId, accessKeyId]);
});

it('leave an instance’s defaults to their owner', async () => {
  const { adapter, sent } = createCapture();
  const aws4 = { credentials: temporary };
  const client = createClient('', {}, { adapter, aws4 });
  const { config } = await client.get(url);
  expect(inspect(config, { depth: Infinity, showHidden: true })).not.toContain(sessionToken);
  expect(client.defaults.aws4).toStrictEqual({ credentials: temporary });
  expect(aws4).toStrictEqual({ credentials: temporary });
  expect(keysOf(sent)).toStrictEqual([accessKeyId]);
});
