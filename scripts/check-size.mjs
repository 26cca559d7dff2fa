/**
 * What a page fetches for the package: bundled and minified by esbuild with code splitting, gzipped, without axios, which
 * it has anyway. Of an interceptor, `first` is what the page cannot run without, and `signing` what an interceptor loads
 * when it is made, beside what the page does then. Fails where any is more than its limit.
 */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Limits in bytes. What only some requests need has none: few pages fetch it. */
const entries = [
  {
    script: "import { aws4Interceptor } from './dist/index.js'; globalThis.it = aws4Interceptor;",
    limits: { first: 17_100, signing: 14_900 },
  },
  {
    script: "import { signRequest } from './dist/sigv4.js'; globalThis.it = signRequest;",
    limits: { first: 8_000, signing: 0 },
  },
  {
    script: "import { aws4Interceptor } from './dist/aws4-axios.js'; globalThis.it = aws4Interceptor;",
    limits: { first: 18_100, signing: 14_900 },
  },
];

for (const { script, limits } of entries) {
  const sizes = await measure(script);
  const isOk = sizes.first <= limits.first && sizes.signing <= limits.signing;
  const [first, signing] = Object.entries(limits).map(([name, limit]) => `${name} ${sizes[name]} of at most ${limit}`);
  console.log(`${isOk ? 'ok     ' : 'FAILED '} ${script.split(';')[0]}: ${first}, ${signing}; ${sizes.rest} if needed`);
  if (!isOk) process.exitCode = 1;
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
  const { outputs } = metafile;
  const first = listImported(outputs, (entryPoint) => entryPoint === 'page.js');
  const signing = listImported(outputs, (entryPoint) => /\/signed-sending-[^/]+$/.test(entryPoint));
  const sizes = { first: 0, signing: 0, rest: 0 };
  for (const { path, contents: code } of outputFiles) {
    const name = Object.keys(outputs).find((each) => path.endsWith(`/${each}`));
    sizes[first.has(name) ? 'first' : signing.has(name) ? 'signing' : 'rest'] += gzipSync(code, { level: 9 }).length;
  }
  return sizes;
}

/** The names of the files that an entry point imports, one by the other; none where there is no such entry point. */
function listImported(outputs, isEntry) {
  const found = new Set(Object.keys(outputs).filter((name) => isEntry(outputs[name].entryPoint ?? '')));
  for (const name of found) {
    for (const { path, kind, external } of outputs[name].imports) {
      if (kind === 'import-statement' && !external) found.add(path);
    }
  }
  return found;
}
