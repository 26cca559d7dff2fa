/** One soak: the time that it moves, the rounds of requests in it, and what each round has to come to. */
import { createRandom, type SeededRandom } from './seeded-random.js';
import { createTime, DAY_MS, MINUTE_MS, type SimulatedTime } from './simulated-time.js';
import { createTokenService, type TokenService } from './token-service.js';
import { createTraffic, KINDS_COUNT, type Flight, type Round, type Traffic } from './traffic.js';

/** What has to come of a round; what is not said is none. */
export interface Expected {
  /** How many requests are lost to the provider's failure. */
  readonly credentials?: number;
  /** How many are lost since the server's refusal does not say that it could be healed. */
  readonly refused?: number;
  /** Calls of the provider, exactly or from least to most. */
  readonly calls?: number | readonly [least: number, most: number];
  /** Refusals by the server; all but `refused` are healed. */
  readonly refusals?: number | readonly [least: number, most: number];
  /** Whether all is signed with the set that was given last. */
  readonly isSignedWithNewest?: boolean;
}

export interface Soak {
  readonly time: SimulatedTime;
  readonly tokens: TokenService;
  readonly traffic: Traffic;
  readonly random: SeededRandom;
  /** What is going on, for whoever reads of a violation. */
  incident: string;
  /** Whether a set may be in use that was got when the clock was wrong: its last quarter was then reckoned wrongly. */
  isClockInDoubt: boolean;
  readonly violations: string[];
  /** Sums over all rounds. */
  readonly totals: { lost: number; refusals: Record<string, number> };
}

/** As many requests are in flight at once in each incident. */
export const CROWD = 200;
/** Enough to have each kind sent by each client. */
export const SOME = 2 * KINDS_COUNT;

export async function createSoak(seed: number): Promise<Soak> {
  const time = createTime();
  const tokens = createTokenService(time);
  const traffic = await createTraffic(time, tokens);
  const totals = { lost: 0, refusals: {} };
  return {
    time,
    tokens,
    traffic,
    random: createRandom(seed),
    incident: 'the start',
    isClockInDoubt: false,
    violations: [],
    totals,
  };
}

/** Sends requests at once, and holds what comes of them against what has to. */
export async function sendRound(soak: Soak, count: number, expected: Expected): Promise<Round> {
  return land(soak, count, await soak.traffic.start(count), expected);
}

export async function land(soak: Soak, count: number, { landed }: Flight, expected: Expected): Promise<Round> {
  const { traffic, tokens, totals } = soak;
  const round = await orStuck(landed);
  // A call in the background may take longer than the requests.
  await tokens.settle();
  const { credentials = 0, refused = 0, calls = 0, refusals = 0, isSignedWithNewest = false } = expected;
  const { endings } = round;
  const refusalCount = Object.values(round.refusals).reduce((sum, each) => sum + each, 0);
  const hold = (what: string, actual: number, due: Expected['calls'] & {}): void => {
    const [least, most] = typeof due === 'number' ? [due, due] : due;
    if (actual >= least && actual <= most) return;
    report(soak, `${String(count)} requests: ${what} were ${String(actual)}, not ${[least, most].join(' to ')}`);
  };
  hold('those that ended in 200', endings.ok, count - credentials - refused);
  hold("those lost to the provider's failure", endings.credentials, credentials);
  hold('those lost to a refusal', endings.refused, refused);
  hold('calls of the provider', round.calls, calls);
  hold('refusals by the server', refusalCount, refusals);
  const newest = tokens.newest().accessKeyId;
  if (isSignedWithNewest && round.acceptedKeys.join() !== newest) {
    report(soak, `requests were signed with ${round.acceptedKeys.join()}, not ${newest}`);
  }
  for (const violation of [...traffic.violations.splice(0), ...tokens.violations.splice(0)]) report(soak, violation);
  totals.lost += credentials + refused;
  for (const [code, each] of Object.entries(round.refusals))
    totals.refusals[code] = (totals.refusals[code] ?? 0) + each;
  return round;
}

/** A guard, so that requests that are never answered end the soak with a word. */
export async function orStuck<T>(awaited: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('requests are never answered'));
    }, 5 * MINUTE_MS);
  });
  return Promise.race([awaited, stuck]).finally(() => {
    clearTimeout(timer);
  });
}

export function report({ time, incident, violations }: Soak, violation: string): void {
  const day = Math.floor((time.rightMs - time.startMs) / DAY_MS) + 1;
  violations.push(`day ${String(day)}, ${incident}: ${violation}`);
}

/** How old the newest set is, by the right time. */
export function ageMs({ time, tokens }: Soak): number {
  return time.rightMs - tokens.newest().issuedMs;
}

/**
 * Lets time pass with a request every some minutes, and the provider well. It is asked when the set is in its last
 * quarter, at most 15 minutes, give or take the drift of the clock, and not before.
 */
export async function passTime(soak: Soak, untilMs: number): Promise<void> {
  const { time, tokens, random } = soak;
  while (time.rightMs < untilMs) {
    time.rightMs = Math.min(untilMs, time.rightMs + random.between(11, 14) * MINUTE_MS);
    const leftMs = tokens.newest().expiresMs - time.rightMs;
    const calls = leftMs > 17.5 * MINUTE_MS ? 0 : ([0, 1] as const);
    await sendRound(soak, 1, { calls, refusals: soak.isClockInDoubt ? [0, 1] : 0 });
  }
}

/** Lets time pass until the newest set has an age; it must be one at which the set is not asked for again yet. */
export async function passUntilAge(soak: Soak, minutes: number): Promise<void> {
  const { time, tokens } = soak;
  while (ageMs(soak) > minutes * MINUTE_MS) await passTime(soak, time.rightMs + 10 * MINUTE_MS);
  await passTime(soak, tokens.newest().issuedMs + minutes * MINUTE_MS);
}

/** Lets time pass without a request until the newest set has an age. */
export async function sleepUntilAge(soak: Soak, minutes: number): Promise<void> {
  await passUntilAge(soak, Math.min(minutes, 30));
  soak.time.rightMs = soak.tokens.newest().issuedMs + minutes * MINUTE_MS;
}
