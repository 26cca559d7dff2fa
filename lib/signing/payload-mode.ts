/** Whether a request's body is hashed and signed, or goes unsigned, and whether a header says so. */
import { Aws4AuthError } from '../errors.js';
import { isThisMachine } from '../destination/this-machine.js';
import { readOwn } from '../request/config.js';
import type { ParsedUrl } from '../request/parsed-url.js';
import { assertNotWeaker, isPayloadLiteral } from '../sigv4/payload-hash.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { isS3Kin, rulesFor, type PayloadMode } from '../sigv4/service-rules.js';
import { platform } from '#platform';

/** Whether a body is hashed, goes unsigned, or goes out in chunks of which each is signed. */
export type BodyMode = PayloadMode | 'streaming';

/** What the options say of bodies. */
export interface PayloadRules {
  readonly payload: BodyMode | undefined;
  /** Whether `payload` is the request's own word, in its `config.aws4`. */
  readonly isPayloadOfRequest: boolean;
  /** `'due'` sends it in Node too where the service requires it alone. */
  readonly contentSha256Header: boolean | 'due' | undefined;
  /** Where the signature goes: S3 and its kin look for no hash of the body beside one in the query. */
  readonly signIn: SignIn;
}

/**
 * Where a request's signature goes.
 *
 * @example
 * aws4Interceptor({ signIn: 'query' });
 */
export type SignIn = 'headers' | 'query';

/**
 * What the caller's own `X-Amz-Content-Sha256` says, else the option, else what the service takes.
 *
 * @param headers those that the caller set
 * @throws Aws4AuthError `ERR_INVALID_OPTION` where the body would go unsigned over http to another machine, without the
 * request itself asking for it; `ERR_PAYLOAD_HASH` where the header is weaker than the option, or names a framing that the
 * body does not have
 */
export function choosePayloadMode(
  headers: HttpHeaders,
  url: ParsedUrl,
  rules: PayloadRules,
  service: string,
): BodyMode {
  const given = readOwn(headers, 'X-Amz-Content-Sha256');
  if (typeof given === 'string') {
    if (!isPayloadLiteral(given)) return 'signed';
    assertNotWeaker(rules.payload);
    if (given.startsWith('STREAMING-')) assertFramed(headers);
    return 'unsigned';
  }
  const payload = rules.payload ?? rulesFor(service).payload;
  if (payload === 'unsigned' && url.protocol === 'http:' && !rules.isPayloadOfRequest && !isThisMachine(url)) {
    throw new Aws4AuthError(
      "payload: 'unsigned' over http:// lets anyone on the way change the body; use https://, or ask for it on the " +
        "request itself with aws4: { payload: 'unsigned' }",
      'ERR_INVALID_OPTION',
    );
  }
  const isUnhashed = rules.signIn === 'query' && rules.payload === undefined && isS3Kin(service);
  return isUnhashed ? 'unsigned' : payload;
}

/**
 * Whether `X-Amz-Content-Sha256` is sent where the caller does not set it: in Node always, which all services take; elsewhere
 * where it is due, since the CORS lists of API Gateway, the CDK and Amplify do not allow it.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` where it is due and the option leaves it out
 */
export function sendsContentSha256({ contentSha256Header }: PayloadRules, payload: BodyMode, service: string): boolean {
  if (contentSha256Header === true || (contentSha256Header === undefined && platform.name === 'node')) return true;
  const isUnhashed = payload !== 'signed';
  const isDue = isUnhashed || rulesFor(service).contentSha256Header;
  if (!isDue || contentSha256Header !== false) return isDue;
  throw new Aws4AuthError(
    `contentSha256Header: false leaves out X-Amz-Content-Sha256, without which ${service} cannot accept ` +
      `${isUnhashed ? 'a body whose hash is not signed' : 'any request'}; leave the option out, and where a browser sends ` +
      "the request, add the header to the Access-Control-Allow-Headers of the server's CORS",
    'ERR_INVALID_OPTION',
  );
}

/** A server reads a body under such a literal in chunks, each with its length: any other body is cut to pieces by that. */
function assertFramed(headers: HttpHeaders): void {
  const isFramed = Object.entries(headers).some(([name, value]) =>
    /^content-encoding$/i.test(name)
      ? /(?:^|,)\s*aws-chunked\s*(?:,|$)/i.test(String(value))
      : /^x-amz-decoded-content-length$/i.test(name),
  );
  if (isFramed) return;
  throw new Aws4AuthError(
    'X-Amz-Content-Sha256: a STREAMING- literal is for a body in signed chunks, as Content-Encoding: aws-chunked or ' +
      'X-Amz-Decoded-Content-Length says, and there is neither; leave the header out',
    'ERR_PAYLOAD_HASH',
  );
}
