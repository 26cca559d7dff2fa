/** What package.json says of the types, for TypeScript that reads no `exports` (`moduleResolution: node10`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Targets {
  readonly types: string;
  readonly default: string;
}

interface Package {
  readonly main: string;
  readonly types: string;
  readonly typesVersions: { readonly '*': Readonly<Record<string, readonly string[]>> };
  readonly exports: Readonly<Record<string, string | { readonly import: Targets; readonly require: Targets }>>;
}

const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as Package;

const targets = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
  typeof target === 'string' ? [] : [[subpath.slice(2), target] as const],
);

it('names the CommonJS file and its types at the top', () => {
  const [, root] = targets.find(([name]) => name === '') ?? [];
  expect(root?.require).toStrictEqual({ types: manifest.types, default: manifest.main });
});

it('names the types of every subpath in typesVersions, and of nothing else', () => {
  const expected = targets.filter(([name]) => name !== '').map(([name, { require }]) => [name, [require.types]]);
  expect(manifest.typesVersions['*']).toStrictEqual(Object.fromEntries(expected));
});
