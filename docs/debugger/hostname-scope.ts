/** What the hostname of a URL says of region and service. */
import { parseAwsHostname, type AwsScope } from '../../lib/destination/aws-hostname.js';

/** The host and port of a URL, as they stand there. */
export function readAuthority(url: string): string {
  return /^[a-z]+:\/\/([^/?#]+)/i.exec(url)?.[1] ?? '';
}

/** Region, service and algorithm by a URL's hostname; `undefined` where it is none of AWS's. */
export function readScope(url: string): AwsScope | undefined {
  return parseAwsHostname(readAuthority(url));
}
