/**
 * Percent-encoding over bytes: RFC 3986 section 2, and `UriEncode()` as "Create a signed AWS API request" defines it.
 * Strings hold one byte per character (latin1), in and out.
 */

const isUnreserved = (byte: string): boolean => /[A-Za-z0-9\-._~]/.test(byte);

const encodeByte = (byte: string): string => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** `UriEncode()`: every byte except A-Z a-z 0-9 - . _ ~ becomes %XY with upper-case hex; a space is %20, never +. */
export const uriEncode = (bytes: string): string =>
  Array.from(bytes, (byte) => (isUnreserved(byte) ? byte : encodeByte(byte))).join('');

/** `UriEncode()` for a path: "Encode the forward slash character, '/', everywhere except in the object key name." */
export const uriEncodePath = (path: string): string => path.split('/').map(uriEncode).join('/');

/** RFC 3986, 2.1: undoes %XY in either case; a percent sign that begins no escape stays as it is. */
export const percentDecode = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** RFC 3986, 2.1: "%" may only stand before two hexadecimal digits. */
export const hasMalformedEscape = (text: string): boolean => /%(?![0-9A-Fa-f]{2})/.test(text);
