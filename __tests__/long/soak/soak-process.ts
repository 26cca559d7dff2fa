/** A soak in a process of its own, with the lib's source compiled for one platform, and a garbage collector to call. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { aliasesFor } from '../../stand-ins/compiled-programs.js';
import type { SoakReport } from './soak-program.js';

const root = join(__dirname, '../../..');

export async function runSoak(
  seed: number,
  days: number,
  { name }: { readonly name: 'node' | 'default' },
): Promise<SoakReport> {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'soak-'));
  try {
    const program = join(folder, 'soak-program.mjs');
    await build({
      entryPoints: [join(__dirname, 'soak-program.ts')],
      alias: aliasesFor(name),
      packages: 'external',
      bundle: true,
      platform: 'node',
      format: 'esm',
      sourcemap: 'inline',
      outfile: program,
    });
    return await askProgram(program, [String(seed), String(days)]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function askProgram(program: string, args: readonly string[]): Promise<SoakReport> {
  // The young generation is large, since collecting it would be a fifth of the work.
  const execArgv = ['--expose-gc', '--enable-source-maps', '--max-semi-space-size=64'];
  const child = fork(program, args, { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const exited = once(child, 'exit').then(() => {
    throw new Error(`The soak's process ended without a report: ${printed}`);
  });
  exited.catch(() => undefined);
  try {
    const [report] = (await Promise.race([once(child, 'message'), exited])) as [SoakReport];
    return report;
  } finally {
    child.kill();
  }
}
