/** Runs `npm ci` in each folder named that has not been installed since its lockfile changed, and says so. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const modifiedMs = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

for (const folder of process.argv.slice(2)) {
  // npm writes its hidden lockfile at the end of an install, so a broken install is not taken for a whole one.
  const installedMs = modifiedMs(join(folder, 'node_modules', '.package-lock.json'));
  if (installedMs > modifiedMs(join(folder, 'package-lock.json'))) continue;
  console.error(`Installing what ${folder} needs, once`);
  const { status } = spawnSync('npm', ['ci', '--prefix', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) process.exit(1);
}
