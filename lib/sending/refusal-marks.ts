/** Marks by which it is worth while to ask whether a request was refused for its signature. */
import { listMembers } from './answer-members.js';
import { MAX_BYTES } from './peeked-text.js';
import type { ReadRefusal } from './server-refusal.js';

const MARKS = new RegExp(
  [
    ...[
      'Signature',
      'AccessKey',
      'access key',
      'ClientTokenId',
      'UnrecognizedClient',
      'AuthFailure',
      'InvalidSecurity',
    ],
    ...['Authentication ?Token', 'ExpiredToken', 'TokenRefreshRequired', 'InvalidToken', 'security token included'],
    ...['RequestExpired', 'request has expired', 'RequestTimeTooSkewed', 'RequestInTheFuture', 'MalformedDate'],
    ...['is not (?:valid yet|yet valid)', 'x-amz-date', 'date is too old', 'ISO-8601', 'in Credential scope'],
    ...['AuthorizationHeader', 'Authorization(?:Query)?Parameters', 'InvalidRegion', 'should be scoped'],
    ...[
      'Authorization (?:type|header|mechanism)',
      'auth mechanism',
      'key=value pair',
      'Credential field',
      'No such key: ',
    ],
    ...[
      'HeadersNotSigned',
      'SignedHeader',
      'not signed',
      'should be signed',
      'Content-?SHA256',
      'SecurityHeader',
      'BadDigest',
    ],
  ].join('|'),
  'i',
);

/** Whether an answer bears a mark of a refused signature; few others do. */
export function isMarked({ code = '', data }: ReadRefusal): boolean {
  return MARKS.test(code) || listTexts(data).some((text) => MARKS.test(text));
}

/** More than any refusal has; an application's answer may be of any size. */
const MOST_VALUES = 200;
/** In UTF-16 code units, of all texts together. */
const MOST_TEXT = 8 * MAX_BYTES;

function listTexts(data: unknown): string[] {
  const values = [data];
  for (const value of values) {
    if (typeof value === 'object' && value !== null) values.push(...listMembers(value, MOST_VALUES - values.length));
  }
  let left = MOST_TEXT;
  return values
    .filter((value) => typeof value === 'string')
    .map((value) => {
      const text = value.slice(0, Math.min(left, MAX_BYTES));
      left -= text.length;
      return text;
    });
}
