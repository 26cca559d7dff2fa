/** The usual changes of a canonical request, tried one by one, where a server tells no more than the hash of its own. */
import { createCanonicalQuery } from '../sigv4/canonical-request.js';
import { encodeRfc3986 } from '../sigv4/encoding.js';
import { decodeOnce, type CanonicalLines } from './differences.js';

/**
 * The canonical request of a server, by what proves it; `undefined` where no usual change of ours is it.
 *
 * @param isIt whether a text is the one that the server's hash is of
 */
export function guessCanonicalRequest(ours: CanonicalLines, isIt: (text: string) => boolean): string | undefined {
  for (const change of listChanges(ours)) {
    const text = formatLines({ ...ours, ...change });
    if (isIt(text)) return text;
  }
  return undefined;
}

function formatLines({ method, path, query, headers, signedHeaders, payloadHash }: CanonicalLines): string {
  const lines = Array.from(headers, ([name, value]) => `${name}:${value}\n`).join('');
  return [method, path, query, lines, signedHeaders, payloadHash].join('\n');
}

/** One by one: all copies of many headers would fill the memory. */
function* listChanges(ours: CanonicalLines): Generator<Partial<CanonicalLines>, void, undefined> {
  for (const method of METHODS) yield { method };
  for (const path of listPaths(ours.path ?? '/')) yield { path };
  for (const query of listQueries(ours.query ?? '')) yield { query };
  for (const [name, value] of listHeaders(ours.headers)) yield { headers: new Map(ours.headers).set(name, value) };
  for (const payloadHash of PAYLOADS) yield { payloadHash };
  for (const hash of PAYLOADS) {
    yield { payloadHash: hash, headers: new Map(ours.headers).set('x-amz-content-sha256', hash) };
  }
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
const PAYLOADS = ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'UNSIGNED-PAYLOAD'];

function listPaths(path: string): string[] {
  const segments = path.split('/');
  const change = (each: (segment: string) => string): string => segments.map(each).join('/');
  return [
    `/${segments.slice(2).join('/')}`,
    `/${segments.slice(3).join('/')}`,
    path.endsWith('/') ? path.slice(0, -1) : `${path}/`,
    path.replace(/%(?:25)*2f/gi, '/'),
    path.replace(/\/{2,}/g, '/'),
    path.replace(/%(?:25)*2b/gi, '%20'),
    path.replace(/%(?:25)*20/gi, '%2B'),
    path.replace(/%(?:25)*20/gi, '+'),
    path.replace(/%(?:25)*[\dA-F]{2}/g, (escape) => escape.toLowerCase()),
    change(decodeOnce),
    change(encodeRfc3986),
    change((segment) => encodeRfc3986(decodeOnce(segment))),
    change((segment) => encodeRfc3986(decodeOnce(decodeOnce(segment)))),
    path.replace(/%[\dA-F]{2}|[A-Z]/g, (text) => (text.startsWith('%') ? text : text.toLowerCase())),
  ];
}

/** A query of more parameters is not tried without each. */
const MOST_PARAMETERS = 30;

function listQueries(query: string): string[] {
  if (query === '') return [];
  const pairs = query.split('&');
  const isFew = pairs.length <= MOST_PARAMETERS;
  return [
    '',
    createCanonicalQuery(query.replaceAll('%2B', '%20')),
    createCanonicalQuery(query.replaceAll('%20', '%2B')),
    createCanonicalQuery(query.replaceAll('%2520', '%20')),
    pairs.map(decodeOnce).join('&'),
    createCanonicalQuery(pairs.map(decodeOnce).join('&')),
    pairs.map((pair) => encodeRfc3986(pair).replace('%3D', '=')).join('&'),
    pairs.map((pair) => (pair.endsWith('=') ? pair.slice(0, -1) : pair)).join('&'),
    ...(isFew ? pairs.map((_, i) => pairs.filter((__, j) => j !== i).join('&')) : []),
  ];
}

const ACCEPTED_ENCODINGS = [
  '',
  'gzip',
  'identity',
  'gzip, deflate',
  'gzip,deflate',
  'gzip, deflate, br',
  'gzip, br',
  'br, gzip',
];
const CHARSETS = ['utf-8', 'UTF-8', 'utf8', 'iso-8859-1'];

/** Of more headers, those alone are tried that something on the way rewrites most often. */
const MOST_HEADERS = 30;
const OFTEN_REWRITTEN: ReadonlySet<string> = new Set(['host', 'accept-encoding', 'content-type']);

function listHeaders(headers: ReadonlyMap<string, string>): (readonly [name: string, value: string])[] {
  return [...headers]
    .filter(([name]) => headers.size <= MOST_HEADERS || OFTEN_REWRITTEN.has(name))
    .flatMap(([name, value]) => listValues(name, value).map((changed) => [name, changed] as const));
}

function listValues(name: string, value: string): string[] {
  const items = value.split(',').map((item) => item.trim());
  const isList = items.length > 1;
  const lists = isList
    ? [items.join(', '), items.join(','), [...items].reverse().join(','), items[0] ?? '', items.at(-1) ?? '']
    : [];
  return ['', value.toLowerCase(), ...lists, ...listValuesOf(name, value)];
}

function listValuesOf(name: string, value: string): string[] {
  if (name === 'host') return listHosts(value);
  if (name === 'accept-encoding') return ACCEPTED_ENCODINGS;
  if (name !== 'content-type') return [];
  const [type = ''] = value.split(';', 1);
  return [
    type,
    ...CHARSETS.flatMap((charset) => [`${type}; charset=${charset}`, `${type};charset=${charset}`]),
    ...[
      'application/json',
      'application/octet-stream',
      'application/x-www-form-urlencoded',
      'binary/octet-stream',
      'text/plain',
    ],
  ];
}

function listHosts(host: string): string[] {
  const [name = '', port] = host.split(':', 2);
  const names = [name, 'localhost', '127.0.0.1', `www.${name}`, name.replace(/^www\./, '')];
  const ports = [port, undefined, '80', '443', '8080'];
  return names.flatMap((each) => ports.map((other) => (other === undefined ? each : `${each}:${other}`)));
}
