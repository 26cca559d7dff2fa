import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import dts from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';

const publicEntries = {
  'aws4-axios': './lib/aws4-axios.ts',
  index: './lib/index.ts',
  libfaketime: './lib/time/libfaketime-default.ts',
  sigv4: './lib/sigv4/index.ts',
  sigv4a: './lib/sigv4a/index.ts',
};
const platforms = {
  'checksums.node': './lib/platform/checksums.node.ts',
  'checksums.default': './lib/platform/checksums.default.ts',
  'ecdsa.node': './lib/platform/ecdsa.node.ts',
  'platform.node': './lib/platform/platform.node.ts',
  'platform.default': './lib/platform/platform.default.ts',
};
/**
 * What is built by itself, with a copy of all that it needs: if it shared a chunk with the others,
 * every page would fetch that chunk, though few sign with SigV4a.
 */
const apart = { 'ecdsa.default': './lib/platform/ecdsa.default.ts' };

/** What `#signer` chooses, and what it gives. */
const signers = {
  'signer.eager': './lib/sending/signer.eager.ts',
  'signer.lazy': './lib/sending/signer.lazy.ts',
};

// Bare specifiers stay as they are: dependencies, node:*, #checksums, #ecdsa, #platform and #signer, which the user's runtime resolves.
const external = (id) => !id.startsWith('.') && !isAbsolute(id);

/** The entries that have most of the package in common. */
const SHARING_ALL = new Set(['index', 'aws4-axios']);

/**
 * What is loaded when it is needed may not import the chunk that loads it: a bundler that makes one file of CommonJS
 * would have a circle. So the modules that load nothing, nor import any that do, are a chunk of their own.
 */
function chooseChunk(id, { getModuleInfo }) {
  if (faces.has(id)) return basename(id, '.ts').replace('-table', '');
  const shared = findSharedPart(id, getModuleInfo);
  if (shared !== undefined) return shared;
  const isOfOtherEntry = Object.entries({ ...publicEntries, ...platforms }).some(
    ([name, path]) => !SHARING_ALL.has(name) && listImported(resolve(path), getModuleInfo).has(id),
  );
  const part = parts.find(({ from }) => listImported(resolve(from), getModuleInfo).has(id));
  if (isOfOtherEntry || part === undefined) return undefined;
  const loadsLazily = [...listImported(id, getModuleInfo)].map(getModuleInfo).some(
    // What `#signer` gives loads most of it.
    ({ dynamicallyImportedIds, importedIds }) =>
      dynamicallyImportedIds.some((loaded) => !external(loaded)) || importedIds.includes('#signer'),
  );
  return loadsLazily ? undefined : part.name;
}

/** What is there from the start, and what signs and sends, which pages load after it. */
const parts = [
  { name: 'core', from: publicEntries.index },
  { name: 'signing-core', from: './lib/sending/signed-sending.ts' },
];

/** What the face exports, and others load when they need it, is a chunk with what it alone imports. */
function findSharedPart(id, getModuleInfo) {
  const { importers, dynamicImporters } = getModuleInfo(id);
  if (importers.length === 0) return undefined;
  if (dynamicImporters.length > 0) return basename(id, '.ts');
  return importers.length === 1 ? findSharedPart(importers[0], getModuleInfo) : undefined;
}

/** A module and all that it imports, but for what is loaded when it is needed, which is a chunk of its own. */
function listImported(id, getModuleInfo, found = new Set()) {
  found.add(id);
  for (const imported of getModuleInfo(id).importedIds) {
    if (found.has(imported) || external(imported) || getModuleInfo(imported).dynamicImporters.length > 0) continue;
    listImported(imported, getModuleInfo, found);
  }
  return found;
}

/**
 * Packages that are published as ES modules alone, which not every host of CommonJS can require (Jest 29 and 30 cannot):
 * the CommonJS files hold a copy. The ES modules import them, so that a bundler takes them once.
 */
const esmOnly = /^@noble\//;
const resolveEsmOnly = {
  name: 'resolve-esm-only',
  resolveId: (id) => (esmOnly.test(id) ? fileURLToPath(import.meta.resolve(id)) : null),
};

/**
 * What the face exports, and the package itself loads when it is needed, is there twice: esbuild puts a file that an entry
 * could reach into what a page loads first, whether it is used or not. Nothing of these is shared but by its value.
 */
const FACES = [
  'destination/aws-hostname',
  'destination/aws-hostname-table',
  'sending/explanation',
  'time/request-date',
];
const toFace = (file) => file.replace(/\.ts$/, '.face.ts');
const faces = new Set(FACES.map((name) => toFace(resolve(`lib/${name}.ts`))));
const copyFaces = {
  name: 'copy-faces',
  resolveId: (source, importer) => {
    if (importer === undefined || !source.startsWith('.')) return null;
    if (importer !== resolve(publicEntries.index) && !faces.has(importer)) return null;
    const face = toFace(resolve(dirname(importer), source.replace(/\.js$/, '.ts')));
    return faces.has(face) ? face : null;
  },
  load: (id) => (faces.has(id) ? readFile(id.replace(/\.face\.ts$/, '.ts'), 'utf8') : null),
};

/** The licences of the packages that a chunk holds a copy of, as these licences ask for. */
function writeLicences({ moduleIds }) {
  const folders = new Set(moduleIds.flatMap((id) => /^.*\/node_modules\/@noble\/[^/]+/.exec(id) ?? []));
  const texts = [...folders].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    return `/*!\n${name} ${version}\n\n${readFileSync(`${folder}/LICENSE`, 'utf8').trim()}\n*/`;
  });
  return texts.join('\n');
}

/**
 * Rollup keeps the import of a chunk of which nothing is used, of which esbuild warns whoever bundles the package: nothing
 * but what its entry does is done by an import alone. The lines stay, for the source maps.
 */
const dropBareImports = {
  name: 'drop-bare-imports',
  renderChunk: (source) => ({ code: source.replaceAll(/^import '\.[^']+';$/gm, ''), map: null }),
};

const createCode = (output, { input = { ...publicEntries, ...platforms, ...signers }, holdsCopies = false } = {}) => ({
  input,
  external: holdsCopies ? (id) => external(id) && !esmOnly.test(id) : external,
  // Nothing but that is done by an import alone: without this, chunks would import others of which they use nothing.
  treeshake: { moduleSideEffects: (id) => id === resolve(publicEntries.libfaketime) },
  plugins: [
    ...(holdsCopies ? [resolveEsmOnly] : []),
    copyFaces,
    esbuild({ target: 'es2022', sourceMap: true }),
    dropBareImports,
  ],
  // One file an entry, since each file costs start-up time; what entries share is a chunk, so that classes stay one.
  output: {
    ...output,
    ...(holdsCopies && { banner: writeLicences }),
    dir: 'dist',
    sourcemap: true,
    sourcemapPathTransform: (path) => path.replace(/\.face\.ts$/, '.ts'),
    hoistTransitiveImports: false,
    ...(input !== apart && { manualChunks: chooseChunk, onlyExplicitManualChunks: true }),
  },
});

const es = { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' };
const cjs = {
  format: 'cjs',
  // aws4-axios has a default export beside its others.
  exports: 'named',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
  // Hosts that run CommonJS in a VM (jest) refuse import(): there a lazy require() does the same.
  dynamicImportInCjs: false,
};

const code = [
  createCode(es),
  createCode(cjs, { holdsCopies: true }),
  createCode(es, { input: apart, holdsCopies: true }),
  createCode(cjs, { input: apart, holdsCopies: true }),
];

const types = {
  input: publicEntries,
  external,
  plugins: [dts()],
  // An entry that is imported for what it does has no types to give.
  onwarn: (warning, warn) => {
    if (warning.code !== 'EMPTY_BUNDLE') warn(warning);
  },
  output: ['ts', 'cts'].map((extension) => ({
    dir: 'dist',
    entryFileNames: `[name].d.${extension}`,
    chunkFileNames: `[name].d.${extension}`,
  })),
};

export default [...code, types];
