/** Marks by which it is worth while to ask whether a request was refused for its signature. */
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

function listTexts(data: unknown): string[] {
  const values = [data];
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    for (const name in value) {
      if (values.length > MOST_VALUES) break;
      if (Object.hasOwn(value, name)) values.push(Reflect.get(value, name));
    }
  }
  return values.filter((value) => typeof value === 'string');
}
