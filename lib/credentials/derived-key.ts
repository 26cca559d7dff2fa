/** Signing with a key that was derived elsewhere: what to do when its day is over. */
import { DateMismatchError } from '../errors.js';
import type { KeyOwner } from '../sigv4/credentials.js';
import { findKeyOfDay } from '../sigv4/key-signer.js';
import type { ScopedKey } from '../sigv4/scoped-key.js';
import type { SigningKey } from '../sigv4/signing-key.js';

/** The key of a scope, and whose it is. */
export interface OwnedKey extends KeyOwner {
  readonly signingKey: ScopedKey;
}

/** A key that a program made by itself, and whose it is. */
export interface DerivedKey extends OwnedKey {
  readonly signingKey: SigningKey;
}

/** Whether a request is signed by a key that was derived elsewhere; by an own property, whatever a prototype says. */
export function isDerivedKey(signer: object): signer is DerivedKey {
  return Object.hasOwn(signer, 'signingKey');
}

/**
 * What to do where a `signingKey` is for another day than the request.
 *
 * @example
 * aws4Interceptor({ signingKey, accessKeyId, onDateMismatch: 'throw' });
 */
export type OnDateMismatch = 'rederive' | 'throw' | 'keep';

/**
 * The key to sign with on a day.
 *
 * @param date the request's day, as `YYYYMMDD`
 * @throws DateMismatchError where the key's day is another and `onDateMismatch` is `'throw'`
 * @throws NoSecretKeyError where it is `'rederive'` and the key does not have its secret
 */
export function keyForDate(key: SigningKey, date: string, onDateMismatch: OnDateMismatch): ScopedKey {
  if (key.date === date || onDateMismatch === 'keep') return key;
  if (onDateMismatch === 'throw') {
    throw new DateMismatchError(
      `signingKey: is for ${key.date}, but the request is of ${date}; pass a key for that day, ` +
        "or set onDateMismatch to 'rederive' or 'keep'",
    );
  }
  return findKeyOfDay(key, date);
}
