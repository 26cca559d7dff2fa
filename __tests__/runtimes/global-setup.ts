/** Packs the package and installs the tarball as a user would, once for all tests; jest asks for a default export. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

export default function setUp(): void {
  const folder = mkdtempSync(join(tmpdir(), 'axios-aws4auth-runtimes-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  process.env['RUNTIMES_FOLDER'] = folder;
  installTarball(packInto(folder), join(folder, 'app'));
}

function packInto(folder: string): string {
  const args = ['pack', '--silent', '--pack-destination', folder];
  return join(folder, execFileSync('npm', args, { cwd: root, encoding: 'utf8' }).trim());
}

function installTarball(tarball: string, app: string): void {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: { axios: string };
  };
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{ "private": true }');
  const args = ['install', '--silent', '--prefer-offline', tarball, `axios@${devDependencies.axios}`];
  execFileSync('npm', args, { cwd: app, stdio: ['ignore', 'ignore', 'inherit'] });
}
