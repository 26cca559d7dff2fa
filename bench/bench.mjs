/**
 * What signing costs, beside the peers. `npm run bench` prints it; `npm run bench -- --assert` also fails where a
 * number misses what it must be, and `npm run bench -- signing` (or `requests`, `loopback`) runs that part alone.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createRequests, createSigners } from './contestants.mjs';
import { added, median, race, ratio } from './race.mjs';

const verdicts = [];

async function runSigning() {
  const costs = await race(await createSigners(), { rounds: 15, warmUpCalls: 10_000 });
  const irreducible = costs['two hashes and an HMAC'];
  print('Signing a POST of 200 bytes, three parameters, a session token of 700 characters', costs, irreducible);
  judge('signRequest / two hashes and an HMAC', ratio(costs.signRequest, irreducible), 'at most', 2.2, 2.4);
  judge('aws4 / signRequest', ratio(costs.aws4, costs.signRequest), 'at least', 2.5, 2.5);
}

async function runRequests() {
  const { requests } = await createRequests();
  const costs = await race(requests, { rounds: 15 });
  const unsigned = costs['axios unsigned'];
  const ours = costs.aws4Interceptor;
  print('The same as a whole request of axios, with params, to an adapter that answers at once', costs, unsigned);
  judge('whole request / axios unsigned', ratio(ours, unsigned), 'at most', 1.6, 1.7);
  const peerAdds = added(costs['aws4-axios'], unsigned);
  judge('what aws4-axios adds / what it adds', ratio(peerAdds, added(ours, unsigned)), 'at least', 5, 4.5);
}

async function runLoopback() {
  const server = fork(new URL('loopback-server.mjs', import.meta.url));
  const [port] = await once(server, 'message');
  const { requests, close } = await createRequests(`http://127.0.0.1:${port}`);
  const costs = await race(requests, { rounds: 7, warmUpRounds: 1 });
  close();
  server.disconnect();
  const unsigned = costs['axios unsigned'];
  print('The same to a server on loopback, over connections that are kept alive', costs, unsigned);
  judge('loopback / axios unsigned', ratio(costs.aws4Interceptor, unsigned), 'at most', 1.3, 1.4);
}

function print(title, costs, base) {
  console.log(`\n${title}`);
  for (const [name, each] of Object.entries(costs)) {
    const us = median(each).toFixed(1).padStart(8);
    console.log(`  ${name.padEnd(24)}${us} µs${ratio(each, base).toFixed(2).padStart(8)} x`);
  }
}

function judge(what, measured, side, reach, must) {
  const isWithin = (limit) => (side === 'at most' ? measured <= limit : measured >= limit);
  const verdict = isWithin(reach) ? 'reached' : isWithin(must) ? 'holds' : 'MISSED';
  verdicts.push({ what, measured: Number(measured.toFixed(2)), reach: `${side} ${reach}`, must, verdict });
}

const parts = { signing: runSigning, requests: runRequests, loopback: runLoopback };
const asked = process.argv.slice(2).filter((name) => name in parts);
console.log(`Node ${process.version}, ${cpus()[0].model}; CPU time, garbage collection included`);
for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name]();
console.log();
console.table(verdicts);
if (process.argv.includes('--assert') && verdicts.some(({ verdict }) => verdict === 'MISSED')) process.exitCode = 1;
