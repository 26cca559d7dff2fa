/** The date formats of X-Amz-Date and Date. */
import { DateFormatError, parseRequestDate } from '../../lib/index.js';

const MOMENT = '2015-08-30T12:36:00.000Z';

describe('parseRequestDate', () => {
  it.each([
    ['Amz-Date', '20150830T123600Z'],
    ['Amz-Date in lower case', '20150830t123600z'],
    ['ISO 8601 basic, with an offset', '20150830T143600+0200'],
    ['RFC 7231', 'Sun, 30 Aug 2015 12:36:00 GMT'],
    ['RFC 7231 in another case', 'SUN, 30 AUG 2015 12:36:00 gmt'],
    ['RFC 850', 'Sunday, 30-Aug-15 12:36:00 GMT'],
    ['asctime', 'Sun Aug 30 12:36:00 2015'],
    ['RFC 3339', '2015-08-30T12:36:00Z'],
    ['RFC 3339 in lower case', '2015-08-30t12:36:00z'],
    ['RFC 3339 with a space', '2015-08-30 12:36:00Z'],
    ['RFC 3339 with an offset', '2015-08-30T14:36:00+02:00'],
    ['RFC 3339 with a negative offset into another day', '2015-08-29T23:36:00-13:00'],
    ['RFC 3339 with an unknown offset', '2015-08-30T12:36:00-00:00'],
    ['ISO 8601 with an offset of hours', '2015-08-30T14:36:00+02'],
    ['ISO 8601 with an odd offset', '2015-08-30T18:21:00+0545'],
    ['ISO 8601 without seconds', '2015-08-30T12:36Z'],
    ['a fraction', '2015-08-30T12:36:00.000Z'],
    ['a fraction with a comma', '2015-08-30T12:36:00,0Z'],
    ['white space around it', '  20150830T123600Z\t'],
  ])('reads %s', (_, text) => {
    expect(parseRequestDate(text).toISOString()).toBe(MOMENT);
  });

  it.each([
    ['the day of asctime that has one digit', 'Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['milliseconds', '2015-08-30T12:36:00.1239Z', '2015-08-30T12:36:00.123Z'],
    ['one digit of a fraction', '2015-08-30T12:36:00.5Z', '2015-08-30T12:36:00.500Z'],
    ['a leap day', 'Thu, 29 Feb 2024 00:00:00 GMT', '2024-02-29T00:00:00.000Z'],
    ['the last second of a year', '20261231T235959Z', '2026-12-31T23:59:59.000Z'],
    ['an offset over the end of a year', '2026-12-31T23:59:59-01:00', '2027-01-01T00:59:59.000Z'],
    ['a leap second', '2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['a year before 100', '00990101T000000Z', '0099-01-01T00:00:00.000Z'],
  ])('reads %s', (_, text, iso) => {
    expect(parseRequestDate(text).toISOString()).toBe(iso);
  });

  // Each format's own example, in RFC 9110, section 5.6.7.
  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads RFC 9110’s %s',
    (text) => {
      expect(parseRequestDate(text).getTime()).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    },
  );

  describe('with a two-digit year', () => {
    afterEach(() => jest.useRealTimers());
    it.each([
      ['2026-11-22T00:00:00Z', '26', 2026],
      ['2026-11-22T00:00:00Z', '00', 2000],
      ['2026-11-22T00:00:00Z', '76', 2076],
      ['2026-06-01T00:00:00Z', '76', 1976],
      ['2026-11-22T00:00:00Z', '77', 1977],
      ['2026-11-22T00:00:00Z', '99', 1999],
      ['2070-11-22T00:00:00Z', '15', 2115],
      ['2099-12-31T00:00:00Z', '00', 2100],
    ])('in %s, takes %s for %i', (now, shortYear, year) => {
      jest.useFakeTimers({ now: new Date(now) });
      expect(parseRequestDate(`Sunday, 15-Nov-${shortYear} 12:36:00 GMT`).getUTCFullYear()).toBe(year);
    });
  });

  it.each([
    '',
    'now',
    '1440938160',
    '20150830',
    '2015-08-30',
    '2015-08-30T12:36:00',
    '20150830T123600',
    '2015-02-29T00:00:00Z',
    '2015-13-01T00:00:00Z',
    '2015-00-01T00:00:00Z',
    '2015-08-32T00:00:00Z',
    '2015-08-00T00:00:00Z',
    '20150830T240000Z',
    '20150830T126000Z',
    '20150830T123661Z',
    '2015-08-30T12:36:00+24:00',
    '2015-08-30T12:36:00+02:60',
    'Sun, 30 Aug 2015 12:36:00',
    'Sun, 30 Aug 2015 12:36:00 CET',
    'Son, 30 Aug 2015 12:36:00 GMT',
    'Sun, 30 Xyz 2015 12:36:00 GMT',
    'Sun, 31 Jun 2015 12:36:00 GMT',
    'Sunday, 30-Aug-2015 12:36:00 GMT',
    '20150830T123600Z, 20150830T123600Z',
    '-0150830T123600Z',
    `20150830T123600.${'0'.repeat(1_000_000)}Z`,
    ' '.repeat(1_000_000),
  ])('refuses %.60j', (text) => {
    expect(() => parseRequestDate(text)).toThrow(DateFormatError);
    expect(() => parseRequestDate(text)).toThrow(expect.objectContaining({ code: 'ERR_DATE_FORMAT' }));
  });

  it.each([undefined, null, 5, {}, new Date()])('refuses what is no text: %p', (value) => {
    expect(() => parseRequestDate(value as string)).toThrow(DateFormatError);
  });
});
