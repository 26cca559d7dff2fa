/** Who signs with SigV4a, and when, as the options of signing name it. */
import { Aws4AuthError } from '../errors.js';
import { formatAmzDate } from '../sigv4/amz-date.js';
import { assertCredentials, assertOwnFields, type Credentials } from '../sigv4/credentials.js';
import { assertKnownOptions, OPTION_NAMES, readMoment, type SigningRules } from '../sigv4/signing-options.js';
import type { ScopedKey } from '../sigv4/scoped-key.js';
import { assertObject } from '../sigv4/unknown-option.js';
import { getAsymmetricKey } from './asymmetric-key.js';

/**
 * Where and as whom to sign, and how.
 *
 * @example
 * const options: SignRequestOptions = { region: 'us-east-1,eu-west-1', service: 's3', credentials };
 */
export interface SignRequestOptions extends Omit<SigningRules, 's3ExpressSession'> {
  /**
   * The set of regions that the signature is good in: names with commas between, and an asterisk for any letters.
   * @example '*'
   * @example 'us-east-1,eu-west-1'
   */
  readonly region: string;
  /** The service's signing name, e.g. `s3`, `events`, `cloudfront-keyvaluestore`. */
  readonly service: string;
  /** Their key is derived once, and kept for as long as they live, and in a cache of the thousand that were used last. */
  readonly credentials: Credentials;
}

/** A key to sign with, whose it is, and the moment. */
export interface Signer {
  readonly key: ScopedKey;
  readonly owner: Credentials;
  readonly amzDate: string;
}

/** The options that name a signer, before they are checked. */
interface SignerOptions {
  readonly region: unknown;
  readonly service: unknown;
  readonly credentials: unknown;
  readonly date: unknown;
}

/** @throws EndpointError, CredentialsError, Aws4AuthError `ERR_INVALID_OPTION` */
export function findSigner({ region, service, credentials, date }: SignerOptions): Signer {
  const amzDate = formatAmzDate(readMoment(date));
  const owner = assertCredentials(credentials, assertOwnFields);
  return { key: getAsymmetricKey(owner, amzDate.slice(0, 8), region, service), owner, amzDate };
}

/** The options of SigV4 that say who signs without credentials: a key of one day, region and service. */
const KEY_OPTIONS: readonly string[] = ['signingKey', 'accessKeyId', 'sessionToken'];

/** The names of the options of signing a request. */
export function listOptions(): ReadonlySet<string> {
  return new Set([...OPTION_NAMES].filter((name) => !KEY_OPTIONS.includes(name) && name !== 's3ExpressSession'));
}

/** @throws Aws4AuthError `ERR_INVALID_OPTION` for an option that is not among those, or is SigV4's alone */
export function assertOptions(options: object, names: ReadonlySet<string>): void {
  assertObject('options', options);
  const ofKey = Object.keys(options).find((name) => KEY_OPTIONS.includes(name));
  if (ofKey === undefined) {
    assertKnownOptions(options, names);
    return;
  }
  const instead =
    ofKey === 'signingKey'
      ? 'is of SigV4, for one region; SigV4a signs with a key that it derives of credentials: pass these'
      : 'goes into credentials';
  throw new Aws4AuthError(`${ofKey}: ${instead}`, 'ERR_INVALID_OPTION');
}
