/** Text as UTF-8 (Encoding Standard, section 9.1.2), also where there is no `TextEncoder`: Jest's jsdom has none. */

const encoder = typeof TextEncoder === 'function' ? new TextEncoder() : undefined;

/** The UTF-8 bytes of text; a surrogate that stands alone becomes U+FFFD. */
export const encodeUtf8: (text: string) => Uint8Array =
  encoder === undefined ? encodeByEscapes : (text) => encoder.encode(text);

/** What `TextEncoder` does, by the escapes of URLs, which are of UTF-8. */
export function encodeByEscapes(text: string): Uint8Array {
  // Under `u`, the half of a pair is no match.
  const units = encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, '\ufffd')).match(/%..|./g) ?? [];
  return Uint8Array.from(units, (unit) => (unit.length > 1 ? parseInt(unit.slice(1), 16) : unit.charCodeAt(0)));
}
