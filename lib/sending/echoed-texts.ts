/** The canonical request and the string to sign that a server computed, out of its refusal: S3's elements, or AWS's words. */
import { unescapeEntities, unescapeJson, type AnswerText, type RefusalDetails } from './refusal-details.js';

/** What a server computed of a request, as far as it says; each character is a byte. */
export interface EchoedTexts {
  readonly canonicalRequest: AnswerText | undefined;
  readonly stringToSign: AnswerText | undefined;
}

/** Reads what a server echoes. */
export function readEchoedTexts({ message, read }: RefusalDetails): EchoedTexts {
  const quoted = readQuotedTexts(message);
  return {
    canonicalRequest: readElement(read, 'canonicalrequest') ?? quoted.canonicalRequest,
    stringToSign: readElement(read, 'stringtosign') ?? quoted.stringToSign,
  };
}

/** The bytes where they are whole: XML cannot hold every character, and its text was decoded by another charset. */
function readElement(read: RefusalDetails['read'], name: string): AnswerText | undefined {
  const bytes = readBytes(read(`${name}bytes`));
  const text = read(name);
  const best = bytes?.isWhole === true || text?.isWhole !== true ? (bytes ?? text) : text;
  return best && clean(best);
}

/** Hex by blanks, `47 45 54`. */
function readBytes(dump: AnswerText | undefined): AnswerText | undefined {
  const hex = dump?.text.replace(/\s+/g, '') ?? '';
  if (hex === '' || /[^\da-f]/i.test(hex)) return undefined;
  const pairs = hex.match(/../g) ?? [];
  const text = pairs.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
  return { text, isWhole: dump?.isWhole === true && hex.length % 2 === 0 };
}

const CANONICAL_WORDS = /canonical string for this request should have been/i;
const STRING_WORDS = /string-to-sign should have been/i;
const QUOTE = /^\s*(?:'|&#0*39;|&#x0*27;|&apos;|")/i;

/** `The Canonical String for this request should have been`, LF, the text in quotes; and so the string to sign. */
function readQuotedTexts(message: AnswerText): Pick<EchoedTexts, 'canonicalRequest' | 'stringToSign'> {
  const { text, isWhole } = unescapeOnceMore(message);
  const canonicalAt = findEnd(CANONICAL_WORDS, text);
  const stringAt = findEnd(STRING_WORDS, text);
  // The words that introduce the second text end the first.
  const canonicalEnd = stringAt === undefined ? text.length : text.search(/\bthe\s+string-to-sign should/i);
  return {
    canonicalRequest:
      canonicalAt === undefined
        ? undefined
        : readQuoted(text.slice(canonicalAt, canonicalEnd > canonicalAt ? canonicalEnd : undefined), isWhole),
    stringToSign: stringAt === undefined ? undefined : readQuoted(text.slice(stringAt), isWhole),
  };
}

/** A text that was wrapped twice still has the escapes of JSON, or those of HTML. */
function unescapeOnceMore({ text, isWhole }: AnswerText): AnswerText {
  const at = findEnd(CANONICAL_WORDS, text) ?? findEnd(STRING_WORDS, text);
  if (at === undefined) return { text, isWhole };
  const isEscapedJson = !text.includes('\n', at) && text.includes('\\n', at);
  const unescaped = isEscapedJson ? unescapeJson(text) : text;
  const isEscapedHtml = /^\s*&(?:#|apos|quot)/i.test(unescaped.slice(at, at + 40));
  return { text: isEscapedHtml ? unescapeEntities(unescaped) : unescaped, isWhole };
}

function findEnd(words: RegExp, text: string): number | undefined {
  const found = words.exec(text);
  return found === null ? undefined : found.index + found[0].length;
}

/** The text between the first quote and the last; where the last is missing, it was cut off. */
function readQuoted(text: string, isWholeMessage: boolean): AnswerText | undefined {
  const opening = QUOTE.exec(text.slice(0, 100));
  if (opening === null) return undefined;
  const quote = opening[0].trim();
  const inner = text.slice(opening[0].length);
  const end = inner.lastIndexOf(quote);
  const isClosed = end !== -1 && inner.slice(end + quote.length).trim() === '';
  return clean(
    isClosed
      ? { text: inner.slice(0, end), isWhole: true }
      : { text: inner, isWhole: isWholeMessage && hasHash(inner) },
  );
}

/** Both texts end in a hash, or in a literal of their own. */
function hasHash(text: string): boolean {
  return /\n(?:[\da-f]{64}|UNSIGNED-PAYLOAD|STREAMING-[A-Z\d-]+)\s*['"]?\s*$/i.test(text.slice(-200));
}

/** Line ends as they were signed, and the `&` of a query: what is escaped twice still shows `&amp;`, which none can have. */
function clean({ text, isWhole }: AnswerText): AnswerText {
  const lines = text.replaceAll('\r\n', '\n').replace(/^\s+/, '');
  const query = lines.split('\n', 3)[2] ?? '';
  const unescaped = query.includes('&amp;') ? unescapeEntities(lines) : lines;
  return { text: isWhole ? unescaped.trimEnd() : unescaped, isWhole };
}
