/**
 * Sessions of S3 Express, one for each bucket and credentials: opened by one request for all who wait, and renewed in time
 * as what a provider gives is (CreateSession, Amazon S3 API Reference).
 */
import type { DirectoryBucket } from '../destination/directory-bucket.js';
import { isPending } from '../platform/waiting.js';
import type { Credentials } from '../sigv4/credentials.js';
import type { CorrectedClock } from '../time/clock.js';
import type { CredentialSet } from './credential-set.js';
import type { DerivedKey } from './derived-key.js';
import { ProvidedCredentials } from './provided-credentials.js';
import { describeFailure } from './provider-failure.js';
import { planRenewal } from './refresh-timing.js';
import { follow, type Waiting } from './shared-answer.js';
import { hashing } from '#platform';

/**
 * Sends CreateSession, the way that a request goes.
 *
 * @param timeoutMs how long it may take; 0 where there is no limit
 */
export type OpenSession = (signal: AbortSignal | undefined, timeoutMs: number) => Promise<unknown>;

/** A request that asks for a session, and by which it can be opened. */
export interface SessionAsker {
  /** Makes what opens a session; it keeps nothing of the request but its way. */
  readonly prepareOpening: () => OpenSession;
  /** What is left of the request's timeout, in ms; 0 where it has none. */
  readonly readTimeLeft: () => number;
}

/** The session of one bucket and one set of credentials. */
export interface ExpressSession {
  /** @param asker each time that same object for the same request */
  readonly load: (asker: SessionAsker, time: CorrectedClock) => CredentialSet | Waiting<CredentialSet>;
  readonly replace: (
    asker: SessionAsker,
    refused: CredentialSet,
    time: CorrectedClock,
  ) => CredentialSet | Waiting<CredentialSet>;
}

/** Timeouts that end together do so within this, in ms. */
const LEAVING_MS = 10;

/** A renewal for which nobody waits, of a request without a timeout, takes so long at most, in ms. */
const BACKGROUND_MS = 60_000;

/**
 * Makes a session that is not opened yet. CreateSession is sent for all who wait: it ends when the last of them has left,
 * and not with the one who was there first.
 *
 * @param bucket its name, by which the debug log tells of the session
 */
function createExpressSession(bucket: string): ExpressSession {
  const waiting = new Set<SessionAsker>();
  const opening = new Set<AbortController>();
  /** Whoever asks at the moment, and by whom a renewal goes that nobody waits for. */
  let asking: SessionAsker | undefined;
  let openByLatest: OpenSession | undefined;

  const openForAll = async (): Promise<unknown> => {
    openByLatest = asking?.prepareOpening() ?? openByLatest;
    // Who asked is among those who wait from the next turn on, unless there is a session that can be used meanwhile.
    await Promise.resolve();
    for (;;) {
      // An answer that never comes must not keep who has left.
      const askers = new WeakSet(waiting);
      const controller = new AbortController();
      if (waiting.size > 0) opening.add(controller);
      try {
        return await openFor([...waiting], openByLatest, controller.signal);
      } catch (error) {
        // Those who waited leave with their own timeouts, in the same moment.
        if (isTimeout(error)) await new Promise((resolve) => setTimeout(resolve, LEAVING_MS));
        const hasOthers = [...waiting].some((asker) => !askers.has(asker));
        if (!hasOthers || !(controller.signal.aborted || isTimeout(error))) throw error;
      } finally {
        opening.delete(controller);
      }
    }
  };
  const source = new ProvidedCredentials(
    Object.assign(openForAll, { title: `session of ${bucket}` }),
    (cause) => `the session of ${bucket} could not be opened (${describeFailure(cause) ?? 'without a word'})`,
    planRenewal,
  );

  // What is opened with is made of a request only where that has a session opened, which the source does at once.
  const ask = <T>(asker: SessionAsker, load: () => T): T => {
    asking = asker;
    try {
      return load();
    } finally {
      asking = undefined;
    }
  };
  const join = (asker: SessionAsker, load: () => CredentialSet | Waiting<CredentialSet>) => {
    const loading = ask(asker, load);
    if (!isPending(loading)) return loading;
    waiting.add(asker);
    const settled = follow(
      loading,
      (set) => {
        waiting.delete(asker);
        return set;
      },
      (reason) => {
        waiting.delete(asker);
        throw reason;
      },
    );
    const stop = (): void => {
      settled.stop();
      if (!waiting.delete(asker) || waiting.size > 0) return;
      for (const controller of opening) controller.abort();
    };
    return Object.assign(settled.then(), { stop });
  };
  return {
    load: (asker, time) => join(asker, () => source.load(time)),
    replace: (asker, refused, time) => join(asker, () => source.replace(refused, time)),
  };
}

/** Sends CreateSession for those who wait, with the longest of their times; without any, in the background. */
function openFor(
  askers: readonly SessionAsker[],
  openByLatest: OpenSession | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const [first] = askers;
  if (first !== undefined) {
    const times = askers.map(({ readTimeLeft }) => readTimeLeft());
    return first.prepareOpening()(signal, times.includes(0) ? 0 : Math.max(...times));
  }
  if (openByLatest === undefined) return Promise.reject(new Error('Nobody asked'));
  return openByLatest(undefined, BACKGROUND_MS);
}

/** Whether a try ended with the timeout of those whom it was for. */
function isTimeout(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && (cause.code === 'ECONNABORTED' || cause.code === 'ETIMEDOUT');
}

/** As many as botocore keeps; beyond that, the session that was not used for the longest is forgotten. */
const MOST_SESSIONS = 100;
const sessionsByOwner = new WeakMap<object, Map<string, ExpressSession>>();

/**
 * The session of a bucket under some credentials.
 *
 * @param owner whoever has the same object shares its sessions
 * @param signer whose session it is
 * @param token the session token of the credentials, where a header has it
 */
export function findExpressSession(
  owner: object,
  { name, host, sessionUrl }: DirectoryBucket,
  signer: CredentialSet | DerivedKey,
  token = '',
): ExpressSession {
  const sessions = sessionsByOwner.get(owner) ?? new Map<string, ExpressSession>();
  sessionsByOwner.set(owner, sessions);
  const key = [sessionUrl, host, nameSigner(signer), token && hashing.sha256Hex(token)].join(' ');
  const session = sessions.get(key) ?? createExpressSession(name);
  // Set anew, it stands last.
  sessions.delete(key);
  sessions.set(key, session);
  const [oldest] = sessions.keys();
  if (sessions.size > MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest);
  return session;
}

/** The names of sets of credentials: digests, since no secret may stand in a key of a cache. */
const names = new WeakMap<Credentials, string>();

function nameSigner(signer: CredentialSet | DerivedKey): string {
  if ('signingKey' in signer) {
    const { accessKeyId, sessionToken = '', signingKey } = signer;
    // What no request is signed by tells one key from another.
    return hashing.sha256Hex([accessKeyId, signingKey.sign('axios-aws4auth: whose session'), sessionToken].join('\n'));
  }
  const { credentials } = signer;
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
  const name = names.get(credentials) ?? hashing.sha256Hex([accessKeyId, secretAccessKey, sessionToken].join('\n'));
  names.set(credentials, name);
  return name;
}
