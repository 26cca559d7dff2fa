/** Signing in the query with SigV4a ("AWS Signature Version 4A"): a URL that is good by itself, in a set of regions. */
import { presignWithKey, type PresignedUrl } from '../sigv4/presigned-url.js';
import { NO_OPTIONS, NO_REQUEST, type HttpRequest } from '../sigv4/signing-options.js';
import { createHeaderSelection } from '../sigv4/signed-headers.js';
import { assertObject } from '../sigv4/unknown-option.js';
import { assertOptions, findSigner, listOptions, type SignRequestOptions } from './signer.js';

/**
 * Where and as whom to presign, and how. Of the options that {@link signRequest} has too, three are different here:
 * all headers of the request are signed, so that `signedHeaders` adds none; `payload` is `'unsigned'` for S3 and its kin
 * as well, unless it says otherwise; `contentSha256Header` changes nothing, since a URL is good without one.
 *
 * @example
 * const options: PresignUrlOptions = { region: '*', service: 's3', credentials, expiresIn: 600 };
 */
export interface PresignUrlOptions extends SignRequestOptions {
  /**
   * How many seconds the URL is good, counted from `date`: a whole number from 1 to 604800 (7 days). It ends with
   * the credentials, where these end sooner.
   * @default 900
   */
  readonly expiresIn?: number | undefined;
}

/**
 * Signs a request in its URL with AWS Signature Version 4A, so that whoever has the URL can send it until it expires, in
 * each of a set of regions. Its scheme may be `ws:` or `wss:` too. S3 and its kin do not sign the body, unless
 * `payload: 'signed'` or an `X-Amz-Content-Sha256` among the headers has its hash signed and sent; every other service
 * signs the body's hash. What an earlier presigning left in the URL is replaced.
 *
 * @param request the method, the absolute URL, and the headers that whoever sends it will send
 * @param options the set of regions, service and credentials; `expiresIn` in seconds
 * @throws EndpointError, CredentialsError as {@link signRequest} does
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for an `expiresIn` that is not from 1 to 604800; `ERR_INVALID_URL` for a
 * URL that has parameters of a signature without the signature; for what {@link signRequest} refuses
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * @example
 * const { url } = presignUrl(
 *   { method: 'GET', url: 'https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/photo.jpg' },
 *   { region: '*', service: 's3', credentials: { accessKeyId, secretAccessKey }, expiresIn: 3600 },
 * );
 */
export function presignUrl(request: HttpRequest, options: PresignUrlOptions): PresignedUrl {
  assertObject('request', request);
  assertOptions(options, new Set([...listOptions(), 'expiresIn']));
  const own = { ...NO_OPTIONS, expiresIn: undefined, ...options, s3ExpressSession: false };
  const { key, owner, amzDate } = findSigner(own);
  // What is wrong with the list is said here as well.
  createHeaderSelection(own.signedHeaders);
  return presignWithKey({ ...NO_REQUEST, ...request }, key, owner, amzDate, own);
}
