/** All that a refusal says, in whatever it is wrapped: elements of XML, members of JSON, words alone; up to 64 KiB. */
import { listEntries } from './answer-members.js';
import { toShortCode, type ReadRefusal } from './server-refusal.js';

/** Text of an answer; one that ends before it is closed is not whole. */
export interface AnswerText {
  readonly text: string;
  readonly isWhole: boolean;
}

/** What a refusal says. */
export interface RefusalDetails {
  /** AWS's name of the error. */
  readonly code: string | undefined;
  /** AWS's words, unescaped; those that speak of a signature, where there are several. */
  readonly message: AnswerText;
  /** A further element or member, by its name in lower case. */
  readonly read: (name: string) => AnswerText | undefined;
}

/** Words that no one but AWS uses, of a signature. */
export const SIGNATURE_WORDS =
  /request signature we calculated does not match|signature (?:expired: \d{8}T|not yet current: \d{8}T)|credential should be scoped (?:to|with) /i;

/** Reads all that a refusal says. */
export function readDetails({ code, data }: ReadRefusal): RefusalDetails {
  const fields: Fields = { byName: new Map(), left: MOST_VALUES };
  collect(data, 0, fields);
  const { byName } = fields;
  return {
    code: code ?? toShortCode((byName.get('code') ?? byName.get('__type') ?? byName.get('errortype'))?.text),
    message: byName.get('message') ?? byName.get('detailedmessage') ?? { text: '', isWhole: true },
    read: (name) => byName.get(name),
  };
}

interface Fields {
  readonly byName: Map<string, AnswerText>;
  /** How many values may still be looked at. */
  left: number;
}

/** Refusals have a dozen values, and are wrapped once or twice. */
const MOST_VALUES = 500;
const MOST_WRAPPINGS = 5;
/** As much of a text as `peekText` reads of a body. */
const LONGEST_TEXT = 64 * 1024;

function collect(data: unknown, depth: number, fields: Fields): void {
  if (typeof data === 'string') collectText(data.slice(0, LONGEST_TEXT), depth, fields);
  else if (typeof data === 'object' && data !== null) collectMembers(data, depth, fields);
}

/** The members of an object, and then those of what is in them. */
function collectMembers(data: object, depth: number, fields: Fields): void {
  const inner: unknown[] = [];
  for (const [name, given] of listEntries(data, fields.left)) {
    fields.left -= 1;
    const value = typeof given === 'string' ? given.slice(0, LONGEST_TEXT) : given;
    if (isWrapping(value)) inner.push(value);
    else if (typeof value === 'string') add(fields, name, value, value === given);
  }
  if (depth < MOST_WRAPPINGS) for (const value of inner) collect(value, depth + 1, fields);
}

function isWrapping(value: unknown): boolean {
  return typeof value === 'string' ? /^\s*[<{[]/.test(value) : typeof value === 'object';
}

function collectText(text: string, depth: number, fields: Fields): void {
  const start = text.search(/\S/);
  if (text[start] === '<') collectElements(text, fields);
  else if (depth <= MOST_WRAPPINGS && /[{["]/.test(text[start] ?? '')) collectJson(text, depth, fields);
  else add(fields, 'message', text, true);
}

function collectJson(text: string, depth: number, fields: Fields): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // It was cut off, by whoever wrote it or by the limit here: its words are read all the same.
    add(fields, 'message', unescapeJson(text), false);
    return;
  }
  collect(parsed, depth + 1, fields);
}

/** The elements that hold text, from `Error` on, or of a document that has none of that name. */
function collectElements(text: string, fields: Fields): void {
  let at = Math.max(0, text.search(/<Error[\s>]/));
  while (fields.left-- > 0) {
    const open = text.indexOf('<', at);
    const close = text.indexOf('>', open);
    if (open === -1 || close === -1) return;
    const content = readContent(text, close + 1);
    const [name = ''] = /^[\w:.-]+/.exec(text.slice(open + 1, Math.min(close, open + LONGEST_NAME))) ?? [];
    if (name !== '' && content.text.trim() !== '') add(fields, name, content.text, content.isWhole);
    // A document of REST services before there was an `Error` in them is named by its code.
    else if (/^\w+Exception$/.test(name)) add(fields, 'code', name, true);
    at = content.end;
  }
}

const LONGEST_NAME = 100;
const CDATA = '<![CDATA[';

function readContent(text: string, start: number): AnswerText & { readonly end: number } {
  const isCdata = text.startsWith(CDATA, start);
  const end = text.indexOf(isCdata ? ']]>' : '<', start);
  const content = text.slice(isCdata ? start + CDATA.length : start, end === -1 ? undefined : end);
  return {
    text: isCdata ? content : unescapeEntities(content),
    isWhole: end !== -1,
    end: end === -1 ? text.length : end,
  };
}

/** The first of a name counts, but for a message that speaks of a signature, which comes before all others. */
function add({ byName }: Fields, name: string, text: string, isWhole: boolean): void {
  const isOfSignature = SIGNATURE_WORDS.test(text);
  const key = isOfSignature ? 'message' : name.replace(/^\w+:/, '').toLowerCase();
  const known = byName.get(key);
  if (known !== undefined && (!isOfSignature || SIGNATURE_WORDS.test(known.text))) return;
  byName.set(key, { text, isWhole });
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** Text without the escapes of XML and HTML (XML 1.0, sections 4.1 and 4.6). */
export function unescapeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (escape: string, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return ENTITIES.get(name?.toLowerCase() ?? '') ?? (point <= 0x10ffff ? String.fromCodePoint(point) : escape);
    },
  );
}

const JSON_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** Text without the escapes of JSON (RFC 8259, section 7). */
export function unescapeJson(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4})|([^u]))/gi, (_, hex: string | undefined, character: string) =>
    hex === undefined ? (JSON_ESCAPES.get(character) ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
