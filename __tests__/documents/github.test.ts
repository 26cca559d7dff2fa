/** .github/: its YAML can be read, and what it names is there: scripts, files, folders, fields that GitHub knows. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const { scripts, engines } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};

const files = readdirSync(join(root, '.github'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yml'))
  .map((path) => `.github/${path.replaceAll('\\', '/')}`);
const workflows = files.filter((path) => path.startsWith('.github/workflows/'));
const forms = files.filter((path) => path.startsWith('.github/ISSUE_TEMPLATE/') && !path.endsWith('/config.yml'));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } };
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

function parse(path: string): unknown {
  const document = parseDocument(read(path), { uniqueKeys: true });
  expect([...document.errors, ...document.warnings]).toStrictEqual([]);
  return document.toJS();
}

it.each(files)('%s is YAML', (path) => {
  expect(parse(path)).toBeInstanceOf(Object);
  expect(read(path)).not.toContain('\t');
});

describe.each(workflows)('%s', (path) => {
  const { jobs, permissions } = parse(path) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
  const commands = [
    ...steps.flatMap(({ run }) => run?.split('\n') ?? []),
    ...steps.flatMap((step) => [step.with?.['version'], step.with?.['publish']]).filter((text) => text !== undefined),
  ].map(String);

  it('runs scripts of package.json, and files that are there', () => {
    const named = commands.flatMap((command) => /npm run (?:--silent )?([\w:]+)/.exec(command)?.[1] ?? []);
    const run = commands.flatMap((command) => /^(?:bash|node) ([\w./-]+)$/.exec(command)?.[1] ?? []);
    expect(named.length + run.length).toBeGreaterThan(2);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toStrictEqual([]);
    expect(run.filter((file) => !existsSync(join(root, file)))).toStrictEqual([]);
  });

  it('uses actions by an exact version, and workflows that are there', () => {
    const uses = [...Object.values(jobs), ...steps].flatMap((each) => each.uses ?? []);
    expect(uses.length).toBeGreaterThan(0);
    const others = uses.filter((name) => !/^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/.test(name));
    expect(others.filter((name) => !name.startsWith('./') || !existsSync(join(root, name)))).toStrictEqual([]);
  });

  it('may do nothing but read, unless a job says so, and ends by itself', () => {
    expect(permissions).toStrictEqual({ contents: 'read' });
    expect(Object.values(jobs).filter((job) => job.uses === undefined && !job['timeout-minutes'])).toStrictEqual([]);
  });

  it('names no registry, which is npm’s own', () => {
    expect(read(path)).not.toMatch(/registry-url|registry\./);
  });
});

it('checks on Node 20, 22 and 24, the oldest of which is the oldest that package.json allows', () => {
  const { jobs } = parse('.github/workflows/ci.yml') as Workflow;
  const versions = Object.values(jobs).map(({ strategy }) => strategy?.matrix.node);
  expect(versions).toStrictEqual([
    [20, 22, 24],
    [20, 22, 24],
  ]);
  expect(engines.node).toMatch(/^>=20\./);
  expect(`>=${read('.nvmrc').trim()}`).toBe(engines.node);
});

it('checks nothing in ci.yml that .ci/run does not check too, and all that it checks is a script', () => {
  const listed = [...read('.ci/run').matchAll(/^ {2}step \S+ (?:npm run|jest_script) ([\w:]+)/gm)];
  const ofRun = new Set(listed.map(([, name = '']) => name));
  expect([...ofRun].filter((name) => !Object.hasOwn(scripts, name))).toStrictEqual([]);
  const { jobs } = parse('.github/workflows/ci.yml') as Workflow;
  const quick = jobs['quick']?.steps?.flatMap(({ run }) => /^npm (?:run )?([\w:]+)$/.exec(run ?? '')?.[1] ?? []) ?? [];
  expect(quick).toContain('test');
  expect(quick.filter((name) => name !== 'ci' && !ofRun.has(name))).toStrictEqual([]);
});

it('publishes after the checks, with a statement of provenance', () => {
  const { jobs } = parse('.github/workflows/release.yml') as Workflow;
  expect(jobs['ci']?.uses).toBe('./.github/workflows/ci.yml');
  expect(jobs['release']).toMatchObject({ needs: 'ci', permissions: { 'id-token': 'write' } });
  expect(JSON.parse(read('package.json'))).toMatchObject({ publishConfig: { provenance: true, access: 'public' } });
});

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly value?: string; readonly description?: string };
  readonly validations?: { readonly required: boolean };
}

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: readonly Field[];
}

describe.each(forms)('%s', (path) => {
  const { name, description, body } = parse(path) as Form;

  it('has what GitHub asks of a form', () => {
    expect([name, description].every((text) => text.length > 2)).toBe(true);
    const fields = body.filter(({ type }) => type !== 'markdown');
    const ids = fields.map(({ id }) => id);
    expect(new Set(ids).size).toBe(fields.length);
    expect(ids.every((id) => /^[\w-]+$/.test(id ?? ''))).toBe(true);
    expect(fields.every(({ attributes }) => (attributes.label ?? '').length > 2)).toBe(true);
    expect(body.every(({ type }) => ['markdown', 'textarea', 'input', 'dropdown', 'checkboxes'].includes(type))).toBe(
      true,
    );
  });
});

it('asks of a bug its log, its explanation and the versions', () => {
  const { body } = parse('.github/ISSUE_TEMPLATE/bug.yml') as Form;
  const find = (text: string) => body.find(({ attributes: { label = '' } }) => label.includes(text));
  expect(find('NODE_DEBUG=axios-aws4auth')?.validations?.required).toBe(true);
  expect(find('explainRefusal')).toBeDefined();
  for (const label of ['Version of axios-aws4auth', 'Version of axios', 'Runtime']) {
    expect(find(label)?.validations?.required).toBe(true);
  }
});

/** The folders that have a lockfile, as Dependabot names them. */
function findLockfiles(folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['node_modules', '.git', 'dist'].includes(entry.name) ? [] : findLockfiles(path);
    return entry.name === 'package-lock.json' ? [folder === '' ? '/' : folder] : [];
  });
}

interface Update {
  readonly 'package-ecosystem': string;
  readonly directories?: readonly string[];
}

it('has every lockfile updated by Dependabot', () => {
  const { updates } = parse('.github/dependabot.yml') as { readonly updates: readonly Update[] };
  const npm = updates.find((update) => update['package-ecosystem'] === 'npm');
  expect([...(npm?.directories ?? [])].sort()).toStrictEqual([...findLockfiles()].sort());
});
