/** Tokens of HTTP: methods, and the names of headers and trailers (RFC 9110, sections 5.1, 5.6.2 and 9.1). */
import { Aws4AuthError } from '../errors.js';
import { keepFirst } from './recent-cache.js';

export const HTTP_TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The method in upper case. @throws Aws4AuthError `ERR_INVALID_OPTION` */
export function assertMethod(method: unknown): string {
  return toUpperCaseMethod(typeof method === 'string' ? method : '');
}

const toUpperCaseMethod = keepFirst((method) => {
  if (HTTP_TOKEN.test(method)) return method.toUpperCase();
  throw new Aws4AuthError("method: must be an HTTP method, e.g. 'GET'", 'ERR_INVALID_OPTION');
});
