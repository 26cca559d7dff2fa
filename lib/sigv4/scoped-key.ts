/** The signing key of a scope ("Create a signed AWS API request", steps 2 and 4): its derivation, and the cache of keys. */
import { EndpointError } from '../errors.js';
import type { Credentials } from './credentials.js';
import { findRecent } from './recent-cache.js';
import { spellService } from './service-rules.js';
import { quote } from './unknown-option.js';
import { hashing } from '#platform';

/** SigV4's name in the string to sign. */
export const HMAC_ALGORITHM = 'AWS4-HMAC-SHA256';

/** A derived key: it signs for one day, region and service; of SigV4a, for a set of regions, which is no part of its scope. */
export interface ScopedKey {
  /** As the string to sign has it. */
  readonly algorithm: string;
  /** The credential scope: `YYYYMMDD/region/service/aws4_request`. */
  readonly scope: string;
  /** As `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /**
   * The signature of a string to sign, as lower-case hex: its HMAC-SHA-256 under this key, or of SigV4a DER. That the string
   * is known to be ASCII saves a check.
   */
  readonly sign: (stringToSign: string, isAscii?: boolean) => string;
}

/** The four keys of the derivation, by AWS's names for them; the last one signs. */
export interface KeyChain {
  readonly dateKey: Uint8Array;
  readonly dateRegionKey: Uint8Array;
  readonly dateRegionServiceKey: Uint8Array;
  readonly signingKey: Uint8Array;
}

/** Derives the signing key: each key is the HMAC of the next part of the scope under the key before it. */
export function deriveKeyChain(secretAccessKey: string, date: string, region: string, service: string): KeyChain {
  const dateKey = hashing.hmacSha256(`AWS4${secretAccessKey}`, date);
  const dateRegionKey = hashing.hmacSha256(dateKey, region);
  const dateRegionServiceKey = hashing.hmacSha256(dateRegionKey, service);
  const signingKey = hashing.hmacSha256(dateRegionServiceKey, 'aws4_request');
  return { dateKey, dateRegionKey, dateRegionServiceKey, signingKey };
}

/** Derives the key of a scope, whose parts are checked. */
export function deriveKey(secretAccessKey: string, date: string, region: string, service: string): ScopedKey {
  const { signingKey } = deriveKeyChain(secretAccessKey, date, region, service);
  return {
    algorithm: HMAC_ALGORITHM,
    scope: `${date}/${region}/${service}/aws4_request`,
    date,
    region,
    service,
    sign: hashing.createHmacSha256(signingKey),
  };
}

// Printable ASCII but slash and comma, which would end the part, or the credential, in the Authorization header; and no
// asterisk, which makes a set of regions.
const SCOPE_PART = /^[!-)+\--.0-~]+$/;

/**
 * A region or service that can stand in a credential scope, the service in AWS's own spelling.
 *
 * @throws EndpointError for any other; Aws4AuthError `ERR_INVALID_OPTION` for a service with an upper case that AWS's has not
 */
export function assertScopePart(name: 'region' | 'service', value: unknown): string {
  if (typeof value === 'string' && SCOPE_PART.test(value)) return name === 'service' ? spellService(value) : value;
  const fault =
    value === undefined
      ? 'is missing; pass an option'
      : `is ${quote(value)}; it must be printable ASCII without white space, slash, comma or asterisk`;
  throw new EndpointError(`${name}: ${fault}, e.g. ${exampleOfScopePart[name]}`);
}

const exampleOfScopePart = { region: "region: 'eu-west-1'", service: "service: 'execute-api'" } as const;

const CACHED_KEYS = 1000;
/** Keys by scope and the secret's digest, in the order of their last use. */
const cachedKeys = new Map<string, ScopedKey>();
/** The key that each set of credentials signed with last. */
const lastKeys = new WeakMap<Credentials, ScopedKey>();

/**
 * The signing key for these credentials and this scope, from a cache of the thousand that were used last. A key is
 * found by its scope and the secret's digest: the secret itself is nowhere in the cache, a rotated secret never gets an
 * old key, and two secrets of one access key id (of two stores, say) do not drive each other out.
 *
 * @param credentials a set that does not change, as assertCredentials returns it
 * @throws EndpointError for a region or service that cannot stand in a scope
 */
export function getSigningKey(credentials: Credentials, date: string, region: unknown, service: unknown): ScopedKey {
  const last = lastKeys.get(credentials);
  if (last?.date === date && last.region === region && last.service === service) return last;
  const key = findCachedKey(
    credentials.secretAccessKey,
    date,
    assertScopePart('region', region),
    assertScopePart('service', service),
  );
  lastKeys.set(credentials, key);
  return key;
}

function findCachedKey(secretAccessKey: string, date: string, region: string, service: string): ScopedKey {
  const name = `${date}/${region}/${service}/${hashing.sha256Hex(secretAccessKey)}`;
  return findRecent(cachedKeys, CACHED_KEYS, name, () => deriveKey(secretAccessKey, date, region, service));
}
