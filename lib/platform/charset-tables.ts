/** Text in charsets that Node has no encoder for, by iconv-lite's tables; loaded for the first text that is in one. */
import iconv from 'iconv-lite';
import type { EncodedText, SliceText } from './platform.js';

/**
 * Encodes text in slices, between which the event loop goes on: once to see how many bytes it is and that the charset
 * holds it, and where it is longer than a slice once more to write them, so that they are in memory once.
 *
 * @param slice cuts no surrogate pair in two, of which UTF-7 would write the halves apart
 * @throws RangeError where the charset is not known
 */
export async function encodeByTable(text: string, charset: string, slice: SliceText): Promise<EncodedText> {
  const isKnown: boolean = iconv.encodingExists(charset);
  if (!isKnown) throw new RangeError(`Unknown charset ${charset}`);
  const decoder = iconv.getDecoder(charset, { stripBOM: !text.startsWith('\uFEFF') });
  let length = 0;
  let decodedUnits = 0;
  let first: Uint8Array | undefined;
  for await (const piece of encodeSlices(text, charset, slice)) {
    first ??= piece;
    length += piece.length;
    const decoded = decoder.write(piece);
    if (!text.startsWith(decoded, decodedUnits)) return NOT_HELD;
    decodedUnits += decoded.length;
  }
  // `end` gives a number for some charsets, though its type says text.
  const end: unknown = decoder.end();
  const rest = typeof end === 'string' ? end : '';
  if (text.slice(decodedUnits) !== rest) return NOT_HELD;
  if (first?.length === length) return { bytes: first, decoded: text };

  const bytes = new Uint8Array(length);
  let written = 0;
  for await (const piece of encodeSlices(text, charset, slice)) {
    bytes.set(piece, written);
    written += piece.length;
  }
  return { bytes, decoded: text };
}

/** What is given for text that the charset cannot hold. */
const NOT_HELD: EncodedText = { bytes: new Uint8Array(), decoded: '' };

/** An encoder knows what it has written, such as a byte order mark, and what of a character is still to come. */
async function* encodeSlices(text: string, charset: string, slice: SliceText): AsyncGenerator<Buffer, void, undefined> {
  const encoder = iconv.getEncoder(charset);
  for await (const part of slice(text)) yield encoder.write(part);
  const rest = encoder.end();
  if (rest !== undefined) yield rest;
}
