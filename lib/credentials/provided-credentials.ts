/** The credentials that a provider gives: kept while they last, asked for again in time, by one call for all who wait. */
import { readClock, readClockOr, type Clock, type CorrectedClock } from '../time/clock.js';
import {
  assertBelievable,
  isAlive,
  isBelievable,
  isLonger,
  isSameSet,
  readSet,
  type CredentialSet,
} from './credential-set.js';
import { CredentialsError } from '../errors.js';
import { delayRetry, limitForcedRefreshes, planRefresh, type RefreshWindows } from './refresh-windows.js';
import { createSharedAnswer, follow, makeLeavable, type SharedAnswer, type Waiting } from './shared-answer.js';

/** A provider as it is called: what it gives is checked. */
export interface AnyProvider {
  (request?: { readonly forceRefresh?: boolean }): unknown;
  /** Why each place where the last call looked had none. */
  readonly listTried?: () => readonly string[];
}

/** Says who failed, and why: no secret is in it. */
export type NameFailure = (cause: unknown, provider: AnyProvider) => string;

/** A provider that has not answered for so long is asked again by the next request; it may still answer. */
const PATIENCE_MS = 60_000;

/** For so long, requests wait for a forced refresh, though there is a set that may still be good elsewhere. */
const FORCED_PATIENCE_MS = 5000;

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
  /** `undefined` until a clock shows how long it lives, where it seemed dead when it came. */
  readonly windows: RefreshWindows | undefined;
  /** Whether it seemed dead when it came, and the provider gave nothing better when it was told to fetch anew. */
  readonly isInsisted: boolean;
}

/**
 * The source of what one provider gives.
 *
 * A set that seems dead, where the provider gives nothing better when it is told to fetch anew, is used, as the AWS SDK
 * does: the provider insists on it, so it may well be the clock that is hours fast, and only the server can tell. Its
 * answer sets the clock right, or says that the token has expired. (For an object that its owner says is over there is
 * no such witness, and nobody to ask: it is refused.) While that lasts, nobody waits for the provider: it is asked in
 * the background, ever more seldom, and by a clock by which the set lives all goes on as ever.
 */
export class ProvidedCredentials {
  readonly #provider: AnyProvider;
  readonly #name: NameFailure;
  readonly #mayForce = limitForcedRefreshes();
  #held: HeldSet | undefined;
  /** What was given last, where it had no expiration: then the provider is asked before each request. */
  #unending: CredentialSet | undefined;
  #flight: Flight | undefined;
  /** How often in a row the provider failed, or gave what seems dead. */
  #failures = 0;
  /** Since when, and for how long, the provider is not asked in the background. */
  #pause: { readonly clock: Clock; readonly sinceMs: number; readonly forMs: number } | undefined;

  constructor(provider: AnyProvider, name: NameFailure) {
    this.#provider = provider;
    this.#name = name;
  }

  load(time: CorrectedClock): CredentialSet | Waiting<CredentialSet> {
    if (this.#unending !== undefined) return makeLeavable(this.#askAndKeep(time));
    const held = this.#held;
    if (held === undefined) return this.#loadFirst(time);
    const nowMs = readClock(time.now);
    const isInDoubt = nowMs >= held.expiresAtMs && this.#maySeemDead(held, time);
    const windows = held.windows ?? planRefresh(held.expiresAtMs, nowMs);
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
   * Whether a set may be used that has ended by this clock. Where a clock has shown that it lives, it may really have
   * ended since, and is waited for; but no more often than what is asked for in the background.
   */
  #maySeemDead(held: HeldSet, time: CorrectedClock): boolean {
    if (!held.isInsisted || !isBelievable(held, time)) return false;
    return held.windows === undefined || !this.#mayAsk();
  }

  replace(refused: CredentialSet, time: CorrectedClock): CredentialSet | Waiting<CredentialSet> {
    const current = this.#held ?? this.#unending;
    if (current !== undefined && !isSameSet(current, refused)) return this.load(time);
    const flight = this.#flight;
    if (flight === undefined || flight.isForced || !isYounger(flight, PATIENCE_MS)) return this.#force(refused, time);
    // A call that was on its way already may bring what the provider has in a cache of its own.
    return follow(flight.answer.wait(), (answer) =>
      isSameSet(answer, refused) ? this.#force(refused, flight.time) : answer,
    );
  }

  /** What is held stays, since it may be good elsewhere: it is replaced by what comes, and by no failure. */
  #force(refused: CredentialSet, time: CorrectedClock): CredentialSet | Waiting<CredentialSet> {
    const flight = this.#flight;
    if (flight?.isForced === true && isYounger(flight, PATIENCE_MS)) return flight.answer.wait();
    return this.#mayForce(time.uncorrected) ? this.#join(time, true) : refused;
  }

  /**
   * Until the first answer nobody knows whether it will last: those who wait ask for themselves if it does not. What
   * they leave behind with a provider that hangs knows only the time of the call, not of their requests.
   */
  #loadFirst(time: CorrectedClock): Waiting<CredentialSet> {
    const isJoining = this.#flight !== undefined;
    const flight = this.#startCall(time);
    if (!isJoining) return flight.answer.wait();
    return follow(flight.answer.wait(), (set) =>
      set.expiresAtMs === undefined ? makeLeavable(this.#askAndKeep(flight.time)) : set,
    );
  }

  #mayAsk(): boolean {
    const pause = this.#pause;
    return pause === undefined || Math.abs(readClock(pause.clock) - pause.sinceMs) >= pause.forMs;
  }

  /** Waits for the call that is on its way, or for a new one. */
  #join(time: CorrectedClock, isForced = false): Waiting<CredentialSet> {
    const { answer } = this.#startCall(time, isForced);
    return answer.wait();
  }

  /** The call that is on its way, or a new one where that has taken too long; who waits for the old one waits for both. */
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
      // A call that was given up may answer late, with what is older than what is held by then.
      const isLate = this.#flight !== flight && !isLonger(asked.set, this.#held);
      if (!isLate) this.#keep(asked, flight.time);
      if (this.#flight?.answer === flight.answer) this.#flight = undefined;
      flight.answer.resolve(isLate && this.#held !== undefined ? this.#held : asked.set);
    } catch (error) {
      if (this.#flight !== flight) return;
      this.#flight = undefined;
      if (this.#held !== undefined) this.#rest(flight.time.uncorrected, flight.startedMs, this.#held.windows);
      flight.answer.reject(error);
    }
  }

  async #askAndKeep(time: CorrectedClock): Promise<CredentialSet> {
    const asked = await this.#ask(time);
    this.#keep(asked, time);
    return asked.set;
  }

  /** What the provider gives; where that seems dead, it may come from a cache of its own, and is to be fetched anew. */
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
    try {
      return await (isForced ? this.#provider({ forceRefresh: true }) : this.#provider());
    } catch (cause) {
      if (cause instanceof CredentialsError) throw cause;
      throw new CredentialsError(`credentials: ${this.#name(cause, this.#provider)}`, { cause });
    }
  }

  #keep({ set, isInsisted }: Asked, { now, uncorrected }: CorrectedClock): void {
    const { expiresAtMs } = set;
    this.#unending = expiresAtMs === undefined ? set : undefined;
    if (expiresAtMs === undefined) this.#held = undefined;
    else if (isInsisted) {
      this.#held = { ...set, expiresAtMs, windows: undefined, isInsisted };
      this.#rest(uncorrected, 0, undefined);
      return;
    } else {
      this.#held = { ...set, expiresAtMs, windows: planRefresh(expiresAtMs, readClock(now)), isInsisted };
    }
    this.#failures = 0;
    this.#pause = undefined;
  }

  #rest(clock: Clock, otherwiseMs: number, windows: RefreshWindows | undefined): void {
    this.#failures += 1;
    this.#pause = { clock, sinceMs: readClockOr(clock, otherwiseMs), forMs: delayRetry(this.#failures, windows) };
  }
}

/** What came of asking the provider. */
interface Asked {
  readonly set: CredentialSet;
  readonly isInsisted: boolean;
}

const takeAnswer = (set: CredentialSet): CredentialSet => set;

/** By the clock that it was started by, and wherever that was set meanwhile. */
function isYounger({ time, startedMs }: Flight, thanMs: number): boolean {
  return Math.abs(readClock(time.uncorrected) - startedMs) < thanMs;
}
