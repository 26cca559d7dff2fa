/** The packed tarball in Chromium, Firefox and WebKit: in a page, a worker and a service worker, by xhr and by fetch. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { recordCompatibility } from '../compatibility.js';
import { browsers, openReportingPage, readBrowserVersion, type Report } from './browsers.js';
import { expectArrivals, expectOutcomes, withoutAxios, type Traits } from './expectations.js';
import { createProject, itWith, runDriver } from './project.js';
import { startScenarioServer, type Arrivals } from './scenario-server.js';

// A service worker has no XMLHttpRequest.
const places = [
  { place: 'page', adapter: 'xhr' },
  { place: 'page', adapter: 'fetch' },
  { place: 'worker', adapter: 'xhr' },
  { place: 'worker', adapter: 'fetch' },
  { place: 'service worker', adapter: 'fetch' },
] as const;

/** All of them at once: each waits for most of the time. */
const reports = new Map<string, Promise<readonly Report<Arrivals>[]>>();
beforeAll(async () => {
  const project = createProject('browsers');
  const folder = join(project, 'bundled');
  mkdirSync(folder);
  await runDriver(project, 'bundle.mjs', ['esbuild', join(project, 'reporting-page.mjs'), join(folder, 'page.js')]);
  await runDriver(project, 'bundle.mjs', ['esbuild', join(project, 'reporting-worker.mjs'), join(folder, 'worker.js')]);
  for (const browser of browsers) {
    if (!existsSync(browser.program)) continue;
    const reporting = startScenarioServer().then((server) =>
      openReportingPage(
        browser,
        folder,
        { targets: { origin: server.origin }, rounds: places },
        server.takeArrivals,
      ).finally(() => server.close()),
    );
    // A failure is the tests' to report.
    reporting.catch(() => undefined);
    reports.set(browser.title, reporting);
  }
});

describe.each(browsers)('$title', (browser) => {
  itWith(browser.program).each(places.map((each, i) => ({ ...each, i })))(
    'signs what it sends from a $place by $adapter',
    async ({ place, adapter, i }) => {
      const traits: Traits = {
        platform: 'default',
        redirects: adapter === 'xhr' ? 'replayed' : 'refused',
        hasForms: place === 'page',
      };
      const report = (await reports.get(browser.title))?.[i];
      expect(report?.error).toBeUndefined();
      expect(report?.outcomes).toStrictEqual({ ...expectOutcomes(traits), 'without-axios': 200 });
      const { here, elsewhere } = expectArrivals(traits);
      expect(report?.seen.here).toStrictEqual([...here, withoutAxios]);
      expect(report?.seen.elsewhere).toStrictEqual(elsewhere);
      // The page is of another origin, so that the browser asks first, and remembers the answers.
      if (i === 0) expect(report?.seen.preflights).toBeGreaterThan(0);
      recordCompatibility({
        section: 'runtimes',
        name: `${browser.title}, in a ${place}`,
        version: readBrowserVersion(browser),
        shown: `${adapter} adapter: bodies, forms, query, paths, CORS, healing, redirects`,
      });
    },
  );
});
