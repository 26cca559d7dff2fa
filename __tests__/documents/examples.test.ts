/** The READMEs of examples/: each program is listed, and what it reads, runs and imports is named there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

const examples = join(__dirname, '../../examples');
const read = (path: string): string => readFileSync(join(examples, path), 'utf8');

const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map(({ name }) => name);

const readCode = (folder: string): string =>
  readdirSync(join(examples, folder))
    .filter((name) => /\.m?[jt]s$/.test(name))
    .map((name) => read(`${folder}/${name}`))
    .join('\n');

it('lists every example', () => {
  const listed = [...read('README.md').matchAll(/^\| \[([\w-]+)\]\(([\w-]+)\)/gm)].map(([, name, link]) => [
    name,
    link,
  ]);
  expect(listed.sort()).toStrictEqual(folders.map((name) => [name, name]).sort());
});

describe.each(folders)('%s', (folder) => {
  const readme = read(`${folder}/README.md`);
  const code = readCode(folder);

  it('says what of one’s own it reads from the environment', () => {
    const [, ofProcess = ''] = /const \{ (.*) \} = process\.env;/.exec(code) ?? [];
    const ofVite = [...code.matchAll(/import\.meta\.env\.(\w+)/g)].map(([, name = '']) => name);
    const names = [...(ofProcess.match(/\b[A-Z][A-Z\d_]+\b/g) ?? []), ...ofVite];
    expect(names.length).toBeGreaterThan(1);
    expect(names.filter((name) => !readme.includes(name))).toStrictEqual([]);
  });

  it('is run by commands whose files are there', () => {
    const [, commands = ''] = /^```sh\n(.*?)^```$/ms.exec(readme) ?? [];
    const files = [...commands.matchAll(/\bnode ([\w./-]+)/g)].map(([, file = '']) => file);
    const sources = files.map((file) => file.replace(/\/dist\/(.*)\.js$/, '/$1.ts'));
    expect(/\bnode |\bnpx vite /.test(commands)).toBe(true);
    expect(sources.filter((file) => !existsSync(join(examples, file)))).toStrictEqual([]);
  });

  it('names the packages that a project of one’s own needs, and holds no credentials', () => {
    const imported = [...code.matchAll(/from '((?:@[\w-]+\/)?[a-z][\w-]*)/g)].map(([, name = '']) => name);
    const packages = imported.filter((name) => !builtinModules.includes(name) && name !== 'node');
    expect(packages).toContain('axios-aws4auth');
    const ours = ['axios', 'axios-aws4auth'];
    expect(packages.filter((name) => !ours.includes(name) && !readme.includes(name))).toStrictEqual([]);
    expect(code).not.toMatch(/secretAccessKey: '|A[KS]IA[A-Z\d]{8}/);
  });
});
