/** Checks of arguments, for callers without TypeScript; the error for an unknown option. */
import { Aws4AuthError } from '../errors.js';
import { isObject } from '../platform/object-kinds.js';

/** @throws Aws4AuthError `ERR_INVALID_OPTION` where it is no object */
export function assertObject(name: string, value: unknown): void {
  if (isObject(value)) return;
  throw new Aws4AuthError(`${name}: must be an object`, 'ERR_INVALID_OPTION');
}

/** A value as an error shows it: what is no text, by its kind. */
export function quote(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value;
}

/** The error for an option that does not exist. */
export function createUnknownOptionError(name: string, known: Iterable<string>, hint = ''): Aws4AuthError {
  return new Aws4AuthError(
    `${name}: is not an option; ${hint}there are ${[...known].join(', ')}`,
    'ERR_INVALID_OPTION',
  );
}
