/** What a refusal is explained by, in each form in which services answer: each change on the way is named for what it is. */
import { gzipSync } from 'node:zlib';
import axios, { AxiosError, type AxiosRequestConfig } from 'axios';
import {
  verifySignature,
  type RawResponse,
  type Refusal,
  type Verdict,
  type VerifyOptions,
} from 'strict-sigv4-verifier';
import { aws4Interceptor, explainRefusal, type Aws4Options, type RefusalCause } from '../../lib/index.js';
import {
  addHeader,
  changeHeader,
  changePath,
  changeQuery,
  createChangingProxy,
  dropHeader,
  setHeader,
  type Change,
  type ForwardedRequest,
} from '../stand-ins/changing-proxy.js';
import { codeAlone, stringToSignAlone, tellingForms, type RefusalForm } from '../stand-ins/refusal-forms.js';
import { createServer, failure, temporary } from '../stand-ins/test-server.js';

const SERVICES: Readonly<Record<string, string>> = {
  'API Gateway': 'execute-api',
  'JSON of IAM services': 'dynamodb',
  'query services': 'iam',
  wrapped: 'execute-api',
  'wrapped twice': 'es',
};
const region = 'eu-west-1';
const SECRETS = [temporary.secretAccessKey, temporary.sessionToken, 'hidden/of+a/header', 'hidden-of-a-query'];

let form: RefusalForm = codeAlone;
let service = 's3';
const rules = (): VerifyOptions => ({
  region,
  service,
  now: new Date(),
  secretFor: (accessKeyId) => (accessKeyId === temporary.accessKeyId ? temporary : undefined),
  pathEncoding: service === 's3' ? 'single' : 'double',
  normalizePath: service !== 's3',
  requireContentSha256: service === 's3',
  allowUnsignedPayload: true,
});

/** As services do it, a signed header that is missing is an empty one. */
function judge(request: ForwardedRequest): Verdict {
  const verdict = verifySignature({ ...request, scheme: 'http' }, rules());
  const missing = verdict.ok ? undefined : /existence of signed headers: (\S+)$/.exec(verdict.message)?.[1];
  return missing === undefined ? verdict : judge({ ...request, ...setHeader(missing, '')(request) });
}

const answer = (request: ForwardedRequest): RawResponse => {
  const verdict = judge(request);
  return verdict.ok ? { status: 200 } : form(verdict);
};
const server = createServer({ respond: (request) => answer(request) });
const proxy = createChangingProxy();
let origin: string;
beforeAll(async () => {
  ({ origin: proxy.upstream } = await server.start());
  ({ origin } = await proxy.start());
});
afterAll(async () => {
  await proxy.close();
  await server.close();
});
afterEach(() => {
  expect([...proxy.failures, ...server.failures]).toStrictEqual([]);
});

interface Case {
  readonly name: string;
  readonly config?: AxiosRequestConfig;
  readonly options?: Aws4Options;
  readonly change?: Change;
  readonly cause: RefusalCause;
  /** What the sentence names. */
  readonly names: RegExp;
  /** Where only some services are like that. */
  readonly of?: (service: string) => boolean;
}

const isS3 = (name: string): boolean => name === 's3';
const isNotS3 = (name: string): boolean => name !== 's3';
const post = { method: 'post', url: '/prod/items', data: { name: 'Grüße' } } as const;
const at = (url: string): AxiosRequestConfig => ({ url });
const withHeader = (name: string, value: string): AxiosRequestConfig => ({ url: '/', headers: { [name]: value } });
const signing = (...signedHeaders: string[]): Aws4Options => ({ signedHeaders });

const cases: readonly Case[] = [
  { name: 'another method', config: post, change: () => ({ method: 'PUT' }), cause: 'method', names: /PUT.*POST/ },
  {
    name: 'a stage that is taken away',
    config: post,
    change: changePath((path) => path.replace('/prod', '')),
    cause: 'path',
    names: /\/items .*\/prod\/items.*custom domain.*stage/,
  },
  {
    name: 'a stage that is the whole path',
    config: at('/prod'),
    change: changePath(() => '/'),
    cause: 'path',
    names: /\/prod.*custom domain.*stage/,
  },
  {
    name: 'a base path that is put before it',
    config: at('/items'),
    change: changePath((path) => `/v1${path}`),
    cause: 'path',
    names: /\/v1\/items.*base path puts something before/,
  },
  {
    name: '%2F that is decoded',
    config: at('/a%2Fb'),
    change: changePath((path) => path.replace('%2F', '/')),
    cause: 'path',
    names: /decodes %2F/,
    of: isNotS3,
  },
  {
    name: 'slashes that are merged',
    config: at('/a//b'),
    change: changePath((path) => path.replace('//', '/')),
    cause: 'path',
    names: /merges the slashes/,
    of: isS3,
  },
  {
    name: 'a slash at the end that is removed',
    config: at('/a/b/'),
    change: changePath((path) => path.slice(0, -1)),
    cause: 'path',
    names: /slash at its end/,
  },
  {
    name: 'a path that is encoded again',
    config: at('/a%20b'),
    change: changePath((path) => path.replace('%', '%25')),
    cause: 'path',
    names: /encoded once more/,
  },
  {
    name: 'a + in the path that is read as a space',
    config: at('/a%2Bb'),
    change: changePath((path) => path.replace('%2B', '%20')),
    cause: 'path',
    names: /\+ in the path is read as a space/,
  },
  {
    name: 'a space in the path that becomes a +',
    config: at('/a%20b'),
    change: changePath((path) => path.replace('%20', '+')),
    cause: 'path',
    names: /\+ in the path is read as a space/,
  },
  {
    name: 'a path whose escapes are in lower case',
    config: at('/caf%C3%A9'),
    change: changePath((path) => path.replace('%C3%A9', '%c3%a9')),
    cause: 'path',
    names: /decodes or encodes the path/,
  },
  {
    name: 'a path in lower case',
    config: at('/Items/One'),
    change: changePath((path) => path.toLowerCase()),
    cause: 'path',
    names: /\/items\/one.*letters/,
  },
  {
    name: 'a path that is rewritten',
    config: at('/v1/items/1'),
    change: changePath(() => '/v1/things/1'),
    cause: 'path',
    names: /\/v1\/things\/1 .*\/v1\/items\/1.*from segment 2 on/,
  },
  {
    name: 'a + in the query that is read as a space',
    config: { url: '/', params: { q: 'a+b', z: 1 } },
    change: changeQuery((query) => query.replace('%2B', '%20')),
    cause: 'query',
    names: /q=a%20b.*q=a%2Bb.*\+ is read as a space/,
  },
  {
    name: 'a space in the query that becomes a +',
    config: { url: '/', params: { q: 'a b' } },
    change: changeQuery((query) => query.replace('%20', '%2B')),
    cause: 'query',
    names: /q=a%2Bb.*q=a%20b.*\+ is read as a space/,
  },
  {
    name: 'a parameter that is added',
    config: { url: '/', params: { q: 1 } },
    change: changeQuery((query) => `${query}&utm_source=mail`),
    cause: 'query',
    names: /utm_source, which was not signed/,
  },
  {
    name: 'a parameter that is removed',
    config: { url: '/', params: { q: 1, page: 2 } },
    change: changeQuery(() => 'q=1'),
    cause: 'query',
    names: /did not see the query parameter page/,
  },
  {
    name: 'a parameter that is there twice, of which one is counted',
    config: { url: '/', params: new URLSearchParams('a=1&a=2') },
    change: changeQuery(() => 'a=2'),
    cause: 'query',
    names: /did not see the query parameter a /,
  },
  {
    name: 'a parameter of another value',
    config: { url: '/', params: { limit: 10 } },
    change: changeQuery(() => 'limit=100'),
    cause: 'query',
    names: /limit=100.*limit=10 /,
  },
  {
    name: 'a parameter that loses its value',
    config: { url: '/', params: { limit: 10 } },
    change: changeQuery(() => 'limit='),
    cause: 'query',
    names: /value is lost/,
  },
  {
    name: 'a query that is encoded again',
    config: { url: '/', params: { q: 'ü' } },
    change: changeQuery((query) => query.replaceAll('%', '%25')),
    cause: 'query',
    names: /q=%25C3%25BC.*q=%C3%BC.*decodes or encodes the query/,
  },
  {
    name: 'a secret parameter that is changed',
    config: { url: '/', params: { access_token: 'hidden-of-a-query' } },
    change: changeQuery(() => 'access_token=other'),
    cause: 'query',
    names: /another value of the query parameter access_token/,
  },
  {
    name: 'Host, rewritten',
    change: setHeader('Host', 'backend.internal:8080'),
    cause: 'headers',
    names: /host:backend\.internal:8080 where host:127\.0\.0\.1:\d+ was signed.*rewrites Host/,
  },
  {
    name: 'Host without its port',
    change: changeHeader('Host', (host) => host.replace(/:\d+/, '')),
    cause: 'headers',
    names: /host:127\.0\.0\.1 where host:127\.0\.0\.1:\d+ was signed/,
  },
  {
    name: 'Content-Type with a charset',
    config: post,
    change: setHeader('Content-Type', 'application/json; charset=UTF-8'),
    cause: 'headers',
    names: /content-type:application\/json; charset=UTF-8.*charset/,
  },
  {
    name: 'Content-Type, rewritten',
    config: post,
    change: setHeader('Content-Type', 'text/plain'),
    cause: 'headers',
    names: /content-type:text\/plain.*rewrites Content-Type/,
  },
  {
    name: 'Accept-Encoding, rewritten',
    config: withHeader('Accept-Encoding', 'br'),
    options: signing('accept-encoding'),
    change: setHeader('Accept-Encoding', 'gzip'),
    cause: 'headers',
    names: /accept-encoding:gzip .*leave it out of signedHeaders/,
  },
  {
    name: 'User-Agent, rewritten',
    config: withHeader('User-Agent', 'mine'),
    options: signing('user-agent'),
    change: setHeader('User-Agent', 'Amazon CloudFront'),
    cause: 'headers',
    names: /user-agent:Amazon CloudFront/,
  },
  {
    name: 'a signed header that is removed',
    config: withHeader('X-Amz-Meta-A', 'a'),
    change: dropHeader('X-Amz-Meta-A'),
    cause: 'headers',
    names: /did not see the header x-amz-meta-a/,
  },
  {
    name: 'values of a header that are joined otherwise',
    config: withHeader('X-Tag', 'a,b'),
    options: signing('x-tag'),
    change: setHeader('X-Tag', 'a, b'),
    cause: 'headers',
    names: /x-tag:a, b.*joins the values of a header otherwise/,
  },
  {
    name: 'values of a header in another order',
    config: withHeader('X-Tag', 'a,b'),
    options: signing('x-tag'),
    change: setHeader('X-Tag', 'b,a'),
    cause: 'headers',
    names: /another order/,
  },
  {
    name: 'one value of a header that has two',
    config: withHeader('X-Tag', 'a,b'),
    options: signing('x-tag'),
    change: setHeader('X-Tag', 'b'),
    cause: 'headers',
    names: /only one value is counted/,
  },
  {
    name: 'a signed header of which there is another',
    config: withHeader('X-Tag', 'a'),
    options: signing('x-tag'),
    change: addHeader('X-Tag', 'b'),
    cause: 'headers',
    names: /x-tag:a,b where x-tag:a was signed/,
  },
  {
    name: 'a secret header that is changed',
    config: withHeader('X-Api-Key', 'hidden/of+a/header'),
    options: signing('x-api-key'),
    change: setHeader('X-Api-Key', 'other'),
    cause: 'headers',
    names: /another value of the header x-api-key/,
  },
  {
    name: 'X-Amz-Date, changed',
    change: changeHeader('X-Amz-Date', (date) =>
      date.replace(/\d(\d)Z$/, (_, digit: string) => `5${digit === '9' ? '0' : '9'}Z`),
    ),
    cause: 'date',
    names: /x-amz-date/i,
  },
  {
    name: 'X-Amz-Content-Sha256, replaced',
    config: post,
    change: setHeader('X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'),
    cause: 'payload',
    names: /x-amz-content-sha256:UNSIGNED-PAYLOAD/,
    of: isS3,
  },
  {
    name: 'a body that is dropped',
    config: post,
    change: () => ({ body: Buffer.alloc(0) }),
    cause: 'payload',
    names: /saw no body/,
  },
  {
    name: 'a body that is compressed',
    config: post,
    change: ({ body }) => ({ body: gzipSync(body) }),
    cause: 'payload',
    names: /body was changed on the way: compressed/,
  },
  {
    name: 'a body that is encoded again',
    config: post,
    change: ({ body }) => ({ body: Buffer.from(body.toString(), 'latin1') }),
    cause: 'payload',
    names: /encoded again/,
  },
  {
    name: 'another secret',
    options: { credentials: { ...temporary, secretAccessKey: 'one/of/another' } },
    cause: 'secret',
    names: /secret access key is not the one/,
  },
];

async function refuse({ config = { url: '/' }, options, change }: Case): Promise<AxiosError> {
  proxy.change = change ?? (() => ({}));
  const client = axios.create({ baseURL: origin });
  client.interceptors.request.use(
    aws4Interceptor({ region, service, credentials: temporary, contentSha256Header: service === 's3', ...options }),
  );
  const error = await failure(client.request(config));
  if (!(error instanceof AxiosError)) throw error;
  return error;
}

describe.each(Object.entries(tellingForms))('%s', (name, formOfService) => {
  const serviceOfForm = SERVICES[name] ?? 's3';
  beforeEach(() => {
    [form, service] = [formOfService, serviceOfForm];
  });

  it.each(cases.filter(({ of = () => true }) => of(serviceOfForm)))('names $name', async (each) => {
    const error = await refuse(each);
    const explanation = explainRefusal(error);
    expect(explanation).toMatchObject({ cause: each.cause, summary: expect.stringMatching(each.names) });
    expect(error.message).toBe(`Request failed with status code 403. ${explanation?.summary ?? ''}`);
    expect(explanation?.summary).toMatch(/^[A-Z].*[^.]\.$/);
    expect(explainRefusal(error.response)).toBe(explanation);
    for (const secret of SECRETS) {
      expect(`${error.message} ${JSON.stringify(explanation)} ${String(explanation)}`).not.toContain(secret);
    }
  });
});

describe.each(['s3', 'execute-api'])('a server that verifies, as %s', (name) => {
  const strict = createServer({
    region,
    service: name,
    secretFor: (accessKeyId) => (accessKeyId === temporary.accessKeyId ? temporary : undefined),
    pathEncoding: name === 's3' ? 'single' : 'double',
    normalizePath: name !== 's3',
    requireContentSha256: name === 's3',
    statuses: 'as-s3',
  });
  let before: string;
  beforeAll(async () => {
    before = proxy.upstream;
    ({ origin: proxy.upstream } = await strict.start());
  });
  afterAll(async () => {
    proxy.upstream = before;
    await strict.close();
  });
  beforeEach(() => {
    service = name;
  });

  const told: readonly Case[] = [
    { name: 'another region', options: { region: 'us-east-1' }, cause: 'scope', names: /set region to 'eu-west-1'/ },
    {
      name: 'another service',
      options: { service: 'es' },
      cause: 'scope',
      names: /set service to '(?:s3|execute-api)'/,
    },
    {
      name: 'the key of another account',
      options: { credentials: { ...temporary, accessKeyId: 'ASIAOTHER' } },
      cause: 'secret',
      names: /does not know the access key: it is of another account/,
    },
    {
      name: 'a clock that is slow',
      options: { heal: false, clock: () => Date.now() - 20 * 60_000 },
      cause: 'date',
      names: /the clock here is 20 minutes slow/,
    },
    {
      name: 'another token',
      options: { credentials: { ...temporary, sessionToken: 'of/another' } },
      cause: 'token',
      names: /does not take the session token/,
    },
    {
      name: 'a token that is removed',
      change: dropHeader('X-Amz-Security-Token'),
      cause: 'token',
      names: /did not see the header x-amz-security-token/,
    },
    {
      name: 'a date that is removed',
      change: dropHeader('X-Amz-Date'),
      cause: 'headers',
      names: /did not see the header x-amz-date/,
    },
    {
      name: 'a date of another day',
      change: changeHeader('X-Amz-Date', (date) => date.replace(/^\d{8}/, '20150830')),
      cause: 'date',
      names: /another day in X-Amz-Date/,
    },
    {
      name: 'a header that is added after the signing',
      change: addHeader('X-Amz-Acl', 'public-read'),
      cause: 'headers',
      names: /The header x-amz-acl was sent without being signed/,
    },
    {
      name: 'a signed header that is removed',
      config: withHeader('X-Tag', 'a'),
      options: signing('x-tag'),
      change: dropHeader('X-Tag'),
      cause: 'headers',
      names: /did not see the header x-tag/,
    },
    {
      name: 'an Authorization that is removed',
      change: dropHeader('Authorization'),
      cause: 'headers',
      names: /saw no Authorization/,
    },
    {
      name: 'an Authorization of another kind',
      change: setHeader('Authorization', 'Bearer hidden'),
      cause: 'headers',
      names: /cannot read the Authorization/,
    },
    {
      name: 'a region that is changed',
      change: changeHeader('Authorization', (value) => value.replace('/eu-west-1/', '/us-east-1/')),
      cause: 'scope',
      names: /another credential scope than was signed: something on the way changes it/,
    },
    {
      name: 'a service that is changed',
      change: changeHeader('Authorization', (value) => value.replace(/\/(?:s3|execute-api)\//, '/es/')),
      cause: 'scope',
      names: /another credential scope than was signed: something on the way changes it/,
    },
    {
      name: 'a body that is compressed',
      config: post,
      options: { contentSha256Header: true },
      change: ({ body }) => ({ body: gzipSync(body) }),
      cause: 'payload',
      names: /compressed/,
    },
    ...cases.filter(({ of: isOf = () => true, cause }) => isOf(name) && (cause === 'path' || cause === 'query')),
  ];

  it.each(told)('names $name', async (each) => {
    const error = await refuse(each);
    expect(explainRefusal(error)).toMatchObject({ cause: each.cause, summary: expect.stringMatching(each.names) });
    for (const secret of [...SECRETS, 'of/another', 'Bearer']) expect(error.message).not.toContain(secret);
  });
});

it('has thirty causes and more', () => {
  expect(cases.length).toBeGreaterThan(30);
});

it('accepts what is not changed', async () => {
  [form, service] = [codeAlone, 's3'];
  await expect(refuse({ name: '', cause: 'unknown', names: /./ })).rejects.toThrow('It did not fail');
});

/** Where no more than a hash is known, what cannot be guessed is not named. */
const unguessable = new Set([
  ...['a base path that is put before it', 'a path that is rewritten', 'a parameter that is added', 'Host, rewritten'],
  ...['a parameter of another value', 'a parameter that loses its value', 'a secret parameter that is changed'],
  ...['User-Agent, rewritten', 'a signed header of which there is another', 'a secret header that is changed'],
]);

describe('the string to sign alone', () => {
  beforeEach(() => {
    [form, service] = [stringToSignAlone, 's3'];
  });

  it.each(cases.filter(({ of = () => true }) => of('s3')))('of $name is named, or not at all', async (each) => {
    const explanation = explainRefusal(await refuse(each));
    const cause = unguessable.has(each.name) ? 'unknown' : each.cause;
    expect(explanation).toMatchObject({ cause });
  });
});

describe('a code alone', () => {
  beforeEach(() => {
    [form, service] = [codeAlone, 's3'];
  });

  it.each(cases.filter(({ of = () => true }) => of('s3')))('of $name names nothing that is not known', async (each) => {
    const explanation = explainRefusal(await refuse(each));
    const { cause } = explanation ?? {};
    expect(cause).toBe(cause === 'payload' ? each.cause : 'unknown');
    if (cause === 'unknown') expect(explanation?.summary).toMatch(/signed for s3 in eu-west-1.*most often/);
    expect(explanation?.differences).toStrictEqual([]);
  });
});

it.each<[string, Partial<Refusal>]>([['a refusal by a policy', { code: 'AccessDenied', message: 'Access Denied' }]])(
  '%s has no explanation',
  async (_, refusal) => {
    service = 's3';
    form = (given) => codeAlone({ ...given, ...refusal });
    const error = await refuse({ name: '', change: () => ({ method: 'PUT' }), cause: 'unknown', names: /./ });
    expect(explainRefusal(error)).toBeUndefined();
    expect(error.message).toBe('Request failed with status code 403');
  },
);
