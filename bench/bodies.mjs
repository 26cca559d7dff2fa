/**
 * What large bodies cost beside their hash: how long the event loop is held, and how much memory is taken beyond the
 * body's own. `npm run bench:bodies` sends 64 MiB of each kind, each in a process of its own, to an adapter that answers
 * at once; `BODY_MIB=16` sends less.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, createReadStream, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BYTES = Number(process.env.BODY_MIB ?? 64) * 2 ** 20;
const CHUNK_BYTES = 2 ** 16;
const RUNS = 3;
const toMib = (bytes) => Math.round(bytes / 2 ** 20);

function* chunks() {
  for (let made = 0; made < BYTES; made += CHUNK_BYTES) yield Buffer.alloc(CHUNK_BYTES, 0x61);
}

/** Each kind of body, with its share of the memory that it may take beyond its own. */
const bodies = {
  Buffer: { most: 0.3, make: () => Buffer.alloc(BYTES, 0x61) },
  'ASCII string': { most: 0.5, make: () => Buffer.alloc(BYTES, 0x61).toString('latin1') },
  'string beyond ASCII': { most: 0.5, make: () => Buffer.alloc(BYTES, 'é').toString() },
  Blob: { most: 0.5, make: () => new Blob([...chunks()]) },
  'Node stream in memory': { most: 1.2, make: () => Readable.from(chunks(), { objectMode: false }) },
  'file stream': { most: 1.2, make: (file) => createReadStream(file) },
  'web stream in memory': { most: 1.2, make: () => ReadableStream.from(chunks()) },
  'FormData with a file': {
    most: 1.2,
    make: () => {
      const form = new FormData();
      form.append('field', 'value');
      form.append('file', new Blob([...chunks()]), 'file.bin');
      return form;
    },
  },
};

/** Sends a body and prints its figures; those of axios unsigned with `unsigned`. */
async function measure(name, signs, file) {
  const requireBuilt = createRequire(new URL('../dist/', import.meta.url));
  const axios = requireBuilt('axios');
  const { aws4Interceptor } = requireBuilt('./index.cjs');
  const adapter = (config) => Promise.resolve({ data: '', status: 200, statusText: 'OK', headers: {}, config });
  const client = axios.create({ adapter, headers: { 'Content-Type': null } });
  if (signs) {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    client.interceptors.request.use(aws4Interceptor({ region: 'eu-west-1', service: 's3', credentials }));
  }
  const url = 'https://example-bucket.s3.eu-west-1.amazonaws.com/key';
  await client.put(url, 'warm');
  const body = bodies[name].make(file);
  globalThis.gc();
  await setImmediate();

  let longestMs = 0;
  let peakBytes = 0;
  let isDone = false;
  const startBytes = process.memoryUsage.rss();
  let lastMs = performance.now();
  const look = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    lastMs = performance.now();
  };
  const watching = (async () => {
    while (!isDone) {
      await setImmediate();
      look();
    }
  })();
  const startMs = performance.now();
  await client.put(url, body);
  const tookMs = performance.now() - startMs;
  look();
  isDone = true;
  await watching;
  console.log(JSON.stringify({ tookMs, longestMs, extra: (peakBytes - startBytes) / BYTES }));
}

function report() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-bodies-'));
  const file = join(folder, 'body');
  writeFileSync(file, Buffer.alloc(BYTES, 0x61));
  const runOnce = (name, signs) => {
    const args = ['--expose-gc', fileURLToPath(import.meta.url), name, signs, file];
    return JSON.parse(
      spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).stdout,
    );
  };
  // The run with the shortest hold: what else the machine does only makes it longer.
  const run = (name, signs) =>
    Array.from({ length: RUNS }, () => runOnce(name, signs)).sort((a, b) => a.longestMs - b.longestMs)[0];
  console.log(`${toMib(BYTES)} MiB, Node ${process.version}; in brackets axios unsigned`);
  const rows = {};
  for (const [name, { most }] of Object.entries(bodies)) {
    const [signed, unsigned] = [run(name, 'signed'), run(name, 'unsigned')];
    const pair = (key, digits) => `${signed[key].toFixed(digits)} (${unsigned[key].toFixed(digits)})`;
    rows[name] = {
      'took, ms': pair('tookMs', 0),
      'longest hold, ms': pair('longestMs', 1),
      'must, ms': 20,
      'extra memory': pair('extra', 2),
      must: most,
    };
  }
  console.table(rows);
  rmSync(folder, { recursive: true });
}

const [name, signs, file] = process.argv.slice(2);
if (name === undefined) report();
else await measure(name, signs === 'signed', file);
