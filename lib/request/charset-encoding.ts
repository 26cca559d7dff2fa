/** Text as its bytes in a charset other than UTF-8; loaded for the first text that is in one. */
import { Aws4AuthError } from '../errors.js';
import { sliceText } from './slices.js';
import { platform } from '#platform';

// What encoders of Node offer besides: ways to write bytes as text, and names that no registry has for a charset.
const NO_CHARSETS: ReadonlySet<string> = new Set(['base64', 'base64url', 'hex', 'binary', 'utf7imap']);

/** @throws Aws4AuthError `ERR_CHARSET` for a charset that is not known, or that cannot hold the text */
export async function encodeInCharset(text: string, charset: string): Promise<Uint8Array> {
  // As encoders compare names.
  const isNone = NO_CHARSETS.has(charset.toLowerCase().replace(/:\d{4}$|[^0-9a-z]/g, ''));
  const encoding = isNone
    ? Promise.reject(new RangeError('No charset'))
    : platform.encodeText(text, charset, sliceText);
  const { bytes, decoded } = await encoding.catch((cause: unknown) => {
    throw new Aws4AuthError(
      `Content-Type: the charset ${JSON.stringify(charset)} is not known here; encode the body yourself and pass bytes`,
      'ERR_CHARSET',
      { cause },
    );
  });
  if (decoded === text) return bytes;
  throw new Aws4AuthError(
    `Content-Type: the body has characters that ${charset} cannot hold; name another charset, such as utf-8`,
    'ERR_CHARSET',
  );
}
