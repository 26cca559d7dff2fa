/** The headers that dating and signing set or take away, read and written in one pass over axios's headers. */
import type { InternalAxiosRequestConfig } from 'axios';
import type { AdapterName } from './adapter-name.js';
import type { HttpHeaders } from './sigv4/request-headers.js';

type AxiosRequestHeaders = InternalAxiosRequestConfig['headers'];

/** The values of these headers; `undefined` for one that is not there. */
export interface SignatureHeaders {
  readonly Date: unknown;
  readonly 'X-Amz-Date': unknown;
  readonly Authorization: unknown;
  readonly 'X-Amz-Content-Sha256': unknown;
  readonly 'X-Amz-Security-Token': unknown;
}

type Name = keyof SignatureHeaders;

const names = new Map<string, Name>([
  ['date', 'Date'],
  ['x-amz-date', 'X-Amz-Date'],
  ['authorization', 'Authorization'],
  ['x-amz-content-sha256', 'X-Amz-Content-Sha256'],
  ['x-amz-security-token', 'X-Amz-Security-Token'],
]);
const lengths: ReadonlySet<number> = new Set([...names.keys()].map(({ length }) => length));

/** Which of these headers a name is, in whatever case. */
function identify(name: string): Name | undefined {
  return lengths.has(name.length) ? names.get(name.toLowerCase()) : undefined;
}

export function readSignatureHeaders(headers: AxiosRequestHeaders): SignatureHeaders {
  const values: Record<Name, unknown> = {
    Date: undefined,
    'X-Amz-Date': undefined,
    Authorization: undefined,
    'X-Amz-Content-Sha256': undefined,
    'X-Amz-Security-Token': undefined,
  };
  for (const key of Object.keys(headers)) {
    const name = identify(key);
    if (name !== undefined) values[name] = headers[key] ?? undefined;
  }
  return values;
}

/** Sets these headers, under AWS's own spelling of their names, and takes off those that are `undefined`. */
export function writeSignatureHeaders(headers: AxiosRequestHeaders, values: SignatureHeaders): void {
  const kept: Partial<Record<Name, boolean>> = {};
  for (const key of Object.keys(headers)) {
    const name = identify(key);
    if (name === undefined) continue;
    // Date is the caller's own, and so is its name.
    if (headers[key] === values[name] && (key === name || name === 'Date')) kept[name] = true;
    else Reflect.deleteProperty(headers, key);
  }
  for (const name of names.values()) {
    const value = values[name];
    // Own properties are what axios's headers are; its `set` would check again what was checked.
    if (value !== undefined && kept[name] !== true) Reflect.set(headers, name, value);
  }
}

/**
 * The headers that an adapter sends. axios has null, undefined and false for those that are not sent, drops what is
 * beyond Latin-1, and sends no line for an empty list; fetch and xhr do not let anyone choose the Host.
 */
export function toSentHeaders(headers: AxiosRequestHeaders, adapterName: AdapterName): HttpHeaders {
  const choosesHost = adapterName === 'fetch' || adapterName === 'xhr';
  const sent: Record<string, string | string[]> = {};
  for (const name of Object.keys(headers)) {
    const value: unknown = headers[name];
    if (choosesHost && name.length === 4 && name.toLowerCase() === 'host') continue;
    if (typeof value === 'string') sent[name] = dropUnsendable(value);
    else if (Array.isArray(value) && value.length > 0) sent[name] = value.map((item) => dropUnsendable(String(item)));
  }
  return sent;
}

const BEYOND_LATIN_1 = /[^\0-\xFF]/;

function dropUnsendable(value: string): string {
  return BEYOND_LATIN_1.test(value) ? value.replace(/[^\t -~\x80-\xFF]+/g, '').trim() : value;
}

export function hasSameHeaders(headers: HttpHeaders, others: HttpHeaders): boolean {
  const keys = Object.keys(headers);
  return (
    keys.length === Object.keys(others).length && keys.every((name) => String(headers[name]) === String(others[name]))
  );
}
