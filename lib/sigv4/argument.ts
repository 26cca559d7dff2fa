/** The check of arguments that JavaScript's callers may leave out. */
import { Aws4AuthError } from '../errors.js';

/** @throws Aws4AuthError `ERR_INVALID_OPTION` where it is no object */
export function assertObject(name: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new Aws4AuthError(`${name}: must be an object`, 'ERR_INVALID_OPTION');
}
