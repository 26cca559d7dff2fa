/** What answers are explained by: each code and sentence that services have, wherever and however they stand. */
import axios, { AxiosError, type InternalAxiosRequestConfig } from 'axios';
import { JSDOM } from 'jsdom';
import type { RawResponse } from 'strict-sigv4-verifier';
import storeRefusals from '../../fixtures/store-refusals.json';
import { aws4Interceptor, explainRefusal, type Aws4Options, type RefusalCause } from '../../lib/index.js';
import { DAY, HOUR, MINUTE, readText, refuse, setHealingStage, START } from '../stand-ins/healing-stage.js';
import { failure, numbered } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const rest = setHealingStage();
const s3 = setHealingStage('s3');
const coral = setHealingStage('dynamodb');
const stages = { rest, s3, coral } as const;

/** The explanation of a request that is refused with this answer, and not healed. */
async function explainAnswer(answer: RawResponse, on: keyof typeof stages, options: Aws4Options = {}) {
  const stage = stages[on];
  stage.respond = () => answer;
  const error = await failure(stage.connect({ heal: false, ...options }).post('/items', { a: 1 }));
  if (!(error instanceof AxiosError)) throw error;
  const explanation = explainRefusal(error);
  if (explanation !== undefined) expect(error.message.endsWith(`. ${explanation.summary}`)).toBe(true);
  else expect(error.message).toBe(`Request failed with status code ${String(answer.status)}`);
  return explanation;
}

const xml = (content: string, status = 403): RawResponse => ({ status, body: `<Error>${content}</Error>` });
const document = (code: string, message = '', more = '', status = 403): RawResponse =>
  xml(`<Code>${code}</Code><Message>${message}</Message>${more}`, status);
const json = (body: object, status = 400): RawResponse => ({ status, body: JSON.stringify(body) });
const coralAnswer = (code: string, message = ''): RawResponse => json({ __type: `com.amazon.coral#${code}`, message });

type Told = readonly [string, keyof typeof stages, RawResponse, RefusalCause, RegExp];
const NOT_SIGNED = 'There were headers present in the request which were not signed';

it.each<Told>([
  // What the date is refused for.
  ['RequestTimeTooSkewed', 's3', document('RequestTimeTooSkewed'), 'date', /held up on the way/],
  [
    'RequestTimeTooSkewed of a server a day ahead',
    's3',
    { ...document('RequestTimeTooSkewed'), headers: { Date: 'Thu, 29 Feb 2024 23:59:30 GMT' } },
    'date',
    /signed for 2024-02-28T23:59:30Z, when it was 2024-02-29T23:59:30Z at the server: the clock here is 1 day slow/,
  ],
  ['RequestInTheFuture', 'rest', refuse('RequestInTheFuture'), 'date', /signed for 2024-02-28T23:59:30Z/],
  [
    'a signature that has expired',
    'rest',
    refuse(
      'InvalidSignatureException',
      'Signature expired: 20240228T235930Z is now earlier than 20240229T001930Z (20240229T002430Z - 5 min.)',
    ),
    'date',
    /signed for/,
  ],
  [
    'a signature that is not yet current',
    'coral',
    coralAnswer(
      'InvalidSignatureException',
      'Signature not yet current: 20240228T235930Z is still later than 20240228T233930Z (20240228T233430Z + 5 min.)',
    ),
    'date',
    /signed for/,
  ],
  [
    'a day that is not the scope’s',
    'coral',
    coralAnswer(
      'SignatureDoesNotMatch',
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20240228' != '20240229', from '20240229T000000Z'.",
    ),
    'date',
    /another day in X-Amz-Date than in the credential scope, 20240228/,
  ],
  [
    'a presigned request that has expired',
    's3',
    document('AccessDenied', 'Request has expired', '<X-Amz-Expires>60</X-Amz-Expires>'),
    'date',
    /is good for 60 seconds, which were over at 2024-02-28T23:59:30Z/,
  ],
  // The token.
  ['ExpiredToken', 's3', document('ExpiredToken', 'The provided token has expired.', '', 400), 'token', /has expired/],
  ['ExpiredTokenException', 'coral', coralAnswer('ExpiredTokenException'), 'token', /has expired/],
  ['TokenRefreshRequired', 's3', document('TokenRefreshRequired', '', '', 400), 'token', /has expired/],
  [
    'words of an expired token',
    'coral',
    coralAnswer('UnrecognizedClientException', 'The security token included in the request is expired'),
    'token',
    /has expired/,
  ],
  [
    'InvalidToken',
    's3',
    document('InvalidToken', 'The provided token is malformed or otherwise invalid.', '', 400),
    'token',
    /does not take the session token/,
  ],
  [
    'a token that is not known',
    'coral',
    coralAnswer('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    'token',
    /does not take the session token/,
  ],
  // The scope.
  [
    'another region by S3',
    's3',
    document(
      'AuthorizationHeaderMalformed',
      "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
      '<Region>us-east-1</Region>',
      400,
    ),
    'scope',
    /for the region eu-west-1, and the server’s is us-east-1: set region to 'us-east-1'/,
  ],
  [
    'another region, which an element alone names',
    's3',
    document('AuthorizationHeaderMalformed', '', '<Region>us-east-1</Region>', 400),
    'scope',
    /set region to 'us-east-1'/,
  ],
  [
    'another service by Swift',
    's3',
    document(
      'AuthorizationHeaderMalformed',
      'The authorization header is malformed; incorrect service "es". This endpoint belongs to "swift".',
      '',
      400,
    ),
    'scope',
    /set service to 'swift'/,
  ],
  [
    'another region',
    'rest',
    refuse('InvalidSignatureException', "Credential should be scoped to a valid region, not 'eu-west-1'. "),
    'scope',
    /no signature for the region eu-west-1/,
  ],
  [
    'another service',
    'rest',
    refuse('InvalidSignatureException', "Credential should be scoped to correct service: 'es'. "),
    'scope',
    /for the service execute-api, and the server’s is es/,
  ],
  [
    'another service in JSON',
    'coral',
    coralAnswer('SignatureDoesNotMatch', "Credential should be scoped to correct service: 'es'."),
    'scope',
    /set service to 'es'/,
  ],
  [
    'a region that there is not',
    's3',
    document('InvalidRegionName', "The region name 'eu-west-1' is not valid. Must be one of: auto"),
    'scope',
    /no signature for the region eu-west-1/,
  ],
  // Headers.
  [
    'headers that were not signed',
    's3',
    document('AccessDenied', NOT_SIGNED, '<HeadersNotSigned>x-amz-acl, x-amz-meta-a</HeadersNotSigned>'),
    'headers',
    /The headers x-amz-acl, x-amz-meta-a were sent without being signed/,
  ],
  [
    'a header that must be signed',
    'rest',
    refuse('InvalidSignatureException', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    'headers',
    /The header host was sent without being signed/,
  ],
  [
    'a date that was removed',
    'coral',
    coralAnswer(
      'IncompleteSignatureException',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256 Credential=x",
    ),
    'headers',
    /did not see the header x-amz-date/,
  ],
  [
    'an Authorization of another kind',
    'rest',
    refuse(
      'IncompleteSignatureException',
      "'hidden' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer hidden'.",
    ),
    'headers',
    /cannot read the Authorization/,
  ],
  [
    'no Authorization',
    'coral',
    coralAnswer('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    'headers',
    /saw no Authorization/,
  ],
  [
    'no hash of the body',
    's3',
    document('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256', '', 400),
    'headers',
    /did not see the header x-amz-content-sha256/,
  ],
  // The body.
  [
    'a body of another hash',
    's3',
    document(
      'XAmzContentSHA256Mismatch',
      '',
      `<S3ComputedContentSHA256>${'a'.repeat(64)}</S3ComputedContentSHA256>`,
      400,
    ),
    'payload',
    /a{64} where [\da-f]{64} was signed/,
  ],
  [
    'no body',
    's3',
    document(
      'XAmzContentSHA256Mismatch',
      '',
      '<S3ComputedContentSHA256>e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855</S3ComputedContentSHA256>',
      400,
    ),
    'payload',
    /saw no body/,
  ],
  [
    'a bare mismatch of the body',
    's3',
    document('XAmzContentSHA256Mismatch', '', '', 400),
    'payload',
    /another body than was signed/,
  ],
  [
    'Swift’s code for it',
    's3',
    document('BadDigest', 'The Content-MD5 you specified did not match what we received.', '', 400),
    'payload',
    /another body than was signed/,
  ],
  // Nothing.
  [
    'a path that API Gateway does not know',
    'rest',
    refuse('MissingAuthenticationTokenException', 'Missing Authentication Token'),
    'unknown',
    /most often it is no such path, stage or method, then/,
  ],
  ['a code alone', 's3', document('SignatureDoesNotMatch'), 'unknown', /signed for s3 in eu-west-1/],
  [
    'a code in a header alone',
    'rest',
    { status: 403, headers: { 'x-amzn-errortype': 'InvalidSignatureException' } },
    'unknown',
    /signed for execute-api in eu-west-1/,
  ],
  ['EC2’s code', 'coral', coralAnswer('AuthFailure'), 'unknown', /signed for dynamodb/],
  [
    'words alone, of API Gateway',
    'rest',
    json({ message: 'The request signature we calculated does not match the signature you provided.' }, 403),
    'unknown',
    /most often/,
  ],
  [
    'a document that is named by its code',
    'coral',
    {
      status: 403,
      body: '<SignatureDoesNotMatchException><Message>The request signature we calculated does not match the signature you provided.</Message></SignatureDoesNotMatchException>',
    },
    'unknown',
    /most often/,
  ],
])('%s, by %s', async (_, on, answer, cause, says) => {
  const headers = { Date: new Date(START).toUTCString() };
  const explanation = await explainAnswer({ ...answer, headers: { ...headers, ...answer.headers } }, on);
  expect(explanation).toMatchObject({ cause, summary: expect.stringMatching(says) });
  expect(String(explanation)).not.toMatch(/hidden|token\/1/);
});

describe('without a session token', () => {
  const lasting = { accessKeyId: 'AKIDEXAMPLEEXAMPLE', secretAccessKey: 'secret' };

  it.each([
    ['s3', document('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')],
    ['coral', coralAnswer('UnrecognizedClientException', 'The security token included in the request is invalid.')],
    ['coral', coralAnswer('InvalidClientTokenId', 'The security token included in the request is invalid.')],
  ] as const)('an access key that %s does not know is named', async (on, answer) => {
    const explanation = await explainAnswer(answer, on, { credentials: lasting });
    expect(explanation).toMatchObject({
      cause: 'secret',
      summary: expect.stringMatching(/does not know the access key ending in MPLE: it is of another account/),
    });
    expect(explanation?.summary).not.toContain(lasting.accessKeyId);
  });

  it('a temporary access key is said to lack one', async () => {
    const credentials = { ...lasting, accessKeyId: 'ASIAEXAMPLE' };
    expect(await explainAnswer(coralAnswer('UnrecognizedClientException'), 'coral', { credentials })).toMatchObject({
      cause: 'token',
      summary: expect.stringMatching(/no session token was sent/),
    });
  });
});

it('an access key that S3 does not know is not the token’s fault', async () => {
  expect(await explainAnswer(document('InvalidAccessKeyId'), 's3')).toMatchObject({ cause: 'secret' });
});

describe('is none of the signature:', () => {
  it.each<[string, keyof typeof stages, RawResponse]>([
    ['AccessDenied of S3', 's3', document('AccessDenied', 'Access Denied')],
    [
      'AccessDeniedException',
      'coral',
      coralAnswer('AccessDeniedException', 'User: arn:aws:iam::1:user/a is not authorized'),
    ],
    ['a policy of API Gateway', 'rest', refuse('ForbiddenException', 'Forbidden')],
    [
      'a policy of API Gateway, in words',
      'rest',
      refuse('AccessDeniedException', 'User: anonymous is not authorized to perform: execute-api:Invoke'),
    ],
    ['a validation', 'coral', coralAnswer('ValidationException', 'The signature field is missing')],
    ['an application’s login', 'rest', json({ message: 'Unauthorized' }, 401)],
    ['an application’s own signature', 'rest', json({ code: 'InvalidSignature', message: 'Invalid signature' }, 403)],
    ['an application’s own token', 'rest', json({ code: 'ExpiredToken', message: 'jwt expired' }, 401)],
    [
      'an application that speaks of a token',
      'rest',
      json({ message: 'The security token included in the request is expired' }, 403),
    ],
    [
      'an application that passes on what S3 told it',
      'rest',
      json(
        {
          message:
            "The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\n'GET\n/other\n\nhost:other.example\nx-amz-date:20200101T000000Z\n\nhost;x-amz-date\nUNSIGNED-PAYLOAD'\n",
        },
        403,
      ),
    ],
    ['a page', 's3', { status: 403, body: '<html><head><title>403 Forbidden</title></head><body>nginx</body></html>' }],
    ['nothing', 's3', { status: 403, body: '' }],
    ['JSON from S3', 's3', json({ code: 'SignatureDoesNotMatch' }, 403)],
    ['a status of another kind', 's3', document('SignatureDoesNotMatch', '', '', 500)],
  ])('%s', async (_, on, answer) => {
    expect(await explainAnswer(answer, on)).toBeUndefined();
  });

  it('BadDigest of a checksum that the caller gave', async () => {
    s3.respond = () => document('BadDigest', '', '', 400);
    const headers = { 'x-amz-checksum-crc32': 'AAAAAA==' };
    expect(explainRefusal(await failure(s3.connect().put('/', 'a', { headers })))).toBeUndefined();
  });

  it.each([undefined, null, 5, 'text', {}, new Error('other'), { response: null }])('%p', (value) => {
    expect(explainRefusal(value)).toBeUndefined();
  });

  it('what cannot be read', () => {
    const hostile = {
      get response(): never {
        throw new Error('hostile');
      },
    };
    const refuse = (): never => {
      throw new Error('hostile');
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const kept = { [Symbol.for('axios-aws4auth.refusal')]: new Proxy({}, { has: refuse }) };
    for (const value of [
      hostile,
      proxy,
      { response: proxy },
      kept,
      new Proxy({}, { getOwnPropertyDescriptor: refuse }),
    ]) {
      expect(explainRefusal(value)).toBeUndefined();
    }
  });

  it('an answer to a request that was not signed', async () => {
    s3.respond = () => document('SignatureDoesNotMatch');
    expect(explainRefusal(await failure(s3.connect().get('/', { aws4: false })))).toBeUndefined();
  });
});

describe('the real answers of stores', () => {
  const causes: Readonly<Record<string, RefusalCause>> = {
    'Ceph RGW 16.2.15, wrong secret': 'unknown',
    'Ceph RGW 16.2.15, unknown access key': 'secret',
    'Ceph RGW 16.2.15, clock': 'date',
    'OpenStack Swift 2.35.1 s3api, wrong secret': 'secret',
    'OpenStack Swift 2.35.1 s3api, unknown access key': 'secret',
    'OpenStack Swift 2.35.1 s3api, clock': 'date',
    'OpenStack Swift 2.35.1 s3api, wrong region': 'scope',
    'OpenStack Swift 2.35.1 s3api, wrong service': 'scope',
    'OpenStack Swift 2.35.1 s3api, bad chunk signature': 'payload',
  };

  it.each(storeRefusals.refusals)('$server, $cause', async ({ server, cause, status, contentType, body }) => {
    // As the requests were sent that got them.
    const client = axios.create({
      baseURL: 'http://127.0.0.1:18461',
      adapter: (config) =>
        Promise.resolve({ status, headers: { 'content-type': contentType }, data: body, statusText: '', config }),
    });
    const options: Aws4Options = {
      service: cause === 'wrong service' ? 's3-outposts' : 's3',
      region: cause === 'wrong region' ? 'eu-west-1' : 'us-east-1',
      credentials: {
        accessKeyId: cause === 'unknown access key' ? 'NOPE' : 'test:tester',
        secretAccessKey: 'secret',
      },
      clock: () => Date.UTC(2026, 10, 25, 19, 19, 10),
    };
    client.interceptors.request.use(aws4Interceptor(options));
    const explanation = explainRefusal(await client.get('/'));
    expect(explanation).toMatchObject({ cause: causes[`${server}, ${cause}`] });
  });
});

const refusedBody = document('InvalidAccessKeyId', 'No such key');
describe('wherever the text is', () => {
  it.each([
    ...(['json', 'text', 'arraybuffer', 'stream', 'document'] as const).map((type) => ['http', type] as const),
    ...(['json', 'text', 'arraybuffer', 'blob', 'stream', 'document'] as const).map((type) => ['fetch', type] as const),
  ])('over %s as %s', async (adapter, responseType) => {
    s3.respond = () => refusedBody;
    const client = s3.connect({}, { adapter, responseType });
    const isUnread = platform.name === 'default' && adapter === 'http' && responseType === 'stream';
    const error = await failure(client.get('/'));
    expect(explainRefusal(error)?.cause).toBe(isUnread ? undefined : 'secret');
    const response = await client.get('/', { validateStatus: () => true });
    expect(explainRefusal(response)?.cause).toBe(isUnread ? undefined : 'secret');
    expect(await readText(response)).toBe(refusedBody.body);
  });

  it('in the document that xhr makes of it', async () => {
    const { window } = new JSDOM();
    const data = new window.DOMParser().parseFromString(String(refusedBody.body), 'application/xml');
    const adapter = (config: InternalAxiosRequestConfig) =>
      Promise.resolve({ data, status: 403, statusText: '', headers: {}, config });
    expect(explainRefusal(await s3.connect({}, { adapter }).get('/'))).toMatchObject({ cause: 'secret' });
  });

  it.each(['http', 'fetch'])('behind API Gateway as a stream over %s', async (adapter) => {
    const words = 'The request signature we calculated does not match the signature you provided.';
    rest.respond = () => ({
      ...json({ errors: [{ message: words }] }, 403),
      headers: { 'Content-Type': 'application/json' },
    });
    const error = await failure(rest.connect({}, { adapter, responseType: 'stream' }).get('/'));
    const isUnread = platform.name === 'default' && adapter === 'http';
    expect(explainRefusal(error)?.cause).toBe(isUnread ? undefined : 'unknown');
  });
});

describe('the explanation', () => {
  const SYMBOL = Symbol.for('axios-aws4auth.refusal');

  it('is that of the last try', async () => {
    s3.dead.add(1);
    s3.respond = (count) => (count === 0 ? undefined : document('InvalidAccessKeyId'));
    const error = await failure(s3.connect().get('/'));
    expect(s3.sent()).toHaveLength(2);
    expect(explainRefusal(error)).toMatchObject({ cause: 'secret' });
  });

  it('comes after why it was not healed', async () => {
    s3.dead.add(1);
    const error = await failure(s3.connect({ credentials: numbered(1) }).get('/'));
    expect((error as Error).message).toMatch(
      /^Request .* 400 \(there are no other credentials\)\. The session token .*\.$/,
    );
  });

  it('is of the date where only the server’s shows that it is wrong', async () => {
    s3.aheadMs = HOUR;
    s3.respond = () => ({ status: 403, body: '' });
    expect(explainRefusal(await failure(s3.connect({ heal: false }).head('/')))).toMatchObject({
      cause: 'date',
      summary: expect.stringContaining('1 hour fast'),
    });
  });

  it('is of the request’s own date where that is wrong', async () => {
    const headers = { 'X-Amz-Date': '20240227T235930Z' };
    expect(explainRefusal(await failure(s3.connect().get('/', { headers })))).toMatchObject({
      cause: 'date',
      summary: expect.stringMatching(/the date that the request names is 1 day slow/),
      differences: [{ line: 'date', ours: '20240227T235930Z', theirs: '20240228T235930Z' }],
    });
  });

  it('is of the token where the credentials have ended by the server’s time', async () => {
    const client = s3.connect({ heal: false });
    await client.get('/');
    s3.serverMs += HOUR + MINUTE;
    s3.aheadMs = -10 * MINUTE;
    s3.respond = () => document('AccessDenied');
    expect(explainRefusal(await failure(client.get('/')))).toMatchObject({ cause: 'token' });
  });

  it('is not seen where errors are printed or copied, but for the message', async () => {
    s3.respond = () => document('InvalidAccessKeyId');
    const error = await failure(s3.connect().get('/'));
    if (!(error instanceof AxiosError)) throw error;
    for (const bearer of [error, error.response]) {
      expect(Object.getOwnPropertyDescriptor(bearer, SYMBOL)).toMatchObject({ enumerable: false });
    }
    expect(JSON.stringify(error.toJSON())).not.toContain('differences');
    expect(error.stack).toContain(explainRefusal(error)?.summary);
    expect(Object.keys(explainRefusal(error) ?? {})).toStrictEqual(['cause', 'summary', 'differences']);
    expect(structuredClone(explainRefusal(error))).toMatchObject({ cause: 'secret' });
  });

  it('is found by every copy of the package', async () => {
    s3.respond = () => document('InvalidAccessKeyId');
    const error = await failure(s3.connect().get('/'));
    jest.resetModules();
    const other = await import('../../lib/index.js');
    expect(other.explainRefusal).not.toBe(explainRefusal);
    expect(other.explainRefusal(error)).toBe(explainRefusal(error));
  });

  it.each(['http', 'fetch'])('behind a redirect is of what was signed for it, over %s', async (adapter) => {
    s3.respond = (count, { ok }) =>
      count === 0
        ? { status: 307, headers: { Location: '/to' }, body: '' }
        : document(
            'SignatureDoesNotMatch',
            '',
            `<CanonicalRequest>PUT\n/other\n</CanonicalRequest><ok>${String(ok)}</ok>`,
          );
    const error = await failure(s3.connect({}, { adapter }).put('/from', 'x'));
    expect(s3.sent().map(({ target }) => target)).toStrictEqual(['/from', '/to']);
    expect(explainRefusal(error)?.differences[0]).toStrictEqual({ line: 'path', ours: '/to', theirs: '/other' });
  });

  it.each(['http', 'fetch'])('is not made where a redirect leads on unsigned, over %s', async (adapter) => {
    const presigned = { Location: '/to?X-Amz-Signature=0' };
    s3.respond = (count) =>
      count === 0 ? { status: 307, headers: presigned, body: '' } : document('SignatureDoesNotMatch');
    const error = await failure(s3.connect({}, { adapter }).get('/from'));
    expect(s3.sent()).toHaveLength(2);
    expect(explainRefusal(error)).toBeUndefined();
  });

  it('leaves an error that cannot be written to as it is', async () => {
    const adapter = (config: InternalAxiosRequestConfig) => {
      const response = { ...refusedBody, data: refusedBody.body, headers: {}, statusText: '', config };
      const error = new AxiosError('', 'ERR', config, undefined, response);
      Object.defineProperty(error, 'message', { value: 'as it was', writable: false });
      return Promise.reject(error);
    };
    const client = axios.create({ baseURL: s3.origin, adapter });
    client.interceptors.request.use(aws4Interceptor({ service: 's3', region: 'eu-west-1', credentials: numbered(1) }));
    const error = await failure(client.get('/'));
    expect(error).toMatchObject({ message: 'as it was' });
    expect(explainRefusal(error)).toMatchObject({ cause: 'secret' });
  });
});

describe('what a server computed is read', () => {
  const lines = [
    'POST',
    '/other',
    'a=1&b=2',
    'content-type:application/json',
    'host:h',
    '',
    'host',
    'UNSIGNED-PAYLOAD',
  ];
  const canonical = lines.join('\n');
  const stringToSign = `AWS4-HMAC-SHA256\n20240228T235930Z\n20240228/eu-west-1/x/aws4_request\n${'0'.repeat(64)}`;
  const WORDS = 'The request signature we calculated does not match the signature you provided.';
  const quote = (canonicalText: string, string = stringToSign, mark = "'"): string =>
    `${WORDS}\n\nThe Canonical String for this request should have been\n${mark}${canonicalText}${mark}\n\n` +
    `The String-to-Sign should have been\n${mark}${string}${mark}\n`;
  const hex = (text: string): string => (Buffer.from(text).toString('hex').match(/../g) ?? []).join(' ');
  const sign = (code: string): RawResponse => refuse('InvalidSignatureException', code);
  const escaped = canonical.replace('&', '&amp;');

  it.each<readonly [string, keyof typeof stages, RawResponse]>([
    ['with line ends of two characters', 'rest', sign(quote(canonical).replaceAll('\n', '\r\n'))],
    ['in double quotes', 'rest', sign(quote(canonical, stringToSign, '"'))],
    ['without the string to sign', 'rest', sign(quote(canonical).replace(/\n\nThe String-to-Sign[^]*$/, '\n'))],
    ['in quotes of HTML', 'rest', sign(quote(escaped, stringToSign, '&#39;'))],
    ['escaped for HTML', 'rest', sign(quote(escaped))],
    [
      'escaped twice',
      's3',
      document('SignatureDoesNotMatch', '', `<CanonicalRequest>${escaped.replace('&', '&amp;')}</CanonicalRequest>`),
    ],
    [
      'as CDATA',
      's3',
      document('SignatureDoesNotMatch', '', `<CanonicalRequest><![CDATA[${canonical}]]></CanonicalRequest>`),
    ],
    [
      'as lines that are references',
      's3',
      document(
        'SignatureDoesNotMatch',
        '',
        `<CanonicalRequest>${escaped.replaceAll('\n', '&#10;')}</CanonicalRequest>`,
      ),
    ],
    [
      'with white space around it',
      's3',
      document('SignatureDoesNotMatch', '', `<CanonicalRequest>\n  ${escaped}\n</CanonicalRequest>`),
    ],
    [
      'in upper-case hex',
      's3',
      document(
        'SignatureDoesNotMatch',
        '',
        `<CanonicalRequestBytes>${hex(canonical).toUpperCase()}</CanonicalRequestBytes>`,
      ),
    ],
    [
      'as text beside bytes that are none',
      's3',
      document(
        'SignatureDoesNotMatch',
        '',
        `<CanonicalRequest>${escaped}</CanonicalRequest><CanonicalRequestBytes>zz</CanonicalRequestBytes>`,
      ),
    ],
    [
      'in an element with attributes',
      's3',
      document('SignatureDoesNotMatch', '', `<CanonicalRequest xml:space="preserve">${escaped}</CanonicalRequest>`),
    ],
    [
      'from a document that is cut off',
      's3',
      { status: 403, body: `<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>${escaped.slice(0, 30)}` },
    ],
    [
      'from bytes that are cut off',
      's3',
      {
        status: 403,
        body: `<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequestBytes>${hex(canonical).slice(0, 80)}`,
      },
    ],
    [
      'from JSON that is cut off',
      'coral',
      {
        status: 400,
        body: JSON.stringify({ __type: 'InvalidSignatureException', message: quote(canonical) }).slice(0, 270),
      },
    ],
    ['from JSON in JSON', 'coral', json({ message: JSON.stringify({ errors: [{ message: quote(canonical) }] }) })],
    [
      'from XML in JSON',
      'coral',
      json({
        error: `<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>${quote(escaped)}</Message></Error></ErrorResponse>`,
      }),
    ],
    ['from text', 'coral', { status: 403, body: quote(canonical) }],
  ])('%s, by %s', async (_, on, answer) => {
    const explanation = await explainAnswer(answer, on);
    expect(explanation).toMatchObject({ cause: 'path' });
    expect(explanation?.differences[0]).toStrictEqual({ line: 'path', ours: '/items', theirs: '/other' });
    // A query that is read whole is as it was, and one that is cut off is not compared.
    expect(String(explanation)).not.toMatch(/&amp;|\+ b=(?!2$)/m);
  });

  it('and names no cause where all that is left of it is equal', async () => {
    const body = '<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>POST\n/items\n\ncontent-ty';
    expect(await explainAnswer({ status: 403, body }, 's3')).toMatchObject({ cause: 'unknown', differences: [] });
  });

  it('only up to 64 KiB', async () => {
    const body = `<Error>${' '.repeat(70_000)}<Code>SignatureDoesNotMatch</Code></Error>`;
    expect(await explainAnswer({ status: 403, body }, 's3')).toBeUndefined();
  });
});

describe('a request that is signed in its query', () => {
  const options: Aws4Options = {
    signIn: 'query',
    credentials: { accessKeyId: 'ASIAEXAMPLEEXAMPLE', secretAccessKey: 'secret', sessionToken: 'hidden/token' },
  };
  const query = [
    ...[
      'X-Amz-Algorithm=AWS4-HMAC-SHA256',
      'X-Amz-Credential=ASIAEXAMPLEEXAMPLE%2F20240228%2Feu-west-1%2Fs3%2Faws4_request',
    ],
    ...['X-Amz-Date=20240228T235930Z', 'X-Amz-Expires=300', 'X-Amz-Security-Token=hidden%2Ftoken'],
    ...['X-Amz-SignedHeaders=content-type%3Bhost'],
  ].join('&amp;');
  const echo = (changed: string): RawResponse => {
    const host = new URL(s3.origin).host;
    const canonical = `POST\n/items\n${changed}\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\nUNSIGNED-PAYLOAD`;
    return document('SignatureDoesNotMatch', '', `<CanonicalRequest>${canonical}</CanonicalRequest>`);
  };

  it.each<readonly [string, () => RawResponse, RefusalCause, RegExp]>([
    ['another secret', () => echo(query), 'secret', /very same canonical request.*ending in MPLE/],
    ['another date', () => echo(query.replace('T2359', 'T2358')), 'date', /X-Amz-Date=20240228T235830Z/],
    ['another life', () => echo(query.replace('=300', '=3000')), 'date', /X-Amz-Expires=3000/],
    [
      'another token',
      () => echo(query.replace('%2Ftoken', '')),
      'token',
      /another value of the query parameter X-Amz-Security-Token/,
    ],
    ['a scope that is changed', () => echo(query.replace('eu-west-1', 'us-east-1')), 'scope', /X-Amz-Credential/],
    ['a parameter that is added', () => echo(`${query}&amp;a=1`), 'query', /a, which was not signed/],
    [
      'another region',
      () =>
        document(
          'AuthorizationQueryParametersError',
          "Error parsing the X-Amz-Credential parameter; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
          '',
          400,
        ),
      'scope',
      /set region to 'us-east-1'/,
    ],
    [
      'parameters that are not taken',
      () => document('AuthorizationQueryParametersError', '', '', 400),
      'query',
      /X-Amz- parameters/,
    ],
    ['a key that is not known', () => document('InvalidAccessKeyId'), 'secret', /ending in MPLE/],
  ])('is explained by %s', async (_, answer, cause, says) => {
    const explanation = await explainAnswer(answer(), 's3', options);
    expect(explanation).toMatchObject({ cause, summary: expect.stringMatching(says) });
    expect(`${String(explanation)}${JSON.stringify(explanation)}`).not.toContain('hidden');
  });
});

it('what explains is loaded by the first refusal of a signature, and by nothing else', async () => {
  jest.resetModules();
  const loaded: string[] = [];
  for (const part of ['refused-request', 'explainer']) {
    const path = `../../lib/sending/${part}.js`;
    jest.doMock(path, () => {
      loaded.push(part);
      return jest.requireActual<object>(path);
    });
  }
  const { aws4Interceptor: intercept } = await import('../../lib/index.js');
  const client = axios.create({ baseURL: s3.origin, validateStatus: () => true });
  client.interceptors.request.use(
    intercept({ service: 's3', region: 'eu-west-1', credentials: numbered(1), clock: s3.clock }),
  );
  const answers: (RawResponse | undefined)[] = [
    undefined,
    { status: 404 },
    document('AccessDenied'),
    document('SignatureDoesNotMatch'),
  ];
  const loadedBy = await answers.reduce<Promise<string[]>>(async (earlier, answer) => {
    const before = await earlier;
    s3.respond = () => answer;
    const { status } = await client.get('/');
    return [...before, `${String(status)}: ${loaded.join()}`];
  }, Promise.resolve([]));
  expect(loadedBy).toStrictEqual(['200: ', '404: ', '403: refused-request', '403: refused-request,explainer']);
  jest.dontMock('../../lib/sending/refused-request.js').dontMock('../../lib/sending/explainer.js');
});

it('of very many differences, some are shown', async () => {
  const query = Array.from({ length: 500 }, (_, i) => `p${String(i)}=1`).join('&amp;');
  const answer = document(
    'SignatureDoesNotMatch',
    '',
    `<CanonicalRequest>POST\n/items\n${query}\n\n\n</CanonicalRequest>`,
  );
  const explanation = await explainAnswer(answer, 's3', { clock: () => START + DAY });
  expect(explanation?.cause).toBe('query');
  expect(explanation?.differences.length).toBeLessThanOrEqual(30);
});
