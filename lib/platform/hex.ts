/** Bytes as hex. */

const DIGITS = '0123456789abcdef';

/** Two digits a byte, in lower case. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
  return hex;
}
