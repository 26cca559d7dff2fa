/**
 * A megabyte of the text that makes a regular expression go back: work that grows with the square of its length would
 * take hours, and no test would end.
 */
import axios from 'axios';
import { aws4Interceptor, explainRefusal, parseAwsHostname, parseRequestDate } from '../../lib/index.js';
import { showConfig } from '../../lib/platform/debug-lines.js';
import { encodeText } from '../../lib/request/charset.js';
import { parsePlainUrl } from '../../lib/request/parsed-url.js';
import { createLibfaketimeClock, parseOffsets, parseSettingsFile } from '../../lib/time/libfaketime.js';
import { readRefusal } from '../../lib/sending/server-refusal.js';
import {
  canonicalizeHeaderValue,
  createCanonicalPath,
  createCanonicalQuery,
  splitUrl,
} from '../../lib/sigv4/canonical-request.js';
import { isStrictQuery, recodeRfc3986 } from '../../lib/sigv4/encoding.js';
import { signRequest } from '../../lib/sigv4/index.js';
import { failure, scope } from '../stand-ins/test-server.js';
import { show } from '../bad-input/refusals.js';

const LENGTH = 2 ** 20;
const fill = (unit: string): string => unit.repeat(LENGTH / unit.length);

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const s3Path = (text: string) => createCanonicalPath(`/${text}`, { normalizePath: false, doubleEncodePath: false });
const path = (text: string) => createCanonicalPath(`/${text}`, { normalizePath: true, doubleEncodePath: true });
const readAnswer = (data: unknown, headers: object = {}, service = 'dynamodb') =>
  readRefusal({ data, headers, status: 403, statusText: '' } as Parameters<typeof readRefusal>[0], service);
/** As of a service whose refusals are explained, whatever `wrap` makes of the text. */
const explainAnswer =
  (service: string, wrap: (text: string) => unknown) =>
  async (text: string): Promise<unknown> => {
    const client = axios.create({
      baseURL: 'https://explained.example',
      validateStatus: null,
      adapter: (config) => Promise.resolve({ data: wrap(text), headers: {}, status: 403, statusText: '', config }),
    });
    const params = { q: 'a+b', token: 'hidden-in-a-query' };
    client.interceptors.request.use(aws4Interceptor({ ...scope, service, credentials, heal: false }));
    const explanation = explainRefusal(await client.get('/a/b', { params, transformResponse: [] }));
    const shown = `${String(explanation)}${JSON.stringify(explanation)}`;
    expect(shown).not.toContain('hidden');
    expect(shown.length).toBeLessThan(100_000);
    return explanation;
  };
const refused = '<Error><Code>SignatureDoesNotMatch</Code>';
const CANONICAL =
  'The request signature we calculated does not match. The Canonical String for this request should have been\n';
const readKernel = (text: string) => {
  const readTextFile = (file: string): string => (file === '/proc/self/maps' ? 'libfaketime' : text);
  return createLibfaketimeClock({ environment: () => ({ FAKETIME: '+5' }), readTextFile })();
};

/** What reads text, with runs of what its expressions repeat, each with an end that none of them takes. */
const hostile: Readonly<
  Record<string, readonly [read: (text: string) => unknown, units: readonly string[], end: string]>
> = {
  parseRequestDate: [parseRequestDate, [' ', '0', '+00:', 'Sun, ', '.0', '\u00a0'], 'x'],
  parseAwsHostname: [parseAwsHostname, ['a', 'a.', 'a-', 'vpce-a.', '-', '1'], '.amazonaws.com'],
  splitUrl: [(text) => splitUrl(`https://${text}`), ['a', 'a.', '-', '1.', '/', '?', '[', '@', '%', ' '], '!'],
  parsePlainUrl: [(text) => parsePlainUrl(`https://a/?${text}`), [' ', 'a ', '/', '?'], '!'],
  'a URL of the debug log': [
    (text) => showConfig({ url: text, baseURL: `https://a/${text}` }),
    ['/', 'a/', '..', 'a:', '@'],
    '!',
  ],
  recodeRfc3986: [recodeRfc3986, ['a', '%', '%2', '%c3%A4', '(', 'ü', '\ud800', '%2F'], '!'],
  isStrictQuery: [isStrictQuery, ['a', 'a&', 'a=', '=', '&', '%C3', '%20=&', '%C3=%C3&'], '!'],
  createCanonicalQuery: [createCanonicalQuery, ['&', '=', 'a&', '%', '%&', '+', '\udc00'], '!'],
  createCanonicalPath: [path, ['/', './', '../', 'a/../', '.', '%2F', 'ü/'], '!'],
  'createCanonicalPath for S3': [s3Path, ['/', '../', '%2F', '%', '%41', '(('], '!'],
  canonicalizeHeaderValue: [
    (text) => canonicalizeHeaderValue('x', text),
    ['a', 'a ', ' a', ' ', ' \t', '\xff'],
    '\x80',
  ],
  'a charset': [
    (text) => encodeText('x', `a/b; charset${text}`),
    [' ', ';', '; ', ';a', ';a=', ';a="', '="', '\\"', '=\\', ';charset ', ';a =\t'],
    '"',
  ],
  parseOffsets: [(text) => parseOffsets(`+${text}`), ['1', '1.', '.', ',', 'e', 'e1', ' ', 'm'], '!'],
  parseSettingsFile: [parseSettingsFile, ['a', '\n', '#\n', ' \n', '\r', '#', ';a\n'], 'x'],
  '/proc': [readKernel, ['btime ', 'btime 1', '1', 'boottime ', 'boottime\n', 'boottime 0', ' /proc/', '1.'], 'x'],
  'a code in a header': [(text) => readAnswer('', { 'X-Amzn-ErrorType': text }), ['a', '#', ':', 'a#', ' ', 'a:'], '!'],
  'an x-cache': [(text) => readAnswer('', { 'x-cache': text, age: text, date: text }), ['hit', 'hi ', ' ', '0'], '!'],
  'a cache-status': [(text) => readAnswer('', { 'cache-status': text }), ['; hit ', ';hit=', ';', '; ', ' '], '!'],
  'a list of dates': [(text) => readAnswer('', { date: text }), ['a,', ', a', ',', ', ', 'Sun, 30 Aug, '], '!'],
  'an answer': [
    (text) => Promise.all(['s3', 'dynamodb'].map((service) => readAnswer(text, {}, service))),
    [
      '<',
      '<Error',
      '<Error>',
      '<Error ',
      '</Error>',
      '<Code>',
      '<Code',
      '<Message>(',
      '<ServerTime>0',
      ' ',
      '[',
      '{"code":',
      '"',
      '(20150830T',
    ],
    '!',
  ],
  'an explained document': [
    explainAnswer('s3', (text) => refused + text),
    [
      '<',
      '<a',
      '<a>',
      '<a >',
      '<a><![CDATA[',
      '<a><![CDATA[]]>b',
      '&',
      '&#',
      '&#1',
      '&amp',
      '&amp;',
      '>',
      '</a>',
      '<A>a</A>',
    ],
    '!',
  ],
  'an explained canonical request': [
    explainAnswer(
      's3',
      (text) =>
        `${refused}<CanonicalRequest>GET\n/${text}\n${text}\n${text}:${text}\n\n${text}\n${text}</CanonicalRequest>`,
    ),
    [
      'a',
      '/',
      '%2F',
      '%',
      '%25',
      '+',
      '=',
      '&amp;',
      'a&amp;',
      'a=1&amp;',
      ',',
      ' ',
      ' ,',
      '\n',
      'a:\n',
      '../',
      '%E4',
      'token=',
      'ü',
    ],
    '!',
  ],
  'an explained canonical request in hex': [
    explainAnswer('s3', (text) => `${refused}<CanonicalRequestBytes>${text}</CanonicalRequestBytes>`),
    ['0a ', '47', '47 ', ' ', '\n', '4 ', '2f'],
    '4',
  ],
  'an explained string to sign': [
    explainAnswer('s3', (text) => `${refused}<StringToSign>${text}</StringToSign>`),
    ['AWS4-', 'AWS4-A', '\n', 'a\n', '/', ' '],
    '-PAYLOAD',
  ],
  'explained words': [
    explainAnswer('dynamodb', (text) => ({ message: text })),
    [
      "'",
      "'a",
      'SignedHeader',
      "must be a 'SignedHeader'",
      "'a' must be a ",
      ' ',
      'region ',
      "region 'a' is ",
      'scoped to ',
      'existence of signed headers: ',
    ],
    'InvalidSignature Credential should be scoped to ',
  ],
  'an explained quotation': [
    explainAnswer('dynamodb', (text) => ({ errors: [{ code: 'InvalidSignature', message: `${CANONICAL}'${text}` }] })),
    [
      "'",
      "\n'",
      '\\n',
      '\\',
      '\\u0027',
      '&#39;',
      '&',
      'a:b\n',
      'The String-to-Sign should have been',
      ' ',
      'the ',
      CANONICAL,
    ],
    "'",
  ],
  'explained JSON': [
    explainAnswer('dynamodb', (text) => `{"message":"${CANONICAL.trim()}","a":${text}`),
    ['[', '{"a":', '"', '\\', '[]', '1,', '"{', '"[\\"'],
    '}',
  ],
  'names of headers that were not signed': [
    explainAnswer(
      's3',
      (text) => `<Error><Code>AccessDenied</Code><HeadersNotSigned>${text}</HeadersNotSigned></Error>`,
    ),
    ['a', 'a,', ',', ' ', 'a;'],
    '!',
  ],
  'a code in an object': [
    (text) => readAnswer({ code: text, message: text }),
    ['#', ':', 'a', ' ', 'expire', '('],
    '!',
  ],
  'a region': [(text) => aws4Interceptor({ ...scope, credentials, region: text }), ['a', '-', 'ü'], '/'],
  'an access key id': [
    (text) => aws4Interceptor({ ...scope, credentials: { ...credentials, accessKeyId: text } }),
    ['a', '+', '-'],
    ',',
  ],
  'a host that may be signed for': [
    (text) => aws4Interceptor({ ...scope, credentials, hosts: [text] }),
    ['a', '*.', ':0', '[', '[0:', '.'],
    ' ',
  ],
  'a header to sign': [
    (text) => signRequest({ method: 'GET', url: 'https://a/' }, { ...scope, credentials, signedHeaders: [text] }),
    ['a', '*', '-', ' '],
    '!/',
  ],
  'a method': [(text) => signRequest({ method: text, url: 'https://a/' }, { ...scope, credentials }), ['A', '-'], ' '],
};

describe.each(Object.entries(hostile))('%s', (_, [read, units, end]) => {
  it.each(units.map((unit) => [show(unit), unit]))('of %s', async (__, unit) => {
    const text = unit + fill(unit) + end;
    const error = await failure(Promise.resolve(text).then(read));
    // An error of this package, or failure's own where it was read.
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(RangeError);
    expect(error).not.toBeInstanceOf(TypeError);
  });
});

describe('many of them', () => {
  const many = <T>(create: (index: number) => T): T[] => Array.from({ length: 20_000 }, (_, index) => create(index));

  it('headers', () => {
    const headers = Object.fromEntries(many((index) => [`x-amz-${String(index)}`, 'a  b']));
    const { trace } = signRequest({ method: 'GET', url: 'https://a/', headers }, { ...scope, credentials });
    expect(trace.signedHeaders.split(';')).toHaveLength(20_002);
  });

  it('lines of one header', () => {
    const headers = { 'x-amz-a': many(() => 'a') };
    const { trace } = signRequest({ method: 'GET', url: 'https://a/', headers }, { ...scope, credentials });
    expect(trace.canonicalRequest).toContain(`x-amz-a:${'a,'.repeat(19_999)}a\n`);
  });

  it('pairs of a query, in the wrong order', () => {
    const query = many((index) => `k${String(99_999 - index)}=v`).join('&');
    expect(createCanonicalQuery(query)).toMatch(/^k80000=v&k80001=v&/);
  });

  it('fields of an answer', async () => {
    const fields = Object.fromEntries(many((index) => [`k${String(index)}`, 'v']));
    expect(await readAnswer({ ...fields, code: 'ExpiredToken' })).toMatchObject({ code: 'ExpiredToken' });
  });
});

// An expression that matches pair by pair would need a stack for two million of them.
it('a query of 4 MiB', () => {
  expect(isStrictQuery('a&'.repeat(2 ** 21))).toBe(false);
  expect(isStrictQuery('a&'.repeat(2 ** 21) + 'a')).toBe(true);
});
