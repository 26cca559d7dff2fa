/**
 * The measurement: contestants run in one process, in turns whose order is shuffled in each round. A turn is many calls
 * after a full garbage collection, and its cost is CPU time, of the collector's threads too. Of the rounds' ratios the
 * median counts: what else the machine does slows all turns of a round alike.
 */
const CALLS_A_TURN = 5000;

/**
 * Microseconds of CPU a call, for each contestant in each round after the warm-up: `{ name: [us, ...] }`.
 *
 * @param contestants `{ name: call }`, where what a call returns is awaited if it is a promise
 */
export async function race(contestants, { rounds, warmUpRounds = 2, warmUpCalls = 2000, calls = CALLS_A_TURN }) {
  const names = Object.keys(contestants);
  const costs = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUpRounds; round < rounds; round++) {
    for (const name of shuffle(names)) {
      const us = await takeTurn(contestants[name], warmUpCalls, calls);
      if (round >= 0) costs[name].push(us);
    }
  }
  return costs;
}

async function takeTurn(call, warmUpCalls, calls) {
  globalThis.gc();
  // A full collection takes compiled code with it: it is compiled again before the clock starts.
  await callAgain(call, warmUpCalls);
  const start = process.cpuUsage();
  await callAgain(call, calls);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / calls;
}

async function callAgain(call, times) {
  for (let i = 0; i < times; i++) {
    const result = call();
    if (result instanceof Promise) await result;
  }
}

function shuffle(items) {
  const drawn = items.map((item) => [Math.random(), item]).sort(([a], [b]) => a - b);
  return drawn.map(([, item]) => item);
}

/** How many times as much one costs as another. */
export const ratio = (costs, others) => median(costs.map((us, round) => us / others[round]));

/** What one costs more than another, round by round. */
export const added = (costs, others) => costs.map((us, round) => us - others[round]);

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
