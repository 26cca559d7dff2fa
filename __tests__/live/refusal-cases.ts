/** Requests that must be refused: signed with what is not right, or changed after they were signed; S3's answer to each. */
import { once } from 'node:events';
import { request as createRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Aws4Options } from '../../lib/index.js';
import type { LiveServer } from './live-server.js';
import { answerTo, createS3Client, pathOfKey, textOf } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

/** Options that leave a wrong clock wrong. */
const unhealed: Aws4Options = { heal: false };

interface WrongSigner {
  readonly name: string;
  readonly options: (server: LiveServer) => Aws4Options;
  readonly answer: string;
}

const shiftClock = (minutes: number) => (): Aws4Options => ({
  ...unhealed,
  clock: () => Date.now() + minutes * 60_000,
});

const wrongSigners: readonly WrongSigner[] = [
  {
    name: 'a wrong secret',
    options: ({ credentials }) => ({ credentials: { ...credentials, secretAccessKey: 'wrong' } }),
    answer: '403 SignatureDoesNotMatch',
  },
  {
    name: 'an unknown access key',
    options: ({ credentials }) => ({ credentials: { ...credentials, accessKeyId: 'AKIDNOBODY' } }),
    answer: '403 InvalidAccessKeyId',
  },
  {
    name: 'a session token that nobody gave out',
    options: ({ credentials }) => ({ credentials: { ...credentials, sessionToken: 'a-token' } }),
    answer: '400 InvalidToken',
  },
  {
    name: 'another region',
    options: () => ({ region: 'eu-west-1' }),
    answer: '400 AuthorizationHeaderMalformed',
  },
  {
    name: 'another service',
    options: () => ({ service: 'execute-api' }),
    answer: '400 AuthorizationHeaderMalformed',
  },
  { name: 'a clock 16 minutes fast', options: shiftClock(16), answer: '403 RequestTimeTooSkewed' },
  { name: 'a clock 16 minutes slow', options: shiftClock(-16), answer: '403 RequestTimeTooSkewed' },
  { name: 'a clock 2 days slow', options: shiftClock(-2 * 24 * 60), answer: '403 RequestTimeTooSkewed' },
];

/** A signed request as it goes out. */
interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Tampering {
  readonly name: string;
  readonly change: (request: RawRequest) => Partial<RawRequest>;
  readonly answer: string;
}

type HeaderChange = (headers: RawRequest['headers']) => RawRequest['headers'];

const changeHeaders =
  (change: HeaderChange): Tampering['change'] =>
  ({ headers }) => ({ headers: change(headers) });

const setHeader = (name: string, value: string) => changeHeaders((headers) => ({ ...headers, [name]: value }));

const dropHeader = (name: string) =>
  changeHeaders((headers) => Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name)));

const replaceIn = (name: string, pattern: RegExp, replacement: (found: string) => string) =>
  changeHeaders((headers) => ({ ...headers, [name]: (headers[name] ?? '').replace(pattern, replacement) }));

const mismatch = '403 SignatureDoesNotMatch';

const tamperings: readonly Tampering[] = [
  { name: 'body', change: () => ({ body: 'the b0dy' }), answer: '400 XAmzContentSHA256Mismatch' },
  { name: 'path', change: ({ path }) => ({ path: path.replace('?', '-other?') }), answer: mismatch },
  { name: 'query', change: ({ path }) => ({ path: path.replace('a%20b', 'a%2520b') }), answer: mismatch },
  { name: 'query, by a further key', change: ({ path }) => ({ path: `${path}&x-other=1` }), answer: mismatch },
  { name: 'method', change: () => ({ method: 'DELETE' }), answer: mismatch },
  { name: 'host', change: setHeader('host', 'localhost'), answer: mismatch },
  { name: 'content type', change: setHeader('content-type', 'text/html'), answer: mismatch },
  { name: 'x-amz header', change: setHeader('x-amz-meta-value', 'b'), answer: mismatch },
  { name: 'x-amz header, left out', change: dropHeader('x-amz-meta-value'), answer: mismatch },
  { name: 'a further x-amz header', change: setHeader('x-amz-acl', 'public-read'), answer: '403 AccessDenied' },
  { name: 'body hash', change: setHeader('x-amz-content-sha256', 'UNSIGNED-PAYLOAD'), answer: mismatch },
  {
    name: 'time',
    change: replaceIn('x-amz-date', /\d\dZ$/, (seconds) => (seconds === '07Z' ? '08Z' : '07Z')),
    answer: mismatch,
  },
  {
    name: 'signature',
    change: replaceIn('authorization', /.$/, (digit) => (digit === '0' ? '1' : '0')),
    answer: mismatch,
  },
  { name: 'signature, shortened', change: replaceIn('authorization', /.$/, () => ''), answer: mismatch },
  {
    name: 'access key',
    change: replaceIn('authorization', /=[^/]+/, () => '=AKIDNOBODY'),
    answer: '403 InvalidAccessKeyId',
  },
  { name: 'Authorization, left out', change: dropHeader('authorization'), answer: '403 AccessDenied' },
];

export const refusalCases: readonly StoreCase[] = [
  ...wrongSigners.map(({ name, options, answer }) => ({
    name: `refused: ${name}`,
    run: async ({ server, client, bucket }: Surroundings) => {
      const path = pathOfKey(bucket, 'key');
      await client.put(path, 'as it was');
      const wrong = createS3Client(server, options(server), { adapter: client.defaults.adapter ?? 'http' });
      expect(await answerTo(wrong.get(path))).toBe(answer);
    },
  })),
  ...[14, -14].map((minutes) => ({
    name: `not refused: a clock that is ${String(minutes)} minutes off`,
    run: async ({ server, client, bucket }: Surroundings) => {
      const path = pathOfKey(bucket, 'key');
      await client.put(path, 'as it was');
      expect(textOf(await createS3Client(server, shiftClock(minutes)()).get(path))).toBe('as it was');
    },
  })),
  { name: 'not refused: a request that other means send as it was signed', run: checkUntampered },
  ...tamperings.map((tampering) => ({
    name: `refused, changed after it was signed: ${tampering.name}`,
    run: (surroundings: Surroundings) => checkTampering(surroundings, tampering),
  })),
];

async function checkUntampered({ server, client, bucket }: Surroundings): Promise<void> {
  const path = pathOfKey(bucket, 'raw');
  expect(await sendRaw(server, await captureRequest(server, path))).toBe('200');
  expect(textOf(await client.get(path))).toBe('the body');
}

async function checkTampering({ server, client, bucket }: Surroundings, tampering: Tampering): Promise<void> {
  const path = pathOfKey(bucket, 'tampered');
  await client.put(path, 'as it was');
  const signed = await captureRequest(server, path);
  expect(await sendRaw(server, { ...signed, ...tampering.change(signed) })).toBe(tampering.answer);
  expect(textOf(await client.get(path))).toBe('as it was');
}

/** A request that would store an object, as it would be sent. */
async function captureRequest(server: LiveServer, path: string): Promise<RawRequest> {
  let captured: RawRequest | undefined;
  const adapter = (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    const { host, pathname, search } = new URL(createS3Client(server).getUri(config));
    const headers = { host };
    for (const [name, value] of AxiosHeaders.from(config.headers)) {
      Object.assign(headers, { [name.toLowerCase()]: String(value) });
    }
    captured = { method: 'PUT', path: pathname + search, headers, body: String(config.data) };
    return Promise.resolve({ status: 200, statusText: 'OK', headers: {}, data: '', config });
  };
  const headers = { 'x-amz-meta-value': 'a', 'Content-Type': 'text/plain' };
  await createS3Client(server, {}, { adapter }).put(path, 'the body', { params: { 'x-note': 'a b' }, headers });
  if (captured === undefined) throw new Error('Nothing was sent');
  return captured;
}

/** Sends just this, and says what the server answers. */
async function sendRaw({ endpoint, tally }: LiveServer, { body, ...head }: RawRequest): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  const request = createRequest({ hostname, port, ...head, agent: false });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const status = response.statusCode ?? 0;
  tally[status < 400 ? 'accepted' : 'refused'] += 1;
  const [, code = ''] = /<Code>([^<]*)<\/Code>/.exec(await text(response)) ?? [];
  return `${String(status)} ${code}`.trimEnd();
}
