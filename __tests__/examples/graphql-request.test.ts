/** examples/graphql-request: against a server that verifies, for AppSync, what its fetch sends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerValues, type RawResponse, type ReceivedRequest, type Verdict } from 'strict-sigv4-verifier';
import { recordCompatibility } from '../compatibility.js';
import { createServer, temporary } from '../stand-ins/test-server.js';
import { examples, runExample, toEnvironment } from './example-run.js';
import { listArrivals } from './items-api.js';

const region = 'eu-west-1';
const { version } = JSON.parse(readFileSync(join(examples, 'node_modules/graphql-request/package.json'), 'utf8')) as {
  readonly version: string;
};

const headers = { 'Content-Type': 'application/json' };
const answerJson = (body: unknown, status = 200): RawResponse => ({ status, headers, body: JSON.stringify(body) });
const never = new Promise<RawResponse>(() => undefined);

interface Operation {
  readonly query: string;
  readonly variables?: { readonly name?: string };
}

function resolve({ query, variables }: Operation): unknown {
  if (query.includes('fail')) return { errors: [{ message: 'it failed', errorType: 'Mapping' }] };
  if (query.includes('createItem')) return { data: { createItem: { id: variables?.name } } };
  if (query.includes('items')) return { data: { items: [{ id: '1', name: 'Grüße' }] } };
  return { data: { find: variables?.name ?? null } };
}

function readOperation({ method, target, body }: ReceivedRequest): Operation | readonly Operation[] {
  if (method !== 'GET') return JSON.parse(body.toString('utf8')) as Operation;
  const parameters = new URLSearchParams(target.split('?')[1]);
  return { query: parameters.get('query') ?? '', variables: JSON.parse(parameters.get('variables') ?? '{}') as object };
}

const api = createServer({
  service: 'appsync',
  respond: (request: ReceivedRequest, verdict: Verdict) => {
    if (headerValues(request.headers, 'x-amz-security-token')[0] === 'expired') {
      return {
        ...answerJson({ errors: [{ errorType: 'ExpiredTokenException' }] }, 403),
        headers: { ...headers, 'x-amzn-ErrorType': 'ExpiredTokenException' },
      };
    }
    if (!verdict.ok) return undefined;
    if (request.target === '/echo') return { status: 201, headers: { 'X-Answer': 'b' }, body: request.body };
    if (request.target === '/empty') return { status: 204 };
    const operation = readOperation(request);
    if ('query' in operation && operation.query.includes('slow')) return never;
    return answerJson('query' in operation ? resolve(operation) : operation.map(resolve));
  },
});
let origin: string;
beforeAll(async () => {
  ({ origin } = await api.start());
});
afterAll(async () => {
  await api.close();
  expect(api.failures).toStrictEqual([]);
});

it('creates by a mutation, and finds by a query', async () => {
  const from = api.requests.length;
  const environment = { ...toEnvironment(temporary), GRAPHQL_URL: `${origin}/graphql`, AWS_REGION: region };
  const printed = await runExample('graphql-request/index.mjs', environment);
  expect(printed).toBe("created { id: 'Grüße' }\nfound [ { id: '1', name: 'Grüße' } ]\n");
  expect(listArrivals(api).slice(from)).toStrictEqual(['POST /graphql accepted', 'POST /graphql accepted']);
});

it('has a fetch that heals, and with which errors, batches, GET, bytes and aborts are what they are', async () => {
  const from = api.requests.length;
  const driver = join(__dirname, 'drivers/graphql-calls.mjs');
  const printed = await runExample(driver, toEnvironment(temporary), [join(examples, 'package.json'), origin]);
  expect(JSON.parse(printed)).toStrictEqual({
    healed: { find: 'ü "q"' },
    batch: [{ data: { find: null } }, { data: { find: null } }],
    get: { find: "ü+it's" },
    refused: expect.objectContaining({ status: 200, errors: [{ message: 'it failed', errorType: 'Mapping' }] }),
    aborted: 'AbortError',
    echo: [201, 'b', true],
    empty: [204, ''],
    elsewhere: 'ERR_UNTRUSTED_HOST',
  });
  const verdicts = listArrivals(api)
    .slice(from)
    .map((line) => line.split(' ').at(-1));
  expect(verdicts.slice(1)).toStrictEqual(verdicts.slice(1).fill('accepted'));
  recordCompatibility({ section: 'neighbours', name: 'graphql-request', version, shown: 'a fetch that signs' });
});
