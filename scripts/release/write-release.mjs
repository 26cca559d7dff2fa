/**
 * Dates a release, after `changeset version` has set the version: what stands under [Unreleased] in CHANGELOG.md (Keep a
 * Changelog 1.1.0) becomes that of the version, and lib/time/clock.ts gets the day, before which no clock can be right.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [, , folder = '.', today = new Date().toISOString().slice(0, 10)] = process.argv;
const CLOCK = 'lib/time/clock.ts';
const MOMENT = /(?<=^export const RELEASE_MOMENT = )Date\.UTC\(.*\)(?=;$)/m;

const read = (path) => readFileSync(join(folder, path), 'utf8');
const write = (path, text) => writeFileSync(join(folder, path), text);

const { version } = JSON.parse(read('package.json'));
const changelog = read('CHANGELOG.md');
if (changelog.includes(`\n## [${version}]`)) {
  console.log(`CHANGELOG.md has ${version} already`);
} else {
  const [, changes] = /^## \[Unreleased\]\n(.*?)(?=^## |(?![^]))/ms.exec(changelog) ?? [];
  if (changes === undefined || changes.trim() === '') {
    console.error(`CHANGELOG.md: [Unreleased] must say what ${version} brings, before it can be released`);
    process.exit(1);
  }
  const clock = read(CLOCK);
  if (!MOMENT.test(clock)) {
    console.error(`${CLOCK}: RELEASE_MOMENT must be exported as Date.UTC(…), to be given the day of the release`);
    process.exit(1);
  }
  const [year, month, day] = today.split('-').map(Number);
  write(
    'CHANGELOG.md',
    changelog.replace('## [Unreleased]\n', () => `## [Unreleased]\n\n## [${version}] - ${today}\n`),
  );
  write(CLOCK, clock.replace(MOMENT, `Date.UTC(${year}, ${month - 1}, ${day})`));
  console.log(`CHANGELOG.md and ${CLOCK}: ${version} is of ${today}`);
}
