/** docs/options.md and docs/errors.md: their tables have every option and every code, and no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './code-blocks.js';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

it('has every code that an error may have, and no other', () => {
  const inSource = read('lib/errors.ts').match(/(?<=\| ')ERR_\w+/g);
  const inTable = [...read('docs/errors.md').matchAll(/^\|[^|]*\| \[`(ERR_\w+)`\]/gm)].map(([, code]) => code);
  expect(inTable.sort()).toStrictEqual(inSource?.sort());
});

it('has every option, and no other', () => {
  const source = /interface Aws4Options \{(.*?)^\}/ms.exec(read('lib/options/options.ts'))?.[1] ?? '';
  const options = [...source.matchAll(/readonly (\w+)\?/g)].map(([, name]) => name);
  const cells = [...read('docs/options.md').matchAll(/^\| (`[^|]+) \|/gm)].map(([, cell = '']) => cell);
  const inTable = cells.flatMap((cell) => cell.match(/\w+/g) ?? []);
  expect(options.length).toBeGreaterThan(10);
  expect(inTable.sort()).toStrictEqual(options.sort());
});
