/** Where credentials come from: the user's own object or function, or the AWS SDK's provider chain; kept fresh. */
import type { CorrectedClock } from '../time/clock.js';
import { assertAlive, readSet, type CredentialSet } from './credential-set.js';
import { CredentialsError } from '../errors.js';
import { ProvidedCredentials, type AnyProvider, type NameFailure } from './provided-credentials.js';
import { describeFailure } from './provider-failure.js';
import type { Credentials } from '../sigv4/credentials.js';
import { platform } from '#platform';

export { isSameSet, type CredentialSet } from './credential-set.js';

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
 * What it gives is good for all requests of all interceptors that have this function. One that depends on who asks, by
 * an async context (`AsyncLocalStorage`) or another variable, would hand one tenant's credentials to all: make one
 * provider, and one interceptor or `config.aws4`, for each tenant.
 *
 * @example
 * const provider: CredentialsProvider = async () => JSON.parse(await readFile('/run/secrets/aws.json', 'utf8'));
 */
export type CredentialsProvider = (() => GivenCredentials) | ((request?: CredentialsRequest) => GivenCredentials);

type GivenCredentials = ExpiringCredentials | Promise<ExpiringCredentials>;

/**
 * Gives the credentials to sign with. Both throw a CredentialsError where there are none that can be used. A promise that
 * they give has a method `stop()`, by which whoever waits can leave: a provider that hangs then holds nothing of his.
 */
export interface CredentialsSource {
  /** A set that is alive, or that may be where the clock is wrong. */
  load(time: CorrectedClock): CredentialSet | Promise<CredentialSet>;
  /**
   * A set in the place of one that a server says has expired; that very one again where there is no other, or where the
   * provider was told to fetch anew just now, and the server goes on refusing.
   */
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
  const load = (time: CorrectedClock): CredentialSet => {
    const set = readSet(credentials);
    assertAlive(set, time);
    return set;
  };
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

const inBrackets = (failure: string | undefined): string => (failure === undefined ? '' : ` (${failure})`);

const nameOwnProvider: NameFailure = (cause) => `the provider failed${inBrackets(describeFailure(cause))}`;

const nameDefaultChain: NameFailure = (cause, { listTried }) => {
  const tried = listTried?.().flatMap((reason) => describeFailure(reason) ?? []) ?? [];
  return (
    `none were passed, and the AWS SDK's default provider chain failed${inBrackets(describeFailure(cause))}; ` +
    `it tried: ${tried.join(' | ')}; see to one of these, or pass credentials as an option`
  );
};
