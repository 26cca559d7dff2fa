/** Projects of users of the packed tarball, in the folder that global-setup.ts makes and removes. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const folder = process.env['RUNTIMES_FOLDER'] ?? '';
const app = join(folder, 'app');
/** Where this folder's own dependencies are. */
export const tools = join(__dirname, 'node_modules');
/** Where the repository's dependencies are. */
export const ownTools = join(__dirname, '../../node_modules');

/** A new folder with the fixtures; npm has installed the tarball and the newest axios above it. */
export function createProject(name: string): string {
  const project = join(app, name);
  cpSync(join(__dirname, 'fixtures'), project, { recursive: true });
  return project;
}

/** The same, with an axios of its own. */
export function createProjectWithAxios(name: string, axios: string): string {
  const project = createProject(name);
  installPackage(project);
  symlinkSync(axios, join(project, 'node_modules/axios'));
  return project;
}

/** A project that has this package, and nothing of what it depends on. */
export function createProjectWithoutDependencies(name: string): string {
  const project = join(folder, name);
  cpSync(join(__dirname, 'fixtures'), project, { recursive: true });
  installPackage(project);
  // Deno finds what package.json names, and nothing else.
  writeFileSync(join(project, 'package.json'), '{ "dependencies": { "axios-aws4auth": "*" } }');
  return project;
}

/**
 * Another installation within a project, laid out as pnpm does it: each package is a link, and finds by its own folder
 * only what its package.json names.
 */
export function installStrictly(project: string, axios: string): void {
  const store = join(project, 'node_modules/.pnpm');
  const own = join(store, 'axios-aws4auth/node_modules');
  cpSync(join(app, 'node_modules/axios-aws4auth'), join(own, 'axios-aws4auth'), { recursive: true });
  const axiosFolder = join(store, 'axios/node_modules/axios');
  cpSync(axios, axiosFolder, { recursive: true });
  const { dependencies } = readManifest(join(axiosFolder, 'package.json'));
  for (const name of Object.keys(dependencies)) link(join(app, 'node_modules', name), join(axiosFolder, '..', name));
  const { dependencies: ours } = readManifest(join(own, 'axios-aws4auth/package.json'));
  for (const name of Object.keys(ours)) link(join(app, 'node_modules', name), join(own, name));
  link(axiosFolder, join(own, 'axios'));
  link(axiosFolder, join(project, 'node_modules/axios'));
  link(join(own, 'axios-aws4auth'), join(project, 'node_modules/axios-aws4auth'));
}

function readManifest(file: string): { readonly dependencies: Readonly<Record<string, string>> } {
  return JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> };
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

function installPackage(project: string): void {
  mkdirSync(join(project, 'node_modules'));
  cpSync(join(app, 'node_modules/axios-aws4auth'), join(project, 'node_modules/axios-aws4auth'), { recursive: true });
}

/** Has a package that users install beside this one be found from a project. */
export function linkTool(project: string, name: string, folder = tools): void {
  link(join(folder, name), join(project, 'node_modules', name));
}

// Nothing of jest's own; and no runtime looks for a newer version of itself.
const ofJest = ['NODE_OPTIONS', 'NODE_ENV', 'JEST_WORKER_ID'];
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofJest.includes(name)));
const offline = { DENO_NO_UPDATE_CHECK: '1', DENO_DIR: join(folder, 'deno') };

/** Runs a program in a project, and resolves to what it prints. */
export function run(project: string, command: string, args: readonly string[], env = {}): Promise<string> {
  const options = { cwd: project, env: { ...environment, ...offline, ...env }, timeout: 5 * 60_000 };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      // Compilers report on standard output.
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error }));
    });
  });
}

/** `it` where a program is there. Elsewhere the run says so; with `CI=true` the tests run all the same, and fail. */
export function itWith(program: string): jest.It {
  if (existsSync(program) || process.env['CI'] === 'true') return it;
  process.stderr.write(`There is no ${program}: what needs it is not run.\n`);
  return it.skip;
}

/** What runs tools that want a newer Node than the tests do. */
export const newerNode = join(tools, 'node-24/bin/node');

/** Runs one of the scripts in `drivers/`, for tools that jest cannot load. */
export function runDriver(project: string, driver: string, args: readonly string[]): Promise<string> {
  const node = existsSync(newerNode) ? newerNode : process.execPath;
  return run(project, node, [join(__dirname, 'drivers', driver), ...args]);
}
