/** Sets of regions: what SigV4a signs for, and `X-Amz-Region-Set` says ("AWS Signature Version 4A"). */

/** One name, or several with commas between, which end in a digit, as AWS's do, or in an asterisk for any letters. */
const REGION_SET = /^(?:[\w.*-]+|[\w.*-]*[\d*](?:,[\w.*-]*[\d*])+)$/;

/** Whether a value is a set of regions, of which one may be all. */
export function isRegionSet(region: unknown): region is string {
  return typeof region === 'string' && REGION_SET.test(region);
}
