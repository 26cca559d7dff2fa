/** The headers of a request on their way into a signature: checked, copied, free of what an earlier signing left. */
import { HTTP_TOKEN } from './http-token.js';
import { Aws4AuthError } from '../errors.js';
import { isObject } from '../platform/object-kinds.js';
import { canonicalizeHeaderValue, isPlainValue, type HeaderEntry } from './canonical-request.js';
import { keepFirst } from './recent-cache.js';
import { isSha256Hex } from './payload-hash.js';
import type { GivenTokens } from './session-token.js';
import type { SelectHeader } from './signed-headers.js';

/**
 * Header values by name; an array is sent as several lines; `undefined` and an empty array are not sent.
 *
 * @example
 * const headers: HttpHeaders = { 'Content-Type': 'image/jpeg', 'X-Tag': ['one', 'two'] };
 */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The headers to send: those that were given, and those that sign them.
 *
 * @example
 * const { headers } = signRequest(request, options);
 * console.log(headers.Authorization, headers['X-Amz-Date']);
 */
export interface SignedHeaders<Value extends string | readonly string[] = string | readonly string[]> {
  readonly [name: string]: string | Value;
  /** Algorithm, credential, signed headers and signature. */
  readonly Authorization: string;
  /** The moment of signing, `20261126T120000Z`. */
  readonly 'X-Amz-Date': string;
}

/** A request's headers without those that signing sets. */
export interface UnsignedHeaders extends GivenTokens {
  /** The headers to send, under the caller's own names. */
  readonly toSend: Record<string, string | readonly string[]>;
  /** Those of them that are signed. */
  readonly toSign: HeaderEntry[];
  /** Whether all of these values are known to be ASCII. */
  readonly isAscii: boolean;
  readonly hasHost: boolean;
  /** The `X-Amz-Content-Sha256` that the caller gave. */
  readonly contentSha256: string | undefined;
}

/**
 * Copies headers, but for those that signing sets anew: Authorization, X-Amz-Date and X-Amz-Region-Set. X-Amz-Content-Sha256 and
 * the tokens are kept apart, since they are what the caller says of the body and of the credentials. Beside an earlier signature they
 * belong to that, and a hash and the tokens are dropped with it.
 *
 * @throws Aws4AuthError `ERR_INVALID_HEADER` for a name or value that cannot be sent
 */
export function takeUnsignedHeaders(headers: HttpHeaders, select: SelectHeader): UnsignedHeaders {
  const toSend: Record<string, string | readonly string[]> = {};
  const toSign: HeaderEntry[] = [];
  let contentSha256: string | undefined;
  let securityToken: string | undefined;
  let s3SessionToken: string | undefined;
  let isAscii = true;
  let hasHost = false;
  let signedBefore = false;
  assertHeaders(headers);
  for (const name of Object.keys(headers)) {
    const value: unknown = headers[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    // One check does for most values: what is plain can be sent, and stands in the canonical request as it is.
    const isPlain = typeof value === 'string' && isPlainValue(value);
    if (!isPlain) assertValue(name, value);
    const lowerCaseName = toLowerCaseName(name);
    switch (lowerCaseName) {
      case 'authorization':
        signedBefore = String(value).startsWith('AWS4-');
        continue;
      case 'x-amz-date':
      case 'x-amz-region-set':
        continue;
      case 'x-amz-security-token':
        securityToken = String(value).trim();
        continue;
      case 'x-amz-s3session-token':
        s3SessionToken = String(value).trim();
        continue;
      case 'x-amz-content-sha256':
        contentSha256 = String(value);
        continue;
      case 'host':
        // Clients replace an empty one.
        if (String(value).trim() === '') continue;
        hasHost = true;
    }
    toSend[name] = value;
    if (!select(lowerCaseName)) continue;
    isAscii &&= isPlain;
    toSign.push([lowerCaseName, isPlain ? value : canonicalizeHeaderValue(name, value)]);
  }
  if (signedBefore) securityToken = s3SessionToken = undefined;
  if (signedBefore && contentSha256 !== undefined && isSha256Hex(contentSha256)) contentSha256 = undefined;
  return { toSend, toSign, isAscii, hasHost, contentSha256, securityToken, s3SessionToken };
}

/** A Headers or Map has no properties: its headers would be lost. */
export function assertHeaders(headers: unknown): void {
  if (isObject(headers) && !(Symbol.iterator in headers)) return;
  throw new Aws4AuthError(
    'headers: must be a plain object; of a Headers or Map, pass Object.fromEntries(headers)',
    'ERR_INVALID_HEADER',
  );
}

// eslint-disable-next-line no-control-regex -- these are the characters to refuse (RFC 9110, section 5.5)
const FORBIDDEN_IN_HEADER_VALUE = /[\0-\x08\x0A-\x1F\x7F]/;

/**
 * A header's name in lower case, as the canonical request has it. To look it up costs a third of checking and
 * lower-casing it (measured).
 *
 * @throws Aws4AuthError `ERR_INVALID_HEADER` for what cannot be a name
 */
export const toLowerCaseName = keepFirst((name) => {
  // Setting `__proto__` on an object would lose the header in silence.
  if (HTTP_TOKEN.test(name) && name !== '__proto__') return name.toLowerCase();
  throw new Aws4AuthError(`headers: ${JSON.stringify(name)} cannot be a header's name`, 'ERR_INVALID_HEADER');
});

function assertValue(name: string, value: unknown): asserts value is string | readonly string[] {
  if (isHeaderText(value) || (Array.isArray(value) && value.every(isHeaderText))) return;
  // The value may be a secret: it is not quoted.
  throw new Aws4AuthError(
    `headers: ${name} must be a string, or an array of them, without line breaks or control characters`,
    'ERR_INVALID_HEADER',
  );
}

function isHeaderText(value: unknown): boolean {
  return typeof value === 'string' && !FORBIDDEN_IN_HEADER_VALUE.test(value);
}
