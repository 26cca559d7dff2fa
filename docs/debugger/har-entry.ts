/** Requests and answers as browsers and proxies save them (HTTP Archive 1.2). */
import type { HeaderLines, ResponseText } from './http-text.js';

/** The request of an entry. */
export interface HarRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HeaderLines;
  readonly body: string;
}

/** One exchange of an archive. */
export interface HarEntry {
  readonly request: HarRequest;
  readonly response: ResponseText;
}

/**
 * Of an archive the last exchange whose request is signed, or the last of all where none is; an entry alone is taken too.
 * `undefined` for what is no archive.
 */
export function parseHar(text: string): HarEntry | undefined {
  if (!/^\s*\{/.test(text) || !/"(?:entries|request)"\s*:/.test(text)) return undefined;
  let archive: unknown;
  try {
    archive = JSON.parse(text);
  } catch {
    return undefined;
  }
  const listed = read(read(archive, 'log'), 'entries');
  const entries = (Array.isArray(listed) ? listed : [archive]).map(readEntry).filter((entry) => entry !== undefined);
  return entries.findLast(({ request }) => isSigned(request)) ?? entries.at(-1);
}

function isSigned({ url, headers }: HarRequest): boolean {
  return (
    /[?&]X-Amz-Signature=/i.test(url) ||
    headers.some(([name, value]) => name.toLowerCase() === 'authorization' && value.startsWith('AWS4-'))
  );
}

function readEntry(entry: unknown): HarEntry | undefined {
  const [request, response] = [read(entry, 'request'), read(entry, 'response')];
  const [method, url] = [readText(request, 'method'), readText(request, 'url')];
  if (method === '' || url === '') return undefined;
  const status = read(response, 'status');
  const content = read(response, 'content');
  const [text, encoding] = [readText(content, 'text'), readText(content, 'encoding')];
  return {
    request: { method, url, headers: readHeaders(request), body: readText(read(request, 'postData'), 'text') },
    response: {
      status: typeof status === 'number' && status > 0 ? status : undefined,
      headers: readHeaders(response),
      body: encoding === 'base64' ? decodeBase64(text) : text,
    },
  };
}

/** Of HTTP/2, archives have `:authority` and its like too, which are no headers. */
function readHeaders(message: unknown): HeaderLines {
  const headers = read(message, 'headers');
  if (!Array.isArray(headers)) return [];
  return headers
    .map((header) => [readText(header, 'name'), readText(header, 'value')] as const)
    .filter(([name]) => name !== '' && !name.startsWith(':'));
}

function read(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function readText(value: unknown, name: string): string {
  const text = read(value, name);
  return typeof text === 'string' ? text : '';
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return text;
  }
}
