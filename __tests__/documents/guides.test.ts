/** The guide to URLs that are tokens: its code compiles, runs, and gives what botocore and aws-crt give. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { verifyPresignedUrl } from 'strict-sigv4-verifier';
import { accessKeyId, cases, date, secretAccessKey } from '../../fixtures/presigned-urls.json';
import { platform } from '#platform';

const guide = readFileSync(join(__dirname, '../../docs/guides/presigned-tokens.md'), 'utf8');
const blocks = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code);

type Create = (...args: readonly unknown[]) => Promise<string>;

/** The functions that the guide defines. */
function loadGuide(): Readonly<Record<string, Create>> {
  const functions: Record<string, Create> = {};
  for (const block of blocks) {
    const { outputText } = ts.transpileModule(block, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the guide's own code
    new Function('require', 'exports', outputText)(() => jest.requireActual<object>('../../lib/index.js'), functions);
  }
  return functions;
}

const environment = { ...process.env };
beforeEach(() => {
  jest.useFakeTimers({
    now: Date.parse(date),
    doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'],
  });
});
afterEach(() => {
  jest.useRealTimers();
  process.env = { ...environment };
});

const setEnvironment = (sessionToken: string | undefined): void => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  if (sessionToken === undefined) delete process.env['AWS_SESSION_TOKEN'];
  else process.env['AWS_SESSION_TOKEN'] = sessionToken;
};

/** A URL whose query has any order, and the signature, which only comes of one. */
const sortQuery = (url: string): readonly string[] => url.split(/[?&]/).sort();

const expectations: readonly (readonly [string, string, readonly unknown[], (token: string) => string])[] = [
  ['iotdevicegateway', 'createMqttUrl', ['abc-ats.iot.us-east-1.amazonaws.com'], (url) => url],
  ['transcribe', 'createTranscriptionUrl', ['us-east-1'], (url) => url],
  [
    'sts',
    'createEksToken',
    ['my-cluster', 'us-west-2'],
    (token) => Buffer.from(token.replace(/^k8s-aws-v1\./, ''), 'base64url').toString(),
  ],
  [
    'rds-db',
    'createRdsToken',
    ['db.abc123.us-east-1.rds.amazonaws.com', 3306, 'jane', 'us-east-1'],
    (token) => `https://${token}`,
  ],
];

if (platform.name === 'node') {
  it.each(expectations)('has for %s the URL of botocore or aws-crt', async (service, name, args, toUrl) => {
    const expected = cases.find((each) => each.service === service);
    setEnvironment(expected?.sessionToken);
    const token = await loadGuide()[name]?.(...args);
    expect(sortQuery(toUrl(String(token)))).toStrictEqual(sortQuery(expected?.url ?? ''));
    expect(token).not.toMatch(/=$/);
  });

  it.each(['DbConnect', 'DbConnectAdmin'])('has a token for Aurora DSQL that verifies: %s', async (action) => {
    setEnvironment(undefined);
    const token = await loadGuide()['createDsqlToken']?.('abc.dsql.us-east-1.on.aws', 'us-east-1', action);
    const [host = '', target = ''] = String(token).split(/(?=\/)/, 2);
    expect(target).toMatch(new RegExp(`^/\\?Action=${action}&X-Amz-`));
    const verdict = verifyPresignedUrl(
      { method: 'GET', target, headers: [['Host', host]], body: Buffer.alloc(0), scheme: 'https' },
      {
        secretFor: () => ({ secretAccessKey }),
        region: 'us-east-1',
        service: 'dsql',
        now: new Date(Date.parse(date) + 899_000),
        pathEncoding: 'double',
        normalizePath: true,
        requireContentSha256: false,
      },
    );
    expect(verdict).toMatchObject({ ok: true });
  });
}

it('has code that compiles', () => {
  const diagnostics = blocks.map((block) => ts.transpileModule(block, { reportDiagnostics: true }).diagnostics);
  expect(blocks).toHaveLength(5);
  expect(diagnostics.flat()).toStrictEqual([]);
});
