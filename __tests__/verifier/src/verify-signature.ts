/**
 * A strict verifier of AWS Signature Version 4 and 4A in the Authorization header, written from "Create a signed AWS API
 * request" (IAM User Guide, here [IAM]) and "Authenticating Requests: Using the Authorization Header" (S3 API
 * Reference, here [S3]), and sharing nothing with lib/. Where servers read one request in several ways, the signature
 * has to hold in all of them: what passes here passes everywhere.
 */
import { createHash } from 'node:crypto';

import { parseAuthorization } from './authorization-header.js';
import type { Authorization } from './authorization-header.js';
import { readCanonicalRequest, readPath, readQuery } from './canonical-request.js';
import type { Reading } from './canonical-request.js';
import { decodeChunks, isChunkedPayload } from './chunked-payload.js';
import type { Decoded } from './chunked-payload.js';
import { hasMalformedEscape, percentDecode } from './percent-encoding.js';
import { headerValues } from './raw-request.js';
import type { HeaderLine, RawRequest } from './raw-request.js';
import { formatAmzDate, parseAmzDate, parseHttpDate } from './request-moment.js';
import { createCheck, isInRegionSet } from './signing-key.js';
import type { Algorithm } from './signing-key.js';

export interface KnownCredentials {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /**
   * Whether they are a session's of S3 Express: the token then is x-amz-s3session-token, and there is no
   * x-amz-security-token (CreateSession, S3 API Reference).
   */
  readonly isS3ExpressSession?: boolean;
  /** From this moment on (by `now`) the token is refused with ExpiredToken. */
  readonly expiration?: Date;
}

export interface VerifyOptions {
  readonly secretFor: (accessKeyId: string) => KnownCredentials | undefined;
  /** The verifier's own, which under SigV4a has to be one of the set. */
  readonly region: string;
  readonly service: string;
  /** By default SigV4 alone. */
  readonly algorithms?: readonly Algorithm[];
  /** The verifier's clock; undefined leaves skew and expiration unchecked. */
  readonly now: Date | undefined;
  /** In milliseconds; by default 15 minutes. */
  readonly maxSkewMs?: number;
  /** 'single' for S3 and its kin, 'double' for every other service. */
  readonly pathEncoding: 'single' | 'double';
  /** false for S3 and its kin, true for every other service. */
  readonly normalizePath: boolean;
  /** Whether x-amz-content-sha256 has to be there, as for S3, Glacier, OpenSearch Serverless and VPC Lattice. */
  readonly requireContentSha256: boolean;
  /** Whether x-amz-content-sha256 may be UNSIGNED-PAYLOAD; by default not. */
  readonly allowUnsignedPayload?: boolean;
  /** Whether the payload may be in chunks, as S3 and its kin take it; by default not. */
  readonly allowChunkedPayload?: boolean;
  /** Lower-case names that may be present and unsigned although the rules say otherwise. */
  readonly mayBeUnsigned?: readonly string[];
  /**
   * 'refused' where a proxy is to be reckoned with: "Do not include hop-by-hop headers" in the signature, says [IAM].
   * 'allowed' is the default, as AWS takes them.
   */
  readonly signedHopByHopHeaders?: 'allowed' | 'refused';
  /**
   * 'encoded', the default, refuses a target with bytes outside visible ASCII, with "#" or with a "%" that begins no
   * escape. 'any' takes them literally: AWS's signing suite has spaces and UTF-8 in its targets.
   */
  readonly targetForm?: 'encoded' | 'any';
  /**
   * For paths encoded once: 'distinct', the default, has %2F stay %2F; 'slash' takes it for a slash, as Ceph RGW and
   * OpenStack Swift do, which decode the whole key before they encode it; 'ambiguous' refuses it in every form.
   */
  readonly encodedSlash?: 'distinct' | 'slash' | 'ambiguous';
}

export type RefusalCode =
  | 'AccessDenied'
  | 'AuthorizationHeaderMalformed'
  | 'BadDigest'
  /** Not AWS's: both X-Amz-Date and Date are there and name different moments. */
  | 'DateHeadersDisagree'
  | 'ExpiredToken'
  | 'IncompleteBody'
  | 'IncompleteSignature'
  | 'InvalidArgument'
  | 'InvalidChunkSizeError'
  | 'InvalidClientTokenId'
  | 'InvalidRequest'
  | 'InvalidToken'
  | 'InvalidURI'
  | 'MalformedTrailerError'
  | 'MissingAuthenticationToken'
  | 'NotImplemented'
  | 'RequestTimeTooSkewed'
  | 'SignatureDoesNotMatch'
  | 'XAmzContentSHA256Mismatch';

export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly message: string;
  /** Further elements of S3's error document, by element name. */
  readonly details: Readonly<Record<string, string>>;
  /** Once it can be told; one byte per character. */
  readonly canonicalRequest?: string;
  readonly stringToSign?: string;
}

export interface Acceptance {
  readonly ok: true;
  readonly accessKeyId: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signedAt: Date;
  /** x-amz-content-sha256, or where there is none the body's hash. */
  readonly payloadHash: string;
  readonly signature: string;
  /** One byte per character. */
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  /** Of a payload in chunks, what is in them. */
  readonly decoded?: Decoded;
}

export type Verdict = Acceptance | Refusal;

const FIFTEEN_MINUTES_MS = 15 * 60 * 1000;
const DATES_AGREE_WITHIN_MS = 1000;
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
const NEED_NOT_BE_SIGNED: readonly string[] = ['x-amz-client-context'];
const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
];

export const refuse = (
  code: RefusalCode,
  message: string,
  details: Readonly<Record<string, string>> = {},
): Refusal => ({
  ok: false,
  code,
  message,
  details,
});

export const isRefusal = (result: object): result is Refusal => 'ok' in result && result.ok === false;

export const sha256Hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** [IAM] steps 2 and 3: Algorithm, RequestDateTime, CredentialScope and the hash of the canonical request's bytes. */
const createStringToSign = (canonicalRequest: string, signedAt: Date, { algorithm, scope }: Authorization): string =>
  [algorithm, formatAmzDate(signedAt), scope, sha256Hex(Buffer.from(canonicalRequest, 'latin1'))].join('\n');

/** [IAM] step 6, [S3]: there is one Authorization header, of the exact form. */
const readAuthorization = (headers: readonly HeaderLine[]): Authorization | Refusal => {
  const [value, ...others] = headerValues(headers, 'authorization');
  if (value === undefined) {
    return refuse('MissingAuthenticationToken', 'Missing Authentication Token: there is no Authorization header');
  }
  if (others.length > 0) {
    return refuse('IncompleteSignature', `There are ${String(others.length + 1)} Authorization headers instead of one`);
  }
  return (
    parseAuthorization(value) ??
    refuse('IncompleteSignature', 'The Authorization header is not of the form that its algorithm prescribes')
  );
};

interface Signing {
  readonly signedAt: Date;
}

const readXAmzDate = (values: readonly string[]): Signing | Refusal => {
  const [value, ...others] = values;
  const signedAt = value === undefined || others.length > 0 ? undefined : parseAmzDate(value);
  return signedAt === undefined
    ? refuse('IncompleteSignature', `X-Amz-Date must be there once, as YYYYMMDDTHHMMSSZ, not '${values.join(',')}'`)
    : { signedAt };
};

/** "Common request headers" wants ISO 8601 in a Date that stands alone; AWS's own SDK for Python sends an HTTP date. */
const readDate = (values: readonly string[]): Signing | Refusal => {
  const [value, ...others] = values;
  const signedAt = value === undefined || others.length > 0 ? undefined : (parseHttpDate(value) ?? parseAmzDate(value));
  return signedAt === undefined
    ? refuse('IncompleteSignature', `Date must be there once, as an HTTP date, not '${values.join(',')}'`)
    : { signedAt };
};

/**
 * "Common request headers" (S3 API Reference): X-Amz-Date overrides Date, and Date alone will do. Whoever looks at the
 * other one would see another moment, so both have to name the same.
 */
const readMoment = (headers: readonly HeaderLine[]): Signing | Refusal => {
  const xAmzDates = headerValues(headers, 'x-amz-date');
  const dates = headerValues(headers, 'date');
  if (xAmzDates.length === 0 && dates.length === 0) {
    return refuse(
      'IncompleteSignature',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header",
    );
  }
  if (xAmzDates.length === 0) {
    return readDate(dates);
  }
  const moment = readXAmzDate(xAmzDates);
  if (isRefusal(moment) || dates.length === 0) {
    return moment;
  }
  const date = readDate(dates);
  const apartMs = isRefusal(date) ? Number.NaN : Math.abs(date.signedAt.getTime() - moment.signedAt.getTime());
  return apartMs <= DATES_AGREE_WITHIN_MS
    ? moment
    : refuse('DateHeadersDisagree', `X-Amz-Date is '${xAmzDates.join(',')}' while Date is '${dates.join(',')}'`);
};

/**
 * [IAM] step 3, credential scope: the request's date, the verifier's region and service, and `aws4_request`. Under SigV4a
 * the region is one of a set, which stands beside the scope.
 *
 * @param regionSet what `X-Amz-Region-Set` says, each time that it is there
 */
const checkScope = (
  authorization: Authorization,
  signedAt: Date,
  options: VerifyOptions,
  regionSet: readonly string[],
): Refusal | undefined => {
  const amzDate = formatAmzDate(signedAt);
  const requestDate = amzDate.slice(0, 8);
  const malformed = (message: string, details: Readonly<Record<string, string>> = {}): Refusal =>
    refuse('AuthorizationHeaderMalformed', `The authorization header is malformed; ${message}`, details);
  if (authorization.scopeDate !== requestDate) {
    return malformed(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${authorization.scopeDate}' != '${requestDate}', from '${amzDate}'`,
    );
  }
  if (!(options.algorithms ?? ['AWS4-HMAC-SHA256']).includes(authorization.algorithm)) {
    return malformed(`the algorithm ${authorization.algorithm} is not supported`);
  }
  const isSigV4a = authorization.algorithm === 'AWS4-ECDSA-P256-SHA256';
  if (regionSet.length !== (isSigV4a ? 1 : 0)) {
    return malformed(`there are ${String(regionSet.length)} sets of regions`);
  }
  const [region = authorization.scopeRegion ?? ''] = regionSet;
  if (isSigV4a ? !isInRegionSet(options.region, region) : region !== options.region) {
    return malformed(`the region '${region}' is wrong; expecting '${options.region}'`, { Region: options.region });
  }
  if (authorization.scopeService !== options.service) {
    return malformed(`the service '${authorization.scopeService}' is wrong; expecting '${options.service}'`);
  }
  if (authorization.scopeTermination !== 'aws4_request') {
    return malformed(`Credential should be scoped with 'aws4_request', not '${authorization.scopeTermination}'`);
  }
  return undefined;
};

const isSortedAndUnique = (names: readonly string[]): boolean =>
  names.every((name, index) => {
    const previous = names[index - 1];
    return previous === undefined || previous < name;
  });

/** [IAM] SignedHeaders: "alphabetically sorted, semicolon-separated list of lowercase request header names". */
const checkSignedHeadersForm = (signedHeaders: readonly string[]): Refusal | undefined => {
  const odd = signedHeaders.find((name) => !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name));
  if (odd !== undefined) {
    return refuse('IncompleteSignature', `SignedHeaders holds '${odd}', which is not a lower-case header name`);
  }
  return isSortedAndUnique(signedHeaders)
    ? undefined
    : refuse('IncompleteSignature', `SignedHeaders is not sorted or not unique: '${signedHeaders.join(';')}'`);
};

/** [IAM] SignedHeaders: "the same headers that you included in the CanonicalHeaders string", so they have been sent. */
const checkSignedHeadersPresent = (
  headers: readonly HeaderLine[],
  signedHeaders: readonly string[],
): Refusal | undefined => {
  const absent = signedHeaders.filter((name) => headerValues(headers, name).length === 0);
  return absent.length === 0
    ? undefined
    : refuse('IncompleteSignature', `Authorization header requires existence of signed headers: ${absent.join(', ')}`);
};

/**
 * [IAM] "CanonicalHeaders list must include" the host header, "If the Content-Type header is present in the request,
 * you must add it", "Any x-amz-* headers that you plan to include in your request must also be added."
 */
const checkSignedHeadersCover = (
  headers: readonly HeaderLine[],
  signedHeaders: readonly string[],
  mayBeUnsigned: readonly string[],
): Refusal | undefined => {
  const sent = headers.map(([name]) => name.toLowerCase());
  const needed = ['host', ...sent.filter((name) => name === 'content-type' || name.startsWith('x-amz-'))];
  const unsigned = needed.filter((name) => !signedHeaders.includes(name) && !mayBeUnsigned.includes(name));
  return unsigned.length === 0
    ? undefined
    : refuse('AccessDenied', 'There were headers present in the request which were not signed', {
        HeadersNotSigned: [...new Set(unsigned)].join(', '),
      });
};

/** [IAM] "Do not include hop-by-hop headers that are frequently altered during transit", with the headers it names. */
const checkHopByHop = (signedHeaders: readonly string[], rule: 'allowed' | 'refused'): Refusal | undefined => {
  const signed = rule === 'refused' ? signedHeaders.filter((name) => HOP_BY_HOP.includes(name)) : [];
  return signed.length === 0
    ? undefined
    : refuse('InvalidRequest', `There are signed headers that a proxy may alter: ${signed.join(', ')}`);
};

/** RFC 9112, 3.2: a request has one Host header; with several, each server picks its own. */
const checkHost = (headers: readonly HeaderLine[]): Refusal | undefined => {
  const count = headerValues(headers, 'host').length;
  return count === 1 ? undefined : refuse('InvalidRequest', `There are ${String(count)} Host headers instead of one`);
};

/** Under which name the token is sent, and under which it is not. */
const tokenNames = ({ isS3ExpressSession = false }: KnownCredentials) =>
  isS3ExpressSession
    ? ({ expected: 'X-Amz-S3session-Token', other: 'X-Amz-Security-Token' } as const)
    : ({ expected: 'X-Amz-Security-Token', other: 'X-Amz-S3session-Token' } as const);

/** [IAM] "Signing requests with temporary security credentials": the token is there when the credentials have one. */
const checkToken = (
  headers: readonly HeaderLine[],
  known: KnownCredentials,
  now: Date | undefined,
): Refusal | undefined => {
  const { expected, other } = tokenNames(known);
  const tokens = headerValues(headers, expected.toLowerCase());
  const [token] = tokens;
  if (tokens.length > 1) {
    return refuse('InvalidToken', `There are ${String(tokens.length)} ${expected} headers instead of one`);
  }
  if (headerValues(headers, other.toLowerCase()).length > 0) {
    return refuse('InvalidToken', `There is a header ${other}, which is not for these credentials`);
  }
  if (token !== known.sessionToken) {
    const why =
      known.sessionToken === undefined
        ? 'the credentials have none'
        : token === undefined
          ? 'it is missing'
          : 'it is another one';
    return refuse('InvalidToken', `The provided token is malformed or otherwise invalid: ${why}`);
  }
  return known.expiration !== undefined && now !== undefined && now >= known.expiration
    ? refuse('ExpiredToken', 'The provided token has expired.')
    : undefined;
};

/** "List of error codes" (S3), RequestTimeTooSkewed: the request's moment is within 15 minutes of the server's. */
const checkSkew = (signedAt: Date, options: VerifyOptions): Refusal | undefined => {
  const maxSkewMs = options.maxSkewMs ?? FIFTEEN_MINUTES_MS;
  const { now } = options;
  return now === undefined || Math.abs(now.getTime() - signedAt.getTime()) <= maxSkewMs
    ? undefined
    : refuse('RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.', {
        RequestTime: formatAmzDate(signedAt),
        ServerTime: now.toISOString(),
        MaxAllowedSkewMilliseconds: String(maxSkewMs),
      });
};

export interface Payload {
  /** HashedPayload of the canonical request. */
  readonly payloadHash: string;
}

/**
 * [IAM] "The x-amz-content-sha256 header is required for Amazon S3"; [S3] it is a SHA-256 in hexadecimal or
 * UNSIGNED-PAYLOAD, and HashedPayload is its value. Without it HashedPayload is the hash of the body.
 */
export const readPayloadHash = (request: RawRequest, options: VerifyOptions): Payload | Refusal => {
  const values = headerValues(request.headers, 'x-amz-content-sha256');
  const [value] = values;
  if (value === undefined) {
    return options.requireContentSha256
      ? refuse('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
      : { payloadHash: sha256Hex(request.body) };
  }
  if (values.length === 1 && /^[0-9a-f]{64}$/.test(value)) {
    return { payloadHash: value };
  }
  if (values.length === 1 && value === UNSIGNED_PAYLOAD) {
    return options.allowUnsignedPayload === true
      ? { payloadHash: value }
      : refuse('InvalidRequest', `x-amz-content-sha256 is ${UNSIGNED_PAYLOAD}, which this verifier does not allow`);
  }
  if (values.length === 1 && options.allowChunkedPayload === true && isChunkedPayload(value)) {
    return { payloadHash: value };
  }
  return value.startsWith('STREAMING-')
    ? refuse('NotImplemented', `This verifier does not know payloads of the kind ${value}`)
    : refuse('InvalidArgument', `x-amz-content-sha256 must be a valid sha256 value, not '${values.join(',')}'`);
};

/** "List of error codes" (S3), XAmzContentSHA256Mismatch: a hash that was sent is the hash of what was sent. */
export const checkBody = (body: Buffer, payloadHash: string): Refusal | undefined => {
  const computed = sha256Hex(body);
  return payloadHash === computed || payloadHash === UNSIGNED_PAYLOAD
    ? undefined
    : refuse(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        { ClientComputedContentSHA256: payloadHash, S3ComputedContentSHA256: computed },
      );
};

export interface Target {
  readonly path: string;
  readonly query: string | undefined;
}

/** RFC 9112, 3.2.1: a target in origin form, its query after the first "?". RFC 3986, 2: nothing in it unencoded. */
export const readTarget = (target: string, targetForm: 'encoded' | 'any'): Target | Refusal => {
  if (!target.startsWith('/')) {
    return refuse('InvalidURI', `The request target is not in origin form: '${target}'`);
  }
  if (targetForm === 'encoded' && (/[^\x21-\x7e]|#/.test(target) || hasMalformedEscape(target))) {
    return refuse('InvalidURI', `The request target is not percent-encoded: '${target}'`);
  }
  const at = target.indexOf('?');
  return at === -1 ? { path: target, query: undefined } : { path: target.slice(0, at), query: target.slice(at + 1) };
};

/** S3 calls it "Only one auth mechanism allowed": what belongs to query signing has no place beside the header. */
const checkSingleMechanism = (query: string | undefined): Refusal | undefined => {
  const names = (query ?? '').split('&').map((pair) => percentDecode(pair.split('=')[0] ?? '').toLowerCase());
  return names.includes('x-amz-signature') || names.includes('x-amz-algorithm')
    ? refuse('InvalidArgument', 'Only one auth mechanism allowed: the Authorization header or the query parameters')
    : undefined;
};

export interface Trial {
  readonly reading: Reading;
  readonly stringToSign: string;
  readonly holds: boolean;
}

const hexDump = (bytes: string): string => (Buffer.from(bytes, 'latin1').toString('hex').match(/../g) ?? []).join(' ');

const refuseSignature = (trials: readonly Trial[], failed: Trial, authorization: Authorization): Refusal => {
  const held = trials.find(({ holds }) => holds);
  const message =
    held === undefined
      ? 'The request signature we calculated does not match the signature you provided. ' +
        'Check your key and signing method.'
      : `The signature holds only when ${held.reading.when}; it does not when ${failed.reading.when}.`;
  const canonicalRequest = failed.reading.text;
  const { stringToSign } = failed;
  return {
    ...refuse('SignatureDoesNotMatch', message, {
      AWSAccessKeyId: authorization.accessKeyId,
      SignatureProvided: authorization.signature,
      StringToSignBytes: hexDump(stringToSign),
      CanonicalRequestBytes: hexDump(canonicalRequest),
    }),
    canonicalRequest,
    stringToSign,
  };
};

/** [IAM] "AWS then replicates this process and verifies the signature": it has to hold in every reading. */
export const checkSignature = (
  readings: readonly Reading[],
  context: { readonly authorization: Authorization; readonly signedAt: Date; readonly secretAccessKey: string },
): Trial | Refusal => {
  const { authorization, signedAt, secretAccessKey } = context;
  const { algorithm, accessKeyId, scope } = authorization;
  const check = createCheck(algorithm, accessKeyId, secretAccessKey, scope);
  const trials = readings.map((reading): Trial => {
    const stringToSign = createStringToSign(reading.text, signedAt, authorization);
    const holds = check(stringToSign, authorization.signature);
    return { reading, stringToSign, holds };
  });
  const failed = trials.find(({ holds }) => !holds);
  const [first] = trials;
  if (failed !== undefined) {
    return refuseSignature(trials, failed, authorization);
  }
  return first ?? refuse('SignatureDoesNotMatch', 'There is no reading of the request');
};

/** Everything that can be told without a secret: headers, scope and dates. */
export const checkHeaders = (
  request: RawRequest,
  context: {
    readonly authorization: Authorization;
    readonly signedAt: Date;
    readonly regionSet: readonly string[];
  },
  options: VerifyOptions,
): Refusal | undefined => {
  const { authorization, signedAt, regionSet } = context;
  const { signedHeaders } = authorization;
  const mayBeUnsigned = [...NEED_NOT_BE_SIGNED, ...(options.mayBeUnsigned ?? [])];
  return (
    checkScope(authorization, signedAt, options, regionSet) ??
    checkHost(request.headers) ??
    checkSignedHeadersForm(signedHeaders) ??
    checkSignedHeadersPresent(request.headers, signedHeaders) ??
    checkSignedHeadersCover(request.headers, signedHeaders, mayBeUnsigned) ??
    checkHopByHop(signedHeaders, options.signedHopByHopHeaders ?? 'allowed')
  );
};

/** Verifies the Authorization header of a request, and reports the first rule that it breaks. Throws nothing. */
export const verifySignature = (request: RawRequest, options: VerifyOptions): Verdict => {
  const authorization = readAuthorization(request.headers);
  if (isRefusal(authorization)) {
    return authorization;
  }
  const moment = readMoment(request.headers);
  if (isRefusal(moment)) {
    return moment;
  }
  const { signedAt } = moment;
  const known = options.secretFor(authorization.accessKeyId);
  if (known === undefined) {
    return refuse('InvalidClientTokenId', 'The AWS Access Key Id you provided does not exist in our records.', {
      AWSAccessKeyId: authorization.accessKeyId,
    });
  }
  const regionSet = headerValues(request.headers, 'x-amz-region-set');
  const broken =
    checkHeaders(request, { authorization, signedAt, regionSet }, options) ??
    checkToken(request.headers, known, options.now) ??
    checkSkew(signedAt, options);
  if (broken !== undefined) {
    return broken;
  }
  const target = readTarget(request.target, options.targetForm ?? 'encoded');
  if (isRefusal(target)) {
    return target;
  }
  const payload = readPayloadHash(request, options);
  if (isRefusal(payload)) {
    return payload;
  }
  const { payloadHash } = payload;
  const { signedHeaders } = authorization;
  const readings = readCanonicalRequest({
    method: request.method,
    paths: readPath(target.path, { ...options, encodedSlash: options.encodedSlash ?? 'distinct' }),
    queries: readQuery(target.query),
    headers: request.headers,
    signedHeaders,
    payloadHash,
  });
  const trial =
    checkSingleMechanism(target.query) ??
    checkSignature(readings, { authorization, signedAt, secretAccessKey: known.secretAccessKey });
  if (isRefusal(trial)) {
    return trial;
  }
  const { accessKeyId, scope, signature } = authorization;
  const canonicalRequest = trial.reading.text;
  const { stringToSign } = trial;
  const accepted = { ok: true, accessKeyId, scope, signedHeaders, signedAt, payloadHash, signature } as const;
  if (isChunkedPayload(payloadHash)) {
    const { algorithm } = authorization;
    const decoded = decodeChunks(request, {
      algorithm,
      check: createCheck(algorithm, accessKeyId, known.secretAccessKey, scope),
      amzDate: formatAmzDate(signedAt),
      scope,
      signature,
      payloadHash,
    });
    return 'fault' in decoded
      ? { ...refuse(decoded.code, decoded.fault), canonicalRequest, stringToSign }
      : { ...accepted, canonicalRequest, stringToSign, decoded };
  }
  const wrongBody = checkBody(request.body, payloadHash);
  return wrongBody === undefined
    ? { ...accepted, canonicalRequest, stringToSign }
    : { ...wrongBody, canonicalRequest, stringToSign };
};
