/** What `params` add to a query, in RFC 3986's encoding, as servers compute it from whatever is sent. */
import type { InternalAxiosRequestConfig } from 'axios';
import { readOwn } from './config.js';
import { uriJoiner } from './uri-joiner.js';
import { Aws4AuthError } from '../errors.js';
import { encodeRfc3986, isStrictQuery, recodeRfc3986 } from '../sigv4/encoding.js';

/** The query that `params` add, and its strict pairs, where these are known. */
export interface EncodedParams {
  readonly paramsQuery: string;
  readonly pairs: string[] | undefined;
}

export const NO_PARAMS: EncodedParams = { paramsQuery: '', pairs: undefined };

/**
 * The query of a config's `params`. Flat ones are spelled directly; axios, which takes ten times as long, does all others.
 *
 * @throws Aws4AuthError `ERR_INVALID_URL` where they cannot be serialized
 */
export function encodeParams(config: InternalAxiosRequestConfig<unknown, unknown>): EncodedParams {
  const isDefault = readOwn(config, 'paramsSerializer') === undefined;
  const flat = isDefault ? encodeFlatParams(readOwn(config, 'params')) : undefined;
  return flat ?? { paramsQuery: normalizeQuery(serializeParams(config)), pairs: undefined };
}

/** A plain object of texts, numbers and booleans; `undefined` for anything that axios may treat in a way of its own. */
function encodeFlatParams(params: unknown): EncodedParams | undefined {
  if (!isPlainParams(params)) return undefined;
  let paramsQuery = '';
  const pairs: string[] = [];
  for (const name of Object.keys(params)) {
    const value = params[name];
    if (value === undefined || value === null) continue;
    const isFlat = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const text = isFlat ? String(value) : undefined;
    // axios drops three names, and refuses a lone surrogate, which only text beyond ASCII has.
    const encoded = text !== undefined && isPlainName(name) ? encodeAscii(text) : undefined;
    if (encoded === undefined) return undefined;
    const pair = `${name}=${encoded}`;
    paramsQuery += paramsQuery === '' ? pair : `&${pair}`;
    pairs.push(pair);
  }
  return { paramsQuery, pairs };
}

// A program has few names of parameters, and to look one up costs less than a match.
const plainNames = new Set<string>();
const MOST_NAMES = 500;

/** Whether a name needs no encoding, and is none that axios drops. */
function isPlainName(name: string): boolean {
  if (plainNames.has(name)) return true;
  if (!PLAIN_NAME.test(name)) return false;
  if (plainNames.size < MOST_NAMES) plainNames.add(name);
  return true;
}

function encodeAscii(text: string): string | undefined {
  return ASCII.test(text) ? encodeRfc3986(text) : undefined;
}

const PLAIN_NAME = /^(?!(?:__proto__|constructor|prototype)$)[\w.-]+$/;
const ASCII = /^[\x20-\x7E]*$/;

/** As axios tells plain objects, but for those of other realms, which it is left to. */
function isPlainParams(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Symbol.iterator in value || Symbol.toStringTag in value) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function serializeParams(config: InternalAxiosRequestConfig<unknown, unknown>): string {
  const params = readOwn(config, 'params');
  const paramsSerializer = readOwn(config, 'paramsSerializer');
  let uri: string;
  try {
    uri = uriJoiner.getUri({ url: '', params, ...(paramsSerializer && { paramsSerializer }) });
  } catch (cause) {
    throw new Aws4AuthError(
      'params: cannot be serialized, see the cause; pass URLSearchParams or plain objects, or a paramsSerializer',
      'ERR_INVALID_URL',
      { cause },
    );
  }
  return uri.startsWith('?') ? uri.slice(1) : uri;
}

/**
 * A query in RFC 3986's encoding, in its own order, without empty pairs. A raw `+` is the space that HTML forms and
 * axios write so: some servers would read a plus, and none is left on the wire.
 */
export function normalizeQuery(query: string): string {
  if (isStrictQuery(query)) return query;
  let spelled = '';
  for (const pair of query.replaceAll('+', ' ').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = recodeRfc3986(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : `=${recodeRfc3986(pair.slice(equals + 1))}`;
    spelled += `${spelled === '' ? '' : '&'}${name}${value}`;
  }
  return spelled;
}
