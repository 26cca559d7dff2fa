/** Text bodies in the charset that their content type names (RFC 9110, section 8.3.2). */
import { createLazyModule } from '../platform/lazy-module.js';

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
  if (charset === undefined || text === '' || UTF_8.test(charset)) return text;
  return Promise.resolve(loadEncoding()).then(({ encodeInCharset }) => encodeInCharset(text, charset));
}

/** Little text is in another charset. */
const loadEncoding = createLazyModule(() => import('./charset-encoding.js'));

function readCharset(contentType: string): string | undefined {
  if (!/charset/i.test(contentType)) return undefined;
  for (const [, name, value] of contentType.matchAll(PARAMETER)) {
    if (name?.toLowerCase() === 'charset' && value) return value.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
  }
  return undefined;
}
