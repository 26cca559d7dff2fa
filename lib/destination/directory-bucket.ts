/**
 * Directory buckets of S3 Express, and which of their requests the keys of a session sign; after "Regional and Zonal
 * endpoints for directory buckets" (Amazon S3 User Guide) and the endpoint rule set of S3 in the AWS SDKs.
 */
import { isSessionDue } from '../sigv4/session-token.js';
import { splitUrl } from '../sigv4/canonical-request.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { isAwsHostname } from './aws-hostname.js';

/** Where the session of a bucket is opened. */
export interface DirectoryBucket {
  readonly name: string;
  readonly origin: string;
  /** The URL of CreateSession. */
  readonly sessionUrl: string;
  /** The Host of its requests, where that is another than the URL's. */
  readonly host: string | undefined;
}

interface BucketRequest {
  readonly method: string;
  readonly href: string;
  readonly headers: HttpHeaders;
}

/**
 * The bucket whose session signs a request for the service `s3express`; `undefined` where none does: for the control host,
 * for what opens a session, for HeadBucket, CopyObject and UploadPartCopy, and where the request bears a token of its own.
 *
 * At AWS the bucket is the host's first label. At another host it may also be the first part of the path, as the AWS SDKs
 * have it for an `endpoint` that is an address.
 */
export function findDirectoryBucket({ method, href, headers }: BucketRequest): DirectoryBucket | undefined {
  if (Object.hasOwn(headers, 'X-Amz-S3session-Token')) return undefined;
  const { host: urlHost, path, query } = splitUrl(href);
  const origin = href.slice(0, href.indexOf('/', 'https://'.length));
  const given = Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1];
  const host = typeof given === 'string' ? given.trim() : undefined;
  const isDue = (asHost: string, key: string): boolean =>
    isSessionDue('s3express', method, asHost, key, query, headers);
  const signedHost = host ?? urlHost;
  if (isDue(signedHost, path)) {
    return { name: signedHost.split('.', 1)[0] ?? '', origin, sessionUrl: `${origin}/?session`, host };
  }
  const [, name = '', key = '/'] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (isAwsHostname(signedHost) || !isDue(`${name}.`, key)) return undefined;
  return { name, origin, sessionUrl: `${origin}/${name}?session`, host };
}
