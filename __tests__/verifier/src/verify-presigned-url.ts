/**
 * A strict verifier of AWS Signature Version 4 and 4A in the query: "Authenticating Requests: Using Query Parameters" (S3 API
 * Reference, here [S3]) and "Create a signed AWS API request" (IAM User Guide, here [IAM]).
 */
import { parseAuthorization } from './authorization-header.js';
import type { Authorization } from './authorization-header.js';
import { readCanonicalRequest, readPath, readQuery } from './canonical-request.js';
import { percentDecode } from './percent-encoding.js';
import { headerValues } from './raw-request.js';
import type { HeaderLine, RawRequest } from './raw-request.js';
import { parseAmzDate } from './request-moment.js';
import {
  checkBody,
  checkHeaders,
  checkSignature,
  isRefusal,
  readPayloadHash,
  readTarget,
  refuse,
  sha256Hex,
} from './verify-signature.js';
import type { KnownCredentials, Refusal, Verdict, VerifyOptions } from './verify-signature.js';

/** [S3] X-Amz-Expires: "The minimum value you can set is 1, and the maximum is 604800 (seven days)." */
const LONGEST_S = 604_800;
const FIFTEEN_MINUTES_MS = 15 * 60 * 1000;
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
/** AWS IoT takes the token unsigned, after the signature, and a URL without X-Amz-Expires. */
const IOT = 'iotdevicegateway';

type Pair = readonly [name: string, pair: string];

const listPairs = (query: string): readonly Pair[] =>
  query.split('&').map((pair) => [percentDecode(pair.split('=')[0] ?? ''), pair]);

const queryOf = ({ target }: RawRequest): string => (target.includes('?') ? target.slice(target.indexOf('?') + 1) : '');

/** Whether it is the query that a request is signed in. What has an Authorization header as well is not for here. */
export const isPresigned = (request: RawRequest): boolean =>
  headerValues(request.headers, 'authorization').length === 0 &&
  listPairs(queryOf(request)).some(([name]) => name === 'X-Amz-Signature');

interface QuerySignature {
  readonly authorization: Authorization;
  readonly signedAt: Date;
  readonly expiresInS: number | undefined;
  readonly token: string | undefined;
  readonly regionSet: readonly string[];
  readonly s3SessionToken: string | undefined;
}

const malformed = (message: string): Refusal => refuse('AuthorizationHeaderMalformed', message);

const readParameter = (pairs: readonly Pair[], name: string): string | undefined | Refusal => {
  const found = pairs.filter(([each]) => each.toLowerCase() === name.toLowerCase());
  const [first] = found;
  if (first === undefined) return undefined;
  if (found.length > 1 || first[0] !== name) return malformed(`${name} must be there once, in just this spelling`);
  return percentDecode(first[1].slice(first[1].indexOf('=') + 1));
};

const TOKENS: readonly string[] = ['Security-Token', 'S3session-Token'];

const readQuerySignature = (query: string, service: string): QuerySignature | Refusal => {
  const pairs = listPairs(query);
  const names = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature', ...TOKENS, 'Region-Set'];
  const values = names.map((name) => readParameter(pairs, `X-Amz-${name}`));
  const refusal = values.find((value) => typeof value === 'object');
  if (typeof refusal === 'object') return refusal;
  const [algorithm, credential, date, expires, signedHeaders, signature, token, s3SessionToken, regionSet] = values.map(
    (value) => (typeof value === 'string' ? value : undefined),
  );
  const authorization = parseAuthorization(
    `${String(algorithm)} Credential=${String(credential)}, SignedHeaders=${String(signedHeaders)}, ` +
      `Signature=${String(signature)}`,
  );
  const signedAt = parseAmzDate(date ?? '');
  if (authorization === undefined || signedAt === undefined) {
    return malformed(
      'Query-string authentication requires X-Amz-Algorithm, -Credential, -Signature, -Date, -SignedHeaders',
    );
  }
  const expiresInS = expires !== undefined && /^[1-9]\d{0,5}$/.test(expires) ? Number(expires) : undefined;
  const needsNoExpires = service === IOT && expires === undefined;
  if (!needsNoExpires && (expiresInS === undefined || expiresInS > LONGEST_S)) {
    return malformed(`X-Amz-Expires must be from 1 to ${String(LONGEST_S)}, not '${String(expires)}'`);
  }
  const regionSets = regionSet === undefined ? [] : [regionSet];
  return { authorization, signedAt, expiresInS, token, s3SessionToken, regionSet: regionSets };
};

/** What is told by a parameter may not be told by a header too: servers would differ in which one they believe. */
const checkNoHeaders = (headers: readonly HeaderLine[]): Refusal | undefined => {
  const names = ['x-amz-date', 'x-amz-security-token', 'x-amz-s3session-token', 'x-amz-region-set'].filter(
    (name) => headerValues(headers, name).length > 0,
  );
  return names.length === 0 ? undefined : refuse('InvalidRequest', `Sent beside a presigned URL: ${names.join(', ')}`);
};

const checkToken = (
  { token, s3SessionToken }: QuerySignature,
  known: KnownCredentials,
  now: Date | undefined,
): Refusal | undefined => {
  const [expected, other] = known.isS3ExpressSession === true ? [s3SessionToken, token] : [token, s3SessionToken];
  if (expected !== known.sessionToken || other !== undefined)
    return refuse('InvalidToken', 'The provided token is malformed or otherwise invalid');
  return known.expiration !== undefined && now !== undefined && now >= known.expiration
    ? refuse('ExpiredToken', 'The provided token has expired.')
    : undefined;
};

/** [S3] "AccessDenied: Request has expired"; of other services [IAM] "Signature expired: ... is now earlier than ...". */
const checkExpiry = ({ signedAt, expiresInS }: QuerySignature, options: VerifyOptions): Refusal | undefined => {
  const { now, pathEncoding } = options;
  if (now === undefined) return undefined;
  const endsAt = new Date(signedAt.getTime() + (expiresInS === undefined ? FIFTEEN_MINUTES_MS : expiresInS * 1000));
  const isEarly = now.getTime() < signedAt.getTime() - FIFTEEN_MINUTES_MS;
  if (!isEarly && now <= endsAt) return undefined;
  if (pathEncoding === 'single') {
    return refuse('AccessDenied', isEarly ? 'Request is not valid yet' : 'Request has expired', {
      'X-Amz-Expires': String(expiresInS),
      Expires: endsAt.toISOString(),
      ServerTime: now.toISOString(),
    });
  }
  return refuse('SignatureDoesNotMatch', isEarly ? 'Signature not yet current' : 'Signature expired');
};

/** [S3] "UNSIGNED-PAYLOAD" stands where a hash would; any other service signs the hash of the body. */
const readPresignedPayload = (request: RawRequest, options: VerifyOptions) => {
  if (headerValues(request.headers, 'x-amz-content-sha256').length > 0) {
    return readPayloadHash(request, { ...options, allowUnsignedPayload: true });
  }
  return { payloadHash: options.pathEncoding === 'single' ? UNSIGNED_PAYLOAD : sha256Hex(request.body) };
};

/** Verifies a request that is signed in its query, and reports the first rule that it breaks. Throws nothing. */
export const verifyPresignedUrl = (request: RawRequest, options: VerifyOptions): Verdict => {
  const target = readTarget(request.target, options.targetForm ?? 'encoded');
  if (isRefusal(target)) return target;
  const query = target.query ?? '';
  const signature = readQuerySignature(query, options.service);
  if (isRefusal(signature)) return signature;
  const { authorization, signedAt, regionSet } = signature;
  const known = options.secretFor(authorization.accessKeyId);
  if (known === undefined) {
    return refuse('InvalidClientTokenId', 'The AWS Access Key Id you provided does not exist in our records.');
  }
  const broken =
    checkHeaders(request, { authorization, signedAt, regionSet }, options) ??
    checkNoHeaders(request.headers) ??
    checkExpiry(signature, options) ??
    checkToken(signature, known, options.now);
  if (broken !== undefined) return broken;
  const payload = readPresignedPayload(request, options);
  if (isRefusal(payload)) return payload;
  const { payloadHash } = payload;
  const isTokenUnsigned = options.service === IOT || options.mayBeUnsigned?.includes('x-amz-security-token') === true;
  const unsigned = isTokenUnsigned ? /^X-Amz-(?:Signature|Security-Token)$/ : /^X-Amz-Signature$/;
  const signedQuery = listPairs(query).flatMap(([name, pair]) => (unsigned.test(name) ? [] : [pair]));
  const { signedHeaders } = authorization;
  const readings = readCanonicalRequest({
    method: request.method,
    paths: readPath(target.path, { ...options, encodedSlash: options.encodedSlash ?? 'distinct' }),
    queries: readQuery(signedQuery.join('&')),
    headers: request.headers,
    signedHeaders,
    payloadHash,
  });
  const trial = checkSignature(readings, { authorization, signedAt, secretAccessKey: known.secretAccessKey });
  if (isRefusal(trial)) return trial;
  const canonicalRequest = trial.reading.text;
  const { stringToSign } = trial;
  const wrongBody = checkBody(request.body, payloadHash);
  const { accessKeyId, scope, signature: hex } = authorization;
  return wrongBody === undefined
    ? {
        ok: true,
        accessKeyId,
        scope,
        signedHeaders,
        signedAt,
        payloadHash,
        signature: hex,
        canonicalRequest,
        stringToSign,
      }
    : { ...wrongBody, canonicalRequest, stringToSign };
};
