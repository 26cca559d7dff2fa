/** A token service on simulated time: sets of credentials that live for an hour, and a provider that gets them. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { KnownCredentials } from 'strict-sigv4-verifier';
import type { CredentialsProvider, CredentialsRequest, ExpiringCredentials } from '../../../lib/index.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, readServiceClock, type SimulatedTime } from './simulated-time.js';

/** What becomes of the provider's calls. */
export type Mood =
  | 'well'
  /** Its network is down: each call rejects. */
  | 'down'
  /** Each call throws at once. */
  | 'throws'
  /** No call is ever answered. */
  | 'hangs'
  /** A call is answered when `answerLate` says so, with the set of the moment that it was made. */
  | 'late'
  /** What it gives is about to end. */
  | 'short'
  /** It gives what it gave last, from a cache that no forced refresh empties. */
  | 'cached';

export interface IssuedSet {
  readonly accessKeyId: string;
  readonly issuedMs: number;
  readonly expiresMs: number;
}

export interface TokenService {
  mood: Mood;
  /** Whether the server takes every set for expired, the newest too. */
  isRefusingAll: boolean;
  readonly provider: CredentialsProvider;
  /** How often the provider was called, under each mood. */
  readonly calls: Readonly<Record<Mood, number>>;
  readonly countCalls: () => number;
  /** The set that the provider has given last. */
  readonly newest: () => IssuedSet;
  /** For the server: what it knows of a set, and when it ends. */
  readonly secretFor: (accessKeyId: string) => KnownCredentials | undefined;
  /** When a set ends, as it says itself. */
  readonly endOf: (accessKeyId: string) => Date | undefined;
  /** Whether a set has been given last, just now, or is all that the provider gives. */
  readonly isNew: (accessKeyId: string) => boolean;
  readonly revokeAll: () => void;
  readonly answerLate: () => Promise<void>;
  /** Waits for the calls that are on their way, but for those that hang. */
  readonly settle: () => Promise<void>;
  readonly violations: string[];
}

interface Known extends KnownCredentials {
  /** The end that the set itself says. */
  readonly end: Date;
}

/** The error of a provider whose network is down. */
export class NetworkDown extends Error {}

const SHORT_LIFE_MS = 4 * MINUTE_MS;
/** For so long, by the clock, nobody else may call the provider while a call of it is on its way. */
const PATIENCE_MS = MINUTE_MS;

export function createTokenService(time: SimulatedTime): TokenService {
  const known = new Map<string, Known>();
  const calls = { well: 0, down: 0, throws: 0, hangs: 0, late: 0, short: 0, cached: 0 };
  const pending = new Set<{ readonly startedMs: number; readonly mood: Mood }>();
  const violations: string[] = [];
  const late: (() => void)[] = [];
  let issued = 0;
  let newest: IssuedSet | undefined;
  let deliverLast: (() => ExpiringCredentials) | undefined;

  const issue = (lifeMs: number): (() => ExpiringCredentials) => {
    issued += 1;
    const number = String(issued).padStart(6, '0');
    const accessKeyId = `ASIASOAK${number}`;
    const [secretAccessKey, sessionToken] = [`secret/of/${number}`, `token/of+${number}==`];
    const expiration = new Date(time.rightMs + lifeMs);
    const record = { accessKeyId, issuedMs: time.rightMs, expiresMs: expiration.getTime() };
    known.set(accessKeyId, { secretAccessKey, sessionToken, expiration, end: expiration });
    forgetOld(known, time.rightMs - DAY_MS);
    return () => {
      if (newest === undefined || newest.issuedMs <= record.issuedMs) newest = record;
      return { accessKeyId, secretAccessKey, sessionToken, expiration };
    };
  };

  const answer = async (mood: Mood): Promise<ExpiringCredentials> => {
    const call = { startedMs: readServiceClock(time), mood };
    const isShared = [...pending].some(({ startedMs }) => Math.abs(call.startedMs - startedMs) < PATIENCE_MS);
    if (isShared) violations.push('the provider was called while another call of it was on its way');
    pending.add(call);
    try {
      if (mood === 'hangs') await new Promise(() => undefined);
      const fromCache = mood === 'cached' ? deliverLast : undefined;
      const deliver = fromCache ?? issue(mood === 'short' ? SHORT_LIFE_MS : HOUR_MS);
      if (mood === 'late') await new Promise<void>((resolve) => late.push(resolve));
      // The network's own time: a few turns of the event loop, in which others may ask.
      else await setTimeout(2);
      if (mood === 'down') throw new NetworkDown('connect ENETUNREACH');
      deliverLast = deliver;
      return deliver();
    } finally {
      pending.delete(call);
    }
  };

  const provider = (request?: CredentialsRequest): Promise<ExpiringCredentials> => {
    const { mood } = service;
    calls[mood] += 1;
    if (request !== undefined && request.forceRefresh !== true) violations.push('the provider was told something else');
    if (mood === 'throws') throw new NetworkDown('getaddrinfo EAI_AGAIN');
    return answer(mood);
  };

  const service: TokenService = {
    mood: 'well',
    isRefusingAll: false,
    provider,
    calls,
    violations,
    countCalls: () => Object.values(calls).reduce((sum, count) => sum + count, 0),
    newest: () => newest ?? { accessKeyId: 'none', issuedMs: -Infinity, expiresMs: -Infinity },
    secretFor: (accessKeyId) => {
      const set = known.get(accessKeyId);
      return set && service.isRefusingAll ? { ...set, expiration: new Date(time.rightMs) } : set;
    },
    endOf: (accessKeyId) => known.get(accessKeyId)?.end,
    isNew: (accessKeyId) =>
      newest?.accessKeyId === accessKeyId && (newest.issuedMs === time.rightMs || service.mood === 'cached'),
    revokeAll: () => {
      for (const [accessKeyId, set] of known) known.set(accessKeyId, { ...set, expiration: new Date(time.rightMs) });
    },
    answerLate: async () => {
      for (const resolve of late.splice(0)) resolve();
      await setTimeout(2);
    },
    settle: async () => {
      while ([...pending].some(({ mood }) => mood !== 'hangs' && mood !== 'late')) await setTimeout(1);
      await setImmediate();
    },
  };
  return service;
}

function forgetOld(known: Map<string, Known>, beforeMs: number): void {
  for (const [accessKeyId, { end }] of known) if (end.getTime() < beforeMs) known.delete(accessKeyId);
}
