/** Percent-encoding by RFC 3986 as SigV4 wants it: UTF-8, upper-case hex, all but the unreserved characters. */

const UNRESERVED_ONLY = /^[A-Za-z0-9\-._~]*$/;
const LEFT_BY_ENCODE_URI_COMPONENT = /[!'()*]/;
const ALL_LEFT_BY_ENCODE_URI_COMPONENT = /[!'()*]/g;
// Under `u`, the half of a pair is no match.
const LONE_SURROGATE = /[\ud800-\udfff]/gu;
/** Behind a character: it is no per cent sign of an escape in upper case of a character that must be escaped. */
const NO_ESCAPE = '(?!(?<=%)(?:[0189A-F][\\dA-F]|2[\\dA-CF]|3[A-F]|[46]0|5[B-E]|7[BCDF]))';
// What is searched for is what is wrong: a match of all that is right would take a stack as deep as the text is long.
const NOT_STRICT = new RegExp(`[^\\w\\-.~]${NO_ESCAPE}`);
const NOT_STRICT_CHARACTERS = new RegExp(`[^\\w\\-.~&=]${NO_ESCAPE}`);
const NOT_STRICT_IN_QUERY = /* @__PURE__ */ (() => new RegExp(`${NOT_STRICT_CHARACTERS.source}|=[^&]*=|^&|&(?:&|$)`))();
/** An escape, a per cent sign that begins none, or a run of what must be escaped. */
const ESCAPE_OR_RESERVED = /%[0-9A-Fa-f]{2}|%|[^A-Za-z0-9\-._~%]+/g;

/**
 * Encodes every character but the unreserved ones (RFC 3986, section 2.3). A lone surrogate is no character and is
 * encoded as U+FFFD, as every UTF-8 encoder of the platform writes it on the wire.
 */
export function encodeRfc3986(text: string): string {
  if (UNRESERVED_ONLY.test(text)) return text;
  const encoded = encodeWellFormed(text);
  // Seldom is one left, and a search that finds none costs a third of the replacement.
  if (!LEFT_BY_ENCODE_URI_COMPONENT.test(encoded)) return encoded;
  return encoded.replace(
    ALL_LEFT_BY_ENCODE_URI_COMPONENT,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Decodes the escapes of a text and encodes it again, byte for byte: what was escaped and need not be is unescaped,
 * hex becomes upper case, all else is as in {@link encodeRfc3986}. A `%` that begins no escape stands for itself;
 * escapes that are not UTF-8 stay the bytes they are.
 */
export function recodeRfc3986(text: string): string {
  if (!NOT_STRICT.test(text)) return text;
  return text.replace(ESCAPE_OR_RESERVED, recodePart);
}

/** Whether all parts of a query are in this encoding, whatever its pairs are like. */
export function hasStrictCharacters(query: string): boolean {
  return !NOT_STRICT_CHARACTERS.test(query);
}

/** Whether a query is in this encoding as it stands, without empty pairs. */
export function isStrictQuery(query: string): boolean {
  return !NOT_STRICT_IN_QUERY.test(query);
}

function recodePart(part: string): string {
  if (part === '%') return '%25';
  if (!part.startsWith('%')) return encodeRfc3986(part);
  const character = String.fromCharCode(Number.parseInt(part.slice(1), 16));
  return UNRESERVED_ONLY.test(character) ? character : part.toUpperCase();
}

function encodeWellFormed(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
  }
}
