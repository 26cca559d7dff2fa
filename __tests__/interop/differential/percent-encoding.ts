/** Percent-encoding byte by byte, as "Create a signed AWS API request" words UriEncode(); shares no code with lib/. */

const UNRESERVED = /[A-Za-z0-9\-._~]/;

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Each byte of a text as one character. A lone surrogate is U+FFFD, as on the wire. */
const toByteText = (text: string): string => Buffer.from(text).toString('latin1');
const fromByteText = (byteText: string): string => Buffer.from(byteText, 'latin1').toString();

const parseHex = (hex: string): number => Number.parseInt(hex, 16);

/** Encodes a text that has no escapes. */
export function encodeStrictly(text: string): string {
  return toByteText(text).replace(/[^]/g, (character) => encodeByte(character.charCodeAt(0)));
}

/** Encodes a text anew that may have escapes in it, none, or broken ones. */
export function recodeStrictly(text: string): string {
  return toByteText(text).replace(/%([0-9A-Fa-f]{2})|[^]/g, (part, hex: string | undefined) =>
    encodeByte(hex === undefined ? part.charCodeAt(0) : parseHex(hex)),
  );
}

/** Decodes all the escapes that are any; what is not UTF-8 becomes U+FFFD. */
export function decodeLeniently(text: string): string {
  return fromByteText(
    toByteText(text).replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseHex(hex))),
  );
}
