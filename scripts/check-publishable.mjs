/**
 * Refuses to publish while something is missing that only the owner of the package can say; run by `prepublishOnly`. npm
 * compares `repository` with the one that a provenance statement names, so it must be that from which it is published.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [, , folder = '.'] = process.argv;
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const { GITHUB_REPOSITORY } = process.env;
const OWN = GITHUB_REPOSITORY ?? 'OWNER/NAME';

const isText = (value) => typeof value === 'string' && value.trim() !== '';
const isWebPage = (value) => isText(value) && /^https:\/\/[^\s/]+\.[^\s/]+/.test(value) && !value.includes('OWNER');
const slugOf = (url) => /[/:]([^/:]+\/[^/]+?)(?:\.git)?$/.exec(url)?.[1];

function* listFaults() {
  const { repository, homepage, bugs } = manifest;
  const url = isText(repository) ? repository : repository?.url;
  const repositoryAdvice = `write { "type": "git", "url": "git+https://github.com/${OWN}.git" }`;
  if (!isText(url) || slugOf(url) === undefined || url.includes('OWNER')) {
    yield `package.json, "repository": must name the repository that publishes; ${repositoryAdvice}`;
  } else if (GITHUB_REPOSITORY !== undefined && slugOf(url)?.toLowerCase() !== GITHUB_REPOSITORY.toLowerCase()) {
    yield `package.json, "repository": names ${slugOf(url)}, and this is ${GITHUB_REPOSITORY}; ${repositoryAdvice}`;
  }
  if (!isWebPage(homepage)) {
    yield `package.json, "homepage": must be the page of the documentation; write "https://github.com/${OWN}#readme" or the site's address`;
  }
  if (!isWebPage(isText(bugs) ? bugs : bugs?.url)) {
    yield `package.json, "bugs": must say where bugs are reported; write { "url": "https://github.com/${OWN}/issues" }`;
  }
  if (readFileSync(join(folder, 'CODE_OF_CONDUCT.md'), 'utf8').includes('CONTACT_OF_THE_OWNER')) {
    yield 'CODE_OF_CONDUCT.md: write where conduct is reported (an e-mail address) in the place of CONTACT_OF_THE_OWNER';
  }
  if (!readFileSync(join(folder, 'CHANGELOG.md'), 'utf8').includes(`\n## [${manifest.version}] - `)) {
    yield `CHANGELOG.md: has no section "## [${manifest.version}] - DATE"; run \`npm run release:version\``;
  }
}

const faults = [...listFaults()];
for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  console.error('Not published: what stands above is missing.');
  process.exit(1);
}
