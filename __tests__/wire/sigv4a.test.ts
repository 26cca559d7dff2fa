/** Requests that are signed with SigV4a, over real servers: sent, streamed, redirected between the algorithms, healed, explained. */
import { Readable } from 'node:stream';
import axios, { AxiosError, type AxiosInstance, type AxiosRequestConfig } from 'axios';
import type { RawResponse } from 'strict-sigv4-verifier';
import {
  aws4Interceptor,
  aws4Presign,
  aws4PresignPost,
  explainRefusal,
  type Aws4Options,
  type SigningTrace,
} from '../../lib/index.js';
import { createServer, credentials, describeRequest, failure, temporary } from '../stand-ins/test-server.js';

const ECDSA = 'AWS4-ECDSA-P256-SHA256';
const HMAC = 'AWS4-HMAC-SHA256';
const MINUTE = 60_000;
const routes = new Map<string, RawResponse>();
let aheadMs = 0;
const server = createServer({
  region: 'eu-west-1',
  service: 's3',
  pathEncoding: 'single',
  normalizePath: false,
  requireContentSha256: true,
  allowChunkedPayload: true,
  allowUnsignedPayload: true,
  algorithms: [HMAC, ECDSA],
  statuses: 'as-s3',
  clock: () => new Date(Date.now() + aheadMs),
  respond: ({ target, headers }) => {
    const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1].split(':')[0] ?? '';
    return routes.get(`${host}${target.split('?')[0] ?? ''}`);
  },
});
let origin = '';
let port = 0;
beforeAll(async () => {
  ({ origin, port } = await server.start());
});
afterAll(async () => {
  await server.close();
  expect(server.failures).toStrictEqual([]);
});
beforeEach(() => {
  routes.clear();
  aheadMs = 0;
});

const MRAP = 'mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com';
const REGIONAL = 'my-bucket.s3.eu-west-1.amazonaws.com';
const at = (host: string, path = '/'): string => `http://${host}:${String(port)}${path}`;

/** Every hostname is this machine's, for axios's http adapter. */
function createClient(options: Aws4Options = {}, defaults: AxiosRequestConfig = {}): AxiosInstance {
  const lookup: AxiosRequestConfig['lookup'] = (_, __, done) => {
    done(null, '127.0.0.1', 4);
  };
  const client = axios.create({ adapter: 'http', lookup, ...defaults });
  client.interceptors.request.use(aws4Interceptor({ credentials, ...options }));
  return client;
}

/** What was sent since a request: to whom, signed by which algorithm, and what the verifier says of it. */
const describeSince = (count: number): readonly string[] =>
  server.verifications.slice(count).map(({ request, verdict }) => {
    const { header, target } = describeRequest(request);
    const algorithm =
      header('authorization')[0]?.split(' ')[0] ?? /X-Amz-Algorithm=([^&]*)/.exec(target)?.[1] ?? 'unsigned';
    const says = verdict.ok ? 'accepted' : `${verdict.code}: ${verdict.message}`;
    return `${header('host')[0]?.split(':')[0] ?? ''} ${algorithm} ${says}`;
  });

const requests: readonly (readonly [string, AxiosRequestConfig])[] = [
  ['nothing more', {}],
  ['params', { params: { a: 'b c', list: [1, 2] } }],
  ['a body of JSON', { method: 'post', data: { a: 'Grüße' } }],
  ['bytes', { method: 'put', data: Buffer.from([0, 1, 255]) }],
  ['a stream', { method: 'put', data: Readable.from(['ab', 'cd'], { objectMode: false }) }],
  ['headers', { headers: { 'X-Amz-Meta-A': '1', 'x-amz-region-set': 'us-west-2', Range: 'bytes=0-1' } }],
  ['an unsigned payload', { method: 'put', data: 'x', aws4: { payload: 'unsigned' } }],
];

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  const own: Aws4Options = { algorithm: 'sigv4a', region: 'us-east-1,eu-*', service: 's3' };

  it.each(requests)('a request with %s is accepted, with the set of regions', async (_, config) => {
    for (const known of [credentials, temporary]) {
      const { length } = server.verifications;
      const data: unknown =
        config.data instanceof Readable ? Readable.from(['ab'], { objectMode: false }) : config.data;
      await createClient({ ...own, credentials: known }, { adapter }).request({
        url: `${origin}/a%20b`,
        ...config,
        data,
      });
      expect(describeSince(length)).toStrictEqual([`127.0.0.1 ${ECDSA} accepted`]);
      expect(describeRequest(server.requests.at(-1)).header('x-amz-region-set')).toStrictEqual(['us-east-1,eu-*']);
    }
  });

  it.each(requests.filter(([what]) => what !== 'a stream'))(
    'a request with %s is accepted that is signed in its query',
    async (_, config) => {
      const { length } = server.verifications;
      const client = createClient({ ...own, credentials: temporary, signIn: 'query' }, { adapter });
      await client.request({ url: `${origin}/a`, ...config });
      expect(describeSince(length)).toStrictEqual([`127.0.0.1 ${ECDSA} accepted`]);
      const { header, target } = describeRequest(server.requests.at(-1));
      expect(header('x-amz-region-set')).toStrictEqual([]);
      expect(target).toContain('&X-Amz-Region-Set=us-east-1%2Ceu-%2A&X-Amz-Security-Token=');
    },
  );

  it.each<Aws4Options>([{}, { checksum: 'crc32' }, { contentEncoding: false }])(
    'a body goes out in chunks that hold, with %j',
    async (more) => {
      const { length } = server.verifications;
      const data = Buffer.alloc(150_000, 'abc');
      const client = createClient({ ...own, payload: 'streaming', ...more }, { adapter });
      await client.put(`${origin}/a`, data);
      expect(describeSince(length)).toStrictEqual([`127.0.0.1 ${ECDSA} accepted`]);
      const { verdict } = server.verifications.at(-1) ?? {};
      expect(verdict).toMatchObject({ decoded: { data } });
      expect(describeRequest(server.requests.at(-1)).header('x-amz-content-sha256')[0]).toMatch(
        /^STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD/,
      );
    },
  );

  it('a wrong clock is healed', async () => {
    aheadMs = 40 * MINUTE;
    const { length } = server.verifications;
    const client = createClient(own, { adapter });
    await client.post(`${origin}/a`, { a: 1 });
    await client.get(`${origin}/b`);
    expect(describeSince(length)).toStrictEqual([
      expect.stringContaining('RequestTimeTooSkewed'),
      `127.0.0.1 ${ECDSA} accepted`,
      `127.0.0.1 ${ECDSA} accepted`,
    ]);
  });

  it('an expired token is renewed, and its keys with it', async () => {
    const { length } = server.verifications;
    let asked = 0;
    const provider = () => {
      asked += 1;
      return asked === 1 ? { ...temporary, sessionToken: 'expired' } : temporary;
    };
    routes.set('127.0.0.1/token', { status: 400, body: '<Error><Code>ExpiredToken</Code></Error>' });
    const client = createClient({ ...own, credentials: provider }, { adapter });
    await failure(client.get(`${origin}/token`));
    expect(describeSince(length)).toStrictEqual([
      expect.stringContaining('InvalidToken'),
      `127.0.0.1 ${ECDSA} accepted`,
    ]);
  });

  it('a refusal is explained', async () => {
    const explain = async (options: Aws4Options) => {
      const error = await failure(createClient({ ...own, ...options }, { adapter }).get(`${origin}/a`));
      if (!(error instanceof AxiosError)) throw error;
      const explanation = explainRefusal(error);
      expect(error.message.endsWith(explanation?.summary ?? '?')).toBe(true);
      return explanation;
    };
    const wrongSecret = { ...credentials, secretAccessKey: 'another/secret' };
    expect(await explain({ credentials: wrongSecret })).toMatchObject({ cause: 'secret', differences: [] });
    expect(await explain({ region: 'us-*' })).toMatchObject({
      cause: 'scope',
      summary: "The request was signed for the region us-*, and the server’s is eu-west-1: set region to 'eu-west-1'.",
      differences: [{ line: 'x-amz-region-set', ours: 'x-amz-region-set:us-*', theirs: 'x-amz-region-set:eu-west-1' }],
    });
    expect(await explain({ service: 's3-outposts' })).toMatchObject({
      cause: 'scope',
      differences: [
        {
          line: 'scope',
          ours: expect.stringMatching(/^\d{8}\/s3-outposts\/aws4_request$/),
          theirs: expect.stringMatching(/^\d{8}\/s3\/aws4_request$/),
        },
      ],
    });
  });

  it.each([
    ['sigv4', `${ECDSA}\n20261122T000000Z\n20261122/s3/aws4_request\n${'0'.repeat(64)}`, 'sigv4a'],
    ['sigv4a', `${HMAC}\n20261122T000000Z\n20261122/eu-west-1/s3/aws4_request\n${'0'.repeat(64)}`, 'sigv4'],
  ] as const)('a refusal of %s says which other algorithm is expected', async (algorithm, theirs, expected) => {
    const content = `<Code>SignatureDoesNotMatch</Code><StringToSign>${theirs}</StringToSign>`;
    routes.set('127.0.0.1/other', { status: 403, body: `<Error>${content}</Error>` });
    const client = createClient({ region: 'eu-west-1', service: 's3', algorithm }, { adapter });
    expect(explainRefusal(await failure(client.get(`${origin}/other`)))).toMatchObject({
      cause: 'scope',
      summary: expect.stringContaining(`set algorithm to '${expected}'`),
    });
  });

  it('one request may have another algorithm than the others', async () => {
    const { length } = server.verifications;
    const client = createClient({ region: 'eu-west-1', service: 's3' }, { adapter });
    await client.get(`${origin}/a`);
    await client.get(`${origin}/a`, { aws4: { algorithm: 'sigv4a', region: '*' } });
    await client.get(`${origin}/a`);
    expect(describeSince(length).map((each) => each.split(' ')[1])).toStrictEqual([HMAC, ECDSA, HMAC]);
  });
});

it('a multi-region access point is signed for by itself, for all regions', async () => {
  const { length } = server.verifications;
  const traces: SigningTrace[] = [];
  await createClient({ onSigned: (trace) => traces.push(trace) }).get(at(MRAP, '/key with space'));
  await createClient({ region: 'eu-west-1', service: 's3' }).put(at(MRAP, '/a'), 'x');
  await createClient({ signIn: 'query', credentials: temporary }).get(at(MRAP, '/a'));
  expect(describeSince(length)).toStrictEqual(Array(3).fill(`${MRAP} ${ECDSA} accepted`));
  expect(
    server.requests.slice(-3).map((request) => describeRequest(request).header('x-amz-region-set')[0]),
  ).toStrictEqual(['*', 'eu-west-1', undefined]);
  expect(traces).toMatchObject([{ scope: expect.stringMatching(/^\d{8}\/s3\/aws4_request$/) }]);
});

describe('a redirect is signed by the algorithm of its own host', () => {
  const lead = (from: string, to: string, status = 307) => {
    const [host = '', path = '/'] = from.split(/(?=\/)/);
    routes.set(`${host}${path}`, { status, headers: { Location: to } });
  };

  it.each(['PUT', 'GET'])('from an access point of many regions to one region and back, %s', async (method) => {
    const { length } = server.verifications;
    lead(`${MRAP}/1`, at(REGIONAL, '/2'));
    lead(`${REGIONAL}/2`, at(MRAP, '/3'));
    const data = method === 'PUT' ? { data: 'x' } : {};
    await createClient({ credentials: temporary }).request({ method, url: at(MRAP, '/1'), ...data });
    expect(describeSince(length)).toStrictEqual([
      `${MRAP} ${ECDSA} accepted`,
      `${REGIONAL} ${HMAC} accepted`,
      `${MRAP} ${ECDSA} accepted`,
    ]);
  });

  it('with a body in chunks, framed anew for each', async () => {
    const { length } = server.verifications;
    lead(`${MRAP}/1`, at(REGIONAL, '/2'));
    lead(`${REGIONAL}/2`, at(MRAP, '/3'));
    await createClient({ payload: 'streaming' }).put(at(MRAP, '/1'), Buffer.alloc(70_000, 1));
    expect(describeSince(length)).toStrictEqual([
      `${MRAP} ${ECDSA} accepted`,
      `${REGIONAL} ${HMAC} accepted`,
      `${MRAP} ${ECDSA} accepted`,
    ]);
  });

  it.each<[string, Aws4Options['hosts']]>([
    ['by name', [MRAP, REGIONAL]],
    ['by a pattern', ['*.amazonaws.com']],
    ['by a function', (hostname) => hostname.endsWith('amazonaws.com')],
  ])('to one that needs SigV4a, where hosts names it %s', async (_, hosts) => {
    const { length } = server.verifications;
    lead(`${REGIONAL}/1`, at(MRAP, '/2'));
    await createClient({ hosts, credentials: temporary }).get(at(REGIONAL, '/1'));
    expect(describeSince(length)).toStrictEqual([`${REGIONAL} ${HMAC} accepted`, `${MRAP} ${ECDSA} accepted`]);
  });

  it('but for one that makes of a region all of them: it is followed without a signature', async () => {
    const { length } = server.verifications;
    lead(`${REGIONAL}/1`, at(MRAP, '/2'));
    await failure(createClient({ credentials: temporary }).get(at(REGIONAL, '/1')));
    expect(describeSince(length)).toStrictEqual([
      `${REGIONAL} ${HMAC} accepted`,
      expect.stringContaining(`${MRAP} unsigned`),
    ]);
    expect(describeRequest(server.requests.at(-1)).names).not.toContain('x-amz-security-token');
  });

  it('and no set of regions goes to where nothing is signed', async () => {
    const { length } = server.verifications;
    lead(`${MRAP}/1`, `http://elsewhere.example:${String(port)}/2`);
    await failure(createClient({ credentials: temporary }).get(at(MRAP, '/1')));
    expect(describeSince(length)).toStrictEqual([
      `${MRAP} ${ECDSA} accepted`,
      expect.stringContaining('elsewhere.example unsigned'),
    ]);
    const { names } = describeRequest(server.requests.at(-1));
    expect(names.filter((name) => name.startsWith('x-amz-'))).toStrictEqual([]);
  });
});

describe('presigned', () => {
  it('a URL is good in all regions, with its headers and its token', async () => {
    const { length } = server.verifications;
    const config = { method: 'put', url: at(MRAP, '/a b'), headers: { 'Content-Type': 'text/plain' } };
    const { url, method, headers, expiresAt } = await aws4Presign(config, { credentials: temporary, expiresIn: 60 });
    expect(url).toContain('&X-Amz-Region-Set=%2A&');
    expect(headers).toStrictEqual({ 'Content-Type': 'text/plain' });
    await createClient().request({ ...config, url, method, data: 'x', aws4: false });
    expect(describeSince(length)).toStrictEqual([`${MRAP} ${ECDSA} accepted`]);
    expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
  });

  it.each<[string, string, Aws4Options]>([
    ['of an access point of many regions', `https://${MRAP}/`, {}],
    ['with the algorithm', `https://${REGIONAL}/`, { algorithm: 'sigv4a' }],
  ])('a POST policy is refused %s', async (_, url, options) => {
    const policy = { url, bucket: 'b', key: 'k' };
    const error = await failure(aws4PresignPost(policy, { credentials, ...options }));
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', message: expect.stringMatching(/^algorithm: /) });
  });
});
