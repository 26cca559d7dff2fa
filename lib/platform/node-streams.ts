/** What Node alone can do with streams: make one of pieces, look at all that passes, tell the length of a file's. */
import fs, { promises as files, ReadStream } from 'node:fs';
import { pipeline, Readable, Transform } from 'node:stream';
import { promisify, types } from 'node:util';
import type { NodeStreams } from './platform.js';

const ignore = (): void => undefined;

const toNodeStream: NodeStreams['toNodeStream'] = (pull, stop) =>
  new Readable({
    read() {
      pull().then(
        (chunk) => {
          if (chunk === undefined) this.push(null);
          else for (const each of chunk instanceof Uint8Array ? [chunk] : chunk) this.push(each);
        },
        (error: unknown) => {
          this.destroy(types.isNativeError(error) ? error : new Error(String(error)));
        },
      );
    },
    // Not waited for: what is being read may never come.
    destroy(error, done) {
      stop(error);
      done(error);
    },
  });

const passOn: NodeStreams['passOn'] = (source, take, end) => {
  const passing = new Transform({
    // What is neither bytes nor text would be thrown where nobody catches it.
    writableObjectMode: true,
    writableHighWaterMark: 1,
    transform(chunk: unknown, _encoding, done) {
      const taken = take(chunk);
      if (taken instanceof Error) done(taken);
      else done(null, taken);
    },
    flush(done) {
      done(end());
    },
  });
  const state = { hasEnded: false };
  call(source, 'once', 'end', () => (state.hasEnded = true));
  // It takes old streams too, which Node's types do not know.
  const streams: unknown[] = [source, passing];
  Reflect.apply(pipeline, undefined, [streams, ignore]);
  // Of these some end while they are piped, before it listens: a form-data without parts.
  if (state.hasEnded) passing.end();
  return passing;
};

const measureFile: NodeStreams['measureFile'] = async (stream) => {
  if (!(stream instanceof ReadStream) || stream.readableEncoding !== null || hasForeignFiles(stream)) return undefined;
  try {
    return await measure(stream);
  } catch {
    // The stream itself will tell what is wrong with its file.
    return undefined;
  }
};

/** Whether files are read by another `fs` than Node's, as the option of that name says. */
function hasForeignFiles(stream: ReadStream): boolean {
  const read = (name: string): unknown => {
    const symbol = Object.getOwnPropertySymbols(stream).find(({ description }) => description === name);
    return symbol && Reflect.get(stream, symbol);
  };
  return read('kHandle') === undefined && (read('kFs') ?? fs) !== fs;
}

async function measure(stream: ReadStream): Promise<number | undefined> {
  // Node's types do not have these.
  const fd: unknown = Reflect.get(stream, 'fd');
  const start: unknown = Reflect.get(stream, 'start');
  const end: unknown = Reflect.get(stream, 'end');
  const last = typeof end === 'number' ? end : Infinity;
  if (typeof fd !== 'number') {
    // What is no regular file must not be opened: that takes the bytes away from the stream, or waits for them.
    if (!(await files.stat(stream.path)).isFile()) return undefined;
    const handle = await files.open(stream.path);
    try {
      return await measureRange(handle.fd, typeof start === 'number' ? start : 0, last);
    } finally {
      await handle.close();
    }
  }
  // Of a file that the stream has opened itself, it begins at the start; of another, where others have read up to.
  const path: unknown = Reflect.get(stream, 'path');
  const ownStart = typeof start === 'number' || path === undefined ? start : 0;
  const begin = typeof ownStart === 'number' ? ownStart : (await readPosition(fd)) - stream.bytesRead;
  return measureRange(fd, begin, last);
}

async function readPosition(fd: number): Promise<number> {
  const position = /^pos:\s*(\d+)$/m.exec(await files.readFile(`/proc/self/fdinfo/${String(fd)}`, 'latin1'))?.[1];
  return Number(position);
}

/**
 * How many bytes of an open file are from `start` up to `last`. `undefined` where its size is not that of its content, as
 * in /proc and /sys: there must be a byte at the end of it, and none behind it.
 */
async function measureRange(fd: number, start: number, last: number): Promise<number | undefined> {
  const stats = await promisify(fs.fstat)(fd);
  if (!stats.isFile() || !Number.isSafeInteger(start)) return undefined;
  const end = Math.min(stats.size, last + 1);
  const isWhole = last >= stats.size;
  if (end > start && !(await hasByteAt(fd, end - 1))) return undefined;
  if (isWhole && (await hasByteAt(fd, stats.size))) return undefined;
  return Math.max(0, end - start);
}

function hasByteAt(fd: number, position: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    fs.read(fd, Buffer.alloc(1), 0, 1, position, (error, bytesRead) => {
      if (error === null) resolve(bytesRead === 1);
      else reject(error);
    });
  });
}

const renew: NodeStreams['renew'] = (stream) => {
  const renewed = new Readable();
  call(renewed, 'wrap', stream);
  // The form-data package's streams do not flow by themselves.
  call(stream, 'resume');
  return renewed;
};

/** Calls a method that Node's types do not have, or have otherwise. */
function call(object: object, name: string, ...values: readonly unknown[]): void {
  const method: unknown = Reflect.get(object, name);
  if (typeof method === 'function') Reflect.apply(method, object, values);
}

const findFile: NodeStreams['findFile'] = (stream) => {
  if (!(stream instanceof ReadStream) || stream.readableEncoding !== null || hasForeignFiles(stream)) return undefined;
  const path: unknown = Reflect.get(stream, 'path');
  const start: unknown = Reflect.get(stream, 'start');
  const end: unknown = Reflect.get(stream, 'end');
  // Of a descriptor that others opened it is not known what of the file is theirs.
  if (typeof path !== 'string' && !Buffer.isBuffer(path)) return undefined;
  return () =>
    fs.createReadStream(path, {
      ...(typeof start === 'number' && { start }),
      ...(typeof end === 'number' && { end }),
    });
};

export const nodeStreams: NodeStreams = { toNodeStream, passOn, measureFile, findFile, renew };
