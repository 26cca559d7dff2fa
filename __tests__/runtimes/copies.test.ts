/** Several copies of the package and of axios in one process: by import, by require, and of another installation. */
import { join } from 'node:path';
import { createProject, installStrictly, ownTools, run } from './project.js';
import { startScenarioServer, type ScenarioServer } from './scenario-server.js';

interface Facts {
  readonly areCopies: number;
  readonly areAxioses: number;
  readonly statuses: Readonly<Record<string, unknown>>;
  readonly sealed: readonly unknown[];
  readonly error: unknown;
  readonly hasOneClock: boolean;
  readonly dates: readonly string[];
  readonly keys: Readonly<Record<string, string>>;
}

let server: ScenarioServer;
let facts: Facts;
let arrivals: ReturnType<ScenarioServer['takeArrivals']>;
beforeAll(async () => {
  server = await startScenarioServer();
  const project = createProject('copies');
  installStrictly(join(project, 'other'), join(ownTools, 'axios-1.7'));
  facts = JSON.parse(await run(project, process.execPath, ['copies.mjs', server.origin])) as Facts;
  arrivals = server.takeArrivals();
});
afterAll(() => server.close());

it('are three of the package, and two or three of axios', () => {
  expect(facts.areCopies).toBe(3);
  expect(facts.areAxioses).toBeGreaterThanOrEqual(2);
});

it('sign over each axios, alone and together, once for each request', () => {
  const sent = Object.keys(facts.statuses);
  expect(sent).toHaveLength(15);
  expect(Object.values(facts.statuses)).toStrictEqual(sent.map(() => 200));
  const sealed = facts.sealed.map(() => 'sealed');
  expect(arrivals.here.map(({ name, verdict }) => `${name} ${verdict}`)).toStrictEqual(
    [...sent.map((name) => name.split(':')[0]), ...sealed].map((name) => `${String(name)} ok`),
  );
});

it('read the options that another copy has sealed', () => {
  expect(facts.sealed).toStrictEqual([200, 200]);
});

it('have errors whose name and code hold, and a class of their own', () => {
  expect(facts.error).toStrictEqual({
    name: 'EndpointError',
    code: 'ERR_ENDPOINT',
    isOfItsCopy: true,
    isOfOther: false,
  });
});

it('have one default clock', () => {
  expect(facts.hasOneClock).toBe(true);
  expect(facts.dates).toStrictEqual(Array(3).fill('20260101T120000Z'));
});

it('take a signing key of their own copy alone', () => {
  expect(facts.keys).toStrictEqual({
    imported: 'ERR_INVALID_OPTION',
    required: 'taken',
    other: 'ERR_INVALID_OPTION',
  });
});
