/**
 * Reads HTTP/1.1 requests off a byte stream, as bytes and strictly by RFC 9112: CRLF only, no obsolete line folding, no
 * doubt about where a body ends. What it refuses would be read differently by different servers.
 */
import type { Readable } from 'node:stream';

import { headerValues, trimOptionalWhitespace } from './raw-request.js';
import type { HeaderLine } from './raw-request.js';

/** A message that RFC 9112 tells a server to refuse; `status` is what to answer. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

export interface ByteReader {
  /** The next line without its CRLF, one byte per character; undefined when the stream ended before it began. */
  readonly readLine: () => Promise<string | undefined>;
  /** Throws a MalformedMessageError when the stream ends before. */
  readonly readExactly: (length: number) => Promise<Buffer>;
}

const MAX_LINE_LENGTH = 1024 * 1024;

/** The bytes of a stream on demand; it never loses what arrived early, so requests may be pipelined. */
export const createByteReader = (stream: Readable): ByteReader => {
  const arrived: Buffer[] = [];
  let ended = false;
  let wake: (() => void) | undefined;
  const signal = (): void => {
    wake?.();
    wake = undefined;
  };
  const end = (): void => {
    ended = true;
    signal();
  };
  stream.on('data', (chunk: Buffer) => {
    arrived.push(chunk);
    signal();
  });
  stream.on('end', end).on('close', end).on('error', end);

  /** The next chunk that has arrived; empty only at the end of the stream. */
  const take = async (): Promise<Buffer> => {
    while (arrived.length === 0 && !ended) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return arrived.shift() ?? Buffer.alloc(0);
  };

  const putBack = (bytes: Buffer): void => {
    if (bytes.length > 0) {
      arrived.unshift(bytes);
    }
  };

  const readLine = async (): Promise<string | undefined> => {
    let line = Buffer.alloc(0);
    for (;;) {
      const bytes = await take();
      if (bytes.length === 0 && line.length === 0) {
        return undefined;
      }
      if (bytes.length === 0) {
        throw new MalformedMessageError('The connection ended within a line');
      }
      line = Buffer.concat([line, bytes]);
      const at = line.indexOf('\r\n');
      if (at !== -1) {
        putBack(line.subarray(at + 2));
        return line.toString('latin1', 0, at);
      }
      if (line.length > MAX_LINE_LENGTH) {
        throw new MalformedMessageError('A line is too long', 431);
      }
    }
  };

  const readExactly = async (length: number): Promise<Buffer> => {
    const pieces: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const bytes = await take();
      if (bytes.length === 0) {
        throw new MalformedMessageError(`The connection ended ${String(missing)} bytes before the end of the body`);
      }
      pieces.push(bytes.subarray(0, missing));
      putBack(bytes.subarray(missing));
      missing -= Math.min(missing, bytes.length);
    }
    return Buffer.concat(pieces);
  };

  return { readLine, readExactly };
};

export interface MessageHead {
  readonly method: string;
  readonly target: string;
  readonly httpVersion: '1.0' | '1.1';
  readonly headers: readonly HeaderLine[];
  /** The head's own bytes, from the request line to the empty line. */
  readonly bytes: Buffer;
}

const refuseLine = (line: string, why: string): never => {
  throw new MalformedMessageError(`${why}: ${JSON.stringify(line)}`);
};

/** RFC 9112, 5: `field-name ":" OWS field-value OWS`; no space before the colon, no folding, no control characters. */
const parseHeaderLine = (line: string): HeaderLine => {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\0\r\n]*)$/.exec(line) ?? [];
  return name === undefined || value === undefined
    ? refuseLine(line, 'This is not a header line')
    : [name, trimOptionalWhitespace(value)];
};

/** RFC 9112, 3: the target is all between the first and the last space, so that even a space in it is seen. */
const parseRequestLine = (line: string): Pick<MessageHead, 'method' | 'target' | 'httpVersion'> => {
  const [, method, target, minor] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([^\0\r\n]+) HTTP\/1\.([01])$/.exec(line) ?? [];
  return method === undefined || target === undefined
    ? refuseLine(line, 'This is not a request line')
    : { method, target, httpVersion: minor === '0' ? '1.0' : '1.1' };
};

const readHeaderLines = async (reader: ByteReader): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (;;) {
    const line = await reader.readLine();
    if (line === undefined) {
      throw new MalformedMessageError('The connection ended within the headers');
    }
    if (line === '') {
      return lines;
    }
    lines.push(line);
  }
};

/** RFC 9112, 2.2: the next request line; empty lines before it are ignored. */
const readRequestLine = async (reader: ByteReader): Promise<string | undefined> => {
  let line = await reader.readLine();
  while (line === '') {
    line = await reader.readLine();
  }
  return line;
};

/** RFC 9112, 2.1 and 3.2: the next request's head with its one Host header; undefined when there is no next request. */
export const readHead = async (reader: ByteReader): Promise<MessageHead | undefined> => {
  const requestLine = await readRequestLine(reader);
  if (requestLine === undefined) {
    return undefined;
  }
  const parsed = parseRequestLine(requestLine);
  const headerLines = await readHeaderLines(reader);
  const headers = headerLines.map(parseHeaderLine);
  const hosts = headerValues(headers, 'host').length;
  if (hosts > 1 || (hosts === 0 && parsed.httpVersion === '1.1')) {
    throw new MalformedMessageError(`There are ${String(hosts)} Host headers instead of one`);
  }
  const bytes = Buffer.from([requestLine, ...headerLines, '', ''].join('\r\n'), 'latin1');
  return { ...parsed, headers, bytes };
};

export interface MessageBody {
  readonly body: Buffer;
  readonly trailers: readonly HeaderLine[];
}

/** RFC 9112, 7.1: chunks of `size [;extension] CRLF data CRLF`, the last of size 0, then trailers. */
const readChunkedBody = async (reader: ByteReader): Promise<MessageBody> => {
  const pieces: Buffer[] = [];
  for (;;) {
    const line = (await reader.readLine()) ?? '';
    const [, size] = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/.exec(line) ?? [];
    if (size === undefined) {
      return refuseLine(line, 'This is not the size of a chunk');
    }
    const length = Number.parseInt(size, 16);
    if (length === 0) {
      return { body: Buffer.concat(pieces), trailers: (await readHeaderLines(reader)).map(parseHeaderLine) };
    }
    pieces.push(await reader.readExactly(length));
    if ((await reader.readLine()) !== '') {
      throw new MalformedMessageError('A chunk is longer than its size');
    }
  }
};

export type BodyFraming = { readonly kind: 'chunked' } | { readonly kind: 'length'; readonly length: number };

/** RFC 9112, 6.3: chunked, or one Content-Length, or no body; both at once is an attempt at request smuggling. */
export const readBodyFraming = (headers: readonly HeaderLine[]): BodyFraming => {
  const codings = headerValues(headers, 'transfer-encoding');
  const lengths = headerValues(headers, 'content-length');
  const [coding] = codings;
  const [length = '0'] = lengths;
  if (coding === undefined) {
    return lengths.length > 1 || !/^\d{1,15}$/.test(length)
      ? refuseLine(lengths.join(','), 'This is not a Content-Length')
      : { kind: 'length', length: Number(length) };
  }
  if (lengths.length > 0) {
    throw new MalformedMessageError('There are both a Transfer-Encoding and a Content-Length');
  }
  if (codings.length > 1 || coding.toLowerCase() !== 'chunked') {
    throw new MalformedMessageError(`The only transfer coding here is chunked, not '${codings.join(',')}'`, 501);
  }
  return { kind: 'chunked' };
};

/** The body without its transfer coding, and the trailers of a chunked one. */
export const readBody = async (reader: ByteReader, framing: BodyFraming): Promise<MessageBody> =>
  framing.kind === 'chunked'
    ? readChunkedBody(reader)
    : { body: await reader.readExactly(framing.length), trailers: [] };
