/** Who signs with a `SigningKey`, which a program makes by itself: whose key it is, and the key of the day. */
import { CredentialsError, EndpointError } from '../errors.js';
import { isObject } from '../platform/object-kinds.js';
import { assertKeyOwner, type KeyOwner } from './credentials.js';
import { assertScopePart, type ScopedKey } from './scoped-key.js';
import type { SigningKey } from './signing-key.js';

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
 * The keys of the class, and what finds who signs with each. They are told by this, and not by `instanceof`, so that who
 * signs with credentials alone need not have the class, nor what only its keys need.
 */
export const signingKeys = new WeakMap<object, (options: SignerOptions, date: string) => Signer>();

/** Whether a value is a `SigningKey` of this copy of the package. */
export function isSigningKey(value: unknown): value is SigningKey {
  return isObject(value) && signingKeys.has(value);
}

/**
 * Who signs with a key on a day.
 *
 * @param date the day, as `YYYYMMDD`
 * @throws EndpointError, CredentialsError, NoSecretKeyError
 */
export function findKeySigner(signingKey: SigningKey, options: SignerOptions, date: string): Signer {
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

// For each key, the key that was last derived from it for another day: one derivation a day, not one a request.
const rederivedKeys = new WeakMap<SigningKey, SigningKey>();

/**
 * The key for a day: the given one where it is of that day, else one that is derived from it.
 *
 * @param date the day, as `YYYYMMDD`
 * @throws NoSecretKeyError where it does not have the secret that this takes
 */
export function findKeyOfDay(key: SigningKey, date: string): SigningKey {
  if (key.date === date) return key;
  const earlier = rederivedKeys.get(key);
  if (earlier?.date === date) return earlier;
  const rederived = key.rederive({ date });
  rederivedKeys.set(key, rederived);
  return rederived;
}
