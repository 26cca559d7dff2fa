/** Bundles a script for Vercel's edge and runs it in its runtime: `node edge.mjs ENTRY OPTIONS`. */
import { createRequire } from 'node:module';
import process from 'node:process';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'esbuild';

const [, , entry, options] = process.argv;
const { outputFiles, metafile } = await build({
  entryPoints: [entry],
  bundle: true,
  write: false,
  metafile: true,
  format: 'iife',
  platform: 'browser',
  // Those of Next.js's own bundling.
  conditions: ['edge-light', 'worker', 'browser'],
});
const vm = new EdgeVM({ initialCode: outputFiles[0].text });
const outcomes = await vm.evaluate(`runInPage(${options})`);
const { version } = createRequire(import.meta.url)('@edge-runtime/vm/package.json');
console.log(JSON.stringify({ version, outcomes, modules: Object.keys(metafile.inputs) }));
