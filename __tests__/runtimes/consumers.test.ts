/** Projects that use the packed tarball: jest as CommonJS and as ES modules, vitest, and what TypeScript makes of it. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { expectArrivals, expectOutcomes, withoutAxios, type Traits } from './expectations.js';
import { createProject, createProjectWithAxios, itWith, linkTool, newerNode, ownTools, run, tools } from './project.js';
import { startScenarioServer, type ScenarioServer } from './scenario-server.js';

let server: ScenarioServer;
beforeAll(async () => {
  server = await startScenarioServer();
});
afterAll(() => server.close());

const traits: Traits = { platform: 'node', redirects: 'signed', hasForms: false };

interface TestRunner {
  readonly name: string;
  readonly folder: string;
  readonly node: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const readVersion = (folder: string): string => {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
};

const jests = [join(tools, 'jest-29'), join(ownTools, 'jest')];
const jestArgs = (file: string) => [
  '--rootDir',
  '.',
  '--testMatch',
  `**/${file}`,
  '--moduleFileExtensions',
  'js',
  'mjs',
  'cjs',
];
const runners: readonly TestRunner[] = [
  ...jests.flatMap((folder) => [
    {
      name: 'jest, CommonJS',
      folder,
      node: process.execPath,
      args: [join(folder, 'bin/jest.js'), ...jestArgs('jest.test.cjs')],
      env: {},
    },
    {
      name: 'jest, ES modules',
      folder,
      node: process.execPath,
      args: [join(folder, 'bin/jest.js'), ...jestArgs('jest.test.mjs')],
      env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
    },
  ]),
  {
    name: 'vitest',
    folder: join(tools, 'vitest'),
    node: newerNode,
    args: [join(tools, 'vitest/vitest.mjs'), 'run', 'vitest.test.mjs'],
    env: {},
  },
];

const withVersions = runners.map((runner) => ({ ...runner, version: readVersion(runner.folder) }));

describe.each(withVersions)('$name $version', ({ name, version, node, args, env }) => {
  itWith(node)('signs what it sends', async () => {
    const project = createProject(`${name} ${version}`.replace(/\W+/g, '-'));
    linkTool(project, 'vitest');
    const outcomes = JSON.stringify(expectOutcomes(traits));
    await run(project, node, args, { ORIGIN: server.origin, OUTCOMES: outcomes, ...env });
    const { here, elsewhere } = expectArrivals(traits);
    expect(server.takeArrivals()).toMatchObject({
      here: [...here, ...here, withoutAxios],
      elsewhere: [...elsewhere, ...elsewhere],
    });
    const shown = 'http and fetch adapters, and without axios: bodies, query, redirects';
    recordCompatibility({ section: 'consumers', name, version, shown });
  });
});

/** Jest 30 resolves a package's own `imports` by the condition `node`, whatever the environment says. */
const platformInJsdom = (version: string) => (version.startsWith('29.') ? 'default' : 'node');

/** What jsdom cannot do: it has no `blob.stream()`, refuses a header's double space, and follows redirects by itself. */
const NOT_IN_JSDOM = ['web-stream', 'signed-header', 'redirect', 'redirect-elsewhere'];

describe.each(jests.map((folder) => ({ folder, version: readVersion(folder) })))(
  'jest $version with jsdom',
  ({ folder, version }) => {
    it('signs what it sends', async () => {
      const project = createProject(`jest-${version}-jsdom`);
      const inJsdom: Traits = { platform: platformInJsdom(version), redirects: 'replayed', hasForms: false };
      const outcomes = Object.entries(expectOutcomes(inJsdom)).filter(([name]) => !NOT_IN_JSDOM.includes(name));
      const env = { ORIGIN: server.origin, OUTCOMES: JSON.stringify(Object.fromEntries(outcomes)) };
      const environment = join(tools, `jest-environment-jsdom-${version.slice(0, 2)}`);
      const args = [join(folder, 'bin/jest.js'), ...jestArgs('jsdom.test.cjs'), '--env', environment];
      await run(project, process.execPath, args, env);
      const sent = expectArrivals(inJsdom).here.filter(({ name }) => outcomes.some(([chosen]) => name === chosen));
      expect(server.takeArrivals()).toMatchObject({ here: sent, elsewhere: [] });
      const shown = 'xhr adapter: bodies, query, CORS';
      recordCompatibility({ section: 'consumers', name: 'jest, CommonJS, jsdom', version, shown });
    });
  },
);

interface Dom {
  readonly name: string;
  readonly folder: string;
  readonly node: string;
  readonly args: readonly string[];
  readonly without: readonly string[];
}

const inVitest = (environment: string): Pick<Dom, 'folder' | 'node' | 'args'> => ({
  folder: join(tools, 'vitest'),
  node: newerNode,
  args: [join(tools, 'vitest/vitest.mjs'), 'run', 'dom.test.mjs', '--environment', environment],
});

/** What happy-dom cannot do: axios does not know its Blobs, and sends them as JSON; and it follows redirects by itself. */
const NOT_IN_HAPPY_DOM = ['blob', 'file', 'redirect', 'redirect-elsewhere'];

const otherDoms: readonly Dom[] = [
  {
    name: 'jest, CommonJS, happy-dom',
    folder: join(ownTools, 'jest'),
    node: process.execPath,
    args: [
      join(ownTools, 'jest/bin/jest.js'),
      ...jestArgs('jsdom.test.cjs'),
      '--env',
      join(tools, '@happy-dom/jest-environment'),
    ],
    without: NOT_IN_HAPPY_DOM,
  },
  { name: 'vitest, happy-dom', ...inVitest('happy-dom'), without: NOT_IN_HAPPY_DOM },
  { name: 'vitest, jsdom', ...inVitest('jsdom'), without: NOT_IN_JSDOM },
];

describe.each(otherDoms)('$name', ({ name, folder, node, args, without }) => {
  itWith(node)('signs what it sends', async () => {
    const project = createProject(name.replace(/\W+/g, '-'));
    linkTool(project, 'vitest');
    linkTool(project, 'happy-dom');
    linkTool(project, 'jsdom', ownTools);
    const inDom: Traits = { platform: 'node', redirects: 'replayed', hasForms: false };
    const outcomes = Object.entries(expectOutcomes(inDom)).filter(([each]) => !without.includes(each));
    const env = { ORIGIN: server.origin, OUTCOMES: JSON.stringify(Object.fromEntries(outcomes)) };
    await run(project, node, args, env);
    const sent = expectArrivals(inDom).here.filter((arrival) => outcomes.some(([chosen]) => arrival.name === chosen));
    const { here, elsewhere } = server.takeArrivals();
    // Whatever name a Blob is given in a form, in happy-dom it is `blob`.
    const parts = JSON.stringify(sent).replace('blob.svg', name.includes('happy') ? 'blob' : 'blob.svg');
    expect(here).toMatchObject(JSON.parse(parts) as typeof sent);
    expect(elsewhere).toStrictEqual([]);
    const shown = 'xhr adapter: bodies, query, paths, CORS, healing';
    recordCompatibility({ section: 'consumers', name, version: readVersion(folder), shown });
  });
});

interface Compilation {
  readonly resolution: string;
  readonly module: string;
  readonly extensions: readonly string[];
}

const compilations: readonly Compilation[] = [
  { resolution: 'node16', module: 'node16', extensions: ['mts', 'cts'] },
  { resolution: 'nodenext', module: 'nodenext', extensions: ['mts', 'cts'] },
  { resolution: 'bundler', module: 'esnext', extensions: ['mts'] },
  // What `module: commonjs` has by default up to TypeScript 5.9: it reads `types` and `typesVersions`, and no `exports`.
  { resolution: 'node10', module: 'commonjs', extensions: ['ts'] },
];
const typescript = join(ownTools, 'typescript');
const compilers = [...['5.0', '5.4', '5.9'].map((version) => join(tools, `typescript-${version}`)), typescript];

/** A program that asks for the types of every subpath of the package, whichever there are. */
function importSubpaths(): string {
  const { exports } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { exports: object };
  const subpaths = Object.keys(exports).filter((subpath) => subpath !== './package.json');
  return subpaths
    .map((subpath, i) => ({ from: `axios-aws4auth${subpath.slice(1)}`, name: `types${String(i)}` }))
    .map(({ from, name }) => `import type * as ${name} from '${from}';\nexport type { ${name} };\n`)
    .join('');
}

/** Compiles what a user would write, with the types of libraries checked, and runs what comes of it. */
async function checkTypes(project: string, compiler: string, compilation: Compilation): Promise<void> {
  const { resolution, module, extensions } = compilation;
  const compilerOptions = {
    ...{ module, moduleResolution: resolution, target: 'es2022', lib: ['es2022', 'dom'], types: [] },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    ...(resolution === 'node10' && compiler === typescript && { ignoreDeprecations: '6.0' }),
  };
  const files = extensions.map((extension) => `consumer.${extension}`);
  for (const file of files) copyFileSync(join(project, 'consumer.ts.txt'), join(project, file));
  const subpathFiles = extensions.map((extension) => `subpaths.${extension}`);
  for (const file of subpathFiles) writeFileSync(join(project, file), importSubpaths());
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: [...files, ...subpathFiles] }),
  );
  await run(project, process.execPath, [join(compiler, 'lib/tsc.js'), '--project', '.']);
  for (const file of files) {
    const printed = await run(project, process.execPath, [file.replace(/ts$/, 'js'), server.origin]);
    const parsed = { scope: '20260101/a/b/aws4_request', region: 'eu-west-1' };
    expect(JSON.parse(printed)).toStrictEqual({ signature: 64, code: 'ERR_ENDPOINT', ...parsed });
  }
  const arrival = { name: 'typed', verdict: 'ok', body: Buffer.from('{"a":"ü"}').toString('latin1') };
  expect(server.takeArrivals()).toMatchObject({ here: files.map(() => arrival) });
}

describe.each(compilers.map((compiler) => ({ compiler, version: readVersion(compiler) })))(
  'TypeScript $version',
  ({ compiler, version }) => {
    it.each(compilations)('accepts it by moduleResolution $resolution', async (compilation) => {
      const { resolution, extensions } = compilation;
      await checkTypes(createProject(`typescript-${version}-${resolution}`), compiler, compilation);
      const withModule = resolution === 'node10' ? 'module commonjs, ' : '';
      const shown = `${withModule}moduleResolution ${resolution}: ${extensions.join(', ')}, without skipLibCheck`;
      recordCompatibility({ section: 'types', name: 'TypeScript', version, shown });
    });
  },
);

it.each(compilations)('the types of axios 1.7 do too, by moduleResolution $resolution', async (compilation) => {
  const axios = join(ownTools, 'axios-1.7');
  const { resolution } = compilation;
  await checkTypes(createProjectWithAxios(`axios-1.7-${resolution}`, axios), typescript, compilation);
  const shown = `its types, by moduleResolution ${resolution}`;
  recordCompatibility({ section: 'axios', name: 'axios', version: readVersion(axios), shown });
});
