/** Mutates each part of the code, or those named: `npm run test:mutations -- redirects`. Fails under a score of 85 %. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { outcomesFileOf, parts } from './parts.js';

const LEAST_SCORE = 85;
const NOTICED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

const at = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What became of each mutation of a part. */
function mutate(part) {
  console.log(`\n=== ${part}`);
  const args = [at('node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', at('stryker.config.js')];
  const env = { ...process.env, MUTATION_PART: part };
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  if (status !== 0) throw new Error(`Stryker failed on ${part}`);
  const lines = readFileSync(outcomesFileOf(part), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line).status);
}

/** The share of mutations that a test noticed, in percent. */
function scoreOf(outcomes) {
  const count = (wanted) => outcomes.filter((outcome) => wanted.includes(outcome)).length;
  return (100 * count(NOTICED)) / (count(NOTICED) + count(UNNOTICED));
}

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
const unknown = chosen.filter((part) => !Object.hasOwn(parts, part));
if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: choose of ${Object.keys(parts).join(', ')}`);
const outcomes = chosen.map((part) => [part, mutate(part)]);
const all = outcomes.flatMap(([, each]) => each);
console.log('');
for (const [part, each] of outcomes) console.log(`${part}: ${scoreOf(each).toFixed(1)} %`);
console.log(`all: ${scoreOf(all).toFixed(1)} %, and no less than ${LEAST_SCORE} %`);
if (scoreOf(all) < LEAST_SCORE) process.exitCode = 1;
