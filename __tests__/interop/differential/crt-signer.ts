/** AWS's signer in C, aws-c-auth, through its binding for Node. */
import { createHash } from 'node:crypto';
import { auth, http } from 'aws-crt';
import { hostOf, isSigned, rulesOf, sentPathOf, type RequestCase } from './request-case.js';
import { pickSigningHeaders, type Refused, type Signed } from './signers.js';

// It would warn on every run of versions of Node that it is going to drop.
process.env['AWS_CRT_NODEJS_SUPPRESS_NODE_DEPRECATION_WARNING'] = '1';

export async function signWithCrt(request: RequestCase): Promise<Signed | Refused> {
  const { method, query } = request;
  const target = `${sentPathOf(request)}${query === '' ? '' : `?${query}`}`;
  const lines = request.headers.flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  const headers = new http.HttpHeaders([['Host', hostOf(request)], ...lines]);
  try {
    const signed = await auth.aws_sign_request(new http.HttpRequest(method, target, headers), configFor(request));
    return { headers: pickSigningHeaders(signed.headers), canonicalRequest: undefined };
  } catch (error) {
    return { refused: String(error) };
  }
}

/** The credentials of a request, as it wants them. */
export function createProvider({ credentials }: RequestCase): auth.AwsCredentialsProvider {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return auth.AwsCredentialsProvider.newStatic(accessKeyId, secretAccessKey, sessionToken);
}

function configFor(request: RequestCase): auth.AwsSigningConfig {
  const { region, service, date, omitSessionToken } = request;
  const rules = rulesOf(request);
  return {
    algorithm: auth.AwsSigningAlgorithm.SigV4,
    signature_type: auth.AwsSignatureType.HttpRequestViaHeaders,
    provider: createProvider(request),
    region,
    service,
    date,
    header_blacklist: request.headers.map(([name]) => name).filter((name) => !isSigned(name, request)),
    use_double_uri_encode: rules.doubleEncodePath,
    should_normalize_uri_path: rules.normalizePath,
    omit_session_token: omitSessionToken,
    // Not left to the signer: its binding for Node cannot rewind the body that it has read for that, and fails.
    signed_body_value: rules.payload === 'unsigned' ? auth.AwsSignedBodyValue.UnsignedPayload : hashBody(request),
    signed_body_header: rules.contentSha256Header
      ? auth.AwsSignedBodyHeaderType.XAmzContentSha256
      : auth.AwsSignedBodyHeaderType.None,
  };
}

// Nor to its own SHA-256, which kills the process when it is given bytes.
function hashBody({ body = '' }: RequestCase): string {
  return createHash('sha256').update(Buffer.from(body)).digest('hex');
}
