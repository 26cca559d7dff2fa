/** Bundles a script for browsers: `node bundle.mjs BUNDLER ENTRY OUTFILE`; prints which modules are in the bundle. */
import { basename, dirname } from 'node:path';
import process from 'node:process';

/** Each bundler as its documentation has it for browsers; resolves to its version and the modules it took. */
const bundlers = {
  async esbuild(entry, outfile) {
    const { build, version } = await import('esbuild');
    const options = { bundle: true, platform: 'browser', format: 'esm', metafile: true, logLevel: 'silent' };
    const { metafile, warnings } = await build({ ...options, entryPoints: [entry], outfile });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
    const inputs = Object.entries(metafile.inputs).filter(([, { bytes }]) => bytes > 0);
    return { version, modules: [...inputs.map(([path]) => path), ...imports], warnings: warnings.map(String) };
  },

  async webpack(entry, outfile) {
    const { default: webpack } = await import('webpack');
    const output = { path: dirname(outfile), filename: basename(outfile) };
    const config = {
      mode: 'production',
      target: 'web',
      context: dirname(entry),
      entry,
      output,
      performance: { hints: false },
    };
    const stats = await new Promise((resolve, reject) => {
      webpack(config, (error, result) => (error ? reject(error) : resolve(result)));
    });
    const { modules, errors, warnings } = stats.toJson({
      all: false,
      modules: true,
      nestedModules: true,
      errors: true,
      warnings: true,
      modulesSpace: Infinity,
      nestedModulesSpace: Infinity,
      groupModulesByType: false,
    });
    const list = (of) => of.flatMap(({ name, modules: nested = [] }) => [name, ...list(nested)]);
    return {
      version: webpack.version,
      modules: list(modules),
      warnings: [...errors, ...warnings].map(({ message }) => message),
    };
  },

  async rollup(entry, outfile) {
    const { rollup, VERSION } = await import('rollup');
    const { default: commonjs } = await import('@rollup/plugin-commonjs');
    const { default: nodeResolve } = await import('@rollup/plugin-node-resolve');
    const warnings = [];
    const plugins = [nodeResolve({ browser: true }), commonjs()];
    const bundle = await rollup({ input: entry, plugins, onwarn: ({ message }) => warnings.push(message) });
    const { output } = await bundle.write({ file: outfile, format: 'es', inlineDynamicImports: true });
    return { version: VERSION, modules: listModules(output), warnings };
  },

  async vite(entry, outfile) {
    const { build, version } = await import('vite');
    const warnings = [];
    const rolldownOptions = {
      input: entry,
      output: { entryFileNames: basename(outfile) },
      onLog: (level, { message }) => warnings.push(`${level}: ${message}`),
    };
    const options = { outDir: dirname(outfile), emptyOutDir: false, rolldownOptions };
    const { output } = await build({ root: dirname(entry), configFile: false, logLevel: 'silent', build: options });
    return { version, modules: listModules(output), warnings };
  },
};

function listModules(output) {
  return output.flatMap(({ modules = {}, imports = [], dynamicImports = [] }) => [
    ...Object.keys(modules),
    ...imports,
    ...dynamicImports,
  ]);
}

const [, , name, entry, outfile] = process.argv;
console.log(JSON.stringify(await bundlers[name](entry, outfile)));
