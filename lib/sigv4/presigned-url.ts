/** Signing in the query: "Create a signed AWS API request" for a URL that is good by itself, a presigned URL. */
import { Aws4AuthError } from '../errors.js';
import { formatAmzDate } from './amz-date.js';
import { createCanonicalHeaders, createCanonicalQuery, splitUrl } from './canonical-request.js';
import type { KeyOwner } from './credentials.js';
import { encodeRfc3986, recodeRfc3986 } from './encoding.js';
import { assertExpiresIn, DEFAULT_EXPIRES_IN_S } from './expiration.js';
import { assertBody, choosePayloadHash } from './payload-hash.js';
import { takeUnsignedHeaders } from './request-headers.js';
import { isS3Kin, rulesFor } from './service-rules.js';
import {
  assertKnownOptions,
  NO_OPTIONS,
  NO_REQUEST,
  NO_RULES,
  OPTION_NAMES,
  readMoment,
  type Complete,
  type HttpRequest,
  type KeyedSigningRules,
  type SignRequestOptions,
} from './signing-options.js';
import { assertMethod } from './http-token.js';
import { signStages, type SigningTrace } from './signing-stages.js';
import { chooseToken, isSessionDue } from './session-token.js';
import { createHeaderSelection, type SelectHeader } from './signed-headers.js';
import { findSigner } from './signer.js';
import { HMAC_ALGORITHM, type ScopedKey } from './scoped-key.js';
import { assertObject } from './unknown-option.js';

/**
 * Where and as whom to presign, and how. Of the options that {@link signRequest} has too, three are different here:
 * all headers of the request are signed, so that `signedHeaders` adds none; `payload` is `'unsigned'` for S3 and its kin
 * as well, unless it says otherwise; `contentSha256Header` changes nothing, since a URL is good without one.
 *
 * @example
 * const options: PresignUrlOptions = { region: 'eu-west-1', service: 's3', credentials, expiresIn: 600 };
 */
export type PresignUrlOptions = SignRequestOptions & {
  /**
   * How many seconds the URL is good, counted from `date`: a whole number from 1 to 604800 (7 days). It ends with
   * the credentials, where these end sooner.
   * @default 900; for AWS IoT (`iotdevicegateway`) none, as its own SDKs have it
   */
  readonly expiresIn?: number | undefined;
};

/**
 * A URL that is good by itself.
 *
 * @example
 * const { url, headers } = presignUrl({ method: 'PUT', url: objectUrl, headers: { 'Content-Type': 'image/jpeg' } }, options);
 * await fetch(url, { method: 'PUT', headers: { 'Content-Type': 'image/jpeg' }, body: file });
 */
export interface PresignedUrl {
  /** The URL with its signature; without a fragment, which is never sent. */
  readonly url: string;
  /** The headers that must be sent with it as they are, since they are signed; the URL's own host is not among them. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Each stage of the signature. */
  readonly trace: SigningTrace;
}

const PRESIGN_OPTION_NAMES: ReadonlySet<string> = new Set([...OPTION_NAMES, 'expiresIn']);

/**
 * Signs a request in its URL with AWS Signature Version 4, so that whoever has the URL can send it until it expires.
 * Nothing of the request but its signature is put into the query. Its scheme may be `ws:` or `wss:` too. S3 and its kin
 * do not sign the body, unless `payload: 'signed'` or an `X-Amz-Content-Sha256` among the headers has its hash signed and
 * sent; every other service signs the body's hash. What an earlier presigning left in the URL is replaced.
 *
 * @param request the method, the absolute URL, and the headers that whoever sends it will send
 * @param options region, service and credentials, or a `signingKey` and whose it is; `expiresIn` in seconds
 * @throws EndpointError for a region or service that is missing, cannot stand in a credential scope, or is not the
 * key's
 * @throws CredentialsError for credentials that are missing, empty or malformed
 * @throws NoSecretKeyError for a `signingKey` of another day than `date` that does not have its secret
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for an `expiresIn` that is not from 1 to 604800; `ERR_INVALID_URL` for a
 * URL that has parameters of a signature without the signature; for what {@link signRequest} refuses
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * @example
 * const { url } = presignUrl(
 *   { method: 'GET', url: 'https://example-bucket.s3.eu-west-1.amazonaws.com/photo.jpg' },
 *   { region: 'eu-west-1', service: 's3', credentials: { accessKeyId, secretAccessKey }, expiresIn: 3600 },
 * );
 */
export function presignUrl(request: HttpRequest, options: PresignUrlOptions): PresignedUrl {
  assertObject('request', request);
  assertObject('options', options);
  assertKnownOptions(options, PRESIGN_OPTION_NAMES);
  const ownOptions = { ...NO_OPTIONS, expiresIn: undefined, ...options };
  const amzDate = formatAmzDate(readMoment(ownOptions.date));
  const { signingKey, owner } = findSigner(ownOptions, amzDate.slice(0, 8));
  // What is wrong with the list is said here as well.
  createHeaderSelection(ownOptions.signedHeaders);
  return presign({ ...NO_REQUEST, ...request }, signingKey, owner, amzDate, ownOptions, selectAllHeaders);
}

const selectAllHeaders: SelectHeader = () => true;

/** The rules of {@link presignWithKey}, whose date is given apart. */
export interface KeyedPresigningRules extends KeyedSigningRules {
  readonly expiresIn?: number | undefined;
  /** Which headers are signed. */
  readonly select?: SelectHeader | undefined;
}

/**
 * Signs like {@link presignUrl}, with a key that is already derived; its scope says region and service.
 *
 * @param owner whose key it is
 * @param amzDate the moment of signing, as `X-Amz-Date` has it
 */
export function presignWithKey(
  request: Complete<HttpRequest>,
  signingKey: ScopedKey,
  owner: KeyOwner,
  amzDate: string,
  { select = selectAllHeaders, ...rules }: KeyedPresigningRules,
): PresignedUrl {
  const allRules = { ...NO_RULES, expiresIn: undefined, ...rules };
  return presign(request, signingKey, owner, amzDate, allRules, select);
}

function presign(
  { method: givenMethod, url: givenUrl, headers: givenHeaders, body }: Complete<HttpRequest>,
  signingKey: ScopedKey,
  owner: KeyOwner,
  amzDate: string,
  options: Complete<Omit<KeyedPresigningRules, 'select'>>,
  select: SelectHeader,
): PresignedUrl {
  const { algorithm, scope, service, region } = signingKey;
  const rules = rulesFor(service);
  const method = assertMethod(givenMethod);
  const expiresIn = readExpiresIn(options.expiresIn, service);
  assertBody(body);
  const { host, path, query: givenQuery } = splitUrl(toHttpScheme(givenUrl));
  const query = takeUnsignedQuery(givenQuery);
  const unsigned = takeUnsignedHeaders(givenHeaders ?? {}, select);
  const { toSend, toSign, isAscii, hasHost, contentSha256 } = unsigned;
  const payloadHash = choosePayloadHash(
    contentSha256,
    options.payload,
    // Of the body's hash S3 and its kin are told by a header only, which a URL does not bear.
    isS3Kin(service) ? 'unsigned' : rules.payload,
    body,
    options.bodyHash,
  );
  if (!hasHost) toSign.push(['host', host]);
  if (contentSha256 !== undefined || (options.payload === 'signed' && isS3Kin(service))) {
    toSend['X-Amz-Content-Sha256'] = payloadHash;
    toSign.push(['x-amz-content-sha256', payloadHash]);
  }

  const headers = createCanonicalHeaders(toSign);
  const { signedHeaders } = headers;
  const isSession = options.s3ExpressSession ?? isSessionDue(service, method, host, path, query, toSend);
  const sent = chooseToken(owner, unsigned, isSession);
  const token = sent === undefined ? '' : `&${sent.name}=${encodeRfc3986(sent.value)}`;
  const isTokenSigned = !(options.omitSessionToken ?? service === UNLIMITED_SERVICE);
  const signedQuery =
    `${query}${query === '' ? '' : '&'}X-Amz-Algorithm=${algorithm}` +
    `&X-Amz-Credential=${encodeRfc3986(`${owner.accessKeyId}/${scope}`)}&X-Amz-Date=${amzDate}` +
    (expiresIn === undefined ? '' : `&X-Amz-Expires=${String(expiresIn)}`) +
    (algorithm === HMAC_ALGORITHM ? '' : `&X-Amz-Region-Set=${encodeRfc3986(region)}`) +
    (isTokenSigned ? token : '') +
    `&X-Amz-SignedHeaders=${encodeRfc3986(signedHeaders)}`;
  const canonicalQuery = createCanonicalQuery(signedQuery);
  const parts = { method, path, canonicalQuery, headers, isAscii, payloadHash };
  const trace = signStages(parts, signingKey, amzDate, options);
  return {
    url: `${toBase(givenUrl)}?${signedQuery}&X-Amz-Signature=${trace.signature}${isTokenSigned ? '' : token}`,
    headers: toSend,
    trace,
  };
}

/** AWS IoT's MQTT over WebSocket takes the token after the signature, and needs no `X-Amz-Expires`. */
export const UNLIMITED_SERVICE = 'iotdevicegateway';

function readExpiresIn(expiresIn: unknown, service: string): number | undefined {
  if (expiresIn !== undefined) return assertExpiresIn(expiresIn);
  return service === UNLIMITED_SERVICE ? undefined : DEFAULT_EXPIRES_IN_S;
}

/** A WebSocket's URL as that of the request that opens it (RFC 6455, section 4.1). */
function toHttpScheme(url: string | undefined): string {
  return typeof url === 'string' ? url.replace(/^ws(?=s?:)/i, 'http') : '';
}

/** A URL up to its query, with the path that it is sent with. */
function toBase(url: string | undefined = ''): string {
  const [base = ''] = url.split(/[?#]/, 1);
  return /^[^/]+\/\/[^/]*$/.test(base) ? `${base}/` : base;
}

/** The parameters of a signature: AWS's, S3 Express's and SigV4a's. */
const SIGNATURE_PARAMETER =
  /^X-Amz-(?:Algorithm|Content-Sha256|Credential|Date|Expires|Region-Set|S3session-Token|Security-Token|Signature|SignedHeaders)$/i;
const SIGNATURE = /^X-Amz-Signature$/i;

/**
 * A query without what an earlier presigning left in it, and otherwise as it stands.
 *
 * @throws Aws4AuthError `ERR_INVALID_URL` for such parameters without a signature: somebody means something by them
 */
function takeUnsignedQuery(query: string): string {
  if (!MAYBE_SIGNED.test(query)) return query;
  const left = listPairs(query).find(([name]) => SIGNATURE_PARAMETER.test(name));
  if (left === undefined) return query;
  if (readSignature(query) !== undefined) return dropSignatureParameters(query);
  throw new Aws4AuthError(
    `url: has the parameter ${left[0]}, which signing sets; leave it out, and pass expiresIn, date, payload and ` +
      'credentials as options',
    'ERR_INVALID_URL',
  );
}

/** Most queries have nothing of the kind. */
const MAYBE_SIGNED = /x-amz-|%/i;

/** The pairs of a query, each with its name decoded as far as that is plain. */
function listPairs(query: string): readonly (readonly [name: string, pair: string])[] {
  return query.split('&').map((pair) => [recodeRfc3986(pair.split('=', 1)[0] ?? ''), pair]);
}

/** A query without the parameters of a signature, and otherwise as it stands. */
export function dropSignatureParameters(query: string): string {
  return listPairs(query)
    .filter(([name]) => !SIGNATURE_PARAMETER.test(name))
    .map(([, pair]) => pair)
    .join('&');
}

/** The signature that a query bears. */
export function readSignature(query: string): string | undefined {
  const [, pair] = listPairs(query).find(([name]) => SIGNATURE.test(name)) ?? [];
  return pair?.slice(pair.indexOf('=') + 1);
}
