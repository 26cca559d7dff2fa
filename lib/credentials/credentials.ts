/** Where credentials come from: the user's own object or function, or the AWS SDK's provider chain; kept fresh. */
import type { CorrectedClock } from '../time/clock.js';
import { assertAlive, readSet, type CredentialSet } from './credential-set.js';
import { CredentialsError } from '../errors.js';
import { createLazyModule } from '../platform/lazy-module.js';
import { proceed } from '../platform/waiting.js';
import type { AnyProvider } from './provided-credentials.js';
import type { Credentials } from '../sigv4/credentials.js';
import { platform } from '#platform';

export type { CredentialSet } from './credential-set.js';

/**
 * Credentials that may expire; the shape of the AWS SDK's AwsCredentialIdentity.
 *
 * @example
 * const credentials: ExpiringCredentials = {
 *   accessKeyId: 'ASIAEXAMPLE',
 *   secretAccessKey,
 *   sessionToken,
 *   expiration: new Date('2026-11-26T13:00:00Z'),
 * };
 */
export interface ExpiringCredentials extends Credentials {
  /**
   * When they expire. Without it, they are taken never to expire.
   * @default none: they never expire
   */
  readonly expiration?: Date | undefined;
}

/**
 * What a provider is called with.
 *
 * @example
 * const provider = async ({ forceRefresh = false }: CredentialsRequest = {}) => askVault({ useCache: !forceRefresh });
 */
export interface CredentialsRequest {
  /**
   * `true` where the credentials that it gave last have expired, so that it must not answer from a cache of its own.
   * @default false
   */
  readonly forceRefresh?: boolean;
}

/**
 * A function that gives credentials, or a promise of them; the shape of the AWS SDK's AwsCredentialIdentityProvider.
 * Credentials with an `expiration` are kept, and the function is called again in time. Without an `expiration` it is
 * called before each request. Where a cache of its own would be of no use, it gets `{ forceRefresh: true }`. What it
 * throws becomes the `cause` of a CredentialsError.
 *
 * What it gives is used for all requests of all interceptors that have this function. One that depends on who asks, by
 * an async context (`AsyncLocalStorage`) or another variable, would hand one tenant's credentials to all: make one
 * provider, and one interceptor or `config.aws4`, for each tenant.
 *
 * @example
 * const provider: CredentialsProvider = async () => JSON.parse(await readFile('/run/secrets/aws.json', 'utf8'));
 */
export type CredentialsProvider = (() => GivenCredentials) | ((request?: CredentialsRequest) => GivenCredentials);

type GivenCredentials = ExpiringCredentials | Promise<ExpiringCredentials>;

/**
 * Gives the credentials to sign with. Both methods throw a CredentialsError where there are none that can be used. A
 * promise that they return has a method `stop()`: whoever waits stops waiting, and is not kept in memory by a provider
 * that never answers.
 */
export interface CredentialsSource {
  /** A set that is alive by the clock, or that may be alive since the clock may be wrong. */
  load(time: CorrectedClock): CredentialSet | Promise<CredentialSet>;
  /**
   * A set to use instead of one that a server says has expired. It is the same set again where there is no other, or
   * where a refresh was forced a moment ago and the server still refuses.
   */
  replace(expired: CredentialSet, time: CorrectedClock): CredentialSet | Promise<CredentialSet>;
}

/**
 * Makes the source of an interceptor's credentials. An object is checked at once, and read again for each request,
 * since its owner may change it in place. A function has one source, whoever passes it: interceptors that share the
 * function share what it gave. Without either, the source is the AWS SDK's provider chain, of which there is one in a
 * process, and which is loaded on first use.
 *
 * @throws CredentialsError for an object that cannot be right
 */
export function createCredentialsSource(
  credentials: ExpiringCredentials | CredentialsProvider | undefined,
): CredentialsSource {
  if (credentials === undefined) return findDefault();
  if (typeof credentials === 'function') return findProvided(credentials, false);
  let known = readSet(credentials);
  const load = (time: CorrectedClock): CredentialSet => {
    const set = readSet(credentials);
    // One set for all requests that it signs, which are many.
    if (set.credentials !== known.credentials || set.expiresAtMs !== known.expiresAtMs) known = set;
    assertAlive(known, time);
    return known;
  };
  return { load, replace: (_, time) => load(time) };
}

/** The provider's source, which is loaded when it is first asked. */
function findProvided(provider: AnyProvider, isDefaultChain: boolean): CredentialsSource {
  return {
    load: (time) => proceed(loadProviders(), ({ findSource }) => findSource(provider, isDefaultChain).load(time)),
    replace: (expired, time) =>
      proceed(loadProviders(), ({ findSource }) => findSource(provider, isDefaultChain).replace(expired, time)),
  };
}

const loadProviders = createLazyModule(() => import('./providers.js'));

/** The default chain stands on `globalThis` under this symbol, so that all copies of this package share one. */
const DEFAULT_CREDENTIALS = Symbol.for('axios-aws4auth.defaultCredentials');

/**
 * The source of the default chain. There is one, since the machine's endpoint for credentials limits how often it is
 * asked.
 */
function findDefault(): CredentialsSource {
  const shared: unknown =
    Object.hasOwn(globalThis, DEFAULT_CREDENTIALS) && Reflect.get(globalThis, DEFAULT_CREDENTIALS);
  if (isProvider(shared)) return findProvided(shared, true);
  const created = platform.createDefaultCredentials();
  if (created === undefined) return { load: refuseToGuess, replace: refuseToGuess };
  Reflect.defineProperty(globalThis, DEFAULT_CREDENTIALS, { value: created, configurable: true, writable: true });
  return findProvided(created, true);
}

function isProvider(value: unknown): value is AnyProvider {
  return typeof value === 'function';
}

function refuseToGuess(): never {
  throw new CredentialsError('credentials: must be passed as an option; this runtime has no default credentials');
}
