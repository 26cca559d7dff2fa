/** Where credentials come from: the user's own object or function, or the AWS SDK's provider chain; kept fresh. */
import { readClock, readClockOr, type Clock, type CorrectedClock } from './clock.js';
import { CredentialsError } from './errors.js';
import { describeFailure } from './provider-failure.js';
import { delayRetry, planRefresh, type RefreshWindows } from './refresh-windows.js';
import { assertCredentials, readMember, type Credentials } from './sigv4/credentials.js';
import { platform } from '#platform';

/** Credentials that may end; the shape of the AWS SDK's AwsCredentialIdentity. */
export interface ExpiringCredentials extends Credentials {
  /** When they end; without it they are taken to last. */
  readonly expiration?: Date | undefined;
}

/** What a provider is told of why it is asked. */
export interface CredentialsRequest {
  /** Whether what the provider may have cached has expired, so that it must fetch anew. */
  readonly forceRefresh?: boolean;
}

/**
 * A function that gives credentials, or a promise of them; the shape of the AWS SDK's AwsCredentialIdentityProvider.
 * What it gives is kept until it ends, where it says by `expiration` when that is; without that it is asked before each
 * request. It gets a {@link CredentialsRequest} where what it may have in a cache of its own is of no use.
 *
 * @example
 * const provider: CredentialsProvider = async () => JSON.parse(await readFile('/run/secrets/aws.json', 'utf8'));
 */
export type CredentialsProvider = (() => GivenCredentials) | ((request?: CredentialsRequest) => GivenCredentials);

type GivenCredentials = ExpiringCredentials | Promise<ExpiringCredentials>;

/** One consistent set, as it was checked. */
export interface CredentialSet {
  readonly credentials: Credentials;
  readonly expiresAtMs: number | undefined;
}

/** Gives the credentials to sign with. Both throw a CredentialsError where there are none that can be used. */
export interface CredentialsSource {
  /** A set that is alive. */
  load(time: CorrectedClock): CredentialSet | Promise<CredentialSet>;
  /** A set in the place of one that a server says has expired; that very one again where there is no other. */
  replace(expired: CredentialSet, time: CorrectedClock): CredentialSet | Promise<CredentialSet>;
}

/**
 * Makes the source that an interceptor signs from. An object is checked at once, and read anew for each request, since
 * its owner may rotate it in place. Of a function there is one source, whoever passes it: interceptors that share it
 * share what it gave. Where neither is given, it is the AWS SDK's provider chain, one for the whole process, which is
 * loaded on first use.
 */
export function createCredentialsSource(
  credentials: ExpiringCredentials | CredentialsProvider | undefined,
): CredentialsSource {
  if (credentials === undefined) return findDefault();
  if (typeof credentials === 'function') return findProvided(credentials);
  readSet(credentials);
  const load = (time: CorrectedClock): CredentialSet => assertAlive(readSet(credentials), time);
  return { load, replace: (_, time) => load(time) };
}

const provided = new WeakMap<AnyProvider, ProvidedCredentials>();

function findProvided(provider: AnyProvider, name: NameFailure = nameOwnProvider): ProvidedCredentials {
  const earlier = provided.get(provider);
  if (earlier !== undefined) return earlier;
  const source = new ProvidedCredentials(provider, name);
  provided.set(provider, source);
  return source;
}

/** Under its name in the registry of symbols, so that all copies of this package in a process ask the same chain. */
const DEFAULT_CREDENTIALS = Symbol.for('axios-aws4auth.defaultCredentials');

/** Every client of a process would otherwise ask an endpoint of the machine for itself, which limits that. */
function findDefault(): CredentialsSource {
  const shared: unknown =
    Object.hasOwn(globalThis, DEFAULT_CREDENTIALS) && Reflect.get(globalThis, DEFAULT_CREDENTIALS);
  if (isProvider(shared)) return findProvided(shared, nameDefaultChain);
  const created = platform.createDefaultCredentials();
  if (created === undefined) return { load: refuseToGuess, replace: refuseToGuess };
  Reflect.defineProperty(globalThis, DEFAULT_CREDENTIALS, { value: created, configurable: true, writable: true });
  return findProvided(created, nameDefaultChain);
}

function isProvider(value: unknown): value is AnyProvider {
  return typeof value === 'function';
}

function refuseToGuess(): never {
  throw new CredentialsError('credentials: must be passed as an option; this runtime has no default credentials');
}

/** A provider that has not answered for so long is asked again by the next request; it may still answer. */
const PATIENCE_MS = 60_000;

/** A call of the provider that is on its way. */
interface Flight {
  /** Whose clock it is: others that share the provider have clocks of their own. */
  readonly clock: Clock;
  readonly startedMs: number;
  readonly isForced: boolean;
  /** What all who wait get: the answer of this call, or of another, where this one was given up. */
  readonly answer: Deferred<CredentialSet>;
}

/** What a provider gives: kept while it lasts, and asked for again in time, by one call for all who wait. */
class ProvidedCredentials implements CredentialsSource {
  readonly #provider: AnyProvider;
  readonly #name: NameFailure;
  #held: HeldSet | undefined;
  #flight: Flight | undefined;
  /** Whether the last answer had no expiration: then the provider is asked before each request. */
  #isAskedEachTime = false;
  #failures = 0;
  /** When to ask again after a failure in the background. */
  #retry: { readonly clock: Clock; readonly atMs: number } | undefined;

  constructor(provider: AnyProvider, name: NameFailure) {
    this.#provider = provider;
    this.#name = name;
  }

  load(time: CorrectedClock): CredentialSet | Promise<CredentialSet> {
    const held = this.#held;
    if (held === undefined) return this.#isAskedEachTime ? this.#askAndKeep(time) : this.#loadFirst(time);
    const nowMs = readClock(time.now);
    if (nowMs >= held.windows.mandatoryMs) return this.#join(time);
    if (nowMs >= held.windows.advisoryMs && this.#mayRetry()) void this.#join(time);
    return held;
  }

  async replace(expired: CredentialSet, time: CorrectedClock): Promise<CredentialSet> {
    const held = this.#held;
    if (held !== undefined && !isSameSet(held, expired)) return this.load(time);
    this.#held = undefined;
    const joined = this.#flight;
    const answer = await this.#join(time, true);
    // A call that was on its way already may have brought what the provider has in a cache of its own.
    return joined?.isForced === false && isSameSet(answer, expired) ? this.#join(time, true) : answer;
  }

  /** Until the first answer nobody knows whether it will last: those who wait ask for themselves if it does not. */
  async #loadFirst(time: CorrectedClock): Promise<CredentialSet> {
    const isJoining = this.#flight !== undefined;
    const set = await this.#join(time);
    return isJoining && set.expiresAtMs === undefined ? this.#askAndKeep(time) : set;
  }

  #mayRetry(): boolean {
    return this.#retry === undefined || readClock(this.#retry.clock) >= this.#retry.atMs;
  }

  /** Waits for the call that is on its way, or for a new one. */
  #join(time: CorrectedClock, isForced = false): Promise<CredentialSet> {
    const current = this.#flight;
    if (current !== undefined && Math.abs(readClock(current.clock) - current.startedMs) < PATIENCE_MS) {
      return current.answer.promise;
    }
    const flight = {
      clock: time.uncorrected,
      startedMs: readClock(time.uncorrected),
      isForced,
      answer: current?.answer ?? createDeferred<CredentialSet>(),
    };
    this.#flight = flight;
    void this.#fly(flight, time);
    return flight.answer.promise;
  }

  async #fly(flight: Flight, time: CorrectedClock): Promise<void> {
    try {
      const set = await this.#ask(time, flight.isForced);
      // A call that was given up may answer late, with what is older than what is held by then.
      const isLate = this.#flight !== flight && !isLonger(set, this.#held);
      if (!isLate) this.#keep(set, time);
      if (this.#flight?.answer === flight.answer) this.#flight = undefined;
      flight.answer.resolve(isLate && this.#held !== undefined ? this.#held : set);
    } catch (error) {
      if (this.#flight !== flight) return;
      this.#flight = undefined;
      this.#failures += 1;
      if (this.#held !== undefined) {
        const failedMs = readClockOr(flight.clock, flight.startedMs);
        this.#retry = { clock: flight.clock, atMs: failedMs + delayRetry(this.#failures, this.#held.windows) };
      }
      flight.answer.reject(error);
    }
  }

  async #askAndKeep(time: CorrectedClock): Promise<CredentialSet> {
    const set = await this.#ask(time);
    this.#keep(set, time);
    return set;
  }

  /**
   * What the provider gives; where that is dead, it comes from a cache of its own, and is to be fetched anew. What is
   * made anew for that, and seems dead even so, shows that the clock is wrong: the server is to judge, and its answer
   * will set the clock right.
   */
  async #ask(time: CorrectedClock, isForced = false): Promise<CredentialSet> {
    const set = readSet(await this.#call(isForced));
    if (isAlive(set, time.now)) return set;
    const fetched = readSet(await this.#call(true));
    return isSameSet(fetched, set) ? assertAlive(fetched, time) : fetched;
  }

  async #call(isForced: boolean): Promise<unknown> {
    try {
      return await (isForced ? this.#provider({ forceRefresh: true }) : this.#provider());
    } catch (cause) {
      if (cause instanceof CredentialsError) throw cause;
      throw new CredentialsError(`credentials: ${this.#name(cause, this.#provider)}`, { cause });
    }
  }

  #keep(set: CredentialSet, { now }: CorrectedClock): void {
    const { expiresAtMs } = set;
    this.#failures = 0;
    this.#retry = undefined;
    this.#isAskedEachTime = expiresAtMs === undefined;
    this.#held = expiresAtMs === undefined ? undefined : { ...set, windows: planRefresh(expiresAtMs, readClock(now)) };
  }
}

interface AnyProvider {
  (request?: CredentialsRequest): unknown;
  readonly listTried?: () => readonly string[];
}

/** Says who failed, and why: no secret is in it. */
type NameFailure = (cause: unknown, provider: AnyProvider) => string;

const inBrackets = (failure: string | undefined): string => (failure === undefined ? '' : ` (${failure})`);

const nameOwnProvider: NameFailure = (cause) => `the provider failed${inBrackets(describeFailure(cause))}`;

const nameDefaultChain: NameFailure = (cause, { listTried }) => {
  const tried = listTried?.().flatMap((reason) => describeFailure(reason) ?? []) ?? [];
  return (
    `none were passed, and the AWS SDK's default provider chain failed${inBrackets(describeFailure(cause))}; ` +
    `it tried: ${tried.join(' | ')}; see to one of these, or pass credentials as an option`
  );
};

interface HeldSet extends CredentialSet {
  readonly windows: RefreshWindows;
}

/** Reads each field once. @throws CredentialsError which names the field that is wrong */
function readSet(given: unknown): CredentialSet {
  const credentials = assertCredentials(given);
  const expiration = typeof given === 'object' && given !== null ? readMember(given, 'expiration') : undefined;
  return { credentials, expiresAtMs: readExpiration(expiration) };
}

function readExpiration(expiration: unknown): number | undefined {
  if (expiration === undefined || expiration === null) return undefined;
  const ms = readMoment(expiration);
  if (ms === undefined) throw new CredentialsError('expiration: must be a Date; pass new Date(text) where it is text');
  if (!Number.isNaN(ms)) return ms;
  throw new CredentialsError(
    'expiration: must be a Date of some moment, and is an Invalid Date: what it was made of is no date that can be ' +
      'read; pass new Date(text) with text like 2026-11-25T18:00:00Z, or leave it out where there is no end',
  );
}

/** Not by its class, of which there may be several: other realms', and a test's fake one. */
function readMoment(date: unknown): number | undefined {
  try {
    return Date.prototype.getTime.call(date);
  } catch {
    return undefined;
  }
}

function isAlive({ expiresAtMs }: CredentialSet, clock: Clock): boolean {
  return expiresAtMs === undefined || readClock(clock) < expiresAtMs;
}

/** @throws CredentialsError where the set has expired by the clock, corrected or not: a correction may be out of date */
function assertAlive(set: CredentialSet, { now, uncorrected }: CorrectedClock): CredentialSet {
  if (set.expiresAtMs === undefined || isAlive(set, now) || isAlive(set, uncorrected)) return set;
  throw new CredentialsError(
    `expiration: the credentials expired at ${new Date(set.expiresAtMs).toISOString()}, by the clock; ` +
      'pass newer ones, or a function that gets them',
  );
}

/** Whether both are the same credentials, in whatever objects. */
export function isSameSet({ credentials: one }: CredentialSet, { credentials: other }: CredentialSet): boolean {
  return (
    one.accessKeyId === other.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey &&
    one.sessionToken === other.sessionToken
  );
}

function isLonger({ expiresAtMs = Infinity }: CredentialSet, other: CredentialSet | undefined): boolean {
  return other === undefined || expiresAtMs > (other.expiresAtMs ?? Infinity);
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/** A promise that is settled from elsewhere; nobody need wait for it. */
function createDeferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined);
  if (settle === undefined) throw new Error('a promise runs its executor at once');
  return { promise, ...settle };
}
