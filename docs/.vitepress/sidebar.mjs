/** The sidebar's entries: the Markdown files of a folder, each by its heading. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = fileURLToPath(new URL('..', import.meta.url));

/** The pages of a folder of docs/: those that begin with `<!-- order: 1 -->` first, the others by the names of their files. */
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
  const heading = /^# (.+)$/m.exec(text)?.[1]?.replaceAll(/[`\\]/g, '');
  return {
    text: heading ?? name,
    link: `/${join(folder, name.replace(/\.md$/, ''))}`,
    // A comment and no front matter, since GitHub shows that as a table.
    order: Number(/^<!-- order: (\d+) -->/.exec(text)?.[1] ?? Number.MAX_SAFE_INTEGER),
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
