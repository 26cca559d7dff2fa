/** Prints what CHANGELOG.md says of the version in package.json, for the release's page. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [, , folder = '.'] = process.argv;
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
const section = changelog.split(/^(?=## )/m).find((text) => text.startsWith(`## [${version}]`));
if (section === undefined) {
  console.error(`CHANGELOG.md has no section for ${version}`);
  process.exit(1);
}
console.log(section.slice(section.indexOf('\n')).trim());
