/**
 * What large bodies cost beside their hash: how long the event loop is held, and how much memory is taken beyond the
 * body's own. `npm run bench:bodies` sends 64 MiB of each kind, each in a process of its own, to an adapter that reads a
 * stream to its end, keeps nothing, and answers; `BODY_MIB=16` sends less.
 *
 * The memory is the highest resident set meanwhile less that before, as a multiple of the body's size. A body's own is
 * what it takes unsigned. A body that is in memory beforehand takes nothing more. A stream that makes its chunks while it
 * is read takes half of its size, and on Node 24 more, even where each chunk is dropped at once: V8 collects such garbage
 * only when 32 MiB or more have come. That is there in both runs, though signing brings the collector sooner, so that the
 * difference of the two flatters. What reading and keeping a stream takes by itself is seen where its chunks are in
 * memory beforehand.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, createReadStream, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BYTES = Number(process.env.BODY_MIB ?? 64) * 2 ** 20;
const CHUNK_BYTES = 2 ** 16;
const RUNS = 3;
const toMib = (bytes) => Math.round(bytes / 2 ** 20);

function* chunks() {
  for (let made = 0; made < BYTES; made += CHUNK_BYTES) yield Buffer.alloc(CHUNK_BYTES, 0x61);
}

/** Chunks that are in memory until the process ends. */
const kept = [];
const keepChunks = () => {
  kept.push(...chunks());
  return kept;
};

/** Each kind of body, with its share of the memory that it may take beyond its own. */
const bodies = {
  Buffer: { most: 0.3, make: () => Buffer.alloc(BYTES, 0x61) },
  'ASCII string': { most: 0.5, make: () => Buffer.alloc(BYTES, 0x61).toString('latin1') },
  'string beyond ASCII': { most: 0.5, make: () => Buffer.alloc(BYTES, 'é').toString() },
  Blob: { most: 0.5, make: () => new Blob([...chunks()]) },
  'Node stream in memory': { most: 1.2, make: () => Readable.from(keepChunks(), { objectMode: false }) },
  'web stream in memory': { most: 1.2, make: () => ReadableStream.from(keepChunks()) },
  'Node stream of new chunks': { most: 1.2, make: () => Readable.from(chunks(), { objectMode: false }) },
  'web stream of new chunks': { most: 1.2, make: () => ReadableStream.from(chunks()) },
  'file stream': { most: 1.2, make: (file) => createReadStream(file) },
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

/** Reads what is a stream to its end, as sending does, and lets the event loop go on after each chunk. */
async function drain(data) {
  if (data instanceof Readable) {
    data.on('data', async () => {
      data.pause();
      await setImmediate();
      data.resume();
    });
    await once(data, 'end');
  } else if (data instanceof ReadableStream) {
    const reader = data.getReader();
    while (!(await reader.read()).done) await setImmediate();
  }
}

/** Sends a body and prints its figures; those of axios unsigned with `unsigned`. */
async function measure(name, signs, file) {
  const requireBuilt = createRequire(new URL('../dist/', import.meta.url));
  const axios = requireBuilt('axios');
  const { aws4Interceptor } = requireBuilt('./index.cjs');
  const adapter = async (config) => {
    await drain(config.data);
    return { data: '', status: 200, statusText: 'OK', headers: {}, config };
  };
  const client = axios.create({ adapter, headers: { 'Content-Type': null } });
  if (signs) {
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    client.interceptors.request.use(aws4Interceptor({ region: 'eu-west-1', service: 's3', credentials }));
  }
  const url = 'https://example-bucket.s3.eu-west-1.amazonaws.com/key';
  await client.put(url, 'warm');
  const body = bodies[name].make(file);
  // V8 gives the memory of what was collected back beside the main thread.
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc();
    await setTimeout(20);
  }

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
  // What else the machine does makes a run only longer. Memory is told as of the run that took the most.
  const run = (name, signs) => {
    const runs = Array.from({ length: RUNS }, () => runOnce(name, signs));
    const list = (key) => runs.map((each) => each[key]);
    return {
      tookMs: Math.min(...list('tookMs')),
      longestMs: Math.min(...list('longestMs')),
      extra: Math.max(...list('extra')),
    };
  };
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
      'beyond its own': (signed.extra - unsigned.extra).toFixed(2),
      must: most,
    };
  }
  console.table(rows);
  rmSync(folder, { recursive: true });
}

const [name, signs, file] = process.argv.slice(2);
if (name === undefined) report();
else await measure(name, signs === 'signed', file);
