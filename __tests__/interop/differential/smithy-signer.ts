/** The signer of the AWS SDK for JavaScript, @smithy/signature-v4, given a request as the SDK would. */
import { createHash, createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { parseQueryString } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, HeaderBag, HttpRequest, SourceData } from '@smithy/types';
import { hostOf, isSigned, rulesOf, type RequestCase } from './request-case.js';
import { pickSigningHeaders, type Refused, type Signed } from './signers.js';

export async function signWithSmithy(request: RequestCase): Promise<Signed | Refused | undefined> {
  const { normalizePath, doubleEncodePath } = rulesOf(request);
  if (normalizePath !== doubleEncodePath) return undefined;
  try {
    return await sign(request);
  } catch (error) {
    return { refused: String(error) };
  }
}

async function sign(request: RequestCase): Promise<Signed> {
  const { region, service, date, credentials, omitSessionToken } = request;
  const { sessionToken, ...longTermCredentials } = credentials;
  const isTokenSigned = sessionToken !== undefined && !omitSessionToken;
  const { doubleEncodePath, contentSha256Header } = rulesOf(request);
  const signer = new TracedSignatureV4({
    region,
    service,
    credentials: isTokenSigned ? { ...longTermCredentials, sessionToken } : longTermCredentials,
    sha256: NodeSha256,
    uriEscapePath: doubleEncodePath,
    applyChecksum: contentSha256Header,
  });
  const names = request.headers.map(([name]) => name.toLowerCase());
  const signed = await signer.sign(toSmithyRequest(request), {
    signingDate: date,
    // Both are needed: it leaves some headers out unless told, and signs all the others unless told.
    signableHeaders: new Set(names.filter((name) => isSigned(name, request))),
    unsignableHeaders: new Set(names.filter((name) => !isSigned(name, request))),
  });
  // It has no option for a token that is sent unsigned: its users add it afterwards.
  const unsigned = sessionToken !== undefined && omitSessionToken ? { 'x-amz-security-token': sessionToken } : {};
  return {
    headers: pickSigningHeaders(Object.entries({ ...signed.headers, ...unsigned })),
    canonicalRequest: signer.canonicalRequest,
  };
}

function toSmithyRequest(request: RequestCase): HttpRequest {
  const { method, origin, path, query, headers, body } = request;
  const { protocol, hostname } = new URL(origin);
  return {
    method,
    protocol,
    hostname,
    path,
    // The bag that its own parseUrl makes of a URL.
    query: parseQueryString(`?${query}`),
    headers: Object.fromEntries([
      ['host', hostOf(request)],
      ...headers.map(([name, values]) => [name, values.join(',')] as const),
    ]),
    // It signs UNSIGNED-PAYLOAD where it cannot hash the body, which is where that is a stream.
    body: rulesOf(request).payload === 'unsigned' ? Readable.from([]) : body,
  };
}

class TracedSignatureV4 extends SignatureV4 {
  canonicalRequest: string | undefined;

  protected override createCanonicalRequest(request: HttpRequest, headers: HeaderBag, payloadHash: string): string {
    this.canonicalRequest = super.createCanonicalRequest(request, headers, payloadHash);
    return this.canonicalRequest;
  }
}

/** SHA-256, or HMAC-SHA-256 where there is a secret. */
export class NodeSha256 implements Checksum {
  readonly #secret: Uint8Array | undefined;
  #chunks: Uint8Array[] = [];

  constructor(secret?: SourceData) {
    this.#secret = secret === undefined ? undefined : toBytes(secret);
  }

  update(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  digest(): Promise<Uint8Array> {
    const hash = this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
    return Promise.resolve(hash.update(Buffer.concat(this.#chunks)).digest());
  }

  reset(): void {
    this.#chunks = [];
  }
}

function toBytes(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
