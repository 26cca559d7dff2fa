/**
 * The packed tarball in React Native: found by Metro's defaults of several versions, and run with React Native's own
 * JavaScript in the shells of its engines, where native modules are stood in for.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { expectArrivals, expectOutcomes, withoutAxios, type Outcomes, type Traits } from './expectations.js';
import { createProject, itWith, runDriver, tools } from './project.js';
import { startScenarioServer, type ScenarioServer } from './scenario-server.js';

interface Engine {
  readonly name: 'hermes' | 'jsc';
  readonly title: string;
  readonly program: string;
  readonly readVersion: () => string;
}

const readVersionOf = (folder: string): string => {
  const { version } = JSON.parse(readFileSync(join(tools, folder, 'package.json'), 'utf8')) as { version: string };
  return version;
};

const engines: readonly Engine[] = [
  {
    name: 'hermes',
    title: 'Hermes',
    program: join(tools, 'hermes-engine-cli/linux64-bin/hermes'),
    readVersion: () => readVersionOf('hermes-engine-cli'),
  },
  {
    name: 'jsc',
    title: 'JavaScriptCore',
    // Debian's libjavascriptcoregtk-4.0-bin.
    program: '/usr/bin/jsc',
    readVersion: () => {
      const args = ['--show', '--showformat=${Version}', 'libjavascriptcoregtk-4.0-bin'];
      return execFileSync('dpkg-query', args, { encoding: 'utf8' });
    },
  },
];

const newest = '@react-native/metro-config';
const configs = ['metro-config-0.73', 'metro-config-0.76', 'metro-config-0.78', newest];

let server: ScenarioServer;
let project: string;
beforeAll(async () => {
  server = await startScenarioServer();
  project = createProject('react-native');
});
afterAll(() => server.close());

/** Bundles an entry as the React Native of a configuration does; resolves to the version of Metro. */
async function bundle(config: string, entry: string, file: string): Promise<string> {
  const printed = await runDriver(project, 'metro.mjs', [config, join(project, entry), file]);
  const { version, modules } = JSON.parse(printed.slice(printed.lastIndexOf('@@') + 2)) as {
    version: string;
    modules: readonly string[];
  };
  const own = [...new Set(modules)].filter((path) => path.includes('/axios-aws4auth/dist/'));
  const name = (path: string): string => path.replace(/^.*\/dist\/|-[\w-]{8}(?=\.c?js$)|\.c?js$/g, '');
  expect(own.map(name)).toContain('platform.default');
  expect(modules.filter((path) => /platform\.node|@aws-sdk|iconv-lite/.test(path))).toStrictEqual([]);
  // One file of each kind: not the ES modules beside the CommonJS.
  expect(new Set(own.map(name)).size).toBe(own.length);
  return version;
}

async function runInEngine({ name, program }: Engine, file: string, options?: object): Promise<unknown> {
  const args = [name, program, file, ...(options === undefined ? [] : [JSON.stringify(options)])];
  return JSON.parse(await runDriver(project, 'native.mjs', args));
}

describe.each(configs)('Metro by the defaults of %s', (config) => {
  const version = readVersionOf(config);
  const minor = version.replace(/\.\d+$/, '');
  let file: string;
  beforeAll(() => {
    file = join(project, `entries-${minor}.js`);
  });

  it('finds the package, its subpaths and its platform, once each', async () => {
    const metro = await bundle(config, 'native-entries.mjs', file);
    const shown = 'import: by its defaults, every subpath, one copy, nothing of Node in it';
    recordCompatibility({ section: 'bundlers', name: `Metro, of React Native ${minor}`, version: metro, shown });
  });

  it.each(engines)('makes what signs in $title', async (engine) => {
    if (!existsSync(engine.program) && process.env['CI'] !== 'true') return;
    expect(await runInEngine(engine, file)).toMatchObject({
      isOneCopy: true,
      kinds: ['function', 'function'],
      data: expect.stringContaining('Credential=AKIDEXAMPLE/20260101/eu-west-1/execute-api/aws4_request'),
      signed: true,
      signedForRegions: expect.stringMatching(/^AWS4-ECDSA-P256-SHA256 .* Signature=30[0-9a-f]+$/),
    });
  });
});

/** Native code follows redirects by itself, with the first request's headers. */
const traits: Traits = { platform: 'default', redirects: 'replayed', hasForms: false };

/**
 * React Native has no streams, and takes no bytes for a Blob; Blobs and URLSearchParams axios sends there as JSON. Its
 * native code, not its JavaScript, frames forms with Blobs.
 */
const NOT_IN_NATIVE = ['url-search-params', 'blob', 'file', 'web-stream', 'form-data'];
const ofNative: Outcomes = {
  'text-form': 200,
  'uri-file': 'ERR_UNSUPPORTED_BODY',
  'upper-case-host': 200,
  checksum: 200,
  'query-signed': 200,
};

describe("React Native's own JavaScript", () => {
  const outcomes: Outcomes = {
    ...Object.fromEntries(Object.entries(expectOutcomes(traits)).filter(([name]) => !NOT_IN_NATIVE.includes(name))),
    ...ofNative,
  };
  const chosen = [...Object.keys(outcomes), 'dot-segments'];
  let file: string;
  beforeAll(async () => {
    file = join(project, 'native.js');
    await bundle(newest, 'native.cjs', file);
  });

  describe.each(engines)('in $title', (engine) => {
    itWith(engine.program).each([
      ['its own URL', false, 'ERR_RUNTIME'],
      ['react-native-url-polyfill', true, 200],
    ])('signs what native code sends, with %s', async (url, polyfill, dotSegments) => {
      const printed = await runInEngine(engine, file, { origin: server.origin, polyfill, chosen });
      const { here, elsewhere } = server.takeArrivals();
      expect(printed).toStrictEqual({ outcomes: { ...outcomes, 'dot-segments': dotSegments, 'without-axios': 200 } });
      const expected = expectArrivals(traits);
      const sent = expected.here.filter(({ name }) => !NOT_IN_NATIVE.includes(name));
      const arrivals = here.filter(({ name }) => sent.some((arrival) => arrival.name === name));
      expect(arrivals).toStrictEqual(sent);
      expect(here[0]).toStrictEqual(withoutAxios);
      const others = here.slice(1).filter((arrival) => !arrivals.includes(arrival));
      expect(others.map(({ name, verdict }) => [name, verdict])).toStrictEqual([
        ['text-form', 'ok'],
        ['upper-case-host', 'ok'],
        ['checksum', 'ok'],
        ['query-signed', 'ok'],
        ...(polyfill ? [['dot-segments', 'ok']] : []),
      ]);
      expect(elsewhere).toStrictEqual(expected.elsewhere);
      recordCompatibility({
        section: 'runtimes',
        name: `React Native's JavaScript in ${engine.title}`,
        version: `${readVersionOf('react-native')} in ${engine.readVersion()}`,
        shown: `xhr adapter: with ${url}, bodies, forms of texts, query, paths, healing; native modules are stood in for`,
      });
    });
  });
});
