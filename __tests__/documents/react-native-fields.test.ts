/** The fields of package.json that Metro reads up to React Native 0.78, where it knows neither `exports` nor `imports`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Conditions {
  readonly require: { readonly default: string };
}

const root = join(__dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly files: readonly string[];
  readonly main: string;
  readonly exports: Readonly<Record<string, Conditions | string>>;
  readonly imports: Readonly<Record<string, { readonly default: { readonly require: string } }>>;
  readonly 'react-native': Readonly<Record<string, string>>;
};

it('leads from each entry to the file that `exports` and `imports` give to require() outside Node', () => {
  const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === 'string' ? [] : [[name, target.require.default] as const],
  );
  const { '.': index, ...subpaths } = Object.fromEntries(entries);
  expect(Object.keys(subpaths).length).toBeGreaterThan(1);
  expect(manifest.main).toBe(index);
  const ofImports = Object.entries(manifest.imports).map(([name, target]) => [name, target.default.require]);
  expect(manifest['react-native']).toStrictEqual(Object.fromEntries(ofImports));
  // A replacement in `react-native` would do as well there, and later Metros would take it before `exports`.
  for (const [subpath, target] of Object.entries(subpaths)) {
    const file = `${subpath.slice(2)}.js`;
    expect(manifest.files).toContain(file);
    expect(readFileSync(join(root, file), 'utf8')).toContain(`export * from '${target}';`);
  }
});
