/**
 * Writes docs/compatibility.md from the rows that a run's tests recorded in COMPATIBILITY_FILE, a JSON object a line.
 * With --check it fails where the run has shown something else than the page said before; versions may move on.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';

const PAGE = 'docs/compatibility.md';
const SECTIONS = {
  servers: 'Servers',
  signers: 'Other signers, whose requests and ours came to the same',
  runtimes: 'Runtimes',
  bundlers: 'Bundlers',
  consumers: 'Consumers',
  axios: 'Versions of axios',
  neighbours: 'Neighbours',
};

/** One entry for each section, name and version, with all that was shown of it. */
function mergeRows(rows) {
  const merged = new Map();
  for (const { section, name, version, shown } of rows) {
    if (!(section in SECTIONS)) throw new Error(`${section} is not a section of ${PAGE}`);
    const key = JSON.stringify([section, name, version]);
    const entry = merged.get(key) ?? { section, name, version, shown: new Set() };
    merged.set(key, { ...entry, shown: entry.shown.add(shown) });
  }
  return [...merged.values()];
}

const byName = (one, other) =>
  one.name.localeCompare(other.name, 'en') || one.version.localeCompare(other.version, 'en', { numeric: true });

function writeSection(section, entries) {
  const lines = entries
    .filter((entry) => entry.section === section)
    .sort(byName)
    .map(({ name, version, shown }) => `| ${name} | ${version} | ${[...shown].sort().join('; ')} |`);
  return ['', `## ${SECTIONS[section]}`, '', '| name | version | shown |', '| --- | --- | --- |', ...lines].join('\n');
}

/** What a page says but for its versions. */
const claimsOf = (page) =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
    .map((line) => line.split('|'))
    .map(([, name, , shown]) => `${name?.trim()}: ${shown?.trim()}`);

const file = process.env.COMPATIBILITY_FILE;
if (file === undefined) throw new Error('COMPATIBILITY_FILE: must name the file in which the tests recorded rows');
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const entries = mergeRows(rows);
const text = [
  '# What it works with',
  '',
  'Written by `bash .ci/run` from what its tests have shown, and not by hand: each row was sent, and accepted by a server',
  'that verifies signatures.',
  ...Object.keys(SECTIONS).map((section) => writeSection(section, entries)),
  '',
].join('\n');
const page = await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });

let before = '';
try {
  before = readFileSync(PAGE, 'utf8');
} catch (error) {
  if (error.code !== 'ENOENT') throw error;
}
mkdirSync(dirname(PAGE), { recursive: true });
writeFileSync(PAGE, page);
const claims = claimsOf(page);
const claimsBefore = claimsOf(before);
const lost = claimsBefore.filter((claim) => !claims.includes(claim));
const gained = claims.filter((claim) => !claimsBefore.includes(claim));
console.log(`${PAGE}: ${entries.length} rows`);
for (const claim of lost) console.log(`- ${claim}`);
for (const claim of gained) console.log(`+ ${claim}`);
if (process.argv.includes('--check') && lost.length + gained.length > 0) {
  console.error(`${PAGE} said something else before this run; commit what the run wrote`);
  process.exitCode = 1;
}
