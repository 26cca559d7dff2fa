/** What changes nothing, and each single tampering that the verifier exists to refuse. */
import type { RawRequest } from '../src/raw-request.js';
import { verifySignature, type RefusalCode, type VerifyOptions } from '../src/verify-signature.js';
import { matching } from './matchers.js';
import { S3_OPTIONS, GET_OBJECT } from './s3-examples.js';
import {
  EMPTY_HASH,
  sha256Hex,
  codeOf,
  SECRET,
  TOKEN,
  SIGNED_AT,
  AMZ_DATE,
  HTTP_DATE,
  BODY,
  OPTIONS,
  VALID,
  withoutHeader,
  addHeader,
  replaceHeader,
  replaceTarget,
  editAuthorization,
  minutesAfter,
  type Draft,
  PLAIN,
  verifyDraft,
} from './signed-requests.js';

describe('what changes nothing', () => {
  it('accepts the request that the tampering starts from', () => {
    expect(verifySignature(VALID, OPTIONS)).toMatchObject({ ok: true, payloadHash: sha256Hex(BODY) });
  });

  it.each([
    ['pairs of the query in another order', replaceTarget(VALID, 'b=2&a=1&a=0', 'a=0&b=2&a=1')],
    ['an escape in lower case', replaceTarget(VALID, '%2b', '%2B')],
    ['an escape that was not needed', replaceTarget(VALID, 'b=2', '%62=%32')],
    ['a name with an empty value in place of one without a value', replaceTarget(VALID, 'none', 'none=')],
    ['redundant segments in the path', replaceTarget(VALID, '/prod/', '//prod/./y/../')],
    [
      'header names in another case',
      { ...VALID, headers: VALID.headers.map(([name, value]) => [name.toUpperCase(), value] as const) },
    ],
    [
      'header lines in another order, same names aside',
      {
        ...VALID,
        headers: [...VALID.headers].sort(([a], [b]) =>
          a.toLowerCase() < b.toLowerCase() ? 1 : a.toLowerCase() > b.toLowerCase() ? -1 : 0,
        ),
      },
    ],
    ['white space in header values', replaceHeader(VALID, 'content-type', (value) => ` \t${value}\t `)],
    [
      'two lines of a header joined by a comma',
      addHeader(withoutHeader(VALID, 'x-custom'), 'X-Custom', 'one,two three "a b"'),
    ],
    ['a header that need not be signed', addHeader(VALID, 'Accept', '*/*')],
    ['x-amz-client-context', addHeader(VALID, 'X-Amz-Client-Context', 'e30=')],
    ['a Date of the same moment', addHeader(VALID, 'Date', HTTP_DATE)],
    ['a Date one second away', addHeader(VALID, 'Date', 'Sun, 22 Nov 2026 15:04:04 GMT')],
    ['no space after the commas of Authorization', editAuthorization(/, S/g, ',S')],
  ])('accepts %s', (_name, request) => {
    expect(verifySignature(request, OPTIONS)).toMatchObject({ ok: true });
  });

  it.each([15, -15])('accepts a clock %i minutes away', (minutes) => {
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, now: minutesAfter(minutes) }))).toBe('ok');
  });

  it('accepts a token that expires a millisecond later', () => {
    const expiration = new Date(SIGNED_AT.getTime() + 1);
    const secretFor = () => ({ secretAccessKey: SECRET, sessionToken: TOKEN, expiration });
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, secretFor }))).toBe('ok');
  });

  it('accepts a signed hop-by-hop header unless told otherwise', () => {
    const draft: Draft = {
      target: '/',
      canonicalPath: '/',
      headers: [
        ['Host', 'h'],
        ['User-Agent', 'tests'],
        ['X-Amz-Date', AMZ_DATE],
      ],
      canonicalHeaders: ['host:h', 'user-agent:tests', `x-amz-date:${AMZ_DATE}`],
    };
    expect(codeOf(verifyDraft(draft))).toBe('ok');
    expect(codeOf(verifyDraft(draft, { ...PLAIN, signedHopByHopHeaders: 'refused' }))).toBe('InvalidRequest');
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, signedHopByHopHeaders: 'refused' }))).toBe('ok');
  });

  it('leaves skew and expiration alone without a clock', () => {
    const secretFor = () => ({ secretAccessKey: SECRET, sessionToken: TOKEN, expiration: new Date(0) });
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, now: undefined, secretFor }))).toBe('ok');
  });
});

describe('a single tampering', () => {
  const tamperings: readonly (readonly [name: string, code: RefusalCode, request: RawRequest])[] = [
    ['another method', 'SignatureDoesNotMatch', { ...VALID, method: 'PUT' }],
    ['a method in lower case', 'SignatureDoesNotMatch', { ...VALID, method: 'post' }],
    ['another path', 'SignatureDoesNotMatch', replaceTarget(VALID, '/x?', '/y?')],
    ['an upper-case path', 'SignatureDoesNotMatch', replaceTarget(VALID, '/x?', '/X?')],
    ['a slash after the path', 'SignatureDoesNotMatch', replaceTarget(VALID, '/x?', '/x/?')],
    ['an escape in the path that was not needed', 'SignatureDoesNotMatch', replaceTarget(VALID, '/x?', '/%78?')],
    ['another value in the query', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2', 'b=3')],
    ['another name in the query', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2', 'c=2')],
    ['one parameter more', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2', 'b=2&c')],
    ['one parameter less', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2&', '')],
    ['one duplicate less', 'SignatureDoesNotMatch', replaceTarget(VALID, '&a=0', '')],
    ['an empty parameter', 'SignatureDoesNotMatch', replaceTarget(VALID, 'b=2&', 'b=2&&')],
    ['an empty parameter at the end', 'SignatureDoesNotMatch', replaceTarget(VALID, '%2b', '%2b&')],
    ['a raw plus for a space', 'SignatureDoesNotMatch', replaceTarget(VALID, '%20%2b', '+%2b')],
    ['a raw plus for a plus', 'SignatureDoesNotMatch', replaceTarget(VALID, '%20%2b', '%20+')],
    ['a raw space', 'InvalidURI', replaceTarget(VALID, '%20%2b', ' %2b')],
    ['raw UTF-8', 'InvalidURI', replaceTarget(VALID, 'b=2', 'b=\xc3\xa9')],
    ['a percent sign that begins no escape', 'InvalidURI', replaceTarget(VALID, 'b=2', 'b=2%')],
    ['a fragment', 'InvalidURI', { ...VALID, target: `${VALID.target}#x` }],
    ['a target in absolute form', 'InvalidURI', { ...VALID, target: `https://api.example.com${VALID.target}` }],
    ['another body', 'XAmzContentSHA256Mismatch', { ...VALID, body: Buffer.from('{"a":2}') }],
    ['no body', 'XAmzContentSHA256Mismatch', { ...VALID, body: Buffer.alloc(0) }],
    [
      'the hash of another body',
      'SignatureDoesNotMatch',
      replaceHeader(VALID, 'x-amz-content-sha256', () => EMPTY_HASH),
    ],
    ['another host', 'SignatureDoesNotMatch', replaceHeader(VALID, 'host', () => 'api.example.org')],
    ['a port after the host', 'SignatureDoesNotMatch', replaceHeader(VALID, 'host', (value) => `${value}:443`)],
    ['a second Host', 'InvalidRequest', addHeader(VALID, 'host', 'api.example.com')],
    ['no Host', 'InvalidRequest', withoutHeader(VALID, 'host')],
    ['another header value', 'SignatureDoesNotMatch', replaceHeader(VALID, 'content-type', () => 'application/JSON')],
    ['a no-break space', 'SignatureDoesNotMatch', replaceHeader(VALID, 'content-type', (value) => `${value}\xa0`)],
    [
      'a charset after the content type',
      'SignatureDoesNotMatch',
      replaceHeader(VALID, 'content-type', (value) => `${value};charset=utf-8`),
    ],
    ['a duplicate of a signed header', 'SignatureDoesNotMatch', addHeader(VALID, 'x-custom', 'four')],
    ['a signed header less', 'IncompleteSignature', withoutHeader(VALID, 'x-custom')],
    [
      'lines of a header in another order',
      'SignatureDoesNotMatch',
      { ...VALID, headers: [...VALID.headers].reverse() },
    ],
    ['an unsigned x-amz header', 'AccessDenied', addHeader(VALID, 'X-Amz-Meta-Color', 'red')],
    ['no Authorization', 'MissingAuthenticationToken', withoutHeader(VALID, 'authorization')],
    ['two Authorization headers', 'IncompleteSignature', addHeader(VALID, 'authorization', 'Bearer x')],
    ['another Authorization', 'IncompleteSignature', editAuthorization(/^.*$/, 'Basic dXNlcjpwYXNz')],
    ['a signature of other digits', 'SignatureDoesNotMatch', editAuthorization(/[0-9a-f]{64}$/, EMPTY_HASH)],
    ['a signature in upper case', 'IncompleteSignature', editAuthorization(/[0-9a-f]{64}$/, EMPTY_HASH.toUpperCase())],
    ['a signature cut short', 'IncompleteSignature', editAuthorization(/.$/, '')],
    ['something after the signature', 'IncompleteSignature', editAuthorization(/$/, ', X=y')],
    ['something before the algorithm', 'IncompleteSignature', editAuthorization(/^/, 'x')],
    ['a comma after the algorithm', 'IncompleteSignature', editAuthorization('HMAC-SHA256 ', 'HMAC-SHA256, ')],
    ['another algorithm', 'IncompleteSignature', editAuthorization('SHA256', 'SHA512')],
    ['an unknown access key', 'InvalidClientTokenId', editAuthorization('AKIDTEST', 'AKIDOTHER')],
    ['a scope of another date', 'AuthorizationHeaderMalformed', editAuthorization('20261122', '20261123')],
    ['a scope of another region', 'AuthorizationHeaderMalformed', editAuthorization('eu-west-1', 'us-east-1')],
    ['a scope of another service', 'AuthorizationHeaderMalformed', editAuthorization('execute-api', 's3')],
    [
      'a scope of another termination',
      'AuthorizationHeaderMalformed',
      editAuthorization('aws4_request', 'aws5_request'),
    ],
    ['a scope of three parts', 'IncompleteSignature', editAuthorization('/eu-west-1', '')],
    ['a scope of five parts', 'IncompleteSignature', editAuthorization('/eu-west-1', '/eu/west-1')],
    ['signed headers out of order', 'IncompleteSignature', editAuthorization('content-type;host', 'host;content-type')],
    ['a signed header twice', 'IncompleteSignature', editAuthorization(';host', ';host;host')],
    ['a signed header in upper case', 'IncompleteSignature', editAuthorization('=content-type', '=Content-type')],
    ['a signed header that is none', 'IncompleteSignature', editAuthorization(';host', ';h/ost')],
    ['an empty name in signed headers', 'IncompleteSignature', editAuthorization(';host', ';;host')],
    ['an unsigned content type', 'AccessDenied', editAuthorization('content-type;', '')],
    ['an unsigned host', 'AccessDenied', editAuthorization(';host', '')],
    ['an unsigned token', 'AccessDenied', editAuthorization(';x-amz-security-token', '')],
    ['an unsigned date', 'AccessDenied', editAuthorization(';x-amz-date', '')],
    ['another signed header unsigned', 'SignatureDoesNotMatch', editAuthorization(';x-custom', '')],
    [
      'one header more signed',
      'SignatureDoesNotMatch',
      editAuthorization(';x-amz-content', ';user-agent;x-amz-content'),
    ],
    ['another token', 'InvalidToken', replaceHeader(VALID, 'x-amz-security-token', () => 'x')],
    ['two hashes of the body', 'InvalidArgument', addHeader(VALID, 'x-amz-content-sha256', sha256Hex(BODY))],
    ['two tokens', 'InvalidToken', addHeader(VALID, 'X-Amz-Security-Token', TOKEN)],
    [
      'another moment of the same day',
      'SignatureDoesNotMatch',
      replaceHeader(VALID, 'x-amz-date', () => '20261122T150406Z'),
    ],
    [
      'a moment of another day',
      'AuthorizationHeaderMalformed',
      replaceHeader(VALID, 'x-amz-date', () => '20261123T000000Z'),
    ],
    [
      'a date with milliseconds',
      'IncompleteSignature',
      replaceHeader(VALID, 'x-amz-date', () => '20261122T150405.000Z'),
    ],
    ['a date that does not exist', 'IncompleteSignature', replaceHeader(VALID, 'x-amz-date', () => '20260230T150405Z')],
    ['two dates', 'IncompleteSignature', addHeader(VALID, 'x-amz-date', AMZ_DATE)],
    ['no date', 'IncompleteSignature', withoutHeader(VALID, 'x-amz-date')],
    ['a Date two seconds away', 'DateHeadersDisagree', addHeader(VALID, 'Date', 'Sun, 22 Nov 2026 15:04:07 GMT')],
    ['a Date with the wrong weekday', 'DateHeadersDisagree', addHeader(VALID, 'Date', 'Mon, 22 Nov 2026 15:04:05 GMT')],
    ['two Date headers', 'DateHeadersDisagree', addHeader(addHeader(VALID, 'Date', HTTP_DATE), 'Date', HTTP_DATE)],
    ['a Date that is none', 'DateHeadersDisagree', addHeader(VALID, 'Date', 'now')],
    ['query signing beside the header', 'InvalidArgument', replaceTarget(VALID, 'b=2', 'X-Amz-Signature=00')],
  ];

  it.each(tamperings)('refuses %s with %s', (_name, code, request) => {
    expect(codeOf(verifySignature(request, OPTIONS))).toBe(code);
  });

  const changedOptions: readonly (readonly [name: string, code: RefusalCode, options: Partial<VerifyOptions>])[] = [
    ['a wrong secret', 'SignatureDoesNotMatch', { secretFor: () => ({ secretAccessKey: 'x', sessionToken: TOKEN }) }],
    ['credentials without a token', 'InvalidToken', { secretFor: () => ({ secretAccessKey: SECRET }) }],
    ['another region', 'AuthorizationHeaderMalformed', { region: 'eu-west-2' }],
    ['another service', 'AuthorizationHeaderMalformed', { service: 'lambda' }],
    ['a clock too far ahead', 'RequestTimeTooSkewed', { now: minutesAfter(15.1) }],
    ['a clock too far behind', 'RequestTimeTooSkewed', { now: minutesAfter(-15.1) }],
    ['a clock too far ahead for a small skew', 'RequestTimeTooSkewed', { now: minutesAfter(1), maxSkewMs: 59_999 }],
    ['a path encoded once', 'SignatureDoesNotMatch', { pathEncoding: 'single' }],
    [
      'an expired token',
      'ExpiredToken',
      { secretFor: () => ({ secretAccessKey: SECRET, sessionToken: TOKEN, expiration: SIGNED_AT }) },
    ],
  ];

  it.each(changedOptions)('refuses, for %s, with %s', (_name, code, options) => {
    expect(codeOf(verifySignature(VALID, { ...OPTIONS, ...options }))).toBe(code);
  });

  it('refuses a missing token where the credentials have one', () => {
    const secretFor = () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', sessionToken: TOKEN });
    expect(codeOf(verifySignature(GET_OBJECT, { ...S3_OPTIONS, secretFor }))).toBe('InvalidToken');
  });

  it('explains a signature that does not match with the bytes that it expected', () => {
    const verdict = verifySignature(replaceTarget(VALID, '/x?', '/y?'), OPTIONS);
    expect(verdict).toMatchObject({
      canonicalRequest: matching(/^POST\n\/prod\/items%2520of\/y\na=0&a=1&/),
      stringToSign: matching(/^AWS4-HMAC-SHA256\n20261122T150405Z\n/),
      details: { AWSAccessKeyId: 'AKIDTEST', StringToSignBytes: matching(/^41 57 53 34 /) },
    });
  });

  const reasons: readonly (readonly [request: RawRequest, message: RegExp])[] = [
    [addHeader(VALID, 'authorization', 'x'), /^There are 2 Authorization headers/],
    [editAuthorization('=content-type', '=Content-type'), /^SignedHeaders holds 'Content-type'/],
    [editAuthorization(';host', ';;host'), /^SignedHeaders holds ''/],
    [editAuthorization(';host', ';h/ost'), /^SignedHeaders holds 'h\/ost'/],
    [editAuthorization(';host', ';host;host'), /^SignedHeaders is not sorted or not unique: 'content-type;host;host;/],
    [withoutHeader(withoutHeader(VALID, 'x-custom'), 'content-type'), / signed headers: content-type, x-custom$/],
    [withoutHeader(VALID, 'x-amz-date'), / existence of either a 'X-Amz-Date' or a 'Date' header$/],
    [replaceHeader(VALID, 'x-amz-date', () => 'now'), /^X-Amz-Date must be .* not 'now'$/],
    [addHeader(VALID, 'Date', 'now'), /^X-Amz-Date is '20261122T150405Z' while Date is 'now'$/],
    [editAuthorization('20261122', '20261123'), / '20261123' != '20261122', from '20261122T150405Z'$/],
    [editAuthorization('eu-west-1', 'us-east-1'), / the region 'us-east-1' is wrong; expecting 'eu-west-1'$/],
    [editAuthorization('execute-api', 's3'), / the service 's3' is wrong; expecting 'execute-api'$/],
    [withoutHeader(VALID, 'host'), /^There are 0 Host headers/],
    [addHeader(VALID, 'X-Amz-Security-Token', 'x'), /^There are 2 X-Amz-Security-Token headers/],
    [replaceHeader(VALID, 'x-amz-security-token', () => 'x'), /: it is another one$/],
    [replaceTarget(VALID, 'b=2', 'b=%2'), /^The request target is not percent-encoded: '.*b=%2&/],
    [{ ...VALID, target: '*' }, /^The request target is not in origin form: '\*'$/],
  ];
  it.each(reasons)('says why (%#)', (request, message) => {
    expect(verifySignature(request, OPTIONS)).toMatchObject({ ok: false, message: matching(message) });
  });

  it('tells what belongs to the code', () => {
    const skewed = verifySignature(VALID, { ...OPTIONS, now: minutesAfter(16) });
    const [elsewhere, unknown] = [editAuthorization('eu-west-1', 'x'), editAuthorization('AKIDTEST', 'AKIDOTHER')];
    expect(skewed).toMatchObject({ details: { RequestTime: AMZ_DATE, MaxAllowedSkewMilliseconds: '900000' } });
    expect(verifySignature(elsewhere, OPTIONS)).toMatchObject({ details: { Region: 'eu-west-1' } });
    expect(verifySignature(unknown, OPTIONS)).toMatchObject({ details: { AWSAccessKeyId: 'AKIDOTHER' } });
    expect(verifySignature({ ...VALID, body: Buffer.alloc(0) }, OPTIONS)).toMatchObject({
      details: { ClientComputedContentSHA256: sha256Hex(BODY), S3ComputedContentSHA256: EMPTY_HASH },
      canonicalRequest: matching(/^POST\n/),
    });
  });

  it('names the headers that were not signed', () => {
    const verdict = verifySignature(addHeader(editAuthorization('content-type;', ''), 'X-Amz-Acl', 'private'), OPTIONS);
    expect(verdict).toMatchObject({ details: { HeadersNotSigned: 'content-type, x-amz-acl' } });
  });
});
