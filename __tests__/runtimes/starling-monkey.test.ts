/**
 * The packed tarball in StarlingMonkey, the engine of Fastly's family, as a WebAssembly component. By hand: what makes one
 * takes 400 MB; CONTRIBUTING.md says how, and when it last held.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectArrivals, expectOutcomes, withoutAxios, type Traits } from './expectations.js';
import { createProject, newerNode, run, runDriver } from './project.js';
import { startScenarioServer, type ScenarioServer } from './scenario-server.js';

/** Where @bytecodealliance/componentize-js and @bytecodealliance/jco are installed. */
const folder = process.env['STARLING_MONKEY'];
const itByHand = folder === undefined ? it.skip : it;
const traits: Traits = { platform: 'default', redirects: 'signed', hasForms: false };

let server: ScenarioServer;
beforeAll(async () => {
  server = await startScenarioServer();
});
afterAll(() => server.close());

itByHand('signs what it sends (by hand: 400 MB, see CONTRIBUTING.md)', async () => {
  const installed = folder ?? '';
  const project = createProject('starling-monkey');
  const bundle = join(project, 'component.js');
  await runDriver(project, 'bundle.mjs', ['esbuild', join(project, 'starling-monkey.mjs'), bundle]);
  copyFileSync(join(__dirname, 'drivers/starling-monkey.mjs'), join(installed, 'starling-monkey.mjs'));
  const args = ['--experimental-wasm-jspi', 'starling-monkey.mjs', bundle, JSON.stringify({ origin: server.origin })];
  const printed = await run(installed, newerNode, args);
  expect(JSON.parse(printed)).toStrictEqual({ ...expectOutcomes(traits), 'without-axios': 200 });
  const { here, elsewhere } = server.takeArrivals();
  const expected = expectArrivals(traits);
  // axios does not know this engine's URLSearchParams, and makes JSON of them.
  const sent = expected.here.map((arrival) =>
    arrival.name === 'url-search-params' ? { ...arrival, body: '{}' } : arrival,
  );
  expect(here).toStrictEqual([...sent, withoutAxios]);
  expect(elsewhere).toStrictEqual(expected.elsewhere);
});
