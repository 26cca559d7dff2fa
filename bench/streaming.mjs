/**
 * What signed chunks cost: 1 GiB through axios's http adapter to a server of another process, beside the same bytes cut,
 * hashed and framed without signatures; and how much the memory grows meanwhile. `npm run bench:streaming`.
 */
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { aws4Interceptor } from '../dist/index.js';

const BYTES = Number(process.env.BENCH_BYTES ?? 2 ** 30);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CHUNK = 64 * 1024;
const MIB = 2 ** 20;

/** Buffers of their own, as a file's stream gives them. */
async function* generate() {
  for (let left = BYTES; left > 0; left -= CHUNK) yield Buffer.alloc(Math.min(CHUNK, left), left % 251);
}

async function* frameUnsigned() {
  for await (const bytes of generate()) {
    const hash = createHash('sha256').update(bytes).digest('hex');
    yield Buffer.concat([
      Buffer.from(`${bytes.length.toString(16)};chunk-signature=${hash}\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ]);
  }
  yield Buffer.from('0\r\n\r\n');
}

async function measure(send) {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let highest = before;
  const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage().rss)), 20);
  const cpu = process.cpuUsage();
  const started = performance.now();
  await send();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(timer);
  return { seconds, cpuSeconds: (user + system) / 1e6, grownMiB: (highest - before) / MIB };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function run(baseURL) {
  const options = {
    service: 's3',
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    payload: 'streaming',
  };
  const signed = axios.create({ baseURL, headers: { 'Content-Length': String(BYTES) } });
  signed.interceptors.request.use(aws4Interceptor(options));
  const plain = axios.create({ baseURL, maxRedirects: 0 });
  const ways = {
    'framed, hashed, unsigned': (adapter) => plain.put('/b/k', Readable.from(frameUnsigned()), withAdapter(adapter)),
    'signed chunks': (adapter) => signed.put('/b/k', Readable.from(generate()), withAdapter(adapter)),
    'signed chunks, crc32': (adapter) =>
      signed.put('/b/k', Readable.from(generate()), { ...withAdapter(adapter), aws4: { checksum: 'crc32' } }),
  };
  for (const adapter of ['http', 'fetch']) {
    const results = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, send] of Object.entries(ways)) results[name].push(await measure(() => send(adapter)));
    }
    const base = median(results['framed, hashed, unsigned'].map(({ cpuSeconds }) => cpuSeconds));
    for (const [name, all] of Object.entries(results)) {
      const cpu = median(all.map(({ cpuSeconds }) => cpuSeconds));
      const rate = BYTES / MIB / median(all.map(({ seconds }) => seconds));
      const grown = Math.max(...all.map(({ grownMiB }) => grownMiB));
      const line = `${adapter}: ${name.padEnd(26)} ${rate.toFixed(0).padStart(5)} MiB/s, ${cpu.toFixed(2)} s CPU`;
      console.log(`${line}, rate by CPU ${((100 * base) / cpu).toFixed(0)} %, memory +${grown.toFixed(0)} MiB`);
    }
  }
}

const withAdapter = (adapter) =>
  adapter === 'fetch' ? { adapter, fetchOptions: { redirect: 'error', duplex: 'half' } } : { adapter };

if (process.argv[2] === 'server') {
  const server = createServer((request, response) => {
    request.on('end', () => response.end()).resume();
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
  process.on('disconnect', () => process.exit());
} else {
  const server = fork(fileURLToPath(import.meta.url), ['server']);
  server.once('message', async (port) => {
    await run(`http://127.0.0.1:${port}`);
    server.disconnect();
  });
}
