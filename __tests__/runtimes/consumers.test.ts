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

const jestFolder = join(ownTools, 'jest');
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
  {
    name: 'jest, CommonJS',
    folder: jestFolder,
    node: process.execPath,
    args: [join(jestFolder, 'bin/jest.js'), ...jestArgs('jest.test.cjs')],
    env: {},
  },
  {
    name: 'jest, ES modules',
    folder: jestFolder,
    node: process.execPath,
    args: [join(jestFolder, 'bin/jest.js'), ...jestArgs('jest.test.mjs')],
    env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  },
  {
    name: 'vitest',
    folder: join(tools, 'vitest'),
    node: newerNode,
    args: [join(tools, 'vitest/vitest.mjs'), 'run', 'vitest.test.mjs'],
    env: {},
  },
];

const readVersion = (folder: string): string => {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return version;
};

describe.each(runners)('$name', ({ name, folder, node, args, env }) => {
  itWith(node)('signs what it sends', async () => {
    const project = createProject(name.replace(/\W+/g, '-'));
    linkTool(project, 'vitest');
    const outcomes = JSON.stringify(expectOutcomes(traits));
    await run(project, node, args, { ORIGIN: server.origin, OUTCOMES: outcomes, ...env });
    const { here, elsewhere } = expectArrivals(traits);
    expect(server.takeArrivals()).toMatchObject({
      here: [...here, ...here, withoutAxios],
      elsewhere: [...elsewhere, ...elsewhere],
    });
    const shown = 'http and fetch adapters, and without axios: bodies, query, redirects';
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
];
const typescript = join(ownTools, 'typescript');
const compilers = [join(tools, 'typescript-5.0'), join(tools, 'typescript-5.9'), typescript];

/** Compiles what a user would write, with the types of libraries checked, and runs what comes of it. */
async function checkTypes(project: string, compiler: string, compilation: Compilation): Promise<void> {
  const { resolution, module, extensions } = compilation;
  const compilerOptions = {
    ...{ module, moduleResolution: resolution, target: 'es2022', lib: ['es2022', 'dom'], types: [] },
    ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
  };
  const files = extensions.map((extension) => `consumer.${extension}`);
  for (const file of files) copyFileSync(join(project, 'consumer.ts.txt'), join(project, file));
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await run(project, process.execPath, [join(compiler, 'lib/tsc.js'), '--project', '.']);
  for (const file of files) {
    const printed = await run(project, process.execPath, [file.replace('ts', 'js'), server.origin]);
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
      const shown = `moduleResolution ${resolution}: ${extensions.join(', ')}, without skipLibCheck`;
      recordCompatibility({ section: 'consumers', name: 'TypeScript', version, shown });
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
