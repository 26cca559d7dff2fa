/** What speaks to a server: bytes over a socket, and Node's own client. */
import type { Agent } from 'node:http';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { toBytes } from './signed-requests.js';

/** Every byte that the server sends for these bytes, until it ends the connection. */
export const exchange = async (port: number, ...sent: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      for (const bytes of sent) {
        socket.write(toBytes(bytes));
      }
    });
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('error', reject);
    socket.on('end', () => {
      resolve(Buffer.concat(pieces).toString('latin1'));
    });
  });

/** The same, one byte at a time. */
export const exchangeSlowly = async (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    socket.on('error', reject);
    socket.on('end', () => {
      resolve(Buffer.concat(pieces).toString('latin1'));
    });
    const writeFrom = (index: number): void => {
      if (index < text.length) {
        socket.write(text.charAt(index), () =>
          setImmediate(() => {
            writeFrom(index + 1);
          }),
        );
      }
    };
    writeFrom(0);
  });

export const nextBytes = async (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('data', (bytes: Buffer) => {
      resolve(bytes.toString('latin1'));
    });
  });

export const lines = (...text: readonly string[]): string => text.join('\r\n');

export interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  readonly reusedSocket: boolean;
}

export const send = async (
  port: number,
  options: { method?: string; path?: string; headers?: Record<string, string>; agent?: Agent; body?: string } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const request = httpRequest({ host: '127.0.0.1', port, ...rest }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => {
        const { statusCode: status, headers } = response;
        resolve({ status, headers, body: Buffer.concat(pieces).toString(), reusedSocket: request.reusedSocket });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
