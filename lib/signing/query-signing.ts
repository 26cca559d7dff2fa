/** Signing requests in their query as they are sent (`signIn: 'query'`): loaded when the first one is. */
import { isThisMachine } from '../destination/this-machine.js';
import { Aws4AuthError } from '../errors.js';
import { createUrl } from '../platform/standard-url.js';
import { readOwn } from '../request/config.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import { dropSignatureParameters, presignWithKey, readSignature } from '../sigv4/presigned-url.js';
import { createHeaderSelection } from '../sigv4/signed-headers.js';
import type { QuerySigning, SigningPlan } from './signing-plan.js';

/** How long the URL of a request that is sent at once is good, in seconds. */
export const SENT_EXPIRES_IN_S = 300;

/** Makes what signs one request in its query, and where it is redirected to. */
export function createQuerySigning(plan: SigningPlan): QuerySigning {
  const { expiresIn = SENT_EXPIRES_IN_S } = plan;
  /** The signatures of this request, which a redirect may repeat. */
  const ours = new Set<string>();
  return {
    sign: (request, signingKey, owner, amzDate, { signedHeaders, payload, bodyHash, s3ExpressSession }) => {
      const select = createHeaderSelection(signedHeaders);
      const rules = { payload, bodyHash, expiresIn, select, s3ExpressSession };
      const signed = presignWithKey(request, signingKey, owner, amzDate, rules);
      ours.add(signed.trace.signature);
      return signed;
    },
    takeQuery,
    placeSignature: (request, signedUrl, payload) => {
      if (payload === 'unsigned') assertBodySafe(request, plan);
      const href = takeQuery(request.url.href, signedUrl);
      return {
        ...request,
        url: { href, hrefWithoutParams: href, paramsQuery: '', isLiteral: false, target: undefined },
      };
    },
    dropSignature: (url) => {
      const signature = readSignature(url.search.slice(1));
      if (signature === undefined || !ours.has(signature)) return url;
      const unsigned = new URL(url);
      unsigned.search = dropSignatureParameters(url.search.slice(1));
      return unsigned;
    },
  };
}

/** A URL with the query of a signed one: the path may go out in another spelling than it is signed in. */
export function takeQuery(href: string, signedUrl: string): string {
  const [base = ''] = href.split('?', 1);
  return base + signedUrl.slice(signedUrl.indexOf('?'));
}

/**
 * S3 and its kin look for no hash of the body beside a signature in the query. Over https nobody can change it.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION`
 */
function assertBodySafe({ body, url, given }: OutgoingRequest, { payload }: SigningPlan): void {
  if (body === undefined || payload !== undefined || !url.href.startsWith('http:')) return;
  if (readOwn(given.sent, 'X-Amz-Content-Sha256') !== undefined || isThisMachine(createUrl(url.href))) return;
  throw new Aws4AuthError(
    "signIn: 'query' leaves the body unsigned, and over http:// anyone on the way could change it; use https://, pass " +
      "payload: 'signed', or ask for it on the request itself with aws4: { payload: 'unsigned' }",
    'ERR_INVALID_OPTION',
  );
}
