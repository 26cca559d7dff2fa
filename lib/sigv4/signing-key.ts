/** The signing key and its scope ("Create a signed AWS API request", steps 2 and 4), and the cache of keys. */
import { EndpointError, NoSecretKeyError, Aws4AuthError } from '../errors.js';
import { formatAmzDate } from './amz-date.js';
import { assertObject } from './unknown-option.js';
import { SECRET, type Credentials } from './credentials.js';
import { findRecent } from './recent-cache.js';
import { spellService } from './service-rules.js';
import { hashing } from '#platform';

/**
 * Where a signing key is good: one day, one region, one service.
 *
 * @example
 * const scope: SigningKeyScope = { date: new Date(), region: 'eu-west-1', service: 's3' };
 */
export interface SigningKeyScope {
  /** The day, as a moment in it (UTC) or as `YYYYMMDD`. */
  readonly date: Date | string;
  /** The region, e.g. `eu-west-1`. */
  readonly region: string;
  /** The service's signing name, e.g. `s3`. */
  readonly service: string;
}

/**
 * The options of a {@link SigningKey}.
 *
 * @example
 * new SigningKey(secretAccessKey, scope, { keepSecret: false });
 */
export interface SigningKeyOptions {
  /**
   * Whether the key keeps the secret access key, so that it can be derived again for another day.
   * @default true
   */
  readonly keepSecret?: boolean;
}

// Spread before what the caller gives, these make all names own properties: none is read from a polluted prototype.
const NO_SCOPE = { date: undefined, region: undefined, service: undefined } as const;
const NO_OPTIONS = { keepSecret: undefined } as const;

/** What signs requests: a {@link SigningKey}, or SigV4a's key for a set of regions. */
export interface RequestKey {
  /** As the string to sign has it. */
  readonly algorithm: string;
  readonly scope: string;
  /** Of a key of SigV4a, the set of regions, which is no part of its scope. */
  readonly region: string;
  readonly service: string;
  sign(stringToSign: string): string;
}

/** SigV4's name in the string to sign. */
export const HMAC_ALGORITHM = 'AWS4-HMAC-SHA256';

/** The four keys of the derivation, by AWS's names for them; the last one signs. */
export interface KeyChain {
  readonly dateKey: Uint8Array;
  readonly dateRegionKey: Uint8Array;
  readonly dateRegionServiceKey: Uint8Array;
  readonly signingKey: Uint8Array;
}

/**
 * A key that signs for one day, region and service. It can be made where the secret is known and used where it is not:
 * with `keepSecret: false` it holds only the derived key. Neither key nor secret shows in `util.inspect` or JSON.
 *
 * @example
 * const key = new SigningKey(secretAccessKey, { date: new Date(), region: 'eu-west-1', service: 's3' });
 * key.scope; // '20261122/eu-west-1/s3/aws4_request'
 * key.sign(stringToSign); // 64 hexadecimal digits
 */
export class SigningKey implements RequestKey {
  /** The credential scope: `YYYYMMDD/region/service/aws4_request`. */
  readonly scope: string;
  /** The day that the key is good for, as `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly #sign: (stringToSign: string) => string;
  readonly #secretAccessKey: string | undefined;

  /**
   * @throws Aws4AuthError `ERR_INVALID_OPTION` for a date that is none
   * @throws EndpointError for a region or service that cannot stand in a scope
   */
  constructor(secretAccessKey: string, scope: SigningKeyScope, options: SigningKeyOptions = {}) {
    if (typeof secretAccessKey !== 'string' || !SECRET.test(secretAccessKey)) {
      throw new Aws4AuthError(
        'SigningKey: secretAccessKey must be printable ASCII, and not empty; look for a line break at its end',
        'ERR_INVALID_OPTION',
      );
    }
    assertObject('SigningKey: scope', scope);
    assertObject('SigningKey: options', options);
    const { keepSecret = true } = { ...NO_OPTIONS, ...options };
    if (typeof keepSecret !== 'boolean') {
      throw new Aws4AuthError('keepSecret: must be true or false', 'ERR_INVALID_OPTION');
    }
    const { date, region, service } = { ...NO_SCOPE, ...scope };
    this.date = toScopeDate(date);
    this.region = assertScopePart('region', region);
    this.service = assertScopePart('service', service);
    this.scope = `${this.date}/${this.region}/${this.service}/aws4_request`;
    const { signingKey } = deriveKeyChain(secretAccessKey, this.date, this.region, this.service);
    this.#sign = hashing.createHmacSha256(signingKey);
    this.#secretAccessKey = keepSecret ? secretAccessKey : undefined;
  }

  /** SigV4's name, as the string to sign has it: `AWS4-HMAC-SHA256`. */
  get algorithm(): string {
    return HMAC_ALGORITHM;
  }

  /** Signs a string to sign: its HMAC-SHA-256 under this key, as lower-case hex. */
  sign(stringToSign: string): string {
    if (typeof stringToSign !== 'string') {
      throw new Aws4AuthError('SigningKey: sign must be given the string to sign', 'ERR_INVALID_OPTION');
    }
    return this.#sign(stringToSign);
  }

  /**
   * Makes the key of another day, for the same region and service; this one stays as it is.
   *
   * @throws NoSecretKeyError where this key was made with `keepSecret: false`
   */
  rederive(day: { readonly date: Date | string }): SigningKey {
    assertObject('SigningKey: what rederive is given', day);
    if (this.#secretAccessKey === undefined) {
      throw new NoSecretKeyError(
        `The signing key for ${this.scope} cannot be derived for another date: it was made with keepSecret: false. ` +
          'Make a new SigningKey where the secret is known.',
      );
    }
    const { date } = { ...NO_SCOPE, ...day };
    return new SigningKey(this.#secretAccessKey, { date, region: this.region, service: this.service });
  }
}

/** Derives the signing key: each key is the HMAC of the next part of the scope under the key before it. */
export function deriveKeyChain(secretAccessKey: string, date: string, region: string, service: string): KeyChain {
  const dateKey = hashing.hmacSha256(`AWS4${secretAccessKey}`, date);
  const dateRegionKey = hashing.hmacSha256(dateKey, region);
  const dateRegionServiceKey = hashing.hmacSha256(dateRegionKey, service);
  const signingKey = hashing.hmacSha256(dateRegionServiceKey, 'aws4_request');
  return { dateKey, dateRegionKey, dateRegionServiceKey, signingKey };
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
  if (value === undefined) {
    throw new EndpointError(`${name}: is missing; pass it as an option, e.g. ${exampleOfScopePart[name]}`);
  }
  if (typeof value === 'string' && SCOPE_PART.test(value)) return name === 'service' ? spellService(value) : value;
  throw new EndpointError(
    `${name}: ${typeof value === 'string' ? JSON.stringify(value) : `a value of type ${typeof value}`} cannot stand in ` +
      `a credential scope; it must be printable ASCII without white space, slash, comma or asterisk, ` +
      `e.g. ${exampleOfScopePart[name]}`,
  );
}

const exampleOfScopePart = {
  region: "region: 'eu-west-1'",
  service: "service: 'execute-api'",
} as const;

function toScopeDate(date: unknown): string {
  if (typeof date === 'string' && isDay(date)) return date;
  if (date instanceof Date && !Number.isNaN(date.getTime())) return formatAmzDate(date.getTime()).slice(0, 8);
  throw new Aws4AuthError('SigningKey: date must be a valid Date or a string YYYYMMDD', 'ERR_INVALID_OPTION');
}

function isDay(date: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(date) ?? [];
  const iso = `${String(year)}-${String(month)}-${String(day)}`;
  const ms = Date.parse(iso);
  // February 30 is a date to some engines, and another day.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(iso);
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

const CACHED_KEYS = 1000;
/** Keys by scope and the secret's digest. */
const cachedKeys = new Map<string, SigningKey>();
/** The key that each set of credentials signed with last. */
const lastKeys = new WeakMap<Credentials, SigningKey>();

/**
 * The signing key for these credentials and this scope, from a cache of the thousand that were used last. A key is
 * found by its scope and the secret's digest: the secret itself is nowhere in the cache, a rotated secret never gets an
 * old key, and two secrets of one access key id (of two stores, say) do not drive each other out.
 *
 * @param credentials a set that does not change, as assertCredentials returns it
 * @throws EndpointError for a region or service that cannot stand in a scope
 */
export function getSigningKey(credentials: Credentials, date: string, region: unknown, service: unknown): SigningKey {
  const last = lastKeys.get(credentials);
  if (last?.date === date && last.region === region && last.service === service) return last;
  const key = findCachedKey(credentials.secretAccessKey, {
    date,
    region: assertScopePart('region', region),
    service: assertScopePart('service', service),
  });
  lastKeys.set(credentials, key);
  return key;
}

function findCachedKey(secretAccessKey: string, scope: SigningKeyScope & { readonly date: string }): SigningKey {
  const name = `${scope.date}/${scope.region}/${scope.service}/${hashing.sha256Hex(secretAccessKey)}`;
  return findRecent(cachedKeys, CACHED_KEYS, name, () => new SigningKey(secretAccessKey, scope, { keepSecret: false }));
}
