/** Requests and answers as HTTP/1.1 writes them (RFC 9112), as logs, proxies and `curl --verbose` show them. */
import { PasteError } from './paste-error.js';

/** Headers in the order that they stand in, one for each line. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** A request as text. */
export interface RequestText {
  readonly method: string;
  /** As it stands in the request line: a path with its query, or a whole URL. */
  readonly target: string;
  readonly headers: HeaderLines;
  readonly body: string;
}

/** An answer as text. */
export interface ResponseText {
  /** `undefined` where the text begins with the headers, or is a body alone. */
  readonly status: number | undefined;
  readonly headers: HeaderLines;
  readonly body: string;
}

const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~\w]+) +(\S.*)$/;
const VERSION = /^ HTTP\/\d(?:\.\d)?\s*$/;
const STATUS_LINE = /^HTTP\/\d(?:\.\d)? +(\d{3})\b/;
const HEADER_LINE = /^([!#$%&'*+\-.^_`|~\w]+):(.*)$/;

/**
 * Reads a request: a request line, headers up to an empty line, and a body.
 *
 * @throws PasteError which names the line that is not HTTP
 */
export function parseRequestText(text: string): RequestText {
  const { head, body } = splitHead(skipToRequestLine(joinPseudoHeaders(takeVerbose(text, '>'))));
  const [first = '', ...lines] = head;
  const [, method, rest] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined || rest === undefined) {
    throw new PasteError(
      `The first line, ${quote(first)}, is no request line: write METHOD /path HTTP/1.1, and the headers below it`,
    );
  }
  return { method, target: dropVersion(rest), headers: parseHeaderLines(lines, 2), body: cutAnswer(body) };
}

const WHOLE_REQUEST_LINE = /^[A-Z]+ +\S.* HTTP\/\d(?:\.\d)?\s*$/;

/** Whether a line is a request line with its version, as of HTTP or of `curl --verbose`. */
export function hasRequestLine(text: string): boolean {
  return text.split('\n').some((line) => WHOLE_REQUEST_LINE.test(line.replace(/^> /, '')));
}

/** Before the request line of a log there may be anything; of several requests, the last counts. */
function skipToRequestLine(text: string): string {
  const start = text.trimStart();
  const [first = ''] = start.split('\n', 1);
  if (WHOLE_REQUEST_LINE.test(first)) return text;
  const lines = start.split('\n');
  const at = lines.findLastIndex((line) => WHOLE_REQUEST_LINE.test(line));
  return at === -1 ? text : lines.slice(at).join('\n');
}

/** HTTP/2 has no request line, but headers that begin with a colon (RFC 9113, section 8.3.1). */
function joinPseudoHeaders(text: string): string {
  if (!/^\s*:(?:authority|method|path|scheme):/.test(text)) return text;
  const { head, body } = splitHead(text);
  const fields = new Map<string, string>();
  const lines = head.filter((line) => {
    const [, name, value = ''] = /^:(\w+):(.*)$/.exec(line) ?? [];
    if (name !== undefined) fields.set(name, value.trim());
    return name === undefined;
  });
  const { method = 'GET', path = '/', authority } = Object.fromEntries(fields);
  const host = authority === undefined ? [] : [`Host: ${authority}`];
  return [`${method} ${path} HTTP/2`, ...host, ...lines, '', body].join('\n');
}

/** Tools show an answer below the request that it is to, and wget says where that ends. */
function cutAnswer(body: string): string {
  const at = /(?:^|\n)(?:HTTP\/\d(?:\.\d)? \d{3}\b|---request end---)/.exec(body)?.index;
  return at === undefined ? body : body.slice(0, at).trimEnd();
}

/** A target may have spaces, so that the version is looked for from its end. */
function dropVersion(text: string): string {
  const at = text.lastIndexOf(' HTTP/');
  return (at !== -1 && VERSION.test(text.slice(at)) ? text.slice(0, at) : text).trimEnd();
}

/**
 * Reads an answer: with its status line and headers, with its headers alone, or its body alone.
 *
 * @throws PasteError which names the line that is not HTTP
 */
export function parseResponseText(text: string): ResponseText {
  const start = takeVerbose(text, '<').trimStart();
  const status = STATUS_LINE.exec(start)?.[1];
  if (status !== undefined) {
    const { head, body } = splitHead(start);
    // Of several answers (100 Continue, a redirect, a proxy's), the last counts.
    if (STATUS_LINE.test(body)) return parseResponseText(body);
    return { status: Number(status), headers: parseHeaderLines(head.slice(1), 2), body };
  }
  const { head, body } = splitHead(start);
  const isHead = body !== '' && head.every((line) => HEADER_LINE.test(line));
  return isHead
    ? { status: undefined, headers: parseHeaderLines(head, 1), body }
    : { status: undefined, headers: [], body: start };
}

/**
 * Reads lines of headers; one that begins with a space goes on with the one before it (RFC 9112, section 5.2).
 *
 * @param firstLine the number of the first of them in what was pasted
 * @throws PasteError which names the line that is no header
 */
export function parseHeaderLines(lines: readonly string[], firstLine: number): HeaderLines {
  const headers: [name: string, value: string][] = [];
  for (const [i, line] of lines.entries()) {
    const last = headers.at(-1);
    // AWS's documentation breaks the line of a signature without that space.
    if (last !== undefined && (/^[ \t]/.test(line) || /^(?:Credential|SignedHeaders|Signature)=/.test(line))) {
      last[1] += ` ${line.trim()}`;
      continue;
    }
    const [, name, value] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new PasteError(`Line ${String(i + firstLine)}, ${quote(line)}, is no header: write Name: value`);
    }
    headers.push([name, value.trim()]);
  }
  return headers;
}

/** Headers as the package takes them: a name that stands there several times has a list. */
export function toHeaderObject(lines: HeaderLines): Readonly<Record<string, string | readonly string[]>> {
  const byName = new Map<string, { readonly name: string; readonly values: string[] }>();
  for (const [name, value] of lines) {
    const known = byName.get(name.toLowerCase());
    if (known === undefined) byName.set(name.toLowerCase(), { name, values: [value] });
    else known.values.push(value);
  }
  return Object.fromEntries(
    Array.from(byName.values(), ({ name, values }) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

/** The values of a header, whatever the case of its name. */
export function readHeaderValues(headers: HeaderLines, name: string): readonly string[] {
  return headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** The lines up to the first empty one, and what is behind it as it stands. */
function splitHead(text: string): { readonly head: readonly string[]; readonly body: string } {
  const start = text.replace(/^(?:[ \t]*\r?\n)+/, '');
  const end = /\r?\n[ \t]*\r?\n/.exec(start);
  const head = end === null ? start.trimEnd() : start.slice(0, end.index);
  return { head: head.split(/\r?\n/), body: end === null ? '' : start.slice(end.index + end[0].length) };
}

/**
 * `curl --verbose` begins each line of a request with `> ` and of an answer's head with `< `, among notes that begin with
 * `* `; an answer's body stands there as it is. Text of another kind is left as it is.
 */
function takeVerbose(text: string, mark: '>' | '<'): string {
  const lines = text.split('\n');
  const isMarked = (line: string): boolean => line.startsWith(`${mark} `) || line.trimEnd() === mark;
  const first = lines.findIndex(isMarked);
  if (first === -1 || !lines.slice(0, first).every((line) => CURL_NOTE.test(line) || PROGRESS.test(line))) return text;
  const marked = lines.filter(isMarked).map((line) => line.slice(2));
  const pattern = mark === '>' ? REQUEST_LINE : STATUS_LINE;
  // Of several requests, of redirects and such, the last counts.
  const head = marked.slice(
    Math.max(
      0,
      marked.findLastIndex((line) => pattern.test(line.trimEnd())),
    ),
  );
  if (mark === '>') return head.join('\n');
  const last = lines.findLastIndex(isMarked);
  const body = lines
    .slice(last + 1)
    .filter((line) => !/^(?:\* |[{}] \[\d+ bytes data\])/.test(line) && !PROGRESS.test(line));
  return [...head.map((line) => line.trimEnd()).filter((line) => line !== ''), '', ...body].join('\n');
}

const CURL_NOTE = /^(?:[*>{}] ?|\s*$|\$ |curl )/;
/** Where its output is no terminal, curl shows a table of what it has got so far. */
const PROGRESS = /^\s*(?:% Total |Dload {2}Upload |\d+ .*--:--:--)/;

const LONGEST_QUOTED = 60;

function quote(line: string): string {
  return `“${line.length > LONGEST_QUOTED ? `${line.slice(0, LONGEST_QUOTED)}…` : line}”`;
}
