/** Has the strict verifier judge what was signed without being sent. */
import {
  isPresigned,
  verifyPresignedUrl,
  verifySignature,
  type HeaderLine,
  type KnownCredentials,
  type RawRequest,
  type Verdict,
  type VerifyOptions,
} from 'strict-sigv4-verifier';

/** A request, as signing gives it. */
interface Signed {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | null | undefined;
}

/** A verifier of SigV4a in a region, for S3 where nothing else is said. */
export function verifySigned(signed: Signed, known: KnownCredentials, options: Partial<VerifyOptions> = {}): Verdict {
  const request = toRawRequest(signed);
  const verify = isPresigned(request) ? verifyPresignedUrl : verifySignature;
  return verify(request, {
    secretFor: () => known,
    region: 'eu-west-1',
    service: 's3',
    algorithms: ['AWS4-ECDSA-P256-SHA256'],
    now: undefined,
    pathEncoding: 'single',
    normalizePath: false,
    requireContentSha256: true,
    ...options,
  });
}

/** The code of a refusal, with its words; `'ok'` where there is none. */
export const describeVerdict = (verdict: Verdict): string =>
  verdict.ok ? 'ok' : `${verdict.code}: ${verdict.message}`;

function toRawRequest({ method, url, headers, body }: Signed): RawRequest {
  const [, scheme, host = '', target = ''] = /^(https?):\/\/([^/]+)(.*)$/.exec(url) ?? [];
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const));
  const hasHost = lines.some(([name]) => name.toLowerCase() === 'host');
  const hostLine: HeaderLine[] = hasHost ? [] : [['Host', host]];
  return {
    method,
    target,
    headers: [...hostLine, ...lines],
    body: Buffer.from(body ?? ''),
    scheme: scheme === 'http' ? 'http' : 'https',
  };
}
