/** Bad input of what signs without axios: signRequest and SigningKey. */
import { SigningKey, type SigningKeyScope } from '../../lib/index.js';
import { signRequest, type HttpRequest, type SignRequestOptions } from '../../lib/sigv4/index.js';
import { scope } from '../stand-ins/test-server.js';
import { forEach, itRefuses, NO_STRINGS, SECRET, type Refusal } from '../bad-input/refusals.js';

const request = { method: 'GET', url: `https://example.com/?token=${SECRET}`, headers: { Authorization: SECRET } };
const options = { ...scope, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET } };

const withRequest = (changes: object) => signRequest({ ...request, ...changes }, options);
const withOptions = (changes: object) => signRequest(request, { ...options, ...changes });

const refusal = (code: Refusal['code'], names: string): Refusal => ({ code, names });
const noString = NO_STRINGS.filter((value) => typeof value !== 'bigint');

describe('signRequest: where and when', () => {
  const parts = [...noString, '', ' ', 'a b', 'a/b', '/', 'a\n', 'a\0', 'a\x7f', 'ü', '\ud800', undefined];
  itRefuses([
    ...forEach('region', parts, (region) => withOptions({ region }), refusal('ERR_ENDPOINT', 'region')),
    ...forEach('service', parts, (service) => withOptions({ service }), refusal('ERR_ENDPOINT', 'service')),
    ...forEach('region', ['a,b'], (region) => withOptions({ region }), refusal('ERR_ENDPOINT', 'region')),
    ...forEach('service', ['a,b'], (service) => withOptions({ service }), refusal('ERR_ENDPOINT', 'service')),
    ...forEach('region', [1n], (region) => withOptions({ region }), refusal('ERR_ENDPOINT', 'region')),
    ...forEach(
      'date',
      [new Date(NaN), new Date(8.64e15), new Date(-8.64e15), new Date('+010000-01-01T00:00:00Z')],
      (date) => withOptions({ date }),
      refusal('ERR_INVALID_OPTION', 'date'),
    ),
    ...forEach(
      'date',
      [null, '', '20150830T123600Z', 0, 1440938160000, {}, true],
      (date) => withOptions({ date }),
      refusal('ERR_INVALID_OPTION', 'date'),
    ),
    ...forEach(
      'options',
      [undefined, null],
      (given) => signRequest(request, given as SignRequestOptions),
      refusal('ERR_INVALID_OPTION', 'options'),
    ),
  ]);
});

describe('signRequest: what', () => {
  const urls = [
    ...[
      '',
      '/',
      'example.com',
      '//example.com/',
      'https:/example.com',
      'https:example.com',
      'ftp://a/',
      'https://',
      'https:///a',
    ],
    ...[
      'https://?a',
      'https://#a',
      ' https://a/',
      'https://a b/',
      'https://[/',
      'https://[::1/',
      'https://a:b/',
      'https://a:99999/',
    ],
    ...['https://%zz/', 'https://a<b/', 'https://1.2.3.999/', 'https://\ud800/'],
    ...[`https://user:${SECRET}@a/`, `https://${SECRET}@a/`, 'https://@a/', `https://a b@${SECRET}@/`],
    ...[undefined, null, 5, {}, [], true, 1n],
  ];
  itRefuses([
    ...forEach('url', urls, (url) => withRequest({ url }), refusal('ERR_INVALID_URL', 'url')),
    ...forEach('url', [Symbol('a')], (url) => withRequest({ url }), refusal('ERR_INVALID_URL', 'url')),
    ...forEach(
      'url',
      [
        'https://a/b\r\nX: y',
        'https://a/\n',
        'https://a/?b\r\n',
        'https://a/\0',
        'https://a\\b',
        'https://a\nb/',
        'https://a\0/',
        'https://a /',
      ],
      (url) => withRequest({ url }),
      refusal('ERR_INVALID_URL', 'url'),
    ),
    ...forEach(
      'method',
      [...NO_STRINGS, undefined, '', ' ', 'G T', 'GET ', 'GET\n', 'GET\r\nX: y', 'GÉT', 'G/', 'G:', 'G\0'],
      (method) => withRequest({ method }),
      refusal('ERR_INVALID_OPTION', 'method'),
    ),
    ...forEach(
      'body',
      [
        5,
        0,
        true,
        false,
        {},
        [],
        new Date(0),
        new Map(),
        new ArrayBuffer(4),
        new Uint16Array(2),
        Promise.resolve('a'),
        1n,
      ],
      (body) => withRequest({ body }),
      refusal('ERR_UNSUPPORTED_BODY', 'body'),
    ),
    ...forEach(
      'body under UNSIGNED-PAYLOAD',
      [5, {}, []],
      (body) => withRequest({ body, headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
      refusal('ERR_UNSUPPORTED_BODY', 'body'),
    ),
    ...forEach(
      'request',
      [undefined, null],
      (given) => signRequest(given as HttpRequest, options),
      refusal('ERR_INVALID_OPTION', 'request'),
    ),
  ]);
});

describe('signRequest: headers', () => {
  const values = [
    ...[null, 5, true, {}, [null], [5], ['a', undefined], [['a']], Symbol('a'), 1n, () => SECRET, new Date(0)],
    ...[
      `${SECRET}\n`,
      `${SECRET}\r\nX-Other: y`,
      `${SECRET}\0`,
      `${SECRET}\x7f`,
      `\x1f${SECRET}`,
      ['a', `${SECRET}\n`],
    ],
    ...[`${SECRET}€`, `${SECRET}\ud800`, [`${SECRET}💛`]],
  ];
  const names = ['', ' ', 'X A', 'X:', 'X\r\nY', 'X\n', 'X\0', 'Ä', 'x/y', 'x,y', 'x;y', '(x)', '"x"', '__proto__'];
  itRefuses([
    ...forEach(
      'the value',
      values,
      (value) => withRequest({ headers: { 'X-Amz-Hostile': value } }),
      refusal('ERR_INVALID_HEADER', 'X-Amz-Hostile'),
    ),
    ...forEach(
      'the name',
      names,
      (name) => withRequest({ headers: Object.fromEntries([[name, SECRET]]) }),
      refusal('ERR_INVALID_HEADER', 'headers'),
    ),
    ...forEach(
      'headers',
      [new Headers({ 'x-amz-acl': 'private' }), new Map([['x-amz-acl', 'private']]), 5, true],
      (headers) => withRequest({ headers }),
      refusal('ERR_INVALID_HEADER', 'headers'),
    ),
    ...forEach(
      'headers',
      ['x-amz-acl: private', [['x-amz-acl', 'private']]],
      (headers) => withRequest({ headers }),
      refusal('ERR_INVALID_HEADER', 'headers'),
    ),
    ...forEach(
      'X-Amz-Content-Sha256',
      ['', 'x', '0'.repeat(64), 'A'.repeat(64), 'unsigned-payload', 'STREAMING-', ['a', 'b']],
      (value) => withRequest({ headers: { 'X-Amz-Content-Sha256': value } }),
      refusal('ERR_PAYLOAD_HASH', 'X-Amz-Content-Sha256'),
    ),
    ...forEach(
      'signedHeaders',
      [
        null,
        'host',
        5,
        {},
        new Set(['a']),
        [''],
        [' '],
        [null],
        [5],
        ['a b'],
        ['a:'],
        ['**'],
        ['a*b'],
        ['ü'],
        ['a\n-b'],
      ],
      (signedHeaders) => withOptions({ signedHeaders }),
      refusal('ERR_INVALID_OPTION', 'signedHeaders'),
    ),
    ...['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'].map((given) => ({
      what: `payload: 'signed' beside X-Amz-Content-Sha256: ${given}`,
      use: () =>
        signRequest(
          { method: 'PUT', url: 'https://example.com/', headers: { 'x-amz-content-sha256': given } },
          { ...options, payload: 'signed' },
        ),
      code: 'ERR_PAYLOAD_HASH' as const,
      names: "payload: 'signed'",
    })),
    ...forEach(
      'payload',
      ['', 'Signed', 'streaming', 'UNSIGNED-PAYLOAD', 0, true, {}, []],
      (payload) => withOptions({ payload }),
      {
        code: 'ERR_INVALID_OPTION',
        names: 'payload',
      },
    ),
    ...forEach(
      'an unknown option',
      ['regoin', 'clock', 'hosts'],
      (name) => withOptions({ [String(name)]: 'x' }),
      refusal('ERR_INVALID_OPTION', 'is not an option'),
    ),
  ]);
});

describe('signRequest: what is taken for credentials', () => {
  const fields = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET };
  const answer = { AccessKeyId: 'AKIDEXAMPLE', SecretAccessKey: SECRET };
  class Provider {
    getCredentials() {
      return Promise.resolve(fields);
    }
  }
  const rows: readonly (readonly [what: string, credentials: unknown, advice: string])[] = [
    ['a promise', Promise.resolve(fields), 'await it'],
    ['a thenable that has the fields', { ...fields, then: () => undefined }, 'await it'],
    ['an object of the AWS SDK 2', { ...fields, expired: false }, 'await it, or its getPromise()'],
    ['one that was never asked', { accessKeyId: '', getPromise: () => Promise.resolve() }, 'its getPromise()'],
    ['the fields of an AWS API', answer, 'has SecretAccessKey, and no secretAccessKey'],
    ['some of these', { AccessKeyId: 'AKIDEXAMPLE' }, 'has AccessKeyId, and no secretAccessKey'],
    ['the answer of an AWS API', { Credentials: answer }, 'has Credentials, and no secretAccessKey'],
    ['options', { credentials: fields }, 'has credentials, and no secretAccessKey'],
    ['{ getCredentials() }', new Provider(), 'has getCredentials, and no secretAccessKey'],
    ['a function', () => fields, 'call it'],
  ];
  itRefuses(
    rows.map(([what, credentials, advice]) => ({
      what,
      use: () => withOptions({ credentials }),
      ...refusal('ERR_CREDENTIALS', advice),
    })),
  );

  it.each(rows)('%s: what it says to pass is not a function, which nobody would call', (_, credentials) => {
    expect(() => withOptions({ credentials })).toThrow(/^(?!.*pass a function)/);
  });
});

describe('SigningKey', () => {
  const keyScope = { date: '20261122', ...scope };
  const withScope = (changes: object) => new SigningKey(SECRET, { ...keyScope, ...changes });
  const create = (secret: unknown, given: unknown, keyOptions?: unknown) =>
    new SigningKey(secret as string, given as SigningKeyScope, keyOptions as object);
  const key = create(SECRET, keyScope);
  const isOption = refusal('ERR_INVALID_OPTION', 'SigningKey');
  const noDates = [
    ...[undefined, null, '', 'today', '2026112', '202611222', '2026-11-22', ' 20261122', '20261122\n', '٢٠٢٦١١٢٢'],
    ...[0, 20261122, {}, [], true, 1n, Symbol('a'), new Date(NaN)],
  ];
  itRefuses([
    ...forEach('the secret', ['', undefined, ...NO_STRINGS], (secret) => create(secret, keyScope), isOption),
    ...forEach(
      'the secret',
      [`${SECRET}\n`, ` ${SECRET}`, `${SECRET}ü`, ' '],
      (secret) => create(secret, keyScope),
      refusal('ERR_INVALID_OPTION', 'SigningKey'),
    ),
    ...forEach('date', noDates, (date) => withScope({ date }), refusal('ERR_INVALID_OPTION', 'date')),
    ...forEach(
      'date',
      [new Date(8.64e15), new Date('+010000-01-01T00:00:00Z')],
      (date) => withScope({ date }),
      refusal('ERR_INVALID_OPTION', 'date'),
    ),
    ...forEach(
      'date',
      ['99999999', '20260000', '20261301', '20260230'],
      (date) => withScope({ date }),
      refusal('ERR_INVALID_OPTION', 'date'),
    ),
    ...forEach('region', ['', 'a b', 'a/b', 'ü', 5, null, undefined], (region) => withScope({ region }), {
      code: 'ERR_ENDPOINT',
      names: 'region',
    }),
    ...forEach('service', ['', 'a b', 'a/b', 'ü', 5, null, undefined], (service) => withScope({ service }), {
      code: 'ERR_ENDPOINT',
      names: 'service',
    }),
    ...forEach('rederive: date', noDates, (date) => key.rederive({ date: date as string }), isOption),
    {
      what: 'rederive without the secret',
      use: () => create(SECRET, keyScope, { keepSecret: false }).rederive({ date: '20261123' }),
      code: 'ERR_NO_SECRET_KEY',
      names: 'keepSecret',
    },
    ...forEach('scope', [undefined, null], (given) => create(SECRET, given), { ...isOption }),
    ...forEach('options', [null], (given) => create(SECRET, keyScope, given), { ...isOption }),
    ...forEach('keepSecret', ['false', 0, null, 'no'], (keepSecret) => create(SECRET, keyScope, { keepSecret }), {
      ...refusal('ERR_INVALID_OPTION', 'keepSecret'),
    }),
    ...forEach('rederive', [undefined, null], (given) => key.rederive(given as { date: string }), {
      ...isOption,
    }),
    ...forEach('sign', [undefined, null, 5, {}], (text) => key.sign(text as string), {
      ...isOption,
    }),
  ]);
});
