/** Errors of a request that was not sent, with what axios's own errors bear. */
import { AxiosError, isAxiosError, type InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from '../errors.js';
import { platform } from '#platform';

/**
 * Gives an error `isAxiosError`, `config` and `toJSON`, not enumerable: whoever waits for the end of a request, such as
 * axios-cache-interceptor, finds by them which one has failed. An error that several requests share is copied.
 */
function markAsAxiosError(error: unknown, config: InternalAxiosRequestConfig): unknown {
  if (!(error instanceof Error) || (isAxiosError(error) && error.config === config)) return error;
  if (error instanceof AxiosError) return error;
  const marked = 'config' in error ? copyError(error) : error;
  const define = (name: string, value: unknown): boolean =>
    Reflect.defineProperty(marked, name, { value, configurable: true, writable: true });
  define('isAxiosError', true);
  define('config', config);
  define('toJSON', toJson);
  return marked;
}

/** What a request is rejected with that was refused here. */
export function toRejection(error: unknown, config: InternalAxiosRequestConfig): unknown {
  if (error instanceof Aws4AuthError) platform.debugLog?.refused(config, error);
  return markAsAxiosError(error, config);
}

function copyError(error: Error): Error {
  const copy = new Error(error.message);
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(error));
  return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(error));
}

/** Without the config, unlike axios's own: what it was refused for may be a secret in its URL or headers. */
function toJson(this: Error & { readonly code?: unknown }): object {
  return { name: this.name, message: this.message, code: this.code, stack: this.stack };
}
