/** docs/architecture.md and docs/decisions/: what they name is there, and they name all of `lib/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const architecture = read('docs/architecture.md');
const decisions = readdirSync(join(root, 'docs/decisions')).map((name) => `docs/decisions/${name}`);

const inBackticks = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
/** A folder, or a file of the repository; not a package or a URL. */
const isPath = (code: string): boolean => /^[\w.-]+(?:\/[\w.-]+)*(?:\/|\.(?:[cm]?[jt]s|json|md|tsv))$/.test(code);
const isThere = (path: string): boolean => existsSync(join(root, 'lib', path)) || existsSync(join(root, path));

const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).map((path) =>
  path.replaceAll('\\', '/'),
);

it.each(['docs/architecture.md', 'CONTRIBUTING.md', ...decisions])(
  '%s names and links only what exists',
  (document) => {
    const text = read(document);
    const paths = inBackticks(text).filter(isPath);
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, link = '']) => link);
    expect(paths.length + links.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !isThere(path) && !existsSync(join(root, '__tests__', path)))).toStrictEqual([]);
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toStrictEqual([]);
  },
);

it('has a list of decisions that is complete', () => {
  const listed = [...read('docs/decisions/README.md').matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, name]) => name);
  expect(listed.map((name) => `docs/decisions/${String(name)}`)).toStrictEqual(
    decisions.filter((path) => !path.endsWith('README.md')).sort(),
  );
});

it('has commands in CONTRIBUTING that package.json has', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
  const named = [...read('CONTRIBUTING.md').matchAll(/`npm (?:run )?(test|[\w:]+)\b/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => name !== 'ci' && !Object.hasOwn(scripts, name))).toStrictEqual([]);
});

it('names every folder and every file of lib, in backticks', () => {
  const named = new Set(inBackticks(architecture));
  const missing = sources.filter((path) => !named.has(path.endsWith('.ts') ? path : `${path}/`));
  expect(sources.length).toBeGreaterThan(40);
  expect(missing).toStrictEqual([]);
});

it('shows in its pictures only files and folders that exist', () => {
  const pictures = [...architecture.matchAll(/^```mermaid\n(.*?)^```$/gms)].map(([, picture = '']) => picture);
  const paths = pictures.flatMap((picture) => picture.match(/[a-z0-9.-]+(?:\/[a-z0-9.-]+)*(?:\.ts\b|\/(?=<))/g) ?? []);
  expect(pictures).toHaveLength(2);
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !isThere(path))).toStrictEqual([]);
});

it('gives the folders in the order that eslint holds them to', () => {
  const order = /const folders = \[(.*?)\]/s.exec(read('eslint.config.js'))?.[1]?.match(/\w+/g);
  const headings = [...architecture.matchAll(/^### `(\w+)\/`$/gm)].map(([, folder]) => folder);
  expect(headings).toStrictEqual(order);
});

describe('its limits', () => {
  const table = architecture.slice(architecture.indexOf('\n## Limits'));
  const rows = [...table.matchAll(/^\| (.+?) +\| .+? +\| `(.+?)` +\| `(.+?)` +\|$/gm)];
  const limits = rows.map(([, limit = '', file = '', code = '']) => ({ limit, file, code }));

  it.each(limits)('$limit: $code stands in $file', ({ file, code }) => {
    expect(read(`lib/${file}`)).toContain(code);
  });

  it('are as many as its rows', () => {
    expect(limits).toHaveLength(table.split('\n').filter((line) => line.startsWith('| ')).length - 2);
  });
});

it('names only members of the protocol that there are', () => {
  const section = architecture.slice(architecture.indexOf('\n## The protocol'), architecture.indexOf('\n## Words'));
  const named = [...section.matchAll(/^\| `(\w+)(?:\(\))?`/gm)].map(([, name]) => name);
  const body = /interface Protocol \{(.*?)^\}/ms.exec(read('lib/sending/signing-adapter.ts'))?.[1] ?? '';
  expect(named).toStrictEqual([...body.matchAll(/^ {2}(?:readonly )?(\w+):/gm)].map(([, name]) => name));
  for (const [symbol] of section.matchAll(/(?<=Symbol\.for\(')[\w.-]+(?='\))/g)) {
    const isUsed = sources.some(
      (path) => path.endsWith('.ts') && read(`lib/${path}`).includes(`Symbol.for('${symbol}')`),
    );
    expect([symbol, isUsed]).toStrictEqual([symbol, true]);
  }
});
