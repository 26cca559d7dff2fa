/** What a case of the wire tests is: an axios request, and what is right where plain axios is no measure. */
import type { AxiosRequestConfig, CreateAxiosDefaults } from 'axios';
import type { Aws4Options } from '../../lib/index.js';

/** The ways over which a case may be sent. */
export type TransportName =
  'http' | 'fetch' | 'axios-1.7' | 'http2' | 'proxy' | 'socketPath' | 'maxRedirects: 0' | 'custom adapter';

/** The signing names that the cases use. */
export type Service = 'execute-api' | 'lambda' | 'es' | 's3';

/** One part of a multipart body; header names in lower case. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  /** One character per byte. */
  readonly body: string;
}

/** What has to go out, whatever plain axios sends. */
export interface Sends {
  readonly body?: Buffer;
  readonly parts?: readonly Part[];
  /** By lower-case name, all values; one character per byte. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

export interface WireCase {
  readonly name: string;
  readonly service: Service;
  /** A request that nobody has used yet: streams and forms are consumed. */
  readonly request: (origin: string) => AxiosRequestConfig;
  /** Defaults of the axios instance. */
  readonly defaults?: (origin: string) => CreateAxiosDefaults;
  readonly options?: Aws4Options;
  readonly sends?: Sends;
  /** Where plain axios sends another body or content type than the caller's; `sends` says what is right. */
  readonly plainCorrupts?: 'everywhere' | readonly TransportName[];
  /** Why plain axios cannot send this there at all. */
  readonly lacking?: Partial<Record<TransportName, string>>;
  /**
   * What `response.config` is good for: by default the same request. 'other' where plain axios makes another of it
   * (its transforms run twice), 'nothing' where a stream has been consumed.
   */
  readonly resent?: 'other' | 'nothing';
  /** Whether S3 is sent a `%2F`, as nothing else names the same key; servers take it for the slash that it is there. */
  readonly keepsEncodedSlash?: boolean;
}

/** Makes cases from rows of a name and a request, all of the same kind. */
export function listCases(
  shared: Omit<WireCase, 'name' | 'request'>,
  rows: readonly (readonly [name: string, request: WireCase['request'], own?: Partial<WireCase>])[],
): WireCase[] {
  return rows.map(([name, request, own = {}]) => ({ ...shared, name, request, ...own }));
}
