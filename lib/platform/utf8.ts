/** Text as UTF-8 (Encoding Standard, section 9.1.2), also where there is no `TextEncoder`: Jest's jsdom has none. */

const encoder = 'TextEncoder' in globalThis ? new TextEncoder() : undefined;

/** The UTF-8 bytes of text; a surrogate that stands alone becomes U+FFFD. */
export const encodeUtf8: (text: string) => Uint8Array =
  encoder === undefined ? encodeCodePoints : (text) => encoder.encode(text);

/** What `TextEncoder` does, code point by code point. */
export function encodeCodePoints(text: string): Uint8Array {
  const bytes: number[] = [];
  const pushLast = (codePoint: number, count: number): void => {
    for (let shift = 6 * (count - 1); shift >= 0; shift -= 6) bytes.push(0x80 | ((codePoint >> shift) & 0x3f));
  };
  for (const character of text) {
    const given = character.codePointAt(0) ?? 0;
    const codePoint = given >= 0xd800 && given <= 0xdfff ? 0xfffd : given;
    if (codePoint < 0x80) bytes.push(codePoint);
    else if (codePoint < 0x800) {
      bytes.push(0xc0 | (codePoint >> 6));
      pushLast(codePoint, 1);
    } else if (codePoint < 0x10000) {
      bytes.push(0xe0 | (codePoint >> 12));
      pushLast(codePoint, 2);
    } else {
      bytes.push(0xf0 | (codePoint >> 18));
      pushLast(codePoint, 3);
    }
  }
  return Uint8Array.from(bytes);
}
