/** examples/opensearch: the client's own API, against a server that verifies what its connection sends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { headerValues, type RawResponse, type ReceivedRequest, type Verdict } from 'strict-sigv4-verifier';
import { recordCompatibility } from '../compatibility.js';
import { createServer, temporary } from '../stand-ins/test-server.js';
import { examples, runExample, toEnvironment } from './example-run.js';
import { listArrivals } from './items-api.js';

const region = 'eu-west-1';
const { version } = JSON.parse(
  readFileSync(join(examples, 'node_modules/@opensearch-project/opensearch/package.json'), 'utf8'),
) as { readonly version: string };

const answerJson = (status: number, body: unknown): RawResponse => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

const never = new Promise<RawResponse>(() => undefined);

/** A domain of OpenSearch, as far as the calls go. */
function createDomain() {
  let busy = 2;
  return createServer({
    service: 'es',
    respond: (request: ReceivedRequest, verdict: Verdict) => {
      const { target, body } = request;
      if (headerValues(request.headers, 'x-amz-security-token')[0] === 'expired') {
        return answerJson(403, { message: 'The security token included in the request is expired' });
      }
      if (!verdict.ok) return undefined;
      if (target === '/slow') return never;
      if (target === '/busy' && busy-- > 0) return answerJson(503, {});
      if (target.startsWith('/missing')) return answerJson(404, { found: false });
      if (target.startsWith('/_cat')) return { status: 200, body: 'health status index' };
      if (target.startsWith('/_bulk')) {
        const actions = body
          .toString()
          .split('\n')
          .filter((line) => line.includes('"index"'));
        return answerJson(200, { errors: false, items: actions.map(() => ({ index: { status: 201 } })) });
      }
      return answerJson(200, { hits: { hits: [{ _source: { title: 'Die Verwandlung' } }] } });
    },
  });
}

const domain = createDomain();
let origin: string;
beforeAll(async () => {
  ({ origin } = await domain.start());
});
afterAll(async () => {
  await domain.close();
  expect(domain.failures).toStrictEqual([]);
});

it('indexes in bulk, and searches', async () => {
  const from = domain.requests.length;
  const environment = { ...toEnvironment(temporary), OPENSEARCH_URL: origin, AWS_REGION: region };
  const printed = await runExample('opensearch/index.mjs', environment);
  expect(printed).toBe('indexed 2, failed 0\nfound Die Verwandlung\n');
  expect(listArrivals(domain).slice(from)).toStrictEqual([
    'POST /_bulk accepted',
    'GET /books/_refresh accepted',
    'GET /books/_search?q=author%3AKafka accepted',
  ]);
  const [bulk] = domain.requests.slice(from);
  expect(bulk?.body.toString()).toBe(
    '{"index":{"_index":"books","_id":"Die Verwandlung"}}\n{"title":"Die Verwandlung","author":"Kafka"}\n' +
      '{"index":{"_index":"books","_id":"Der Zauberberg"}}\n{"title":"Der Zauberberg","author":"Mann"}\n',
  );
});

it('lets the client compress, stream, try again, abort and time out as it does, and heals', async () => {
  const from = domain.requests.length;
  const driver = join(__dirname, 'drivers/opensearch-calls.mjs');
  const printed = await runExample(driver, toEnvironment(temporary), [join(examples, 'package.json'), origin]);
  expect(JSON.parse(printed)).toStrictEqual({
    exists: true,
    stream: 'health status index',
    missing: expect.objectContaining({ name: 'ResponseError', statusCode: 404 }),
    aborted: { name: 'RequestAbortedError', message: 'Request aborted' },
    hasty: { name: 'TimeoutError', message: 'Request timed out' },
    nobody: expect.objectContaining({ name: 'CredentialsError', code: 'ERR_CREDENTIALS' }),
    elsewhere: expect.objectContaining({ name: 'Aws4AuthError', code: 'ERR_UNTRUSTED_HOST' }),
    down: expect.objectContaining({ name: 'ConnectionError', message: expect.stringContaining('ECONNREFUSED') }),
  });

  const arrivals = listArrivals(domain).slice(from);
  expect(arrivals.filter((line) => !line.endsWith(' accepted'))).toStrictEqual(['POST /renewed InvalidToken']);
  expect(arrivals.filter((line) => line.startsWith('GET /busy'))).toHaveLength(3);
  expect(arrivals).toContain('HEAD /books/_doc/%C3%A4%20b%2Bc%2Fd*e%2C(f) accepted');
  expect(arrivals).toContain('POST /renewed accepted');
  const [{ body: bulk } = {}, { body: zipped } = {}] = domain.requests
    .slice(from)
    .filter(({ target }) => target.startsWith('/_bulk'));
  expect(bulk?.toString()).toBe('{"index":{"_index":"books"}}\n{"title":"ä b+c/d*e,(f)"}\n');
  expect(gunzipSync(zipped ?? '').toString()).toBe('{"index":{"_index":"zipped"}}\n{"title":"ä b+c/d*e,(f)"}\n');
  recordCompatibility({
    section: 'neighbours',
    name: '@opensearch-project/opensearch',
    version,
    shown: 'a Connection that signs: bulk, compression, streams, retries, aborts',
  });
});
