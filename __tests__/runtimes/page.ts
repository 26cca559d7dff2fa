/** A page in headless Chromium, served from an origin of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRawServer } from 'strict-sigv4-verifier';
import type { Outcomes } from './expectations.js';
import { chromium } from '../stand-ins/browser-process.js';
import { runDriver } from './project.js';

const html = `<!doctype html>
<form><input name="field" value="Grüße"><input type="file" name="files"></form>
<script type="module" src="/page.js"></script>`;

export interface PageRun {
  /** Chromium's. */
  readonly version: string;
  readonly outcomes: Outcomes;
}

/** Opens a page whose scripts are in a folder, and has it run what it defines as `runInPage`. */
export async function runPage(project: string, folder: string, options: object): Promise<PageRun> {
  const pages = createRawServer(({ target }) =>
    target.endsWith('.js')
      ? { status: 200, headers: { 'Content-Type': 'text/javascript' }, body: readFileSync(join(folder, target)) }
      : { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: html },
  );
  const { origin } = await pages.start();
  try {
    const printed = await runDriver(project, 'chromium.mjs', [chromium, `${origin}/`, JSON.stringify(options)]);
    return JSON.parse(printed) as PageRun;
  } finally {
    await pages.close();
  }
}
