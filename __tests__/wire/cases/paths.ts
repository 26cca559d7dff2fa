/** Cases for paths: what WHATWG URL (which axios calls) leaves of them, for services that encode once and twice. */
import { listCases, type Service, type WireCase } from '../wire-case.js';

const ARN = 'arn:aws:kafka:eu-west-1:123456789012:cluster/demo/1a2b-3c';
const RESERVED = "!$&'()*+,;=:@";
const UNWISE = '"<>^`{|}[]';
const UNRESERVED = '-._~';

const escape = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

const escapeAll = (characters: string): string => Array.from(characters, escape).join('');

const ordinary = [
  ['nothing', ''],
  ['a slash', '/'],
  ['one segment', '/items'],
  ['no slash in front', 'items/1'],
  ['a slash at the end', '/items/'],
  ['matrix parameters', '/a;v=1/b;w=2;x'],
  ['2,000 characters', `/${'abcdefghi/'.repeat(200)}`],
  ['unreserved characters', `/AZaz09${UNRESERVED}`],
  ['escaped unreserved characters', `/a${escapeAll('Az09-_~')}b`],
] as const;

const spaces = [
  ['a raw space', '/a b'],
  ['an escaped space', '/a%20b'],
  ['raw and escaped spaces at the ends of segments', '/ a /%20b%20/c d'],
  ['a raw plus', '/a+b'],
  ['an escaped plus', '/a%2Bb'],
  ['a raw tab and newline, which URL drops', '/a\tb\nc'],
  ['escaped control characters', '/a%09b%0Ac%0D%00%1F%7F'],
  ['a raw DEL and a no-break space', '/a\x7fb\u00a0c'],
] as const;

const unicode = [
  ['raw Latin letters', '/Grüße'],
  ['raw Chinese', '/日本語/キー'],
  ['a raw emoji', '/💛/x'],
  ['a combining accent, not composed', '/cafe\u0301'],
  ['upper-case escapes of UTF-8', '/Gr%C3%BC%C3%9Fe'],
  ['lower-case escapes of UTF-8', '/Gr%c3%bc%c3%9fe'],
  ['raw and escaped letters', '/ü/%C3%BC'],
  ['escapes that are not UTF-8', '/%FF%FE/%c0%af'],
  ['a lone surrogate, which URL replaces', '/a\ud800b'],
] as const;

const escapes = [
  ['reserved characters, all raw', `/a${RESERVED}b`],
  ['reserved characters, all escaped', `/a${escapeAll(RESERVED)}b`],
  ['reserved characters, escaped in lower case', `/a${escapeAll(RESERVED).toLowerCase()}b`],
  ['characters that no URI has, all raw', `/a${UNWISE}b`],
  ['characters that no URI has, all escaped', `/a${escapeAll(UNWISE)}b`],
  ['a raw backslash, which URL makes a slash', '/a\\b'],
  ['an escaped backslash', '/a%5Cb%5cc'],
  ['%2F', '/a%2Fb'],
  ['%2f', '/a%2fb/c'],
  ['%2F at the ends', '/%2Fa%2F'],
  ['%25', '/100%25'],
  ['%2520', '/a%2520b'],
  ['%252F', '/a%252Fb'],
  ['an escaped question mark', '/a%3Fb%3f'],
  ['an escaped hash', '/a%23b'],
  ['a percent sign at the end', '/100%'],
  ['a percent sign before letters', '/%zz'],
  ['a percent sign before one digit', '/a%4'],
  ['a percent sign before an escape', '/a%%20b'],
  ['JavaScript’s escape()', '/%u00fc'],
] as const;

const slashesAndDots = [
  ['double slashes', '/a//b'],
  ['many slashes', '/a///b////c'],
  ['double slashes at the end', '/a//'],
  ['..', '/a/../b'],
  ['.', '/a/./b'],
  ['.. above the root', '/../a'],
  ['.. at the end', '/a/b/..'],
  ['. at the end', '/a/.'],
  ['.. across double slashes', '/a//../b'],
  ['escaped ..', '/a/%2E%2E/b'],
  ['escaped .', '/a/%2e/b'],
  ['half-escaped ..', '/a/.%2e/b'],
  ['three dots and dots in names', '/.../..a/b../.c'],
] as const;

const fragments = [
  ['a fragment', '/a#b'],
  ['an empty fragment', '/a#'],
  ['a fragment after a query', '/a?b=c#d'],
  ['a query within a fragment', '/a#b?c=d'],
  ['a fragment alone', '#a'],
] as const;

const names = [
  ['an ARN', `/v1/clusters/${ARN}`],
  ['an escaped ARN', `/v1/clusters/${encodeURIComponent(ARN)}`],
  [
    'an ARN escaped in lower case',
    `/v1/clusters/${encodeURIComponent(ARN).replace(/%../g, (text) => text.toLowerCase())}`,
  ],
  ['a model id', '/model/anthropic.claude-3-5-sonnet-20240620-v1:0/invoke'],
  ['an escaped model id', '/model/anthropic.claude-3-5-sonnet-20240620-v1%3A0/invoke'],
  [
    'an inference profile',
    '/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile%2Feu.x%3A0/converse',
  ],
] as const;

const groups = { ordinary, spaces, unicode, escapes, slashesAndDots, fragments, names };

const forService = (service: Service): WireCase[] =>
  Object.values(groups).flatMap((rows) =>
    listCases(
      { service },
      rows.map(([name, url]) => [`${service} path: ${name}`, () => ({ url })] as const),
    ),
  );

const singleCharacters = Array.from(RESERVED + UNWISE).flatMap((character) =>
  listCases({ service: 'execute-api' }, [
    [`path: a raw ${character}`, () => ({ url: `/a${character}b/${character}` })],
  ]),
);

const s3Keys = listCases({ service: 's3' }, [
  ['s3 key: double slashes in front and within', (origin) => ({ url: `${origin}/bucket//a//b` })],
  ['s3 key: dot segments behind %2F', () => ({ url: '/bucket/a%2F..%2Fb' }), { keepsEncodedSlash: true }],
  ['s3 key: a dot behind %2F', () => ({ url: '/bucket/a%2f.%2fb' }), { keepsEncodedSlash: true }],
  ['s3 key: %2F before a slash', () => ({ url: '/bucket/a%2F/b' })],
  ['s3 key: a date', () => ({ url: '/bucket/2026-11-22T10:20:30.000+01:00/{id}=[1]*.json' })],
  ['s3 key: the punctuation that S3 calls safe', () => ({ url: "/bucket/0!-_.*'()a" })],
  ['s3 key: the punctuation that S3 says to avoid', () => ({ url: '/bucket/&$@=;:+ ,%3F\\{^}%25`]">[~<%23|' })],
  ['s3 subresource', () => ({ url: '/bucket/key?uploads' })],
  ['s3 list', () => ({ url: '/bucket?list-type=2', params: { prefix: 'a b/c+d', delimiter: '/', 'max-keys': 10 } })],
]);

const otherServices = [
  ...listCases({ service: 'lambda' }, [
    [
      'lambda path: a function’s ARN',
      () => ({
        method: 'post',
        url: '/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:f:PROD/invocations',
        data: {},
      }),
    ],
    ['lambda path: an escaped ARN', () => ({ url: '/2015-03-31/functions/arn%3aaws%3alambda%3A%3A:f/configuration' })],
    ['lambda path: a version', () => ({ url: '/2015-03-31/functions/f:$LATEST?Qualifier=$LATEST' })],
  ]),
  ...listCases({ service: 'es' }, [
    ['es path: date math', () => ({ url: '/<logstash-{now/d}>/_search' })],
    ['es path: escaped date math', () => ({ url: '/%3Clogstash-%7Bnow%2Fd%7D%3E/_search?q=a:b' })],
    ['es path: several indices', () => ({ url: '/a*,-b,+c/_count', params: { q: 'user:x AND (a OR b)', pretty: '' } })],
    ['es path: an id with a slash', () => ({ method: 'put', url: '/i/_doc/a%2Fb%20c', data: { a: 1 } })],
  ]),
];

const urls = listCases({ service: 'execute-api' }, [
  ['URL: absolute, no baseURL', (origin) => ({ baseURL: '', url: `${origin}/a b?c=d e` })],
  ['URL: absolute, without a path', (origin) => ({ url: origin })],
  ['URL: absolute, a query at once', (origin) => ({ url: `${origin}?a=b` })],
  ['URL: upper-case scheme', (origin) => ({ url: `${origin.toUpperCase()}/Items` })],
  ['URL: white space around it', (origin) => ({ baseURL: '', url: `  ${origin}/a ` })],
  ['URL: baseURL with a path', (origin) => ({ baseURL: `${origin}/prod/v1/`, url: '/items' })],
  ['URL: baseURL with a path that needs escaping', (origin) => ({ baseURL: `${origin}/p ü/`, url: 'i%2Ft' })],
  ['URL: baseURL with a query', (origin) => ({ baseURL: `${origin}/a?b=c`, url: '' })],
  ['URL: double slashes in front', (origin) => ({ url: `${origin}//a//b` })],
  ['URL: baseURL alone', (origin) => ({ baseURL: `${origin}/prod/` })],
  ['URL: .. out of the baseURL', (origin) => ({ baseURL: `${origin}/prod/v1`, url: '../items' })],
  [
    'URL: absolute, taken as a path',
    (origin) => ({ baseURL: `${origin}/proxy`, url: 'https://a.example/b?c=d', allowAbsoluteUrls: false }),
    { lacking: { 'axios-1.7': 'allowAbsoluteUrls came with 1.8' } },
  ],
]);

/** Every case about paths. */
export const pathCases: readonly WireCase[] = [
  ...forService('execute-api'),
  ...forService('s3'),
  ...singleCharacters,
  ...s3Keys,
  ...otherServices,
  ...urls,
];
