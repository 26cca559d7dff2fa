/** Bundles a worker and runs it in workerd, without nodejs_compat: `node workerd.mjs ENTRY OPTIONS`. */
import { createRequire } from 'node:module';
import process from 'node:process';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const [, , entry, options] = process.argv;
const { outputFiles, metafile } = await build({
  entryPoints: [entry],
  bundle: true,
  write: false,
  metafile: true,
  format: 'esm',
  platform: 'browser',
  // Those of Cloudflare's own bundling.
  conditions: ['workerd', 'worker', 'browser'],
});
const miniflare = new Miniflare({ modules: true, script: outputFiles[0].text, compatibilityDate: '2026-07-01' });
try {
  const response = await miniflare.dispatchFetch('http://worker.example/', { method: 'POST', body: options });
  const { version } = createRequire(import.meta.resolve('miniflare'))('workerd/package.json');
  console.log(JSON.stringify({ version, outcomes: await response.json(), modules: Object.keys(metafile.inputs) }));
} finally {
  await miniflare.dispose();
}
