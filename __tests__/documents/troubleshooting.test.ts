/** docs/guides/troubleshooting.md: whoever meets an error or a refusal finds an entry for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const page = read('docs/guides/troubleshooting.md');
const entries = [...page.matchAll(/^### (\S+)$/gm)].map(([, entry]) => entry);

/** The members of a union of strings, as the source has it. */
function listMembers(path: string, type: string): readonly string[] {
  const [, union = ''] = new RegExp(`export type ${type} =([^;]*);`).exec(read(path)) ?? [];
  return [...union.matchAll(/'(\w+)'/g)].map(([, member = '']) => member);
}

it.each([
  ['code of an error', 'lib/errors.ts', 'Aws4AuthErrorCode', 15],
  ['cause of a refusal', 'lib/sending/explanation.ts', 'RefusalCause', 8],
] as const)('has an entry for each %s', (_, path, type, least) => {
  const members = listMembers(path, type);
  expect(members.length).toBeGreaterThan(least);
  expect(members.filter((member) => !entries.includes(member))).toStrictEqual([]);
});

it('has no entry for what does not exist', () => {
  const members = [
    ...listMembers('lib/errors.ts', 'Aws4AuthErrorCode'),
    ...listMembers('lib/sending/explanation.ts', 'RefusalCause'),
  ];
  expect(entries.filter((entry) => !members.includes(entry ?? ''))).toStrictEqual([]);
});

/** The texts of lib/, those that stand on several lines joined. */
const texts = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => read(join('lib', path)).replaceAll(/["'`] \+\n *["'`]/g, ''))
  .join('\n');

describe('of ERR_CREDENTIALS it quotes', () => {
  const [, section = ''] = /^### ERR_CREDENTIALS$(.*?)^### /ms.exec(page) ?? [];
  const rows = [...section.matchAll(/^\| (.*?) +\|/gm)]
    .slice(2)
    .flatMap(([, cell = '']) => cell.match(/`[^`]+`/g) ?? []);
  // A field's name before the colon, and what differs from one time to another, are put in at run time.
  const quotes = rows.flatMap((quote) =>
    quote
      .slice(1, -1)
      .replace(/^\w+: ?/, '')
      .split(/ ?\(?\.\.\.[), ]*/)
      .filter((part) => part !== ''),
  );

  it.each(quotes)('%s, which the package says', (quote) => {
    expect(texts).toContain(quote);
  });

  it('as many as there are rows, at least', () => {
    expect(quotes.length).toBeGreaterThan(8);
  });
});
