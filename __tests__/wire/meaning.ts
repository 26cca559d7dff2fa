/** What a raw request means to a server (RFC 9110, RFC 3986, HTML forms, RFC 7578), however it is spelled. */
import { createHash } from 'node:crypto';
import { type HeaderLine, headerValues, percentDecode, type RawRequest } from 'strict-sigv4-verifier';
import type { Part } from './wire-case.js';

/** How a server for this request reads its path and query. */
export interface Reading {
  /** S3 decodes a key as a whole, so that %2F is a slash in it; others decode each segment. */
  readonly path: 'segments' | 'whole';
  /** What a plus in the query is; axios writes spaces so. */
  readonly plus: 'space' | 'plus';
}

type Values = readonly (readonly [name: string, values: readonly string[]])[];

/** Two requests with equal meanings do the same. */
export interface Meaning {
  readonly method: string;
  readonly path: string | readonly string[];
  readonly params: readonly (readonly [name: string, value: string])[];
  readonly headers: Values;
  readonly contentType: readonly string[];
  readonly body: unknown;
}

const OURS = ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'];
// How the body is delimited is compared by itself; the content type has its own field.
const SET_ASIDE = ['content-type', 'content-length', 'transfer-encoding'];

export function readMeaning(request: RawRequest, reading: Reading): Meaning {
  const [path = '', ...query] = request.target.split('?');
  const boundary = readBoundary(request);
  return {
    method: request.method,
    path: reading.path === 'whole' ? percentDecode(path) : path.split('/').map(percentDecode),
    params: readParams(query.join('?'), reading.plus),
    headers: readHeaders(request.headers),
    contentType: headerValues(request.headers, 'content-type').map((value) =>
      boundary === undefined ? value : value.replace(boundary, 'BOUNDARY'),
    ),
    body: boundary === undefined ? describeBytes(request.body) : readParts(request.body, boundary),
  };
}

/** How the body is delimited: a server must not be left to guess. */
export function readFraming({ headers }: RawRequest): 'chunked' | 'length' | 'none' {
  if (headerValues(headers, 'transfer-encoding').length > 0) return 'chunked';
  return headerValues(headers, 'content-length').length > 0 ? 'length' : 'none';
}

function readParams(query: string, plus: Reading['plus']): Meaning['params'] {
  const decode = (text: string): string => percentDecode(plus === 'space' ? text.replaceAll('+', ' ') : text);
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decode(name), decode(value.join('='))] as const;
    });
}

function readHeaders(headers: readonly HeaderLine[]): Values {
  const names = [...new Set(headers.map(([name]) => name.toLowerCase()))].sort();
  return names
    .filter((name) => !OURS.includes(name) && !SET_ASIDE.includes(name))
    .map((name) => [name, headerValues(headers, name)]);
}

/** A large body as its hash: jest takes its time to compare bytes. */
export function describeBytes(bytes: Buffer): unknown {
  if (bytes.length <= 1000) return bytes.toString('latin1');
  return { length: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** RFC 2046, 5.1.1: the boundary that a multipart content type names. */
export function readBoundary({ headers }: RawRequest): string | undefined {
  const [contentType = ''] = headerValues(headers, 'content-type');
  return /^multipart\/.*;\s*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
}

/** The parts of a multipart body; undefined where the boundary does not delimit any. */
export function readParts(body: Buffer, boundary: string): readonly Part[] | undefined {
  const delimiter = `--${boundary}`;
  const [preamble, ...rest] = `\r\n${body.toString('latin1')}`.split(`\r\n${delimiter}`);
  const epilogue = rest.pop();
  if (preamble !== '' || epilogue === undefined || !/^--(?:\r\n)*$/.test(epilogue)) return undefined;
  return rest.map((text) => {
    const [head = '', ...content] = text.slice(2).split('\r\n\r\n');
    const lines = head.split('\r\n').map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.toLowerCase(), value.join(':').trim()] as const;
    });
    return { headers: Object.fromEntries(lines), body: content.join('\r\n\r\n') };
  });
}
