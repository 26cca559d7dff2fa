/** The options of the interceptor: what they mean, their defaults, and how one request overrides them. */
import { defaultClock, LearnedSkews, type Clock } from './clock.js';
import {
  createCredentialsSource,
  type CredentialsProvider,
  type CredentialsSource,
  type ExpiringCredentials,
} from './credentials.js';
import type { DerivedKey, OnDateMismatch } from './derived-key.js';
import { Aws4AuthError, CredentialsError } from './errors.js';
import { isHosts, type Elsewhere, type Hosts } from './hosts.js';
import type { OnInvalidDate } from './request-date.js';
import { createUnknownOptionError } from './sigv4/argument.js';
import { assertKeyOwner } from './sigv4/credentials.js';
import type { PayloadMode } from './sigv4/service-rules.js';
import type { SigningTrace } from './sigv4/sign-request.js';
import { createHeaderSelection } from './sigv4/signed-headers.js';
import { assertScopePart, SigningKey } from './sigv4/signing-key.js';

/**
 * The options of {@link aws4Interceptor}; any of them also stands in a single request's `config.aws4`.
 */
export interface Aws4Options {
  /**
   * The AWS region to sign for.
   * @default what the hostname says, then the environment's `AWS_REGION`, then `AWS_DEFAULT_REGION`; never a guess
   * @example 'eu-west-1'
   */
  readonly region?: string | undefined;
  /**
   * The service's signing name: `execute-api`, `lambda`, `es`, `aoss`, `bedrock`, `s3`, ...
   * @default what the hostname says; never a guess
   */
  readonly service?: string | undefined;
  /**
   * Credentials, or a function that gives them; the AWS SDK's providers are such functions. What bears an `expiration`
   * is kept, and asked for again in time: in the background in its life's last quarter (at most 15 minutes), with
   * requests waiting in its last twelfth (at most 5). Without `expiration`, a function is asked before each request.
   * @default in Node, the AWS SDK's provider chain: environment, shared files, SSO, process, web identity, container,
   * instance metadata
   * @example fromTemporaryCredentials({ params: { RoleArn: 'arn:aws:iam::123456789012:role/reader' } })
   */
  readonly credentials?: ExpiringCredentials | CredentialsProvider | undefined;
  /**
   * A derived key to sign with in place of `credentials`; its scope says region and service. Needs `accessKeyId`.
   * @example new SigningKey(secretAccessKey, { date: new Date(), region, service }, { keepSecret: false })
   */
  readonly signingKey?: SigningKey | undefined;
  /** Whose key `signingKey` is. */
  readonly accessKeyId?: string | undefined;
  /** The session token that goes with `signingKey`, where its secret was a temporary one. */
  readonly sessionToken?: string | undefined;
  /**
   * What to do where `signingKey` is for another day (UTC) than the request: `'rederive'` it for that day, `'throw'` a
   * DateMismatchError, or `'keep'` it, which only a server accepts that does not compare the days.
   * @default 'rederive'
   */
  readonly onDateMismatch?: OnDateMismatch | undefined;
  /**
   * What to do where a request has an `X-Amz-Date` or `Date` header and none in a known format: `'replace'` them by an
   * `X-Amz-Date` of now, or `'throw'` a DateFormatError.
   * @default 'replace'
   */
  readonly onInvalidDate?: OnInvalidDate | undefined;
  /**
   * Headers to sign besides host, content-type, content-md5, date and `x-amz-*`, which always are: names, prefixes with
   * `*`, or `*` for all but those that proxies and runtimes rewrite, which only their own name selects.
   * @default []
   * @example ['x-tenant', 'x-app-*']
   */
  readonly signedHeaders?: readonly string[] | undefined;
  /**
   * Whether the body's hash is signed, or `UNSIGNED-PAYLOAD` in its place: then whoever can change the body on its way
   * can do so unnoticed. Over http:// to another machine that must be asked for by the request itself, in `config.aws4`
   * or as its `X-Amz-Content-Sha256`.
   * @default 'signed', but 'unsigned' for VPC Lattice, which takes nothing else
   */
  readonly payload?: PayloadMode | undefined;
  /**
   * How many bytes of a stream are read into memory to be hashed, at most; a stream with more is refused.
   * Under `payload: 'unsigned'` streams are sent unread.
   * @default 67108864 (64 MiB)
   */
  readonly maxStreamBytes?: number | undefined;
  /**
   * Where signatures may go: hostnames, `*.example.com` for every name below one, or a function that decides. A name
   * with a port (`localhost:9000`) is good for that port alone. Redirects to these hosts are signed too.
   * @default everywhere, but not where an absolute URL leads away from `baseURL` to another origin
   * @example ['api.example.com', '*.amazonaws.com']
   */
  readonly hosts?: Hosts | undefined;
  /**
   * What becomes of a request to anywhere else: `'refuse'` it with an error, or send it `'unsigned'`.
   * @default 'refuse'
   */
  readonly elsewhere?: Elsewhere | undefined;
  /**
   * The time, in milliseconds since the epoch. Under libfaketime, pass `libfaketimeClock()`; in a test, what it wants.
   * @default the system's, or what `import 'axios-aws4auth/libfaketime'` put in its place
   */
  readonly clock?: Clock | undefined;
  /**
   * Whether a request that is refused for an expired token or a wrong clock is signed and sent once more: with
   * credentials that the provider is told to fetch anew, or with the server's time, which is kept for its origin. A
   * body that is sent unread (a stream under `payload: 'unsigned'`) cannot be sent again.
   * @default true
   */
  readonly heal?: boolean | undefined;
  /**
   * Called with each signature as it is made, for whoever must compare it with what a server expected. The session
   * token is redacted.
   */
  readonly onSigned?: ((trace: SigningTrace) => void) | undefined;
}

declare module 'axios' {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unused-vars -- must be as axios has it
  interface AxiosRequestConfig<D = any, P = any> {
    /** Options of axios-aws4auth for this request alone; `false` sends it unsigned. */
    aws4?: Aws4Options | false;
  }
}

/** Options that are checked; region and service may still come from elsewhere. */
export interface ResolvedOptions extends Omit<
  Aws4Options,
  'credentials' | 'signingKey' | 'accessKeyId' | 'sessionToken' | 'clock'
> {
  readonly clock: Clock;
  readonly signer: Signer;
  /** What healing learned of servers' clocks beside this one, for all requests of one interceptor. */
  readonly skews: LearnedSkews;
  readonly skewsByClock: WeakMap<Clock, LearnedSkews>;
}

/** Who signs: credentials, or a key that was derived from some. */
export type Signer = CredentialsSource | DerivedKey;

type Check = (value: unknown) => boolean;
const isString: Check = (value) => typeof value === 'string';
const isFunction: Check = (value) => typeof value === 'function';
const isByteCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isOneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);

/** Each option with what it must be. */
const checks: ReadonlyMap<string, readonly [isValid: Check, mustBe: string]> = new Map<
  keyof Aws4Options,
  readonly [Check, string]
>([
  ['region', [isString, 'a string']],
  ['service', [isString, 'a string']],
  // Checked by createCredentialsSource, whose errors say which field is wrong.
  ['credentials', [() => true, 'an object or a function']],
  ['signingKey', [(value) => value instanceof SigningKey, 'a SigningKey of this package']],
  ['accessKeyId', [isString, 'a string']],
  ['sessionToken', [isString, 'a string']],
  ['onDateMismatch', [isOneOf('rederive', 'throw', 'keep'), "'rederive', 'throw' or 'keep'"]],
  ['onInvalidDate', [isOneOf('replace', 'throw'), "'replace' or 'throw'"]],
  ['signedHeaders', [Array.isArray, 'an array of header names and patterns']],
  ['payload', [isOneOf('signed', 'unsigned'), "'signed' or 'unsigned'"]],
  ['maxStreamBytes', [isByteCount, 'a number of bytes, 0 or more']],
  ['hosts', [isHosts, 'a function, or an array of hostnames and patterns such as *.example.com']],
  ['elsewhere', [isOneOf('refuse', 'unsigned'), "'refuse' or 'unsigned'"]],
  ['clock', [isFunction, 'a function that returns milliseconds since the epoch']],
  ['heal', [isOneOf(true, false), 'true or false']],
  ['onSigned', [isFunction, 'a function']],
]);

/**
 * Checks the options of an interceptor.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` which names the option; CredentialsError; EndpointError
 */
export function resolveOptions(options: Aws4Options): ResolvedOptions {
  assertOptions(options);
  return complete(options, createSigner(options), new WeakMap());
}

/**
 * The options of one request: those of the interceptor, overridden by `config.aws4`. Who signs is one decision: a
 * request that says anything of it says all of it, so that no key is used with the token of another.
 */
export function overrideOptions(resolved: ResolvedOptions, aws4: Aws4Options | undefined): ResolvedOptions {
  if (aws4 === undefined) return resolved;
  assertOptions(aws4);
  const namesSigner = SIGNER_OPTIONS.some((name) => aws4[name] !== undefined);
  const given = Object.fromEntries(Object.entries(aws4).filter(([, value]) => value !== undefined));
  const signer = namesSigner ? createSigner(aws4) : resolved.signer;
  return complete({ ...resolved, ...given }, signer, resolved.skewsByClock);
}

const SIGNER_OPTIONS = ['credentials', 'signingKey', 'accessKeyId', 'sessionToken'] as const;

function assertOptions(options: unknown): asserts options is Aws4Options {
  if (Object.prototype.toString.call(options) !== '[object Object]') {
    throw new Aws4AuthError('options: must be a plain object; in config.aws4 also false', 'ERR_INVALID_OPTION');
  }
  // Those that it inherits are used too.
  for (const name in Object(options)) {
    const value: unknown = Reflect.get(Object(options), name);
    const [isValid, mustBe] = checks.get(name) ?? [];
    if (isValid === undefined) throw createUnknownOptionError(name, checks.keys());
    if (value !== undefined && !isValid(value)) {
      throw new Aws4AuthError(`${name}: must be ${String(mustBe)}`, 'ERR_INVALID_OPTION');
    }
  }
}

function complete(
  options: Aws4Options,
  signer: Signer,
  skewsByClock: ResolvedOptions['skewsByClock'],
): ResolvedOptions {
  const { region, service, onDateMismatch, onInvalidDate, signedHeaders, payload, heal, onSigned } = options;
  const { maxStreamBytes, hosts, elsewhere, clock = defaultClock } = options;
  if (region !== undefined) assertScopePart('region', region);
  if (service !== undefined) assertScopePart('service', service);
  createHeaderSelection(signedHeaders);
  return {
    region,
    service,
    onDateMismatch,
    onInvalidDate,
    signedHeaders,
    payload,
    maxStreamBytes,
    hosts,
    elsewhere,
    clock,
    heal,
    onSigned,
    signer,
    skews: findSkews(skewsByClock, clock, heal),
    skewsByClock,
  };
}

/** What was learned of one clock is not true of another; and without healing nothing is used of it. */
function findSkews(
  skewsByClock: ResolvedOptions['skewsByClock'],
  clock: Clock,
  heal: boolean | undefined,
): LearnedSkews {
  const known = heal === false ? undefined : skewsByClock.get(clock);
  if (known !== undefined) return known;
  const skews = new LearnedSkews();
  if (heal !== false) skewsByClock.set(clock, skews);
  return skews;
}

function createSigner({ credentials, signingKey, accessKeyId, sessionToken }: Aws4Options): Signer {
  if (signingKey === undefined) {
    if (accessKeyId === undefined && sessionToken === undefined) return createCredentialsSource(credentials);
    const name = accessKeyId === undefined ? 'sessionToken' : 'accessKeyId';
    throw new CredentialsError(`${name}: goes with signingKey; without one, put it into credentials`);
  }
  if (credentials !== undefined) {
    throw new CredentialsError('signingKey: stands in place of credentials; pass one of them');
  }
  return { signingKey, ...assertKeyOwner({ accessKeyId, sessionToken }) };
}
