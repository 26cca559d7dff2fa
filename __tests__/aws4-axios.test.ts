/** `axios-aws4auth/aws4-axios`: aws4-axios's README, the requests of its integration tests, and what it takes otherwise. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios, { type AxiosAdapter, type AxiosInstance, type AxiosRequestConfig } from 'axios';
import ts from 'typescript';
import { examples, examplesOfVersion2 } from '../fixtures/aws4-axios-readme.json';
import aws4Default, * as dropIn from '../lib/aws4-axios.js';
import { aws4Interceptor, getAuthErrorMessage, type Credentials, type CredentialsProvider } from '../lib/aws4-axios.js';
import type { KnownCredentials } from 'strict-sigv4-verifier';
import * as lib from '../lib/index.js';
import { createLongTermSet, createTemporarySet, formatVariables } from './stand-ins/aws/credential-set.js';
import { createStage, type Stage } from './stand-ins/aws/stage.js';
import { createSts } from './stand-ins/aws/sts.js';
import {
  createServer,
  credentials,
  describeRequest,
  failure,
  numbered,
  scope,
  temporary,
} from './stand-ins/test-server.js';

const root = join(__dirname, '..');
const environment = { ...process.env };
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const SHA256_OF_X = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
const noOptions = {
  ...{ region: undefined, service: undefined, signQuery: undefined, addContentSha: undefined },
  ...{ assumeRoleArn: undefined, assumeRoleSessionName: undefined, assumedRoleExpirationMarginSec: undefined },
};
const fromJson = (): Credentials =>
  JSON.parse(JSON.stringify({ ...credentials, expiration: new Date(Date.now() + 3600_000) })) as Credentials;
class Vault implements Credentials {
  get accessKeyId() {
    return credentials.accessKeyId;
  }
  get secretAccessKey() {
    return credentials.secretAccessKey;
  }
}
let stage: Stage;
beforeEach(() => {
  stage = createStage();
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, { HOME: stage.home, AWS_EC2_METADATA_DISABLED: 'true' });
});
afterEach(async () => {
  process.env = { ...environment };
  await stage.end();
});

const setEnvironment = (set = credentials): void => {
  Object.assign(process.env, formatVariables(set), { AWS_REGION: scope.region });
};

/** An example with the import changed, which it has or stands below. */
const withImport = (example: string): string =>
  (example.includes('import ') ? '' : 'import { aws4Interceptor } from "aws4-axios";\n') + example.replaceAll('\r', '');
const moved = (example: string): string => withImport(example).replace('"aws4-axios"', '"axios-aws4auth/aws4-axios"');

/** Runs a module; gives the interceptor that it makes. */
function runExample(example: string): ReturnType<typeof aws4Interceptor> {
  const { outputText } = ts.transpileModule(`${moved(example)}\nexport { interceptor };`, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exported: { interceptor?: ReturnType<typeof aws4Interceptor> } = {};
  const modules: Readonly<Record<string, unknown>> = {
    axios: jest.requireActual('axios'),
    'axios-aws4auth/aws4-axios': dropIn,
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the README's own code
  new Function('require', 'exports', outputText)((name: string) => modules[name], exported);
  if (exported.interceptor === undefined) throw new Error('The example makes no interceptor');
  return exported.interceptor;
}

/** API Gateway wants no X-Amz-Content-Sha256, and aws4-axios sends none. */
const startGateway = (set: Credentials) =>
  stage.start(createServer({ requireContentSha256: false, secretFor: () => set as KnownCredentials }));

describe('the README of aws4-axios', () => {
  afterEach(() => {
    axios.interceptors.request.clear();
  });

  it('has its examples', () => {
    expect(examples).toHaveLength(8);
  });

  it.each(examples.map((example) => [example]))('has an example that signs: %s', async (example) => {
    setEnvironment();
    const set = createTemporarySet('ROLE');
    const role = { arn: 'arn:aws:iam::111111111111:role/MyRole', set, trusts: credentials };
    const sts = await stage.start(createSts({ region: 'eu-west-2', roles: [role] }));
    process.env['AWS_ENDPOINT_URL_STS'] = sts.origin;
    const sent: string[] = [];
    const { adapter } = axios.defaults;
    axios.defaults.adapter = (config) => {
      sent.push(String(config.headers.get('Authorization')));
      return Promise.resolve({ data: null, status: 200, statusText: '', headers: {}, config });
    };
    try {
      const made = runExample(example);
      const client = axios.create();
      client.interceptors.request.use(made);
      const outcome = await failure(client.get('https://example.com/foo'));
      if (example.includes('accessKeyId: "",')) {
        expect(String(outcome)).toBe('CredentialsError: secretAccessKey: is empty');
      } else {
        const key =
          example.includes('assumeRoleArn') && !example.includes('credentials')
            ? set.accessKeyId
            : '(?:AKIDEXAMPLE|custom-provider-access-key-id|AKIAIOSFODNN7EXAMPLE)';
        expect(sent.at(-1)).toMatch(
          new RegExp(`^AWS4-HMAC-SHA256 Credential=${key}/\\d{8}/eu-west-2/execute-api/aws4_request, `),
        );
      }
    } finally {
      axios.defaults.adapter = adapter as NonNullable<typeof adapter>;
    }
  });

  it.each(examplesOfVersion2.map((example) => [example]))(
    'has an example of version 2 that is refused: %s',
    (example) => {
      expect(() => runExample(example)).toThrow(/^(?:region|service): stands in options since aws4-axios 3/);
    },
  );

  it('has examples that compile, with its types', () => {
    const folder = mkdtempSync(join(tmpdir(), 'aws4-axios-'));
    try {
      const typed = `
        import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';
        import sign, { aws4Interceptor, interceptor, getAuthErrorMessage } from 'axios-aws4auth/aws4-axios';
        import type { Credentials, CredentialsProvider, InterceptorOptions } from 'axios-aws4auth/aws4-axios';
        const options: InterceptorOptions = { signQuery: true, addContentSha: false, assumedRoleExpirationMarginSec: 5 };
        options.region = 'eu-west-2';
        class Provider implements CredentialsProvider {
          async getCredentials(): Promise<Credentials | undefined> { return undefined; }
        }
        const given: Credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
        given.sessionToken = 'c';
        declare const instance: AxiosInstance;
        const made: (config: InternalAxiosRequestConfig<string>) => Promise<InternalAxiosRequestConfig<string>> =
          aws4Interceptor<string>({ instance, options, credentials: new Provider() });
        instance.interceptors.request.use(interceptor({ credentials: given }));
        instance.interceptors.request.use(sign({ instance }));
        const message: string | undefined = getAuthErrorMessage(new Error());
        export { made, message };
      `;
      const files = [typed, ...examples.map(moved)].map((code, i) => {
        const file = join(folder, `example-${String(i)}.ts`);
        writeFileSync(file, `${code}\nexport {};`);
        return file;
      });
      const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
        config: { compilerOptions: object };
      };
      const { options, errors } = ts.convertCompilerOptionsFromJson(
        {
          ...config.compilerOptions,
          rootDir: '/',
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
          paths: {
            '#platform': [join(root, 'lib/platform/platform.node.ts')],
            '#checksums': [join(root, 'lib/platform/checksums.node.ts')],
            '#ecdsa': [join(root, 'lib/platform/ecdsa.node.ts')],
            '#signer': [join(root, 'lib/sending/signer.eager.ts')],
            'axios-aws4auth/aws4-axios': [join(root, 'lib/aws4-axios.ts')],
            '*': [join(root, 'node_modules/*')],
          },
        },
        root,
      );
      expect(errors).toStrictEqual([]);
      const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, options));
      expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toStrictEqual(
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('has the names of aws4-axios', () => {
  expect(Object.keys(dropIn).sort()).toStrictEqual([
    'aws4Interceptor',
    'default',
    'getAuthErrorMessage',
    'interceptor',
  ]);
  expect(aws4Default).toBe(aws4Interceptor);
  expect(dropIn).toHaveProperty('interceptor', aws4Interceptor);
});

describe('the integration tests of aws4-axios', () => {
  const gateway = createServer({
    requireContentSha256: false,
    secretFor: (accessKeyId) =>
      [credentials, temporary, numbered(1)].find((known) => known.accessKeyId === accessKeyId),
  });
  let url = '';
  beforeAll(async () => {
    ({ origin: url } = await gateway.start());
  });
  afterAll(() => gateway.close());
  const create = (settings: Parameters<typeof aws4Interceptor>[0] = {}): AxiosInstance => {
    const client = axios.create();
    client.interceptors.request.use(aws4Interceptor({ options: scope, instance: client, ...settings }));
    return client;
  };
  const last = () => ({ ...describeRequest(gateway.requests.at(-1)), verdict: gateway.verifications.at(-1)?.verdict });
  const data = { foo: 'bar' };

  describe.each([
    ['long-term', credentials],
    ['temporary', temporary],
  ])('with %s credentials from environment variables', (_, set) => {
    beforeEach(() => {
      setEnvironment(set as typeof credentials);
    });

    it.each(['GET', 'DELETE'])('HTTP %s', async (method) => {
      const { status } = await create().request({ url, method });
      expect(status).toBe(200);
      expect(last()).toMatchObject({ method, target: '/', verdict: { ok: true } });
    });

    it.each(['POST', 'PATCH', 'PUT'])('HTTP %s', async (method) => {
      await create().request({ url, method, data, headers: { foo: 'bar' } });
      expect(last()).toMatchObject({ method, text: JSON.stringify(data), verdict: { ok: true } });
      expect(last().header('foo')).toStrictEqual(['bar']);
    });

    it('handles path, query parameters and custom headers', async () => {
      await create().request({ url: `${url}/some/path`, params: { lorem: 42 }, headers: { 'X-Custom-Header': 'Baz' } });
      expect(last()).toMatchObject({ target: '/some/path?lorem=42', verdict: { ok: true } });
      expect(last().header('x-custom-header')).toStrictEqual(['Baz']);
    });

    it.each([
      [{}, 'application/json'],
      [{ 'Content-Type': 'application/xml' }, 'application/xml'],
    ])('handles the Content-Type of %j', async (headers, expected) => {
      await create().request({ url, method: 'POST', headers: { ...headers }, data });
      expect(last()).toMatchObject({ contentType: expected, verdict: { ok: true } });
    });

    it('respects signQuery option', async () => {
      const client = create({ options: { ...scope, signQuery: true } });
      const { status, config } = await client.request({ url: `${url}/some/path`, method: 'GET', params: data });
      expect(status).toBe(200);
      expect(last().target).toMatch(/^\/some\/path\?foo=bar&X-Amz-Algorithm=AWS4-HMAC-SHA256&/);
      expect(last().names).not.toContain('authorization');
      expect(config.params).toStrictEqual(data);
    });
  });

  it.each(['GET', 'DELETE', 'POST', 'PATCH', 'PUT'])('signs HTTP %s with assumed role credentials', async (method) => {
    const [master, set] = [createLongTermSet('MASTER'), createTemporarySet('ROLE')];
    const arn = 'arn:aws:iam::111111111111:role/MyRole';
    const sts = await stage.start(createSts({ region: scope.region, roles: [{ arn, set, trusts: master }] }));
    const verifier = await startGateway(set);
    Object.assign(process.env, formatVariables(master), { AWS_ENDPOINT_URL_STS: sts.origin });
    const client = create({ options: { ...scope, assumeRoleArn: arn } });
    for (let i = 0; i < 2; i++) expect((await client.request({ url: verifier.origin, method })).status).toBe(200);
    expect(sts.granted).toStrictEqual([
      { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: arn, RoleSessionName: 'axios' },
    ]);
  });

  it.each([
    ['assumeRoleSessionName', { assumeRoleSessionName: 'MyApiClient' }, 'MyApiClient', 1],
    ['a margin shorter than the session', { assumedRoleExpirationMarginSec: 1800 }, 'axios', 1],
    ['a margin as long as the session', { assumedRoleExpirationMarginSec: 3600 }, 'axios', 3],
  ])('takes %s', async (_, given, sessionName, calls) => {
    const [master, set] = [createLongTermSet('MASTER'), createTemporarySet('ROLE', 3600_000)];
    const arn = 'arn:aws:iam::111111111111:role/MyRole';
    const sts = await stage.start(createSts({ region: scope.region, roles: [{ arn, set, trusts: master }] }));
    const verifier = await startGateway(set);
    Object.assign(process.env, formatVariables(master), { AWS_ENDPOINT_URL_STS: sts.origin });
    const client = create({ options: { ...scope, assumeRoleArn: arn, ...given } });
    for (let i = 0; i < 3; i++) await client.get(verifier.origin);
    expect(sts.granted.map(({ RoleSessionName }) => RoleSessionName)).toStrictEqual(Array(calls).fill(sessionName));
  });

  it('prefers credentials to a role', async () => {
    const client = create({ options: { ...scope, assumeRoleArn: 'arn:aws:iam::1:role/a' }, credentials });
    await client.get(url);
    expect(last().verdict).toMatchObject({ ok: true, accessKeyId: credentials.accessKeyId });
  });

  it.each<[string, CredentialsProvider]>([
    ['an object', { getCredentials: () => Promise.resolve(numbered(1)) }],
    [
      'an object of a class',
      new (class implements CredentialsProvider {
        readonly #set = numbered(1);
        getCredentials() {
          return Promise.resolve(this.#set);
        }
      })(),
    ],
  ])('takes a provider of credentials, %s', async (_, provider) => {
    await create({ credentials: provider }).get(url);
    expect(last().verdict).toMatchObject({ ok: true, accessKeyId: numbered(1).accessKeyId });
  });

  it('takes the default credentials where a provider has none', async () => {
    setEnvironment();
    const getCredentials = jest.fn(() => Promise.resolve(undefined));
    await create({ credentials: { getCredentials } }).get(url);
    expect(getCredentials).toHaveBeenCalledTimes(1);
    expect(last().verdict).toMatchObject({ ok: true, accessKeyId: credentials.accessKeyId });
  });

  it.each([
    [{}, 'execute-api', 0],
    [{ addContentSha: true }, 'execute-api', 1],
    [{}, 's3', 1],
    [{}, 'aoss', 1],
  ])('under %j sends X-Amz-Content-Sha256 where %s wants it', async (given, service, count) => {
    const sent: number[] = [];
    const adapter: AxiosAdapter = (config) => {
      sent.push(config.headers.has('X-Amz-Content-Sha256') ? 1 : 0);
      return Promise.resolve({ data: null, status: 200, statusText: '', headers: {}, config });
    };
    await create({ options: { region: 'a', service, ...given }, credentials }).get(url, { adapter });
    expect(sent).toStrictEqual([count]);
  });

  it.each<[string, object, AxiosRequestConfig, string[]]>([
    ['of a service that the hostname tells', { region: undefined, service: undefined }, {}, []],
    ['that the request has itself', {}, { headers: { 'X-Amz-Content-Sha256': UNSIGNED } }, [UNSIGNED]],
    ['of a body that the request leaves unsigned', {}, { aws4: { payload: 'unsigned' } }, [UNSIGNED]],
    ['that the request asks for', {}, { aws4: { contentSha256Header: true } }, [SHA256_OF_X]],
    ['that the request asks to leave out', { addContentSha: true }, { aws4: { contentSha256Header: false } }, []],
  ])('sends the X-Amz-Content-Sha256 %s', async (_, given, config, expected) => {
    const sent: unknown[] = [];
    const adapter: AxiosAdapter = (final) => {
      sent.push(...[final.headers.get('X-Amz-Content-Sha256') ?? []].flat());
      return Promise.resolve({ data: null, status: 200, statusText: '', headers: {}, config: final });
    };
    const gatewayUrl = 'https://abc.execute-api.eu-west-1.amazonaws.com/';
    await create({ options: { ...scope, ...given }, credentials }).post(gatewayUrl, 'x', { adapter, ...config });
    expect(sent).toStrictEqual(expected);
  });

  it.each<[string, object]>([
    ['options of null', { options: null, credentials }],
    ['a margin of null', { options: { ...scope, assumedRoleExpirationMarginSec: null }, credentials }],
    ['all options undefined but two', { options: { ...noOptions, ...scope }, credentials }],
    ['no getCredentials', { options: scope, credentials: { ...credentials, getCredentials: undefined } }],
    ['a getCredentials of null', { options: scope, credentials: { ...credentials, getCredentials: null } }],
    ['an expiration as text', { options: scope, credentials: { ...credentials, expiration: '2099-01-01T00:00:00Z' } }],
    ['an expiration of null', { options: scope, credentials: { ...credentials, expiration: null } }],
    ['a provider of JSON', { options: scope, credentials: { getCredentials: () => Promise.resolve(fromJson()) } }],
    ['a provider that waits for nothing', { options: scope, credentials: { getCredentials: () => credentials } }],
    ['credentials of a class', { options: scope, credentials: new Vault() }],
    [
      'a provider of a class’s',
      { options: scope, credentials: { getCredentials: () => Promise.resolve(new Vault()) } },
    ],
  ])('takes %s, as aws4-axios does', async (_, settings) => {
    const client = axios.create({
      adapter: (config) =>
        Promise.resolve({
          data: config.headers.get('Authorization'),
          status: 200,
          statusText: '',
          headers: {},
          config,
        }),
    });
    client.interceptors.request.use(aws4Interceptor(settings as never));
    const { data: authorization } = await client.get<string>('https://abc.execute-api.eu-west-1.amazonaws.com/');
    expect(authorization).toContain(`Credential=${credentials.accessKeyId}/`);
    expect(authorization).toContain('/eu-west-1/execute-api/aws4_request');
  });

  it('has the message of a refusal', async () => {
    const message = 'Missing Authentication Token';
    const adapter: AxiosAdapter = (config) => axios.getAdapter('http', config)(config);
    const refused = createServer({ respond: () => ({ status: 403, body: JSON.stringify({ message }) }) });
    const { origin } = await refused.start();
    try {
      expect(getAuthErrorMessage(await failure(axios.get(origin, { adapter })))).toBe(message);
    } finally {
      await refused.close();
    }
  });

  it.each([
    ...[undefined, null, 'a', new Error('a'), { response: { data: { message: 'a' } } }],
    ...[{ isAxiosError: true }, { isAxiosError: true, response: { data: '{"message":"a"}' } }],
    { isAxiosError: true, response: { data: { message: 5 } } },
  ])('has no message of %p', (error) => {
    expect(getAuthErrorMessage(error)).toBeUndefined();
  });

  it('has no message of an error whose parts cannot be read', () => {
    const hostile = {
      get message(): never {
        throw new Error('hostile');
      },
      get data(): never {
        throw new Error('hostile');
      },
    };
    for (const response of [hostile, { data: hostile }]) {
      expect(getAuthErrorMessage({ isAxiosError: true, response })).toBeUndefined();
    }
  });
});

describe('every host', () => {
  const capture = (): { client: AxiosInstance; sent: string[] } => {
    const sent: string[] = [];
    const client = axios.create({
      adapter: (config) => {
        sent.push(String(config.headers.get('Authorization') ?? config.url));
        return Promise.resolve({ data: null, status: 200, statusText: '', headers: {}, config });
      },
    });
    return { client, sent };
  };

  it.each(['https://example.com/', 'http://api.internal:8080/a', 'https://b.s3.eu-west-1.amazonaws.com/k'])(
    'is signed for: %s',
    async (url) => {
      const { client, sent } = capture();
      client.interceptors.request.use(aws4Interceptor({ options: scope, credentials }));
      await client.get(url);
      expect(sent).toStrictEqual([
        expect.stringMatching(/^AWS4-HMAC-SHA256 .*\/eu-west-1\/execute-api\/aws4_request, /),
      ]);
    },
  );

  it('but not by redirects', async () => {
    const other = createServer();
    const { origin: elsewhere } = await other.start();
    const home = createServer({
      requireContentSha256: false,
      respond: () => ({ status: 302, headers: { Location: elsewhere } }),
    });
    const { origin } = await home.start();
    try {
      const client = axios.create();
      client.interceptors.request.use(aws4Interceptor({ options: scope, credentials: temporary }));
      await failure(client.get(origin));
      expect(home.verifications.map(({ verdict }) => verdict.ok)).toStrictEqual([true]);
      const { names } = describeRequest(other.requests[0]);
      expect(names.filter((name) => name === 'authorization' || name.startsWith('x-amz-'))).toStrictEqual([]);
    } finally {
      await Promise.all([home.close(), other.close()]);
    }
  });

  it('has region and service of its hostname, or of the environment, and never of a guess', async () => {
    const { client, sent } = capture();
    client.interceptors.request.use(aws4Interceptor({ credentials }));
    await client.get('https://abc.execute-api.ap-south-1.amazonaws.com/');
    expect(sent[0]).toContain('/ap-south-1/execute-api/aws4_request');
    for (const options of [
      {},
      { service: 'execute-api' },
      { region: 'eu-west-1' },
      { service: 'execute-api', region: '' },
    ]) {
      const plain = capture().client;
      plain.interceptors.request.use(aws4Interceptor({ options, credentials }));
      expect(await failure(plain.get('https://example.com/'))).toMatchObject({ code: 'ERR_ENDPOINT' });
    }
    process.env['AWS_REGION'] = 'sa-east-1';
    const { client: byEnvironment, sent: sentByEnvironment } = capture();
    byEnvironment.interceptors.request.use(aws4Interceptor({ options: { service: 'execute-api' }, credentials }));
    await byEnvironment.get('https://example.com/');
    expect(sentByEnvironment[0]).toContain('/sa-east-1/execute-api/aws4_request');
  });
});

describe('bad settings', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'aws4Interceptor'],
    ['null', null, 'aws4Interceptor'],
    ['an unknown name', { option: {} }, 'option'],
    ['version 2', { region: 'a', service: 'b' }, 'region'],
    ['options that are none', { options: 5 }, 'options'],
    ['an unknown option', { options: { regoin: 'a' } }, 'did you mean region'],
    ['a region that is no text', { options: { region: 5 } }, 'region'],
    ['a service that is no text', { options: { service: {} } }, 'service'],
    ['a flag that is none', { options: { signQuery: 'true' } }, 'signQuery'],
    ['a flag that is none', { options: { addContentSha: 1 } }, 'addContentSha'],
    ['a role that is no text', { options: { assumeRoleArn: {} } }, 'assumeRoleArn'],
    ['a margin that is none', { options: { assumedRoleExpirationMarginSec: '5' } }, 'assumedRoleExpirationMarginSec'],
    ['a margin that is none', { options: { assumedRoleExpirationMarginSec: -1 } }, 'assumedRoleExpirationMarginSec'],
    ['a session name that is no text', { options: { assumeRoleSessionName: 5 } }, 'assumeRoleSessionName'],
    ['an option that is inherited', { options: Object.create({ region: 'a' }) as object }, 'region'],
    ['credentials that are inherited', Object.create({ credentials }) as object, 'credentials'],
  ])('%s', (_, settings, names) => {
    expect(() => aws4Interceptor(settings as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }));
    expect(() => aws4Interceptor(settings as never)).toThrow(names);
  });

  it.each([
    ['empty', { accessKeyId: '', secretAccessKey: '' }],
    ['no object', 'AKIDEXAMPLE'],
    ['a function', () => credentials],
    ['a provider that fails', { getCredentials: () => Promise.reject(new Error('secret/1')) }],
  ])('credentials that are %s are refused when a request is to be signed', async (_, given) => {
    const client = axios.create();
    client.interceptors.request.use(aws4Interceptor({ options: scope, credentials: given as never }));
    const error = await failure(client.get('https://example.com/'));
    expect(error).toBeInstanceOf(lib.Aws4AuthError);
    expect(error).toMatchObject({ code: 'ERR_CREDENTIALS' });
  });
});
