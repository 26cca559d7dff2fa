/**
 * Checks the built site: each of its links leads to a file and an anchor that are there, those to other hosts are https,
 * no page or stylesheet loads anything from another host, and the reference has pages of each subpath of the package.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../docs/.vitepress/dist', import.meta.url));
const base = process.env.DOCS_BASE ?? '/';
const files = readdirSync(site, { recursive: true, encoding: 'utf8' }).map((name) => join(site, name));
const pages = new Map(files.filter((path) => path.endsWith('.html')).map((path) => [path, readPage(path)]));
const mistakes = [];
let links = 0;

function readPage(path) {
  const html = readFileSync(path, 'utf8');
  const read = (pattern) => [...html.matchAll(pattern)].map(([, value]) => decode(value));
  return {
    anchors: new Set(read(/\sid="([^"]*)"/g)),
    links: read(/<a\s[^>]*?href="([^"]*)"/g),
    loads: [
      ...read(/<(?:script|img|iframe|source|audio|video)\s[^>]*?src="([^"]*)"/g),
      ...read(/<link\s[^>]*?href="([^"]*)"/g),
    ],
  };
}

function decode(text) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return text
    .replaceAll(/&(amp|lt|gt|quot);/g, (_, name) => named[name])
    .replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(code));
}

/** The file that a link of a page leads to. */
function resolve(page, path) {
  const file = path.startsWith('/') ? join(site, relative(base, path)) : join(dirname(page), path);
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ? join(file, 'index.html') : file;
}

function checkLink(page, link) {
  if (/^[a-z][a-z+.-]*:/i.test(link))
    return /^(?:https:|mailto:)/.test(link) && URL.canParse(link) ? undefined : 'is not https';
  const [path, hash] = link.split('#', 2).map(decodeURIComponent);
  const file = path === '' ? page : resolve(page, path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return 'leads nowhere';
  const anchors = pages.get(file)?.anchors;
  return hash && anchors && !anchors.has(hash) ? 'leads to no anchor' : undefined;
}

for (const [page, { links: found, loads }] of pages) {
  links += found.length;
  const told = (link, mistake) => mistakes.push(`${relative(site, page)}: ${link} ${mistake}`);
  for (const link of found) {
    const mistake = checkLink(page, link);
    if (mistake !== undefined) told(link, mistake);
  }
  for (const load of loads) {
    if (/^(?:[a-z]+:)?\/\//i.test(load)) told(load, 'is loaded from another host');
  }
}
for (const path of files.filter((name) => /\.(?:css|html|svg)$/.test(name))) {
  for (const [load] of readFileSync(path, 'utf8').matchAll(/(?:url\(|@import )["']?(?:[a-z]+:)?\/\/[^"')]*/gi)) {
    mistakes.push(`${relative(site, path)}: ${load} is loaded from another host`);
  }
}

const { name, exports } = JSON.parse(readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'));
for (const subpath of Object.keys(exports).filter((each) => !each.endsWith('.json'))) {
  const index = join(site, 'reference', name, subpath, 'index.html');
  if (!pages.has(index))
    mistakes.push(`${relative(site, index)}: is not there, nor the reference of ${name}${subpath.slice(1)}`);
}

for (const mistake of mistakes) console.error(mistake);
console.log(`${links} links of ${pages.size} pages, ${mistakes.length} wrong`);
if (pages.size < 50 || mistakes.length > 0) process.exitCode = 1;
