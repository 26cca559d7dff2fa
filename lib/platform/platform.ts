/** What the runtime must give: SHA-256 and HMAC (FIPS 180-4, RFC 2104), charsets, environment, default credentials. */
import type { DebugLog } from './debug-log.js';
import type { ProxiedUrl } from './environment-proxy.js';

/** Bytes, or text that stands for its UTF-8 bytes. */
export type TextOrBytes = string | Uint8Array;

/** Resolves to AWS credentials each time it is called; its result is validated by whoever calls it. */
export interface LoadCredentials {
  (request?: { readonly forceRefresh?: boolean }): Promise<unknown>;
  /** Why each place where the last call looked had none, in the words of what looked there. */
  readonly listTried?: () => readonly string[];
}

/** The AWS SDK's `fromTemporaryCredentials`, as far as it is used. */
export type CreateRoleProvider = (options: {
  readonly params: { readonly RoleArn: string; readonly RoleSessionName: string };
  readonly clientConfig?: { readonly region: string };
}) => () => Promise<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}>;

/** The hashes that a signature is made of. They stand apart, so that a bundle of `/sigv4` alone has nothing else. */
export interface Hashing {
  /** SHA-256, as lower-case hex. */
  sha256Hex(data: TextOrBytes): string;
  /** SHA-256 of text that has no character beyond U+00FF; each character counts as one byte (Latin-1). */
  sha256HexOfLatin1(text: string): string;
  hmacSha256(key: TextOrBytes, data: string): Uint8Array;
  /** HMAC-SHA-256 under one key, as lower-case hex. That text is known to be ASCII saves a check. */
  createHmacSha256(key: TextOrBytes): (text: string, isAscii?: boolean) => string;
}

/**
 * The runtime's side of the package. `#platform` chooses an implementation by the package's `imports` conditions:
 * platform.node.ts where there is node:crypto, platform.default.ts everywhere else.
 */
export interface Platform {
  readonly name: 'node' | 'default';
  /** What is told of each request under `NODE_DEBUG=axios-aws4auth`; `undefined` without it, and where there is none. */
  readonly debugLog: DebugLog | undefined;
  /** SHA-256 of data that comes in pieces. */
  createSha256(): Sha256;
  /** Resolves after other work that waits has had its turn; not held up by fake timers. */
  yieldToEventLoop(): Promise<void>;
  /** An environment variable; `undefined` where it is unset, empty, or there is no environment. */
  readEnvironment(name: string): string | undefined;
  /** Whether the environment has a URL go through a proxy. */
  isProxied(url: ProxiedUrl): boolean;
  /** All environment variables as they are, the empty ones too; none where there is no environment. */
  environment(): Readonly<Record<string, string | undefined>>;
  /** Whether text that is written out may have colours: on a terminal, and as `NO_COLOR` and `FORCE_COLOR` say. */
  hasColors(): boolean;
  /** A file's text, each byte one character (Latin-1); `undefined` where it cannot be read, or there are no files. */
  readTextFile(path: string): string | undefined;
  /**
   * Encodes text in a charset other than UTF-8.
   * Characters that the charset cannot hold are lost, which `decoded` shows.
   * @throws RangeError where the charset is not known
   */
  encodeText(text: string, charset: string, slice: SliceText): Promise<EncodedText>;
  /**
   * Makes a provider for where the user gave no credentials, or `undefined` where the runtime has none. Told to
   * refresh, it reads files anew; and so it does where the environment names other credentials than before.
   */
  createDefaultCredentials(): LoadCredentials | undefined;
  /** Loads the AWS SDK's provider of the credentials of a role; `undefined` where the runtime has none. */
  readonly loadRoleProvider: (() => Promise<CreateRoleProvider>) | undefined;
  /**
   * Makes a Node stream of chunks, which destroys `source` when it is closed; `undefined` where there are no such
   * streams.
   */
  readonly toNodeStream: ((chunks: AsyncIterable<Uint8Array>, source: { destroy?(): unknown }) => unknown) | undefined;
  /** Loads what streams of Node need that are sent unread; `undefined` where there are no such streams. */
  readonly loadNodeStreams: (() => Promise<{ readonly nodeStreams: NodeStreams }>) | undefined;
  /** Loads what hears answers that come early; `undefined` where axios has no http adapter. */
  readonly loadEarlyAnswers: (() => Promise<{ readonly createHearingTransport: CreateHearingTransport }>) | undefined;
}

/**
 * Makes a transport for axios's http adapter, of which an answer is heard even where the rest of the body cannot be sent.
 *
 * @param given the transport that the caller chose, if any
 */
export type CreateHearingTransport = (given: object | undefined, hearer: Hearer) => object;

/** Who is told of a request. */
export interface Hearer {
  /** Is told the status as soon as there is one. Returns whether the rest of the body is still to be sent. */
  readonly onAnswer: (status: number) => boolean;
  /** The request has ended, whatever of its body was sent. */
  readonly onClose: () => void;
}

/** What can be done with Node's streams. */
export interface NodeStreams {
  /**
   * A stream of what `pull` gives, a piece or several at once, none of them empty, and `undefined` at the end. `stop` is called once
   * it is closed.
   */
  readonly toNodeStream: (
    pull: () => Promise<Uint8Array | readonly Uint8Array[] | undefined>,
    stop: (reason: unknown) => void,
  ) => ClosableStream;
  /**
   * A stream of the bytes that `take` makes of each chunk of another. An error that it returns, or `end` after the last,
   * is the stream's. Where one of both streams is closed, so is the other.
   */
  readonly passOn: (
    source: object,
    take: (chunk: unknown) => Uint8Array | Error,
    end: () => Error | undefined,
  ) => ClosableStream;
  /**
   * How many bytes an `fs.ReadStream` will give: of its regular file, between `start` and `end`. `undefined` where that is
   * not certain, and for any other stream.
   */
  readonly measureFile: (stream: object) => Promise<number | undefined>;
  /** A stream of today's kind in the place of an old one, such as the form-data package's. */
  readonly renew: (stream: object) => ClosableStream;
  /**
   * What opens the file of an `fs.ReadStream` once more, for the same range of it. `undefined` where that would not be the
   * same file, and for any other stream.
   */
  readonly findFile: (stream: object) => (() => ClosableStream) | undefined;
}

/** A stream of Node, without Node's types. */
export interface ClosableStream {
  readonly pipe: unknown;
  on(event: string, listener: (...values: never[]) => void): unknown;
  destroy(): unknown;
}

/** SHA-256 in progress. */
export interface Sha256 {
  /** Text counts as its UTF-8 bytes: a surrogate pair must not be cut in two. */
  update(data: TextOrBytes): void;
  digestHex(): string;
}

/**
 * A checksum that S3 verifies and keeps with the object.
 *
 * @example
 * await s3.put('/film.mp4', film, { aws4: { checksum: 'crc64nvme' } });
 */
export type ChecksumAlgorithm = 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256';

/** A checksum in progress. */
export interface Checksum {
  update(data: Uint8Array): unknown;
  /** The sum; of a CRC, its bytes in the order of their weight, the highest first. */
  digest(): Uint8Array | Promise<Uint8Array>;
}

/** Cuts text into slices, between which others have their turn. */
export type SliceText = (text: string) => AsyncIterable<string>;

/**
 * Text in another charset, with what it decodes to: where that is not the text, the charset could not hold it, and the
 * bytes are of no use.
 */
export interface EncodedText {
  readonly bytes: Uint8Array;
  readonly decoded: string;
}
