/** What a request is signed by: its own parts, and the options. */
import { Aws4AuthError } from '../errors.js';
import type { CanonicalTarget } from './canonical-request.js';
import type { Credentials } from './credentials.js';
import type { HttpHeaders } from './request-headers.js';
import type { PayloadMode } from './service-rules.js';
import type { SigningKey } from './signing-key.js';
import { createUnknownOptionError } from './unknown-option.js';

/**
 * A request as it will be sent.
 *
 * @example
 * const request: HttpRequest = { method: 'GET', url: 'https://example-bucket.s3.eu-west-1.amazonaws.com/photo.jpg' };
 */
export interface HttpRequest {
  /** The method; sent and signed in upper case. */
  readonly method: string;
  /** The absolute URL, taken literally: nothing is resolved or encoded, so that a path of `/a/../b` stays so. */
  readonly url: string;
  /**
   * The headers that will be sent. What an earlier signing left in them is replaced.
   * `Host` is only needed where it is not the URL's.
   * @default none
   */
  readonly headers?: HttpHeaders;
  /**
   * The body; a string stands for its UTF-8 bytes.
   * @default none
   */
  readonly body?: string | Uint8Array | null | undefined;
}

/**
 * How a request is signed, whatever the key comes from.
 *
 * @example
 * const rules: SigningRules = { signedHeaders: ['x-tenant'], payload: 'unsigned' };
 */
export interface SigningRules {
  /**
   * The moment of signing.
   * @default now
   */
  readonly date?: Date | undefined;
  /**
   * Headers to sign besides those that always are (host, content-type, content-md5, date, `x-amz-*`): names, prefixes
   * with `*`, or `*` for all but those that proxies rewrite, which only their own name selects.
   * @default []
   * @example ['x-tenant', 'x-app-*']
   */
  readonly signedHeaders?: readonly string[] | undefined;
  /**
   * Whether the body's hash is signed or `UNSIGNED-PAYLOAD`. An `X-Amz-Content-Sha256` among the headers comes first.
   * @default 'signed', but 'unsigned' for VPC Lattice, which takes nothing else
   */
  readonly payload?: PayloadMode | undefined;
  /**
   * Whether dot segments and empty segments are removed from the canonical path.
   * @default false for S3, S3 Express, S3 Outposts and S3 Object Lambda, else true
   */
  readonly normalizePath?: boolean | undefined;
  /**
   * Whether the canonical path is encoded once more than the URL's.
   * @default false for S3, S3 Express, S3 Outposts and S3 Object Lambda, else true
   */
  readonly doubleEncodePath?: boolean | undefined;
  /**
   * Whether `X-Amz-Content-Sha256` is sent.
   * @default true where the service requires it (S3 and its kin, Glacier, OpenSearch Serverless, VPC Lattice), and where
   * the body's hash is not signed
   */
  readonly contentSha256Header?: boolean | undefined;
  /**
   * Whether the session token is sent without being signed, as some older services want it.
   * @default false
   */
  readonly omitSessionToken?: boolean | undefined;
  /**
   * Whether the session token is one of S3 Express, which CreateSession gave: then it is sent as `X-Amz-S3session-Token`
   * in the place of `X-Amz-Security-Token`.
   * @default true for the service `s3express` at the host of a directory bucket (`NAME--ZONE--x-s3.s3express-...`), but for
   * CreateSession itself, HeadBucket, CopyObject and UploadPartCopy, which take the tokens of temporary credentials
   */
  readonly s3ExpressSession?: boolean | undefined;
}

/**
 * Where and as whom to sign, and how: with credentials, or with a key that was derived from them.
 *
 * @example
 * const options: SignRequestOptions = { region: 'eu-west-1', service: 's3', credentials };
 */
export type SignRequestOptions = CredentialsSigningOptions | KeySigningOptions;

/**
 * Signing with credentials, whose signing key is derived and kept in a cache of the thousand that were used last.
 *
 * @example
 * signRequest(request, { region: 'eu-west-1', service: 's3', credentials: { accessKeyId, secretAccessKey } });
 */
export interface CredentialsSigningOptions extends SigningRules {
  /** The region to sign for, e.g. `eu-west-1`. */
  readonly region: string;
  /** The service's signing name, e.g. `s3`, `execute-api`, `es`. */
  readonly service: string;
  /** As whom to sign. */
  readonly credentials: Credentials;
  /**
   * Not beside `credentials`.
   * @default none
   */
  readonly signingKey?: undefined;
  /**
   * Not beside `credentials`, which have their own.
   * @default none
   */
  readonly accessKeyId?: undefined;
  /**
   * Not beside `credentials`, which have their own.
   * @default none
   */
  readonly sessionToken?: undefined;
}

/**
 * Signing where the secret need not be known.
 *
 * @example
 * const signingKey = new SigningKey(secret, { date: new Date(), region: 'eu-west-1', service: 's3' }, { keepSecret: false });
 * signRequest(request, { signingKey, accessKeyId: 'AKIDEXAMPLE' });
 */
export interface KeySigningOptions extends SigningRules {
  /**
   * The derived key, in place of `credentials`. Where `date` is of another day than the key, the key of that day is
   * derived, once for each day; one without its secret (`keepSecret: false`) signs for its own day only.
   */
  readonly signingKey: SigningKey;
  /** Whose key it is. */
  readonly accessKeyId: string;
  /**
   * The token of temporary credentials.
   * @default none
   */
  readonly sessionToken?: string | undefined;
  /**
   * Not needed: the key's own. Another one is an error.
   * @default the key's
   */
  readonly region?: string | undefined;
  /**
   * Not needed: the key's own. Another one is an error.
   * @default the key's
   */
  readonly service?: string | undefined;
  /**
   * Not beside `signingKey`.
   * @default none
   */
  readonly credentials?: undefined;
}

/** All of an object's names, each perhaps `undefined`. */
export type Complete<T> = Readonly<{ [Name in keyof T]-?: T[Name] | undefined }>;

/** The rules of {@link signWithKey}, whose date is given apart. */
export interface KeyedSigningRules extends Omit<SigningRules, 'date'> {
  /** The body's hash, where that is known already. */
  readonly bodyHash?: string | undefined;
  /** The parts of the URL, where they are known already. */
  readonly target?: CanonicalTarget | undefined;
}

export type Nothing<Name extends PropertyKey> = Readonly<Record<Name, undefined>>;

// Spread before what the caller gives, these make all names own properties: none is read from a polluted prototype.
export const NO_REQUEST: Nothing<keyof HttpRequest> = {
  method: undefined,
  url: undefined,
  headers: undefined,
  body: undefined,
};
export const NO_RULES: Nothing<keyof KeyedSigningRules> = {
  signedHeaders: undefined,
  payload: undefined,
  normalizePath: undefined,
  doubleEncodePath: undefined,
  contentSha256Header: undefined,
  omitSessionToken: undefined,
  s3ExpressSession: undefined,
  bodyHash: undefined,
  target: undefined,
};
export const NO_OPTIONS: Nothing<keyof SignRequestOptions | keyof KeyedSigningRules> = {
  region: undefined,
  service: undefined,
  credentials: undefined,
  signingKey: undefined,
  accessKeyId: undefined,
  sessionToken: undefined,
  date: undefined,
  ...NO_RULES,
};
export const OPTION_NAMES: ReadonlySet<string> = new Set(
  Object.keys(NO_OPTIONS).filter((name) => name !== 'bodyHash' && name !== 'target'),
);

/** @throws Aws4AuthError `ERR_INVALID_OPTION` for an option that is not among those */
export function assertKnownOptions(options: object, names: ReadonlySet<string>): void {
  for (const name of Object.keys(options)) if (!names.has(name)) throw createUnknownOptionError(name, names);
}

/** The option `date`, in ms since the epoch. */
export function readMoment(date: unknown): number {
  if (date === undefined) return Date.now();
  if (date instanceof Date) return date.getTime();
  throw new Aws4AuthError('date: must be a Date', 'ERR_INVALID_OPTION');
}
