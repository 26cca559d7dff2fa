/** Installs the packed tarball as a user would, and uses it by import, by require, from TypeScript and in a bundle. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const { devDependencies, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'smoke-tarball-'));
const installed = (name) => join(folder, 'node_modules', name);
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');

/** What a user would write; the same text is compiled as an ES module and as CommonJS. */
const consumer = `
import axios, { type AxiosAdapter } from 'axios';
import { aws4Interceptor } from 'axios-aws4auth';
import { signRequest } from 'axios-aws4auth/sigv4';

const url = 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/items';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
// Only the adapter sees the signature.
const adapter: AxiosAdapter = (config) =>
  Promise.resolve({ data: String(config.headers.get('authorization')), status: 200, statusText: 'OK', headers: {}, config });
const instance = axios.create({ adapter });
instance.interceptors.request.use(aws4Interceptor({ region: 'us-east-1', service: 'execute-api', credentials }));

async function main(): Promise<void> {
  const { data: authorization } = await instance.get<string>(url, { aws4: { region: 'eu-west-1' } });
  if (!authorization.startsWith('AWS4-HMAC-SHA256 Credential=')) throw new Error('Not signed: ' + authorization);
  if (!authorization.includes('/eu-west-1/execute-api/aws4_request')) throw new Error('Wrong scope: ' + authorization);

  const unsigned = await instance.get<string>(url, { aws4: false });
  if (unsigned.data.startsWith('AWS4-')) throw new Error('Signed in spite of aws4: false');

  const { headers } = signRequest({ method: 'GET', url }, { region: 'eu-west-1', service: 'execute-api', credentials });
  if (!JSON.stringify(headers).includes('AWS4-HMAC-SHA256 Credential=')) throw new Error('signRequest did not sign');
}
void main();

// @ts-expect-error -- proves that config.aws4 is typed, and not any
export const mistyped = () => axios.get(url, { aws4: { region: 1 } });
`;

const tsconfig = {
  compilerOptions: { module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom'], types: [], strict: true },
  include: ['consumer.mts', 'consumer.cts'],
};

/** Signs with what the environment holds: the AWS SDK's provider chain, loaded on first use. */
const signByDefaultChain = `
aws4Sign({ url: 'https://example.com/' }, { region: 'eu-west-1', service: 'execute-api' }).then(({ headers }) => {
  if (!headers.Authorization.includes('Credential=AKIDCHAIN/')) throw new Error('Wrong credentials');
});
`;

let passed = 0;
let failed = 0;

async function check(what, run) {
  try {
    await run();
    passed += 1;
    console.log(`ok      ${what}`);
  } catch (error) {
    failed += 1;
    // tsc reports on standard output, node on standard error.
    console.log(`FAILED  ${what}\n${error.stdout ?? ''}${error.stderr ?? ''}${error.stack}`);
  }
}

const runInFolder = (command, args, env = {}) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, ...env } });

function install() {
  const pack = ['pack', '--json', '--pack-destination', folder];
  const [tarball] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8', stdio: 'pipe' }));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  runInFolder('npm', ['install', `./${tarball.filename}`, `axios@${devDependencies.axios}`]);
  return tarball.files.map(({ path }) => path);
}

function assertKindsOfFiles(paths) {
  const kinds = new Set(
    paths.map((path) =>
      path.replace(/^dist\/.*?((\.d)?\.c?[jt]s(\.map)?)$/, 'dist/*$1').replace(/^docs\/.*\.md$/, 'docs/*.md'),
    ),
  );
  const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'docs/*.md'];
  const code = ['dist/*.cjs', 'dist/*.cjs.map', 'dist/*.d.cts', 'dist/*.d.ts', 'dist/*.js', 'dist/*.js.map'];
  // What stands for the subpaths where `exports` are not read.
  const atRoot = Object.keys(exports).flatMap((subpath) =>
    /^\.\/\w[\w-]*$/.test(subpath) ? [`${subpath.slice(2)}.js`] : [],
  );
  assert.deepEqual([...kinds].sort(), [...documents, ...code, ...atRoot, 'package.json'].sort());
}

const targetsOf = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(targetsOf));

function assertTargetsExist() {
  const packageFolder = installed('axios-aws4auth');
  const { exports, imports } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const missing = [exports, imports].flatMap(targetsOf).filter((target) => !existsSync(join(packageFolder, target)));
  assert.deepEqual(missing, []);
}

/** Each file of code names its map, and each map holds the sources that it names: a debugger needs nothing else. */
function assertSourceMaps(paths) {
  // What stands beside `dist` only leads to it, for resolvers that know no `exports`.
  const scripts = paths.filter((path) => /^dist\/.*\.c?js$/.test(path));
  assert.ok(scripts.length > 0);
  for (const path of scripts) {
    const file = join(installed('axios-aws4auth'), path);
    const name = readFileSync(file, 'utf8').match(/^\/\/# sourceMappingURL=(\S+)$/m)?.[1];
    assert.equal(name, `${basename(path)}.map`, path);
    const { sources, sourcesContent } = JSON.parse(readFileSync(join(dirname(file), name), 'utf8'));
    for (const [i, source] of sources.entries()) {
      const own = /^(?:\.\.\/)+lib\/(.+\.ts)$/.exec(source)?.[1];
      if (own === undefined) assert.match(source, /\/node_modules\/@noble\//);
      const original = own === undefined ? resolve(root, dirname(path), source) : join(root, 'lib', own);
      assert.equal(sourcesContent[i], readFileSync(original, 'utf8'), `${path}: ${source}`);
    }
  }
}

const throwFromSource = `
try {
  parseRequestDate('no date');
} catch (error) {
  if (!/lib.time.request-date\\.ts:\\d+/.test(error.stack)) throw new Error('The stack names no source: ' + error.stack);
}
`;

function runWithSourceMaps(format, load) {
  const script = load('parseRequestDate', 'axios-aws4auth') + throwFromSource;
  runInFolder(process.execPath, ['--enable-source-maps', `--input-type=${format}`, '--eval', script]);
}

function compileConsumers() {
  writeFileSync(join(folder, 'consumer.mts'), consumer);
  writeFileSync(join(folder, 'consumer.cts'), consumer);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  runInFolder(process.execPath, [tsc, '--project', '.']);
}

/** Whatever needs a package that is not there fails, however it is loaded. */
function runWithoutLazyDependencies(script) {
  const hidden = ['@aws-sdk', '@smithy', 'iconv-lite'].filter((name) => existsSync(installed(name)));
  assert.ok(hidden.includes('@aws-sdk'));
  for (const name of hidden) renameSync(installed(name), installed(`${name}.hidden`));
  try {
    runInFolder(process.execPath, [script]);
  } finally {
    for (const name of hidden) renameSync(installed(`${name}.hidden`), installed(name));
  }
}

function runDefaultChain(format, load) {
  const imports = load('aws4Sign', 'axios-aws4auth');
  const env = { AWS_ACCESS_KEY_ID: 'AKIDCHAIN', AWS_SECRET_ACCESS_KEY: 'secret' };
  runInFolder(process.execPath, [`--input-type=${format}`, '--eval', imports + signByDefaultChain], env);
}

const byImport = (name, from) => `import { ${name} } from '${from}';`;
const byRequire = (name, from) => `const { ${name} } = require('${from}');`;

async function bundleForBrowser(script) {
  const outfile = join(folder, `${script}.bundle.mjs`);
  const options = { bundle: true, platform: 'browser', format: 'esm', metafile: true, logLevel: 'silent', outfile };
  const { metafile } = await build({ ...options, entryPoints: [script], absWorkingDir: folder });
  const inputs = Object.entries(metafile.inputs);
  const forNode = inputs.flatMap(([path, { imports }]) => [path, ...imports.map((imported) => imported.path)]);
  assert.deepEqual(
    forNode.filter((path) => /^node:|@aws-sdk|@smithy|iconv-lite|platform\.node/.test(path)),
    [],
  );
  runInFolder(process.execPath, [outfile]);
}

try {
  const paths = install();
  await check('the tarball holds nothing but dist and the documents', () => assertKindsOfFiles(paths));
  await check('every target of exports and imports is in the tarball', assertTargetsExist);
  await check('TypeScript accepts it from an ES module and from CommonJS, config.aws4 included', compileConsumers);
  await check('import signs, and loads neither the AWS SDK nor iconv-lite', () =>
    runWithoutLazyDependencies('consumer.mjs'),
  );
  await check('require signs, and loads neither the AWS SDK nor iconv-lite', () =>
    runWithoutLazyDependencies('consumer.cjs'),
  );
  await check('import reaches the default credentials', () => runDefaultChain('module', byImport));
  await check('require reaches the default credentials', () => runDefaultChain('commonjs', byRequire));
  await check('every source map holds its sources', () => assertSourceMaps(paths));
  await check('by import, a stack names the source', () => runWithSourceMaps('module', byImport));
  await check('by require, a stack names the source', () => runWithSourceMaps('commonjs', byRequire));
  await check('a browser bundle of the ES modules signs, with nothing of Node in it', () =>
    bundleForBrowser('consumer.mjs'),
  );
  await check('a browser bundle of the CommonJS signs, with nothing of Node in it', () =>
    bundleForBrowser('consumer.cjs'),
  );
} finally {
  rmSync(folder, { recursive: true });
}

console.log(`${passed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
