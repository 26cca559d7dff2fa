/** Uses the page of examples/vite-page in headless Chromium: `node items-page.mjs PACKAGE_JSON EXECUTABLE URL NAME`. */
import { createRequire } from 'node:module';
import process from 'node:process';

const [, , installation, executablePath, url, name] = process.argv;
const { chromium } = createRequire(installation)('playwright-core');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByText('done').waitFor();
  await page.getByRole('textbox').fill(name);
  await page.getByRole('button').click();
  await page.getByRole('listitem').first().waitFor();
  console.log(JSON.stringify(await page.getByRole('listitem').allTextContents()));
} finally {
  await browser.close();
}
