/** Pages in Chromium, Firefox and WebKit, against servers that verify, and whose CORS answers allow what AWS's own lists allow. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { headerValues, type VerifyingServer } from 'strict-sigv4-verifier';
import { recordCompatibility } from '../compatibility.js';
import { createServer } from '../stand-ins/test-server.js';
import { browsers, openReportingPage, readBrowserVersion, type Report } from './browsers.js';
import { runPage } from './page.js';
import { chromium } from '../stand-ins/browser-process.js';
import { createProject, itWith, runDriver } from './project.js';

// aws-cdk-lib 2, aws-apigateway/lib/cors.ts: what `defaultCorsPreflightOptions` allows.
const CDK_DEFAULT_HEADERS = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
  'X-Amz-User-Agent',
];
const CDK_ALL_METHODS = ['OPTIONS', 'GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD'];

/** A server that verifies, and answers a browser's question with these headers and no others. */
function createCorsServer(service: string, allowed: readonly string[]): VerifyingServer {
  return createServer({
    service,
    requireContentSha256: service === 's3',
    allowUnsignedPayload: true,
    ...(service === 's3' && { pathEncoding: 'single', normalizePath: false }),
    respond: ({ method }, verdict) => {
      const headers = { 'Access-Control-Allow-Origin': '*' };
      if (method !== 'OPTIONS') return { status: verdict.ok ? 200 : 403, headers };
      return {
        status: 204,
        headers: {
          ...headers,
          'Access-Control-Allow-Headers': allowed.join(','),
          'Access-Control-Allow-Methods': CDK_ALL_METHODS.join(','),
        },
      };
    },
  });
}

/** What arrived besides the browser's questions: the name of each, the verdict, and whether it had the header. */
function describeArrivals({ verifications }: VerifyingServer, from: number): readonly (readonly unknown[])[] {
  return verifications
    .slice(from)
    .filter(({ request }) => request.method !== 'OPTIONS')
    .map(({ request, verdict }) => [
      request.target.split(/[/?]/)[1],
      verdict.ok ? 'ok' : verdict.code,
      headerValues(request.headers, 'x-amz-content-sha256').length,
    ]);
}

const gateway = createCorsServer('execute-api', CDK_DEFAULT_HEADERS);
const store = createCorsServer('s3', [...CDK_DEFAULT_HEADERS, 'X-Amz-Content-Sha256']);
let origins: { readonly gateway: string; readonly store: string };
let project: string;
let folder: string;
beforeAll(async () => {
  const [{ origin: ofGateway }, { origin: ofStore }] = await Promise.all([gateway.start(), store.start()]);
  origins = { gateway: ofGateway, store: ofStore };
  project = createProject('cors');
  folder = join(project, 'bundled');
  mkdirSync(folder);
  await runDriver(project, 'bundle.mjs', ['esbuild', join(project, 'cors-page.mjs'), join(folder, 'page.js')]);
});
afterAll(async () => {
  await Promise.all([gateway.close(), store.close()]);
  expect([...gateway.failures, ...store.failures]).toStrictEqual([]);
});

const ofGateway = ['get', 'head', 'json', 'put', 'patch', 'delete', 'form', 'blob', 'api-key', 'without-header'];
const ofStore = ['store-get', 'store-put', 'store-unsigned'];
const expectedOutcomes = {
  ...Object.fromEntries([...ofGateway, ...ofStore].map((name) => [name, 200])),
  // What asks for the header is blocked by the browser: the server does hold to the list.
  'with-header': 'ERR_NETWORK',
  unsigned: 'ERR_NETWORK',
  'store-without-header': 'ERR_INVALID_OPTION',
};
const expectArrivals = (names: readonly string[], headers: number) => names.map((name) => [name, 'ok', headers]);
const SHOWN = "API Gateway's requests are let through; S3's, where the list names X-Amz-Content-Sha256";

itWith(chromium).each(['fetch', 'xhr'])("the CDK's list is enough over the %s adapter", async (adapter) => {
  const counts = [gateway, store].map(({ requests }) => requests.length);
  const { version, outcomes } = await runPage(project, folder, { ...origins, adapter });
  expect(outcomes).toStrictEqual(expectedOutcomes);
  expect(describeArrivals(gateway, counts[0] ?? 0)).toStrictEqual(expectArrivals(ofGateway, 0));
  expect(describeArrivals(store, counts[1] ?? 0)).toStrictEqual(expectArrivals(ofStore, 1));
  const shown = `${adapter} adapter: ${SHOWN}`;
  recordCompatibility({ section: 'runtimes', name: "Chromium with CDK's CORS list", version, shown });
});

// axios's fetch adapter sets a User-Agent of its own, which these browsers send, and ask for.
const rounds = [{ adapter: 'xhr' }, { adapter: 'fetch' }, { adapter: 'fetch', headers: { 'User-Agent': false } }];
const others = browsers.filter(({ title }) => title !== 'Chromium');

describe.each(others)('$title', (browser) => {
  let reports: readonly Report<readonly (readonly (readonly unknown[])[])[]>[];
  beforeAll(async () => {
    if (!existsSync(browser.program)) return;
    const bundled = join(project, browser.package);
    mkdirSync(bundled);
    await runDriver(project, 'bundle.mjs', [
      'esbuild',
      join(project, 'cors-reporting-page.mjs'),
      join(bundled, 'page.js'),
    ]);
    let counts = [gateway, store].map(({ verifications }) => verifications.length);
    reports = await openReportingPage(browser, bundled, { targets: origins, rounds }, () => {
      const seen = [gateway, store].map((server, i) => describeArrivals(server, counts[i] ?? 0));
      counts = [gateway, store].map(({ verifications }) => verifications.length);
      return seen;
    });
  });

  itWith(browser.program).each([
    ['xhr adapter', '', 0],
    ['fetch adapter', "with axios's User-Agent left out, ", 2],
  ])("the CDK's list is enough over the %s %s", (title, how, round) => {
    const { outcomes, seen } = reports[round] ?? {};
    expect(outcomes).toStrictEqual(expectedOutcomes);
    expect(seen).toStrictEqual([expectArrivals(ofGateway, 0), expectArrivals(ofStore, 1)]);
    const shown = `${title}: ${how}${SHOWN}`;
    const name = `${browser.title} with CDK's CORS list`;
    recordCompatibility({ section: 'runtimes', name, version: readBrowserVersion(browser), shown });
  });

  itWith(browser.program)('it is not over the fetch adapter, unless axios is told to send no User-Agent', () => {
    const [, { outcomes, seen } = {}] = reports;
    const blocked = [...ofGateway, ...ofStore].map((name) => [name, 'ERR_NETWORK']);
    expect(outcomes).toStrictEqual({ ...expectedOutcomes, ...Object.fromEntries(blocked) });
    expect(seen).toStrictEqual([[], []]);
  });
});
