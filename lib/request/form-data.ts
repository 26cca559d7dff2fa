/** FormData as the bytes that are sent for it (HTML, "multipart/form-data encoding algorithm"). */
import { isBlob } from './body-kinds.js';
import { Aws4AuthError } from '../errors.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { sliceBlob, sliceText } from './slices.js';

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
  const boundary = `----axios-aws4auth-${createToken()}`;
  const parts = [...listEntries(form)].map((entry) => createPart(boundary, entry));
  const end = `--${boundary}--\r\n`;
  let length = end.length;
  for (const { head, value } of parts) {
    length += encodeUtf8(head).length + LINE_BREAK.length;
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
    write(head);
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

function createPart(boundary: string, [name, value]: readonly [name: string, value: unknown]): Part {
  const disposition = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(normalizeLineBreaks(name))}"`;
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

/** A random token: a value that contained the boundary would end its part, so that nobody may guess it. */
function createToken(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function listEntries(form: FormData): Iterable<readonly [name: string, value: unknown]> {
  const entries: unknown = Reflect.get(form, 'entries');
  if (typeof entries !== 'function') throw createUnknownFormError();
  return form.entries();
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
