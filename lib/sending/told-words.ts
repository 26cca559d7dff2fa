/**
 * Words that tell of a signature without a code, or under codes that are said of other things too: those of S3, MinIO,
 * OpenStack Swift, Garage, Cloudflare R2, Neptune and OpenSearch.
 */
import type { RefusalDetails } from './refusal-details.js';

/** What such words tell. */
type Told =
  | 'unsigned headers'
  | 'no date'
  | 'no hash'
  | 'authorization'
  | 'no authorization'
  | 'date'
  | 'hash'
  | 'key'
  | 'token'
  | 'signature';

const WORDS: readonly (readonly [code: string, words: RegExp, told: Told])[] = [
  ['AccessDenied', /^there were headers present in the request which were not signed/i, 'unsigned headers'],
  ['AccessDenied', /requires a valid date or x-amz-date header/i, 'no date'],
  ['AccessDenied', /^request (?:has expired|is not (?:valid yet|yet valid))/i, 'date'],
  ['AccessDenied', /^(?:signature header missing|no awsaccesskey was presented)/i, 'authorization'],
  ['AccessDenied', /^forbidden: invalid signature/i, 'signature'],
  ['AccessDenied', /^forbidden: no such key: /i, 'key'],
  ['AccessDeniedException', /^missing authentication token/i, 'no authorization'],
  ['InvalidArgument', /^(?:unsupported authorization type|only one auth mechanism allowed)/i, 'authorization'],
  ['InvalidArgument', /^(?:signature|authorization) header (?:missing|is invalid)/i, 'authorization'],
  ['InvalidArgument', /^x-amz-content-sha256 must be /i, 'hash'],
  ['InvalidArgument', /^credential access key has length/i, 'key'],
  ['InvalidRequest', /x-amz-content-sha256/i, 'no hash'],
  ['InvalidRequest', /^the authorization mechanism you have provided is not supported/i, 'authorization'],
  ['InvalidRequest', /^missing credential field/i, 'authorization'],
  ['InvalidRequest', /header `[\w-]{1,64}` should be signed/i, 'unsigned headers'],
  ['InvalidRequest', /\bdate is too old/i, 'date'],
  // OpenSearch and others say no code, neither in their JSON nor in a header.
  ['', /^missing authentication token/i, 'no authorization'],
  ['', /security token included in the request (?:is invalid|(?:is|has) expired)/i, 'token'],
  ['', /must be a 'signedheader'/i, 'unsigned headers'],
  ['', /^authorization header requires|key=value pair/i, 'authorization'],
  ['', /^date (?:must be in iso-8601|in credential scope)/i, 'date'],
];

const NO_HEADER: ReadonlyMap<string, Told> = new Map([
  ['x-amz-content-sha256', 'no hash'],
  ['x-amz-date', 'no date'],
  ['authorization', 'no authorization'],
]);

/** What a refusal tells by its words, or by the element that a code of its kind comes with. */
export function readToldWords({ code = '', message, read }: RefusalDetails): Told | undefined {
  if (code === 'AccessDenied' && read('headersnotsigned') !== undefined) return 'unsigned headers';
  if (code === 'MissingSecurityHeader') {
    return NO_HEADER.get(read('missingheadername')?.text.trim().toLowerCase() ?? '');
  }
  return WORDS.find(([named, words]) => named === code && words.test(message.text))?.[2];
}
