/** Texts that are pasted into the signature debugger: signed requests, and the answers of a verifier that refuses them. */
import { verifySignature, type Refusal, type VerifyOptions } from 'strict-sigv4-verifier';
import { signRequest } from '../../lib/sigv4/index.js';
import type { Change } from './changing-proxy.js';
import type { RefusalForm } from './refusal-forms.js';
import { temporary } from './test-server.js';

/** When all of it is signed. */
const date = new Date('2015-08-30T12:36:00Z');
/** Whom it is signed for, unless a test says otherwise. */
export const scope = { region: 'eu-west-1', service: 'execute-api', credentials: temporary, date } as const;

/** A request as it is sent. */
export interface Sent {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A request with all that a proxy may change, signed by the package. */
export function signSent(service: string, body = '{"name":"Grüße"}'): Sent {
  const url = 'https://h.example/prod/items%2Fa?q=a%2Bb&page=2';
  const headers = { Host: 'h.example', 'Content-Type': 'application/json' };
  const signed = signRequest({ method: 'POST', url, headers, body }, { ...scope, service });
  return {
    method: 'POST',
    target: url.replace('https://h.example', ''),
    headers: Object.entries(signed.headers),
    body,
  };
}

/** A request as it is pasted. */
export const toHttp = ({ method, target, headers, body }: Sent): string =>
  [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), '', body].join('\n');

export const toRules = (service: string, options: Partial<VerifyOptions>): VerifyOptions => ({
  region: scope.region,
  service,
  now: date,
  secretFor: () => temporary,
  pathEncoding: service === 's3' ? 'single' : 'double',
  normalizePath: service !== 's3',
  requireContentSha256: service === 's3',
  ...options,
});

/** What a server says of a request that something on the way has changed. */
export function judge(sent: Sent, service: string, change: Change, options: Partial<VerifyOptions> = {}): Refusal {
  const request = { ...sent, body: Buffer.from(sent.body), scheme: 'https' as const };
  const verdict = verifySignature({ ...request, ...change(request) }, toRules(service, options));
  if (verdict.ok) throw new Error('It was not refused');
  return verdict;
}

/** An answer as it is pasted: whole, or its body alone. */
export const toAnswer = ({ status, headers, body }: ReturnType<RefusalForm>, isWhole: boolean): string =>
  isWhole
    ? [
        `HTTP/1.1 ${String(status)} Forbidden`,
        ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${String(value)}`),
        '',
        String(body ?? ''),
      ].join('\n')
    : String(body ?? '');
