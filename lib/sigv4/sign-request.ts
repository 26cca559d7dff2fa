/** Signing in the headers: "Create a signed AWS API request" from a request to its Authorization header. */
import { formatAmzDate } from './amz-date.js';
import { createCanonicalHeaders, createCanonicalQuery, splitUrl, type CanonicalTarget } from './canonical-request.js';
import type { KeyOwner } from './credentials.js';
import { assertMethod } from './http-token.js';
import { assertBody, choosePayloadHash, UNSIGNED_PAYLOAD } from './payload-hash.js';
import { takeUnsignedHeaders, toLowerCaseName, type SignedHeaders } from './request-headers.js';
import { HMAC_ALGORITHM, type ScopedKey } from './scoped-key.js';
import { rulesFor } from './service-rules.js';
import { chooseToken, isSessionDue } from './session-token.js';
import { createHeaderSelection } from './signed-headers.js';
import { findSigner } from './signer.js';
import {
  assertKnownOptions,
  NO_OPTIONS,
  NO_REQUEST,
  OPTION_NAMES,
  readMoment,
  type Complete,
  type HttpRequest,
  type KeyedSigningRules,
  type SignRequestOptions,
} from './signing-options.js';
import { signStages, type SigningTrace } from './signing-stages.js';
import { assertObject } from './unknown-option.js';

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
  return signWithKey({ ...NO_REQUEST, ...request }, signingKey, owner, amzDate, ownOptions);
}

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
  const { algorithm, scope, service } = signingKey;
  const rules = rulesFor(service);
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
  const isSession = options.s3ExpressSession ?? isSessionDue(service, method, host, path, canonicalQuery, toSend);
  const token = chooseToken(owner, unsigned, isSession);
  if (token !== undefined) {
    const { name, value } = token;
    toSend[name] = value;
    if (options.omitSessionToken !== true) toSign.push([toLowerCaseName(name), value]);
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

function parseTarget(url: string): CanonicalTarget {
  const { host, path, query } = splitUrl(url);
  return { host, path, canonicalQuery: createCanonicalQuery(query) };
}
