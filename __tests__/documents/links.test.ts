/** The links of the repository's documents: each leads to a file and a heading that are there, or is https. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { listPages, root } from './code-blocks.js';

const documents = [...listPages(), 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

/** The text without what is code. */
function readProse(path: string): string {
  return readFileSync(join(root, path), 'utf8')
    .replaceAll(/^( *)```[^]*?^\1```$/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ''));
}

/** The anchors that GitHub and VitePress both give to headings. */
function listAnchors(path: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of readProse(path).matchAll(/^#+ (.*)$/gm)) {
    const plain = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    let anchor = plain;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${plain}-${String(count)}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** What is wrong with a link of a document; the site has nothing of what is outside of docs/. */
function findMistake(document: string, link: string): string | undefined {
  if (/^[a-z]+:/i.test(link)) return link.startsWith('https://') && URL.canParse(link) ? undefined : 'is not https';
  const [path = '', anchor] = link.split('#', 2);
  const file = path === '' ? document : normalize(join(dirname(document), path));
  if (!existsSync(join(root, file))) return 'leads nowhere';
  if (document.startsWith('docs/') && !file.startsWith('docs/')) return 'leads out of docs/';
  if (anchor === undefined || statSync(join(root, file)).isDirectory()) return undefined;
  return listAnchors(file).has(anchor) ? undefined : 'leads to no heading';
}

it.each(documents)('%s has links that lead somewhere', (document) => {
  const prose = readProse(document);
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, below]) => inline ?? below ?? '',
  );
  const bare = prose.replaceAll(/`[^`\n]*`/g, '').match(/(?<![\w"(/])https?:\/\/[^\s)>]+/g) ?? [];
  const mistakes = [...links, ...bare].map((link) => [link, findMistake(document, link)] as const);
  expect(mistakes.filter(([, mistake]) => mistake !== undefined)).toStrictEqual([]);
});

it.each([
  ['README.md', /^docs\/(?:guides|coming-from)\//],
  // Where Markdown is read without the site, there is no list of pages beside it.
  ['docs/index.md', /^docs\/(?:guides|coming-from|in-depth)\/|^docs\/(?!index)[\w-]+\.md$/],
])('%s links every page that is looked for there', (document, kind) => {
  const text = readProse(document);
  const pages = listPages().filter((path) => kind.test(path));
  expect(pages.length).toBeGreaterThan(20);
  expect(pages.filter((path) => !text.includes(`(${relative(dirname(document), path)}`))).toStrictEqual([]);
});
