/** presignUrl: the figures of botocore and aws-crt, what stands in the URL, what is signed, what is cleared. */
import { createHash } from 'node:crypto';
import { accessKeyId, cases, date, secretAccessKey } from '../../fixtures/presigned-urls.json';
import { presignUrl, SigningKey, type HttpRequest, type PresignUrlOptions } from '../../lib/sigv4/index.js';

const options = {
  region: 'eu-west-1',
  service: 'execute-api',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret/KEY' },
  date: new Date('2026-11-22T12:34:56.789Z'),
} as const satisfies PresignUrlOptions;
const s3 = { ...options, service: 's3' } as const;
const temporary = { ...options.credentials, sessionToken: 'a/token+of==' } as const;
const get = { method: 'GET', url: 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/items' } as const;
const hashOf = (data: string): string => createHash('sha256').update(data).digest('hex');

const presign = (request: Partial<HttpRequest>, changes: Partial<PresignUrlOptions> = {}) =>
  presignUrl({ ...get, ...request }, { ...options, ...changes } as PresignUrlOptions);
const parametersOf = ({ url }: { readonly url: string }): Record<string, string> =>
  Object.fromEntries(new URL(url).searchParams);
const payloadOf = ({ trace }: ReturnType<typeof presignUrl>): string | undefined =>
  trace.canonicalRequest.split('\n').at(-1);

describe.each(cases)('$name', ({ request, region, service, sessionToken, expiresIn, ...expected }) => {
  const { url, headers, trace } = presignUrl(request, {
    region,
    service,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    date: new Date(date),
    expiresIn,
  });

  it('has the canonical request', () => {
    expect(trace.canonicalRequest).toBe(expected.canonicalRequest.join('\n'));
  });
  it('has the string to sign', () => {
    expect(trace.stringToSign).toBe(expected.stringToSign.join('\n'));
  });
  it('has the signature', () => {
    expect(trace.signature).toBe(expected.signature);
  });
  it('has the URL, and the headers to send', () => {
    const [base, query = ''] = url.split('?');
    const [expectedBase, expectedQuery = ''] = expected.url.split('?');
    expect(base).toBe(expectedBase);
    expect(query.split('&').sort()).toStrictEqual(expectedQuery.split('&').sort());
    expect(headers).toStrictEqual(request.headers);
  });
});

describe('the URL', () => {
  it('bears the parameters of a signature, and the signature last', () => {
    const presigned = presign({}, { credentials: temporary });
    expect([...new URL(presigned.url).searchParams]).toStrictEqual([
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', 'AKIDEXAMPLE/20261122/eu-west-1/execute-api/aws4_request'],
      ['X-Amz-Date', '20261122T123456Z'],
      ['X-Amz-Expires', '900'],
      ['X-Amz-Security-Token', 'a/token+of=='],
      ['X-Amz-SignedHeaders', 'host'],
      ['X-Amz-Signature', presigned.trace.signature],
    ]);
    expect(presigned.url).toContain('=AKIDEXAMPLE%2F20261122%2Feu-west-1%2Fexecute-api%2Faws4_request&');
    expect(presigned.url).toContain('X-Amz-Security-Token=a%2Ftoken%2Bof%3D%3D&');
    expect(presigned.trace.scope).toBe('20261122/eu-west-1/execute-api/aws4_request');
  });

  it.each([
    ['a query, in its own order', 'https://a.com/p?b=2&a=1&b=1', 'https://a.com/p?b=2&a=1&b=1&X-Amz-'],
    ['a name without a value', 'https://a.com/p?acl', 'https://a.com/p?acl&X-Amz-'],
    ['no path', 'https://a.com', 'https://a.com/?X-Amz-'],
    ['no path, but a query', 'https://a.com?a=1', 'https://a.com/?a=1&X-Amz-'],
    ['an empty query', 'https://a.com/?', 'https://a.com/?X-Amz-'],
    ['a fragment, which is never sent', 'https://a.com/p?a=1#b?c', 'https://a.com/p?a=1&X-Amz-'],
    ['a fragment and no path', 'https://a.com#b', 'https://a.com/?X-Amz-'],
    ['a path that is not normal', 'https://a.com/a//../%7e?c', 'https://a.com/a//../%7e?c&X-Amz-'],
    ['an escaped query', 'https://a.com/?%61=%2f+', 'https://a.com/?%61=%2f+&X-Amz-'],
    ['ws:', 'ws://a.com:8080/p', 'ws://a.com:8080/p?X-Amz-'],
    ['WSS:', 'WSS://a.com/p', 'WSS://a.com/p?X-Amz-'],
  ])('stays as it is: %s', (_, url, beginning) => {
    expect(presign({ url }).url.slice(0, beginning.length)).toBe(beginning);
  });

  it.each([
    ['https://a.com:8443/', 'a.com:8443'],
    ['https://a.com:443/', 'a.com'],
    ['wss://a.com:443/', 'a.com'],
    ['wss://A.com:8443/', 'a.com:8443'],
    ['ws://a.com:80/', 'a.com'],
    ['ws://a.com:443/', 'a.com:443'],
    ['http://[::1]:9000/', '[::1]:9000'],
  ])('has its host signed as a client sends it: %s', (url, host) => {
    expect(presign({ url }).trace.canonicalRequest).toContain(`\nhost:${host}\n`);
  });

  it('has its query signed whole, sorted and encoded', () => {
    const { trace } = presign({ url: 'https://a.com/?b=%7e&a=2&a=1&B&=x' });
    const query = trace.canonicalRequest.split('\n')[2] ?? '';
    expect(query.split('&').filter((pair) => !pair.startsWith('X-Amz-'))).toStrictEqual([
      '=x',
      'B=',
      'a=1',
      'a=2',
      'b=~',
    ]);
    expect(query).not.toContain('X-Amz-Signature');
  });

  it.each([
    ['s3', '/a//../b%2Fc%20d'],
    ['s3express', '/a//../b%2Fc%20d'],
    ['s3-outposts', '/a//../b%2Fc%20d'],
    ['s3-object-lambda', '/a//../b%2Fc%20d'],
    ['execute-api', '/b%252Fc%2520d'],
  ])('has its path signed as the service reads it: %s', (service, path) => {
    const { trace } = presign({ url: 'https://a.com/a//../b%2Fc%20d' }, { service });
    expect(trace.canonicalRequest.split('\n')[1]).toBe(path);
  });

  it('has the moment of the option date, or now', () => {
    jest.useFakeTimers({ now: Date.UTC(2031, 0, 2, 3, 4, 5) });
    try {
      expect(parametersOf(presign({}, { date: undefined }))['X-Amz-Date']).toBe('20310102T030405Z');
    } finally {
      jest.useRealTimers();
    }
  });

  it.each([1, 60, 900, 604_800])('is good for %i seconds where asked to', (expiresIn) => {
    expect(parametersOf(presign({}, { expiresIn }))['X-Amz-Expires']).toBe(String(expiresIn));
  });
});

describe('an earlier presigning', () => {
  it('is replaced', () => {
    const first = presign({ url: `${get.url}?b=1&a=2` }, { credentials: temporary, expiresIn: 60 });
    const second = presign({ url: first.url });
    expect(second).toStrictEqual(presign({ url: `${get.url}?b=1&a=2` }));
    expect(parametersOf(second)).not.toHaveProperty('X-Amz-Security-Token');
  });

  it('is replaced where its token stands after the signature', () => {
    const iot = { service: 'iotdevicegateway', credentials: temporary };
    const url = 'wss://a.com/mqtt';
    const first = presign({ url }, { ...iot, expiresIn: 60 });
    expect(presign({ url: first.url }, iot)).toStrictEqual(presign({ url }, iot));
  });

  it.each([
    ['in any case', 'x-amz-signature=1&X-AMZ-DATE=2&a=1'],
    ['escaped', 'X%2DAmz-Signatur%65=1&X-Amz-Expires=5&a=1'],
    ['of the AWS SDK for JavaScript', 'X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&a=1&X-Amz-Signature=1'],
    ['of SigV4a and S3 Express', 'X-Amz-Region-Set=%2A&X-Amz-S3session-Token=t&a=1&X-Amz-Signature=1'],
  ])('is replaced: %s', (_, query) => {
    expect(presign({ url: `https://a.com/?${query}` })).toStrictEqual(presign({ url: 'https://a.com/?a=1' }));
  });

  it('leaves parameters that only look alike', () => {
    const url = 'https://a.com/?x-amz-acl=private&X-Amz-Signature2=a&%58-Amz=b';
    expect(presign({ url }).url).toContain(`${url}&X-Amz-Algorithm=`);
  });
});

describe('headers', () => {
  const headers = { 'Content-Type': 'text/plain', 'X-Tenant': 'a  b', 'x-amz-acl': 'private', 'Content-Length': '5' };

  it('are all signed, and none goes into the query', () => {
    const presigned = presign({ headers });
    expect(presigned.trace.signedHeaders).toBe('content-length;content-type;host;x-amz-acl;x-tenant');
    expect(presigned.trace.canonicalRequest).toContain('\nx-tenant:a b\n');
    expect(presigned.headers).toStrictEqual(headers);
    expect(Object.keys(parametersOf(presigned)).map((name) => name.toLowerCase())).not.toContain('x-amz-acl');
  });

  it('are none where the request has none', () => {
    expect(presign({}).headers).toStrictEqual({});
  });

  it('that only a signature in the headers has are left out', () => {
    const presigned = presign({
      headers: { Authorization: 'AWS4-HMAC-SHA256 old', 'X-Amz-Date': '20150830T123600Z', Undefined: undefined },
    });
    expect(presigned.headers).toStrictEqual({});
    expect(presigned.trace.signedHeaders).toBe('host');
  });

  it('with a token of their own lend it to credentials without one', () => {
    const presigned = presign({ headers: { 'x-amz-security-token': 'given' } });
    expect(parametersOf(presigned)['X-Amz-Security-Token']).toBe('given');
    expect(presigned.headers).toStrictEqual({});
    expect(presigned).toStrictEqual(presign({}, { credentials: { ...options.credentials, sessionToken: 'given' } }));
  });

  it('with a Host have it signed and sent', () => {
    const presigned = presign({ headers: { Host: 'other.example.com' } });
    expect(presigned.trace.canonicalRequest).toContain('\nhost:other.example.com\n');
    expect(presigned.headers).toStrictEqual({ Host: 'other.example.com' });
  });
});

describe('the payload', () => {
  it.each(['s3', 's3express', 's3-outposts', 's3-object-lambda', 'vpc-lattice-svcs'])(
    'is not signed for %s',
    (service) => {
      const presigned = presign({ method: 'PUT', body: 'x' }, { service });
      expect(payloadOf(presigned)).toBe('UNSIGNED-PAYLOAD');
      expect(presigned.headers).toStrictEqual({});
    },
  );

  it.each(['execute-api', 'sts', 'rds-db', 'transcribe', 'iotdevicegateway', 'glacier', 'aoss'])(
    'is the hash of the body for %s',
    (service) => {
      const presigned = presign({ method: 'POST', body: 'x' }, { service });
      expect(payloadOf(presigned)).toBe(hashOf('x'));
      expect(payloadOf(presign({}, { service }))).toBe(hashOf(''));
      expect(presigned.headers).toStrictEqual({});
    },
  );

  it('is signed for S3 where asked to, and then told to it in a header', () => {
    const presigned = presignUrl(
      { method: 'PUT', url: 'https://b.s3.amazonaws.com/k', body: 'x' },
      { ...s3, payload: 'signed' },
    );
    expect(presigned.headers).toStrictEqual({ 'X-Amz-Content-Sha256': hashOf('x') });
    expect(presigned.trace.signedHeaders).toBe('host;x-amz-content-sha256');
    expect(payloadOf(presigned)).toBe(hashOf('x'));
  });

  it('is what the header says', () => {
    const headers = { 'x-amz-content-sha256': hashOf('x') };
    const presigned = presign({ method: 'PUT', body: 'x', headers }, { service: 's3' });
    expect(payloadOf(presigned)).toBe(hashOf('x'));
    expect(presigned.headers).toStrictEqual({ 'X-Amz-Content-Sha256': hashOf('x') });
    expect(() => presign({ method: 'PUT', body: 'y', headers }, { service: 's3' })).toThrow(
      /must be the hash of the body/,
    );
  });

  it('is unsigned elsewhere where asked to', () => {
    expect(payloadOf(presign({ body: 'x' }, { payload: 'unsigned' }))).toBe('UNSIGNED-PAYLOAD');
  });
});

describe('the token', () => {
  it('is left out of what is signed where asked to', () => {
    const presigned = presign({}, { credentials: temporary, omitSessionToken: true });
    expect(presigned.trace).toStrictEqual(presign({}).trace);
    expect(presigned.url).toBe(`${presign({}).url}&X-Amz-Security-Token=a%2Ftoken%2Bof%3D%3D`);
  });

  it('is signed for AWS IoT where asked to', () => {
    const iot = { service: 'iotdevicegateway', credentials: temporary, omitSessionToken: false };
    expect(presign({}, iot).trace.canonicalRequest).toContain('X-Amz-Security-Token');
  });
});

it('signs with a derived key, whose region and service hold', () => {
  const { region, service, date: day, credentials } = options;
  const signingKey = new SigningKey(credentials.secretAccessKey, { region, service, date: day });
  const byKey = presignUrl(get, { signingKey, accessKeyId: credentials.accessKeyId, date: day });
  expect(byKey).toStrictEqual(presign({}));
});

it('leaves the input as it is', () => {
  const request = Object.freeze({ ...get, headers: Object.freeze({ 'x-a': Object.freeze(['1', '2']) }) });
  const { headers, trace } = presignUrl(request, Object.freeze(options));
  expect(headers).toStrictEqual({ 'x-a': ['1', '2'] });
  expect(trace.canonicalRequest).toContain('\nx-a:1,2\n');
});
