/** Tokens of HTTP: methods, and the names of headers and trailers (RFC 9110, sections 5.1, 5.6.2 and 9.1). */
import { Aws4AuthError } from '../errors.js';

export const HTTP_TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

// Most methods are one of these, which a look tells for less than a match.
const USUAL_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The method in upper case. @throws Aws4AuthError `ERR_INVALID_OPTION` */
export function assertMethod(method: unknown): string {
  if (typeof method === 'string' && USUAL_METHODS.has(method)) return method;
  if (typeof method === 'string' && HTTP_TOKEN.test(method)) return method.toUpperCase();
  throw new Aws4AuthError("method: must be an HTTP method, e.g. 'GET'", 'ERR_INVALID_OPTION');
}
