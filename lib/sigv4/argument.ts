/** The checks of arguments that TypeScript makes before, and JavaScript's callers need. */
import { Aws4AuthError } from '../errors.js';

/** @throws Aws4AuthError `ERR_INVALID_OPTION` where it is no object */
export function assertObject(name: string, value: unknown): void {
  if (typeof value === 'object' && value !== null) return;
  throw new Aws4AuthError(`${name}: must be an object`, 'ERR_INVALID_OPTION');
}

/** The error for an option that there is not. */
export function createUnknownOptionError(name: string, known: Iterable<string>): Aws4AuthError {
  return new Aws4AuthError(`${name}: is not an option; there are ${[...known].join(', ')}`, 'ERR_INVALID_OPTION');
}
