/**
 * A loopback HTTP/1.1 server (RFC 9110, RFC 9112) over plain sockets or TLS that records each request as the bytes that
 * arrived: no header merged, lower-cased or dropped, no target resolved.
 */
import { STATUS_CODES } from 'node:http';
import { createServer as createPlainServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';

import { createByteReader, MalformedMessageError, readBody, readBodyFraming, readHead } from './http-message-reader.js';
import type { BodyFraming, ByteReader, MessageHead } from './http-message-reader.js';
import { headerValues } from './raw-request.js';
import type { HeaderLine, RawRequest } from './raw-request.js';
import { formatHttpDate } from './request-moment.js';

export interface ReceivedRequest extends RawRequest {
  readonly httpVersion: '1.0' | '1.1';
  /** The request line and headers with every byte of white space, up to and with the empty line. */
  readonly head: Buffer;
  readonly trailers: readonly HeaderLine[];
  /** Counts from 1: equal numbers are one connection kept alive. */
  readonly connection: number;
}

export interface RawResponse {
  readonly status: number;
  /** An array is sent as several lines. Content-Length, Date and Connection are added where they are not given. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

export type RequestHandler = (request: ReceivedRequest) => RawResponse | Promise<RawResponse>;

export interface RawServerOptions {
  /** Serves over TLS; whatever `tls.createServer` takes, such as `key` and `cert`, or `pskCallback` and `ciphers`. */
  readonly tls?: TlsOptions;
  /** The time of the Date header; by default the system's. */
  readonly clock?: () => Date;
}

export interface RawServerAddress {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:<port>` or `https://...` */
  readonly origin: string;
}

export interface RawServer {
  /** Listens on a free port of the loopback interface. */
  readonly start: () => Promise<RawServerAddress>;
  /** Ends every connection, idle or not, and stops listening. */
  readonly close: () => Promise<void>;
  /** Every request that was read whole, in order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** What could not be read or handled, in words; a test does well to expect it empty. */
  readonly failures: readonly string[];
}

/** RFC 9110, 8.6 and 15: informational, 204 and 304 responses have no content. */
const forbidsContent = (status: number): boolean => status < 200 || status === 204 || status === 304;

const toHeaderLines = (headers: NonNullable<RawResponse['headers']>): readonly HeaderLine[] =>
  Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value): HeaderLine => [name, value]),
  );

/** RFC 9112, 4: the bytes of a response; one to HEAD has the headers of GET and no content (RFC 9110, 9.3.2). */
const formatResponse = (
  response: RawResponse,
  options: { isHead: boolean; keepAlive: boolean; date: Date },
): Buffer => {
  const body = Buffer.from(response.body ?? '');
  const given = toHeaderLines(response.headers ?? {});
  const standard: readonly HeaderLine[] = [
    ['Date', formatHttpDate(options.date)],
    ['Connection', options.keepAlive ? 'keep-alive' : 'close'],
    ...(forbidsContent(response.status) ? [] : [['Content-Length', String(body.length)] as const]),
  ];
  const added = standard.filter(([name]) => headerValues(given, name.toLowerCase()).length === 0);
  const head = [
    `HTTP/1.1 ${String(response.status)} ${STATUS_CODES[response.status] ?? ''}`,
    ...[...given, ...added].map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
  const hasContent = !options.isHead && !forbidsContent(response.status);
  return Buffer.concat([Buffer.from(head, 'latin1'), hasContent ? body : Buffer.alloc(0)]);
};

const listTokens = (headers: readonly HeaderLine[], lowerCaseName: string): readonly string[] =>
  headerValues(headers, lowerCaseName)
    .flatMap((value) => value.split(','))
    .map((token) => token.trim().toLowerCase());

/** RFC 9112, 9.3: HTTP/1.1 keeps the connection unless told to close it, HTTP/1.0 closes it unless told to keep it. */
const wantsKeepAlive = ({ headers, httpVersion }: MessageHead): boolean => {
  const tokens = listTokens(headers, 'connection');
  return !tokens.includes('close') && (httpVersion === '1.1' || tokens.includes('keep-alive'));
};

/** RFC 9110, 10.1.1: a client that expects 100-continue sends its body when it has been told to. */
const answerExpectation = (socket: Socket, head: MessageHead, framing: BodyFraming): void => {
  const hasBody = framing.kind === 'chunked' || framing.length > 0;
  if (hasBody && head.httpVersion === '1.1' && listTokens(head.headers, 'expect').includes('100-continue')) {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  }
};

const describeError = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Exchange {
  readonly socket: Socket;
  readonly reader: ByteReader;
  readonly scheme: RawRequest['scheme'];
  readonly connection: number;
  readonly handle: RequestHandler;
  readonly clock: () => Date;
  readonly requests: ReceivedRequest[];
}

/** One request and its answer; false when the connection is to end. */
const serveRequest = async ({ socket, reader, scheme, connection, ...server }: Exchange): Promise<boolean> => {
  const head = await readHead(reader);
  if (head === undefined) {
    return false;
  }
  const framing = readBodyFraming(head.headers);
  answerExpectation(socket, head, framing);
  const { body, trailers } = await readBody(reader, framing);
  const { method, target, headers, httpVersion, bytes } = head;
  const request = { method, target, headers, body, scheme, httpVersion, head: bytes, trailers, connection };
  server.requests.push(request);
  const response = await server.handle(request);
  const asksToClose = listTokens(toHeaderLines(response.headers ?? {}), 'connection').includes('close');
  const keepAlive = wantsKeepAlive(head) && !asksToClose;
  socket.write(formatResponse(response, { isHead: method === 'HEAD', keepAlive, date: server.clock() }));
  return keepAlive;
};

/** All requests of one connection, one after the other (RFC 9112, 9.3.2), until either side ends it. */
const serveConnection = async (exchange: Exchange, failures: string[]): Promise<void> => {
  const { socket } = exchange;
  try {
    let keepAlive = true;
    while (keepAlive) {
      keepAlive = await serveRequest(exchange);
    }
  } catch (error) {
    failures.push(describeError(error));
    const status = error instanceof MalformedMessageError ? error.status : 500;
    const body = describeError(error);
    socket.write(formatResponse({ status, body }, { isHead: false, keepAlive: false, date: exchange.clock() }));
  }
  socket.end();
};

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('The server has no port');
  }
  return address.port;
};

/** A server that has not started yet; it answers every request through `handle`, however many connections there are. */
export const createRawServer = (handle: RequestHandler, options: RawServerOptions = {}): RawServer => {
  const requests: ReceivedRequest[] = [];
  const failures: string[] = [];
  const { clock = () => new Date() } = options;
  const open = new Set<Socket>();
  const scheme = options.tls === undefined ? 'http' : 'https';
  let connections = 0;

  const accept = (socket: Socket): void => {
    connections += 1;
    open.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => open.delete(socket));
    const reader = createByteReader(socket);
    const exchange: Exchange = { socket, reader, scheme, connection: connections, handle, clock, requests };
    void serveConnection(exchange, failures);
  };
  // allowHalfOpen: a client that has ended its side after the request still gets its answer.
  const server =
    options.tls === undefined
      ? createPlainServer({ allowHalfOpen: true }, accept)
      : createTlsServer({ ...options.tls, allowHalfOpen: true }, accept);
  // Sockets within a TLS handshake are no connection yet, but they too would keep the server from closing.
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('tlsClientError', (error) => failures.push(describeError(error)));

  return {
    requests,
    failures,
    start: async () => {
      const port = await listen(server);
      return { host: '127.0.0.1', port, origin: `${scheme}://127.0.0.1:${String(port)}` };
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const socket of open) {
        socket.destroy();
      }
      await closed;
    },
  };
};
