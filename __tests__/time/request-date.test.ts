/** The date formats of X-Amz-Date and Date. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateFormatError, parseRequestDate } from '../../lib/index.js';
import { findUnreadableDates, readRequestDate } from '../../lib/time/request-date.js';

interface DateTable {
  /** The moment at which two-digit years are read. */
  readonly readIn: string;
  readonly groups: readonly {
    readonly group: string;
    /** Text -> the moment that it says, or null where it is no date. */
    readonly dates: Readonly<Record<string, string | null>>;
  }[];
}

const table = JSON.parse(readFileSync(join(__dirname, '../../fixtures/request-dates.json'), 'utf8')) as DateTable;

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
    ['RFC 3339 without an offset', '2015-08-30T12:36:00'],
    ['RFC 3339 with spaces before the offset', '2015-08-30  12:36:00 +0000'],
    ['ISO 8601 without seconds and without an offset', '2015-08-30 12:36'],
    ['Amz-Date with UTC', '20150830T123600UTC'],
    ['RFC 5322 with an offset', 'Sun, 30 Aug 2015 12:36:00 +0000'],
    ['RFC 5322 with an unknown offset', 'Sun, 30 Aug 2015 12:36:00 -0000'],
    ['RFC 5322 without a weekday', '30 Aug 2015 12:36:00 GMT'],
    ['RFC 5322 without seconds', 'Sun, 30 Aug 2015 12:36 GMT'],
    ['RFC 5322 with the weekday in full', 'Sunday, 30 Aug 2015 12:36:00 GMT'],
    ['RFC 7231 without a zone', 'Sun, 30 Aug 2015 12:36:00'],
    ['RFC 7231 with UTC', 'Sun, 30 Aug 2015 12:36:00 UTC'],
    ['RFC 7231 with another day of the week', 'Mon, 30 Aug 2015 12:36:00 GMT'],
    ['RFC 7231 with two spaces', 'Sun,  30  Aug  2015  12:36:00  GMT'],
    ['RFC 850 with an offset', 'Sunday, 30-Aug-15 14:36:00 +0200'],
    ['RFC 850 with a short weekday', 'Sun, 30-Aug-15 12:36:00 GMT'],
    ['RFC 850 with another day of the week', 'Friday, 30-Aug-15 12:36:00 GMT'],
    ['asctime with another day of the week', 'Mon Aug 30 12:36:00 2015'],
    ['asctime without a weekday', 'Aug 30 12:36:00 2015'],
    ['date(1)', 'Sun Aug 30 12:36:00 UTC 2015'],
    ['an offset before the year', 'Sun Aug 30 14:36:00 +0200 2015'],
    ['a Date of JavaScript', 'Sun Aug 30 2015 12:36:00 GMT+0000 (Coordinated Universal Time)'],
    ['a Date of JavaScript, in a zone', 'Sun Aug 30 2015 14:36:00 GMT+0200 (Central European Summer Time)'],
    ['a Date of JavaScript, in another language', 'Sun Aug 30 2015 14:36:00 GMT+0200 (Mitteleuropäische Sommerzeit)'],
    ['a Date of JavaScript, without the name of its zone', 'Sun Aug 30 2015 05:36:00 GMT-0700'],
    ['RFC 5322 with a comment', 'Sun, 30 Aug 2015 14:36:00 +0200 (CEST)'],
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
    ['a date alone', '2015-08-30', '2015-08-30T00:00:00.000Z'],
    ['a date of RFC 5322 alone', 'Sun, 30 Aug 2015', '2015-08-30T00:00:00.000Z'],
    ['a date of RFC 5322 alone, without its weekday', '30 Aug 2015', '2015-08-30T00:00:00.000Z'],
    ['a date of RFC 850 alone', 'Sunday, 30-Aug-15', '2015-08-30T00:00:00.000Z'],
    ['a date of asctime alone', 'Sun Aug 30 2015', '2015-08-30T00:00:00.000Z'],
    ['a day of one digit', 'Sun, 6 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['a day of one digit after one space', 'Wed Dec 4 00:00:00 2002', '2002-12-04T00:00:00.000Z'],
    ['a day of one digit after two spaces', 'Wed Dec  4 00:00:00 2002', '2002-12-04T00:00:00.000Z'],
    ['a day of asctime with a zero', 'Wed Dec 04 00:00:00 2002', '2002-12-04T00:00:00.000Z'],
    ['a zone over the end of a year', 'Thu, 31 Dec 2015 20:00:00 PST', '2016-01-01T04:00:00.000Z'],
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

  // RFC 5322, section 4.3.
  it.each([
    ['UT', 12],
    ['GMT', 12],
    ['EST', 17],
    ['EDT', 16],
    ['CST', 18],
    ['CDT', 17],
    ['MST', 19],
    ['MDT', 18],
    ['PST', 20],
    ['PDT', 19],
    ['Z', 12],
  ])('reads the zone %s', (zone, hour) => {
    const ms = Date.UTC(2015, 7, 30, hour, 36);
    expect(parseRequestDate(`Sun, 30 Aug 2015 12:36:00 ${zone}`).getTime()).toBe(ms);
    expect(parseRequestDate(`sun, 30-aug-15 12:36:00 ${zone.toLowerCase()}`).getTime()).toBe(ms);
    expect(parseRequestDate(`2015-08-30T12:36:00${zone}`).getTime()).toBe(ms);
  });

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
    '20150830T1236',
    '20150830T123600',
    '2015-08',
    '2015-8-30',
    '2015-08-30T',
    '2015-08-30Z',
    '2015-08-30T12Z',
    '2015-08-30T12:36.5Z',
    '2015-08-30T25:00:00',
    '2015-02-30',
    '2015-02-30T00:00:00',
    '08/30/2015',
    '08/09/2015 12:36:00',
    '08-09-2015',
    '30-Aug-15',
    '30-Aug-15 12:36:00 GMT',
    'Sun, 30 Aug 15 12:36:00 GMT',
    'Aug 30, 2015',
    'Aug 30 15',
    'Sun, 30 August 2015 12:36:00 GMT',
    'Sun, 30 Feb 2015 12:36:00',
    'Sun Feb 29 12:36:00 2015',
    'Sun Aug 0 12:36:00 2015',
    'Sun, 0 Aug 2015',
    'Sun, 30 Aug 2015 24:00:00 EST',
    'Sun, 30 Aug 2015 25:00',
    'Sun, 30 Aug 2015 1:36:00 GMT',
    'Sun, 30 Aug 2015 12:36:00 +0260',
    'Sun, 30 Aug 2015 12:36:00 +2400',
    'Sun, 30 Aug 2015 12:36:00 GMT+2',
    'Sun, 30 Aug 2015 12:36:00 IST',
    'Sun, 30 Aug 2015 12:36:00 A',
    'Sun, 30 Aug 2015 12:36:00 Etc/UTC',
    'Sun, 30 Aug 2015 GMT',
    'Sun 30 Aug 2015 12:36:00 GMT',
    'Sun, Aug 30 12:36:00 2015',
    '20150830T123600 Z',
    'Sun,   30 Aug 2015 12:36:00 GMT',
    'Sun,30 Aug 2015 12:36:00 GMT',
    'Sun, Sun, 30 Aug 2015 12:36:00 GMT',
    'Sun\t30 Aug 2015 12:36:00 GMT',
    'Sun Aug   4 12:36:00 2015',
    'Aug 2015',
    'Sun',
    '12:36:00',
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

// requests-aws4auth's own dates.
describe.each(table.groups)('as the seed reads $group', ({ dates }) => {
  beforeEach(() => jest.useFakeTimers({ now: new Date(table.readIn) }));
  afterEach(() => jest.useRealTimers());

  it.each(Object.entries(dates))('%j -> %s', (text, moment) => {
    const ms = moment === null ? undefined : Date.parse(moment);
    expect(readRequestDate({ 'X-Amz-Date': text, Date: undefined }, 'replace')).toBe(ms);
    expect(readRequestDate({ 'X-Amz-Date': undefined, Date: text }, 'replace')).toBe(ms);
    if (ms === undefined) expect(() => parseRequestDate(text)).toThrow(DateFormatError);
    else expect(parseRequestDate(text).getTime()).toBe(ms);
  });
});

describe('findUnreadableDates', () => {
  const readable = '20150830T123600Z';
  it.each([
    [{ 'X-Amz-Date': undefined, Date: undefined }, []],
    [{ 'X-Amz-Date': false, Date: false }, []],
    [{ 'X-Amz-Date': readable, Date: readable }, []],
    [{ 'X-Amz-Date': 'now', Date: undefined }, ['X-Amz-Date']],
    [{ 'X-Amz-Date': '', Date: readable }, ['X-Amz-Date']],
    [{ 'X-Amz-Date': readable, Date: null }, ['Date']],
    [{ 'X-Amz-Date': 'now', Date: ['now'] }, ['X-Amz-Date', 'Date']],
  ])('%j -> %j', (headers, names) => {
    expect(findUnreadableDates(headers)).toEqual(names);
  });

  it('names the first in the error', () => {
    expect(() => readRequestDate({ 'X-Amz-Date': undefined, Date: 'now' }, 'throw')).toThrow(/^Date: /);
    expect(() => readRequestDate({ 'X-Amz-Date': 'now', Date: 'now' }, 'throw')).toThrow(/^X-Amz-Date: /);
  });
});
