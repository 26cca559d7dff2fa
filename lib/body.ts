/** Every kind of axios body, after its transforms: what goes over the wire for it, and under which content type. */
import type { AxiosHeaders, InternalAxiosRequestConfig } from 'axios';
import type { AdapterName } from './adapter-name.js';
import { encodeText } from './charset.js';
import { Aws4AuthError } from './errors.js';
import { encodeForm } from './form-data.js';
import { isUint8Array } from './sigv4/payload-hash.js';
import { type NodeStream, assertUnread, isStream, readStream } from './stream.js';

/** A body as it is sent; text stands for its UTF-8 bytes. A stream is one that is sent unread. */
export type Body = string | Uint8Array | Blob | NodeStream | ReadableStream<unknown> | undefined;

/** How the body of a request is to be prepared. */
export interface BodyRules {
  /** Whether streams stay unread, since their hash is not signed. */
  readonly isUnsigned: boolean;
  readonly maxStreamBytes: number;
  /** axios's own adapter that will send the body, if it is one of these. */
  readonly adapterName: AdapterName;
}

/**
 * The body that is sent for this data. The config's headers get the content type that goes with it.
 *
 * @throws Aws4AuthError `ERR_UNSUPPORTED_BODY`, `ERR_BODY_TOO_LARGE`, `ERR_CHARSET`
 */
export function prepareBody(data: unknown, config: InternalAxiosRequestConfig, rules: BodyRules): Body | Promise<Body> {
  const { headers } = config;
  if (data === undefined || data === null) {
    settleNoContentType(headers, rules);
    return undefined;
  }
  if (typeof data === 'string') return prepareText(data, headers, rules);
  if (isUint8Array(data)) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (isArrayBuffer(data)) return viewBuffer(data);
  if (isBlob(data)) return prepareBlob(data, headers, rules);
  if (hasFormHeaders(data)) setFormHeaders(headers, data.getHeaders(), config);
  else if (isFormData(data)) return prepareForm(data, headers);
  if (isStream(data)) return prepareStream(data, rules);
  throw new Aws4AuthError(
    `data: of the kind ${tagOf(data)} cannot be signed; pass an object, text, bytes, a Blob, FormData, ` +
      'URLSearchParams or a stream',
    'ERR_UNSUPPORTED_BODY',
  );
}

function viewBuffer(buffer: ArrayBuffer): Uint8Array {
  try {
    return new Uint8Array(buffer);
  } catch (cause) {
    throw new Aws4AuthError('data: its ArrayBuffer was transferred, and has no bytes here', 'ERR_UNSUPPORTED_BODY', {
      cause,
    });
  }
}

function settleNoContentType(headers: AxiosHeaders, { adapterName }: BodyRules): void {
  // As the xhr adapter does; null stays, where axios would put its default into an empty place.
  if (adapterName === 'xhr') headers.setContentType(null);
}

function prepareStream(
  stream: NodeStream | ReadableStream<unknown>,
  { isUnsigned, maxStreamBytes }: BodyRules,
): Body | Promise<Body> {
  if (!isUnsigned) return readStream(stream, maxStreamBytes);
  assertUnread(stream);
  return stream;
}

function prepareText(text: string, headers: AxiosHeaders, { adapterName }: BodyRules): Body | Promise<Body> {
  const contentType: unknown = headers.getContentType();
  if (typeof contentType === 'string' || Array.isArray(contentType)) {
    const encoded = encodeText(text, String(contentType));
    // Browsers spell the charset of text in a way of their own, after the signing; that of bytes they leave as it is.
    const isRespelled = adapterName === 'xhr' && typeof encoded === 'string' && /charset/i.test(String(contentType));
    return isRespelled && text !== '' ? new TextEncoder().encode(text) : encoded;
  }
  // What browsers and fetch add to text that has no content type.
  if (adapterName === 'fetch' || adapterName === 'xhr') headers.setContentType('text/plain;charset=UTF-8', true);
  return text;
}

function prepareBlob(blob: Blob, headers: AxiosHeaders, { adapterName }: BodyRules): Blob {
  if (adapterName === 'http') {
    if (blob.size > 0) headers.setContentType(blob.type || 'application/octet-stream');
  } else if (blob.type !== '') {
    headers.setContentType(blob.type, false);
  }
  // A File is sent as the Blob that it is, which the oldest axios asks for.
  return blob.slice(0, blob.size, blob.type);
}

/** The boundary is chosen here; axios's adapters would each choose theirs after the signing. */
async function prepareForm(form: FormData, headers: AxiosHeaders): Promise<Uint8Array> {
  const { bytes, contentType } = await encodeForm(form);
  headers.setContentType(contentType);
  return bytes;
}

/** The form-data package's headers, as axios's adapters take them over. */
function setFormHeaders(
  headers: AxiosHeaders,
  formHeaders: Readonly<Record<string, string>>,
  config: { readonly formDataHeaderPolicy?: unknown },
): void {
  for (const [name, value] of Object.entries(formHeaders)) {
    if (config.formDataHeaderPolicy !== 'content-only' || /^content-(?:type|length)$/i.test(name)) {
      headers.set(name, value);
    }
  }
}

interface FormWithHeaders {
  getHeaders(): Readonly<Record<string, string>>;
}

function hasFormHeaders(data: unknown): data is FormWithHeaders {
  return typeof data === 'object' && data !== null && 'getHeaders' in data && typeof data.getHeaders === 'function';
}

export function isFormData(data: unknown): data is FormData {
  return tagOf(data) === 'FormData';
}

export function isBlob(data: unknown): data is Blob {
  const isTagged = tagOf(data) === 'Blob' || tagOf(data) === 'File';
  return isTagged && typeof Reflect.get(Object(data), 'slice') === 'function';
}

/**
 * The bytes of a view, in a form that axios sends just as they are: of any other view its default transform sends the
 * whole buffer behind it, and its http adapter takes no bytes but a Buffer's.
 */
export function toExactBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array | ArrayBufferLike {
  // The global may be missing (browsers), and a bundler must not be led to add it.
  if ('Buffer' in globalThis) return Buffer.from(buffer, byteOffset, byteLength);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

export function isArrayBuffer(data: unknown): data is ArrayBuffer {
  return tagOf(data) === 'ArrayBuffer';
}

/** What kind of value this is, in the words of its own realm. */
function tagOf(data: unknown): string {
  return Object.prototype.toString.call(data).slice('[object '.length, -1);
}
