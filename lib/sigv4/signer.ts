/** Who signs: credentials, or a key that was derived from them, as the options of signing name it. */
import { Aws4AuthError, CredentialsError } from '../errors.js';
import { isObject } from '../platform/object-kinds.js';
import { assertCredentials, assertOwnFields } from './credentials.js';
import { signingKeys, type Signer, type SignerOptions } from './key-signer.js';
import { getSigningKey } from './scoped-key.js';

/**
 * The signer of a day.
 *
 * @param date the day, as `YYYYMMDD`
 * @throws EndpointError, CredentialsError, NoSecretKeyError, Aws4AuthError `ERR_INVALID_OPTION`
 */
export function findSigner(options: SignerOptions, date: string): Signer {
  const { credentials, signingKey } = options;
  if (signingKey !== undefined) {
    const findKeySigner = isObject(signingKey) ? signingKeys.get(signingKey) : undefined;
    if (findKeySigner !== undefined) return findKeySigner(options, date);
    throw new Aws4AuthError('signingKey: must be a SigningKey of this copy of the package', 'ERR_INVALID_OPTION');
  }
  if (options.accessKeyId !== undefined || options.sessionToken !== undefined) {
    const name = options.accessKeyId === undefined ? 'sessionToken' : 'accessKeyId';
    throw new CredentialsError(`${name}: goes with signingKey; without one, put it into credentials`);
  }
  const owner = assertCredentials(credentials, assertOwnFields);
  return { signingKey: getSigningKey(owner, date, options.region, options.service), owner };
}
