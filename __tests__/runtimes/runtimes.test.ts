/** The packed tarball in Node, Bun and Deno: what is signed there is what arrives. */
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { expectArrivals, expectOutcomes, withoutAxios, type Outcomes, type Traits } from './expectations.js';
import { createProject, createProjectWithoutDependencies, itWith, run, tools } from './project.js';
import { startScenarioServer, type ScenarioServer } from './scenario-server.js';

interface Runtime {
  readonly name: string;
  readonly program: string;
  readonly args?: readonly string[];
  readonly loads: readonly ('import' | 'require')[];
}

const both = ['import', 'require'] as const;
const runtimes: readonly Runtime[] = [
  ...['20.19', '22', '24', '26'].map((version) => ({
    name: `Node ${version}`,
    program: join(tools, `node-${version}/bin/node`),
    loads: both,
  })),
  { name: 'Bun', program: join(tools, '@oven/bun-linux-x64/bin/bun'), loads: both },
  {
    name: 'Deno',
    program: join(tools, '@deno/linux-x64-glibc/deno'),
    args: ['run', '--allow-all', '--cached-only'],
    loads: ['import'],
  },
];

const traits: Traits = { platform: 'node', redirects: 'signed', hasForms: false };
/** Redirects of the scenario that are signed: the log says so in other words. */
const REDIRECTED = 1;
const extensions = { import: 'mjs', require: 'cjs' } as const;

let server: ScenarioServer;
let project: string;
let projectWithoutDependencies: string;
beforeAll(async () => {
  server = await startScenarioServer();
  project = createProject('runtimes');
  projectWithoutDependencies = createProjectWithoutDependencies('without-dependencies');
});
afterAll(() => server.close());

describe.each(runtimes)('$name', ({ name, program, args = [], loads }) => {
  const itHere = itWith(program);

  describe.each(loads)('by %s', (load) => {
    itHere.each(['http', 'fetch'])('signs what it sends over the %s adapter', async (adapter) => {
      const script = `run.${extensions[load]}`;
      const printed = await run(project, program, [...args, script, server.origin, adapter]);
      const { version, outcomes } = JSON.parse(printed) as { version: string; outcomes: Outcomes };
      const arrivals = server.takeArrivals();
      expect(outcomes).toStrictEqual(expectOutcomes(traits));
      expect(arrivals).toMatchObject(expectArrivals(traits));
      const shown = `${load}, ${adapter} adapter: bodies, query, redirects, node:crypto`;
      recordCompatibility({ section: 'runtimes', name, version, shown });
    });

    itHere('tells stderr of each request under NODE_DEBUG, and of none without it', async () => {
      const script = `run.${extensions[load]}`;
      const readErrors = (env: Readonly<Record<string, string>>): Promise<string> => {
        const command = [program, ...args, script, server.origin, 'http'];
        return run(project, '/bin/sh', ['-c', '"$@" 2>&1 >/dev/null', 'sh', ...command], env);
      };
      expect(await readErrors({})).not.toContain('AXIOS-AWS4AUTH');
      const told = await readErrors({ NODE_DEBUG: 'axios-aws4auth' });
      const signed = told.match(
        /^AXIOS-AWS4AUTH \d+: (?:GET|POST|PUT) http\S+: signed (?:with SigV4a )?for the service execute-api \(/gm,
      );
      const { here } = server.takeArrivals();
      expect(signed ?? []).toHaveLength(here.length / 2 - REDIRECTED);
    });

    itHere('signs by axios-aws4auth/sigv4 where there is neither axios nor @noble/hashes', async () => {
      const script = `without-axios.${extensions[load]}`;
      const printed = await run(projectWithoutDependencies, program, [...args, script, server.origin]);
      expect(JSON.parse(printed)).toStrictEqual({ outcomes: { 'without-axios': 200 } });
      expect(server.takeArrivals().here).toStrictEqual([withoutAxios]);
    });
  });
});
