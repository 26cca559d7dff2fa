/** The headers of an axios config, read in one pass: what an adapter sends of them, and what a signature replaces. */
import type { ParsedUrl } from './parsed-url.js';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import type { AdapterName } from './adapter-name.js';
import { readOwn } from './config.js';
import { isForbidden } from './forbidden-headers.js';
import { joinHeaderLines } from '../sigv4/canonical-request.js';
import { isPayloadLiteral } from '../sigv4/payload-hash.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { createHeaderSelection, type SelectHeader } from '../sigv4/signed-headers.js';
import { platform } from '#platform';

/** What a config's headers say. */
export interface ConfigHeaders {
  /**
   * Those that an adapter sends, by the caller's own names. axios has null, undefined and false for those that are not
   * sent, and sends no line for an empty list; what the adapter replaces or leaves out is not among them.
   */
  readonly sent: HttpHeaders;
  readonly contentType: unknown;
  /** The name in `sent` under which the caller's Date stands. */
  readonly dateName: string | undefined;
  /** The caller's own X-Amz-Date, or a Date that the adapter leaves out; neither is in `sent`. */
  readonly amzDate: unknown;
  /**
   * The names, as the caller wrote them, of those that signing sets anew, of what the adapter replaces or leaves out, and
   * of empty lists: the copy that is sent is without them.
   */
  readonly replaced: readonly string[];
  /** The session tokens in `sent`: beside credentials that have none, they are theirs. */
  readonly tokens: HttpHeaders | undefined;
}

type TokenName = 'X-Amz-Security-Token' | 'X-Amz-S3session-Token';
type OwnName = 'Authorization' | 'X-Amz-Date' | 'X-Amz-Content-Sha256' | 'X-Amz-Region-Set' | TokenName;

const AMZ_HEADERS = new Map<string, OwnName>([
  ['authorization', 'Authorization'],
  ['x-amz-date', 'X-Amz-Date'],
  ['x-amz-region-set', 'X-Amz-Region-Set'],
  ['x-amz-content-sha256', 'X-Amz-Content-Sha256'],
  ['x-amz-security-token', 'X-Amz-Security-Token'],
  ['x-amz-s3session-token', 'X-Amz-S3session-Token'],
]);
const LENGTHS: ReadonlySet<number> = new Set([...AMZ_HEADERS.keys()].map(({ length }) => length));

/** Which of the headers that signing sets a name is, in whatever case. */
function identify(name: string) {
  return LENGTHS.has(name.length) ? AMZ_HEADERS.get(name.toLowerCase()) : undefined;
}

/**
 * Reads a config's headers. Headers copied from a request that was signed bear its signature: the date, the hash and the
 * token beside it are not what the caller chose.
 *
 * @param url where the config leads
 * @param signedHeaders the option of that name
 */
export function readConfigHeaders(
  config: InternalAxiosRequestConfig,
  url: ParsedUrl,
  adapterName: AdapterName,
  signedHeaders: readonly string[] | undefined,
): ConfigHeaders {
  const { headers } = config;
  const sent: Record<string, string | readonly string[]> = {};
  let contentType: unknown;
  let dateName: string | undefined;
  let amzDate: unknown;
  let unsentDate: unknown;
  let contentSha256: string | undefined;
  let tokens: HttpHeaders | undefined;
  let isSigned = false;
  let replaced: string[] | undefined;
  let select: SelectHeader | undefined;
  for (const name of Object.keys(headers)) {
    const value: unknown = headers[name];
    const setBySigning = identify(name);
    if (setBySigning !== undefined) {
      (replaced ??= []).push(name);
      if (setBySigning === 'Authorization') isSigned = typeof value === 'string' && value.startsWith('AWS4-');
      else if (setBySigning === 'X-Amz-Date') amzDate = isSent(value) ? String(value) : (value ?? undefined);
      else if (!isSent(value)) continue;
      else if (setBySigning === 'X-Amz-Content-Sha256') contentSha256 = String(value);
      else tokens = { ...tokens, [setBySigning]: String(value) };
      continue;
    }
    if (isForbidden(name, adapterName)) {
      (replaced ??= []).push(name);
      if (name.toLowerCase() === 'date' && isSent(value)) unsentDate = String(value);
      continue;
    }
    if (name.length === 4) {
      const lowerCaseName = name.toLowerCase();
      if (lowerCaseName === 'host' && !sendsHost(value, config, url, adapterName)) {
        (replaced ??= []).push(name);
        continue;
      }
      if (lowerCaseName === 'date') dateName = name;
    }
    if (name.length === CONTENT_TYPE.length && name.toLowerCase() === CONTENT_TYPE) {
      contentType = isSent(value) || !Array.isArray(value) ? value : null;
    }
    if (typeof value === 'string') sent[name] = value;
    else if (isSent(value)) {
      select ??= createHeaderSelection(signedHeaders);
      sent[name] = readList(name, Array.from(value, String), select);
    }
    // fetch would send an empty line for an empty list.
    else if (Array.isArray(value)) (replaced ??= []).push(name);
  }
  if (contentSha256 !== undefined && (!isSigned || isPayloadLiteral(contentSha256))) {
    sent['X-Amz-Content-Sha256'] = contentSha256;
  }
  if (isSigned) tokens = undefined;
  if (tokens !== undefined) Object.assign(sent, tokens);
  const chosenDate = (isSigned ? undefined : amzDate) ?? unsentDate;
  return { sent, contentType, dateName, amzDate: chosenDate, replaced: replaced ?? NONE, tokens };
}

const NONE: readonly string[] = [];

/**
 * Whether an adapter sends the caller's own Host: Node replaces an empty one, fetch and xhr replace any, and so does axios
 * before 1.16 on the way through a forward proxy.
 */
function sendsHost(
  value: unknown,
  config: InternalAxiosRequestConfig,
  url: ParsedUrl,
  adapterName: AdapterName,
): boolean {
  if (adapterName === 'fetch' || adapterName === 'xhr' || String(value).trim() === '') return false;
  if (adapterName !== 'http' || !BEFORE_1_16.test(axios.VERSION) || readOwn(config, 'socketPath')) return true;
  const proxy = readOwn(config, 'proxy');
  return proxy === false || (!proxy && !platform.isProxied(url));
}

const BEFORE_1_16 = /^1\.(?:\d|1[0-5])\./;

/**
 * A list, in one line where it is signed: the http adapter would send several, of which some servers count one alone,
 * and the others would send one. What is not signed is left to the adapter.
 */
function readList(name: string, lines: readonly string[], select: SelectHeader): string | readonly string[] {
  return select(name.toLowerCase()) ? joinHeaderLines(name, lines) : lines;
}

function isSent(value: unknown): value is string | readonly unknown[] {
  return typeof value === 'string' || (Array.isArray(value) && value.length > 0);
}

const CONTENT_TYPE = 'content-type';

/** Header values to set, by name; null for a header that neither the adapter nor its defaults may send. */
export type HeaderChanges = Readonly<Record<string, string | null>>;

/** No changes; compared by identity, since most bodies bring none. */
export const NO_CHANGES: HeaderChanges = Object.freeze({});

/** The headers with some of them changed, each under the name that it has already. */
export function changeHeaders(headers: HttpHeaders, changes: HeaderChanges): HttpHeaders {
  if (changes === NO_CHANGES) return headers;
  const changed: Record<string, string | readonly string[] | undefined> = { ...headers };
  for (const [name, value] of Object.entries(changes)) changed[findName(changed, name)] = value ?? undefined;
  return changed;
}

/** The name under which an object has a header, in whatever case; else the one that is asked for. */
export function findName(headers: object, name: string): string {
  const lowerCaseName = name.toLowerCase();
  return Object.keys(headers).find((each) => each.toLowerCase() === lowerCaseName) ?? name;
}
