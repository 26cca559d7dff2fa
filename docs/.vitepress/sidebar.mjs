/** The sidebar's entries: the Markdown files of a folder, each by the title that it bears. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = fileURLToPath(new URL('..', import.meta.url));

/** The pages of a folder of docs/, those with an `order` in their front matter first. */
export function listPages(folder, names = listNames(folder)) {
  return names
    .map((name) => readPage(folder, name))
    .sort((one, other) => one.order - other.order)
    .map(({ text, link }) => ({ text, link }));
}

/** What typedoc wrote: the folders of each entry of the package, and their pages by their kind. */
export function listReference(folder) {
  return listFolders(folder).map((name) => ({
    text: name,
    collapsed: true,
    ...(existsSync(join(docs, folder, name, 'index.md')) && { link: `/${folder}/${name}/` }),
    items: [...listPages(join(folder, name)), ...listReference(join(folder, name))],
  }));
}

function readPage(folder, name) {
  const text = readFileSync(join(docs, folder, name), 'utf8');
  const front = /^---\n(.*?)^---$/ms.exec(text)?.[1] ?? '';
  const field = (key) => new RegExp(`^${key}: *(.+)$`, 'm').exec(front)?.[1];
  const heading = /^# (.+)$/m.exec(text)?.[1]?.replaceAll(/[`\\]/g, '');
  return {
    text: field('title') ?? heading ?? name,
    link: `/${join(folder, name.replace(/\.md$/, ''))}`,
    order: Number(field('order') ?? Number.MAX_SAFE_INTEGER),
  };
}

function listNames(folder) {
  if (!existsSync(join(docs, folder))) return [];
  return readdirSync(join(docs, folder))
    .filter((name) => name.endsWith('.md') && !/^(?:README|index)\.md$/.test(name))
    .sort();
}

function listFolders(folder) {
  if (!existsSync(join(docs, folder))) return [];
  return readdirSync(join(docs, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
