/**
 * The Authorization header: "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)"
 * (S3 API Reference), exactly: an algorithm, three parameters in the order given, nothing else.
 */
import type { Algorithm } from './signing-key.js';

export interface Authorization {
  readonly algorithm: Algorithm;
  readonly accessKeyId: string;
  /** `YYYYMMDD/region/service/aws4_request`, under SigV4a without the region */
  readonly scope: string;
  readonly scopeDate: string;
  readonly scopeRegion: string | undefined;
  readonly scopeService: string;
  readonly scopeTermination: string;
  readonly signedHeaders: readonly string[];
  /** Hexadecimal digits in lower case: 64, or under SigV4a DER */
  readonly signature: string;
}

/** After a comma one space is optional: AWS's own examples are written both ways. */
const GRAMMAR = new RegExp(
  [
    /^(?<algorithm>AWS4-HMAC-SHA256|AWS4-ECDSA-P256-SHA256) /,
    /Credential=(?<accessKeyId>[^/,\s](?:[^/,\r\n]*[^/,\s])?)\/(?<scope>[^,\s]+), ?/,
    /SignedHeaders=(?<signedHeaders>[^,\s]+), ?/,
    /Signature=(?<signature>[0-9a-f]+)$/,
  ]
    .map(({ source }) => source)
    .join(''),
);

/** SigV4's are 32 bytes; SigV4a's are a sequence of two numbers of P-256 in DER. */
const SIGNATURES: Readonly<Record<Algorithm, RegExp>> = {
  'AWS4-HMAC-SHA256': /^[0-9a-f]{64}$/,
  'AWS4-ECDSA-P256-SHA256': /^30(?:[0-9a-f]{2}){7,71}$/,
};

const isAlgorithm = (name: string | undefined): name is Algorithm => name !== undefined && name in SIGNATURES;

/** `Credential=<your-access-key-id>/<date>/<aws-region>/<aws-service>/aws4_request`; undefined is "not of the form". */
export const parseAuthorization = (value: string): Authorization | undefined => {
  const { algorithm, accessKeyId, scope, signedHeaders, signature } = GRAMMAR.exec(value)?.groups ?? {};
  if (!isAlgorithm(algorithm) || signature === undefined || !SIGNATURES[algorithm].test(signature)) {
    return undefined;
  }
  if (accessKeyId === undefined || scope === undefined || signedHeaders === undefined) {
    return undefined;
  }
  const [scopeDate, ...parts] = scope.split('/');
  const scopeRegion = algorithm === 'AWS4-HMAC-SHA256' ? parts.shift() : undefined;
  const [scopeService, scopeTermination, ...surplus] = parts;
  if (scopeDate === undefined || scopeService === undefined) {
    return undefined;
  }
  if (scopeTermination === undefined || surplus.length > 0) {
    return undefined;
  }
  return {
    algorithm,
    accessKeyId,
    scope,
    scopeDate,
    scopeRegion,
    scopeService,
    scopeTermination,
    signedHeaders: signedHeaders.split(';'),
    signature,
  };
};
