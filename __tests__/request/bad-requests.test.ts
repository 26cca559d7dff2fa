/** Bad requests, through a real axios to a server that records: each is rejected, and nothing of it is sent. */
import { Readable } from 'node:stream';
import { SigningKey } from '../../lib/index.js';
import { scope } from '../stand-ins/test-server.js';
import { recordNothing } from '../bad-input/bad-request.js';
import { forEach, itRefuses, SECRET, show } from '../bad-input/refusals.js';

const { send, toRows } = recordNothing();

const isInvalidUrl = { code: 'ERR_INVALID_URL', names: 'url' } as const;

describe('URLs', () => {
  const urls = [
    ...['', 'x', '/x', '?x', '#x', '//', '//example.com/', 'http:', 'http://', 'http:///', 'https://:80/', 'https://?'],
    ...['http://a b/', 'http://a<b/', 'http://a|b/', 'http://a^b/', 'http://%zz/', 'http://%00/', 'http://\0/'],
    ...[
      'http://[',
      'http://[::1',
      'http://[::1]]/',
      'http://[1.2.3.4]/',
      'http://1.2.3.4.5.256/',
      'http://0x100000000/',
    ],
    ...[
      'http://a:99999/',
      'http://a:-1/',
      'http://a:b/',
      'http://a:80:80/',
      'http://xn--a/',
      'http://xn--/',
      'http://a..b:x/',
    ],
    ...[
      'ftp://a/',
      'file:///etc/passwd',
      'data:text/plain,x',
      'javascript:1',
      'mailto:a@b',
      'blob:http://a/b',
      'ws://a/',
    ],
    ...['http://user@127.0.0.1/', `http://user:${SECRET}@127.0.0.1/`, `http://:${SECRET}@127.0.0.1/`],
    ...[`http:user:${SECRET}@127.0.0.1`, `http:\\\\user:${SECRET}@127.0.0.1\\`],
  ];
  itRefuses(
    toRows([
      ...urls.map((url) => ({ config: { url, baseURL: '' }, ...isInvalidUrl })),
      ...[null, 5, true, {}, ['/x'], 1n, Symbol('x')].map((url) => ({ config: { url, baseURL: '' }, ...isInvalidUrl })),
      ...[5, true, {}, ['/x'], 1n, Symbol('x')].map((url) => ({ config: { url }, ...isInvalidUrl })),
      ...['nope', '/api', '//a', 'ftp://a/', 'http://a b'].map((baseURL) => ({
        config: { baseURL, url: '/x' },
        ...isInvalidUrl,
      })),
      ...[5, true, {}, 1n].map((baseURL) => ({ config: { baseURL }, ...isInvalidUrl })),
      ...['X-Amz-Signature=0123', 'a=b&X-Amz-Signature=', 'X%2DAmz-Signature=0123'].map((query) => ({
        config: { url: `/object?${query}&X-Amz-Security-Token=${SECRET}` },
        ...isInvalidUrl,
      })),
      ...[
        `/object?X-Amz-Security-Token=${SECRET}`,
        `https://user:${SECRET}@a b/`,
        `https://user:${SECRET}@example.com:99999/`,
      ].map((url) => ({ config: { url, baseURL: '' }, ...isInvalidUrl })),
    ]),
  );
});

const circular: Record<string, unknown> = {};
circular['a'] = circular;

describe('params', () => {
  itRefuses(
    toRows(
      [
        { params: 'a=b' },
        { params: 5 },
        { params: true },
        { params: Symbol('a') },
        { params: 1n },
        { params: () => 'a=b' },
        { params: { a: Symbol('a') } },
        { params: { 'a[]': [Object.create(null)] } },
        { params: { a: '\ud800' } },
        { params: { '\udfff': 'a' } },
        { params: { a: new Date(NaN) } },
        { params: { a: 1 }, paramsSerializer: () => Symbol('a') },
        {
          params: { a: 1 },
          paramsSerializer: {
            serialize: () => {
              throw new TypeError('cannot');
            },
          },
        },
        { params: { a: 1 }, paramsSerializer: { encode: () => Symbol('a') } },
      ].map((config) => ({ config, code: 'ERR_INVALID_URL', names: 'params' })),
    ),
  );
});

const signingKey = new SigningKey(SECRET, { date: '20200101', ...scope }, { keepSecret: false });
const isOption = { code: 'ERR_INVALID_OPTION' } as const;
const hashHeader = (value: unknown): object => ({
  method: 'put',
  data: 'x',
  headers: { 'x-amz-content-sha256': value },
});

describe('what stands in the way of a signature', () => {
  itRefuses(
    toRows([
      { config: { auth: { username: 'a', password: SECRET } }, ...isOption, names: 'auth' },
      { config: { auth: {} }, ...isOption, names: 'auth' },
      ...[
        ...['', 'x', '0'.repeat(63), '0'.repeat(64), '0'.repeat(65), 'G'.repeat(64), 'unsigned-payload'],
        ...['UNSIGNED-PAYLOAD-TRAILER', 'STREAMING-', 'STREAMING-aws4', 'X STREAMING-A', ['a', 'b'], 5, true, {}],
        '2D711642B726B04401627CA9FBAC32F5C8530FB1903CC4DB02258717921A4881',
      ].map((value) => ({
        config: hashHeader(value),
        code: 'ERR_PAYLOAD_HASH' as const,
        names: 'X-Amz-Content-Sha256',
      })),
      // Weaker than asked, by the interceptor's options or the request's.
      ...['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'].flatMap(
        (value) =>
          [{ options: { payload: 'signed' as const } }, { config: { aws4: { payload: 'signed' } } }].map((asked) => ({
            what: `payload: 'signed' beside ${value}, ${show(asked)}`,
            ...asked,
            config: { ...hashHeader(value), ...('config' in asked && asked.config) },
            code: 'ERR_PAYLOAD_HASH' as const,
            names: "payload: 'signed'",
          })),
      ),
      // A body that is not in such chunks.
      ...['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'].flatMap((value) =>
        [{}, { 'Content-Encoding': 'gzip' }, { 'Content-Encoding': 'aws-chunked-not' }].flatMap((headers) =>
          ['x', undefined].map((data) => ({
            config: { method: 'put', data, headers: { 'x-amz-content-sha256': value, ...headers } },
            code: 'ERR_PAYLOAD_HASH' as const,
            names: 'STREAMING-',
          })),
        ),
      ),
      ...(
        [
          ['x', '0'],
          ['x', '2'],
          ['x', ''],
          ['x', 'one'],
          ['x', '-1'],
          ['x', '1, 1'],
          ['ü', '1'],
          [Buffer.from([1, 2, 3]), '2'],
          [new Blob(['abc']), '4'],
          [{ a: 1 }, '6'],
          [undefined, '5'],
          [new URLSearchParams('a=b'), '4'],
        ] as const
      ).flatMap(([data, length]) =>
        ['Content-Length', 'content-length'].map((name) => ({
          what: `${name}: ${length} beside ${show(data)}`,
          config: { method: 'put', data, headers: { [name]: length } },
          code: 'ERR_INVALID_HEADER' as const,
          names: 'Content-Length',
        })),
      ),
      ...['base64', 'BASE64', 'base-64', 'base64url', 'hex', 'Hex', 'binary', '"hex"', 'utf-7-imap', 'utf7imap'].map(
        (charset) => ({
          config: { method: 'put', data: 'abcd', headers: { 'Content-Type': `text/plain; charset=${charset}` } },
          code: 'ERR_CHARSET' as const,
          names: charset.replaceAll('"', ''),
        }),
      ),
      ...['yesterday', '', '2015-8-30', '20150830T123600', '0', '1e9', '20150230T000000Z', ['x', 'y'], 5].map(
        (date) => ({
          config: { headers: { 'X-Amz-Date': date } },
          options: { onInvalidDate: 'throw' as const },
          code: 'ERR_DATE_FORMAT' as const,
          names: 'X-Amz-Date',
        }),
      ),
      {
        config: { headers: { Date: 'Sunday' } },
        options: { onInvalidDate: 'throw' },
        code: 'ERR_DATE_FORMAT',
        names: 'Date',
      },
      ...['9999-12-31T23:59:59-23:59', '0000-01-01T00:00+23:59'].map((date) => ({
        config: { headers: { 'X-Amz-Date': date } },
        options: { onInvalidDate: 'throw' as const },
        code: 'ERR_DATE_FORMAT' as const,
        names: 'X-Amz-Date',
      })),
      ...[NaN, Infinity, undefined, null, '0', 5n, new Date(0), Promise.resolve(0), {}].map((time) => ({
        what: `a clock that says ${show(time)}`,
        options: { clock: () => time as number },
        ...isOption,
        names: 'clock',
      })),
      ...[1e300, -1e300, 8.64e15, Date.parse('2026-11-22') * 1000].map((time) => ({
        what: `a clock that says ${show(time)}`,
        options: { clock: () => time },
        ...isOption,
        names: 'clock',
      })),
      ...[undefined, null, 1, 'true', Promise.resolve(true)].map((answer) => ({
        what: `hosts that say ${show(answer)}`,
        options: { hosts: () => answer as unknown as boolean },
        ...isOption,
        names: 'hosts',
      })),
      { what: 'no hosts', options: { hosts: [] }, code: 'ERR_UNTRUSTED_HOST', names: 'hosts' },
      { what: 'other hosts', options: { hosts: ['example.com'] }, code: 'ERR_UNTRUSTED_HOST', names: 'hosts' },
      { config: { url: 'http://a.example:1/' }, code: 'ERR_UNTRUSTED_HOST', names: 'a.example:1' },
      {
        what: 'a service that the hostname does not tell',
        options: { service: undefined },
        code: 'ERR_ENDPOINT',
        names: 'service',
      },
    ]),
  );

  itRefuses(
    [
      { onDateMismatch: 'throw', code: 'ERR_DATE_MISMATCH', names: 'signingKey' } as const,
      { onDateMismatch: 'rederive', code: 'ERR_NO_SECRET_KEY', names: 'keepSecret' } as const,
    ].map(({ onDateMismatch, ...refusal }) => ({
      what: `a key of another day, to ${onDateMismatch}`,
      use: () => send({ options: { credentials: undefined, signingKey, accessKeyId: 'AKIDEXAMPLE', onDateMismatch } }),
      ...refusal,
    })),
  );
});

describe('the environment', () => {
  const { AWS_REGION } = process.env;
  afterEach(() => {
    if (AWS_REGION === undefined) delete process.env['AWS_REGION'];
    else process.env['AWS_REGION'] = AWS_REGION;
  });

  itRefuses(
    // Where there is no environment, the region is missing: that names it too.
    forEach(
      'AWS_REGION',
      ['eu west 1', 'eu/west/1', 'eu-west-1\n', 'zürich'],
      (region) => {
        process.env['AWS_REGION'] = String(region);
        return send({ options: { region: undefined } });
      },
      { code: 'ERR_ENDPOINT', names: 'region' },
    ),
  );
});

/** A copy whose bytes went elsewhere. */
function createDetached(): ArrayBuffer {
  const buffer = new ArrayBuffer(4);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

function createReadStream(): Readable {
  const stream = Readable.from([Buffer.from('x')]);
  stream.destroy();
  return stream;
}

const isBody = { code: 'ERR_UNSUPPORTED_BODY', names: 'data' } as const;

describe('bodies', () => {
  const post = (data: unknown): object => ({ method: 'post', data });
  const typed = (data: unknown, contentType: string): object => ({
    ...post(data),
    headers: { 'Content-Type': contentType },
  });
  itRefuses(
    toRows([
      ...[0, 5, NaN, 1n, Symbol('x'), () => 'x', true].map((data) => ({ config: post(data), ...isBody })),
      ...[new Map(), new Set(), new WeakMap(), {}, [], new Date(0), /x/, new Error('x'), Promise.resolve('x')].map(
        (data) => ({
          what: `${show(data)} that no transform made text of`,
          config: { ...post(data), transformRequest: [] },
          ...isBody,
        }),
      ),
      { what: 'a stream of objects', config: post(Readable.from([{ a: 1 }])), ...isBody },
      { what: 'a stream that was destroyed', config: post(createReadStream()), ...isBody },
      {
        what: 'a web stream of numbers',
        config: post(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(5);
            },
          }),
        ),
        ...isBody,
      },
      {
        what: "another's FormData",
        config: { ...post({ [Symbol.toStringTag]: 'FormData' }), transformRequest: [] },
        ...isBody,
      },
      {
        what: 'a long stream',
        config: post(Readable.from([Buffer.from('xyz')])),
        options: { maxStreamBytes: 2 },
        code: 'ERR_BODY_TOO_LARGE',
        names: 'maxStreamBytes',
      },
      {
        what: 'an ArrayBuffer that was transferred',
        config: post(createDetached()),
        ...isBody,
      },
      {
        what: 'a class that says it is a Blob',
        config: post({ [Symbol.toStringTag]: 'Blob' }),
        ...isBody,
      },
      { what: 'half a stream', config: post({ pipe: () => undefined }), ...isBody },
      ...['klingon', '"klingon"', 'utf-9', 'hasOwnProperty', `x-${'x'.repeat(9000)}`].map((charset) => ({
        config: typed('x', `text/plain; charset=${charset}`),
        code: 'ERR_CHARSET' as const,
        names: 'Content-Type',
      })),
      ...['constructor', '__proto__'].map((charset) => ({
        config: typed('€', `text/plain; charset=${charset}`),
        code: 'ERR_CHARSET' as const,
        names: 'Content-Type',
      })),
      ...['us-ascii', 'ascii', 'iso-8859-1', 'latin1'].map((charset) => ({
        config: typed('€', `text/plain; charset=${charset}`),
        code: 'ERR_CHARSET' as const,
        names: 'Content-Type',
      })),
    ]),
  );
});
