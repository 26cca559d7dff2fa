/** The packed tarball in bundles for Chromium, workerd and Vercel's edge: nothing of Node gets in, and what is signed is what arrives. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { expectArrivals, expectOutcomes, withoutAxios, type Outcomes, type Traits } from './expectations.js';
import { runPage } from './page.js';
import { chromium } from '../stand-ins/browser-process.js';
import { createProject, itWith, runDriver, tools } from './project.js';
import { startScenarioServer, type ScenarioServer } from './scenario-server.js';

const ofPages = {
  fetch: { platform: 'default', redirects: 'refused', hasForms: true },
  xhr: { platform: 'default', redirects: 'replayed', hasForms: true },
} as const;
const bundlers = ['esbuild', 'webpack', 'rollup', 'vite'].flatMap((bundler) => [
  { bundler, page: 'page.mjs' },
  { bundler, page: 'page.cjs' },
]);

let server: ScenarioServer;
let project: string;
beforeAll(async () => {
  server = await startScenarioServer();
  project = createProject('bundles');
});
afterAll(() => server.close());

function expectNothingOfNode(modules: readonly string[]): void {
  const ofNode = /^node:|browser-external|@aws-sdk|@smithy|iconv-lite|platform\.node|polyfill|browserify/;
  expect(modules.filter((path) => ofNode.test(path))).toStrictEqual([]);
  expect(modules).toContainEqual(expect.stringMatching(/axios-aws4auth\/dist\/platform\.default\.c?js$/));
}

/** Both parts of the scenario, as a page or a worker runs them; gives how often the browser asked before. */
function expectScenario(outcomes: Outcomes, traits: Traits): number {
  const { here, elsewhere, preflights } = server.takeArrivals();
  const expected = expectArrivals(traits);
  expect(outcomes).toStrictEqual({ ...expectOutcomes(traits), 'without-axios': 200 });
  expect(here).toStrictEqual([...expected.here, withoutAxios]);
  expect(elsewhere).toStrictEqual(expected.elsewhere);
  return preflights;
}

async function bundle(bundler: string, page: string, file: string): Promise<void> {
  const printed = await runDriver(project, 'bundle.mjs', [bundler, join(project, page), file]);
  const { version, modules, warnings } = JSON.parse(printed) as {
    version: string;
    modules: readonly string[];
    warnings: readonly string[];
  };
  expect(warnings).toStrictEqual([]);
  expectNothingOfNode(modules);
  recordCompatibility({
    section: 'bundlers',
    name: bundler,
    version,
    shown: `${page === 'page.cjs' ? 'require' : 'import'}: for Chromium, nothing of Node in it`,
  });
}

/** Runs the scenario in a page whose scripts are in a folder; resolves to the version of Chromium. */
async function openPage(folder: string, adapter: keyof typeof ofPages): Promise<string> {
  const { version, outcomes } = await runPage(project, folder, { origin: server.origin, adapter });
  // The page is of another origin, so that the browser asks before each request.
  expect(expectScenario(outcomes, ofPages[adapter])).toBeGreaterThan(0);
  return version;
}

const inChromium = itWith(chromium);

describe.each(bundlers)('$bundler of $page', ({ bundler, page }) => {
  let folder: string;
  beforeAll(() => {
    folder = join(project, `${bundler}-${page}`);
    mkdirSync(folder);
  });

  it('takes nothing of Node', async () => {
    await bundle(bundler, page, join(folder, 'page.js'));
  });

  inChromium.each(['fetch', 'xhr'] as const)('signs what Chromium sends by %s', async (adapter) => {
    const version = await openPage(folder, adapter);
    const shown = `${adapter} adapter: bodies, forms, query, CORS, redirects`;
    recordCompatibility({ section: 'runtimes', name: 'Chromium', version, shown });
  });
});

itWith(join(tools, '@cloudflare/workerd-linux-64/bin/workerd'))('workerd signs what it sends', async () => {
  const options = JSON.stringify({ origin: server.origin, adapter: 'fetch' });
  const printed = await runDriver(project, 'workerd.mjs', [join(project, 'worker.mjs'), options]);
  const { version, outcomes, modules } = JSON.parse(printed) as {
    version: string;
    outcomes: Outcomes;
    modules: readonly string[];
  };
  expectNothingOfNode(modules);
  expectScenario(outcomes, { platform: 'default', redirects: 'signed', hasForms: false });
  const shown = 'fetch adapter, without nodejs_compat: bodies, query, redirects, hashes of its own';
  recordCompatibility({ section: 'runtimes', name: 'workerd', version, shown });
});

it("Vercel's edge-runtime signs what it sends", async () => {
  const options = JSON.stringify({ origin: server.origin, adapter: 'fetch' });
  const printed = await runDriver(project, 'edge.mjs', [join(project, 'page.mjs'), options]);
  const { version, outcomes, modules } = JSON.parse(printed) as {
    version: string;
    outcomes: Outcomes;
    modules: readonly string[];
  };
  expectNothingOfNode(modules);
  expectScenario(outcomes, { platform: 'default', redirects: 'signed', hasForms: false });
  const shown = 'fetch adapter: bodies, forms, query, paths, healing, redirects';
  recordCompatibility({ section: 'runtimes', name: "Vercel's edge-runtime", version, shown });
});
