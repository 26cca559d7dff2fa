/** Clocks: the system's, and what servers' answers tell of how far it is off. */
import { Aws4AuthError } from '../errors.js';
import { FIRST_MOMENT, LAST_MOMENT } from '../sigv4/amz-date.js';

/**
 * Gives the time, in milliseconds since the epoch.
 *
 * @example
 * const clock: Clock = () => performance.timeOrigin + performance.now();
 */
export type Clock = () => number;

/**
 * The time of the machine: `Date.now`, whatever stands in its place at the moment that it is asked. Under a test's fake
 * timers that is the fake time. Never throws.
 *
 * @example
 * aws4Interceptor({ clock: () => systemClock() + 90_000 });
 */
export const systemClock: Clock = () => Date.now();

/** The default clock stands on `globalThis` under this symbol, so that all copies of this package find the same. */
const DEFAULT_CLOCK = Symbol.for('axios-aws4auth.defaultClock');

/**
 * The clock where no option names one: what {@link replaceDefaultClock} set, else the system's. It is looked up at
 * each call, so that it does not matter whether that happened before or after an interceptor was made.
 */
export const defaultClock: Clock = () => {
  const replaced: unknown = Object.hasOwn(globalThis, DEFAULT_CLOCK) && Reflect.get(globalThis, DEFAULT_CLOCK);
  // `readClock` checks what any clock says.
  return typeof replaced === 'function' ? Number(Reflect.apply(replaced, undefined, [])) : systemClock();
};

/**
 * Makes `clock` the default one of the process: of every copy of this package in it, the ES module, the CommonJS one,
 * and those of dependencies. Where a runtime's globals are frozen, all stays as it is.
 */
export function replaceDefaultClock(clock: Clock): void {
  Reflect.defineProperty(globalThis, DEFAULT_CLOCK, { value: clock, configurable: true, writable: true });
}

/** Clocks are wrong by minutes, by an hour or by a time zone, not by more than that: 7 days, in ms. */
export const LONGEST_SKEW_MS = 7 * 24 * 3_600_000;

/**
 * A moment before which this release was not there, in ms since the epoch: a clock that stands before it was never set,
 * as after a boot in 1970. Who makes a release writes its day here; a test holds it against the CHANGELOG.
 */
export const RELEASE_MOMENT = Date.UTC(2026, 10, 25);

/**
 * A date that is less than 4 minutes off, in ms, is not the cause of a refusal: services accept dates that are 5 minutes
 * off, some 15.
 */
export const DATE_TOLERANCE_MS = 4 * 60_000;

/** The clock's time. @throws Aws4AuthError `ERR_INVALID_OPTION` where it is none */
export function readClock(clock: Clock): number {
  const now: unknown = clock();
  if (typeof now === 'number' && now >= FIRST_MOMENT && now <= LAST_MOMENT) return now;
  throw new Aws4AuthError(
    'clock: must return milliseconds since the epoch, as Date.now does, in the years 0 to 9999',
    'ERR_INVALID_OPTION',
  );
}

/** The clock's time, or `otherwiseMs` where the clock fails: for where that must not fail anything else. */
export function readClockOr(clock: Clock, otherwiseMs: number): number {
  try {
    return readClock(clock);
  } catch {
    return otherwiseMs;
  }
}

/** The time for one server: `now` with the skew that was learned of it, `uncorrected` as the clock tells it. */
export interface CorrectedClock {
  readonly now: Clock;
  readonly uncorrected: Clock;
}

/** When a request was sent and answered, by the clock. */
export interface Exchange {
  readonly sentMs: number;
  readonly receivedMs: number;
}

/**
 * How far a server's clock is ahead of ours (negative: behind), in milliseconds, by the `Date` of its answer. The
 * server wrote that between our sending and receiving, so that the skew lies in a range. The assumed skew is kept if it
 * lies there too; else it is the nearest bound.
 *
 * @param serverMs the server's date, which has whole seconds
 * @param assumedSkewMs the skew that was known before; 0 without one
 */
export function measureSkew(serverMs: number, { sentMs, receivedMs }: Exchange, assumedSkewMs: number): number {
  const least = serverMs - Math.max(sentMs, receivedMs);
  const most = serverMs + 999 - Math.min(sentMs, receivedMs);
  return Math.min(Math.max(assumedSkewMs, least), most);
}

/**
 * A server's date where it can be right: within 7 days of ours. A clock that was never set knows no better, and takes
 * what a server says; any other one would date signatures for a far future, at the word of whoever answers.
 */
export function believeDate(serverMs: number | undefined, exchange: Exchange): number | undefined {
  if (serverMs === undefined) return undefined;
  const wasNeverSet = Math.min(exchange.sentMs, exchange.receivedMs) < RELEASE_MOMENT;
  return wasNeverSet || Math.abs(measureSkew(serverMs, exchange, 0)) <= LONGEST_SKEW_MS ? serverMs : undefined;
}

/** More origins than a client speaks to. Beyond that, the skew that was learned first is forgotten. */
const MAX_ORIGINS = 1000;

/** How far the clocks of servers are ahead of ours, as their answers told, by origin. */
export class LearnedSkews {
  readonly #skewsMs = new Map<string, number>();

  /** Whether there is anything that could need to be corrected. */
  get isEmpty(): boolean {
    return this.#skewsMs.size === 0;
  }

  /** In milliseconds; 0 where nothing was learned. */
  read(origin: string): number {
    return this.isEmpty ? 0 : (this.#skewsMs.get(origin) ?? 0);
  }

  /** Keeps what was learned of an origin; a skew of less than a second, the precision of dates, is none. */
  learn(origin: string, skewMs: number): void {
    this.#skewsMs.delete(origin);
    if (Math.abs(skewMs) < 1000) return;
    this.#skewsMs.set(origin, skewMs);
    const [oldest] = this.#skewsMs.keys();
    if (this.#skewsMs.size > MAX_ORIGINS && oldest !== undefined) this.#skewsMs.delete(oldest);
  }
}
