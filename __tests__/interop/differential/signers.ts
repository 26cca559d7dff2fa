/** What a signer makes of a request; and this package as one of the signers. */
import { Aws4AuthError, signRequest } from '../../../lib/sigv4/index.js';
import type { RequestCase } from './request-case.js';

/** The headers that signing adds, by their names in lower case. */
export interface SigningHeaders {
  readonly authorization: string | undefined;
  readonly 'x-amz-date': string | undefined;
  readonly 'x-amz-content-sha256': string | undefined;
  readonly 'x-amz-security-token': string | undefined;
}

export interface Signed {
  readonly headers: SigningHeaders;
  /** `undefined` where the signer does not show it. */
  readonly canonicalRequest: string | undefined;
}

/** The signer's own words where it does not sign the request. */
export interface Refused {
  readonly refused: string;
}

/** Resolves to `undefined` where a signer has no means to be asked for such a signature. */
export type Signer = (request: RequestCase) => Promise<Signed | Refused | undefined>;

export function pickSigningHeaders(headers: Iterable<readonly [name: string, value: string]>): SigningHeaders {
  const byName = new Map(Array.from(headers, ([name, value]) => [name.toLowerCase(), value]));
  return {
    authorization: byName.get('authorization'),
    'x-amz-date': byName.get('x-amz-date'),
    'x-amz-content-sha256': byName.get('x-amz-content-sha256'),
    'x-amz-security-token': byName.get('x-amz-security-token'),
  };
}

export function signWithThisPackage(request: RequestCase): Signed | Refused {
  try {
    return sign(request);
  } catch (error) {
    // No other refusal is to be expected of any generated request.
    if (error instanceof Aws4AuthError && error.code === 'ERR_INVALID_HEADER') return { refused: error.message };
    throw error;
  }
}

function sign(request: RequestCase): Signed {
  const { method, origin, path, query, headers, body } = request;
  const { region, service, credentials, date, signedHeaders, omitSessionToken, ruleOverrides } = request;
  const signed = signRequest(
    { method, url: `${origin}${path}${query === '' ? '' : `?${query}`}`, headers: toRecord(headers), body },
    { region, service, credentials, date, signedHeaders, omitSessionToken, ...ruleOverrides },
  );
  const added = Object.entries(signed.headers).map(([name, value]) => [name, String(value)] as const);
  return { headers: pickSigningHeaders(added), canonicalRequest: signed.trace.canonicalRequest };
}

function toRecord(headers: RequestCase['headers']): Record<string, string | readonly string[]> {
  return Object.fromEntries(headers.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]));
}
