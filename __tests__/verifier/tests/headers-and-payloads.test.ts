/** Header values, dates and payloads. */
import { formatAmzDate, formatHttpDate, parseAmzDate, parseHttpDate } from '../src/request-moment.js';
import type { VerifyOptions } from '../src/verify-signature.js';
import {
  EMPTY_HASH,
  sha256Hex,
  codeOf,
  SIGNED_AT,
  AMZ_DATE,
  HTTP_DATE,
  minutesAfter,
  type Draft,
  PLAIN,
  verifyDraft,
} from './signed-requests.js';

describe('header values, dates and payloads', () => {
  it('takes header values as bytes', () => {
    const utf8 = 'caf\xc3\xa9 \xa0x';
    const draft: Draft = {
      target: '/',
      canonicalPath: '/',
      headers: [
        ['Host', 'h'],
        ['X-Amz-Date', AMZ_DATE],
        ['X-Amz-Meta-Name', utf8],
        ['X-Amz-Meta-Nothing', ''],
      ],
      canonicalHeaders: ['host:h', `x-amz-date:${AMZ_DATE}`, `x-amz-meta-name:${utf8}`, 'x-amz-meta-nothing:'],
    };
    expect(codeOf(verifyDraft(draft))).toBe('ok');
  });

  it.each([HTTP_DATE, AMZ_DATE])('goes by Date where there is no X-Amz-Date: %s', (date) => {
    const draft: Draft = {
      target: '/',
      canonicalPath: '/',
      headers: [
        ['Host', 'h'],
        ['Date', date],
      ],
      canonicalHeaders: ['host:h'],
    };
    expect(codeOf(verifyDraft(draft))).toBe('ok');
    expect(codeOf(verifyDraft(draft, { ...PLAIN, now: minutesAfter(16) }))).toBe('RequestTimeTooSkewed');
  });

  it('goes by the hash of the body where there is no x-amz-content-sha256', () => {
    const draft: Draft = { target: '/', canonicalPath: '/', body: 'b' };
    expect(codeOf(verifyDraft(draft))).toBe('ok');
    expect(codeOf(verifyDraft({ ...draft, payloadHash: EMPTY_HASH }))).toBe('SignatureDoesNotMatch');
    expect(codeOf(verifyDraft(draft, { ...PLAIN, requireContentSha256: true }))).toBe('InvalidRequest');
  });

  const payloads: readonly (readonly [value: string, code: string, options: Partial<VerifyOptions>])[] = [
    [sha256Hex('b'), 'ok', { requireContentSha256: true }],
    [EMPTY_HASH, 'XAmzContentSHA256Mismatch', {}],
    [sha256Hex('b').toUpperCase(), 'InvalidArgument', {}],
    [`${sha256Hex('b')}0`, 'InvalidArgument', {}],
    [`0${sha256Hex('b')}`, 'InvalidArgument', {}],
    ['', 'InvalidArgument', {}],
    ['UNSIGNED-PAYLOAD', 'InvalidRequest', {}],
    ['UNSIGNED-PAYLOAD', 'ok', { allowUnsignedPayload: true, requireContentSha256: true }],
    ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'NotImplemented', { allowUnsignedPayload: true }],
  ];
  it.each(payloads)('answers x-amz-content-sha256 %j with %s', (value, code, options) => {
    const draft: Draft = {
      target: '/',
      canonicalPath: '/',
      headers: [
        ['Host', 'h'],
        ['X-Amz-Date', AMZ_DATE],
        ['X-Amz-Content-Sha256', value],
      ],
      canonicalHeaders: ['host:h', `x-amz-content-sha256:${value}`, `x-amz-date:${AMZ_DATE}`],
      payloadHash: value,
      body: 'b',
    };
    expect(codeOf(verifyDraft(draft, { ...PLAIN, ...options }))).toBe(code);
  });

  it('parses dates exactly', () => {
    expect(parseAmzDate(formatAmzDate(SIGNED_AT))).toEqual(SIGNED_AT);
    expect(parseHttpDate(formatHttpDate(SIGNED_AT))).toEqual(SIGNED_AT);
    const monthly = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2024, month, 29, month, month, month)));
    expect(monthly.map((date) => parseHttpDate(formatHttpDate(date)))).toEqual(monthly);
    expect(monthly.map((date) => parseAmzDate(formatAmzDate(date)))).toEqual(monthly);
    // The obsolete forms of RFC 9110, 5.6.7.
    expect(parseHttpDate('Sunday, 22-Nov-26 15:04:05 GMT')).toEqual(SIGNED_AT);
    expect(parseHttpDate('Sun Nov 22 15:04:05 2026')).toEqual(SIGNED_AT);
    expect(parseHttpDate('Wednesday, 04-Nov-26 15:04:05 GMT')).toEqual(parseHttpDate('Wed Nov  4 15:04:05 2026'));
    const wrong = [
      '20261122T240000Z',
      '20261122150405Z',
      '2026-11-22T15:04:05Z',
      ' 20261122T150405Z',
      '20261131T000000Z',
    ];
    expect(wrong.map(parseAmzDate)).toEqual(wrong.map(() => undefined));
    const wrongHttp = [
      'Sun, 22 Nov 2026 15:04:05 UTC',
      'Sun, 2 Nov 2026 15:04:05 GMT',
      'Sat, 22 Nov 2026 15:04:05 GMT',
    ];
    expect(wrongHttp.map(parseHttpDate)).toEqual(wrongHttp.map(() => undefined));
  });
});
