/** Who signs: credentials, or a key that was derived from them, as the options of signing name it. */
import { Aws4AuthError, CredentialsError, EndpointError } from '../errors.js';
import { assertCredentials, assertKeyOwner, type KeyOwner } from './credentials.js';
import { assertScopePart, findKeyOfDay, getSigningKey, isSigningKey, type ScopedKey } from './scoped-key.js';

/** A key to sign with, and whose it is. */
export interface Signer {
  readonly signingKey: ScopedKey;
  readonly owner: KeyOwner;
}

/** The options that name a signer, before they are checked. */
export interface SignerOptions {
  readonly region: unknown;
  readonly service: unknown;
  readonly credentials: unknown;
  readonly signingKey: unknown;
  readonly accessKeyId: unknown;
  readonly sessionToken: unknown;
}

/**
 * The signer of a day.
 *
 * @param date the day, as `YYYYMMDD`
 * @throws EndpointError, CredentialsError, NoSecretKeyError, Aws4AuthError `ERR_INVALID_OPTION`
 */
export function findSigner(options: SignerOptions, date: string): Signer {
  const { credentials, signingKey } = options;
  if (signingKey !== undefined) return findKeySigner(signingKey, options, date);
  if (options.accessKeyId !== undefined || options.sessionToken !== undefined) {
    const name = options.accessKeyId === undefined ? 'sessionToken' : 'accessKeyId';
    throw new CredentialsError(`${name}: goes with signingKey; without one, put it into credentials`);
  }
  const owner = assertCredentials(credentials);
  return { signingKey: getSigningKey(owner, date, options.region, options.service), owner };
}

function findKeySigner(signingKey: unknown, options: SignerOptions, date: string): Signer {
  if (!isSigningKey(signingKey)) {
    throw new Aws4AuthError('signingKey: must be a SigningKey of this copy of the package', 'ERR_INVALID_OPTION');
  }
  if (options.credentials !== undefined) {
    throw new CredentialsError('signingKey: stands in place of credentials; pass one of them');
  }
  const owner = assertKeyOwner(options);
  assertKeyScope(signingKey, options);
  return { signingKey: findKeyOfDay(signingKey, date), owner };
}

/** @throws EndpointError where an option names another region or service than the key's */
export function assertKeyScope(
  key: ScopedKey,
  options: { readonly region?: unknown; readonly service?: unknown },
): void {
  for (const name of ['region', 'service'] as const) {
    const given = options[name];
    if (given === undefined || given === key[name]) continue;
    const part = assertScopePart(name, given);
    if (part === key[name]) continue;
    throw new EndpointError(`${name}: is ${part}, but the signingKey is for ${key[name]}; leave the option out`);
  }
}
