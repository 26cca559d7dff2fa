/** Browsers as Debian has them, each opened once on a page that reports by itself; none of them leaves this machine. */
import { execFileSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRawServer, type RawResponse, type ReceivedRequest } from 'strict-sigv4-verifier';
import { NOWHERE, chromium, startBrowser, startChromium, stopBrowser } from '../stand-ins/browser-process.js';
import type { Outcomes } from './expectations.js';

export interface Browser {
  readonly title: string;
  readonly program: string;
  /** Debian's package, whose version is the browser's. */
  readonly package: string;
  /** Opens a page, with files of its own in a folder; gives what has to be stopped. */
  readonly open: (url: string, folder: string) => Promise<readonly ChildProcess[]>;
}

const firefoxPreferences = {
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'datareporting.policy.dataSubmissionEnabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'browser.startup.homepage_override.mstone': 'ignore',
};

/** A display for a browser that has no headless mode; resolves to its name. */
function startDisplay(): Promise<readonly [display: string, server: ChildProcess]> {
  const options: SpawnOptions = { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] };
  const server = startBrowser('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp'], options);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.stdio[3]?.once('data', (number: Buffer) => {
      resolve([`:${number.toString().trim()}`, server]);
    });
  });
}

const miniBrowser = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

export const browsers: readonly Browser[] = [
  {
    title: 'Chromium',
    program: chromium,
    package: 'chromium',
    open: (url, folder) => Promise.resolve([startChromium(url, folder)]),
  },
  {
    title: 'Firefox',
    program: '/usr/bin/firefox-esr',
    package: 'firefox-esr',
    open: (url, folder) => {
      const lines = Object.entries(firefoxPreferences).map(
        ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
      );
      writeFileSync(join(folder, 'user.js'), lines.join(''));
      const args = ['--headless', '--no-remote', '--profile', folder, url];
      return Promise.resolve([startBrowser('/usr/bin/firefox-esr', args, { env: { ...process.env, HOME: folder } })]);
    },
  },
  {
    title: 'WebKitGTK',
    program: miniBrowser,
    package: 'webkit2gtk-driver',
    open: async (url, folder) => {
      const [display, server] = await startDisplay();
      const env = {
        ...process.env,
        ...{ DISPLAY: display, HOME: folder, XDG_RUNTIME_DIR: folder, http_proxy: `http://${NOWHERE}` },
        ...{ https_proxy: `http://${NOWHERE}`, no_proxy: 'localhost,127.0.0.1' },
        // There is neither a sandbox for root in a container nor a graphics card.
        ...{ WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
        ...{ WEBKIT_DISABLE_DMABUF_RENDERER: '1', LIBGL_ALWAYS_SOFTWARE: '1' },
      };
      return [startBrowser(miniBrowser, [url], { env }), server];
    },
  },
];

export function readBrowserVersion({ package: name }: Browser): string {
  return execFileSync('dpkg-query', ['--show', '--showformat=${Version}', name], { encoding: 'utf8' });
}

/** What came of one round of requests in a browser, and what the servers saw of it. */
export interface Report<Seen> {
  readonly outcomes?: Outcomes;
  readonly error?: string;
  readonly seen: Seen;
}

/** What a page is asked for. */
export interface Rounds {
  /** Where the requests go, by the names that the page has for it. */
  readonly targets: object;
  readonly rounds: readonly object[];
}

const html = `<!doctype html>
<form><input name="field" value="Grüße"><input type="file" name="files"></form>
<script type="module" src="/page.js"></script>`;
// For what does not come, which is how a browser fails.
const LONGEST_MS = 4 * 60_000;

/**
 * Opens a page whose scripts are in a folder, and which makes one round of requests after the other; resolves to a report
 * for each.
 *
 * @param take gives what the servers have seen since the round before
 */
export async function openReportingPage<Seen>(
  browser: Browser,
  folder: string,
  { targets, rounds }: Rounds,
  take: () => Seen,
): Promise<readonly Report<Seen>[]> {
  const reports: Report<Seen>[] = [];
  const waiter: { settle?: (reports: readonly Report<Seen>[]) => void } = {};
  const settled = new Promise<readonly Report<Seen>[]>((resolve, reject) => {
    waiter.settle = resolve;
    setTimeout(() => {
      reject(new Error(`${browser.title} reported ${String(reports.length)} of ${String(rounds.length)} rounds`));
    }, LONGEST_MS).unref();
  });
  const pages = createRawServer(({ target, body }: ReceivedRequest): RawResponse => {
    if (target === '/report') {
      const report = JSON.parse(body.toString('utf8')) as Omit<Report<Seen>, 'seen'>;
      reports.push({ ...report, seen: take() });
      if (reports.length === rounds.length) waiter.settle?.(reports);
      return { status: 204, headers: {} };
    }
    const file = join(folder, target);
    if (target.endsWith('.js') && existsSync(file)) {
      return { status: 200, headers: { 'Content-Type': 'text/javascript' }, body: readFileSync(file) };
    }
    return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: html };
  });
  const { origin } = await pages.start();
  const profile = join(folder, browser.package);
  mkdirSync(profile);
  const options = encodeURIComponent(JSON.stringify({ targets, rounds }));
  const opened = await browser.open(`${origin}/#${options}`, profile);
  try {
    return await settled;
  } finally {
    await stopBrowser(opened, profile);
    await pages.close();
  }
}
