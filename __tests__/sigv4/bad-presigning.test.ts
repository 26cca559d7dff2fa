/** Bad input of presignUrl and createPresignedPost. */
import { createPresignedPost, presignUrl, type HttpRequest, type PresignUrlOptions } from '../../lib/sigv4/index.js';
import { scope } from '../stand-ins/test-server.js';
import { forEach, itRefuses, NO_STRINGS, SECRET, type Refusal } from '../bad-input/refusals.js';

const options = { ...scope, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET } };
const request = { method: 'GET', url: 'https://example.com/' };
const upload = { url: 'https://example.com/', bucket: 'b', key: 'k' };

const withRequest = (changes: object) => presignUrl({ ...request, ...changes }, options);
const withOptions = (changes: object) => presignUrl(request, { ...options, ...changes });
const withPolicy = (changes: object) => createPresignedPost({ ...upload, ...changes }, options);
const withPostOptions = (changes: object) => createPresignedPost(upload, { ...options, ...changes });

const refusal = (code: Refusal['code'], names: string): Refusal => ({ code, names });
const badOption = (names: string): Refusal => refusal('ERR_INVALID_OPTION', names);
const expirations = [
  0,
  -1,
  0.5,
  900.5,
  604_801,
  NaN,
  Infinity,
  -Infinity,
  '900',
  null,
  true,
  1n,
  {},
  [900],
  new Date(0),
];

describe('presignUrl', () => {
  itRefuses([
    ...forEach('expiresIn', expirations, (expiresIn) => withOptions({ expiresIn }), badOption('expiresIn')),
    ...forEach(
      'a URL',
      [
        undefined,
        null,
        5,
        {},
        '',
        'example.com',
        '/a',
        'ftp://a/',
        'wsx://a/',
        'ws:/a',
        'wss://',
        `wss://u:${SECRET}@a/`,
      ],
      (url) => withRequest({ url }),
      refusal('ERR_INVALID_URL', 'url'),
    ),
    ...forEach(
      'a parameter without a signature',
      ['X-Amz-Expires', 'x-amz-date', 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Security-Token', 'X%2DAmz-Expires'],
      (name) => withRequest({ url: `https://example.com/?a=1&${String(name)}=${SECRET}` }),
      refusal('ERR_INVALID_URL', 'url: has the parameter'),
    ),
    ...forEach(
      'signedHeaders',
      ['*', null, {}, [5], ['a b']],
      (signedHeaders) => withOptions({ signedHeaders }),
      badOption('signedHeaders'),
    ),
    ...forEach('payload', ['streaming ', 5], (payload) => withOptions({ payload }), badOption('payload')),
    ...forEach('method', [undefined, '', 'G T', 5], (method) => withRequest({ method }), badOption('method')),
    ...forEach(
      'date',
      [null, 0, '20150830T123600Z', new Date(NaN)],
      (date) => withOptions({ date }),
      badOption('date'),
    ),
    ...forEach('body', [5, {}], (body) => withRequest({ body }), refusal('ERR_UNSUPPORTED_BODY', 'body')),
    ...forEach(
      'headers',
      [{ 'X-A': 'a\n' }],
      (headers) => withRequest({ headers }),
      refusal('ERR_INVALID_HEADER', 'X-A'),
    ),
    ...forEach(
      'a token in the headers',
      [`${SECRET} a`],
      (token) => withRequest({ headers: { 'X-Amz-Security-Token': token } }),
      refusal('ERR_INVALID_HEADER', 'X-Amz-Security-Token'),
    ),
    ...forEach(
      'options',
      [undefined, null],
      (given) => presignUrl(request, given as PresignUrlOptions),
      badOption('options'),
    ),
    ...forEach(
      'request',
      [undefined, null],
      (given) => presignUrl(given as HttpRequest, options),
      badOption('request'),
    ),
    ...forEach(
      'an option',
      ['expires', 'expireIn'],
      (name) => withOptions({ [String(name)]: 5 }),
      badOption('expiresIn'),
    ),
    ...forEach('region', [undefined, ''], (region) => withOptions({ region }), refusal('ERR_ENDPOINT', 'region')),
    ...forEach(
      'credentials',
      [undefined, {}],
      (credentials) => withOptions({ credentials }),
      refusal('ERR_CREDENTIALS', ''),
    ),
  ]);
});

describe('createPresignedPost: what', () => {
  const noText = [...NO_STRINGS, undefined, '', 'a\r\nb', 'a\nb', 'a\0', 'a\ud800', '\udc00'];
  itRefuses([
    ...forEach('bucket', noText, (bucket) => withPolicy({ bucket }), badOption('bucket')),
    ...forEach('key', noText, (key) => withPolicy({ key }), badOption('key')),
    ...forEach(
      'url',
      [undefined, null, 5, {}, '', '/a', 'ftp://a/', 'wss://a/', `https://${SECRET}@a/`],
      (url) => withPolicy({ url }),
      refusal('ERR_INVALID_URL', 'url'),
    ),
    ...forEach('expiresIn', expirations, (expiresIn) => withPolicy({ expiresIn }), badOption('expiresIn')),
    ...forEach('expiresIn', expirations, (expiresIn) => withPostOptions({ expiresIn }), badOption('expiresIn')),
    ...forEach(
      'policy',
      [undefined, null],
      (given) => createPresignedPost(given as never, options),
      badOption('policy'),
    ),
    ...forEach(
      'policy',
      ['Key', 'condition'],
      (name) => withPolicy({ [String(name)]: 5 }),
      badOption('is not an option'),
    ),
    ...forEach(
      'options',
      [undefined, null],
      (given) => createPresignedPost(upload, given as never),
      badOption('options'),
    ),
    ...forEach('options', ['payload'], (name) => withPostOptions({ [String(name)]: 'signed' }), badOption('payload')),
    ...forEach('region', [undefined], (region) => withPostOptions({ region }), refusal('ERR_ENDPOINT', 'region')),
  ]);
});

describe('createPresignedPost: fields', () => {
  const reserved = [
    'policy',
    'Policy',
    'file',
    'X-Amz-Signature',
    'x-amz-algorithm',
    'x-amz-credential',
    'x-amz-date',
    'x-amz-security-token',
    'x-amz-s3session-token',
    'AWSAccessKeyId',
    'signature',
  ];
  const names = ['', ' a', 'a ', 'a\n', 'a"', '$acl', 'a\0', '\ud800'];
  itRefuses([
    ...forEach(
      'fields',
      [...NO_STRINGS.filter((value) => typeof value !== 'object'), null, [], new Map()],
      (fields) => withPolicy({ fields }),
      badOption('fields'),
    ),
    ...forEach(
      'the value',
      [...NO_STRINGS, undefined, 'a\n', '\ud800'],
      (value) => withPolicy({ fields: { acl: value } }),
      badOption('fields: acl'),
    ),
    ...forEach(
      'the name',
      [...reserved, ...names],
      (name) => withPolicy({ fields: { [String(name)]: SECRET } }),
      badOption('fields'),
    ),
    ...forEach(
      'beside fields',
      ['key', 'Key', 'bucket'],
      (name) => withPolicy({ fields: { [String(name)]: 'k' } }),
      badOption('fields'),
    ),
    {
      what: 'a name twice',
      use: () => withPolicy({ fields: { 'Content-Type': 'a', 'content-type': 'a' } }),
      ...badOption('fields: content-type'),
    },
  ]);
});

describe('createPresignedPost: conditions', () => {
  const noCondition = [
    ...[null, 5, 'eq', true, {}, [], { acl: 'a', b: 'c' }, new Map(), () => SECRET, undefined],
    ...[
      ['eq'],
      ['eq', '$acl'],
      ['eq', '$acl', 'a', 'b'],
      ['eq', 'acl', 'a'],
      ['eq', '$', 'a'],
      ['eq', 5, 'a'],
      ['eq', '$acl', 5],
    ],
    ...[
      ['EQ', '$acl', 'a'],
      ['starts_with', '$acl', 'a'],
      ['ends-with', '$acl', 'a'],
      ['starts-with', '$acl', null],
    ],
    ...[
      ['content-length-range'],
      ['content-length-range', 1],
      ['content-length-range', 2, 1],
      ['content-length-range', -1, 1],
    ],
    ...[
      ['content-length-range', '1', '2'],
      ['content-length-range', 0.5, 1],
      ['content-length-range', 0, Infinity],
    ],
    ...[
      ['content-length-range', 1, 2, 3],
      ['content-length-range', 0, 2 ** 60],
    ],
    ...[
      { acl: 5 },
      { acl: undefined },
      { policy: 'a' },
      { file: 'a' },
      { 'x-amz-signature': 'a' },
      { 'x-amz-date': 'a' },
    ],
    ...[{ 'x-ignore-a': 'a' }, ['eq', '$x-amz-credential', SECRET], { '': 'a' }, { acl: 'a\n' }, { acl: '\ud800' }],
  ];
  itRefuses([
    ...forEach(
      'conditions',
      [null, {}, 'eq', 5, new Set()],
      (conditions) => withPolicy({ conditions }),
      badOption('conditions'),
    ),
    ...forEach(
      'a condition',
      noCondition,
      (condition) => withPolicy({ conditions: [{ a: 'b' }, condition] }),
      badOption('conditions[1]'),
    ),
    ...forEach(
      'a key that does not fulfil',
      [['starts-with', '$key', 'a/'], ['eq', '$key', 'other'], { key: 'K' }],
      (condition) => withPolicy({ conditions: [condition] }),
      badOption('key: does not fulfil'),
    ),
    ...forEach(
      'a bucket that does not fulfil',
      [{ bucket: 'other' }],
      (condition) => withPolicy({ conditions: [condition] }),
      badOption('bucket'),
    ),
    ...forEach(
      'a field that does not fulfil',
      [['starts-with', '$content-type', 'image/']],
      (condition) => withPolicy({ fields: { 'Content-Type': 'text/plain' }, conditions: [condition] }),
      badOption('Content-Type: does not fulfil'),
    ),
    ...forEach(
      'a key with a file name',
      [{ key: 'a/${filename}' }, ['eq', '$key', 'a/b'], ['starts-with', '$key', 'b/']],
      (condition) => withPolicy({ key: 'a/${filename}', conditions: [condition] }),
      badOption('key'),
    ),
  ]);
});
