/**
 * What is pasted of a refusal is explained: each form of answer, of a verifier that shares no code with the package, to a
 * request that something on the way has changed.
 */
import { createHash } from 'node:crypto';
import { verifyPresignedUrl } from 'strict-sigv4-verifier';
import storeRefusals from '../../fixtures/store-refusals.json';
import type { RefusalCause } from '../../lib/index.js';
import { redactTrace } from '../../lib/signing/signing-trace.js';
import { presignUrl, signRequest, type SigningTrace } from '../../lib/sigv4/index.js';
import { markLines } from '../../docs/debugger/marked-lines.js';
import { explainPasted, FieldError } from '../../docs/debugger/refusal.js';
import { codeAlone, tellingForms } from '../stand-ins/refusal-forms.js';
import { judge, scope, signSent, toAnswer, toHttp, toRules, type Sent } from '../stand-ins/pasted-texts.js';
import { changePath, changeQuery, setHeader, type Change } from '../stand-ins/changing-proxy.js';
import { temporary } from '../stand-ins/test-server.js';

type Case = readonly [name: string, change: Change, cause: RefusalCause, says: RegExp];
const unchanged: Change = () => ({});

const changes: readonly Case[] = [
  ['another method', () => ({ method: 'PUT' }), 'method', /PUT where POST was signed/],
  ['a stage that is taken away', changePath((path) => path.replace('/prod', '')), 'path', /custom domain/],
  [
    'a + that is read as a space',
    changeQuery((query) => query.replace('%2B', '%20')),
    'query',
    /\+ is read as a space/,
  ],
  ['a parameter that is added', changeQuery((query) => `${query}&a=1`), 'query', /a, which was not signed/],
  ['Host, rewritten', setHeader('Host', 'backend:8080'), 'headers', /rewrites Host/],
  ['Content-Type, rewritten', setHeader('Content-Type', 'text/plain'), 'headers', /rewrites Content-Type/],
  ['a body that is dropped', () => ({ body: Buffer.alloc(0) }), 'payload', /saw no body/],
];

const services: Readonly<Record<string, string>> = { 'API Gateway': 'execute-api', wrapped: 'execute-api' };

describe.each(Object.entries(tellingForms))('%s', (name, form) => {
  const service = services[name] ?? (name.startsWith('S3') ? 's3' : 'dynamodb');
  // S3 says of a body that it is another before it looks at the signature.
  const cases = changes.filter(([, , cause]) => service !== 's3' || cause !== 'payload');

  describe.each([
    ['whole', true],
    ['its body alone', false],
  ])('%s', (_, isWhole) => {
    it.each(cases)('names %s', async (__, change, cause, says) => {
      const sent = signSent(service);
      const answer = toAnswer(form(judge(sent, service, change)), isWhole);
      const { explanation, signed } = await explainPasted(toHttp(sent), answer, '');
      expect(explanation).toMatchObject({ cause, summary: expect.stringMatching(says) });
      expect(signed.trace.signature).toBe(/Signature=(\w+)/.exec(toHttp(sent))?.[1]);
      expect(`${String(explanation)}${JSON.stringify(explanation)}`).not.toContain(temporary.sessionToken);
    });

    it('names another secret', async () => {
      const sent = signSent(service);
      const other = { secretFor: () => ({ ...temporary, secretAccessKey: 'other' }) };
      const answer = toAnswer(form(judge(sent, service, unchanged, other)), isWhole);
      const { explanation } = await explainPasted(toHttp(sent), answer, '');
      expect(explanation).toMatchObject({ cause: 'secret', differences: [] });
    });
  });
});

describe('whatever form the request has', () => {
  const sent = signSent('execute-api');
  const refusal = judge(sent, 'execute-api', setHeader('Host', 'backend:8080'));
  const answer = toAnswer((tellingForms['API Gateway'] ?? codeAlone)(refusal), true);
  const { canonicalRequest = '', stringToSign = '' } = refusal;
  const ours = canonicalRequest.replace('host:backend:8080', 'host:h.example');
  const expected = { cause: 'headers', differences: [{ line: 'host', theirs: 'host:backend:8080' }] };

  const toTrace = (text: string): SigningTrace => {
    const hash = createHash('sha256').update(text).digest('hex');
    const [algorithm = '', moment = '', ourScope = ''] = stringToSign.split('\n');
    const ourString = [algorithm, moment, ourScope, hash].join('\n');
    return { canonicalRequest: text, stringToSign: ourString, signature: '', signedHeaders: '', scope: ourScope };
  };

  const curl = [
    `curl -X POST 'https://h.example${sent.target}' --data-raw '${sent.body}'`,
    ...sent.headers.map(([name, value]) => `-H '${name}: ${value}'`),
  ].join(' ');

  it.each([
    ['HTTP', toHttp(sent), answer],
    ['names in lower case', toHttp(sent).replace(/^[\w-]+:/gm, (name) => name.toLowerCase()), answer],
    ['curl', curl, answer],
    ['a canonical request', ours, answer],
    ['a canonical request against another', ours, canonicalRequest],
    ['HTTP against a canonical request', toHttp(sent), canonicalRequest],
    ['HTTP against both texts', toHttp(sent), `${canonicalRequest}\n\n${stringToSign}`],
    ['a canonical request with CRLF', ours.replaceAll('\n', '\r\n'), canonicalRequest],
    ['a canonical request of a log of JSON', JSON.stringify(ours), JSON.stringify(canonicalRequest)],
    ['a canonical request on one line', ours.replaceAll('\n', '\\n'), canonicalRequest.replaceAll('\n', '\\n')],
    ['the trace of onSigned', JSON.stringify(redactTrace(toTrace(ours)), undefined, 2), answer],
    [
      'the trace of onSigned, of which the server says all',
      JSON.stringify(redactTrace(toTrace(ours))),
      canonicalRequest,
    ],
    ['HTTP without its token', toHttp(sent).replace(/(token): .*/i, '$1: ***'), answer],
  ])('%s', async (_, request, given) => {
    const { explanation } = await explainPasted(request, given, '');
    expect(explanation).toMatchObject(expected);
  });

  it('a redacted token, which is said not to be compared', async () => {
    const { explanation, signed } = await explainPasted(JSON.stringify(redactTrace(toTrace(ours))), answer, '');
    expect(explanation?.differences).toHaveLength(1);
    expect(signed.notes).toStrictEqual(['Redacted in what was pasted, and so not compared: x-amz-security-token.']);
  });

  it('HTTP against the string to sign alone, of which a change is guessed', async () => {
    const { stringToSign: seen = '' } = judge(
      sent,
      'execute-api',
      changePath((path) => path.replace('/prod', '')),
    );
    expect((await explainPasted(toHttp(sent), seen, '')).explanation).toMatchObject({ cause: 'path' });
  });

  it('two canonical requests that are the same', async () => {
    expect((await explainPasted(ours, ours, '')).explanation).toMatchObject({ cause: 'secret', differences: [] });
  });

  it('of a string to sign that is not its canonical request’s, where the server has the one that is', async () => {
    const { canonicalRequest, stringToSign } = toTrace(ours);
    const other = stringToSign.replace(/.{8}$/, '00000000');
    const { explanation } = await explainPasted(`${canonicalRequest}\n\n${other}`, stringToSign, '');
    expect(explanation).toMatchObject({ cause: 'unknown', differences: [] });
  });

  it('a presigned URL', async () => {
    const { url } = presignUrl({ method: 'GET', url: 'https://h.example/a' }, { ...scope, service: 's3' });
    const target = url.replace('https://h.example/', '/v1/');
    const request = { method: 'GET', target, headers: [['Host', 'h.example']], scheme: 'https' } as const;
    const seen = verifyPresignedUrl(
      { ...request, body: Buffer.alloc(0) },
      toRules('s3', { allowUnsignedPayload: true }),
    );
    if (seen.ok) throw new Error('It was not refused');
    const form = tellingForms['S3, texts and bytes'] ?? codeAlone;
    expect((await explainPasted(url, toAnswer(form(seen), false), '')).explanation).toMatchObject({
      cause: 'path',
      summary: expect.stringMatching(/puts something before the path/),
    });
  });
});

describe('told by the answer', () => {
  const gateway = signSent('execute-api');
  const store = signSent('s3', '');
  const xml = (code: string, more = '', message = ''): string =>
    `<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;

  it.each<readonly [string, Sent, string, RefusalCause, RegExp]>([
    [
      'another region',
      store,
      xml('AuthorizationHeaderMalformed', '<Region>us-east-1</Region>'),
      'scope',
      /set region to 'us-east-1'/,
    ],
    ['a key that is not known', store, xml('InvalidAccessKeyId'), 'secret', /does not know the access key/],
    ['a token that has expired', store, xml('ExpiredToken'), 'token', /has expired/],
    [
      'a header that was not signed',
      store,
      xml('AccessDenied', '<HeadersNotSigned>x-amz-acl</HeadersNotSigned>'),
      'headers',
      /The header x-amz-acl was sent without being signed/,
    ],
    [
      'a clock that is slow',
      store,
      `HTTP/1.1 403 Forbidden\nDate: Sun, 30 Aug 2015 13:06:00 GMT\n\n${xml('RequestTimeTooSkewed')}`,
      'date',
      /when it was 2015-08-30T13:06:00Z at the server: the date that the request names is 30 minutes slow/,
    ],
    [
      'a clock that is slow, in words',
      gateway,
      '{"message":"Signature expired: 20150830T123600Z is now earlier than 20150830T130100Z (20150830T130600Z - 5 min.)"}',
      'date',
      /30 minutes slow/,
    ],
    [
      'a date of a bare answer to HEAD',
      store,
      'HTTP/1.1 403 Forbidden\nDate: Sun, 30 Aug 2015 14:36:00 GMT',
      'date',
      /2 hours slow/,
    ],
    [
      'another service',
      gateway,
      'HTTP/1.1 403 Forbidden\nx-amzn-ErrorType: InvalidSignatureException\n\n{"message":"Credential should be scoped to correct service: \'es\'. "}',
      'scope',
      /set service to 'es'/,
    ],
    [
      'a token, by a body alone',
      gateway,
      '{"message":"The security token included in the request is expired"}',
      'token',
      /has expired/,
    ],
    [
      'a token that is another’s, by a body alone',
      gateway,
      '{"message":"The security token included in the request is invalid."}',
      'token',
      /does not take the session token/,
    ],
    ['nothing, by a code alone', store, xml('SignatureDoesNotMatch'), 'unknown', /signed for s3 in eu-west-1/],
    [
      'nothing, where there may be no such path',
      gateway,
      '{"message":"Missing Authentication Token"}',
      'unknown',
      /no such path, stage or method/,
    ],
  ])('%s', async (_, sent, answer, cause, says) => {
    const { explanation } = await explainPasted(toHttp(sent), answer, '');
    expect(explanation).toMatchObject({ cause, summary: expect.stringMatching(says) });
  });

  it.each([
    ['a policy', store, xml('AccessDenied', '', 'Access Denied')],
    ['an application, by its headers', gateway, 'HTTP/1.1 401 Unauthorized\nServer: app\n\n{"message":"Unauthorized"}'],
    ['another status', store, `HTTP/1.1 500 Oops\n\n${xml('SignatureDoesNotMatch')}`],
    ['a page', store, '<html><title>403 Forbidden</title></html>'],
    ['words', gateway, 'Forbidden'],
  ])('is nothing of the signature by %s', async (_, sent, answer) => {
    expect((await explainPasted(toHttp(sent), answer, '')).explanation).toBeUndefined();
  });

  const ofStores = storeRefusals.refusals.filter(({ cause }) => !/clock|chunk/.test(cause));
  it.each(ofStores)('by $server of $cause', async ({ cause, status, contentType, body }) => {
    // As the requests were sent that got them.
    const at = new Date('2026-11-25T19:19:10Z');
    const { headers } = signRequest(
      { method: 'GET', url: 'http://127.0.0.1:18461/' },
      {
        date: at,
        region: cause === 'wrong region' ? 'eu-west-1' : 'us-east-1',
        service: cause === 'wrong service' ? 's3-outposts' : 's3',
        credentials: { accessKeyId: 'test:tester', secretAccessKey: 'secret' },
      },
    );
    const sent = {
      method: 'GET',
      target: '/',
      headers: [['Host', '127.0.0.1:18461'] as const, ...Object.entries(headers)],
      body: '',
    };
    const answer = `HTTP/1.1 ${String(status)} No\nContent-Type: ${contentType}\n\n${body}`;
    const { explanation } = await explainPasted(toHttp(sent), answer, '');
    const isBare = cause === 'wrong secret' && !body.includes('CanonicalRequest');
    const expected = isBare ? 'unknown' : /secret|key/.test(cause) ? 'secret' : 'scope';
    expect(explanation).toMatchObject({ cause: expected });
  });
});

describe('the secret', () => {
  const sent = signSent('execute-api');
  const answer = toAnswer(codeAlone(judge(sent, 'execute-api', setHeader('Host', 'other'))), true);

  it.each([
    ['the right one', toHttp(sent), temporary.secretAccessKey, 'right'],
    ['another', toHttp(sent), 'other', 'wrong'],
    [
      'the right one of a changed request',
      toHttp(sent).replace('page=2', 'page=3'),
      temporary.secretAccessKey,
      'wrong',
    ],
    ['none', toHttp(sent), '', undefined],
    ['one without a signature', 'GET\n/\n\nhost:h\n\nhost\nUNSIGNED-PAYLOAD', 'any', 'not possible'],
  ])('%s', async (_, request, secret, check) => {
    expect((await explainPasted(request, answer, secret)).check).toBe(check);
  });
});

it.each([
  ['request', '', 'x', /Paste the request/],
  ['request', '<Error>', 'x', /is no request line/],
  ['request', 'no request', 'x', /must begin with a slash/],
  ['request', 'GET / HTTP/1.1\nHost: h', 'x', /no signature/],
  ['answer', 'GET\n/\n\nhost:h\n\nhost\nUNSIGNED-PAYLOAD', ' ', /Paste what the server answered/],
  ['answer', 'GET\n/\n\nhost:h\n\nhost\nUNSIGNED-PAYLOAD', 'HTTP/1.1 403 No\nno header\n\nx', /Line 2/],
] as const)('says what is wrong with the %s: %j', async (field, request, answer, says) => {
  const error: unknown = await explainPasted(request, answer, '').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FieldError);
  expect(error).toMatchObject({ field, message: expect.stringMatching(says) });
});

it('says what is wrong with the secret, and does not show it', async () => {
  const sent = toHttp(signSent('execute-api'));
  const error: unknown = await explainPasted(sent, 'x', 'hidden\n').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ field: 'secret', message: expect.stringMatching(/line break at its end/) });
  expect(String(error)).not.toContain('hidden');
});

describe('the lines of a diff', () => {
  const ours = 'GET\n/a\nb=1&c=2\nhost:h.example\nx-amz-security-token:secret1\n\nhost\nUNSIGNED-PAYLOAD';
  const show = async (theirs: string) => {
    const { explanation } = await explainPasted(ours, theirs, '');
    if (explanation === undefined) throw new Error('It is not explained');
    return markLines(explanation).map(({ mark, parts }) => [
      mark,
      parts.map(({ text, differs }) => (differs ? `[${text}]` : text)).join(''),
    ]);
  };

  it('mark what differs within them', async () => {
    const theirs = ours.replace('/a', '/v1/a').replace('h.example', 'g.example:8080').replace('secret1', 'secret2');
    expect(await show(theirs)).toStrictEqual([
      [' ', 'GET'],
      ['-', '/a'],
      ['+', '/[v1/]a'],
      [' ', 'b=1&c=2'],
      ['-', 'host:[h].example'],
      ['+', 'host:[g].example[:8080]'],
      ['-', 'x-amz-security-token:REDACTED'],
      ['+', 'x-amz-security-token:REDACTED[ (another)]'],
      [' ', ''],
      [' ', 'host'],
      [' ', 'UNSIGNED-PAYLOAD'],
    ]);
  });

  it('show what is on one side only', async () => {
    expect(await show(ours.replace('b=1&', ''))).toContainEqual(['-', 'b=1']);
    expect(await show(ours.replace('b=1&', 'b=1&bb=3&'))).toContainEqual(['+', 'bb=3']);
  });

  it('are all that was signed where nothing differs', async () => {
    const lines = await show(ours);
    expect(lines.map(([mark]) => mark)).toStrictEqual(ours.split('\n').map(() => ' '));
    expect(lines[1]).toStrictEqual([' ', '/a']);
  });
});
