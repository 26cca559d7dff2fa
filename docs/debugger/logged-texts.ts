/** The canonical request and the string to sign, as servers, logs and this package's own trace have them. */
import { unescapeJson } from '../../lib/sending/refusal-details.js';
import { readPrintedMembers } from './printed-values.js';

/** The texts of a signature, as a log or a server has them. */
export interface PastedTexts {
  readonly kind: 'texts';
  readonly canonicalRequest: string | undefined;
  readonly stringToSign: string | undefined;
}

/** The method of a canonical request has a line for itself, and so has its path. */
const CANONICAL_REQUEST = /^[A-Z]{3,20}\n\/\S*(?: \S+)*\n/;
const STRING_TO_SIGN = /^AWS4-[A-Z\d-]+\n\d{8}T\d{6}Z\n/m;

/**
 * A canonical request, a string to sign, or the one behind the other; as they are, as a log of JSON has them, or as the
 * trace that `onSigned` is given. `undefined` for what is neither.
 */
export function parseSigningTexts(text: string): PastedTexts | undefined {
  const trace = parseTrace(text);
  if (trace !== undefined) return trace;
  const lines = toLines(unescapeLines(text)).trim();
  const isCanonical = CANONICAL_REQUEST.test(`${lines}\n`);
  const at = lines.search(STRING_TO_SIGN);
  if (!isCanonical && at !== 0) return undefined;
  return {
    kind: 'texts',
    canonicalRequest: isCanonical ? lines.slice(0, at === -1 ? undefined : at).trimEnd() : undefined,
    stringToSign: at === -1 ? undefined : lines.slice(at).split('\n', 4).join('\n').trimEnd(),
  };
}

/** Behind a label, a quote or a line of a log; whole, so that it can be told from all else. */
const LOGGED_CANONICAL =
  /(?<![\w-])[A-Z]{3,20}\n\/[^\n]*\n[^\n]*\n(?:[\w!#$%&*+.^|~-]+:[^\n]*\n)+\n[\w!#$%&*+.^|~;-]+\n(?:[\da-f]{64}|UNSIGNED-PAYLOAD|STREAMING-[A-Z\d-]+)/g;
const LOGGED_STRING = /AWS4-[A-Z\d-]+\n\d{8}T\d{6}Z\n\S+\/aws4_request\n[\da-f]{64}/;

/**
 * The last canonical request within a log, as the debug logs of the AWS CLI and the AWS SDKs have it, and the string to sign
 * behind it.
 */
export function findLoggedTexts(text: string): PastedTexts | undefined {
  const lines = toLines(text);
  const last = Array.from(lines.matchAll(LOGGED_CANONICAL)).at(-1);
  if (last === undefined) {
    const unescaped = lines.includes('\\n') ? unescapeJson(lines) : lines;
    return unescaped === lines ? undefined : findLoggedTexts(unescaped);
  }
  return {
    kind: 'texts',
    canonicalRequest: last[0],
    stringToSign: LOGGED_STRING.exec(lines.slice(last.index + last[0].length))?.[0],
  };
}

/** No line of the two texts ends in white space. */
function toLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** As JSON or as Node prints it, alone or within what `aws4Sign` gives. */
function parseTrace(text: string): PastedTexts | undefined {
  if (!/^\s*\{/.test(text) || !text.includes('canonicalRequest')) return undefined;
  // The first of a name counts.
  const members = new Map(readPrintedMembers(text).toReversed());
  const canonicalRequest = members.get('canonicalRequest');
  return canonicalRequest === undefined
    ? undefined
    : { kind: 'texts', canonicalRequest, stringToSign: members.get('stringToSign') };
}

/** In a log of JSON a text is one line. */
function unescapeLines(text: string): string {
  const line = text.trim();
  return line.includes('\n') || !line.includes('\\n') ? text : unescapeJson(line);
}
