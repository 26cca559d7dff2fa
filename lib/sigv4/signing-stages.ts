/** The stages of a signature: the canonical request, the string to sign, and what the key makes of that. */
import {
  createCanonicalPath,
  createCanonicalRequest,
  createStringToSign,
  type CanonicalHeaders,
} from './canonical-request.js';
import type { ScopedKey } from './scoped-key.js';
import { rulesFor } from './service-rules.js';
import type { Complete, SigningRules } from './signing-options.js';

/**
 * Each stage of a signature. Where a server answers `SignatureDoesNotMatch`, compare it with what the server computed.
 * `canonicalRequest` bears the session token, if it is signed.
 *
 * @example
 * const { trace } = signRequest(request, options);
 * console.log(trace.canonicalRequest, trace.stringToSign);
 */
export interface SigningTrace {
  /** The canonical request: method, path, query, headers, their names and the hash of the body, a line each. */
  readonly canonicalRequest: string;
  /** The string to sign: algorithm, date, scope and the hash of the canonical request. */
  readonly stringToSign: string;
  /** The signature, as lower-case hex. */
  readonly signature: string;
  /** The names of the signed headers, joined by `;`. */
  readonly signedHeaders: string;
  /** The credential scope, `YYYYMMDD/region/service/aws4_request`; under SigV4a without a region. */
  readonly scope: string;
}

/** What of a request its canonical request is made of. */
interface CanonicalParts {
  readonly method: string;
  readonly path: string;
  readonly canonicalQuery: string;
  readonly headers: CanonicalHeaders;
  /** Whether all values of these headers are known to be ASCII. */
  readonly isAscii: boolean;
  readonly payloadHash: string;
}

/** The stages of a signature, in the headers or in the query: canonical request, string to sign, signature. */
export function signStages(
  { method, path, canonicalQuery, headers, isAscii, payloadHash }: CanonicalParts,
  signingKey: ScopedKey,
  amzDate: string,
  options: Complete<Pick<SigningRules, 'normalizePath' | 'doubleEncodePath'>>,
): SigningTrace {
  const { scope } = signingKey;
  const rules = rulesFor(signingKey.service);
  const canonicalRequest = createCanonicalRequest({
    method,
    path: createCanonicalPath(path, {
      normalizePath: options.normalizePath ?? rules.normalizePath,
      doubleEncodePath: options.doubleEncodePath ?? rules.doubleEncodePath,
    }),
    query: canonicalQuery,
    headers,
    payloadHash,
  });
  const stringToSign = createStringToSign(amzDate, scope, canonicalRequest, isAscii, signingKey.algorithm);
  const signature = signingKey.sign(stringToSign, true);
  return { canonicalRequest, stringToSign, signature, signedHeaders: headers.signedHeaders, scope };
}
