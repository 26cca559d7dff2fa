/** Builds the signature debugger (docs/debugger), a static page: `node scripts/build-debugger.mjs [FOLDER]`. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'docs/debugger');
const folder = resolve(process.argv[2] ?? join(root, 'docs/public/debugger'));

/** What the package's `imports` choose for browsers, of the source. */
const portablePlatform = {
  name: 'portable-platform',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^#signer$/ }, () => ({ path: join(root, 'lib/sending/signer.lazy.ts') }));
    onResolve({ filter: /^#\w+$/ }, ({ path }) => ({ path: join(root, `lib/platform/${path.slice(1)}.default.ts`) }));
  },
};

/** The licences of the packages that the bundle holds copies of, as these licences ask for. */
function collectLicences(inputs) {
  const packages = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const texts = [root, ...[...packages].sort().map((path) => join(root, path))].map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((each) => join(path, each)).find(existsSync);
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version}\n\n${readFileSync(file, 'utf8').trim()}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [join(source, 'page.ts')],
  outfile: join(folder, 'page.js'),
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2023',
  charset: 'utf8',
  minify: true,
  legalComments: 'none',
  metafile: true,
  plugins: [portablePlatform],
});
for (const file of ['index.html', 'debugger.css']) cpSync(join(source, file), join(folder, file));
writeFileSync(join(folder, 'licences.txt'), collectLicences(Object.keys(metafile.inputs)));
