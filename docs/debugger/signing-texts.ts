/** What was signed, by the texts that a log has of it: the canonical request, and where it is there the string to sign. */
import { parseAwsHostname } from '../../lib/destination/aws-hostname.js';
import type { EchoedTexts } from '../../lib/sending/echoed-texts.js';
import { parseCanonicalRequest } from '../../lib/sending/differences.js';
import { createStringToSign } from '../../lib/sigv4/canonical-request.js';
import type { PastedTexts } from './logged-texts.js';
import { PasteError } from './paste-error.js';
import { adoptRedacted } from './redacted-values.js';
import { toParameters, type SignedParts } from './signed-parts.js';

/**
 * What was signed.
 *
 * @param echo what the server computed, whose scope counts where the log has none
 * @throws PasteError where there is no canonical request
 */
export function readSigningTexts(pasted: PastedTexts, echo: EchoedTexts): SignedParts {
  if (pasted.canonicalRequest === undefined) {
    throw new PasteError('This is the string to sign alone: paste the canonical request as well, above it');
  }
  const notes: string[] = [];
  const canonicalRequest = adoptRedacted(pasted.canonicalRequest, echo.canonicalRequest, notes);
  const { query = '', headers, signedHeaders = '' } = parseCanonicalRequest({ text: canonicalRequest, isWhole: true });
  const { amzDate, scope } = findScope(toParameters(query), headers, pasted.stringToSign, echo.stringToSign);
  const [, region = UNKNOWN, service = UNKNOWN] = scope.split('/');
  const trace = {
    canonicalRequest,
    stringToSign: pasted.stringToSign ?? createStringToSign(amzDate, scope, canonicalRequest),
    signature: '',
    signedHeaders,
    scope,
  };
  return { trace, headers: Object.fromEntries(headers), service, region, notes };
}

const UNKNOWN = 'unknown';

/** Of a string to sign, of the query, of what the server says, or by the hostname: whichever is nearest. */
function findScope(
  parameters: ReadonlyMap<string, string>,
  headers: ReadonlyMap<string, string>,
  ours: string | undefined,
  theirs: EchoedTexts['stringToSign'],
): { readonly amzDate: string; readonly scope: string } {
  const [, ourDate, ourScope] = ours?.split('\n') ?? [];
  const [, theirDate, theirScope] = theirs?.isWhole === true ? theirs.text.split('\n') : [];
  const amzDate = headers.get('x-amz-date') ?? parameters.get('x-amz-date') ?? ourDate ?? theirDate ?? '';
  const ofQuery = parameters.get('x-amz-credential')?.split('/').slice(-4).join('/');
  const host = parseAwsHostname(headers.get('host') ?? '');
  const ofHost = `${amzDate.slice(0, 8)}/${host?.region ?? UNKNOWN}/${host?.service ?? UNKNOWN}/aws4_request`;
  return { amzDate, scope: ourScope ?? ofQuery ?? theirScope ?? ofHost };
}
