/**
 * SigV4a, generated requests: aws-crt verifies what this package signs, what aws-crt signs holds for this package's strings
 * to sign, in headers and in the query, and the canonical requests of @smithy/signature-v4a are the same.
 */
import { createECDH, createHash, createHmac, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { parseQueryString } from '@smithy/core/transport';
import { SignatureV4a } from '@smithy/signature-v4a';
import type { HeaderBag, HttpRequest } from '@smithy/types';
import { auth, http } from 'aws-crt';
import fc from 'fast-check';
import { presignUrl, signRequest, type SigningTrace } from '../../../lib/sigv4a/index.js';
import { createProvider } from './crt-signer.js';
import { wellBehavedRequests } from './generated-requests.js';
import { hasInheritedName, hostOf, isSigned, rulesOf, sentPathOf, type RequestCase } from './request-case.js';
import { NodeSha256 } from './smithy-signer.js';

const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_150_830);
const numRuns = Number(process.env['DIFFERENTIAL_REQUESTS'] ?? 1500);

/** A request whose region is a set of regions, and how long its URL shall be good, in seconds. */
interface SigV4aCase extends RequestCase {
  readonly expiresIn: number;
}

const regionSets = fc.constantFrom('*', 'us-*', 'eu-west-1', 'us-east-1,eu-west-1', 'us-*,eu-*,ap-south-1');
const requests: fc.Arbitrary<SigV4aCase> = fc
  .tuple(wellBehavedRequests, regionSets, fc.integer({ min: 1, max: 604_800 }))
  .map(([request, region, expiresIn]) => ({ ...request, region, expiresIn }));
/** In the query, the services that aws-crt has no other rules of. */
const presignedRequests = requests
  .filter(({ service }) => service !== 'vpc-lattice-svcs' && service !== 'iotdevicegateway')
  .map((request) => ({ ...request, ruleOverrides: {}, omitSessionToken: false }));

const check = (generated: fc.Arbitrary<SigV4aCase>, compare: (request: SigV4aCase) => void | Promise<void>) =>
  fc.assert(
    fc.asyncProperty(generated, async (request) => compare(request)),
    { seed, numRuns },
  );

const targetOf = (request: SigV4aCase): string =>
  `${sentPathOf(request)}${request.query === '' ? '' : `?${request.query}`}`;
const linesOf = ({ headers }: SigV4aCase): [string, string][] =>
  headers.flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
const toRecord = (lines: readonly (readonly [string, string])[]): Record<string, string[]> => {
  const record: Record<string, string[]> = {};
  for (const [name, value] of lines) record[name] = [...(record[name] ?? []), value];
  return record;
};
const hashOf = (body: string | Uint8Array = ''): string => createHash('sha256').update(Buffer.from(body)).digest('hex');

function sign(request: SigV4aCase): SigningTrace {
  const { method, origin, body, region, service, credentials, date } = request;
  const { signedHeaders, omitSessionToken, ruleOverrides } = request;
  const headers = toRecord(linesOf(request));
  const url = origin + targetOf(request);
  const options = { region, service, credentials, date, signedHeaders, omitSessionToken, ...ruleOverrides };
  return signRequest({ method, url, headers, body }, options).trace;
}

function presign(request: SigV4aCase): SigningTrace {
  const { method, origin, body, region, service, credentials, date, expiresIn } = request;
  const headers = toRecord(linesOf(request));
  return presignUrl(
    { method, url: origin + targetOf(request), headers, body },
    { region, service, credentials, date, expiresIn },
  ).trace;
}

const isS3 = ({ service }: SigV4aCase): boolean => /^s3(?:express|-outposts|-object-lambda)?$/.test(service);

function toCrtRequest(request: SigV4aCase): http.HttpRequest {
  const headers = new http.HttpHeaders([['Host', hostOf(request)], ...linesOf(request)]);
  return new http.HttpRequest(request.method, targetOf(request), headers);
}

function toCrtConfig(request: SigV4aCase): auth.AwsSigningConfig {
  const rules = rulesOf(request);
  return {
    algorithm: auth.AwsSigningAlgorithm.SigV4Asymmetric,
    signature_type: auth.AwsSignatureType.HttpRequestViaHeaders,
    provider: createProvider(request),
    region: request.region,
    service: request.service,
    date: request.date,
    header_blacklist: request.headers.map(([name]) => name).filter((name) => !isSigned(name, request)),
    use_double_uri_encode: rules.doubleEncodePath,
    should_normalize_uri_path: rules.normalizePath,
    omit_session_token: request.omitSessionToken,
    signed_body_value: rules.payload === 'unsigned' ? auth.AwsSignedBodyValue.UnsignedPayload : hashOf(request.body),
    signed_body_header: rules.contentSha256Header
      ? auth.AwsSignedBodyHeaderType.XAmzContentSha256
      : auth.AwsSignedBodyHeaderType.None,
  };
}

function toCrtQueryConfig(request: SigV4aCase): auth.AwsSigningConfig {
  return {
    ...toCrtConfig(request),
    signature_type: auth.AwsSignatureType.HttpRequestViaQueryParams,
    header_blacklist: [],
    expiration_in_seconds: request.expiresIn,
    omit_session_token: false,
    signed_body_value: isS3(request) ? auth.AwsSignedBodyValue.UnsignedPayload : hashOf(request.body),
    signed_body_header: auth.AwsSignedBodyHeaderType.None,
  };
}

interface PublicKey {
  readonly x: string;
  readonly y: string;
  readonly key: KeyObject;
}

/** Derived here once more, so that no mistake of lib/ is made on both sides. */
function derivePublicKey({ credentials: { accessKeyId, secretAccessKey } }: SigV4aCase): PublicKey {
  const input = `\0\0\0\x01AWS4-ECDSA-P256-SHA256\0${accessKeyId}\x01\0\0\x01\0`;
  const hex = createHmac('sha256', `AWS4A${secretAccessKey}`).update(input, 'latin1').digest('hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey((BigInt(`0x${hex}`) + 1n).toString(16).padStart(64, '0'), 'hex');
  const point = curve.getPublicKey('hex');
  const [x, y] = [point.slice(2, 66), point.slice(66)] as const;
  const toBase64Url = (text: string): string => Buffer.from(text, 'hex').toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: toBase64Url(x), y: toBase64Url(y) };
  return { x, y, key: createPublicKey({ key: jwk, format: 'jwk' }) };
}

function verifyByCrt(request: SigV4aCase, config: auth.AwsSigningConfig, trace: SigningTrace): boolean {
  const { x, y } = derivePublicKey(request);
  const { canonicalRequest, signature } = trace;
  return auth.aws_verify_sigv4a_signing(toCrtRequest(request), config, canonicalRequest, signature, x, y);
}

const holds = (request: SigV4aCase, { stringToSign }: SigningTrace, signature: string): boolean =>
  verify('sha256', Buffer.from(stringToSign), derivePublicKey(request).key, Buffer.from(signature, 'hex'));

describe(`SigV4a of this package and of its peers (DIFFERENTIAL_SEED=${String(seed)})`, () => {
  it('aws-crt verifies what this package signs in the headers', async () => {
    await check(requests, (request) => {
      expect(verifyByCrt(request, toCrtConfig(request), sign(request))).toBe(true);
    });
  });

  it('aws-crt verifies what this package signs in the query', async () => {
    await check(presignedRequests, (request) => {
      expect(verifyByCrt(request, toCrtQueryConfig(request), presign(request))).toBe(true);
    });
  });

  it('aws-crt refuses another canonical request, and another signature', () => {
    for (const request of fc.sample(requests, { seed, numRuns: 20 })) {
      const trace = sign(request);
      const other = { ...trace, canonicalRequest: `${trace.canonicalRequest}0` };
      expect(() => verifyByCrt(request, toCrtConfig(request), other)).toThrow();
      const others = { ...request, credentials: { ...request.credentials, secretAccessKey: 'another' } };
      expect(() =>
        verifyByCrt(request, toCrtConfig(request), { ...trace, signature: sign(others).signature }),
      ).toThrow();
    }
  });

  it('what aws-crt signs in the headers holds for the string to sign that this package has', async () => {
    await check(requests, async (request) => {
      const { headers } = await auth.aws_sign_request(toCrtRequest(request), toCrtConfig(request));
      const authorization = headers.get('Authorization');
      const trace = sign(request);
      expect(headers.get('X-Amz-Region-Set')).toBe(request.region);
      expect(authorization).toContain(`SignedHeaders=${trace.signedHeaders},`);
      expect(authorization).toContain(`/${trace.scope},`);
      expect(holds(request, trace, /Signature=([0-9a-f]+)$/.exec(authorization)?.[1] ?? '')).toBe(true);
    });
  });

  it('what aws-crt signs in the query holds for the string to sign that this package has', async () => {
    await check(presignedRequests, async (request) => {
      const { path } = await auth.aws_sign_request(toCrtRequest(request), toCrtQueryConfig(request));
      expect(holds(request, presign(request), /[?&]X-Amz-Signature=([0-9a-f]+)/.exec(path)?.[1] ?? '')).toBe(true);
    });
  });

  it('the canonical requests of @smithy/signature-v4a are the same', async () => {
    let compared = 0;
    const comparable = requests
      .filter(({ ruleOverrides, service }) => Object.keys(ruleOverrides).length === 0 && service !== 'vpc-lattice-svcs')
      .filter((request) => !hasInheritedName(request))
      // It deletes a Date.
      .map((request) => ({
        ...request,
        omitSessionToken: false,
        headers: request.headers.filter(([name]) => name.toLowerCase() !== 'date'),
      }));
    await check(comparable, async (request) => {
      const signer = new TracedSignatureV4a({
        region: request.region,
        service: request.service,
        credentials: toSmithyCredentials(request),
        sha256: NodeSha256,
        uriEscapePath: rulesOf(request).doubleEncodePath,
        applyChecksum: rulesOf(request).contentSha256Header,
      });
      const names = request.headers.map(([name]) => name.toLowerCase());
      await signer.sign(toSmithyRequest(request), {
        signingDate: request.date,
        signableHeaders: new Set(names.filter((name) => isSigned(name, request))),
        unsignableHeaders: new Set(names.filter((name) => !isSigned(name, request))),
      });
      expect(signer.canonicalRequest).toBe(sign(request).canonicalRequest);
      compared += 1;
    });
    expect(compared).toBe(numRuns);
  });
});

function toSmithyCredentials({ credentials: { sessionToken, ...longTerm } }: SigV4aCase) {
  return sessionToken === undefined ? longTerm : { ...longTerm, sessionToken };
}

function toSmithyRequest(request: SigV4aCase): HttpRequest {
  const { protocol, hostname } = new URL(request.origin);
  const headers = request.headers.map(([name, values]) => [name, values.join(',')] as const);
  return {
    method: request.method,
    protocol,
    hostname,
    path: request.path,
    query: parseQueryString(`?${request.query}`),
    headers: Object.fromEntries([['host', hostOf(request)], ...headers]),
    body: request.body,
  };
}

class TracedSignatureV4a extends SignatureV4a {
  canonicalRequest: string | undefined;

  protected override createCanonicalRequest(request: HttpRequest, headers: HeaderBag, payloadHash: string): string {
    this.canonicalRequest = super.createCanonicalRequest(request, headers, payloadHash);
    return this.canonicalRequest;
  }
}
