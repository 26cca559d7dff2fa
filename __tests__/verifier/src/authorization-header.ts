/**
 * The Authorization header: "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)"
 * (S3 API Reference), exactly: one algorithm, three parameters in the order given, nothing else.
 */

export interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD/region/service/aws4_request` */
  readonly scope: string;
  readonly scopeDate: string;
  readonly scopeRegion: string;
  readonly scopeService: string;
  readonly scopeTermination: string;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits in lower case */
  readonly signature: string;
}

/** After a comma one space is optional: AWS's own examples are written both ways. */
const GRAMMAR = new RegExp(
  [
    /^AWS4-HMAC-SHA256 /,
    /Credential=(?<accessKeyId>[^/,\s](?:[^/,\r\n]*[^/,\s])?)\/(?<scope>[^,\s]+), ?/,
    /SignedHeaders=(?<signedHeaders>[^,\s]+), ?/,
    /Signature=(?<signature>[0-9a-f]{64})$/,
  ]
    .map(({ source }) => source)
    .join(''),
);

/** `Credential=<your-access-key-id>/<date>/<aws-region>/<aws-service>/aws4_request`; undefined is "not of the form". */
export const parseAuthorization = (value: string): Authorization | undefined => {
  const { accessKeyId, scope, signedHeaders, signature } = GRAMMAR.exec(value)?.groups ?? {};
  if (accessKeyId === undefined || scope === undefined || signedHeaders === undefined || signature === undefined) {
    return undefined;
  }
  const [scopeDate, scopeRegion, scopeService, scopeTermination, ...surplus] = scope.split('/');
  if (scopeDate === undefined || scopeRegion === undefined || scopeService === undefined) {
    return undefined;
  }
  if (scopeTermination === undefined || surplus.length > 0) {
    return undefined;
  }
  return {
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
