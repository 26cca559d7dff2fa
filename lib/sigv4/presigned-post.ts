/** Signing a POST policy ("Authenticating Requests: Browser-Based Uploads Using POST"): the fields of a form for S3. */
import { Aws4AuthError } from '../errors.js';
import { encodeBase64 } from '../platform/base64.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { formatAmzDate } from './amz-date.js';
import { splitUrl } from './canonical-request.js';
import type { KeyOwner } from './credentials.js';
import { assertExpiresIn, DEFAULT_EXPIRES_IN_S } from './expiration.js';
import { assertFilled, createFieldConditions, readConditions, readFields, type PostCondition } from './post-policy.js';
import { assertKnownOptions, readMoment, type Nothing, type SignRequestOptions } from './signing-options.js';
import { chooseToken, isSessionDue, type SentToken } from './session-token.js';
import { findSigner } from './signer.js';
import type { ScopedKey } from './scoped-key.js';
import { assertObject } from './unknown-option.js';

/**
 * What may be uploaded, and where to.
 *
 * @example
 * const policy: PostPolicy = {
 *   url: 'https://example-bucket.s3.eu-west-1.amazonaws.com/',
 *   bucket: 'example-bucket',
 *   key: 'uploads/${filename}',
 * };
 */
export interface PostPolicy {
  /** Where the form is posted: the bucket's URL, e.g. `https://example-bucket.s3.eu-west-1.amazonaws.com/`. */
  readonly url: string;
  /** The name of the bucket. */
  readonly bucket: string;
  /** The object's key; `${filename}` in it is replaced by the name of the file that is uploaded. */
  readonly key: string;
  /**
   * Further fields of the form: `acl`, `Content-Type`, `success_action_status`, `x-amz-meta-*`, ...
   * @default none
   */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /**
   * Conditions besides those that every field gets by itself, which is that it has just its value. Where they name a
   * field, they stand in place of that.
   * @example [['content-length-range', 1, 10_000_000], ['starts-with', '$Content-Type', 'image/']]
   * @default none besides those of the fields
   */
  readonly conditions?: readonly PostCondition[] | undefined;
  /**
   * How many seconds the form is good: a whole number from 1 to 604800 (7 days). It ends with the credentials, where
   * these end sooner.
   * @default 900
   */
  readonly expiresIn?: number | undefined;
}

type SignerOptionNames = 'region' | 'service' | 'credentials' | 'signingKey' | 'accessKeyId' | 'sessionToken' | 'date';

/**
 * As whom to sign a policy: the options of {@link signRequest} that say so.
 *
 * @example
 * const options: PresignPostOptions = { region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey } };
 */
export type PresignPostOptions = SignerOptionsOf<SignRequestOptions> & {
  /** @default 's3', or the service of `signingKey` */
  readonly service?: string | undefined;
  /**
   * How many seconds the form is good, where the policy does not say so.
   * @default 900
   */
  readonly expiresIn?: number | undefined;
};

type SignerOptionsOf<Options> = Options extends SignRequestOptions
  ? Pick<Options, Exclude<SignerOptionNames, 'service'>>
  : never;

/**
 * A form that uploads to S3.
 *
 * @example
 * const { url, fields } = createPresignedPost(policy, options);
 * const form = new FormData();
 * for (const [name, value] of Object.entries(fields)) form.append(name, value);
 * form.append('file', file);
 * await fetch(url, { method: 'POST', body: form });
 */
export interface PresignedPost {
  /** Where the form is posted, as `multipart/form-data`. */
  readonly url: string;
  /** The form's fields, in their order; the file comes after them, as the field `file`. */
  readonly fields: Readonly<Record<string, string>>;
}

const NO_POLICY: Nothing<keyof PostPolicy> = {
  url: undefined,
  bucket: undefined,
  key: undefined,
  fields: undefined,
  conditions: undefined,
  expiresIn: undefined,
};
const POLICY_NAMES: ReadonlySet<string> = new Set(Object.keys(NO_POLICY));
const NO_OPTIONS: Nothing<keyof PresignPostOptions> = {
  region: undefined,
  service: undefined,
  credentials: undefined,
  signingKey: undefined,
  accessKeyId: undefined,
  sessionToken: undefined,
  date: undefined,
  expiresIn: undefined,
};
const OPTION_NAMES: ReadonlySet<string> = new Set(Object.keys(NO_OPTIONS));

/**
 * Signs a POST policy: a form with these fields, and a file after them, uploads to a bucket of S3 until it expires. Every
 * field gets a condition, so that none can be changed or added, but for those that `conditions` leave open.
 *
 * @param policy what may be uploaded, where to, and until when
 * @param options region and credentials, or a `signingKey` and whose it is; `date` is the moment of signing
 * @throws EndpointError, CredentialsError, NoSecretKeyError as {@link signRequest} does
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for a field, a condition or an `expiresIn` that cannot be right, or a field
 * that does not fulfil its condition, by its name; `ERR_INVALID_URL`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 *
 * @example
 * const { url, fields } = createPresignedPost(
 *   {
 *     url: 'https://example-bucket.s3.eu-west-1.amazonaws.com/',
 *     bucket: 'example-bucket',
 *     key: 'uploads/${filename}',
 *     conditions: [['content-length-range', 1, 10_000_000]],
 *   },
 *   { region: 'eu-west-1', credentials: { accessKeyId, secretAccessKey } },
 * );
 */
export function createPresignedPost(policy: PostPolicy, options: PresignPostOptions): PresignedPost {
  assertObject('options', options);
  assertKnownOptions(options, OPTION_NAMES);
  const ownOptions = { ...NO_OPTIONS, ...options };
  const moment = readMoment(ownOptions.date);
  const service = ownOptions.service ?? (ownOptions.signingKey === undefined ? 's3' : undefined);
  const { signingKey, owner } = findSigner({ ...ownOptions, service }, formatAmzDate(moment).slice(0, 8));
  return presignPostWithKey(policy, signingKey, owner, moment, ownOptions.expiresIn);
}

/**
 * Signs like {@link createPresignedPost}, with a key that is already derived.
 *
 * @param owner whose key it is
 * @param moment the moment of signing, in ms since the epoch
 * @param usualExpiresIn how long the form is good where the policy does not say so, in seconds
 * @param s3ExpressSession whether the token is one of a session of S3 Express; by default what the URL tells
 */
export function presignPostWithKey(
  policy: PostPolicy,
  signingKey: ScopedKey,
  owner: KeyOwner,
  moment: number,
  usualExpiresIn = DEFAULT_EXPIRES_IN_S,
  s3ExpressSession?: boolean,
): PresignedPost {
  assertObject('policy', policy);
  assertKnownOptions(policy, POLICY_NAMES);
  const { url, bucket, key, expiresIn = usualExpiresIn, ...own } = { ...NO_POLICY, ...policy };
  const postUrl = toPostUrl(url);
  const fields = [['key', assertFilled('key', key)] as const, ...readFields(own.fields)];
  const given = readConditions(own.conditions);
  const { host, path, query } = splitUrl(postUrl);
  const isSession = s3ExpressSession ?? isSessionDue(signingKey.service, 'POST', host, path, query, {});
  const token = chooseToken(owner, NO_TOKENS, isSession);
  const signed = listSignedFields(signingKey, owner.accessKeyId, token, formatAmzDate(moment));
  const conditions = [
    ...given.conditions,
    ...createFieldConditions('bucket', assertFilled('bucket', bucket), given),
    ...fields.flatMap(([name, value]) => createFieldConditions(name, value, given)),
    ...signed.map(([name, value]) => ({ [name]: value })),
  ];
  const encoded = encodePolicy(moment + assertExpiresIn(expiresIn) * 1000, conditions);
  return {
    url: postUrl,
    fields: Object.fromEntries([
      ...fields,
      ...signed,
      ['policy', encoded],
      ['x-amz-signature', signingKey.sign(encoded)],
    ]),
  };
}

/** A form has no headers that could bear a token. */
const NO_TOKENS = { securityToken: undefined, s3SessionToken: undefined };

function listSignedFields(
  { scope }: ScopedKey,
  accessKeyId: string,
  token: SentToken | undefined,
  amzDate: string,
): readonly (readonly [name: string, value: string])[] {
  return [
    ['x-amz-algorithm', 'AWS4-HMAC-SHA256'],
    ['x-amz-credential', `${accessKeyId}/${scope}`],
    ['x-amz-date', amzDate],
    ...(token === undefined ? [] : [[token.name.toLowerCase(), token.value] as const]),
  ];
}

/** @throws Aws4AuthError `ERR_INVALID_URL` */
function toPostUrl(url: unknown): string {
  if (typeof url !== 'string') {
    throw new Aws4AuthError("url: must be the bucket's absolute URL, as a string", 'ERR_INVALID_URL');
  }
  splitUrl(url);
  const [withoutFragment = ''] = url.split('#', 1);
  return withoutFragment;
}

/** A policy in base64, of its UTF-8: some stores know no escapes of characters beyond U+FFFF. */
function encodePolicy(expirationMs: number, conditions: readonly PostCondition[]): string {
  // It says what is no moment that can be written.
  formatAmzDate(expirationMs);
  const json = JSON.stringify({ expiration: new Date(expirationMs).toISOString(), conditions });
  return encodeBase64(encodeUtf8(json));
}
