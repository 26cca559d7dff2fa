/** Opens a page in headless Chromium, fills its form in and runs it: `node chromium.mjs EXECUTABLE PAGE OPTIONS`. */
import process from 'node:process';
import { chromium } from 'playwright-core';

const [, , executablePath, page, options] = process.argv;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const tab = await browser.newPage();
  await tab.goto(page);
  await tab.setInputFiles('input[type=file]', {
    name: 'a.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('content'),
  });
  const outcomes = await tab.evaluate((given) => globalThis.runInPage(given), JSON.parse(options));
  console.log(JSON.stringify({ version: browser.version(), outcomes }));
} finally {
  await browser.close();
}
