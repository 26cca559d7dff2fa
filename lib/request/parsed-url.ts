/** The parts of an http(s) URL (URL Standard), in runtimes too whose own `URL` does not read it by the standard. */
import { createUrlError } from '../platform/standard-url.js';
import { splitUrl } from '../sigv4/canonical-request.js';
import { encodeRfc3986 } from '../sigv4/encoding.js';

/** What of a URL is looked at; a `URL` is one. */
export type ParsedUrl = Readonly<
  Pick<URL, 'host' | 'hostname' | 'href' | 'origin' | 'pathname' | 'port' | 'protocol' | 'search'>
>;

/**
 * Reads an absolute URL without the runtime's `URL`: the scheme and host in lower case, without its own port, and the
 * rest escaped where the standard does so.
 *
 * @throws Aws4AuthError `ERR_RUNTIME` for what only the standard's whole algorithm can read: dot segments, backslashes,
 * names in other scripts; `ERR_INVALID_URL` for what is no http(s) URL
 */
export function parsePlainUrl(text: string): ParsedUrl {
  const trimmed = text.replace(/^ +|(?<! ) +$/g, '');
  const { host, path, query } = splitUrl(trimmed);
  if (NOT_PLAIN_PATH.test(path)) throw createUrlError();
  const [, hostname = host, port = ''] = HOST_AND_PORT.exec(host) ?? [];
  const protocol = /^https/i.test(trimmed) ? 'https:' : 'http:';
  const origin = `${protocol}//${host}`;
  const pathname = path.replace(ESCAPED_IN_PATH, encodeRfc3986);
  const search = query === '' ? '' : `?${query.replace(ESCAPED_IN_QUERY, encodeRfc3986)}`;
  return { protocol, host, hostname, port, origin, pathname, search, href: origin + pathname + search };
}

const NOT_PLAIN_PATH = /\\|\/(?:\.|%2e){1,2}(?:\/|$)/i;
const HOST_AND_PORT = /^(.+?)(?::(\d+))?$/;
// The path percent-encode set, and the special-query percent-encode set.
const ESCAPED_IN_PATH = /[^!$-;=@-\]_a-z|~]+/g;
const ESCAPED_IN_QUERY = /[^!$-&(-;=?-~]+/g;
