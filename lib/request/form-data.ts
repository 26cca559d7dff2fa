/** FormData as the bytes that are sent for it (HTML, "multipart/form-data encoding algorithm"). */
import { isBlob } from './body-kinds.js';
import { Aws4AuthError } from '../errors.js';
import { toHex } from '../platform/hex.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { sliceBlob, sliceText } from './slices.js';
import { platform } from '#platform';

/** A form's bytes, and the content type that names their boundary. */
export interface EncodedForm {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/**
 * Encodes a form in slices, so that the event loop goes on, and into one buffer, so that the form is in memory once.
 * The platform's own encoder does neither, and takes no FormData of another realm.
 *
 * @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` for what only looks like a FormData, and where a file has changed
 */
export async function encodeForm(form: FormData): Promise<EncodedForm> {
  const parts = listEntries(form).map(createPart);
  const boundary = `----axios-aws4auth-${await createToken(parts)}`;
  const start = `--${boundary}\r\n`;
  const end = `--${boundary}--\r\n`;
  let length = end.length;
  for (const { head, value } of parts) {
    length += start.length + encodeUtf8(head).length + LINE_BREAK.length;
    length += typeof value === 'string' ? await measureText(value) : value.size;
  }

  const bytes = new Uint8Array(length);
  let written = 0;
  const write = (piece: string | Uint8Array): void => {
    const source = typeof piece === 'string' ? encodeUtf8(piece) : piece;
    if (written + source.length > length) throw createChangedError();
    bytes.set(source, written);
    written += source.length;
  };
  for (const { head, value } of parts) {
    write(start + head);
    if (typeof value !== 'string') for await (const slice of sliceBlob(value)) write(slice);
    else for await (const slice of sliceText(value)) write(normalizeLineBreaks(slice));
    write(LINE_BREAK);
  }
  write(end);
  if (written !== length) throw createChangedError();
  return { bytes, contentType: `multipart/form-data; boundary=${boundary}` };
}

const LINE_BREAK = '\r\n';

interface Part {
  readonly head: string;
  readonly value: string | Blob;
}

function createPart([name, value]: Entry): Part {
  const disposition = `Content-Disposition: form-data; name="${escapeName(normalizeLineBreaks(name))}"`;
  if (typeof value === 'string') return { head: `${disposition}\r\n\r\n`, value };
  if (!isBlob(value)) throw createUnknownFormError();
  const filename = 'name' in value && typeof value.name === 'string' ? value.name : 'blob';
  const contentType = value.type === '' ? 'application/octet-stream' : value.type;
  return { head: `${disposition}; filename="${escapeName(filename)}"\r\nContent-Type: ${contentType}\r\n\r\n`, value };
}

function normalizeLineBreaks(text: string): string {
  return text.replace(/\r\n?|\n/g, LINE_BREAK);
}

function escapeName(name: string): string {
  return name.replace(/["\r\n]/g, encodeURIComponent);
}

async function measureText(text: string): Promise<number> {
  let length = 0;
  for await (const slice of sliceText(text)) length += encodeUtf8(normalizeLineBreaks(slice)).length;
  return length;
}

/**
 * A random token: a value that contained the boundary would end its part, so that nobody may guess it. Without the
 * runtime's randomness (React Native) it is the hash of all parts, which none of them can contain.
 */
async function createToken(parts: readonly Part[]): Promise<string> {
  if (typeof crypto !== 'undefined') return toHex(crypto.getRandomValues(new Uint8Array(16)));
  const hash = platform.createSha256();
  for (const { head, value } of parts) {
    hash.update(head);
    for await (const slice of typeof value === 'string' ? sliceText(value) : sliceBlob(value)) hash.update(slice);
  }
  return hash.digestHex();
}

type Entry = readonly [name: string, value: unknown];

function listEntries(form: FormData): readonly Entry[] {
  if (typeof Reflect.get(form, 'entries') === 'function') return [...form.entries()];
  const parts: unknown = callMethod(form, 'getParts');
  if (!Array.isArray(parts)) throw createUnknownFormError();
  return parts.map(readNativeEntry);
}

function callMethod(object: object, name: string): unknown {
  const method: unknown = Reflect.get(object, name);
  return typeof method === 'function' ? Reflect.apply(method, object, []) : undefined;
}

/** An entry of React Native's own FormData: text, or a file that native code reads by its URI, and frames by itself. */
function readNativeEntry(part: { readonly fieldName?: unknown; readonly string?: unknown }): Entry {
  const { fieldName, string } = part;
  if (typeof fieldName === 'string' && typeof string === 'string') return [fieldName, string];
  throw new Aws4AuthError(
    'data: { uri } files of a FormData are read and framed by native code, after the signing; send the bytes as data',
    'ERR_UNSUPPORTED_BODY',
  );
}

function createUnknownFormError(): Aws4AuthError {
  return new Aws4AuthError(
    'data: this FormData has no entries of text and Blobs, and cannot be encoded; use the global FormData',
    'ERR_UNSUPPORTED_BODY',
  );
}

function createChangedError(): Aws4AuthError {
  return new Aws4AuthError('data: a file of the FormData changed while it was read', 'ERR_UNSUPPORTED_BODY');
}
