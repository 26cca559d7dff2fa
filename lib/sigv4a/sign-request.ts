/** Signing in the headers with SigV4a ("AWS Signature Version 4A"): as SigV4, but for key, scope and set of regions. */
import { NO_OPTIONS, NO_REQUEST } from '../sigv4/signing-options.js';
import { signWithKey } from '../sigv4/sign-request.js';
import type { HttpRequest } from '../sigv4/signing-options.js';
import type { SignedRequest, SignedRequestOf } from '../sigv4/sign-request.js';
import { assertObject } from '../sigv4/unknown-option.js';
import { assertOptions, findSigner, listOptions, type SignRequestOptions } from './signer.js';

/**
 * Signs a request with AWS Signature Version 4A in its headers, for a set of regions: `Authorization`, `X-Amz-Date`,
 * `X-Amz-Region-Set` and, where they are due, `X-Amz-Content-Sha256` and `X-Amz-Security-Token`. Synchronous; the input
 * stays as it is. No two signatures need be the same: ECDSA has a random part.
 *
 * @param request the method, the absolute URL, headers and body, as they will be sent
 * @param options the set of regions, service and credentials
 * @throws EndpointError for a service that is missing or cannot stand in a credential scope, or a `region` that is no set
 * of regions
 * @throws CredentialsError for credentials that are missing, empty or malformed
 * @throws Aws4AuthError for a URL, header, option or payload hash that cannot be signed
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 *
 * @example
 * const { headers } = signRequest(
 *   { method: 'GET', url: 'https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/photo.jpg' },
 *   { region: '*', service: 's3', credentials: { accessKeyId, secretAccessKey } },
 * );
 */
export function signRequest<Request extends HttpRequest>(
  request: Request,
  options: SignRequestOptions,
): SignedRequestOf<Request>;
export function signRequest(request: HttpRequest, options: SignRequestOptions): SignedRequest {
  assertObject('request', request);
  assertOptions(options, listOptions());
  const own = { ...NO_OPTIONS, ...options, s3ExpressSession: false };
  const { key, owner, amzDate } = findSigner(own);
  return signWithKey({ ...NO_REQUEST, ...request }, key, owner, amzDate, own);
}
