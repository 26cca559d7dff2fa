/** Whether a request was refused for its signature, and not by a policy or an application. */
import { isS3Kin } from '../sigv4/service-rules.js';
import type { Attempt } from '../signing/attempt.js';
import type { LastHop } from './redirect-trail.js';
import { CLOCK_CODES, TOKEN_CODES, type Cause } from './refusal-cause.js';
import { SIGNATURE_WORDS, type RefusalDetails } from './refusal-details.js';
import type { ReadRefusal } from './server-refusal.js';
import { readToldWords } from './told-words.js';

/** What is asked of a try that was refused; what was pasted into the signature debugger (docs/debugger) tells no more. */
export interface RefusedTry {
  readonly attempt: Pick<Attempt, 'headers'> & { readonly endpoint: Pick<Attempt['endpoint'], 'service'> };
  readonly outcome: { readonly lastHop: Pick<LastHop, 'datedMs'> };
  readonly cause?: Cause | undefined;
}

/** Codes that are said of nothing but a signature, its date, key, token or scope. */
const SIGNATURE_CODES: ReadonlySet<string> = new Set([
  ...['SignatureDoesNotMatch', 'InvalidSignatureException', 'InvalidSignature'],
  ...['IncompleteSignature', 'IncompleteSignatureException'],
  ...['InvalidAccessKeyId', 'InvalidClientTokenId', 'UnrecognizedClientException', 'AuthFailure', 'InvalidSecurity'],
  ...[...TOKEN_CODES, 'InvalidToken', 'InvalidTokenId', ...CLOCK_CODES, 'MalformedDate'],
  ...['AuthorizationHeaderMalformed', 'AuthorizationQueryParametersError', 'AuthorizationParametersError'],
  ...['InvalidRegionName', 'InvalidRegion'],
  ...['MissingAuthenticationToken', 'MissingAuthenticationTokenException', 'MissingClientTokenId'],
  'XAmzContentSHA256Mismatch',
]);

/** Whether an answer refuses a request for its signature. */
export function isOfSignature(details: RefusalDetails, refusal: ReadRefusal, { attempt, cause }: RefusedTry): boolean {
  const { code, message } = details;
  // An application may answer in any words but these; whoever says them has seen a signature.
  if (SIGNATURE_WORDS.test(message.text)) return true;
  if (!refusal.isOfAws) return false;
  const isOfStore = isS3Kin(attempt.endpoint.service);
  // S3 and its kin answer in XML.
  if (isOfStore && code !== refusal.code) return false;
  // Without a word: S3's answers to HEAD, whose Date tells of a wrong clock, or a token's end.
  if (isOfStore && code === undefined) return cause !== undefined;
  if (code !== undefined && (SIGNATURE_CODES.has(code) || cause !== undefined)) return true;
  return code === 'BadDigest' ? isPayloadHashAlone(attempt) : readToldWords(details) !== undefined;
}

/** Whether no other digest of the body was sent than the signed one, so that no other can be wrong. */
function isPayloadHashAlone({ headers }: RefusedTry['attempt']): boolean {
  return !Object.keys(headers).some((name) => /^(?:content-md5|digest|content-digest|x-amz-checksum-)/i.test(name));
}
