/** The runtime's `URL`, where it reads URLs as the URL Standard says; React Native's own does not. */
import { Aws4AuthError } from '../errors.js';

let judged: unknown;
let isStandard = false;

/**
 * Whether the runtime's `URL` reads URLs as the standard says. React Native's is made of regular expressions: it takes a
 * number at a path's end for a port, escapes nothing and keeps a host as it was written. A polyfill may come at any time.
 */
export function hasStandardUrl(): boolean {
  if (globalThis.URL !== judged) {
    judged = globalThis.URL;
    isStandard = readsByStandard();
  }
  return isStandard;
}

function readsByStandard(): boolean {
  try {
    return new URL('HTTP://A:80/b/../c d?e=é').href === 'http://a/c%20d?e=%C3%A9';
  } catch {
    return false;
  }
}

/** A URL as the standard has it. @throws Aws4AuthError `ERR_RUNTIME` where the runtime cannot read it so */
export function createUrl(text: string, base?: URL): URL {
  if (hasStandardUrl()) return new URL(text, base);
  throw createUrlError();
}

/**
 * The error for what only a URL of the standard can read. It may bear secrets: it is not quoted.
 *
 * @param option what gave it
 */
export function createUrlError(option = 'url'): Aws4AuthError {
  return new Aws4AuthError(
    `${option}: this runtime's URL class cannot read it; import 'react-native-url-polyfill/auto' first`,
    'ERR_RUNTIME',
  );
}
