/** Processes that sign with the lib's source and the real AWS SDK, in an environment of nothing but what is passed. */
import { execFile, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { aliasesFor } from '../compiled-programs.js';
import type { LinkLocalReport } from './link-local-program.js';
import type { Outcome } from './signed-request.js';
import type { SigningOrder } from './signing-program.js';

export type Environment = Readonly<Record<string, string>>;

export interface Programs {
  readonly folder: string;
  readonly remove: () => void;
}

export interface SigningProcess {
  /** Sends a signed request, or one by each of some new interceptors; `environment` is there from then on. */
  readonly send: (url: string, environment?: Environment, interceptors?: number) => Promise<Outcome>;
  readonly stop: () => Promise<void>;
}

const root = join(__dirname, '../../..');

/** Compiles the programs; they stand under node_modules, where what they import is found. */
export async function compilePrograms(): Promise<Programs> {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'aws-stand-ins-'));
  await build({
    entryPoints: ['signing-program', 'link-local-program'].map((name) => join(__dirname, `${name}.ts`)),
    alias: aliasesFor('node'),
    packages: 'external',
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

export function startSigningProcess({ folder }: Programs, environment: Environment): SigningProcess {
  const child = fork(join(folder, 'signing-program.mjs'), {
    env: { ...environment },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const exited = once(child, 'exit');
  const died = exited.then(() => {
    throw new Error(`The signing process ended: ${printed}`);
  });
  died.catch(() => undefined);
  return {
    send: async (url, added = {}, interceptors = 0) => {
      const order: SigningOrder = { url, environment: added, interceptors };
      const answered = once(child, 'message');
      child.send(order);
      const [outcome] = (await Promise.race([answered, died])) as [Outcome];
      return outcome;
    },
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}

// "$0" "$@" is the program that runs in the namespace: its loopback device, and no other device at all.
const SET_UP_LOOPBACK = 'ip link set lo up && ip addr add 169.254.170.2/32 dev lo && exec "$0" "$@"';
const inNamespace = (...command: string[]): [file: string, args: string[]] => [
  'unshare',
  ['--map-root-user', '--net', 'sh', '-c', SET_UP_LOOPBACK, ...command],
];

/** Why no network namespace can be made here; undefined where one can be. */
export function explainNoNamespace(): string | undefined {
  const { status, error, stderr } = spawnSync(...inNamespace('true'), { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

export async function runInNamespace({ folder }: Programs, environment: Environment): Promise<LinkLocalReport> {
  const command = inNamespace(process.execPath, join(folder, 'link-local-program.mjs'));
  const { stdout } = await promisify(execFile)(...command, { env: { ...environment } });
  return JSON.parse(stdout) as LinkLocalReport;
}
