/**
 * Works with the signature debugger in headless Chromium as a user does: `node debugger.mjs EXECUTABLE PAGE TASKS`, where
 * TASKS is a file of JSON. Prints what came of each task.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { chromium } from 'playwright-core';

const [, , executablePath, page, file] = process.argv;

/** What is done with the page, by the name that a task gives. */
const jobs = {
  /** Pastes a refusal. */
  async explain(tab, { request, answer, secret = '' }) {
    await tab.click('#refusal-clear');
    await tab.fill('#request', request);
    await tab.fill('#answer', answer);
    await tab.fill('#check-secret', secret);
    await tab.click('#refusal-form [type=submit]');
    await tab.locator('#refusal-result:not([hidden]), #refusal-form .error:not([hidden])').first().waitFor();
    return tab.evaluate(() => ({
      cause: document.querySelector('.verdict')?.dataset.cause,
      summary: document.querySelector('.summary')?.textContent,
      status: document.querySelector('#status').textContent,
      notes: Array.from(document.querySelectorAll('.notes li'), (note) => note.textContent),
      lines: Array.from(document.querySelectorAll('.diff tr'), (row) => row.textContent),
      errors: Array.from(document.querySelectorAll('.error:not([hidden])'), ({ id, textContent }) => [id, textContent]),
      focused: document.activeElement.id,
    }));
  },

  /** Pastes a request into the form, types what is not in it, and signs. */
  async sign(tab, { request, fields, choices }) {
    await tab.click('#signing-tab');
    await tab.click('#signing-clear');
    await tab.click('details.paste:not([open]) summary');
    await tab.fill('#pasted', request);
    await tab.click('#fill-in');
    if (!(await tab.isVisible('#expiresIn'))) await tab.click('details:not(.paste) summary');
    for (const [name, value] of Object.entries(fields)) await tab.fill(`#${name}`, value);
    for (const [name, value] of Object.entries(choices)) await tab.selectOption(`#${name}`, value);
    await tab.click('#signing-form [type=submit]');
    return tab.evaluate(() => ({
      canonicalRequest: Array.from(
        document.querySelectorAll('#stage-canonical-request td'),
        (cell) => cell.textContent,
      ),
      stringToSign: Array.from(document.querySelectorAll('#stage-string-to-sign td'), (cell) => cell.textContent),
      signature: document.querySelector('#stage-signature pre')?.textContent,
      presigned: document.querySelector('#stage-presigned pre')?.textContent,
      status: document.querySelector('#status').textContent,
      errors: Array.from(document.querySelectorAll('.error:not([hidden])'), ({ id, textContent }) => [id, textContent]),
      focused: document.activeElement.id,
    }));
  },

  /** Fills in both examples, and says what is left of them anywhere but on the page. */
  async leaveNothing(tab) {
    await fillInExamples(tab);
    await tab.fill('#sessionToken', 'hidden-token');
    await tab.click('#signing-form [type=submit]');
    const stored = await tab.evaluate(async () => ({
      localStorage: { ...localStorage },
      sessionStorage: { ...sessionStorage },
      cookie: document.cookie,
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      history: [history.length, history.state, window.name],
    }));
    const url = tab.url();
    await tab.reload();
    const kept = await tab.evaluate(() =>
      Array.from(document.querySelectorAll('input, textarea'), ({ value }) => value).filter((value) => value !== ''),
    );
    return { stored, url, kept };
  },

  /** Tries all ways out of the page; gives what the policy was asked, and what came of each. */
  async tryToSend(tab, { elsewhere }) {
    await fillInExamples(tab);
    return tab.evaluate(async (other) => {
      const blocked = [];
      document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
      const add = (name, fields) => document.body.append(Object.assign(document.createElement(name), fields));
      const outcomes = {};
      const attempt = async (name, send) => {
        try {
          await send();
          outcomes[name] = 'sent';
        } catch (error) {
          outcomes[name] = error.name;
        }
      };
      for (const url of [new URL('/stolen', location.href).href, `${other}/stolen`]) {
        await attempt(`fetch ${url === `${other}/stolen`}`, () => fetch(url, { method: 'POST', body: 'x' }));
        add('img', { src: url });
        add('iframe', { src: url });
        // From where its own scripts come, a browser lets a page prefetch.
        if (url.startsWith(other)) add('link', { rel: 'prefetch', href: url });
        add('object', { data: url });
        add('video', { src: url });
        add('form', { action: url, method: 'post', target: '_blank' });
        document.body.lastChild.submit();
        navigator.sendBeacon(url, 'x');
        const request = new XMLHttpRequest();
        request.open('POST', url);
        await attempt(`xhr ${url === `${other}/stolen`}`, () => {
          request.send('x');
          return new Promise((resolve, reject) => {
            request.onload = resolve;
            request.onerror = () => reject(new TypeError());
          });
        });
        for (const open of [
          () => new EventSource(url),
          () => new WebSocket(url.replace('http', 'ws')),
          () => new Worker(url),
        ]) {
          try {
            open();
          } catch {
            // Refused at once.
          }
        }
      }
      add('script', { src: `${other}/stolen` });
      add('script', { textContent: 'window.ran = true' });
      add('base', { href: other });
      await new Promise((resolve) => setTimeout(resolve, 500));
      return { blocked: [...new Set(blocked)].sort(), outcomes, ran: 'ran' in window, base: document.baseURI };
    }, elsewhere);
  },

  /** Goes through the page by the keyboard alone. */
  async useKeyboard(tab) {
    const path = [];
    const press = async (key) => {
      await tab.keyboard.press(key);
      path.push(await tab.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim()));
    };
    await tab.focus('#refusal-tab');
    await press('ArrowRight');
    const shown = await tab.isVisible('#signing-panel');
    await press('Home');
    await press('End');
    for (let i = 0; i < 24; i++) await press('Tab');
    await tab.focus('#signing-example');
    await tab.keyboard.press('Enter');
    await tab.focus('#url');
    await tab.keyboard.press('Control+A');
    await tab.keyboard.type('/no-url');
    await tab.keyboard.press('Enter');
    const failed = await tab.evaluate(() => [
      document.activeElement.id,
      document.activeElement.getAttribute('aria-invalid'),
      document.querySelector('#url-error').textContent,
    ]);
    await tab.keyboard.press('Control+A');
    await tab.keyboard.type('https://example.amazonaws.com/');
    await tab.keyboard.press('Enter');
    return { path, shown, failed, signature: await tab.textContent('#stage-signature pre') };
  },

  /** What a screen reader has of each field and button. */
  async listControls(tab) {
    await fillInExamples(tab);
    const controls = await tab.evaluate(() =>
      Array.from(document.querySelectorAll('input, textarea, select, button'), (control) => ({
        id: control.id,
        kind: control.localName,
        type: control.type,
        name: control.labels?.[0]?.textContent.trim() || control.ariaLabel || control.textContent.trim(),
        hints: (control.getAttribute('aria-describedby') ?? '')
          .split(' ')
          .filter((id) => id !== '' && document.getElementById(id) === null),
        autocomplete: control.getAttribute('autocomplete'),
        spellcheck: control.getAttribute('spellcheck'),
      })),
    );
    return { controls };
  },

  /** Shows and hides what is secret. */
  async showSecrets(tab) {
    await fillInExamples(tab);
    const look = () =>
      tab.evaluate(() => ({
        type: document.querySelector('#secretAccessKey').type,
        keys: Array.from(document.querySelectorAll('#stage-key code'), ({ textContent }) => textContent).slice(1),
        text: document.body.innerText.includes('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'),
      }));
    const hidden = await look();
    await tab.click('[data-shows=secretAccessKey]');
    await tab.click('#show-keys');
    const shown = await look();
    await tab.click('[data-shows=secretAccessKey]');
    await tab.click('#show-keys');
    return { hidden, shown, again: await look() };
  },

  /** How the page looks with both examples: what is wider than the screen, and what has too little contrast. */
  async look(tab, { screenshot }) {
    await tab.click('#refusal-example');
    await tab.locator('.verdict').waitFor();
    const refusal = await tab.evaluate(measure);
    if (screenshot !== undefined) await tab.screenshot({ path: `${screenshot}-refusal.png`, fullPage: true });
    await tab.click('#signing-tab');
    await tab.click('#signing-example');
    const signing = await tab.evaluate(measure);
    if (screenshot !== undefined) await tab.screenshot({ path: `${screenshot}-signing.png`, fullPage: true });
    return { refusal, signing };
  },
};

async function fillInExamples(tab) {
  await tab.click('#refusal-example');
  await tab.locator('.verdict').waitFor();
  await tab.click('#signing-tab');
  await tab.click('#signing-example');
}

/** Runs in the page. Contrast is that of WCAG 2.2, section 1.4.3. */
function measure() {
  const toChannels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const toLuminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const findBack = (element) => {
    for (let each = element; each !== null; each = each.parentElement) {
      const [red, green, blue, alpha = 1] = toChannels(getComputedStyle(each).backgroundColor);
      if (alpha === 1) return [red, green, blue];
    }
    return [255, 255, 255];
  };
  const texts = Array.from(document.querySelectorAll('body *')).filter(
    (element) =>
      element.checkVisibility({ visibilityProperty: true }) &&
      (element.matches('input, textarea, select') ||
        Array.from(element.childNodes).some(({ nodeType, data }) => nodeType === 3 && data.trim() !== '')),
  );
  const pale = texts.flatMap((element) => {
    const [text, back] = [toChannels(getComputedStyle(element).color), findBack(element)].map(toLuminance);
    const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    return contrast < 4.5 ? [`${element.localName}.${element.className} ${contrast.toFixed(2)}`] : [];
  });
  const { scrollWidth, clientWidth } = document.documentElement;
  return { texts: texts.length, pale, overflow: scrollWidth - clientWidth };
}

/** These clear the page before they begin; all others need one that is fresh. */
const CLEARING = new Set(['explain', 'sign']);

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const results = [];
  const failures = [];
  let tab;
  for (const { job, width = 1280, scheme = 'light', ...given } of JSON.parse(readFileSync(file, 'utf8'))) {
    if (tab === undefined || !CLEARING.has(job)) {
      await tab?.context().close();
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
      tab = await context.newPage();
      tab.on('pageerror', (error) => failures.push(String(error)));
      await tab.goto(page);
    }
    results.push(await jobs[job](tab, given));
  }
  console.log(JSON.stringify({ results, failures }));
} finally {
  await browser.close();
}
