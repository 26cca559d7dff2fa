/**
 * The memory of 100,000 requests that are all in flight, signed and unsigned, each in a process of its own, after a
 * collection of garbage. `npm run bench:memory` prints it; `REQUESTS=10000` sends fewer.
 */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { aws4Interceptor } from '../dist/index.js';

const REQUESTS = Number(process.env.REQUESTS ?? 100_000);
/** The most that signed requests may take, as a multiple of unsigned ones. */
const MOST = 2;

const credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjE'.repeat(42).slice(0, 700),
};

/** Begins all requests, to an adapter that answers when all have come, and gives what they take in MiB. */
async function measure(isSigned) {
  const answers = [];
  const client = axios.create({
    baseURL: 'https://abc123.execute-api.eu-west-1.amazonaws.com',
    adapter: (config) =>
      new Promise((resolve) => {
        answers.push(() => resolve({ data: null, status: 200, statusText: 'OK', headers: {}, config }));
      }),
  });
  if (isSigned) client.interceptors.request.use(aws4Interceptor({ credentials }));
  // What is loaded and kept for all requests is none of theirs.
  await beginAll(client, 1, answers);
  const before = readMemory();
  const pending = await beginAll(client, REQUESTS, answers);
  const taken = readMemory() - before;
  for (const answer of answers) answer();
  await Promise.all(pending);
  return taken / 2 ** 20;
}

/** Begins some more requests, and gives their promises once they are with the adapter. */
async function beginAll(client, count, answers) {
  const due = answers.length + count;
  const pending = Array.from({ length: count }, (_, id) => send(client, id));
  while (answers.length < due) await setImmediate();
  return pending;
}

const send = (client, id) =>
  client.post('/prod/items', { id, tags: ['a', 'b'] }, { params: { limit: 25, after: '2026-11-22T08:00:00Z' } });

function readMemory() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const [asked] = process.argv.slice(2);
if (asked !== undefined) {
  console.log(await measure(asked === 'signed'));
  process.exit();
}
const measureApart = (name) =>
  Number(
    execFileSync(process.execPath, ['--expose-gc', '--max-old-space-size=4096', fileURLToPath(import.meta.url), name], {
      encoding: 'utf8',
    }),
  );
const unsigned = measureApart('unsigned');
const signed = measureApart('signed');
const ratio = signed / unsigned;
console.log(
  `${REQUESTS} requests in flight: ${unsigned.toFixed(0)} MiB unsigned, ${signed.toFixed(0)} MiB signed, ` +
    `${ratio.toFixed(2)} times as much, at most ${MOST}: ${ratio <= MOST ? 'holds' : 'MISSED'}`,
);
if (ratio > MOST) process.exitCode = 1;
