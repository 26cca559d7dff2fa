/** The request that goes out for an axios config which axios has finished: built once, and never changed. */
import type { InternalAxiosRequestConfig } from 'axios';
import type { AdapterName } from './adapter-name.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { isPending, proceed, type WaitLimits } from '../platform/waiting.js';
import { isBlob } from './body-kinds.js';
import { prepareContent, type Body, type Content } from './body.js';
import { readOwn } from './config.js';
import { changeHeaders, findName, type ConfigHeaders, type HeaderChanges } from './config-headers.js';
import { toExactBytes } from './exact-bytes.js';
import { Aws4AuthError } from '../errors.js';
import { createOutgoingUrl, type ConfigUrl, type OutgoingUrl } from './outgoing-url.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import { SLICE_UNITS, sliceText } from './slices.js';
import { isStream } from './stream.js';

type Config = InternalAxiosRequestConfig;

/** A request as it goes out, but for the headers that sign it. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: OutgoingUrl;
  /** All headers that the adapter is given to send, but for those that signing sets. */
  readonly headers: HttpHeaders;
  /** What of them is not the config's own, but comes with the body. */
  readonly bodyHeaders: HeaderChanges;
  readonly body: Body;
  /** What the config's headers said. */
  readonly given: ConfigHeaders;
  readonly adapterName: AdapterName;
}

/** What is known of a request before it is built. */
export interface RequestRules {
  /** Where it goes, as parsed from the config. */
  readonly parsedUrl: ConfigUrl;
  /** The service's signing name, which decides on how a path is spelled. */
  readonly service: string;
  readonly adapterName: AdapterName;
  readonly given: ConfigHeaders;
  /** Whether a stream stays one, and is sent unread. */
  readonly keepsStreams: boolean;
  readonly maxStreamBytes: number;
}

/**
 * Builds the request that an adapter will send for a config. A stream that had to be read is replaced in the config by
 * its bytes, and by the boundary of its form, so that whoever sends the config again finds them.
 *
 * @throws Aws4AuthError for a config of which no signed request can be made
 */
export function buildRequest(
  config: Config,
  rules: RequestRules,
  limits: WaitLimits,
): OutgoingRequest | Promise<OutgoingRequest> {
  const { given, adapterName, parsedUrl, service } = rules;
  const method = readMethod(config);
  const url = createOutgoingUrl(config, parsedUrl, service);
  const data: unknown = readOwn(config, 'data');
  const content = prepareContent(data, {
    contentType: given.contentType,
    formDataHeaderPolicy: readFormDataHeaderPolicy(config),
    keepsStreams: rules.keepsStreams,
    maxStreamBytes: rules.maxStreamBytes,
    adapterName,
  });
  return proceed(isPending(content) ? limits.wait(content) : content, (ready: Content) => {
    const { body, length } = ready;
    if (isUint8Array(body) && isStream(data)) keepBytes(config, body, ready.headers);
    const bodyHeaders = length === undefined ? ready.headers : addLength(given.sent, ready.headers, length);
    const headers = changeHeaders(given.sent, bodyHeaders);
    const request = { method, url, headers, bodyHeaders, body, given, adapterName };
    const declared = listContentLengths(headers);
    if (declared.length === 0) return request;
    const measuring = length ?? measure(body);
    return proceed(isPending(measuring) ? limits.wait(measuring) : measuring, (measured) => {
      assertContentLength(declared, measured);
      return request;
    });
  });
}

/** The headers of a stream whose length is known, unless the caller said how it is framed. */
function addLength(sent: HttpHeaders, bodyHeaders: HeaderChanges, length: number): HeaderChanges {
  const isFramed = Object.keys({ ...sent, ...bodyHeaders }).some((name) => FRAMING.test(name));
  return isFramed ? bodyHeaders : { ...bodyHeaders, 'Content-Length': String(length) };
}

const FRAMING = /^(?:content-length|transfer-encoding)$/i;

/** What the headers say of the length; most do not. */
function listContentLengths(headers: HttpHeaders): readonly string[] {
  let declared: string[] | undefined;
  for (const name of Object.keys(headers)) {
    if (name.length !== 'content-length'.length || name.toLowerCase() !== 'content-length') continue;
    if (headers[name] !== undefined) (declared ??= []).push(String(headers[name]));
  }
  return declared ?? NONE;
}

const NONE: readonly string[] = [];

/** @throws Aws4AuthError `ERR_INVALID_HEADER` for a length that is not the body's, where that is known */
function assertContentLength(declared: readonly string[], length: number | undefined): void {
  if (length === undefined || declared.every((each) => each === String(length))) return;
  throw new Aws4AuthError(
    `Content-Length: is not the ${String(length)} bytes of the body; leave the header out, since the adapter sets it`,
    'ERR_INVALID_HEADER',
  );
}

/** A body's length in bytes; `undefined` for a stream. */
function measure(body: Body): number | Promise<number> | undefined {
  if (body === undefined) return 0;
  if (typeof body === 'string') return body.length > SLICE_UNITS ? measureText(body) : encodeUtf8(body).length;
  if (isUint8Array(body)) return body.byteLength;
  return isBlob(body) ? body.size : undefined;
}

/** In slices: the bytes themselves are not needed. */
async function measureText(text: string): Promise<number> {
  let length = 0;
  for await (const slice of sliceText(text)) length += encodeUtf8(slice).length;
  return length;
}

function readFormDataHeaderPolicy(config: { readonly formDataHeaderPolicy?: unknown }): unknown {
  return readOwn(config, 'formDataHeaderPolicy');
}

/** @throws Aws4AuthError `ERR_INVALID_OPTION` for credentials of another kind beside the signature, or no method */
function readMethod(config: { readonly auth?: unknown; readonly method?: unknown }): string {
  const method = readOwn(config, 'method') ?? 'get';
  if (readOwn(config, 'auth')) {
    throw new Aws4AuthError('auth: would replace the signature; remove it, or set aws4: false', 'ERR_INVALID_OPTION');
  }
  if (typeof method !== 'string') throw new Aws4AuthError('method: must be a string', 'ERR_INVALID_OPTION');
  return method.toUpperCase();
}

function keepBytes(config: Config, bytes: Uint8Array, bodyHeaders: HeaderChanges): void {
  config.data = toExactBytes(bytes);
  for (const [name, value] of Object.entries(bodyHeaders)) {
    Reflect.set(config.headers, findName(config.headers, name), value);
  }
}
