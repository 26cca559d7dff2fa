/** Uploads a file by the page of examples/presigned-upload in headless Chromium, and follows the link to it. */
import { createRequire } from 'node:module';
import process from 'node:process';

const [, , installation, executablePath, url, content] = process.argv;
const { chromium } = createRequire(installation)('playwright-core');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  await page.goto(url);
  const file = { name: 'ä b.png', mimeType: 'image/png', buffer: Buffer.from(content, 'base64') };
  await page.setInputFiles('input[type=file]', file);
  await page.getByRole('button', { name: 'Upload' }).click();
  const link = page.getByRole('link');
  const key = await link.textContent();
  const [answer] = await Promise.all([page.waitForResponse((response) => response.url().includes(key)), link.click()]);
  const { 'content-type': type } = answer.headers();
  console.log(JSON.stringify({ key, status: answer.status(), type, body: (await answer.body()).toString('base64') }));
} finally {
  await browser.close();
}
