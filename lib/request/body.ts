/** Every kind of axios body, after its transforms: what goes over the wire for it, and under which content type. */
import type { AdapterName } from './adapter-name.js';
import { encodeText } from './charset.js';
import { NO_CHANGES, type HeaderChanges } from './config-headers.js';
import { hasFormHeaders, isArrayBuffer, isBlob, isFormData, readTag } from './body-kinds.js';
import { Aws4AuthError } from '../errors.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import { createLazyModule } from '../platform/lazy-module.js';
import { proceed } from '../platform/waiting.js';
import { assertUnread, isStream, takeStream, type Stream } from './stream.js';

/** A body as it is sent; text stands for its UTF-8 bytes. A stream is one that is sent unread. */
export type Body = string | Uint8Array | Blob | Stream | undefined;

/** A body, and the headers that it brings or takes away. */
export interface Content {
  readonly body: Body;
  readonly headers: HeaderChanges;
  /** The length of a stream in bytes, where it is known before it is read. */
  readonly length?: number | undefined;
}

/** What decides on how a body is sent, beside the data. */
export interface ContentRules {
  /** The content type that the caller, a transform or axios set. */
  readonly contentType: unknown;
  /** axios's `formDataHeaderPolicy`. */
  readonly formDataHeaderPolicy: unknown;
  /** Whether the body is not hashed here: streams then stay unread. */
  readonly keepsStreams: boolean;
  /** The option of that name, in bytes. */
  readonly maxStreamBytes: number;
  /** The adapter that will send the body. */
  readonly adapterName: AdapterName;
}

/**
 * What is sent for a request's data. This is the one place where content types are decided after axios.
 *
 * @throws Aws4AuthError `ERR_UNSUPPORTED_BODY`, `ERR_BODY_TOO_LARGE`, `ERR_CHARSET`
 */
export function prepareContent(data: unknown, rules: ContentRules): Content | Promise<Content> {
  if (data === undefined || data === null) return toNoContent(rules);
  if (typeof data === 'string') return toTextContent(data, rules);
  if (isUint8Array(data)) return toContent(data);
  if (ArrayBuffer.isView(data)) return toContent(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  if (isArrayBuffer(data)) return toContent(viewBuffer(data));
  if (isBlob(data)) return toBlobContent(data, rules);
  const formHeaders = hasFormHeaders(data) ? selectFormHeaders(data.getHeaders(), rules) : undefined;
  if (formHeaders === undefined && isFormData(data)) return toFormContent(data, rules);
  const stream = typeof data === 'object' ? takeStream(data) : data;
  if (isStream(stream)) return toStreamContent(stream, formHeaders ?? NO_CHANGES, rules);
  throw new Aws4AuthError(
    `data: of the kind ${readTag(data)} cannot be signed; pass an object, text, bytes, a Blob, FormData, ` +
      'URLSearchParams or a stream',
    'ERR_UNSUPPORTED_BODY',
  );
}

function toContent(body: Body, headers: HeaderChanges = NO_CHANGES): Content {
  return { body, headers };
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

function toNoContent({ adapterName }: ContentRules): Content {
  // The xhr adapter removes the content type where there is no body. `null` does that; axios replaces `undefined`.
  return toContent(undefined, adapterName === 'xhr' ? { 'Content-Type': null } : NO_CHANGES);
}

/** Few requests have streams. */
const loadReading = createLazyModule(() => import('./stream-reading.js'));
const loadUnread = createLazyModule(() => import('./unread-stream.js'));

function toStreamContent(
  stream: Stream,
  headers: HeaderChanges,
  { keepsStreams, maxStreamBytes, adapterName }: ContentRules,
): Content | Promise<Content> {
  if (keepsStreams) {
    return proceed(loadUnread(), async ({ repeatStream, measureUnread }) => {
      const body = repeatStream(stream);
      assertUnread(body);
      return { body, headers, length: await measureUnread(body, adapterName) };
    });
  }
  assertUnread(stream);
  // In an object, since a promise of the reading would be one of its bytes.
  const starting = Promise.resolve(loadReading()).then(({ readStream }) => ({
    reading: readStream(stream, maxStreamBytes),
  }));
  const content = starting.then(({ reading }) => reading).then((bytes) => toContent(bytes, headers));
  return Object.assign(content, {
    stop: () => {
      starting.then(({ reading }) => {
        reading.stop();
      }, ignore);
    },
  });
}

const ignore = (): void => undefined;

function toTextContent(text: string, { contentType, adapterName }: ContentRules): Content | Promise<Content> {
  if (typeof contentType === 'string' || Array.isArray(contentType)) {
    const encoded = encodeText(text, String(contentType));
    if (typeof encoded !== 'string') return encoded.then((bytes) => toContent(bytes));
    // Browsers rewrite the charset in the content type of text, after the signing; not in that of bytes.
    const isRewritten = adapterName === 'xhr' && text !== '' && /charset/i.test(String(contentType));
    return toContent(isRewritten ? encodeUtf8(text) : encoded);
  }
  // Browsers and fetch add this to text without a content type.
  const isAdded = adapterName === 'fetch' || adapterName === 'xhr';
  return toContent(text, isAdded ? { 'Content-Type': 'text/plain;charset=UTF-8' } : NO_CHANGES);
}

/** Whether a header is sent for a content type; where none is, fetch and xhr add the one that a Blob has. */
function isSetType(contentType: unknown): boolean {
  return contentType !== undefined && contentType !== null && contentType !== false;
}

function toBlobContent(blob: Blob, { adapterName, contentType }: ContentRules): Content {
  // A File becomes a plain Blob, since axios 1.7 takes no File.
  const body = blob.slice(0, blob.size, blob.type);
  const isTypedByBlob = adapterName === 'http' ? blob.size > 0 && contentType !== false : !isSetType(contentType);
  const type = adapterName === 'http' ? blob.type || 'application/octet-stream' : blob.type;
  return toContent(body, isTypedByBlob && type !== '' ? { 'Content-Type': type } : NO_CHANGES);
}

/** Few requests have forms. */
const loadForms = createLazyModule(() => import('./form-data.js'));

/** A form as bytes, whose boundary is chosen here: axios's adapters would choose theirs after the signing. */
async function toFormContent(form: FormData, { contentType: givenType }: ContentRules): Promise<Content> {
  const { encodeForm } = await loadForms();
  const { bytes, contentType } = await encodeForm(form);
  return toContent(bytes, givenType === false ? NO_CHANGES : { 'Content-Type': contentType });
}

/** The form-data package's headers, as axios's adapters take them over. */
function selectFormHeaders(
  formHeaders: Readonly<Record<string, string>>,
  { contentType, formDataHeaderPolicy }: ContentRules,
): HeaderChanges {
  const names = formDataHeaderPolicy === 'content-only' ? /^content-(?:type|length)$/i : /^/;
  const refused = contentType === false ? /^content-type$/i : undefined;
  return Object.fromEntries(
    Object.entries(formHeaders).filter(([name]) => names.test(name) && refused?.test(name) !== true),
  );
}
