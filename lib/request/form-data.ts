/** FormData as the bytes that are sent for it (HTML, "multipart/form-data encoding algorithm"). */
import { isBlob } from './body-kinds.js';
import { Aws4AuthError } from '../errors.js';
import { toHex } from '../platform/hex.js';
import { encodeUtf8 } from '../platform/utf8.js';
import { SLICE_UNITS, sliceBlob, sliceText, type Slices } from './slices.js';
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
  const entries = await listEntries(form);
  const boundary = `----axios-aws4auth-${await createToken(entries)}`;
  let length = 0;
  for await (const piece of listPieces(entries, boundary)) {
    length += typeof piece === 'string' ? encodeUtf8(piece).length : piece.size;
  }

  const bytes = new Uint8Array(length);
  let written = 0;
  const write = (source: Uint8Array): void => {
    if (written + source.length > length) throw createChangedError();
    bytes.set(source, written);
    written += source.length;
  };
  for await (const piece of listPieces(entries, boundary)) {
    if (typeof piece === 'string') write(encodeUtf8(piece));
    else for await (const slice of sliceBlob(piece)) write(slice);
  }
  if (written !== length) throw createChangedError();
  return { bytes, contentType: `multipart/form-data; boundary=${boundary}` };
}

/** What a form is made of, one after the other: text, of which small fields are joined, and files. */
async function* listPieces(entries: readonly Entry[], boundary: string): Slices<string | Blob> {
  let text = '';
  let files = 0;
  for (const entry of entries) {
    const { head, value } = createPart(entry);
    text += `--${boundary}\r\n${head}`;
    if (typeof value !== 'string') {
      yield text;
      yield value;
      text = '';
      files += 1;
      if (files % FILES_BETWEEN_TURNS === 0) await platform.yieldToEventLoop();
    } else if (value.length <= SLICE_UNITS) {
      text += normalizeLineBreaks(value);
    } else {
      for await (const slice of sliceText(value)) {
        yield text + normalizeLineBreaks(slice);
        text = '';
      }
    }
    text += LINE_BREAK;
    if (text.length < SLICE_UNITS) continue;
    yield text;
    text = '';
    await platform.yieldToEventLoop();
  }
  yield `${text}--${boundary}--\r\n`;
}

/** After so many files the event loop has its turn: small ones are each read in one step. */
const FILES_BETWEEN_TURNS = 8;

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
  return name.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

/**
 * A random token: a value that contained the boundary would end its part, so that nobody may guess it. Without the
 * runtime's randomness (React Native) it is the hash of all parts, which none of them can contain.
 */
async function createToken(entries: readonly Entry[]): Promise<string> {
  if (typeof crypto !== 'undefined') return toHex(crypto.getRandomValues(new Uint8Array(16)));
  const hash = platform.createSha256();
  for await (const piece of listPieces(entries, '')) {
    if (typeof piece === 'string') hash.update(piece);
    else for await (const slice of sliceBlob(piece)) hash.update(slice);
  }
  return hash.digestHex();
}

type Entry = readonly [name: string, value: unknown];

async function listEntries(form: FormData): Promise<readonly Entry[]> {
  if (typeof Reflect.get(form, 'entries') === 'function') return collectEntries(form.entries());
  const parts: unknown = callMethod(form, 'getParts');
  if (!Array.isArray(parts)) throw createUnknownFormError();
  return parts.map(readNativeEntry);
}

async function collectEntries(entries: Iterable<Entry>): Promise<readonly Entry[]> {
  const collected: Entry[] = [];
  for (const entry of entries) {
    collected.push(entry);
    if (collected.length % ENTRIES_BETWEEN_TURNS === 0) await platform.yieldToEventLoop();
  }
  return collected;
}

/** After so many entries, which take some milliseconds to list, the event loop has its turn. */
const ENTRIES_BETWEEN_TURNS = 4096;

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
