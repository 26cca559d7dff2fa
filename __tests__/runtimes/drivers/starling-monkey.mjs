/**
 * Makes a WebAssembly component of a bundle, in StarlingMonkey, and runs it: `node starling-monkey.mjs BUNDLE OPTIONS`.
 * It is run from the folder that has the packages it imports.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { componentize } from '@bytecodealliance/componentize-js';
import { transpile } from '@bytecodealliance/jco';

const [, , bundle, options] = process.argv;
const world = 'package local:scenario; world scenario { export run: func(options: string) -> string; }';
const { component } = await componentize(readFileSync(bundle, 'utf8'), { witWorld: world, worldName: 'scenario' });
// While an export waits, the engine is suspended (JavaScript Promise Integration).
const { files } = await transpile(component, { name: 'scenario', asyncMode: 'jspi', asyncExports: ['run'] });
const folder = join(import.meta.dirname, 'component');
for (const [name, content] of Object.entries(files)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
const { run } = await import(join(folder, 'scenario.js'));
console.log(await run(options));
process.exit();
