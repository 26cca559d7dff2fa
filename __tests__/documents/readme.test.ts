/** The README: its code compiles, runs, and what it sends verifies; its table of codes is that of the errors. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import ts from 'typescript';
import { verifySignature } from 'strict-sigv4-verifier';
import { platform } from '#platform';

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);

/** All blocks as one module, in order: its imports, and the rest as a function to call. */
function joinBlocks(): string {
  const lines = blocks.join('\n').split('\n');
  const imports = lines.filter((line) => line.startsWith('import '));
  const statements = lines.filter((line) => !line.startsWith('import '));
  return [...imports, 'export async function run(): Promise<void> {', ...statements, '}'].join('\n');
}

const modules: Readonly<Record<string, () => unknown>> = {
  axios: () => jest.requireActual<object>('axios'),
  'axios-retry': () => jest.requireActual<object>('axios-retry'),
  'axios-aws4auth': () => jest.requireActual<object>('../../lib/index.js'),
  'node:fs': () => jest.requireActual<object>('node:fs'),
  'axios-aws4auth/sigv4': () => jest.requireActual<object>('../../lib/sigv4/index.js'),
  'axios-aws4auth/aws4-axios': () => jest.requireActual<object>('../../lib/aws4-axios.js'),
  '@aws-sdk/credential-providers': () => jest.requireActual<object>('@aws-sdk/credential-providers'),
};

async function runBlocks(): Promise<void> {
  const { outputText } = ts.transpileModule(joinBlocks(), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exported: { run?: () => Promise<void> } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the README's own code
  new Function('require', 'exports', outputText)((name: string) => modules[name]?.(), exported);
  await exported.run?.();
}

const environment = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
} as const;

async function verify(config: InternalAxiosRequestConfig): Promise<string> {
  const { host, pathname, search } = new URL(axios.getUri(config));
  const headers = Object.entries(config.headers.toJSON()).map(([name, value]) => [name, String(value)] as const);
  const [, region = '', service = ''] =
    /\/\d{8}\/([^/]+)\/([^/]+)\//.exec(String(config.headers.get('Authorization'))) ?? [];
  const verdict = verifySignature(
    {
      method: (config.method ?? '').toUpperCase(),
      target: pathname + search,
      headers: [...headers, ['Host', host]],
      body:
        config.data instanceof Readable
          ? await buffer(config.data)
          : Buffer.from((config.data as string | undefined) ?? ''),
      scheme: 'https',
    },
    {
      secretFor: () => ({ secretAccessKey: environment.AWS_SECRET_ACCESS_KEY }),
      region,
      service,
      now: new Date(),
      pathEncoding: service === 's3' ? 'single' : 'double',
      normalizePath: service !== 's3',
      requireContentSha256: true,
      allowChunkedPayload: true,
    },
  );
  return verdict.ok ? `accepted for ${service} in ${region}` : verdict.code;
}

it('has the five-line example by line 15', () => {
  expect(readme.split('\n').slice(0, 15).join('\n')).toContain('axios.interceptors.request.use(aws4Interceptor(');
});

if (platform.name === 'node') {
  it('has code that runs, and signs what it says', async () => {
    const before = { ...process.env };
    Object.assign(process.env, environment);
    const sent: string[] = [];
    const printed: unknown[][] = [];
    const { adapter } = axios.defaults;
    axios.defaults.adapter = async (config) => {
      sent.push(`${config.url ?? ''}: ${config.headers.has('Authorization') ? await verify(config) : 'unsigned'}`);
      return { data: null, status: 200, statusText: 'OK', headers: {}, config };
    };
    jest.spyOn(console, 'log').mockImplementation((...args) => printed.push(args));
    jest.spyOn(console, 'error').mockImplementation((...args) => printed.push(args));
    try {
      await runBlocks();
    } finally {
      jest.restoreAllMocks();
      axios.defaults.adapter = adapter as NonNullable<typeof adapter>;
      axios.interceptors.request.clear();
      process.env = before;
    }
    expect(sent).toStrictEqual([
      'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/items: accepted for execute-api in eu-west-1',
      '/items: accepted for execute-api in eu-west-1',
      '/items: accepted for execute-api in us-east-1',
      '/health: unsigned',
      '/README.md: accepted for s3 in eu-west-1',
      'https://my-bucket.s3.eu-west-1.amazonaws.com/key: accepted for s3 in eu-west-1',
      'https://example.com/: unsigned',
      '/items: accepted for execute-api in eu-west-1',
      '/prod/items: accepted for execute-api in eu-west-1',
    ]);
    expect(printed).toMatchObject([
      ['PUT', '/photos/2026%20summer.jpg', { 'Content-Type': 'image/jpeg' }, true],
      [
        'https://my-bucket.s3.eu-west-1.amazonaws.com/',
        'key,acl,success_action_status,x-amz-algorithm,x-amz-credential,x-amz-date,policy,x-amz-signature',
      ],
      [
        'POST',
        'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/items',
        '{"name":"Grüße"}',
        expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request, /,
        ),
      ],
      [expect.stringMatching(/^POST\n\/prod\/items\n\n/)],
      [true, false],
      [expect.stringMatching(/^AWS4-HMAC-SHA256 /), expect.stringMatching(/^GET\n\/photo\.jpg\n/)],
      [3, '17'.length + 81 + 2 + 23 + 2 + '0'.length + 81 + 2 + 2],
      ['ERR_INVALID_URL', expect.any(String)],
    ]);
  });

  it('has code that compiles', () => {
    const folder = mkdtempSync(join(tmpdir(), 'readme-'));
    try {
      const file = join(folder, 'readme.ts');
      writeFileSync(file, joinBlocks());
      const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
        config: { compilerOptions: object };
      };
      const compilerOptions = {
        ...config.compilerOptions,
        rootDir: '/',
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
        paths: {
          '#platform': [join(root, 'lib/platform/platform.node.ts')],
          '#signer': [join(root, 'lib/sending/signer.eager.ts')],
          'axios-aws4auth': [join(root, 'lib/index.ts')],
          'axios-aws4auth/sigv4': [join(root, 'lib/sigv4/index.ts')],
          'axios-aws4auth/aws4-axios': [join(root, 'lib/aws4-axios.ts')],
          '*': [join(root, 'node_modules/*')],
        },
      };
      const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);
      const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([file], options));
      expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toStrictEqual(
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

it('has every code that an error may have, and no other', () => {
  const inSource = readFileSync(join(root, 'lib/errors.ts'), 'utf8').match(/(?<=\| ')ERR_\w+/g);
  const inReadme = readme.match(/(?<=`)ERR_\w+(?=`)/g);
  expect([...new Set(inReadme)].sort()).toStrictEqual(inSource?.sort());
});

it('has every option', () => {
  const source = readFileSync(join(root, 'lib/options/options.ts'), 'utf8');
  const options = [...(/interface Aws4Options \{(.*?)^\}/ms.exec(source)?.[1] ?? '').matchAll(/readonly (\w+)\?/g)];
  const table = readme.slice(readme.indexOf('## Options'), readme.indexOf('## Credentials'));
  expect(options.length).toBeGreaterThan(10);
  for (const [, name = ''] of options) expect(table).toContain(`\`${name}\``);
});
