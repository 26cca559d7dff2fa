/** Headers that browsers send as they see fit, whatever a page asks for (Fetch, section 2.2.2: forbidden request-headers). */
import type { AdapterName } from './adapter-name.js';

// Of all that the standard names, what requests have and a signature may cover; Host is seen to where it is read. Of a
// Content-Length no other is taken than the body's, which browsers send, and the length of a stream is known by it alone.
const FORBIDDEN =
  /^(?:accept-(?:charset|encoding)|connection|cookie|date|dnt|expect|keep-alive|origin|referer|te|trailer|transfer-encoding|upgrade|via|(?:proxy|sec)-.*)$/i;

/** Whether an adapter leaves a header out here: no signature over it could be right. */
export function isForbidden(name: string, adapterName: AdapterName): boolean {
  if (adapterName === 'http' || !FORBIDDEN.test(name)) return false;
  return adapterName === 'xhr' ? !isNative() : adapterName === 'fetch' && forbidsHeaders();
}

/** React Native's XMLHttpRequest forbids nothing. */
const isNative = (): boolean => typeof navigator === 'object' && Reflect.get(navigator, 'product') === 'ReactNative';

/** Whether fetch leaves them out: that of Node and of many servers does not. */
const forbidsHeaders = (): boolean =>
  typeof Request === 'function' && !new Request('http://a', { headers: { Date: '' } }).headers.has('Date');
