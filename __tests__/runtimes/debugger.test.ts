/** The signature debugger as it is built for the documentation site, in headless Chromium. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRawServer, type RawResponse } from 'strict-sigv4-verifier';
import storeRefusals from '../../fixtures/store-refusals.json';
import suite from '../../fixtures/aws-sigv4-suite.json';
import { changePath, setHeader } from '../stand-ins/changing-proxy.js';
import { judge, signSent, toAnswer, toHttp } from '../stand-ins/pasted-texts.js';
import { codeAlone, stringToSignAlone, tellingForms } from '../stand-ins/refusal-forms.js';
import { temporary } from '../stand-ins/test-server.js';
import { chromium, stopBrowser } from '../stand-ins/browser-process.js';
import { browsers } from './browsers.js';
import { itWith, runDriver } from './project.js';

const folder = mkdtempSync(join(tmpdir(), 'axios-aws4auth-debugger-'));
const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css',
  js: 'text/javascript',
};
const asked: string[] = [];
/** Told of what a probed page reports, which may send nothing: it goes to another page. */
let report: ((found: string) => void) | undefined;
const pages = createRawServer(({ target }): RawResponse => {
  asked.push(target);
  const [, found] = /^\/report\?(.*)$/.exec(target) ?? [];
  if (found !== undefined) {
    report?.(decodeURIComponent(found));
    return { status: 204 };
  }
  const file = join(folder, target === '/debugger/' ? 'index.html' : target.replace('/debugger/', ''));
  if (!target.startsWith('/debugger/') || !existsSync(file)) return { status: 404 };
  return {
    status: 200,
    headers: { 'Content-Type': types[/\w+$/.exec(file)?.[0] ?? ''] ?? '' },
    body: readFileSync(file),
  };
});
const elsewhere = createRawServer(({ target }): RawResponse => {
  asked.push(`elsewhere ${target}`);
  return { status: 200, headers: { 'Access-Control-Allow-Origin': '*' } };
});
let origins: readonly [page: string, elsewhere: string];
beforeAll(async () => {
  execFileSync(process.execPath, [join(__dirname, '../../scripts/build-debugger.mjs'), folder]);
  origins = [`${(await pages.start()).origin}/debugger/`, (await elsewhere.start()).origin];
});
afterAll(async () => {
  await pages.close();
  await elsewhere.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What came of each task. */
async function work<Result>(tasks: readonly object[]): Promise<readonly Result[]> {
  const file = join(folder, 'tasks.json');
  writeFileSync(file, JSON.stringify(tasks));
  const printed = await runDriver(folder, 'debugger.mjs', [chromium, origins[0], file]);
  const { results, failures } = JSON.parse(printed) as { results: Result[]; failures: string[] };
  expect(failures).toStrictEqual([]);
  return results;
}

async function workOnce<Result>(task: object): Promise<Result> {
  const [result] = await work<Result>([task]);
  if (result === undefined) throw new Error('Nothing came of it');
  return result;
}

const test = itWith(chromium);
const OWN_FILES = ['/debugger/', '/debugger/debugger.css', '/debugger/page.js'];

test('the requests of AWS’s suite get the signatures that it publishes', async () => {
  const yes = (value: boolean): string => (value ? 'yes' : 'no');
  const tasks = suite.cases.map(({ request, context }) => ({
    job: 'sign',
    request,
    fields: {
      ...context.credentials,
      region: context.region,
      service: context.service,
      date: context.date,
      signedHeaders: '*, content-length',
      expiresIn: String(context.expirationInSeconds),
    },
    choices: {
      contentSha256Header: yes(context.signBody),
      normalizePath: yes(context.normalize),
      omitSessionToken: yes(context.omitSessionToken),
    },
  }));
  const results = await work<Record<'canonicalRequest' | 'stringToSign' | 'signature' | 'presigned', unknown>>(tasks);
  expect(results).toHaveLength(suite.cases.length);
  for (const [i, { header, query, context }] of suite.cases.entries()) {
    expect(results[i]).toMatchObject({
      canonicalRequest: header.canonicalRequest.split('\n'),
      stringToSign: header.stringToSign.split('\n'),
      signature: header.signature,
      status: `Signed. The signature is ${header.signature}`,
      errors: [],
    });
    // Where it signs the body, the suite's query has an X-Amz-Content-Sha256, which the package sends as a header.
    if (!context.signBody) expect(results[i]?.presigned).toContain(`X-Amz-Signature=${query.signature}`);
  }
});

interface Explained {
  readonly cause: string | undefined;
  readonly summary: string;
  readonly status: string;
  readonly notes: readonly string[];
  readonly lines: readonly string[];
  readonly errors: readonly (readonly [id: string, text: string])[];
  readonly focused: string;
}

test('each form of a 403 gives its cause', async () => {
  const gateway = signSent('execute-api');
  const store = signSent('s3');
  const change = setHeader('Host', 'backend:8080');
  const pasted = Object.entries(tellingForms).map(([name, form], i) => {
    const isStore = name.startsWith('S3');
    const refusal = judge(isStore ? store : gateway, isStore ? 's3' : 'execute-api', change);
    return { job: 'explain', request: toHttp(isStore ? store : gateway), answer: toAnswer(form(refusal), i % 2 === 0) };
  });
  const forms = await work<Explained>(pasted);
  expect(forms).toHaveLength(8);
  for (const { cause, summary, status, lines } of forms) {
    expect(cause).toBe('headers');
    expect(summary).toMatch(/host:backend:8080 where host:h\.example was signed: a proxy, CDN or load balancer/);
    expect(status).toBe(summary);
    expect(lines).toContain('−signedhost:h.example');
    expect(lines).toContain('+seen by the serverhost:backend:8080');
    expect(lines.join('\n')).not.toContain(temporary.sessionToken);
  }

  const toStage = changePath((path) => path.replace('/prod', ''));
  const swift = storeRefusals.refusals.find(
    ({ server, cause }) => server.includes('Swift') && cause === 'wrong region',
  );
  const others = await work<Explained>([
    {
      job: 'explain',
      request: toHttp(store),
      answer: toAnswer(stringToSignAlone(judge(store, 's3', toStage)), true),
    },
    {
      job: 'explain',
      request: toHttp(store),
      answer: toAnswer(codeAlone(judge(store, 's3', change)), true),
      secret: temporary.secretAccessKey,
    },
    { job: 'explain', request: toHttp(store), answer: swift?.body ?? '' },
    { job: 'explain', request: toHttp(store), answer: '<Error><Code>AccessDenied</Code></Error>' },
    { job: 'explain', request: 'GET\n/a\n\nhost:h\n\nhost\nx', answer: 'GET\n/b\n\nhost:h\n\nhost\nx' },
    { job: 'explain', request: 'GET / HTTP/1.1\nHost: h', answer: 'x' },
  ]);
  expect(others.map(({ cause }) => cause)).toStrictEqual(['path', 'unknown', 'scope', undefined, 'path', undefined]);
  expect(others[1]?.notes.join(' ')).toMatch(/The signature is the one that this secret gives/);
  expect(others[3]?.summary).toBe('This answer does not refuse the signature.');
  expect(others[5]).toMatchObject({ errors: [['request-error', expect.any(String)]], focused: 'request' });
});

test('the page sends nothing, and is let send nothing', async () => {
  asked.length = 0;
  const result = await workOnce<{ outcomes: object; blocked: readonly string[]; ran: boolean; base: string }>({
    job: 'tryToSend',
    elsewhere: origins[1],
  });
  expect(asked.toSorted()).toStrictEqual(OWN_FILES);
  expect(result).toMatchObject({
    outcomes: {
      'fetch false': 'TypeError',
      'fetch true': 'TypeError',
      'xhr false': 'TypeError',
      'xhr true': 'TypeError',
    },
    ran: false,
    base: origins[0],
  });
  expect(result.blocked).toStrictEqual(
    expect.arrayContaining(['base-uri', 'connect-src', 'form-action', 'frame-src', 'img-src', 'object-src']),
  );
});

/** Fills in both examples, and goes where it is told what came of them. */
const PROBE = `
const wait = async (selector) => {
  while (document.querySelector(selector) === null) await new Promise((resolve) => setTimeout(resolve, 20));
  return document.querySelector(selector);
};
const probe = async () => {
  document.querySelector('#refusal-example').click();
  const { cause } = (await wait('.verdict')).dataset;
  document.querySelector('#signing-example').click();
  document.querySelector('#signing-form [type=submit]').click();
  const { textContent } = await wait('#stage-signature pre');
  location.href = '/report?' + encodeURIComponent(cause + ' ' + textContent);
};
void probe();`;

for (const browser of browsers.filter(({ program }) => program !== chromium)) {
  itWith(browser.program)(`works in ${browser.title}`, async () => {
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    writeFileSync(join(folder, 'probe.js'), PROBE);
    writeFileSync(join(folder, 'probe.html'), page.replace('</body>', '<script src="probe.js" defer></script></body>'));
    const profile = join(folder, browser.package);
    mkdirSync(profile);
    const reported = new Promise<string>((resolve) => (report = resolve));
    const opened = await browser.open(`${origins[0]}probe.html`, profile);
    try {
      const vanilla = suite.cases.find(({ name }) => name === 'get-vanilla');
      expect(await reported).toBe(`headers ${String(vanilla?.header.signature)}`);
    } finally {
      await stopBrowser(opened, profile);
    }
  });
}

test('nothing that is typed is kept, or stands in the URL', async () => {
  asked.length = 0;
  const nothing = { localStorage: {}, sessionStorage: {}, cookie: '', databases: [], caches: [] };
  const { stored, url, kept } = await workOnce<{ stored: object; url: string; kept: readonly string[] }>({
    job: 'leaveNothing',
  });
  expect(stored).toStrictEqual({ ...nothing, history: [2, null, ''] });
  expect(url).toBe(origins[0]);
  // The method that the form begins with.
  expect(kept).toStrictEqual(['GET']);
  expect([...new Set(asked)].toSorted()).toStrictEqual(OWN_FILES);
});

test('secrets are hidden until they are asked for', async () => {
  const hidden = { type: 'password', keys: Array<string>(4).fill('•'.repeat(16)), text: false };
  const { shown, ...rest } = await workOnce<{ shown: { type: string; keys: readonly string[] } }>({
    job: 'showSecrets',
  });
  expect(rest).toMatchObject({ hidden, again: hidden });
  expect(shown.type).toBe('text');
  for (const key of shown.keys) expect(key).toMatch(/^[\da-f]{64}$/);
});

test('all can be done by the keyboard', async () => {
  const { path, ...rest } = await workOnce<{ path: readonly string[] }>({ job: 'useKeyboard' });
  expect(path.slice(0, 3)).toStrictEqual(['signing-tab', 'refusal-tab', 'signing-tab']);
  expect(path.slice(3)).toStrictEqual(
    expect.arrayContaining(['signing-example', 'signing-clear', 'method', 'url', 'headers', 'body', 'secretAccessKey']),
  );
  expect(rest).toMatchObject({
    shown: true,
    failed: ['url', 'true', expect.stringMatching(/must be absolute/)],
    signature: suite.cases.find(({ name }) => name === 'get-vanilla')?.header.signature,
  });
});

interface Control {
  readonly id: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly hints: readonly string[];
  readonly autocomplete: string | null;
  readonly spellcheck: string | null;
}

test('each field and button has a name, and no field is remembered or looked up', async () => {
  const { controls } = await workOnce<{ controls: readonly Control[] }>({ job: 'listControls' });
  expect(controls.length).toBeGreaterThan(30);
  for (const control of controls) {
    expect(control.name).toMatch(/\w/);
    expect(control.hints).toStrictEqual([]);
    const isTyped = control.kind === 'textarea' || control.kind === 'input';
    if (isTyped) expect(control).toMatchObject({ autocomplete: 'off', spellcheck: 'false' });
  }
  const secrets = controls.filter(({ type }) => type === 'password').map(({ id }) => id);
  expect(secrets).toStrictEqual(['check-secret', 'secretAccessKey', 'sessionToken']);
});

interface Look {
  readonly texts: number;
  readonly pale: readonly string[];
  readonly overflow: number;
}

// SCREENSHOTS names a folder for whoever wants to look.
const screenshots = process.env['SCREENSHOTS'];
const looks = [320, 390, 768, 1280].flatMap((width) => ['light', 'dark'].map((scheme) => ({ width, scheme })));

test('wide and narrow, light and dark, nothing is cut off or pale', async () => {
  const tasks = looks.map(({ width, scheme }) => ({
    job: 'look',
    width,
    scheme,
    ...(screenshots !== undefined && { screenshot: join(screenshots, `${String(width)}-${scheme}`) }),
  }));
  for (const { refusal, signing } of await work<{ refusal: Look; signing: Look }>(tasks)) {
    for (const look of [refusal, signing]) {
      expect(look).toMatchObject({ pale: [], overflow: 0 });
      expect(look.texts).toBeGreaterThan(30);
    }
  }
});
