/**
 * The credentials that a provider gives: kept while they last, asked for again in time, by one call for all who wait.
 */
import { readClock, readClockOr, type Clock, type CorrectedClock } from '../time/clock.js';
import { assertBelievable, isBelievable, isLonger } from './believable-set.js';
import { isAlive, isSameSet, readSet, type CredentialSet } from './credential-set.js';
import { CredentialsError } from '../errors.js';
import {
  delayRetry,
  FORCED_PATIENCE_MS,
  limitForcedRefreshes,
  PATIENCE_MS,
  planRefresh,
  type PlanRefresh,
  type RefreshWindows,
} from './refresh-timing.js';
import { createSharedAnswer, follow, makeLeavable, type SharedAnswer, type Waiting } from './shared-answer.js';
import { platform } from '#platform';

/** A provider as it is called: what it gives is checked. */
export interface AnyProvider {
  (request?: { readonly forceRefresh?: boolean }): unknown;
  /** What it is called where it is told of; by default a provider. */
  readonly title?: string;
  /** Why each place where the last call looked had none. */
  readonly listTried?: () => readonly string[];
}

/** Says who failed, and why: no secret is in it. */
export type NameFailure = (cause: unknown, provider: AnyProvider) => string;

/** A call of the provider that is on its way. */
interface Flight {
  /** The time of whoever started it: others that share the provider have clocks of their own. */
  readonly time: CorrectedClock;
  readonly startedMs: number;
  readonly isForced: boolean;
  /** What all who wait get: the answer of this call, or of another, where this one was given up. */
  readonly answer: SharedAnswer<CredentialSet>;
}

interface HeldSet extends CredentialSet {
  readonly expiresAtMs: number;
  /**
   * When to refresh it. `undefined` for a set that looked expired when it arrived, until a request comes by whose clock
   * it is alive.
   */
  readonly windows: RefreshWindows | undefined;
  /** Whether it looked expired when it arrived, and a forced refresh gave nothing better. */
  readonly isInsisted: boolean;
}

/**
 * The source of what one provider gives.
 *
 * A set may look expired even after a forced refresh. It is used nevertheless, as the AWS SDK does: the provider
 * insists on it, so our clock may be hours fast, and only the server can tell. The server's answer corrects the clock,
 * or says that the token has expired. (An object that has expired is refused: it has no provider that insists.) As long
 * as the set looks expired, no request waits for the provider, which is asked in the background with growing pauses.
 * Requests by whose clock the set is alive notice nothing.
 */
export class ProvidedCredentials {
  readonly #provider: AnyProvider;
  readonly #name: NameFailure;
  readonly #plan: PlanRefresh;
  readonly #mayForce = limitForcedRefreshes();
  #held: HeldSet | undefined;
  /** What was given last, where it had no expiration: then the provider is asked before each request. */
  #unending: CredentialSet | undefined;
  #flight: Flight | undefined;
  /** How often in a row the provider failed, or gave a set that looks expired. */
  #failures = 0;
  /** A pause in which the provider is not asked in the background. */
  #pause: { readonly clock: Clock; readonly sinceMs: number; readonly forMs: number } | undefined;

  constructor(provider: AnyProvider, name: NameFailure, plan = planRefresh) {
    this.#provider = provider;
    this.#name = name;
    this.#plan = plan;
  }

  load(time: CorrectedClock): CredentialSet | Waiting<CredentialSet> {
    if (this.#unending !== undefined) return makeLeavable(this.#askAndKeep(time));
    const held = this.#held;
    if (held === undefined) return this.#loadFirst(time);
    const nowMs = readClock(time.now);
    const isInDoubt = nowMs >= held.expiresAtMs && this.#mayUseExpired(held, time);
    const windows = held.windows ?? this.#plan(held.expiresAtMs, nowMs);
    const isDue = !isInDoubt && nowMs >= windows.mandatoryMs;
    if (held.windows === undefined && !isInDoubt) this.#held = { ...held, windows };

    const flight = this.#flight;
    if (flight?.isForced === true && isYounger(flight, FORCED_PATIENCE_MS)) {
      return follow(flight.answer.wait(), takeAnswer, (reason) => {
        if (isDue) throw reason;
        return held;
      });
    }
    if (isDue) return this.#join(time);
    if ((isInDoubt || nowMs >= windows.advisoryMs) && this.#mayAsk()) this.#startCall(time);
    return held;
  }

  /**
   * Whether to use a set that has expired by this clock. If it was alive by some clock before, it may really have
   * expired since: requests then wait for another one, but not while a pause lasts.
   */
  #mayUseExpired(held: HeldSet, time: CorrectedClock): boolean {
    if (!held.isInsisted || !isBelievable(held, time)) return false;
    return held.windows === undefined || !this.#mayAsk();
  }

  replace(refused: CredentialSet, time: CorrectedClock): CredentialSet | Waiting<CredentialSet> {
    const current = this.#held ?? this.#unending;
    if (current !== undefined && !isSameSet(current, refused)) return this.load(time);
    const flight = this.#flight;
    if (flight === undefined || flight.isForced || !isYounger(flight, PATIENCE_MS)) return this.#force(refused, time);
    // A call that had begun before may be answered from the provider's own cache.
    return follow(flight.answer.wait(), (answer) =>
      isSameSet(answer, refused) ? this.#force(refused, flight.time) : answer,
    );
  }

  /**
   * Forces a refresh. The held set stays until another arrives, and if none does, since other servers may accept it.
   */
  #force(refused: CredentialSet, time: CorrectedClock): CredentialSet | Waiting<CredentialSet> {
    const flight = this.#flight;
    if (flight?.isForced === true && isYounger(flight, PATIENCE_MS)) return flight.answer.wait();
    return this.#mayForce(time.uncorrected) ? this.#join(time, true) : refused;
  }

  /**
   * Loads the first set. If it turns out to have no `expiration`, each further request that waited asks for itself. The
   * callback uses the time of the call and not of the request, which a provider that never answers would keep in
   * memory.
   */
  #loadFirst(time: CorrectedClock): Waiting<CredentialSet> {
    const isJoining = this.#flight !== undefined;
    const flight = this.#startCall(time);
    if (!isJoining) return flight.answer.wait();
    return follow(flight.answer.wait(), (set) =>
      set.expiresAtMs === undefined ? makeLeavable(this.#askAndKeep(flight.time)) : set,
    );
  }

  /** Whether no pause lasts. */
  #mayAsk(): boolean {
    const pause = this.#pause;
    return pause === undefined || Math.abs(readClock(pause.clock) - pause.sinceMs) >= pause.forMs;
  }

  /** Waits for the call that is under way, or for a new one. */
  #join(time: CorrectedClock, isForced = false): Waiting<CredentialSet> {
    const { answer } = this.#startCall(time, isForced);
    return answer.wait();
  }

  /**
   * The call that is under way, or a new one where there is none or it has taken too long. Whoever waits for the old
   * call gets the answer of whichever comes first.
   */
  #startCall(time: CorrectedClock, isForced = false): Flight {
    const current = this.#flight;
    if (current !== undefined && isYounger(current, PATIENCE_MS)) return current;
    const flight = {
      time,
      startedMs: readClock(time.uncorrected),
      isForced,
      answer: current?.answer ?? createSharedAnswer<CredentialSet>(),
    };
    this.#flight = flight;
    void this.#fly(flight);
    return flight;
  }

  async #fly(flight: Flight): Promise<void> {
    try {
      const asked = await this.#ask(flight.time, flight.isForced);
      // A call that was given up may still answer, with a set that is older than the one held by then.
      const isLate = this.#flight !== flight && !isLonger(asked.set, this.#held);
      if (!isLate) this.#keep(asked, flight.time);
      if (this.#flight?.answer === flight.answer) this.#flight = undefined;
      flight.answer.resolve(isLate && this.#held !== undefined ? this.#held : asked.set);
    } catch (error) {
      platform.debugLog?.providerFailed(error);
      if (this.#flight !== flight) return;
      this.#flight = undefined;
      if (this.#held !== undefined) this.#startPause(flight.time.uncorrected, flight.startedMs, this.#held.windows);
      flight.answer.reject(error);
    }
  }

  async #askAndKeep(time: CorrectedClock): Promise<CredentialSet> {
    const asked = await this.#ask(time);
    this.#keep(asked, time);
    return asked.set;
  }

  /**
   * Asks the provider. If the result looks expired, it may come from a stale cache of the provider's, which is asked
   * again with `forceRefresh`. If the result still looks expired, our clock may be wrong: the set is used, and the
   * server's answer tells. The same set again is refused where it is dead by any clock.
   */
  async #ask(time: CorrectedClock, isForced = false): Promise<Asked> {
    const given = readSet(await this.#call(isForced));
    if (isAlive(given, time.now)) return { set: given, isInsisted: false };
    const set = isForced ? given : readSet(await this.#call(true));
    if (isAlive(set, time.now)) return { set, isInsisted: false };
    const earlier = isForced ? this.#held : given;
    if (earlier !== undefined && isSameSet(set, earlier)) assertBelievable(set, time);
    return { set, isInsisted: true };
  }

  async #call(isForced: boolean): Promise<unknown> {
    platform.debugLog?.providerAsked(this.#provider, isForced);
    try {
      return await (isForced ? this.#provider({ forceRefresh: true }) : this.#provider());
    } catch (cause) {
      if (cause instanceof CredentialsError) throw cause;
      throw new CredentialsError(`credentials: ${this.#name(cause, this.#provider)}`, { cause });
    }
  }

  #keep({ set, isInsisted }: Asked, { now, uncorrected }: CorrectedClock): void {
    platform.debugLog?.providerAnswered(this.#provider, set);
    const { expiresAtMs } = set;
    this.#unending = expiresAtMs === undefined ? set : undefined;
    if (expiresAtMs === undefined) this.#held = undefined;
    else if (isInsisted) {
      this.#held = { ...set, expiresAtMs, windows: undefined, isInsisted };
      this.#startPause(uncorrected, 0, undefined);
      return;
    } else {
      this.#held = { ...set, expiresAtMs, windows: this.#plan(expiresAtMs, readClock(now)), isInsisted };
    }
    this.#failures = 0;
    this.#pause = undefined;
  }

  /** Starts a pause, longer after each failure in a row. */
  #startPause(clock: Clock, otherwiseMs: number, windows: RefreshWindows | undefined): void {
    this.#failures += 1;
    this.#pause = { clock, sinceMs: readClockOr(clock, otherwiseMs), forMs: delayRetry(this.#failures, windows) };
  }
}

/** What the provider gave. */
interface Asked {
  readonly set: CredentialSet;
  readonly isInsisted: boolean;
}

const takeAnswer = (set: CredentialSet): CredentialSet => set;

/** Whether a call started less than so long ago, by its own clock, which may have been set back since. */
function isYounger({ time, startedMs }: Flight, thanMs: number): boolean {
  return Math.abs(readClock(time.uncorrected) - startedMs) < thanMs;
}
