/** Redirects that axios's http adapter follows by the follow-redirects package, by a policy of ours. */
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { createRedirectPolicy, type Hop, type RedirectTrail } from '../destination/redirect-policy.js';
import { Aws4AuthError } from '../errors.js';
import { readOwn } from '../request/config.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';

type Config = InternalAxiosRequestConfig;
type BeforeRedirect = NonNullable<Config['beforeRedirect']>;

/**
 * The `beforeRedirect` of axios's http adapter that leads a request by a policy, after the caller's own. What it changes in place
 * are the options of the follow-redirects package, for its next request.
 *
 * @param method the method of the first request
 */
export function createBeforeRedirect(
  method: string,
  trail: RedirectTrail,
  callersOwn: BeforeRedirect | undefined,
): BeforeRedirect {
  let previousMethod = method;
  return (options, response, request) => {
    callersOwn?.(options, response, request);
    const hop = {
      method: String(options['method']),
      url: new URL(String(options['href'])),
      headers: readHeaders(options['headers']),
      keepsBody: options['method'] === previousMethod,
    };
    const { href, headers } = trail.follow(hop, createRedirectPolicy);
    previousMethod = String(options['method']);
    options['headers'] = { ...headers };
    setUrl(options, new URL(href));
  };
}

/**
 * A hop that is followed without the follow-redirects package, as axios would have it with that: `sensitiveHeaders` stay
 * with their origin, and the caller's `beforeRedirect` has its say, which may change the headers.
 *
 * @param from what redirects
 * @throws Aws4AuthError `ERR_REDIRECT` where `beforeRedirect` throws
 */
export function leadHop(hop: Hop, from: URL, config: Config, { status, headers: told }: AxiosResponse): Hop {
  const beforeRedirect = readOwn(config, 'beforeRedirect');
  const isWithin = hop.url.origin === from.origin;
  const sensitive = isWithin ? [] : [readOwn(config, 'sensitiveHeaders') ?? []].flat().map((name) => lower(name));
  const headers = Object.fromEntries(Object.entries(hop.headers).filter(([name]) => !sensitive.includes(lower(name))));
  if (!beforeRedirect) return { ...hop, headers };
  const { protocol, hostname, host, port, pathname, search, href } = hop.url;
  const named = { protocol, hostname, host, port, pathname, search, href, path: pathname + search };
  const options = { ...named, method: hop.method, headers };
  const answer = { headers: Object.assign({}, told), statusCode: status };
  const request = {
    url: from.href,
    method: readOwn(config, 'method')?.toUpperCase() ?? 'GET',
    headers: config.headers,
  };
  try {
    Reflect.apply(beforeRedirect, undefined, [options, answer, request]);
  } catch (cause) {
    throw new Aws4AuthError(`beforeRedirect: ${cause instanceof Error ? cause.message : 'it threw'}`, 'ERR_REDIRECT', {
      cause,
    });
  }
  return { ...hop, headers: readHeaders(options.headers) };
}

const lower = (name: unknown): string => String(name).toLowerCase();

/**
 * A transport that leads its redirects by this `beforeRedirect`, which axios hands to its own transport alone: one of the
 * follow-redirects package, as the caller may pass it, would send the session token along.
 */
export function guardTransport(transport: object, beforeRedirect: BeforeRedirect): object {
  return changeOptions(transport, (options) => {
    const hooks: unknown = Reflect.get(options, 'beforeRedirects');
    // axios's own hook calls these; a transport that was given no hook gets ours.
    if (typeof hooks === 'object' && hooks !== null) Reflect.set(hooks, 'config', beforeRedirect);
    else Reflect.set(options, 'beforeRedirect', beforeRedirect);
  });
}

/** A transport that follows no redirects, where it is one of the follow-redirects package. */
export function keepFromRedirects(transport: object): object {
  return changeOptions(transport, (options) => {
    Reflect.set(options, 'followRedirects', false);
  });
}

function changeOptions(transport: object, change: (options: object) => void): object {
  const request = (options: object, ...rest: readonly unknown[]): unknown => {
    change(options);
    const send: unknown = Reflect.get(transport, 'request');
    if (typeof send !== 'function') throw new TypeError('transport: has no request function');
    return Reflect.apply(send, transport, [options, ...rest]);
  };
  const changed = Object.defineProperty({}, 'request', { value: request });
  Reflect.setPrototypeOf(changed, transport);
  return changed;
}

function readHeaders(headers: unknown): HttpHeaders {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]: [string, unknown]) => [
      name,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  );
}

function setUrl(options: Record<string, unknown>, { href, pathname, search }: URL): void {
  // A forward proxy gets the whole URL in place of the path.
  const isAbsolute = !String(options['path']).startsWith('/');
  Object.assign(options, { href, pathname, search, path: isAbsolute ? href : pathname + search });
}
