/** Signing in the headers: "Create a signed AWS API request" from a request to its Authorization header. */
import { Aws4AuthError } from '../errors.js';
import { formatAmzDate } from './amz-date.js';
import { assertObject, createUnknownOptionError } from './unknown-option.js';
import {
  createCanonicalHeaders,
  createCanonicalPath,
  createCanonicalQuery,
  createCanonicalRequest,
  createStringToSign,
  splitUrl,
  type CanonicalHeaders,
  type CanonicalTarget,
} from './canonical-request.js';
import type { Credentials, KeyOwner } from './credentials.js';
import { assertBody, choosePayloadHash, UNSIGNED_PAYLOAD } from './payload-hash.js';
import { takeUnsignedHeaders, type HttpHeaders, type SignedHeaders } from './request-headers.js';
import { rulesFor, type PayloadMode } from './service-rules.js';
import { chooseToken, isOfSession } from './session-token.js';
import { createHeaderSelection } from './signed-headers.js';
import { findSigner } from './signer.js';
import { HMAC_ALGORITHM, type ScopedKey } from './scoped-key.js';
import type { SigningKey } from './signing-key.js';

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

/**
 * Each stage of a signature. Where a server answers `SignatureDoesNotMatch`, compare it with what the server computed.
 * `canonicalRequest` bears the session token, if it is signed.
 *
 * @example
 * const { trace } = signRequest(request, options);
 * console.log(trace.canonicalRequest, trace.stringToSign);
 */
export interface SigningTrace {
  /** The canonical request: method, path, query, headers, their names and the hash of the body, a line each. */
  readonly canonicalRequest: string;
  /** The string to sign: algorithm, date, scope and the hash of the canonical request. */
  readonly stringToSign: string;
  /** The signature, as lower-case hex. */
  readonly signature: string;
  /** The names of the signed headers, joined by `;`. */
  readonly signedHeaders: string;
  /** The credential scope, `YYYYMMDD/region/service/aws4_request`; under SigV4a without a region. */
  readonly scope: string;
}

type HeaderValue = string | readonly string[];

/**
 * The request to send: the given one, with the headers that sign it; its types are such that `fetch` takes it.
 *
 * @example
 * const { url, ...init } = signRequest(request, options);
 * await fetch(url, init);
 */
export interface SignedRequest<Body = HttpRequest['body'], Value extends HeaderValue = HeaderValue> {
  /** The method, in upper case. */
  readonly method: string;
  /** The URL, as it was given. */
  readonly url: string;
  /** The headers that were given, and those that sign them. */
  readonly headers: SignedHeaders<Value>;
  /** The body, as it was given. */
  readonly body: Body;
  /** Each stage of the signature. */
  readonly trace: SigningTrace;
}

type BodyOf<Request extends HttpRequest> = 'body' extends keyof Request ? Request['body'] : undefined;

type HeaderValueOf<Request extends HttpRequest> = 'headers' extends keyof Request
  ? NonNullable<Request['headers']> extends Readonly<Record<string, infer Value extends HeaderValue | undefined>>
    ? Exclude<Value, undefined>
    : string
  : string;

/**
 * What signing makes of a request of this type.
 *
 * @example
 * type SignedGet = SignedRequestOf<{ method: 'GET'; url: string }>;
 */
export type SignedRequestOf<Request extends HttpRequest> = SignedRequest<BodyOf<Request>, HeaderValueOf<Request>>;

/**
 * Signs a request with AWS Signature Version 4 in its headers: `Authorization`, `X-Amz-Date` and, where they are due,
 * `X-Amz-Content-Sha256` and `X-Amz-Security-Token` (of S3 Express `X-Amz-S3session-Token`). Synchronous; the input stays as it is.
 *
 * @param request the request as it will be sent
 * @param options region, service and credentials, or a `signingKey` and whose it is
 * @throws EndpointError for a region or service that is missing, cannot stand in a credential scope, or is not the
 * key's
 * @throws CredentialsError for credentials that are missing, empty or malformed
 * @throws NoSecretKeyError for a `signingKey` of another day than `date` that does not have its secret
 * @throws Aws4AuthError for a URL, header, option or payload hash that cannot be signed
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *
 * @example
 * const { headers } = signRequest(
 *   { method: 'GET', url: 'https://example-bucket.s3.eu-west-1.amazonaws.com/photo.jpg' },
 *   { region: 'eu-west-1', service: 's3', credentials: { accessKeyId, secretAccessKey } },
 * );
 */
export function signRequest<Request extends HttpRequest>(
  request: Request,
  options: SignRequestOptions,
): SignedRequestOf<Request>;
export function signRequest(request: HttpRequest, options: SignRequestOptions): SignedRequest {
  assertObject('request', request);
  assertObject('options', options);
  assertKnownOptions(options, OPTION_NAMES);
  const ownOptions = { ...NO_OPTIONS, ...options };
  const amzDate = formatAmzDate(readMoment(ownOptions.date));
  const { signingKey, owner } = findSigner(ownOptions, amzDate.slice(0, 8));
  const ownRequest = { ...NO_REQUEST, ...request };
  const s3ExpressSession = isOfSession(ownRequest, signingKey, ownOptions.s3ExpressSession);
  // Few are, and a spread costs as much as a hash.
  const rules = s3ExpressSession ? { ...ownOptions, s3ExpressSession } : ownOptions;
  return signWithKey(ownRequest, signingKey, owner, amzDate, rules);
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

/**
 * Signs like {@link signRequest}, with a key that is already derived; its scope says region and service.
 *
 * @param owner whose key it is
 * @param amzDate the moment of signing, as `X-Amz-Date` has it
 */
export function signWithKey(
  request: Complete<HttpRequest>,
  signingKey: ScopedKey,
  owner: KeyOwner,
  amzDate: string,
  options: Complete<KeyedSigningRules>,
): SignedRequest {
  const { algorithm, scope } = signingKey;
  const rules = rulesFor(signingKey.service);
  const method = assertMethod(request.method);
  const { url = '', body } = request;
  assertBody(body);
  const { host, path, canonicalQuery } = options.target ?? parseTarget(url);
  const select = createHeaderSelection(options.signedHeaders);
  const unsigned = takeUnsignedHeaders(request.headers ?? {}, select);
  const { toSend, toSign, isAscii, hasHost, contentSha256 } = unsigned;
  const payloadHash = choosePayloadHash(contentSha256, options.payload, rules.payload, body, options.bodyHash);

  // What the client sends by itself is signed too, but not set: only the client knows how to send it.
  if (!hasHost) toSign.push(['host', host]);
  const isDue = rules.contentSha256Header || payloadHash === UNSIGNED_PAYLOAD;
  if (contentSha256 !== undefined || (options.contentSha256Header ?? isDue)) {
    toSend['X-Amz-Content-Sha256'] = payloadHash;
    toSign.push(['x-amz-content-sha256', payloadHash]);
  }
  toSend['X-Amz-Date'] = amzDate;
  toSign.push(['x-amz-date', amzDate]);
  if (algorithm !== HMAC_ALGORITHM) {
    toSend['X-Amz-Region-Set'] = signingKey.region;
    toSign.push(['x-amz-region-set', signingKey.region]);
  }
  const token = chooseToken(owner, unsigned, options.s3ExpressSession === true);
  if (token !== undefined) {
    const { name, value } = token;
    toSend[name] = value;
    if (options.omitSessionToken !== true) toSign.push([LOWER_CASE_TOKENS[name], value]);
  }

  const headers = createCanonicalHeaders(toSign);
  const trace = signStages(
    { method, path, canonicalQuery, headers, isAscii, payloadHash },
    signingKey,
    amzDate,
    options,
  );
  const { signedHeaders, signature } = trace;
  authorize(
    toSend,
    `${algorithm} Credential=${owner.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  );
  return { method, url, headers: toSend, body, trace };
}

/** Sets the last of the headers that signed ones have, in place: a copy would cost as much as three hashes (measured). */
function authorize(
  headers: Record<string, string | readonly string[]>,
  authorization: string,
): asserts headers is SignedHeaders {
  headers['Authorization'] = authorization;
}

const LOWER_CASE_TOKENS = {
  'X-Amz-Security-Token': 'x-amz-security-token',
  'X-Amz-S3session-Token': 'x-amz-s3session-token',
} as const;

function parseTarget(url: string): CanonicalTarget {
  const { host, path, query } = splitUrl(url);
  return { host, path, canonicalQuery: createCanonicalQuery(query) };
}

/** What of a request its canonical request is made of. */
interface CanonicalParts {
  readonly method: string;
  readonly path: string;
  readonly canonicalQuery: string;
  readonly headers: CanonicalHeaders;
  /** Whether all values of these headers are known to be ASCII. */
  readonly isAscii: boolean;
  readonly payloadHash: string;
}

/** The stages of a signature, in the headers or in the query: canonical request, string to sign, signature. */
export function signStages(
  { method, path, canonicalQuery, headers, isAscii, payloadHash }: CanonicalParts,
  signingKey: ScopedKey,
  amzDate: string,
  options: Complete<Pick<SigningRules, 'normalizePath' | 'doubleEncodePath'>>,
): SigningTrace {
  const { scope } = signingKey;
  const rules = rulesFor(signingKey.service);
  const canonicalRequest = createCanonicalRequest({
    method,
    path: createCanonicalPath(path, {
      normalizePath: options.normalizePath ?? rules.normalizePath,
      doubleEncodePath: options.doubleEncodePath ?? rules.doubleEncodePath,
    }),
    query: canonicalQuery,
    headers,
    payloadHash,
  });
  const stringToSign = createStringToSign(amzDate, scope, canonicalRequest, isAscii, signingKey.algorithm);
  const signature = signingKey.sign(stringToSign, true);
  return { canonicalRequest, stringToSign, signature, signedHeaders: headers.signedHeaders, scope };
}

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

const HTTP_TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

// Most methods are one of these, which a look tells for less than a match.
const USUAL_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export function assertMethod(method: unknown): string {
  if (typeof method === 'string' && USUAL_METHODS.has(method)) return method;
  if (typeof method === 'string' && HTTP_TOKEN.test(method)) return method.toUpperCase();
  throw new Aws4AuthError("method: must be an HTTP method, e.g. 'GET'", 'ERR_INVALID_OPTION');
}
