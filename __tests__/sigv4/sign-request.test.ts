/** signRequest: what it sends, what it signs by default, what it clears, what it refuses. */
import { createHash } from 'node:crypto';
import {
  CredentialsError,
  EndpointError,
  NoSecretKeyError,
  signRequest,
  SigningKey,
  type SignRequestOptions,
} from '../../lib/sigv4/index.js';

const options = {
  region: 'eu-west-1',
  service: 'execute-api',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret/KEY' },
  date: new Date('2026-11-22T12:34:56.789Z'),
} as const satisfies SignRequestOptions;
const get = { method: 'GET', url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/items?b=2&a=1' } as const;
const s3 = { ...options, service: 's3' } as const;
const hashOf = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

describe('the signed request', () => {
  it('is the request with the headers that sign it', () => {
    const signed = signRequest({ ...get, headers: { Accept: '*/*' } }, options);
    expect(signed).toMatchObject({ method: 'GET', url: get.url, body: undefined });
    expect(Object.keys(signed.headers)).toStrictEqual(['Accept', 'X-Amz-Date', 'Authorization']);
    expect(signed.headers['X-Amz-Date']).toBe('20261122T123456Z');
    expect(signed.headers.Authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/execute-api/aws4_request, ' +
        `SignedHeaders=host;x-amz-date, Signature=${signed.trace.signature}`,
    );
    expect(signed.trace).toMatchObject({
      signedHeaders: 'host;x-amz-date',
      scope: '20261122/eu-west-1/execute-api/aws4_request',
    });
  });

  it('leaves the input as it is', () => {
    const body = new Uint8Array([1, 2, 3]);
    const request = deepFreeze({ method: 'post', url: get.url, headers: { 'x-a': ['1', '2'] }, body });
    const signed = signRequest(request, deepFreeze({ ...options, signedHeaders: ['x-a'] }));
    expect(signed.method).toBe('POST');
    expect(signed.body).toBe(body);
    expect(signed.headers['x-a']).toStrictEqual(['1', '2']);
    expect(signed.headers).not.toBe(request.headers);
  });

  it('is dated in UTC, however an application has dates written as JSON', () => {
    const toJson = jest.spyOn(Date.prototype, 'toJSON').mockReturnValue('2026-11-22T07:34:56.789-05:00');
    try {
      const later = new Date(options.date.getTime() + 86_400_000);
      expect(signRequest(get, { ...options, date: later }).headers['X-Amz-Date']).toBe('20261123T123456Z');
    } finally {
      toJson.mockRestore();
    }
  });

  it('is dated now where no date is given', () => {
    jest.useFakeTimers({ now: Date.UTC(2031, 0, 2, 3, 4, 5) });
    try {
      expect(signRequest(get, { ...options, date: undefined }).headers['X-Amz-Date']).toBe('20310102T030405Z');
    } finally {
      jest.useRealTimers();
    }
  });

  it('leaves out headers that are not sent', () => {
    const signed = signRequest(
      { ...get, headers: { 'x-a': undefined, 'x-b': [] } },
      { ...options, signedHeaders: ['*'] },
    );
    expect(signed.trace.signedHeaders).toBe('host;x-amz-date');
    expect(signed.headers).not.toHaveProperty('x-b');
  });

  it.each(['plain', 'Gr\u00fc\u00dfe', ['plain', '\u00ff']])('signs the header %j as one byte a character', (value) => {
    const { trace } = signRequest({ ...get, headers: { 'x-amz-meta-a': value } }, options);
    expect(trace.stringToSign.split('\n').at(-1)).toBe(hashOf(Buffer.from(trace.canonicalRequest, 'latin1')));
  });

  it('signs the Host header where there is one, else the host of the URL', () => {
    expect(signRequest(get, options).trace.canonicalRequest).toContain(
      '\nhost:abc.execute-api.eu-west-1.amazonaws.com\n',
    );
    expect(signRequest({ ...get, headers: { host: 'other' } }, options).trace.canonicalRequest).toContain(
      '\nhost:other\n',
    );
  });
});

it('is of types that fetch takes', () => {
  const bare = signRequest({ method: 'GET', url: 'https://example.com/' }, options);
  const full = signRequest({ method: 'PUT', url: bare.url, headers: { 'X-A': 'b' }, body: 'text' }, options);
  const inits: readonly RequestInit[] = [bare, full].map(({ method, headers, body }) => ({
    method,
    headers,
    body: body ?? null,
  }));
  expect(inits.map((init) => new Request(bare.url, init).headers.get('x-amz-date'))).toStrictEqual([
    bare.headers['X-Amz-Date'],
    full.headers['X-Amz-Date'],
  ]);
});

describe('the payload', () => {
  it.each([
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['empty text', '', ''],
    ['text, as UTF-8', 'Grüße 💛', 'Grüße 💛'],
    ['bytes', Uint8Array.of(0, 255, 128), Uint8Array.of(0, 255, 128)],
    ['a Buffer', Buffer.from('abc'), 'abc'],
    ['a view, its own bytes alone', Uint8Array.of(1, 2, 3, 4).subarray(1, 3), Uint8Array.of(2, 3)],
  ])('is hashed: %s', (_, body, expected) => {
    const { trace } = signRequest({ method: 'PUT', url: 'https://b.s3.amazonaws.com/k', body }, s3);
    expect(trace.canonicalRequest.split('\n').at(-1)).toBe(hashOf(expected));
  });

  it('has its hash sent where the service wants it', () => {
    for (const service of ['s3', 's3express', 's3-outposts', 's3-object-lambda', 'glacier', 'aoss']) {
      const { headers } = signRequest({ ...get, body: 'x' }, { ...options, service });
      expect(headers['X-Amz-Content-Sha256']).toBe(hashOf('x'));
    }
    for (const service of ['execute-api', 'es', 'lambda', 'dynamodb']) {
      const { headers } = signRequest({ ...get, body: 'x' }, { ...options, service });
      expect(headers).not.toHaveProperty('X-Amz-Content-Sha256');
    }
  });

  it('has its hash sent or not as the option says', () => {
    const on = signRequest(get, { ...options, contentSha256Header: true });
    expect(on.headers['X-Amz-Content-Sha256']).toBe(hashOf(''));
    expect(on.trace.signedHeaders).toBe('host;x-amz-content-sha256;x-amz-date');
    expect(signRequest(get, { ...s3, contentSha256Header: false }).headers).not.toHaveProperty('X-Amz-Content-Sha256');
  });

  it('is unsigned where asked for, and for VPC Lattice, which takes nothing else', () => {
    const unsigned = signRequest({ ...get, body: 'x' }, { ...s3, payload: 'unsigned' });
    expect(unsigned.headers['X-Amz-Content-Sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(unsigned.trace.canonicalRequest.split('\n').at(-1)).toBe('UNSIGNED-PAYLOAD');
    const ofGateway = signRequest({ ...get, body: 'x' }, { ...options, payload: 'unsigned' });
    expect(ofGateway.headers['X-Amz-Content-Sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(ofGateway.trace.signedHeaders).toBe('host;x-amz-content-sha256;x-amz-date');
    const lattice = signRequest({ ...get, body: 'x' }, { ...options, service: 'vpc-lattice-svcs' });
    expect(lattice.headers['X-Amz-Content-Sha256']).toBe('UNSIGNED-PAYLOAD');
  });

  it.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', hashOf('x')])(
    'is what the caller’s own header says: %s',
    (value) => {
      const { headers, trace } = signRequest(
        { ...get, body: 'x', headers: { 'x-amz-content-sha256': value } },
        options,
      );
      expect(headers['X-Amz-Content-Sha256']).toBe(value);
      expect(Object.keys(headers).filter((name) => name.toLowerCase() === 'x-amz-content-sha256')).toHaveLength(1);
      expect(trace.canonicalRequest.split('\n').at(-1)).toBe(value);
    },
  );

  it.each([hashOf('y'), hashOf('x').toUpperCase(), 'nonsense', ''])('refuses the header %j for the body x', (value) => {
    expect(() => signRequest({ ...get, body: 'x', headers: { 'X-Amz-Content-SHA256': value } }, options)).toThrow(
      expect.objectContaining({ code: 'ERR_PAYLOAD_HASH' }),
    );
  });
});

describe('the session token', () => {
  const credentials = { ...options.credentials, sessionToken: 'the/token+==' };

  it('is sent and signed', () => {
    const { headers, trace } = signRequest(get, { ...options, credentials });
    expect(headers['X-Amz-Security-Token']).toBe('the/token+==');
    expect(trace.signedHeaders).toBe('host;x-amz-date;x-amz-security-token');
  });

  it('is sent unsigned where asked for', () => {
    const { headers, trace } = signRequest(get, { ...options, credentials, omitSessionToken: true });
    expect(headers['X-Amz-Security-Token']).toBe('the/token+==');
    expect(trace.signedHeaders).toBe('host;x-amz-date');
  });
});

describe('what an earlier signing left', () => {
  it('is replaced, whatever its case', () => {
    const first = signRequest({ ...get, body: 'one' }, { ...s3, date: new Date('2020-01-01T00:00:00Z') });
    const headers = Object.fromEntries(
      Object.entries(first.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const again = signRequest({ ...get, headers, body: 'two' }, s3);
    expect(again).toStrictEqual(signRequest({ ...get, body: 'two' }, s3));
  });

  it('is told from a hash that the caller gave', () => {
    const headers = { 'X-Amz-Content-Sha256': hashOf('one') };
    expect(() => signRequest({ ...get, headers, body: 'two' }, s3)).toThrow(/X-Amz-Content-Sha256/);
  });

  it('and the Authorization of anyone else is replaced', () => {
    const { headers } = signRequest({ ...get, headers: { authorization: 'Bearer token' } }, options);
    expect(headers.Authorization).toMatch(/^AWS4-HMAC-SHA256 /);
    expect(headers).not.toHaveProperty('authorization');
  });
});

describe('bad input', () => {
  const sign =
    (request: object, overrides: object = {}) =>
    (): unknown =>
      signRequest({ ...get, ...request }, { ...options, ...overrides });
  const { accessKeyId, secretAccessKey } = options.credentials;

  it.each([
    ['no region', sign({}, { region: undefined }), EndpointError, /region/],
    ['an empty region', sign({}, { region: '' }), EndpointError, /region/],
    ['no service', sign({}, { service: undefined }), EndpointError, /service/],
    ['a service with a slash', sign({}, { service: 's3/x' }), EndpointError, /service/],
    ['no credentials', sign({}, { credentials: undefined }), CredentialsError, /credentials/],
    ['no secret', sign({}, { credentials: { accessKeyId } }), CredentialsError, /secretAccessKey/],
    [
      'an empty key id',
      sign({}, { credentials: { accessKeyId: '', secretAccessKey } }),
      CredentialsError,
      /accessKeyId/,
    ],
    [
      'a key id with a slash',
      sign({}, { credentials: { accessKeyId: 'a/b', secretAccessKey } }),
      CredentialsError,
      /accessKeyId/,
    ],
    [
      'a secret with a line break',
      sign({}, { credentials: { accessKeyId, secretAccessKey: 'x\n' } }),
      CredentialsError,
      /secretAccessKey/,
    ],
    [
      'a token that is no text',
      sign({}, { credentials: { ...options.credentials, sessionToken: 5 } }),
      CredentialsError,
      /sessionToken/,
    ],
  ])('refuses %s', (_, refused, type, message) => {
    expect(refused).toThrow(type);
    expect(refused).toThrow(message);
  });

  it.each([
    ['a relative URL', sign({ url: '/path' }), 'ERR_INVALID_URL'],
    ['a method with a space', sign({ method: 'GET /' }), 'ERR_INVALID_OPTION'],
    ['no method', sign({ method: undefined }), 'ERR_INVALID_OPTION'],
    ['a date that is none', sign({}, { date: new Date('never') }), 'ERR_INVALID_OPTION'],
    ['a date beyond four digits', sign({}, { date: new Date('+010000-01-01T00:00:00Z') }), 'ERR_INVALID_OPTION'],
    ['a payload mode that is none', sign({}, { payload: 'none' }), 'ERR_INVALID_OPTION'],
    ['a header with a line break', sign({ headers: { 'x-a': 'b\r\nc: d' } }), 'ERR_INVALID_HEADER'],
    ['a header in an array with NUL', sign({ headers: { 'x-a': ['b', '\0'] } }), 'ERR_INVALID_HEADER'],
    ['a header that is a number', sign({ headers: { 'x-a': 5 } }), 'ERR_INVALID_HEADER'],
    ['a header name with a space', sign({ headers: { 'x a': 'b' } }), 'ERR_INVALID_HEADER'],
    ['an empty header name', sign({ headers: { '': 'b' } }), 'ERR_INVALID_HEADER'],
    [
      'a header that an object cannot hold',
      sign({ headers: JSON.parse('{"__proto__":"b"}') as object }),
      'ERR_INVALID_HEADER',
    ],
    ['a body that is an object', sign({ body: { a: 1 } }), 'ERR_UNSUPPORTED_BODY'],
  ])('refuses %s', (_, refused, code) => {
    expect(refused).toThrow(expect.objectContaining({ name: 'Aws4AuthError', code }));
  });

  it('shows no secret in its errors', () => {
    const credentials = { accessKeyId, secretAccessKey: 'hunter2 ', sessionToken: 'hunter2' };
    expect(sign({}, { credentials })).toThrow(/^(?!.*hunter2).*secretAccessKey/s);
    expect(sign({ headers: { 'x-key': 'hunter2\n' } })).toThrow(/^(?!.*hunter2).*x-key/s);
  });
});

describe('with a signing key in place of credentials', () => {
  const { region, service, date, credentials } = options;
  const { accessKeyId, secretAccessKey } = credentials;
  const keyOf = (day: string, keepSecret = true): SigningKey =>
    new SigningKey(secretAccessKey, { date: day, region, service }, { keepSecret });
  const withKey = { signingKey: keyOf('20261122', false), accessKeyId, date };

  it('signs as with the credentials that the key was derived from', () => {
    expect(signRequest(get, withKey)).toStrictEqual(signRequest(get, options));
    expect(signRequest(get, { ...withKey, region, service })).toStrictEqual(signRequest(get, options));
  });

  it('sends and signs the session token that goes with it', () => {
    const sessionToken = 'the/token+==';
    expect(signRequest(get, { ...withKey, sessionToken })).toStrictEqual(
      signRequest(get, { ...options, credentials: { ...credentials, sessionToken } }),
    );
  });

  it('derives it for another day where it has its secret, once for each day', () => {
    const signingKey = keyOf('20200101');
    const rederive = jest.spyOn(signingKey, 'rederive');
    for (const moment of [date, date]) {
      expect(signRequest(get, { ...withKey, signingKey, date: moment })).toStrictEqual(signRequest(get, options));
    }
    expect(rederive).toHaveBeenCalledTimes(1);
  });

  it('does not sign for another day where it has not', () => {
    const sign = (): unknown => signRequest(get, { ...withKey, date: new Date('2026-11-23T00:00:00Z') });
    expect(sign).toThrow(NoSecretKeyError);
    expect(sign).toThrow(/20261122.*another date/);
  });

  it.each([
    ['another region', { region: 'eu-west-2' }, 'ERR_ENDPOINT', /^region: is eu-west-2, but .* eu-west-1/],
    ['another service', { service: 's3' }, 'ERR_ENDPOINT', /^service: is s3, but .* execute-api/],
    ['a region that is none', { region: 5 }, 'ERR_ENDPOINT', /^region/],
    ['credentials beside it', { credentials }, 'ERR_CREDENTIALS', /^signingKey.*credentials/],
    ['no access key id', { accessKeyId: undefined }, 'ERR_CREDENTIALS', /^accessKeyId/],
    ['a key that is none', { signingKey: secretAccessKey }, 'ERR_INVALID_OPTION', /^signingKey(?!.*secret)/],
    ['an access key id without it', { signingKey: undefined }, 'ERR_CREDENTIALS', /^accessKeyId.*signingKey/],
    [
      'a token without it',
      { signingKey: undefined, accessKeyId: undefined, sessionToken: 'x', credentials },
      'ERR_CREDENTIALS',
      /^sessionToken.*signingKey/,
    ],
  ])('refuses %s', (_, changes, code, message) => {
    const sign = (): unknown => signRequest(get, { ...withKey, ...changes } as SignRequestOptions);
    expect(sign).toThrow(expect.objectContaining({ code }));
    expect(sign).toThrow(message);
  });
});

describe('a polluted Object.prototype changes nothing', () => {
  const other = { ...options.credentials, accessKeyId: 'AKIDOTHER' };
  const { region, service } = options;
  const pollution: Record<string, unknown> = {
    method: 'DELETE',
    url: 'https://example.com/',
    headers: { 'x-amz-polluted': '1' },
    body: 'polluted',
    region: 'us-east-1',
    service: 's3',
    credentials: other,
    signingKey: new SigningKey('other', { date: options.date, region, service }),
    accessKeyId: 'AKIDOTHER',
    secretAccessKey: 'other',
    sessionToken: 'polluted',
    date: new Date('2001-01-01T00:00:00Z'),
    signedHeaders: ['*'],
    payload: 'unsigned',
    normalizePath: false,
    doubleEncodePath: false,
    contentSha256Header: true,
    omitSessionToken: true,
    bodyHash: '0'.repeat(64),
    keepSecret: false,
    anythingElse: true,
  };
  const token = { ...options.credentials, sessionToken: 'own' };

  const whilePolluted = <T>(name: string, enumerable: boolean, run: () => T): T => {
    Object.defineProperty(Object.prototype, name, { value: pollution[name], enumerable, configurable: true });
    try {
      return run();
    } finally {
      Reflect.deleteProperty(Object.prototype, name);
    }
  };
  const outcome = (run: () => unknown): unknown => {
    try {
      return run();
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };
  const key = {
    signingKey: new SigningKey('secret/KEY', { date: options.date, region, service }),
    accessKeyId: 'AKID',
  };
  const calls: Record<string, () => unknown> = {
    'with few options': () =>
      signRequest({ ...get, url: `${get.url}&x=1` }, { ...options, credentials: { ...options.credentials } }),
    'with headers': () => signRequest({ ...get, headers: { a: 'b', 'x-c': 'd' } }, { ...options, credentials: token }),
    'with a signing key': () => signRequest(get, { ...key, date: options.date }),
    'without a method': () => signRequest({ url: get.url } as typeof get, options),
    'without a URL': () => signRequest({ method: 'GET' } as typeof get, options),
    'without a region': () => signRequest(get, { service, credentials: token } as SignRequestOptions),
    'without a service': () => signRequest(get, { region, credentials: token } as SignRequestOptions),
    'without credentials': () => signRequest(get, { region, service } as SignRequestOptions),
    'without fields of credentials': () => signRequest(get, { ...options, credentials: {} as typeof token }),
    'of a key derived again': () =>
      new SigningKey('secret', { date: '20261122', region, service }).rederive({ date: '20261123' }).sign('text'),
    'of a key without a scope': () => new SigningKey('secret', {} as { date: string; region: string; service: string }),
  };

  describe.each(Object.keys(pollution))('%s', (name) => {
    it.each(Object.keys(calls))('%s', (call) => {
      const run = (): unknown => outcome(calls[call] as () => unknown);
      const expected = run();
      expect(whilePolluted(name, true, run)).toStrictEqual(expected);
      expect(whilePolluted(name, false, run)).toStrictEqual(expected);
    });
  });

  it('for credentials of a class whose fields are getters', () => {
    class Held {
      get accessKeyId(): string {
        return options.credentials.accessKeyId;
      }
      get secretAccessKey(): string {
        return options.credentials.secretAccessKey;
      }
    }
    const expected = signRequest(get, options);
    for (const name of ['accessKeyId', 'secretAccessKey', 'sessionToken']) {
      expect(whilePolluted(name, true, () => signRequest(get, { ...options, credentials: new Held() }))).toStrictEqual(
        expected,
      );
    }
  });
});

describe('a token that the caller gave as a header', () => {
  const permanent = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const rules = { region: 'us-east-1', service: 'service', date: new Date('2015-08-30T12:36:00Z') };
  const url = 'https://example.amazonaws.com/';

  it.each(['X-Amz-Security-Token', 'x-amz-security-token'])(
    'is the session token of credentials without one: %s',
    (name) => {
      const byHeader = signRequest(
        { method: 'GET', url, headers: { [name]: 'token/1' } },
        { ...rules, credentials: permanent },
      );
      const byCredentials = signRequest(
        { method: 'GET', url },
        { ...rules, credentials: { ...permanent, sessionToken: 'token/1' } },
      );
      expect(byHeader.headers).toStrictEqual(byCredentials.headers);
      expect(byHeader.trace).toStrictEqual(byCredentials.trace);
    },
  );

  it('gives way to that of the credentials', () => {
    const credentials = { ...permanent, sessionToken: 'token/2' };
    const { headers } = signRequest(
      { method: 'GET', url, headers: { 'X-Amz-Security-Token': 'token/1' } },
      { ...rules, credentials },
    );
    expect(headers['X-Amz-Security-Token']).toBe('token/2');
  });

  it('of an earlier signature goes with that', () => {
    const headers = { Authorization: 'AWS4-HMAC-SHA256 x', 'X-Amz-Security-Token': 'token/1' };
    const signed = signRequest({ method: 'GET', url, headers }, { ...rules, credentials: permanent });
    expect(Object.keys(signed.headers)).not.toContain('X-Amz-Security-Token');
  });

  it.each(['to ken', 'tökén', 'a,b c'])('that cannot be one is refused by its header, and not quoted: %s', (token) => {
    const sign = (): unknown =>
      signRequest(
        { method: 'GET', url, headers: { 'X-Amz-Security-Token': token } },
        { ...rules, credentials: permanent },
      );
    expect(sign).toThrow(expect.objectContaining({ code: 'ERR_INVALID_HEADER' }));
    expect(sign).toThrow(/^headers: X-Amz-Security-Token(?!.*(?:to ken|tökén))/);
  });
});
