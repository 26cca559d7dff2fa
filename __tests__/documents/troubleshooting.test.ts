/** docs/guides/troubleshooting.md: whoever meets an error or a refusal finds an entry for it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const entries = [...read('docs/guides/troubleshooting.md').matchAll(/^### (\S+)$/gm)].map(([, entry]) => entry);

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
