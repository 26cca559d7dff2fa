/** The packed tarball with each minor of axios that the peer range begins with, passes through and ends with. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { expectArrivals, expectOutcomes, type Outcomes, type Traits } from './expectations.js';
import { createProjectWithAxios, ownTools, run, tools } from './project.js';
import { startScenarioServer, type ScenarioServer } from './scenario-server.js';

const folders = ['1.7', '1.8', '1.10', '1.12', '1.14', '1.17', ''].map((version) => {
  const name = version === '' ? 'axios' : `axios-${version}`;
  return {
    name,
    folder: [tools, ownTools].map((within) => join(within, name)).find((folder) => existsSync(folder)) ?? '',
  };
});
const traits: Traits = { platform: 'node', redirects: 'signed', hasForms: false };

let server: ScenarioServer;
beforeAll(async () => {
  server = await startScenarioServer();
});
afterAll(() => server.close());

describe.each(folders)('$name', ({ name, folder }) => {
  let project: string;
  beforeAll(() => {
    project = createProjectWithAxios(name, folder);
  });

  it.each([
    ['run.mjs', 'http'],
    ['run.mjs', 'fetch'],
    ['run.cjs', 'http'],
  ])('signs what it sends by %s over the %s adapter', async (script, adapter) => {
    const printed = await run(project, process.execPath, [script, server.origin, adapter]);
    const { axiosVersion, outcomes } = JSON.parse(printed) as { axiosVersion: string; outcomes: Outcomes };
    const arrivals = server.takeArrivals();
    expect(outcomes).toStrictEqual(expectOutcomes(traits));
    expect(arrivals).toMatchObject(expectArrivals(traits));
    const load = script === 'run.cjs' ? 'require' : 'import';
    const shown = `${load}, ${adapter} adapter: bodies, query, redirects`;
    recordCompatibility({ section: 'axios', name: 'axios', version: axiosVersion, shown });
  });
});
