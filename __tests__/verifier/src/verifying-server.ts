/**
 * A loopback server that verifies the signature of every request as strictly as `verifySignature` does and answers as
 * S3 would: 200, or the error document of "REST error responses" (S3 API Reference). Of another service it names the
 * error in `x-amzn-ErrorType` as well, as API Gateway, Lambda and the REST protocols of AWS do.
 */
import { createRawServer } from './raw-server.js';
import type { RawResponse, RawServer, RawServerOptions, ReceivedRequest } from './raw-server.js';
import { isPresigned, verifyPresignedUrl } from './verify-presigned-url.js';
import { verifySignature } from './verify-signature.js';
import type { Acceptance, Refusal, RefusalCode, Verdict, VerifyOptions } from './verify-signature.js';

export interface VerifyingServerOptions extends Omit<VerifyOptions, 'now'>, RawServerOptions {
  /** 'always-403', the default, or the status that S3 gives to the code. */
  readonly statuses?: 'always-403' | 'as-s3';
  /** Answers in place of the server; undefined leaves the answer to it. */
  readonly respond?: (
    request: ReceivedRequest,
    verdict: Verdict,
  ) => RawResponse | undefined | Promise<RawResponse | undefined>;
}

export interface Verification {
  readonly request: ReceivedRequest;
  readonly verdict: Verdict;
}

export interface VerifyingServer extends RawServer {
  /** One for each of `requests`, in the same order. */
  readonly verifications: readonly Verification[];
}

/** What the 200 answer says of a request; every string but the body's holds one byte per character. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly bodyBase64: string;
  readonly scheme: 'http' | 'https';
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}

/** The HTTP status of each code, after "List of error codes"; what is not here is 403. */
const STATUSES: Readonly<Partial<Record<RefusalCode, number>>> = {
  AuthorizationHeaderMalformed: 400,
  BadDigest: 400,
  ExpiredToken: 400,
  IncompleteBody: 400,
  InvalidArgument: 400,
  InvalidChunkSizeError: 403,
  MalformedTrailerError: 400,
  InvalidRequest: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  NotImplemented: 501,
  XAmzContentSHA256Mismatch: 400,
};

/** XML 1.0, 2.2 and 2.4: markup is escaped, and a control character, which XML cannot hold at all, becomes U+FFFD. */
const escapeXml = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[^\t\n\x20-\x7e\x80-\xff]/g, '&#xFFFD;');

/** "REST error responses": Code, Message, then what belongs to the code. Each character of the refusal is a byte. */
export const formatErrorDocument = (refusal: Refusal): Buffer => {
  const { code, message, canonicalRequest, stringToSign, details } = refusal;
  const elements = { Code: code, Message: message, StringToSign: stringToSign, CanonicalRequest: canonicalRequest };
  const content = Object.entries({ ...elements, ...details, RequestId: 'VERIFIER', HostId: 'VERIFIER' })
    .map(([name, text]) => (text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>`))
    .join('');
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}</Error>`, 'latin1');
};

const describeSeen = (request: ReceivedRequest, acceptance: Acceptance): SeenRequest => {
  const { method, target, headers, scheme } = request;
  const { canonicalRequest, stringToSign } = acceptance;
  const bodyBase64 = request.body.toString('base64');
  return { method, target, headers, bodyBase64, scheme, canonicalRequest, stringToSign };
};

const answer = (
  { request, verdict }: Verification,
  statuses: 'always-403' | 'as-s3',
  service: string | undefined,
): RawResponse => {
  if (verdict.ok) {
    const body = JSON.stringify(describeSeen(request, verdict));
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
  }
  const status = statuses === 'always-403' ? 403 : (STATUSES[verdict.code] ?? 403);
  const headers = { 'Content-Type': 'application/xml', ...(service !== 's3' && { 'x-amzn-ErrorType': verdict.code }) };
  return { status, headers, body: formatErrorDocument(verdict) };
};

/**
 * A server that has not started yet; it keeps every request with its verdict. Its `clock` is the verifier's `now` and
 * the Date header of the answers.
 */
export const verifyingServer = (options: VerifyingServerOptions): VerifyingServer => {
  const { clock = () => new Date(), respond, tls, statuses = 'always-403', ...rules } = options;
  const verifications: Verification[] = [];
  const handle = async (request: ReceivedRequest): Promise<RawResponse> => {
    const verify = isPresigned(request) ? verifyPresignedUrl : verifySignature;
    const verdict = verify(request, { ...rules, now: clock() });
    const verification = { request, verdict };
    verifications.push(verification);
    return (await respond?.(request, verdict)) ?? answer(verification, statuses, rules.service);
  };
  const server = createRawServer(handle, tls === undefined ? { clock } : { clock, tls });
  return { ...server, verifications };
};
