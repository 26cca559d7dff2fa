/** Text bodies in the charset that their content type names (RFC 9110, section 8.3.2). */
import { Aws4AuthError } from '../errors.js';
import { platform } from '#platform';

// us-ascii is not among them: text beyond ASCII is not in it, and must be refused.
const UTF_8 = /^utf-?8$/i;
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)/g;

/**
 * Text as it is sent: the text itself, which stands for its UTF-8 bytes, or its bytes in another charset where the
 * content type names one.
 *
 * @throws Aws4AuthError `ERR_CHARSET` for a charset that is not known, or that cannot hold the text
 */
export function encodeText(text: string, contentType: string): string | Promise<Uint8Array> {
  const charset = readCharset(contentType);
  return charset === undefined || text === '' || UTF_8.test(charset) ? text : encodeInCharset(text, charset);
}

function readCharset(contentType: string): string | undefined {
  if (!/charset/i.test(contentType)) return undefined;
  for (const [, name, value] of contentType.matchAll(PARAMETER)) {
    if (name?.toLowerCase() === 'charset' && value) return value.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
  }
  return undefined;
}

// What encoders of Node offer besides: ways to write bytes as text, and names that no registry has for a charset.
const NO_CHARSETS: ReadonlySet<string> = new Set(['base64', 'base64url', 'hex', 'binary', 'utf7imap']);

async function encodeInCharset(text: string, charset: string): Promise<Uint8Array> {
  // As encoders compare names.
  const isNone = NO_CHARSETS.has(charset.toLowerCase().replace(/:\d{4}$|[^0-9a-z]/g, ''));
  const encoding = isNone ? Promise.reject(new RangeError('No charset')) : platform.encodeText(text, charset);
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
