/**
 * What signing costs, beside the peers: in one process, on the same request, in turns whose order is shuffled in each
 * round. `npm run bench` prints it; `npm run bench -- --assert` also fails where a reach is missed.
 */
import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import {
  createConfigMaker,
  createInterceptors,
  createRequester,
  createSigners,
  createSmithy,
  host,
  toSmithyRequest,
} from './contestants.mjs';

const ROUNDS = 500;
const WARM_UP_ROUNDS = 100;
// So few that other processes interrupt few of the turns, and leave the medians alone.
const CALLS_PER_TURN = 40;

// --- Is each signature right? Nobody is timed who does less.

/** Holds a signature against that of @smithy/signature-v4, of the same moment and over the same headers. */
async function verify(name, { headers }) {
  const signed = new Headers(headers);
  const names = /SignedHeaders=([^,]+)/.exec(signed.get('authorization'))?.[1].split(';') ?? [];
  const given = names.filter((header) => !header.startsWith('x-amz-')).map((each) => [each, signed.get(each) ?? host]);
  const signingDate = signed.get('x-amz-date').replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
  const referee = createSmithy(names.includes('x-amz-content-sha256'));
  const expected = await referee.sign(toSmithyRequest(Object.fromEntries(given)), {
    signingDate: new Date(signingDate),
  });
  assert.equal(signed.get('authorization'), expected.headers.authorization, `${name}: the signature is wrong`);
}

async function verifyAll(signers, interceptors) {
  // The first has no headers: it was held against signRequest's trace.
  for (const [name, sign] of Object.entries(signers).slice(1)) await verify(name, await sign());
  for (const [name, { axios, intercept }] of Object.entries(interceptors)) {
    await verify(name, await intercept(await createConfigMaker(axios)()));
  }
}

// --- The measurement.

/** Microseconds a call, for each contestant in each round: `{ name: [µs, ...] }`. */
async function race(contestants) {
  const names = Object.keys(contestants);
  const times = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const name of shuffle(names)) {
      const us = await takeTurn(contestants[name]);
      if (round >= 0) times[name].push(us);
    }
  }
  return times;
}

async function takeTurn({ call, prepare = () => undefined }) {
  const inputs = [];
  for (let i = 0; i < CALLS_PER_TURN; i++) inputs.push(await prepare());
  const startMs = performance.now();
  for (const input of inputs) {
    const result = call(input);
    if (result instanceof Promise) await result;
  }
  return ((performance.now() - startMs) * 1000) / CALLS_PER_TURN;
}

function shuffle(items) {
  const drawn = items.map((item) => [Math.random(), item]).sort(([a], [b]) => a - b);
  return drawn.map(([, item]) => item);
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** How many times as long one takes: the median of the rounds' ratios, for what slows a round slows both. */
const ratio = (times, others) => median(times.map((time, round) => time / others[round]));

// --- The report.

function print(title, times, base) {
  console.log(`\n${title}`);
  for (const [name, each] of Object.entries(times)) {
    const us = median(each).toFixed(2).padStart(8);
    console.log(`  ${name.padEnd(24)}${us} µs${ratio(each, times[base]).toFixed(2).padStart(8)} x`);
  }
}

/** Says whether a ratio is in reach, and returns whether it is. */
function judge(what, measured, { atMost = Infinity, atLeast = 0 }) {
  const isReached = measured <= atMost && measured >= atLeast;
  const reach = atLeast === 0 ? `at most ${atMost}` : `at least ${atLeast}`;
  console.log(`  ${isReached ? 'PASS' : 'MISS'}  ${what}: ${measured.toFixed(2)} x, the reach is ${reach} x`);
  return isReached;
}

const mapValues = (object, map) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));

const signers = createSigners();
const interceptors = createInterceptors();
await verifyAll(signers, interceptors);

const signing = await race(mapValues(signers, (call) => ({ call })));
const intercepting = await race(
  mapValues(interceptors, ({ axios, intercept }) => ({ prepare: createConfigMaker(axios), call: intercept })),
);
const requesting = await race({
  'axios alone': { call: createRequester(interceptors.aws4Interceptor.axios) },
  ...mapValues(interceptors, ({ axios, intercept }) => ({ call: createRequester(axios, intercept) })),
});

console.log(`Node ${process.version}, ${cpus()[0].model}; medians of ${ROUNDS} rounds of ${CALLS_PER_TURN} calls each`);
print('Signing a POST of 200 bytes, three parameters, a session token of 700 characters', signing, 'node:crypto alone');
print('The same as an interceptor of axios, its call alone', intercepting, 'aws4Interceptor');
print('The whole request of axios, to an adapter that answers at once', requesting, 'axios alone');
console.log();
const isAllReached = [
  judge('signRequest / node:crypto alone', ratio(signing.signRequest, signing['node:crypto alone']), { atMost: 2 }),
  judge('aws4 / signRequest', ratio(signing.aws4, signing.signRequest), { atLeast: 2.5 }),
  judge('aws4-axios / aws4Interceptor', ratio(intercepting['aws4-axios'], intercepting.aws4Interceptor), {
    atLeast: 4,
  }),
].every(Boolean);
if (!isAllReached && process.argv.includes('--assert')) process.exitCode = 1;
