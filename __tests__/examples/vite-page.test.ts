/** examples/vite-page: built by Vite, opened in Chromium, it signs with temporary credentials of a role. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSts } from '../stand-ins/aws/sts.js';
import { credentials, scope, temporary } from '../stand-ins/test-server.js';
import { commandOf, itInChromium, openInChromium, runExample, toEnvironment, withProgram } from './example-run.js';
import { createItemsApi, listArrivals } from './items-api.js';

const ROLE_ARN = 'arn:aws:iam::123456789012:role/page';
const set = { ...temporary, expiration: new Date(Date.now() + 900_000) };
const sts = createSts({ region: scope.region, roles: [{ arn: ROLE_ARN, set, trusts: credentials }] });
let stsOrigin: string;
const outDir = mkdtempSync(join(tmpdir(), 'vite-page-'));
beforeAll(async () => {
  ({ origin: stsOrigin } = await sts.start());
});
afterAll(async () => {
  await sts.close();
  rmSync(outDir, { recursive: true });
});

async function usePage(prepare: (env: Record<string, string>) => Promise<readonly string[]>): Promise<void> {
  const api = createItemsApi();
  const { origin } = await api.start();
  const env = {
    ...toEnvironment(credentials),
    ...{ VITE_API_URL: `${origin}/prod`, VITE_AWS_REGION: scope.region, ROLE_ARN, AWS_ENDPOINT_URL_STS: stsOrigin },
  };
  try {
    await withProgram(await prepare(env), env, async (url) => {
      expect(await openInChromium('items-page.mjs', [url, 'Grüße'])).toStrictEqual(['Grüße']);
    });
    expect(listArrivals(api)).toStrictEqual([
      'GET /prod/items accepted',
      'POST /prod/items accepted',
      'GET /prod/items accepted',
    ]);
    const keys = api.verifications.flatMap(({ verdict }) => (verdict.ok ? verdict.accessKeyId : []));
    expect(new Set(keys)).toStrictEqual(new Set([temporary.accessKeyId]));
    expect(api.failures).toStrictEqual([]);
  } finally {
    await api.close();
  }
}

const vite = commandOf('vite');
const atAnyPort = ['--port', '0'];

itInChromium()('signs as it is built', async () => {
  await usePage(async (env) => {
    await runExample(vite, env, ['build', 'vite-page', '--outDir', outDir]);
    return [vite, 'preview', 'vite-page', '--outDir', outDir, ...atAnyPort];
  });
});

itInChromium()('signs as it is developed', async () => {
  await usePage(() => Promise.resolve([vite, 'vite-page', ...atAnyPort]));
});
