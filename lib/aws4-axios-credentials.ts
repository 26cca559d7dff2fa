/** The credentials that `axios-aws4auth/aws4-axios` signs with, from what aws4-axios 3 takes for them. */
import { createCredentialsSource, type CredentialsProvider as Provider } from './credentials/credentials.js';
import { Aws4AuthError } from './errors.js';
import type { CreateRoleProvider } from './platform/platform.js';
import { proceed } from './platform/waiting.js';
import { defaultClock } from './time/clock.js';
import { platform } from '#platform';

/**
 * Credentials, as aws4-axios has them.
 *
 * @example
 * const credentials: Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
 */
export interface Credentials {
  /** Whose key it is: `AKIA…`, or `ASIA…` of temporary credentials. */
  accessKeyId: string;
  /** The secret, which only signs and is never sent. */
  secretAccessKey: string;
  /**
   * The token of temporary credentials.
   * @default none
   */
  sessionToken?: string;
}

/**
 * What gives credentials, as aws4-axios has it. `undefined` stands for the default ones.
 *
 * @example
 * const provider: CredentialsProvider = { getCredentials: () => readFromVault() };
 */
export interface CredentialsProvider {
  /** Called before each request; what it rejects with is the `cause` of a CredentialsError. */
  getCredentials(): Promise<Credentials | undefined>;
}

/** A role to assume, as the options of aws4-axios name it. */
export interface AssumedRole {
  readonly arn: string;
  readonly sessionName: string | undefined;
  readonly marginS: number | undefined;
  /** Where STS is asked. */
  readonly region: string | undefined;
}

type Given = Awaited<ReturnType<Provider>>;

/**
 * Makes a provider of what a caller of aws4-axios passes. What is wrong with credentials is said when a request is to be
 * signed with them, as there: its README has empty ones in an example.
 */
export function createProvider(
  credentials: Credentials | CredentialsProvider | null | undefined,
  role: AssumedRole | undefined,
): Provider | undefined {
  if (credentials === undefined || credentials === null) return role && assumeRole(role);
  return () => (isProvider(credentials) ? askProvider(credentials) : withEnd(credentials));
}

function isProvider(credentials: Credentials | CredentialsProvider): credentials is CredentialsProvider {
  return typeof Reflect.get(Object(credentials), 'getCredentials') === 'function';
}

async function askProvider(provider: CredentialsProvider): Promise<Given> {
  const given = await provider.getCredentials();
  return given ? withEnd(given) : loadDefault();
}

/** aws4-axios knows no `expiration`: one that is no Date, such as that of JSON, is left out. */
function withEnd(given: Credentials): Given {
  const expiration: unknown = Reflect.get(Object(given), 'expiration');
  if (expiration === undefined || expiration instanceof Date) return given;
  const { accessKeyId, secretAccessKey, sessionToken } = given;
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** What the provider chain of the AWS SDK finds. */
async function loadDefault(): Promise<Given> {
  const time = { now: defaultClock, uncorrected: defaultClock };
  const { credentials, expiresAtMs } = await proceed(createCredentialsSource(undefined).load(time), (set) => set);
  return { ...credentials, expiration: expiresAtMs === undefined ? undefined : new Date(expiresAtMs) };
}

const DEFAULT_SESSION_NAME = 'axios';
const DEFAULT_MARGIN_S = 5;

/** A role's credentials, by the AWS SDK's own provider, which is loaded when the first request needs it. */
function assumeRole({ arn, sessionName, marginS, region }: AssumedRole): Provider {
  const marginMs = (marginS ?? DEFAULT_MARGIN_S) * 1000;
  const stsRegion = region ?? platform.readEnvironment('AWS_REGION') ?? platform.readEnvironment('AWS_DEFAULT_REGION');
  const { loadRoleProvider } = platform;
  if (loadRoleProvider === undefined) {
    throw new Aws4AuthError(
      'assumeRoleArn: no role can be assumed in this runtime, for want of the AWS SDK; pass credentials',
      'ERR_RUNTIME',
    );
  }
  let provider: ReturnType<CreateRoleProvider> | undefined;
  return async () => {
    const createProviderOfRole = await loadRoleProvider();
    provider ??= createProviderOfRole({
      params: { RoleArn: arn, RoleSessionName: sessionName ?? DEFAULT_SESSION_NAME },
      ...(stsRegion !== undefined && { clientConfig: { region: stsRegion } }),
    });
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider();
    const endMs = (expiration?.getTime() ?? NaN) - marginMs;
    // A margin as long as the session leaves nothing to keep: each request then has a session of its own.
    return {
      accessKeyId,
      secretAccessKey,
      sessionToken,
      ...(endMs > defaultClock() && { expiration: new Date(endMs) }),
    };
  };
}
