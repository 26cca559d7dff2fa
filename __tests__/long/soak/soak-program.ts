/** The program of a soak's process, which can collect garbage: runs the days, and tells what came of them. */
import { setImmediate } from 'node:timers/promises';
import * as incidents from './incidents.js';
import { DAY_MS, MINUTE_MS } from './simulated-time.js';
import { createSoak, CROWD, passTime, passUntilAge, report, sendRound, type Soak } from './soak.js';
import type { Mood } from './token-service.js';

export interface SoakReport {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly incidents: Readonly<Record<string, number>>;
  readonly mostInFlight: number;
  readonly requests: number;
  readonly lost: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly calls: Readonly<Record<Mood, number>>;
  /** What is in use after a garbage collection, at the end of every fifth day. */
  readonly heapBytes: readonly number[];
}

const EVERY: readonly (readonly [name: string, run: incidents.Incident])[] = [
  ['the end of a life', incidents.endOfLife],
  ['the last quarter of a life', incidents.lastQuarter],
  ['idleness', incidents.idleness],
  ['a revocation', incidents.revocation],
  ['an outage at the end', incidents.outageAtTheEnd],
  ['an outage in time', incidents.outageInTime],
  ['a hanging call', incidents.hangingCall],
  ['a late answer', incidents.lateAnswer],
  ['a short life', incidents.shortLife],
  ['a fast clock', incidents.clockStep(50)],
  ['a slow clock', incidents.clockStep(-50)],
  ['a clock that is hours fast', incidents.clockStep(3 * 60)],
  ['a clock that is hours slow', incidents.clockStep(-3 * 60)],
  ['an answer that takes hours', incidents.longFlight],
  ['a clock behind the end', incidents.clockBehindTheEnd],
  ['a clock that is slow by minutes', incidents.slowClock],
  ['seven minutes of frost before sending', incidents.frozenBeforeSending(7, 5)],
  ['twenty minutes of frost before sending', incidents.frozenBeforeSending(20)],
  ['half an hour of frost before sending', incidents.frozenBeforeSending(30)],
  ['frost beyond the end of a life', incidents.frozenBeyondTheEnd],
  ['half an hour of frost in loading', incidents.frozenInLoading(30)],
  ['frost in loading for more than a life', incidents.frozenInLoading(70)],
  ['a fast clock and a cached set', incidents.fastClockAndCachedSet],
  ['a server that refuses every token', incidents.refusingServer],
];

async function run(seed: number, days: number): Promise<SoakReport> {
  loadSourceMaps();
  const soak = await createSoak(seed);
  const { time, tokens, traffic, random, totals } = soak;
  const counts: Record<string, number> = {};
  const heapBytes: number[] = [];
  let ahead: (typeof EVERY)[number][] = [];
  try {
    await sendRound(soak, CROWD, { calls: 1, isSignedWithNewest: true });
    for (let day = 1; day <= days; day += 1) {
      if (ahead.length === 0) ahead = random.shuffle(EVERY);
      const [name, meet] = ahead.pop() ?? [];
      soak.incident = name ?? '';
      await passTime(soak, time.startMs + (day - 1) * DAY_MS + random.between(0, 8 * 60) * MINUTE_MS);
      await meet?.(soak);
      counts[soak.incident] = (counts[soak.incident] ?? 0) + 1;
      await passTime(soak, time.startMs + day * DAY_MS);
      if (day % 5 === 0) heapBytes.push(await measureHeap(soak));
    }
  } catch (error) {
    report(soak, String(error instanceof Error ? error.stack : error));
  }
  await traffic.close();
  for (const violation of traffic.violations) report(soak, violation);
  return {
    seed,
    violations: soak.violations,
    incidents: counts,
    mostInFlight: traffic.mostInFlight(),
    requests: traffic.countRequests(),
    ...totals,
    calls: tokens.calls,
    heapBytes,
  };
}

/** Node reads them when a stack is first asked for, in whatever incident that is: that would count as growth. */
function loadSourceMaps(): void {
  if (new Error('No error').stack === undefined) throw new Error('Node gives no stacks');
}

/** Always at the same point: no request in flight, no connection, and a set of the same age. */
async function measureHeap(soak: Soak): Promise<number> {
  await passUntilAge(soak, 10);
  soak.traffic.disconnect();
  for (let turn = 0; turn < 4; turn += 1) {
    await setImmediate();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

const [seed, days] = process.argv.slice(2).map(Number);
if (seed === undefined || days === undefined) throw new Error('pass a seed, and how many days');
process.send?.(await run(seed, days));
