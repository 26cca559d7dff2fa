/** What makes releases: what is refused to be published, how a release gets its day, and what its page says. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const clock = read('lib/time/clock.ts');

const filledIn = {
  version: '1.2.3',
  repository: { type: 'git', url: 'git+https://github.com/someone/axios-aws4auth.git' },
  homepage: 'https://github.com/someone/axios-aws4auth#readme',
  bugs: { url: 'https://github.com/someone/axios-aws4auth/issues' },
};
const changelog =
  '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing, for $1 & $&.\n\n## [1.2.2] - 2026-01-02\n\n- Old.\n';
const dated = changelog.replace('## [Unreleased]', '## [Unreleased]\n\n## [1.2.3] - 2026-03-04');

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder with the files of a release, changed. */
function createFolder(changes: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  folders.push(folder);
  mkdirSync(join(folder, 'lib/time'), { recursive: true });
  const files = {
    'package.json': JSON.stringify(filledIn),
    'CHANGELOG.md': dated,
    'CODE_OF_CONDUCT.md': 'Report to conduct@someone.dev.',
    'lib/time/clock.ts': clock,
    ...changes,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, GITHUB_REPOSITORY: undefined, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', script), ...args], options);
  return { status, stdout, stderr };
}

const manifestWith = (changes: object) => ({ 'package.json': JSON.stringify({ ...filledIn, ...changes }) });

describe('check-publishable', () => {
  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['with all filled in', {}, {}],
    ['in the repository that it names', {}, { GITHUB_REPOSITORY: 'Someone/axios-aws4auth' }],
    ['with the short forms', manifestWith({ repository: 'github:someone/name', bugs: 'https://example.org/bugs' }), {}],
  ])('lets pass a package %s', (_, changes, env) => {
    expect(run('check-publishable.mjs', [createFolder(changes)], env)).toStrictEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  const inAnother = { GITHUB_REPOSITORY: 'another/name' };
  it.each<[string, Readonly<Record<string, string>>, RegExp, Readonly<Record<string, string>>?]>([
    [
      'no repository',
      manifestWith({ repository: undefined }),
      /"repository".*write \{ "type": "git", "url": "git\+https/,
    ],
    ['a placeholder', manifestWith({ repository: 'https://github.com/OWNER/NAME' }), /"repository": must name/],
    ['an empty repository', manifestWith({ repository: {} }), /"repository": must name/],
    ['another repository', {}, /"repository": names someone\/axios-aws4auth, and this is another\/name/, inAnother],
    ['no homepage', manifestWith({ homepage: '' }), /"homepage".*write "https/],
    ['a homepage without https', manifestWith({ homepage: 'http://a.example' }), /"homepage"/],
    ['no bugs', manifestWith({ bugs: undefined }), /"bugs".*write \{ "url": "https/],
    ['bugs without a URL', manifestWith({ bugs: {} }), /"bugs"/],
    [
      'no contact',
      { 'CODE_OF_CONDUCT.md': read('CODE_OF_CONDUCT.md') },
      /CODE_OF_CONDUCT\.md: write.*CONTACT_OF_THE_OWNER/,
    ],
    ['no section of the version', { 'CHANGELOG.md': changelog }, /CHANGELOG\.md: has no section "## \[1\.2\.3\]/],
  ])('refuses a package with %s, and nothing else of it', (_, changes, message, env = {}) => {
    const { status, stderr } = run('check-publishable.mjs', [createFolder(changes)], env);
    expect(status).toBe(1);
    const [fault = '', ...others] = stderr.trimEnd().split('\n');
    expect(fault).toMatch(message);
    expect(others).toStrictEqual(['Not published: what stands above is missing.']);
  });

  it('is run by npm before it publishes', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
    expect(scripts['prepublishOnly']).toMatch(/^node scripts\/check-publishable\.mjs && /);
  });
});

describe('write-release', () => {
  it('gives what is unreleased to the version, and the clock its day', () => {
    const folder = createFolder({ 'CHANGELOG.md': changelog });
    expect(run('release/write-release.mjs', [folder, '2026-03-04'])).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toBe(dated);
    const written = readFileSync(join(folder, 'lib/time/clock.ts'), 'utf8');
    expect(written).toContain('export const RELEASE_MOMENT = Date.UTC(2026, 2, 4);\n');
    expect(written.replace(/Date\.UTC\(2026, 2, 4\)/, '')).toBe(
      clock.replace(/(?<=RELEASE_MOMENT = )Date\.UTC\(.*\)/, ''),
    );
  });

  it('changes nothing of a version that has its section', () => {
    const folder = createFolder();
    expect(run('release/write-release.mjs', [folder, '2027-01-01'])).toMatchObject({ status: 0 });
    expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toBe(dated);
    expect(readFileSync(join(folder, 'lib/time/clock.ts'), 'utf8')).toBe(clock);
  });

  it.each([
    ['nothing is unreleased', { 'CHANGELOG.md': '# Changelog\n\n## [Unreleased]\n\n## [1.2.2] - 2026-01-02\n' }],
    ['there is no such heading', { 'CHANGELOG.md': '# Changelog\n' }],
    ['the clock has no such moment', { 'CHANGELOG.md': changelog, 'lib/time/clock.ts': 'export {};\n' }],
  ])('refuses where %s', (_, changes) => {
    const folder = createFolder(changes);
    const { status, stderr } = run('release/write-release.mjs', [folder, '2026-03-04']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/must/);
    expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toBe(changes['CHANGELOG.md']);
  });
});

describe('print-notes', () => {
  it('prints the section of the version alone', () => {
    const { status, stdout } = run('release/print-notes.mjs', [createFolder()]);
    expect([status, stdout]).toStrictEqual([0, '### Added\n\n- A thing, for $1 & $&.\n']);
  });

  it('fails where there is none', () => {
    expect(run('release/print-notes.mjs', [createFolder({ 'CHANGELOG.md': changelog })]).status).toBe(1);
  });
});
