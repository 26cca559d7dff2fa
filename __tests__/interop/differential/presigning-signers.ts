/**
 * Each signer's signature in the query of a request of which all headers are signed. The string to sign has all else of
 * the query.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import { parseQueryString } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import type { HttpRequest } from '@smithy/types';
import { auth, http } from 'aws-crt';
import { presignUrl } from '../../../lib/sigv4/index.js';
import { createProvider } from './crt-signer.js';
import { hostOf, sentPathOf, type RequestCase } from './request-case.js';
import { NodeSha256 } from './smithy-signer.js';

/** A request, and how long its URL shall be good, in seconds. */
export interface PresigningCase extends RequestCase {
  readonly expiresIn: number;
}

const S3_KIN = /^s3(?:express|-outposts|-object-lambda)?$/;
export const isS3 = ({ service }: RequestCase): boolean => S3_KIN.test(service);

const listHeaders = ({ headers }: RequestCase): readonly [name: string, value: string][] =>
  headers.map(([name, values]) => [name, values.join(',')]);
const targetOf = (request: RequestCase): string =>
  `${sentPathOf(request)}${request.query === '' ? '' : `?${request.query}`}`;

export function presignWithThisPackage(request: PresigningCase, moreHeaders: Record<string, string> = {}): string {
  const { method, origin, body, region, service, credentials, date, expiresIn } = request;
  return presignUrl(
    {
      method,
      url: origin + targetOf(request),
      headers: { ...Object.fromEntries(listHeaders(request)), ...moreHeaders },
      body,
    },
    { region, service, credentials, date, expiresIn },
  ).trace.signature;
}

/** The signer of the AWS SDK for JavaScript; it hoists headers into the query, unless it is told of each. */
export async function presignWithSmithy(request: PresigningCase): Promise<string> {
  const signer = new SignatureV4({ ...signerOptions(request), uriEscapePath: !isS3(request), applyChecksum: false });
  const names = new Set(listHeaders(request).map(([name]) => name.toLowerCase()));
  const signed = await signer.presign(toSmithyRequest(request), {
    ...momentOf(request),
    signableHeaders: new Set(['host', ...names]),
    unhoistableHeaders: names,
  });
  return readSignature(signed);
}

/** The AWS SDK's presigner for S3, which has X-Amz-Content-Sha256 in the query unless it is told otherwise. */
export async function presignWithS3Presigner(request: PresigningCase): Promise<string> {
  const names = new Set([...listHeaders(request).map(([name]) => name.toLowerCase()), 'x-amz-content-sha256']);
  const presigner = new S3RequestPresigner(signerOptions(request));
  const signed = await presigner.presign(toSmithyRequest(request), {
    ...momentOf(request),
    signableHeaders: new Set(['host', ...names]),
    unhoistableHeaders: names,
  });
  return readSignature(signed);
}

const readSignature = ({ query }: HttpRequest): string => String(query?.['X-Amz-Signature']);

function signerOptions({ region, service, credentials }: PresigningCase) {
  const { sessionToken, ...longTerm } = credentials;
  return {
    region,
    service,
    credentials: sessionToken === undefined ? longTerm : { ...longTerm, sessionToken },
    sha256: NodeSha256,
  };
}

const momentOf = ({ date, expiresIn }: PresigningCase) => ({ signingDate: date, expiresIn });

function toSmithyRequest(request: PresigningCase): HttpRequest {
  const { protocol, hostname, port } = new URL(request.origin);
  return {
    method: request.method,
    protocol,
    hostname,
    ...(port !== '' && { port: Number(port) }),
    path: sentPathOf(request),
    query: parseQueryString(`?${request.query}`),
    headers: Object.fromEntries([['host', hostOf(request)], ...listHeaders(request)]),
    // It signs UNSIGNED-PAYLOAD where it cannot hash the body, which is where that is a stream.
    body: isS3(request) ? Readable.from([]) : request.body,
  };
}

/** AWS's signer in C. */
export async function presignWithCrt(request: PresigningCase): Promise<string> {
  const { region, service, date, expiresIn, body = '' } = request;
  const headers = new http.HttpHeaders([['Host', hostOf(request)], ...listHeaders(request)]);
  const signed = await auth.aws_sign_request(new http.HttpRequest(request.method, targetOf(request), headers), {
    algorithm: auth.AwsSigningAlgorithm.SigV4,
    signature_type: auth.AwsSignatureType.HttpRequestViaQueryParams,
    provider: createProvider(request),
    region,
    service,
    date,
    expiration_in_seconds: expiresIn,
    use_double_uri_encode: !isS3(request),
    should_normalize_uri_path: !isS3(request),
    signed_body_value: isS3(request)
      ? auth.AwsSignedBodyValue.UnsignedPayload
      : createHash('sha256').update(Buffer.from(body)).digest('hex'),
    signed_body_header: auth.AwsSignedBodyHeaderType.None,
  });
  return /[?&]X-Amz-Signature=([0-9a-f]{64})/.exec(signed.path)?.[1] ?? signed.path;
}

/** botocore's, all requests by one process. */
export function presignWithBotocore(requests: readonly PresigningCase[]): readonly string[] {
  const given = requests.map((request) => ({
    ...request,
    url: request.origin + targetOf(request),
    headers: listHeaders(request),
    date: request.date.toISOString(),
    isS3: isS3(request),
  }));
  const { stdout, stderr, status } = spawnSync('python3', [join(__dirname, 'botocore-presigner.py')], {
    input: JSON.stringify(given),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as readonly string[];
}
