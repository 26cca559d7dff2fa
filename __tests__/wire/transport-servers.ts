/** What stands between axios and the raw server: an HTTP/2 server, a forward proxy, a Unix socket, an adapter. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer, request as sendHttpRequest, type IncomingMessage } from 'node:http';
import { createServer as createHttp2Server, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { connect, createServer as createNetServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { types } from 'node:util';
import axios, { AxiosHeaders, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { HeaderLine, RawRequest } from 'strict-sigv4-verifier';

/** Something that listens, and how to end it. */
export interface Listener<T> {
  readonly at: T;
  readonly close: () => Promise<void>;
}

async function listen(server: Server, where: number | string): Promise<() => Promise<void>> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (typeof where === 'string') server.listen(where, resolve);
    else server.listen(where, '127.0.0.1', resolve);
  });
  return () =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      for (const socket of open) socket.destroy();
    });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}

const readBody = async (stream: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

function toPairs(raw: readonly string[]): HeaderLine[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
}

/** RFC 9113, 8.3: the pseudo-headers are the request line, and `:authority` stands for Host where there is none. */
function toRawRequest(lines: readonly HeaderLine[], body: Buffer): RawRequest {
  const find = (name: string): string => lines.find(([other]) => other === name)?.[1] ?? '';
  const headers = lines.filter(([name]) => !name.startsWith(':'));
  const hasHost = headers.some(([name]) => name === 'host');
  const host: readonly HeaderLine[] = hasHost ? [] : [['host', find(':authority')]];
  return { method: find(':method'), target: find(':path'), headers: [...host, ...headers], body, scheme: 'http' };
}

/** An HTTP/2 server without TLS that records each request. */
export async function startHttp2Server(received: RawRequest[]): Promise<Listener<string>> {
  const server = createHttp2Server();
  const sessions = new Set<Http2Session>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream: ServerHttp2Stream, _headers: unknown, _flags: unknown, rawHeaders: string[]) => {
    void readBody(stream).then((body) => {
      const request = toRawRequest(toPairs(rawHeaders), body);
      received.push(request);
      const endStream = request.method === 'HEAD';
      stream.respond({ ':status': 200 }, { endStream });
      if (!endStream) stream.end('received');
    });
  });
  const close = await listen(server, 0);
  return {
    at: `http://127.0.0.1:${String(portOf(server))}`,
    close: () => {
      for (const session of sessions) session.destroy();
      return close();
    },
  };
}

/** A proxy that takes an absolute URL and forwards all else as it is (RFC 9112, 3.2.2), and notes what it was asked for. */
export async function startProxy(asked: string[]): Promise<Listener<number>> {
  const server = createHttpServer((incoming: IncomingMessage, outgoing) => {
    const { method, url: target = '', rawHeaders } = incoming;
    asked.push(target);
    const [, hostname, port, path = ''] = /^http:\/\/([^/:]+):(\d+)(.*)$/.exec(target) ?? [];
    const forwarded = sendHttpRequest(
      { hostname, port, method, path, headers: rawHeaders as unknown as Record<string, string>, setHost: false },
      (answer) => {
        const { location } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, location === undefined ? {} : { location });
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(forwarded);
  });
  const close = await listen(server, 0);
  return { at: portOf(server), close };
}

/** A Unix socket that is a door to a port. */
export async function startSocket(port: () => number): Promise<Listener<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'wire-'));
  const at = join(folder, 'socket');
  const server = createNetServer((socket) => {
    const inner = connect(port(), '127.0.0.1');
    socket.pipe(inner).pipe(socket);
    socket.on('error', () => inner.destroy());
    inner.on('error', () => socket.destroy());
  });
  const close = await listen(server, at);
  return { at, close: () => close().then(() => rm(folder, { recursive: true })) };
}

/** An adapter as people write them: it takes the URL from getUri and the headers and the data as they are. */
export const customAdapter: AxiosAdapter = async (config) => {
  const data: unknown = config.data;
  const body = data instanceof Readable || typeof data === 'string' ? data : toBuffer(data);
  const headers = AxiosHeaders.from(config.headers);
  if (!(body instanceof Readable) && body.length > 0) headers.setContentLength(Buffer.byteLength(body), false);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method: config.method ?? 'get', headers: headers.toJSON() as Record<string, string> };
    const request = sendHttpRequest(new URL(axios.getUri(config)), options, resolve);
    request.on('error', reject);
    if (body instanceof Readable) body.pipe(request);
    else request.end(body);
  });
  return toAxiosResponse(response, config);
};

function toBuffer(data: unknown): Buffer {
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return types.isAnyArrayBuffer(data) ? Buffer.from(data) : Buffer.alloc(0);
}

async function toAxiosResponse(response: IncomingMessage, config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const data = (await readBody(response)).toString();
  return { data, status: response.statusCode ?? 0, statusText: '', headers: {}, config };
}
