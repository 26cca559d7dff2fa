/**
 * What a page fetches before its first request: the built package, bundled and minified by esbuild with code splitting,
 * gzipped, without axios, which it has anyway. Fails where that is more than its limit.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** In bytes. What is loaded when it is needed has no limit: few pages fetch it. */
const entries = [
  { script: "import { aws4Interceptor } from './dist/index.js'; globalThis.it = aws4Interceptor;", limit: 31_400 },
  { script: "import { signRequest } from './dist/sigv4.js'; globalThis.it = signRequest;", limit: 11_800 },
  { script: "import { aws4Interceptor } from './dist/aws4-axios.js'; globalThis.it = aws4Interceptor;", limit: 31_900 },
];

for (const { script, limit } of entries) {
  const { first, later } = await measure(script);
  const verdict = first <= limit ? 'ok     ' : 'FAILED ';
  console.log(`${verdict} ${script.split(';')[0]}: ${first} bytes of at most ${limit}; ${later} when they are needed`);
  if (first > limit) process.exitCode = 1;
}

async function measure(contents) {
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: root, sourcefile: 'page.js' },
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    outdir: 'out',
    external: ['axios', '@aws-sdk/credential-providers'],
    // Beside tsconfig.json, esbuild takes #platform from its `paths`, which are the tests'; users have package.json's imports.
    tsconfigRaw: {},
  });
  const first = findFirst(metafile.outputs);
  const sizes = { first: 0, later: 0 };
  for (const { path, contents: code } of outputFiles) {
    const name = Object.keys(metafile.outputs).find((each) => path.endsWith(`/${each}`));
    sizes[first.has(name) ? 'first' : 'later'] += gzipSync(code, { level: 9 }).length;
  }
  return sizes;
}

/** The names of the files that the page's own imports, one by the other. */
function findFirst(outputs) {
  const [page] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === 'page.js') ?? [];
  const found = new Set([page]);
  for (const name of found) {
    for (const { path, kind, external } of outputs[name].imports) {
      if (kind === 'import-statement' && !external) found.add(path);
    }
  }
  return found;
}
