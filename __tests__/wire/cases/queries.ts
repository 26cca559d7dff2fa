/** Cases for queries: in the URL, in `params`, in both, by every serializer that axios lets one choose. */
import { listCases, type WireCase } from '../wire-case.js';

const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');
const AXIOS_LEAVES_RAW = "-_.!~*'():$,[]";
const refused = 'Node refuses the spaces that the serializer leaves, and axios does not escape them';
const needsParsing = {
  lacking: {
    http: refused,
    'axios-1.7': refused,
    http2: refused,
    proxy: refused,
    socketPath: refused,
    'maxRedirects: 0': refused,
  },
} as const;
const date = new Date('2026-11-22T10:20:30.456Z');

const inUrl = listCases({ service: 'execute-api' }, [
  ['query in the URL: a pair', () => ({ url: '/?a=b' })],
  ['query in the URL: nothing after the question mark', () => ({ url: '/a?' })],
  ['query in the URL: a name without a value', () => ({ url: '/?acl' })],
  ['query in the URL: an empty value', () => ({ url: '/?acl=' })],
  ['query in the URL: a value without a name', () => ({ url: '/?=b' })],
  ['query in the URL: an equals sign alone', () => ({ url: '/?=' })],
  ['query in the URL: empty pairs', () => ({ url: '/?&a=b&&c=d&' })],
  ['query in the URL: empty pairs only', () => ({ url: '/?&&' })],
  ['query in the URL: duplicates', () => ({ url: '/?a=2&a=1&b=&a=2' })],
  ['query in the URL: names that sort by bytes', () => ({ url: '/?b=1&a-b=1&a=2&A=3&a%00=4&aa=5&ä=6&_=7&~=8' })],
  ['query in the URL: a raw plus', () => ({ url: '/?a=1+2&b+c=d' })],
  ['query in the URL: an escaped plus', () => ({ url: '/?a=1%2B2&b%2bc=d' })],
  ['query in the URL: raw and escaped spaces', () => ({ url: '/?a b=c d&e%20f=g%20h' })],
  ['query in the URL: equals signs in a value', () => ({ url: '/?a=b=c==&d=%3D' })],
  ['query in the URL: question marks and slashes', () => ({ url: '/?a=/b?c/d&e?=f' })],
  ['query in the URL: escaped delimiters', () => ({ url: '/?a%26b=c%3Dd%23e%3F%2F' })],
  ['query in the URL: lower-case escapes', () => ({ url: '/?a=%c3%bc%2f' })],
  ['query in the URL: double escapes', () => ({ url: '/?a=%2520%252B' })],
  ['query in the URL: percent signs that begin no escape', () => ({ url: '/?a=100%&b=%zz&c=%4' })],
  ['query in the URL: escapes that are not UTF-8', () => ({ url: '/?a=%FF%fe' })],
  ['query in the URL: unicode', () => ({ url: '/?ключ=日本&e=💛' })],
  ['query in the URL: reserved characters', () => ({ url: "/?a=!$'()*,;:@/?[]" })],
  ['query in the URL: characters that no URI has', () => ({ url: '/?a="<>^`{|}\\' })],
  ['query in the URL: a semicolon is no separator', () => ({ url: '/?a=1;b=2' })],
  [
    'query in the URL: another signature’s parameters',
    () => ({ url: '/?X-Amz-Date=20261122T000000Z&X-Amz-Expires=1' }),
  ],
  ['query in the URL: unreserved characters escaped', () => ({ url: '/?%61%2D%5F%2E%7E=%41' })],
  [
    'query in the URL: 400 pairs',
    () => ({ url: `/?${Array.from({ length: 400 }, (_, i) => `n${String(i % 7)}=${String(i)}`).join('&')}` }),
  ],
]);

const asObject = listCases({ service: 'execute-api' }, [
  ['params: an object', () => ({ url: '/', params: { a: 'b', c: 1, d: true, e: false } })],
  ['params: null and undefined are left out', () => ({ params: { a: null, b: undefined, c: 0, d: '' } })],
  ['params: an empty object', () => ({ params: {} })],
  ['params: spaces and pluses', () => ({ params: { 'a b': 'c d', 'e+f': 'g+h' } })],
  ['params: every visible ASCII character', () => ({ params: { all: ASCII, [`n${AXIOS_LEAVES_RAW}`]: 1 } })],
  ['params: what axios leaves raw', () => ({ params: { a: AXIOS_LEAVES_RAW } })],
  ['params: names that need escaping', () => ({ params: { 'a&b=c': 1, 'd#e?': 2, 'f%20g': 3, 'ü/': 4 } })],
  ['params: percent signs', () => ({ params: { a: '100%', b: '%20', c: '%2F' } })],
  ['params: emoji and other unicode', () => ({ params: { '💛': '💛👩‍👩‍👧', ключ: '日本' } })],
  ['params: control characters', () => ({ params: { a: '\0\t\r\n\x7f' } })],
  ['params: a date', () => ({ params: { date } })],
  ['params: an object is nested', () => ({ params: { filter: { name: 'a b', deep: { er: [1, 2] } } } })],
  ['params: a name that says JSON', () => ({ params: { 'filter{}': { a: [1, '+'] } } })],
  ['params: a big number and NaN', () => ({ params: { a: 1e21, b: NaN, c: -0 } })],
  ['params: a BigInt', () => ({ params: { a: 123456789012345678901n } })],
  ['params: the name of an object’s own method', () => ({ params: { constructor: 'a', toString: 'b' } })],
  ['params: a name of spaces, which axios trims', () => ({ params: { ' a ': 1 } })],
  ['params: an array', () => ({ params: { a: ['1', '+ ', null, 3] } })],
  ['params: an empty array', () => ({ params: { a: [], b: 1 } })],
  ['params: an array of objects', () => ({ params: { a: [{ b: 1 }, { b: 2 }] } })],
  ['params: an array of dates', () => ({ params: { a: [date, date] } })],
  ['params: a name with brackets', () => ({ params: { 'a[]': [1, 2], 'b[c]': 3 } })],
]);

const arrayModes = ([true, false, null] as const).flatMap((indexes) =>
  listCases({ service: 'execute-api' }, [
    [
      `params: arrays with indexes: ${String(indexes)}`,
      () => ({ params: { a: ['x', 'y z'], b: { c: [1, 2] }, d: [[1], [2]] }, paramsSerializer: { indexes } }),
    ],
  ]),
);

const asUrlSearchParams = listCases({ service: 'execute-api' }, [
  ['params: URLSearchParams', () => ({ params: new URLSearchParams('a=1&b=x y&a=2') })],
  [
    'params: URLSearchParams with pluses and spaces',
    () => ({
      params: new URLSearchParams([
        ['a+b', 'c d+'],
        ['', ''],
      ]),
    }),
  ],
  [
    'params: URLSearchParams of every ASCII character',
    () => ({ params: new URLSearchParams({ all: ASCII, [ASCII]: '' }) }),
  ],
  ['params: empty URLSearchParams', () => ({ params: new URLSearchParams() })],
]);

const serialized = listCases({ service: 'execute-api' }, [
  [
    'paramsSerializer: a function',
    () => ({ params: { a: 1 }, paramsSerializer: { serialize: (p) => `s=${JSON.stringify(p)}` } }),
  ],
  [
    'paramsSerializer: an old-style function',
    () => ({ params: { a: 1 }, paramsSerializer: (p: object) => `s=${JSON.stringify(p)}+` }),
  ],
  [
    'paramsSerializer: what needs escaping',
    () => ({ params: { a: 1 }, paramsSerializer: { serialize: () => 'a=b c&d=ü+"\'' } }),
    needsParsing,
  ],
  [
    'paramsSerializer: what needs escaping, but for spaces',
    () => ({ params: { a: 1 }, paramsSerializer: { serialize: () => 'a=b"c\'d+e/?:@[]{}|\\^`' } }),
  ],
  ['paramsSerializer: nothing', () => ({ url: '/?a=b', params: { c: 1 }, paramsSerializer: { serialize: () => '' } })],
  [
    'paramsSerializer: encode',
    () => ({ params: { 'a b': 'c d', e: ':$,+[]' }, paramsSerializer: { encode: encodeURIComponent } }),
  ],
  [
    'paramsSerializer: encode that does nothing',
    () => ({ params: { a: 'b c', d: 'e/f' }, paramsSerializer: { encode: (text: string) => text } }),
    needsParsing,
  ],
  [
    'paramsSerializer: encode that calls the default',
    () => ({ params: { a: 'B C~!' }, paramsSerializer: { encode: encodeLowerCase } }),
  ],
  [
    'paramsSerializer: serialize and encode',
    () => ({
      params: { a: 'b c' },
      paramsSerializer: {
        encode: (text: string) => encodeURIComponent(`<${text}>`),
        serialize: (params: Record<string, string>, options) =>
          `x=${options?.encode?.(params['a'] ?? '', encodeURIComponent) as string}`,
      },
    }),
  ],
  ['paramsSerializer: dots', () => ({ params: { a: { b: { c: 1 } } }, paramsSerializer: { dots: true } })],
  [
    'paramsSerializer: from the defaults',
    () => ({ params: { a: ['b', 'c'] } }),
    { defaults: () => ({ paramsSerializer: { indexes: null } }) },
  ],
]);

function encodeLowerCase(this: unknown, text: string, encode?: (text: string) => string): string {
  return (encode ?? encodeURIComponent)(text.toLowerCase());
}

const both = listCases({ service: 'execute-api' }, [
  ['params: beside those in the URL', () => ({ url: '/?a=1&b', params: { a: '2', c: 'd e' } })],
  ['params: after a question mark alone', () => ({ url: '/a?', params: { b: 1 } })],
  ['params: after an ampersand', () => ({ url: '/a?b=1&', params: { c: 2 } })],
  ['params: before a fragment', () => ({ url: '/a?b=1#c', params: { d: 2 } })],
  ['params: before a fragment, without a query', () => ({ url: '/a#c?d', params: { e: 2 } })],
  [
    'params: from the defaults',
    () => ({ params: { b: 2 } }),
    { defaults: () => ({ params: { a: 1, b: 1, 'c d': '+' } }) },
  ],
  ['params: from the defaults alone', () => ({ url: '/a' }), { defaults: () => ({ params: { a: '$:,' } }) }],
  ['params: from the baseURL too', (origin) => ({ baseURL: `${origin}/a?b=c`, params: { d: 'e f' } })],
  ['params: with a body', () => ({ method: 'post', url: '/', params: { a: 'b+c' }, data: { d: 1 } })],
  [
    'params: for S3',
    () => ({ url: '/bucket/a b?versionId=x+y', params: { 'response-content-type': 'text/plain; charset=utf-8' } }),
    { service: 's3' },
  ],
  [
    'params: for Lambda',
    () => ({ url: '/2021-10-31/functions', params: { MaxItems: 1, Marker: 'a/b+c==' } }),
    { service: 'lambda' },
  ],
]);

/** Every case about queries. */
export const queryCases: readonly WireCase[] = [
  ...inUrl,
  ...asObject,
  ...arrayModes,
  ...asUrlSearchParams,
  ...serialized,
  ...both,
];
