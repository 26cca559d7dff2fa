/** A signed request as it arrived: who signed it for what, its canonical request, and whether its signature holds. */
import {
  type Authorization,
  headerValues,
  parseAuthorization,
  type RawRequest,
  type Verdict,
  verifySignature,
} from 'strict-sigv4-verifier';
import { credentials as longTerm, temporary } from '../../stand-ins/test-server.js';

export const allCredentials = { longTerm, temporary } as const;
export const region = 'eu-west-1';

export interface SignedOnTheWire {
  readonly request: RawRequest;
  readonly authorization: Authorization;
  readonly service: string;
  readonly isTemporary: boolean;
  readonly verdict: Verdict;
}

/** Reads a request for the verifier, which shares no code with `lib/`: strictly, in every reading that servers have. */
export function readSigned(request: RawRequest): SignedOnTheWire {
  const [value = ''] = headerValues(request.headers, 'authorization');
  const authorization = parseAuthorization(value);
  if (authorization === undefined) throw new Error(`There is no signature in the headers, but '${value}'`);
  const service = authorization.scopeService;
  const verdict = verifySignature(request, {
    secretFor: (accessKeyId) => [longTerm, temporary].find((known) => known.accessKeyId === accessKeyId),
    region,
    service,
    now: new Date(),
    pathEncoding: service === 's3' ? 'single' : 'double',
    normalizePath: service !== 's3',
    requireContentSha256: service === 's3',
  });
  return { request, authorization, service, isTemporary: authorization.accessKeyId === temporary.accessKeyId, verdict };
}

/** The canonical request that the verifier made of what arrived. @throws where the signature does not hold */
export function canonicalRequestOf({ request, verdict }: SignedOnTheWire): string {
  if (verdict.ok) return verdict.canonicalRequest;
  const { code, message, canonicalRequest = '' } = verdict;
  const lines = request.headers.map(([name, header]) => `${name}: ${header}`);
  const sent = [`${request.method} ${request.target}`, ...lines].join('\n');
  throw new Error(`${code}: ${message}\nSent:\n${sent}\nExpected:\n${canonicalRequest}`);
}

/** The request's headers without those that signing sets, and those that a client writes by itself. */
export function headersToSend({ request }: SignedOnTheWire): Record<string, string | string[]> {
  const own = new Set(request.headers.map(([name]) => name.toLowerCase()).filter((name) => !writtenByClient.has(name)));
  const values = (name: string): string | string[] => {
    const [first = '', ...more] = headerValues(request.headers, name);
    return more.length === 0 ? first : [first, ...more];
  };
  return Object.fromEntries(Array.from(own, (name) => [name, values(name)]));
}

const writtenByClient: ReadonlySet<string> = new Set([
  ...['authorization', 'x-amz-security-token', 'x-amz-content-sha256', 'x-amz-date'],
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'expect'],
]);
