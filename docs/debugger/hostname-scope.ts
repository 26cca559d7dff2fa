/** What the hostname of a URL says of region and service. */
import { parseAwsHostname, type AwsScope } from '../../lib/destination/aws-hostname.js';

/** The host and port of a URL, as they stand there. */
export function readAuthority(url: string): string {
  return /^[a-z]+:\/\/([^/?#]+)/i.exec(url)?.[1] ?? '';
}

/** Region and service by a URL's hostname; `undefined` where it is none of AWS's, or needs SigV4a. */
export function readScope(url: string): AwsScope | undefined {
  const scope = parseAwsHostname(readAuthority(url));
  return scope?.algorithm === undefined ? scope : undefined;
}
