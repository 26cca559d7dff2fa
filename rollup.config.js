import { isAbsolute } from 'node:path';
import dts from 'rollup-plugin-dts';
import esbuild from 'rollup-plugin-esbuild';

const publicEntries = ['index', 'libfaketime-default', 'sigv4/index'];
const platforms = ['platform.node', 'platform.default'];
const toInput = (names) => Object.fromEntries(names.map((name) => [name, `./lib/${name}.ts`]));

// Bare specifiers stay as they are: dependencies, node:* and #platform, which the user's runtime resolves.
const external = (id) => !id.startsWith('.') && !isAbsolute(id);

const code = {
  input: toInput([...publicEntries, ...platforms]),
  external,
  plugins: [esbuild({ target: 'es2022' })],
  output: [
    { format: 'es', entryFileNames: '[name].js' },
    // Hosts that run CommonJS in a VM (jest) refuse import(): there a lazy require() does the same.
    { format: 'cjs', entryFileNames: '[name].cjs', dynamicImportInCjs: false },
  ].map((output) => ({ ...output, dir: 'dist', preserveModules: true, preserveModulesRoot: 'lib' })),
};

const types = {
  input: toInput(publicEntries),
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

export default [code, types];
