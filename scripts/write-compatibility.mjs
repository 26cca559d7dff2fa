/**
 * Writes docs/compatibility.md from the rows that a run's tests recorded in COMPATIBILITY_FILE, a JSON object a line.
 * With --check it fails where the run has shown something else than the page said before; versions may move on.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';

const PAGE = 'docs/compatibility.md';
/** How a section is written: what was shown as columns of `✓`, as columns of numbers, or as a list. */
const SECTIONS = {
  servers: { title: 'Servers', write: writeList },
  signers: { title: 'Other signers, whose requests and ours came to the same', write: writeTable, read: readNumbers },
  runtimes: { title: 'Runtimes', write: writeTable, read: readWays },
  bundlers: { title: 'Bundlers', write: writeTable, read: readWays },
  consumers: { title: 'Test runners', write: writeTable, read: readWays },
  types: { title: 'TypeScript', write: writeTable, read: readWays },
  axios: { title: 'Versions of axios', write: writeTable, read: readWays },
  neighbours: { title: 'Neighbours', write: writeList },
};

const byText = (one, other) => one.localeCompare(other, 'en', { numeric: true });

/** One entry for each name and version of a section, with all that was shown of it. */
function mergeRows(rows, section) {
  const merged = new Map();
  for (const { name, version, shown } of rows.filter((row) => row.section === section)) {
    const key = JSON.stringify([name, version]);
    const entry = merged.get(key) ?? { name, version, shown: new Set() };
    merged.set(key, { ...entry, shown: entry.shown.add(shown) });
  }
  return [...merged.values()].sort((one, other) => byText(one.name, other.name) || byText(one.version, other.version));
}

/** `way: note` is a `✓` in the column of the way, with the note below the table. */
function readWays(shown) {
  const [way = '', ...note] = shown.split(': ');
  return [{ column: way, cell: '✓', note: note.join(': ') }];
}

/** `3 of a kind, 4 of another` are numbers in the columns of the kinds. */
function readNumbers(shown) {
  const parts = [...shown.matchAll(/(?:^|, )(\d+) (.+?)(?=, \d+ |$)/g)];
  return parts.map(([, number, column]) => ({ column, cell: number, note: '' }));
}

/** A table; versions of which the same was shown share a row. */
function writeTable(entries, { read }) {
  const readEntries = entries.map(({ name, version, shown }) => ({ name, version, cells: [...shown].flatMap(read) }));
  const columns = [...new Set(readEntries.flatMap(({ cells }) => cells.map(({ column }) => column)))];
  // Numbers stand in the order of their sentence; ways were recorded in the order in which tests came to their end.
  if (read === readWays) columns.sort(byText);
  const allCells = readEntries.flatMap(({ cells }) => cells);
  const notes = [...new Set(allCells.map(({ note }) => note))].filter((note) => note !== '').sort(byText);
  // One note that holds for every cell needs no number.
  const isForAll = notes.length === 1 && allCells.every(({ note }) => note !== '');
  const mark = (note) => (isForAll || note === '' ? '' : ` (${notes.indexOf(note) + 1})`);
  const rows = new Map();
  for (const { name, version, cells } of readEntries) {
    const texts = columns.map((column) =>
      cells
        .filter((cell) => cell.column === column)
        .map(({ cell, note }) => `${cell}${mark(note)}`)
        .join(' '),
    );
    const key = JSON.stringify([name, ...texts]);
    const row = rows.get(key) ?? { name, texts, versions: [] };
    rows.set(key, { ...row, versions: [...row.versions, version] });
  }
  const heads = ['name', 'version', ...columns];
  const legend = notes.map((note, i) => (isForAll ? `✓: ${note}` : `${i + 1}. ${note}`));
  return [
    `| ${heads.join(' | ')} |`,
    `| ${heads.map((_, i) => (i < 2 ? '---' : ':-:')).join(' | ')} |`,
    ...[...rows.values()].map(
      ({ name, versions, texts }) => `| ${[name, versions.join(', '), ...texts].join(' | ')} |`,
    ),
    ...(legend.length === 0 ? [] : ['', ...legend]),
  ];
}

/** A list; of `way: note`, the notes of one way stand together. */
function writeList(entries) {
  return entries.map(({ name, version, shown }) => {
    const ways = new Map();
    for (const { column, note } of [...shown].sort(byText).flatMap(readWays)) {
      ways.set(column, [...(ways.get(column) ?? []), ...(note === '' ? [] : [note])]);
    }
    const texts = [...ways].map(([way, notes]) => (notes.length === 0 ? way : `${way}: ${notes.join('; ')}`));
    return `- **${name}** ${version}: ${texts.join('. ')}`;
  });
}

function writeSection(rows, section) {
  const { title, write, ...how } = SECTIONS[section];
  return ['', `## ${title}`, '', ...write(mergeRows(rows, section), how)].join('\n');
}

/** What a page says, line by line, but for its versions, of which it counts how many share a row. */
function claimsOf(page) {
  let heads = [];
  return page.split('\n').flatMap((line) => {
    const item = /^- \*\*(.+?)\*\* \S+: (.*)$/.exec(line);
    if (item !== null) return [`${item[1]}: ${item[2]}`];
    if (/^(?:\d+\. |✓: )/.test(line)) return [line];
    if (!line.startsWith('| ') || /^\| :?-/.test(line)) return [];
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells[0] === 'name') {
      heads = cells;
      return [];
    }
    const [name, versions = '', ...others] = cells;
    const shown = others.map((cell, i) => `${heads[i + 2]} ${cell === '' ? '–' : cell}`);
    return [`${name} (${versions.split(', ').length}): ${shown.join('; ')}`];
  });
}

const file = process.env.COMPATIBILITY_FILE;
if (file === undefined) throw new Error('COMPATIBILITY_FILE: must name the file in which the tests recorded rows');
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const unknown = rows.find(({ section }) => !Object.hasOwn(SECTIONS, section));
if (unknown !== undefined) throw new Error(`${unknown.section} is not a section of ${PAGE}`);
const text = [
  '# What it works with',
  '',
  'Written by `bash .ci/run` from what its tests have shown, and not by hand: each row was sent, and accepted by a server',
  'that verifies signatures.',
  ...Object.keys(SECTIONS).map((section) => writeSection(rows, section)),
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
console.log(`${PAGE}: ${claims.length} rows`);
for (const claim of lost) console.log(`- ${claim}`);
for (const claim of gained) console.log(`+ ${claim}`);
if (process.argv.includes('--check') && lost.length + gained.length > 0) {
  console.error(`${PAGE} said something else before this run; commit what the run wrote`);
  process.exitCode = 1;
}
