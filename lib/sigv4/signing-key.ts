/** `SigningKey`: a derived key that a program makes by itself, and signs with where the secret is not known. */
import { Aws4AuthError, NoSecretKeyError } from '../errors.js';
import { formatAmzDate } from './amz-date.js';
import { SECRET } from './credentials.js';
import { findKeySigner, signingKeys } from './key-signer.js';
import { assertScopePart, deriveKey, HMAC_ALGORITHM, type ScopedKey } from './scoped-key.js';
import { assertObject } from './unknown-option.js';

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

/**
 * A key that signs for one day, region and service. It can be made where the secret is known and used where it is not:
 * with `keepSecret: false` it holds only the derived key. Neither key nor secret shows in `util.inspect` or JSON.
 *
 * @example
 * const key = new SigningKey(secretAccessKey, { date: new Date(), region: 'eu-west-1', service: 's3' });
 * key.scope; // '20261122/eu-west-1/s3/aws4_request'
 * key.sign(stringToSign); // 64 hexadecimal digits
 */
export class SigningKey implements ScopedKey {
  /** The credential scope: `YYYYMMDD/region/service/aws4_request`. */
  readonly scope: string;
  /** The day that the key is good for, as `YYYYMMDD`. */
  readonly date: string;
  /** The region that it signs for. */
  readonly region: string;
  /** The service that it signs for, by its signing name. */
  readonly service: string;
  readonly #sign: (stringToSign: string) => string;
  readonly #secretAccessKey: string | undefined;

  /**
   * Derives the key.
   *
   * @param secretAccessKey the secret that it is derived from
   * @param scope the day, region and service that it is good for
   * @param options whether the secret is kept
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
    const key = deriveKey(secretAccessKey, this.date, this.region, this.service);
    this.scope = key.scope;
    this.#sign = key.sign;
    this.#secretAccessKey = keepSecret ? secretAccessKey : undefined;
    signingKeys.set(this, (signerOptions, day) => findKeySigner(this, signerOptions, day));
  }

  /** SigV4's name, as the string to sign has it: `AWS4-HMAC-SHA256`. */
  get algorithm(): string {
    return HMAC_ALGORITHM;
  }

  /**
   * Signs a string to sign: its HMAC-SHA-256 under this key, as lower-case hex.
   *
   * @param stringToSign the string to sign, as `trace.stringToSign` has it
   * @throws Aws4AuthError `ERR_INVALID_OPTION` for what is not a string
   */
  sign(stringToSign: string): string {
    if (typeof stringToSign !== 'string') {
      throw new Aws4AuthError('SigningKey: sign must be given the string to sign', 'ERR_INVALID_OPTION');
    }
    return this.#sign(stringToSign);
  }

  /**
   * Makes the key of another day, for the same region and service; this one stays as it is.
   *
   * @param day the other day, as a moment in it (UTC) or as `YYYYMMDD`
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
