/** The URL that goes out for an axios config, in the one spelling that every server reads alike. */
import type { InternalAxiosRequestConfig } from 'axios';
import { readOwn } from './config.js';
import { Aws4AuthError } from '../errors.js';
import { parsePlainUrl, type ParsedUrl } from './parsed-url.js';
import { encodeParams, NO_PARAMS, normalizeQuery } from './query-params.js';
import { uriJoiner } from './uri-joiner.js';
import { hasStandardUrl } from '../platform/standard-url.js';
import {
  createCanonicalPath,
  createCanonicalQuery,
  joinSorted,
  type CanonicalTarget,
} from '../sigv4/canonical-request.js';
import { recodeRfc3986 } from '../sigv4/encoding.js';
import { rulesFor } from '../sigv4/service-rules.js';

/** A URL as it goes out. */
export interface OutgoingUrl {
  readonly href: string;
  /** The same without what `config.params` adds. */
  readonly hrefWithoutParams: string;
  /** What `config.params` adds to the query. */
  readonly paramsQuery: string;
  /** Whether adapters send `config.baseURL` and `config.url` just as they stand. */
  readonly isLiteral: boolean;
  /** What of it is signed, where that needs no parsing. */
  readonly target: CanonicalTarget | undefined;
}

/** The URL of a config but for its params. */
export interface ConfigUrl extends ParsedUrl {
  /** The text that was parsed; `undefined` where the config's parts are no texts, and may be others the next time. */
  readonly text: string | undefined;
  /** Whether it is in the one spelling that every server reads alike, and has no query. */
  readonly isPlain: boolean;
}

/**
 * The URL of a config but for its params, as adapters join and parse it.
 *
 * @throws Aws4AuthError `ERR_INVALID_URL`
 */
export function parseConfigUrl(config: InternalAxiosRequestConfig): ConfigUrl {
  // An object is read once: the next time it may answer otherwise.
  const given: unknown = joinUrl(config);
  const joined = String(given);
  const text = isText(config) ? joined : undefined;
  const plain = text === undefined ? undefined : readPlainUrl(text);
  return plain ?? readUrl(parseUrl(joined, readOwn(config, 'socketPath')), text);
}

function readPlainUrl(text: string): ConfigUrl | undefined {
  const pathStart = text.indexOf('/', 'https://'.length);
  const parts = pathStart === -1 ? undefined : readPlainOrigin(text.slice(0, pathStart));
  const pathname = text.slice(pathStart);
  if (parts === undefined || NOT_PLAIN_PATH.test(pathname)) return undefined;
  const { protocol, hostname, origin } = parts;
  return {
    text,
    isPlain: true,
    protocol,
    host: hostname,
    hostname,
    port: '',
    origin,
    pathname,
    search: '',
    href: text,
  };
}

type OriginParts = Readonly<Pick<URL, 'protocol' | 'hostname' | 'origin'>>;

/** What was read of the origins that were met first: a program has few, and to look one up costs less than to read it. */
const plainOrigins = new Map<string, OriginParts>();
const MOST_ORIGINS = 500;

function readPlainOrigin(text: string): OriginParts | undefined {
  const known = plainOrigins.get(text);
  if (known !== undefined) return known;
  const [origin, protocol, hostname] = PLAIN_ORIGIN.exec(text) ?? [];
  if (origin === undefined || protocol === undefined || hostname === undefined) return undefined;
  const parts = { protocol, hostname, origin };
  if (plainOrigins.size < MOST_ORIGINS) plainOrigins.set(origin, parts);
  return parts;
}

/** A `URL` has its parts by getters, which a spread does not see. */
function readUrl(url: ParsedUrl, text: string | undefined): ConfigUrl {
  const { protocol, host, hostname, port, origin, pathname, search, href } = url;
  return { text, isPlain: false, protocol, host, hostname, port, origin, pathname, search, href };
}

/**
 * What the URL Standard leaves as it is: most URLs, which need no parser then. A punycode label must be valid, and a last
 * label that begins with a digit is a number.
 */
const PLAIN_ORIGIN = /^(https?:)\/\/((?!.*xn--)(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*)$/;
const NOT_PLAIN_PATH = /[^\w\-.~/]|\/\.{1,2}(?:\/|$)/;

/**
 * The URL that an adapter will send for a config, in the one spelling that every server reads alike.
 *
 * @throws Aws4AuthError `ERR_INVALID_URL` where it is presigned, or its params cannot be serialized
 */
export function createOutgoingUrl(config: InternalAxiosRequestConfig, parsed: ConfigUrl, service: string): OutgoingUrl {
  const hrefWithoutParams = parsed.isPlain ? parsed.href : normalizeUrl(parsed, service);
  const { paramsQuery, pairs } = readOwn(config, 'params') ? encodeParams(config) : NO_PARAMS;
  const separator = hrefWithoutParams.includes('?') ? '&' : '?';
  const href = paramsQuery === '' ? hrefWithoutParams : `${hrefWithoutParams}${separator}${paramsQuery}`;
  if ((hrefWithoutParams.includes(SIGNATURE) || paramsQuery.includes(SIGNATURE)) && PRESIGNED.test(href)) {
    throw new Aws4AuthError(
      'url: is presigned, by its X-Amz-Signature, and a server takes one signature only; set aws4: false',
      'ERR_INVALID_URL',
    );
  }
  return {
    href,
    hrefWithoutParams,
    paramsQuery,
    isLiteral: parsed.text === hrefWithoutParams,
    target: parsed.isPlain
      ? {
          host: parsed.host,
          path: parsed.pathname,
          canonicalQuery: pairs === undefined ? createCanonicalQuery(paramsQuery) : joinSorted(pairs),
        }
      : undefined,
  };
}

const SIGNATURE = 'X-Amz-Signature';
/** A parameter of that name, in a query in which every part is spelled strictly. */
const PRESIGNED = /\?(?:.*&)?X-Amz-Signature(?:[=&]|$)/;

/** Whether adapters read the very text that was read here: an object may answer otherwise the next time. */
function isText(config: InternalAxiosRequestConfig): boolean {
  return isTextOrNone(readOwn(config, 'url')) && isTextOrNone(readOwn(config, 'baseURL'));
}

function isTextOrNone(part: unknown): boolean {
  return part === undefined || part === null || typeof part === 'string';
}

/** A config's `url` and `baseURL` joined, as adapters join them. @throws Aws4AuthError `ERR_INVALID_URL` */
export function joinUrl(config: InternalAxiosRequestConfig): string {
  const url = readOwn(config, 'url') ?? '';
  const baseURL = readOwn(config, 'baseURL');
  const allowAbsoluteUrls = readOwn(config, 'allowAbsoluteUrls');
  if (!baseURL) return url;
  // What every axios joins alike needs none of them, which takes longer than the signature's hashes do.
  const isPlain = [url, baseURL].every((part: unknown) => typeof part === 'string');
  if (isPlain && PLAIN_PATH.test(url) && ORIGIN_OR_FOLDER.test(baseURL)) return baseURL + url;
  try {
    return uriJoiner.getUri({ url, baseURL, ...(allowAbsoluteUrls !== undefined && { allowAbsoluteUrls }) });
  } catch {
    throw new Aws4AuthError('url: cannot be joined to baseURL; both must be strings', 'ERR_INVALID_URL');
  }
}

/** A base without a final slash or a query, and what begins with one slash. */
const ORIGIN_OR_FOLDER = /^https?:\/\/[^?#]*[^/?#]$/i;
const PLAIN_PATH = /^\/(?!\/)/;

/** A URL as adapters parse it. @throws Aws4AuthError `ERR_INVALID_URL`, `ERR_RUNTIME` */
export function parseUrl(text: unknown, socketPath: string | null | undefined): ParsedUrl {
  if (!hasStandardUrl()) return parsePlainUrl(String(text));
  let url: URL;
  try {
    // An object is read once: it may answer otherwise the next time.
    const href = String(text);
    url = new URL(href, ABSOLUTE.test(href) ? undefined : readBase(socketPath));
  } catch {
    // The platform's own error quotes the URL, which may bear secrets.
    throw new Aws4AuthError('url: is not absolute; pass https://host/path, or set baseURL', 'ERR_INVALID_URL');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new Aws4AuthError(`url: ${url.protocol} requests cannot be signed; set aws4: false`, 'ERR_INVALID_URL');
  }
  if (url.username !== '' || url.password !== '') {
    throw new Aws4AuthError(
      'url: must not contain user:password@, which axios would send in place of the signature; remove it',
      'ERR_INVALID_URL',
    );
  }
  return url;
}

/** In some runtimes the location is no URL, and must not keep an absolute one from being parsed. */
const ABSOLUTE = /^https?:\/\//i;

/** Where adapters take a relative URL: against the page in a browser, against a stand-in over a Unix socket. */
function readBase(socketPath: string | null | undefined): string | undefined {
  return socketPath ? 'http://localhost' : typeof location === 'undefined' ? undefined : location.href;
}

/** A URL in the one spelling that every server reads alike; user, password and fragment are not sent. */
export function normalizeUrl({ protocol, host, pathname, search }: ParsedUrl, service: string): string {
  const query = normalizeQuery(search.slice(1));
  return `${protocol}//${host}${normalizeUrlPath(pathname, service)}${query === '' ? '' : `?${query}`}`;
}

/** The URL to sign for one that is sent: S3 and its kin read an escaped slash in a key as a slash. */
export function toSignedUrl(href: string, service: string): string {
  if (!href.includes('%2F') || rulesFor(service).doubleEncodePath) return href;
  return href.replace(/^[^?]*/, (beforeQuery) => beforeQuery.replaceAll('%2F', '/'));
}

/**
 * S3 and its kin sign the path as it is once encoded; some stores compare it as it was sent, some decode it and encode
 * it again. The path goes out fully encoded, with `%2F` as the slash that it is in a key, so that all come to the same.
 * Every other service signs the path that is sent, whatever it is; in it escapes are normalized (RFC 3986, section 6.2.2),
 * since some clients do that while they send it (WebKitGTK, OkHttp).
 */
function normalizeUrlPath(path: string, service: string): string {
  const { normalizePath, doubleEncodePath } = rulesFor(service);
  if (doubleEncodePath) return path.replace(UNSETTLED, recodeRfc3986);
  const encoded = createCanonicalPath(path, { normalizePath, doubleEncodePath });
  const withSlashes = encoded.replaceAll('%2F', '/');
  // A slash must not make a dot segment, which adapters would resolve: that would be another key.
  return DOT_SEGMENT.test(withSlashes) ? encoded : withSlashes;
}

// Besides escapes, a `%` that begins none, which some servers refuse, and what the URL Standard leaves though no URI has
// it (RFC 3986, section 3.3), which some clients escape (OkHttp, in React Native).
const UNSETTLED = /%(?:[0-9A-Fa-f]{2})?|[[\]^|]/g;
const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/;
