/** What to write in place of a header's value that HTTP cannot carry (RFC 9110, section 5.5: field values are bytes). */
import { Aws4AuthError } from '../errors.js';

/** How a header's reader decodes it, by the header's name in lower case; what is not here is told all three ways. */
const encodings: readonly (readonly [names: RegExp, instead: string])[] = [
  [/^x-amz-(?:copy|rename)-source$/, "percent-encode it: key.split('/').map(encodeURIComponent).join('/')"],
  [/^x-amz-(?:tagging|website-redirect-location)$/, 'percent-encode it, as encodeURIComponent does'],
  [/^x-amz-meta-/, 'encode it by RFC 2047, =?UTF-8?B?...?=, or percent-encode it'],
  [/^content-(?:disposition|type)$/, "encode it by RFC 8187, e.g. filename*=UTF-8''..."],
  [/^host$/, 'write its xn-- labels, as URL does'],
];
const otherwise = 'encode it as its reader decodes it: percent-encoded, by RFC 2047, or in base64';

/** The error for the value of a signed header with characters beyond Latin-1: clients refuse it, or cut these out. */
export function createUnsendableHeaderError(name: string): Aws4AuthError {
  const lowerCaseName = name.toLowerCase();
  const instead = encodings.find(([names]) => names.test(lowerCaseName))?.[1] ?? otherwise;
  return new Aws4AuthError(
    `headers: ${name} has characters beyond Latin-1, which cannot be sent; ${instead}`,
    'ERR_INVALID_HEADER',
  );
}
