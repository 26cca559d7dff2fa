/** Bad input of aws4Presign, aws4PresignPost and of the options that sign in the query. */
import { aws4Interceptor, aws4Presign, aws4PresignPost, aws4Sign, type Aws4Options } from '../../lib/index.js';
import { scope } from '../stand-ins/test-server.js';
import { forEach, itRefuses, SECRET, type Refusal } from '../bad-input/refusals.js';

const options = { ...scope, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET } };
const url = 'https://example.com/';
const upload = { url, bucket: 'b', key: 'k' };

const presign = (config: object, changes: object = {}) => aws4Presign({ url, ...config }, { ...options, ...changes });
const presignPost = (changes: object, others: object = {}) =>
  aws4PresignPost({ ...upload, ...changes }, { ...options, ...others });
const refusal = (code: Refusal['code'], names: string): Refusal => ({ code, names });
const badOption = (names: string): Refusal => refusal('ERR_INVALID_OPTION', names);
const expirations = [0, -1, 0.5, 604_801, NaN, Infinity, '900', null, true, 1n, {}, [900], new Date(0)];

describe('the options', () => {
  itRefuses([
    ...forEach(
      'expiresIn',
      expirations,
      (expiresIn) => aws4Interceptor({ expiresIn } as Aws4Options),
      badOption('expiresIn'),
    ),
    ...forEach(
      'signIn',
      ['header', 'Query', '', null, true, 5, {}, ['query']],
      (signIn) => aws4Interceptor({ signIn } as Aws4Options),
      badOption('signIn'),
    ),
    ...forEach(
      'an option of others',
      ['signQuery', 'presign', 'query', 'expires', 'expirationInSeconds'],
      (name) => aws4Interceptor({ [String(name)]: 5 }),
      badOption('is not an option here; pass'),
    ),
  ]);
});

describe.each([
  ['aws4Presign', aws4Presign],
  ['aws4Sign', aws4Sign],
] as const)('a config of %s', (_, sign) => {
  itRefuses([
    ...forEach(
      'that is none',
      [undefined, null, url, 5, NaN, true, 1n, Symbol('a'), () => url],
      (config) => sign(config as never, options),
      badOption('config: must be an object'),
    ),
    ...forEach(
      'whose method is',
      [5, NaN, 0, true, {}, ['get'], 1n, Symbol('a'), () => 'get', 'g et', 'a\nb'],
      (method) => sign({ url, method } as never, options),
      badOption('method'),
    ),
    ...forEach(
      'whose url is',
      [null, 5, true, {}, 1n, Symbol('a'), () => url],
      (bad) => sign({ url: bad } as never, options),
      refusal('ERR_INVALID_URL', 'url'),
    ),
  ]);
});

describe('aws4Presign', () => {
  itRefuses([
    ...forEach('expiresIn', expirations, (expiresIn) => presign({}, { expiresIn }), badOption('expiresIn')),
    ...forEach(
      'expiresIn in aws4',
      expirations,
      (expiresIn) => presign({ aws4: { expiresIn } }),
      badOption('expiresIn'),
    ),
    ...forEach('aws4', [false], (aws4) => presign({ aws4 }), badOption('aws4')),
    ...forEach('auth', [{ username: 'a', password: SECRET }], (auth) => presign({ auth }), badOption('auth')),
    ...forEach(
      'url',
      ['/a', '', 'example.com', 'ftp://a/', 'mailto:a', 'wss://', `wss://user:${SECRET}@a/`, `https://${SECRET}@a/`],
      (bad) => presign({ url: bad }),
      refusal('ERR_INVALID_URL', 'url'),
    ),
    ...forEach(
      'a URL with parameters of a signature',
      [`X-Amz-Signature=${SECRET}`, `X-Amz-Security-Token=${SECRET}`, 'X-Amz-Expires=5', 'x-amz-date=5'],
      (query) => presign({ url: `${url}?${String(query)}` }),
      refusal('ERR_INVALID_URL', 'url'),
    ),
    ...forEach(
      'params of a signature',
      ['X-Amz-Signature', 'X-Amz-Credential', 'X-Amz-Algorithm'],
      (name) => presign({ params: { [String(name)]: SECRET } }),
      refusal('ERR_INVALID_URL', 'url'),
    ),
    ...forEach(
      'a length',
      ['5 bytes', '-1', '5.5', ''],
      (length) => presign({ headers: { 'Content-Length': length } }),
      refusal('ERR_INVALID_HEADER', 'Content-Length'),
    ),
    ...forEach(
      'a length that is not that of the data',
      ['5', 7],
      (length) => presign({ method: 'put', data: 'abc', headers: { 'Content-Length': length } }),
      refusal('ERR_INVALID_HEADER', 'Content-Length'),
    ),
    ...forEach(
      'a header',
      ['€', 'a💛'],
      (value) => presign({ headers: { 'X-Amz-Meta-A': value } }),
      refusal('ERR_INVALID_HEADER', 'X-Amz-Meta-A'),
    ),
    ...forEach(
      'credentials',
      [{}, { accessKeyId: 'a' }],
      (credentials) => presign({}, { credentials }),
      refusal('ERR_CREDENTIALS', ''),
    ),
    ...forEach(
      'region or service',
      [{ region: undefined }, { service: undefined }],
      (changes) => presign({}, changes as object),
      refusal('ERR_ENDPOINT', 'is missing'),
    ),
  ]);
});

describe('aws4PresignPost', () => {
  itRefuses([
    ...forEach(
      'expiresIn',
      expirations.slice(0, -1),
      (expiresIn) => presignPost({ expiresIn }),
      badOption('expiresIn'),
    ),
    ...forEach(
      'expiresIn in options',
      expirations,
      (expiresIn) => presignPost({}, { expiresIn }),
      badOption('expiresIn'),
    ),
    ...forEach(
      'policy',
      [undefined, null, 5],
      (policy) => aws4PresignPost(policy as never, options),
      badOption('policy'),
    ),
    ...forEach(
      'a name in policy',
      ['Key', 'aws4'],
      (name) => presignPost({ [String(name)]: 'a' }),
      badOption('is not an option'),
    ),
    ...forEach('bucket', ['', 5, undefined], (bucket) => presignPost({ bucket }), badOption('bucket')),
    ...forEach('key', ['', 5, undefined], (key) => presignPost({ key }), badOption('key')),
    ...forEach(
      'url',
      [undefined, '', '/a', 'ftp://a/', `https://user:${SECRET}@a/`],
      (bad) => presignPost({ url: bad }),
      refusal('ERR_INVALID_URL', 'url'),
    ),
    ...forEach('conditions', ['eq', {}], (conditions) => presignPost({ conditions }), badOption('conditions')),
    ...forEach(
      'a condition',
      [['eq', 'acl', 'a'], {}],
      (bad) => presignPost({ conditions: [bad] }),
      badOption('conditions[0]'),
    ),
    ...forEach(
      'a field',
      ['policy', 'file', 'key'],
      (name) => presignPost({ fields: { [String(name)]: 'a' } }),
      badOption('fields'),
    ),
  ]);
});
