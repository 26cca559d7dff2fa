/** Cases for headers, each with all of them signed that can be: in every shape that axios takes them. */
import { AxiosHeaders, type AxiosRequestHeaders } from 'axios';
import { listCases, type WireCase } from '../wire-case.js';

const SHA256_OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const signAll = { service: 'execute-api', options: { signedHeaders: ['*'] } } as const;

const shapes = listCases(signAll, [
  ['headers: one', () => ({ headers: { 'X-A': 'b' } })],
  ['headers: upper, lower and mixed case', () => ({ headers: { 'X-UPPER': '1', 'x-lower': '2', 'x-MiXeD': '3' } })],
  ['headers: one name in two cases', () => ({ headers: { 'X-Twice': '1', 'x-twice': '2' } })],
  ['headers: spaces around a value', () => ({ headers: { 'X-A': '  b  ' } })],
  ['headers: repeated spaces', () => ({ headers: { 'X-A': 'a   b    c' } })],
  ['headers: tabs', () => ({ headers: { 'X-A': '\ta\tb \t c\t' } })],
  ['headers: repeated spaces in quotes', () => ({ headers: { 'X-A': '"a   b"' } })],
  ['headers: an empty value', () => ({ headers: { 'X-A': '', 'X-Amz-Meta-Empty': '' } })],
  ['headers: a value of spaces', () => ({ headers: { 'X-A': '   ' } })],
  ['headers: numbers', () => ({ headers: { 'X-A': 5, 'X-B': 0, 'X-C': -1.5 } })],
  ['headers: true', () => ({ headers: { 'X-A': true } })],
  [
    'headers: false, null and undefined are left out',
    () => ({ headers: { 'X-A': false, 'X-B': null, 'X-C': undefined } }),
  ],
  ['headers: an array', () => ({ headers: { 'X-A': ['one', 'two', 'three'] } })],
  ['headers: an array of one', () => ({ headers: { 'X-A': ['one'] } })],
  ['headers: an array with commas and spaces', () => ({ headers: { 'X-A': ['a, b', ' c  d '] } })],
  [
    'headers: an array of cookies',
    () => ({ headers: { Cookie: ['a=b', 'c="d, e"'] } }),
    { lacking: { fetch: 'Request joins them by a comma, which no cookies are parted by' } },
  ],
  ['headers: x-amz-* as an array', () => ({ headers: { 'x-amz-meta-a': ['2', '1'] } })],
  ['headers: commas and quotes', () => ({ headers: { 'X-A': 'a,b, c , "d,e"' } })],
  ['headers: colons, semicolons, equals signs', () => ({ headers: { 'X-A': 'a:b;c=d' } })],
  ['headers: every visible ASCII character', () => ({ headers: { 'X-A': visibleAscii() } })],
  ['headers: names of every token character', () => ({ headers: { "X-!#$%&'*+.^_`|~0": 'a' } })],
  ['headers: 5,000 characters', () => ({ headers: { 'X-A': 'ab '.repeat(1666) } })],
  [
    'headers: 100',
    () => ({ headers: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`X-H${String(i)}`, String(i)])) }),
  ],
  ['headers: an AxiosHeaders', () => ({ headers: new AxiosHeaders({ 'X-A': 'b', 'x-amz-meta-c': 'd' }) })],
  [
    'headers: names that sort by bytes',
    () => ({ headers: { 'X-B': '1', 'X-A-B': '2', 'X-A': '3', 'X-A1': '4', X_A: '5' } }),
  ],
]);

function visibleAscii(): string {
  return Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('');
}

const nonAscii = listCases(signAll, [
  ['headers: Latin-1', () => ({ headers: { 'X-A': 'Grüße', 'x-amz-meta-b': 'é' } })],
  ['headers: a no-break space', () => ({ headers: { 'X-A': 'a\u00a0b' } })],
  ['headers: C1 controls', () => ({ headers: { 'X-A': 'a\u0085b' } })],
  ['headers: Latin-1 that looks like UTF-8', () => ({ headers: { 'x-amz-meta-a': 'Ã¼' } })],
  [
    'headers: beyond Latin-1 and not signed, which axios drops',
    () => ({ headers: { 'X-A': 'a日b💛', 'X-B': [' 日 c', 'd'] } }),
    {
      options: { signedHeaders: ['x-c'] },
      lacking: { 'axios-1.7': 'Node refuses the characters, and axios 1.7 does not drop them' },
    },
  ],
  [
    'headers: control characters, which axios drops',
    () => ({ headers: { 'X-A': 'a\x00b\x7fc', 'x-amz-meta-b': 'd\x1fe' } }),
    { lacking: { 'axios-1.7': 'Node refuses the characters, and axios 1.7 does not drop them' } },
  ],
  [
    'headers: line ends, which axios drops',
    () => ({ headers: { 'X-A': 'a\r\nX-Injected: b', 'x-amz-meta-c': 'd\ne' } }),
    { lacking: { 'axios-1.7': 'Node refuses the characters, and axios 1.7 does not drop them' } },
  ],
]);

const fromElsewhere = listCases(signAll, [
  [
    'headers: from the defaults',
    () => ({ headers: { 'X-B': '2' } }),
    { defaults: () => ({ headers: { 'X-A': '1', 'X-B': '1' } }) },
  ],
  [
    'headers: from the defaults of all methods and of one',
    () => ({ method: 'post', data: { a: 1 } }),
    { defaults: () => ({ headers: { common: { 'X-Common': 'c' }, post: { 'X-Post': 'p' }, get: { 'X-Get': 'g' } } }) },
  ],
  [
    'headers: a default taken away',
    () => ({ headers: { Accept: null, 'X-A': undefined } }),
    { defaults: () => ({ headers: { 'X-A': '1' } }) },
  ],
  [
    'headers: no User-Agent',
    () => ({ headers: { 'User-Agent': false } }),
    { lacking: { fetch: 'undici sends a User-Agent of its own' } },
  ],
  ['headers: a User-Agent of its own', () => ({ headers: { 'User-Agent': 'mine/1  (a b)' } })],
  [
    'headers: Accept and Accept-Encoding',
    () => ({ headers: { Accept: 'text/html;q=0.8, */*', 'Accept-Encoding': 'identity' } }),
  ],
  ['headers: set by a transform', () => ({ method: 'put', data: 'abc', transformRequest: [setHeaders] })],
  [
    'headers: a cookie',
    () => ({ headers: { Cookie: 'a=b; c="d e"' } }),
    { lacking: { fetch: 'Request forbids it in part' } },
  ],
  ['headers: Range and conditions', () => ({ headers: { Range: 'bytes=0-9', 'If-None-Match': '"abc"' } })],
  ['headers: a content type without a body', () => ({ headers: { 'Content-Type': 'application/json' } })],
  [
    'headers: a content type with odd spaces',
    () => ({ method: 'post', data: 'a', headers: { 'Content-Type': 'text/plain ;  charset=utf-8' } }),
  ],
  ['headers: an empty content type', () => ({ method: 'post', data: 'a', headers: { 'Content-Type': '' } })],
  ['headers: content type false', () => ({ method: 'post', data: 'a', headers: { 'Content-Type': false } })],
]);

function setHeaders(data: string, headers: AxiosRequestHeaders): string {
  headers.set('X-Amz-Meta-Length', data.length);
  headers.set('Content-Type', 'text/plain');
  headers.set('x-list', ['a', 'b']);
  headers.set('X-Gone', false);
  return data;
}

const host = listCases(signAll, [
  ['Host: given', () => ({ headers: { Host: 'abc123.execute-api.eu-west-1.amazonaws.com' } })],
  ['Host: given with a port, in lower case', () => ({ headers: { host: 'example.com:8443' } })],
  ['Host: given in upper case', () => ({ headers: { HOST: 'EXAMPLE.com' } })],
  ['Host: from the defaults', () => ({ url: '/a' }), { defaults: () => ({ headers: { Host: 'default.example' } }) }],
  ['Host: set by a transform', () => ({ method: 'post', data: 'a', transformRequest: [setHost] })],
]);

function setHost(data: string, headers: AxiosRequestHeaders): string {
  headers.set('Host', 'transformed.example');
  return data;
}

const aws = listCases(signAll, [
  ['Authorization: someone else’s, replaced', () => ({ headers: { Authorization: 'Bearer abc.def' } })],
  ['Authorization: someone else’s, in lower case', () => ({ headers: { authorization: 'Basic YTpi' } })],
  ['Authorization: an old signature, with its headers', () => ({ headers: oldSignature() })],
  [
    'x-amz-*: metadata',
    () => ({ method: 'put', data: 'abc', headers: { 'x-amz-meta-a': 'b', 'X-Amz-Acl': 'private' } }),
  ],
  [
    'x-amz-*: a target',
    () => ({ method: 'post', data: {}, headers: { 'X-Amz-Target': 'DynamoDB_20120810.ListTables' } }),
  ],
  [
    'x-amz-*: from the defaults',
    () => ({ url: '/a' }),
    { defaults: () => ({ headers: { common: { 'X-Amz-Request-Payer': 'requester' } } }) },
  ],
  [
    'x-amz-content-sha256: the body’s hash',
    () => ({
      method: 'put',
      data: 'abc',
      headers: { 'x-amz-content-sha256': SHA256_OF_ABC, 'Content-Type': 'text/plain' },
    }),
    { sends: { headers: { 'x-amz-content-sha256': [SHA256_OF_ABC] } } },
  ],
  [
    'x-amz-content-sha256: the hash of no body',
    () => ({ headers: { 'X-Amz-Content-SHA256': SHA256_OF_NOTHING } }),
    { sends: { headers: { 'x-amz-content-sha256': [SHA256_OF_NOTHING] } } },
  ],
  [
    'x-amz-content-sha256: UNSIGNED-PAYLOAD',
    () => ({ method: 'put', data: 'abc', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
    { sends: { headers: { 'x-amz-content-sha256': ['UNSIGNED-PAYLOAD'] } } },
  ],
]);

function oldSignature(): Record<string, string> {
  const scope = 'AKIDOLD/20200101/eu-west-1/execute-api/aws4_request';
  return {
    Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    'X-Amz-Date': '20200101T000000Z',
    'X-Amz-Security-Token': 'old',
    'X-Amz-Content-Sha256': SHA256_OF_ABC,
  };
}

/** Every case about headers. */
export const headerCases: readonly WireCase[] = [...shapes, ...nonAscii, ...fromElsewhere, ...host, ...aws];
