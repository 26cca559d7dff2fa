/** The stages of the canonical request, each alone. */
import { createHash } from 'node:crypto';
import {
  canonicalizeHeaderValue,
  createCanonicalHeaders,
  createCanonicalPath,
  createCanonicalQuery,
  createCanonicalRequest,
  createStringToSign,
  splitUrl,
} from '../../lib/sigv4/canonical-request.js';

const asS3 = { normalizePath: false, doubleEncodePath: false };
const asOthers = { normalizePath: true, doubleEncodePath: true };

describe('splitUrl', () => {
  it.each([
    ['https://example.com', 'example.com', '/', ''],
    ['https://example.com?a=b', 'example.com', '/', 'a=b'],
    ['http://example.com/a/../b?x#y', 'example.com', '/a/../b', 'x'],
    ['https://example.com/a#b?c', 'example.com', '/a', ''],
    ['https://example.com/?a?b', 'example.com', '/', 'a?b'],
    ['https://EXAMPLE.com/A', 'example.com', '/A', ''],
    ['HTTPS://example.com:443/', 'example.com', '/', ''],
    ['http://example.com:80/', 'example.com', '/', ''],
    ['http://example.com:443/', 'example.com:443', '/', ''],
    ['https://localhost:9000/', 'localhost:9000', '/', ''],
    ['https://[2001:DB8::1]:8443/x', '[2001:db8::1]:8443', '/x', ''],
    ['https://bücher.example/', 'xn--bcher-kva.example', '/', ''],
    ['http://127.1:8000/', '127.0.0.1:8000', '/', ''],
    ['http://0x7f.1/', '127.0.0.1', '/', ''],
  ])('splits %s', (url, host, path, query) => {
    expect(splitUrl(url)).toStrictEqual({ host, path, query });
  });

  it.each([
    ['/relative'],
    ['example.com/path'],
    ['ftp://example.com/'],
    ['https:///path'],
    ['https://user:password@example.com/'],
    ['https://key@example.com/'],
    ['https://exa mple.com/'],
    ['https://example.com:port/'],
    [''],
  ])('refuses %j', (url) => {
    expect(() => splitUrl(url)).toThrow(expect.objectContaining({ name: 'Aws4AuthError', code: 'ERR_INVALID_URL' }));
  });

  it('does not show a password that it refuses', () => {
    expect(() => splitUrl('https://user:hunter2@example.com/')).toThrow(/^(?!.*hunter2).*user:password@/);
  });
});

describe('createCanonicalPath, encoded once (S3)', () => {
  it.each([
    ['/', '/'],
    ['/a/../b//c/.', '/a/../b//c/.'],
    ['/photo%20of%20me.jpg', '/photo%20of%20me.jpg'],
    ['/photo of me (1).jpg', '/photo%20of%20me%20%281%29.jpg'],
    ['/a%2fb%2Fc', '/a%2Fb%2Fc'],
    ['/a+b&c=d:e$f', '/a%2Bb%26c%3Dd%3Ae%24f'],
    ['/100%', '/100%25'],
    ['/%zz', '/%25zz'],
    ['/%E1%88%B4/ሴ', '/%E1%88%B4/%E1%88%B4'],
    ['/\uD83D', '/%EF%BF%BD'],
  ])('%j -> %s', (path, canonical) => {
    expect(createCanonicalPath(path, asS3)).toBe(canonical);
  });
});

describe('createCanonicalPath, normalised and encoded twice (all others)', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/a/../b//c/./', '/b/c/'],
    ['/../../a', '/a'],
    ['/a/..', '/'],
    ['/model/anthropic.claude-v2:1/invoke', '/model/anthropic.claude-v2%3A1/invoke'],
    ['/model/anthropic.claude-v2%3A1/invoke', '/model/anthropic.claude-v2%253A1/invoke'],
    ['/a%20b/c%2Fd', '/a%2520b/c%252Fd'],
    ['/%zz', '/%25zz'],
    ['/ሴ', '/%E1%88%B4'],
  ])('%j -> %s', (path, canonical) => {
    expect(createCanonicalPath(path, asOthers)).toBe(canonical);
  });

  it('does either without the other', () => {
    expect(createCanonicalPath('/a/../b%20c', { normalizePath: true, doubleEncodePath: false })).toBe('/b%20c');
    expect(createCanonicalPath('/a/../b%20c', { normalizePath: false, doubleEncodePath: true })).toBe('/a/../b%2520c');
  });
});

describe('createCanonicalQuery', () => {
  it.each([
    ['nothing', '', ''],
    ['a valueless name', 'uploads', 'uploads='],
    ['an empty value', 'a=', 'a='],
    ['an empty name', '=b', '=b'],
    ['the order of names, by byte', 'b=1&B=2&a=3&_=4', 'B=2&_=4&a=3&b=1'],
    ['names before values, so that a- comes after a', 'a-=1&a=2', 'a=2&a-=1'],
    ['the order of values of one name', 'a=2&a=10&a=1', 'a=1&a=10&a=2'],
    ['duplicates', 'a=1&a=1&a', 'a=&a=1&a=1'],
    ['a value with =', 'a=b=c==', 'a=b%3Dc%3D%3D'],
    ['a question mark', 'a=b?c', 'a=b%3Fc'],
    ['empty pairs', '&&a=1&&b=2&', 'a=1&b=2'],
    ['a plus', 'a=1+1', 'a=1%2B1'],
    ['escapes', 'a=%7e%2f%c3%bc', 'a=~%2F%C3%BC'],
    ['escapes in names', 'X%2DA=1', 'X-A=1'],
    ['raw unicode', 'ሴ=bar', '%E1%88%B4=bar'],
    ['invalid escapes', 'a=%&b=%4&c=%zz', 'a=%25&b=%254&c=%25zz'],
    ['every character that axios leaves raw', "a=:$,'()*!", 'a=%3A%24%2C%27%28%29%2A%21'],
    ['a lone surrogate', 'a=\uD83D', 'a=%EF%BF%BD'],
  ])('has %s', (_, query, canonical) => {
    expect(createCanonicalQuery(query)).toBe(canonical);
  });
});

describe('canonicalizeHeaderValue', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['   ', ''],
    [' a', 'a'],
    ['a ', 'a'],
    ['a b', 'a b'],
    ['  two   spaces\tand\t \ttabs  ', 'two spaces and tabs'],
    ['"a   b"', '"a b"'],
    ['\u00e9 \u00ff', '\u00e9 \u00ff'],
    [['2', ' 1 ', '2'], '2,1,2'],
    [[], ''],
    // No other white space is white space in a header.
    ['\u00a0a\u00a0\u00a0b', '\u00a0a\u00a0\u00a0b'],
  ])('%j -> %j', (value, canonical) => {
    expect(canonicalizeHeaderValue('x', value)).toBe(canonical);
  });

  it('takes a megabyte of white space in its stride', () => {
    expect(canonicalizeHeaderValue('x', `a${' '.repeat(1_000_000)}b`)).toBe('a b');
    expect(canonicalizeHeaderValue('x', 'a '.repeat(500_000))).toHaveLength(999_999);
  });

  it('refuses what no client can send as bytes', () => {
    const refused = (): unknown => canonicalizeHeaderValue('x-amz-meta-a', 'a\u2003b');
    expect(refused).toThrow(expect.objectContaining({ code: 'ERR_INVALID_HEADER' }));
    expect(refused).toThrow(/x-amz-meta-a/);
  });
});

describe('createCanonicalHeaders', () => {
  it('sorts by name, and joins what is sent under one name in its order', () => {
    const { lines, signedHeaders } = createCanonicalHeaders([
      ['x-a', '2,1'],
      ['host', 'example.com'],
      ['x-a', '3'],
      ['x-empty', ''],
    ]);
    expect(lines).toBe('host:example.com\nx-a:2,1,3\nx-empty:\n');
    expect(signedHeaders).toBe('host;x-a;x-empty');
  });

  it('has nothing for no headers', () => {
    expect(createCanonicalHeaders([])).toStrictEqual({ lines: '', signedHeaders: '' });
  });

  it('names are shared by requests that have the same, and by no others', () => {
    const lists = ['a b c', 'a b d', 'a a b', 'a b b', 'a b c', 'a a a', 'a b', 'a;b c d'].map((list) =>
      list.split(' '),
    );
    for (const names of [...lists, ...lists]) {
      const { signedHeaders } = createCanonicalHeaders(names.map((name) => [name, 'x']));
      expect(signedHeaders).toBe([...new Set(names)].join(';'));
    }
  });

  // Each number of headers is new here: what was signed before is kept by that.
  it.each(['evil', { names: Array(70).fill('x'), joined: 'host' }])('nothing of polluted numbers: %j', (evil) => {
    const lengths = Array.from({ length: 30 }, (_, i) => (typeof evil === 'string' ? 20 : 50) + i);
    for (const length of lengths) {
      Object.defineProperty(Object.prototype, String(length), { value: evil, configurable: true, enumerable: true });
    }
    let signedHeaders: string[];
    try {
      signedHeaders = lengths.map((length) => {
        return createCanonicalHeaders(Array.from({ length }, () => ['x', ''])).signedHeaders;
      });
    } finally {
      for (const length of lengths) Reflect.deleteProperty(Object.prototype, String(length));
    }
    expect(signedHeaders).toStrictEqual(lengths.map(() => 'x'));
  });

  it('copies no line for each further value of it: 2^16 spellings of one name come to an end', () => {
    const slice = jest.spyOn(String.prototype, 'slice');
    try {
      const values = Array.from({ length: 2 ** 16 }, (_, i) => String(i));
      const { lines } = createCanonicalHeaders(values.map((value) => ['x-a', value]));
      expect(slice).not.toHaveBeenCalled();
      expect(lines).toBe(`x-a:${values.join(',')}\n`);
    } finally {
      slice.mockRestore();
    }
  });

  it('sorts names as a server does, by byte', () => {
    const names = ['x-amz-date', 'x-amz-a', 'x_amz', 'x-amz', 'x-amz-1'];
    expect(createCanonicalHeaders(names.map((name) => [name, '']))).toMatchObject({
      signedHeaders: 'x-amz;x-amz-1;x-amz-a;x-amz-date;x_amz',
    });
  });
});

it('signs header values as the bytes that clients send, one a character', () => {
  const canonicalRequest = 'GET\n/\n\nx:\u00e9\n\nx\nhash';
  const hash = createHash('sha256').update(Buffer.from(canonicalRequest, 'latin1')).digest('hex');
  expect(createStringToSign('20150830T123600Z', 'scope', canonicalRequest).endsWith(`\n${hash}`)).toBe(true);
});

it('joins a canonical request and a string to sign', () => {
  const headers = { lines: 'host:example.com\n', signedHeaders: 'host' };
  const canonicalRequest = createCanonicalRequest({
    method: 'GET',
    path: '/',
    query: '',
    headers,
    payloadHash: 'hash',
  });
  expect(canonicalRequest).toBe('GET\n/\n\nhost:example.com\n\nhost\nhash');
  // The SHA-256 of no text at all, as every table of test vectors has it.
  expect(createStringToSign('20150830T123600Z', '20150830/a/b/aws4_request', '')).toBe(
    'AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/a/b/aws4_request\n' +
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});
