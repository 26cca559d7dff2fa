/** Makes what the demo needs, and says so at once: the build, and on the first run the S3 server's install. */
import { spawnSync } from 'node:child_process';

console.log('Building the package, which takes some seconds …');
run(process.execPath, ['scripts/ensure-installed.mjs', '__tests__/interop/s3rver']);
run('npm', ['run', 'build', '--silent', '--', '--silent']);

function run(command, args) {
  const options = { stdio: 'inherit', env: { ...process.env, npm_config_loglevel: 'error' } };
  const { status } = spawnSync(command, args, options);
  if (status !== 0) process.exit(1);
}
