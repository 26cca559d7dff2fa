/**
 * What importing the package costs beside axios, and what aws4-axios does, in CPU time of cold processes. `npm run
 * bench:imports` prints it, as ES modules and as CommonJS; `RUNS=50` takes more processes.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './race.mjs';

const RUNS = Number(process.env.RUNS ?? 25);
/** How much this package may add, as a share of what aws4-axios adds. */
const MOST = 1 / 3;
/** Each is imported beside the axios that it finds itself: one copy a process. */
const folders = {
  ours: fileURLToPath(new URL('..', import.meta.url)),
  'aws4-axios': fileURLToPath(new URL('.', import.meta.url)),
};
const modules = {
  esm: { ours: './dist/index.js', 'aws4-axios': 'aws4-axios' },
  cjs: { ours: './dist/index.cjs', 'aws4-axios': 'aws4-axios' },
};

const load = {
  esm: (names) => ['--input-type=module', '-e', `${names.map((name) => `import '${name}';`).join('')}${REPORT}`],
  cjs: (names) => ['--input-type=commonjs', '-e', `${names.map((name) => `require('${name}');`).join('')}${REPORT}`],
};
const REPORT = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1000)';

function measure(format, folder, names) {
  return Number(execFileSync(process.execPath, load[format](names), { cwd: folder, encoding: 'utf8' }));
}

for (const [format, ofFormat] of Object.entries(modules)) {
  const costs = { ours: [], 'aws4-axios': [], axios: [] };
  for (let run = -2; run < RUNS; run++) {
    for (const [name, module] of Object.entries(ofFormat)) {
      const alone = measure(format, folders[name], ['axios']);
      const beside = measure(format, folders[name], ['axios', module]);
      if (run < 0) continue;
      costs.axios.push(alone);
      costs[name].push(beside - alone);
    }
  }
  const share = median(costs.ours) / median(costs['aws4-axios']);
  const verdict = share <= MOST ? 'holds' : 'MISSED';
  console.log(
    `${format}: beside axios (${median(costs.axios).toFixed(0)} ms of CPU), this package adds ` +
      `${median(costs.ours).toFixed(1)} ms, aws4-axios ${median(costs['aws4-axios']).toFixed(1)}: ${share.toFixed(2)} of ` +
      `that, at most ${MOST.toFixed(2)}: ${verdict}`,
  );
  if (share > MOST) process.exitCode = 1;
}
