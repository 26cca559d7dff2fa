/** Where credentials come from: the user's own object or function, or the AWS SDK's provider chain. */
import { CredentialsError } from './errors.js';
import { assertCredentials, type Credentials } from './sigv4/credentials.js';
import { platform } from '#platform';

/** A function that gives credentials, or a promise of them; the shape of the AWS SDK's providers. */
export type CredentialsProvider = () => Credentials | Promise<Credentials>;

/** Gives the credentials to sign one request with. @throws CredentialsError where there are none that can be used */
export type CredentialsSource = () => Credentials | Promise<Credentials>;

/**
 * Makes the source that an interceptor signs from. An object is checked at once, and read anew for each request, since
 * its owner may rotate it in place; a function is asked before each request; where neither is given, the AWS SDK's
 * provider chain is made on first use.
 */
export function createCredentialsSource(credentials: Credentials | CredentialsProvider | undefined): CredentialsSource {
  if (credentials === undefined) return askEach(platform.createDefaultCredentials() ?? refuseToGuess);
  if (typeof credentials === 'function') return askEach(credentials);
  assertCredentials(credentials);
  return () => assertCredentials(credentials);
}

function askEach(provider: () => unknown): CredentialsSource {
  return async () => {
    let given: unknown;
    try {
      given = await provider();
    } catch (cause) {
      if (cause instanceof CredentialsError) throw cause;
      throw new CredentialsError('credentials: the provider failed; its own error is the cause of this one', { cause });
    }
    return assertCredentials(given);
  };
}

function refuseToGuess(): never {
  throw new CredentialsError('credentials: must be passed as an option; this runtime has no default credentials');
}
