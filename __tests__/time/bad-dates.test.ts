/** Bad input of what reads dates. */
import { parseRequestDate } from '../../lib/index.js';
import { forEach, itRefuses, NO_STRINGS } from '../bad-input/refusals.js';

describe('parseRequestDate', () => {
  const noDates = [
    ...['', ' ', 'now', 'yesterday', '0', '1e9', '1440938160', '2015', '2015-08', '2015-8-30', '20150830'],
    // Without SigV4's offset, without the time that a T announces, or of an offset or zone that there is not.
    ...['20150830T123600', '2015-08-30T', '2015-08-30T12:36:00+24:00', '2015-08-30T12:36:00+00:60'],
    ...[
      '2015-08-30T12:36:00+',
      '2015-08-30T12:36:00+1',
      '20150830T123600ZZ',
      '20150830T123600 Z',
      '2015-08-30T12:36:00 IST',
    ],
    // Of a day or time that there is not.
    ...['20150230T123600Z', '20150229T000000Z', '20151301T000000Z', '20150001T000000Z', '20150800T000000Z'],
    ...['20150832T000000Z', '20150830T240000Z', '20150830T126000Z', '20150830T123661Z', '2015-02-30T00:00:00Z'],
    ...['Sun, 31 Jun 2015 12:36:00 GMT', 'Sun, 30 Aug 2015 24:36:00 GMT', 'Sunday, 30-Feb-15 12:36:00 GMT'],
    ...['Xyz, 30 Aug 2015 12:36:00 GMT', 'Sun, 30 Xyz 2015 12:36:00 GMT', 'Sun, 30 Aug 2015 12:36:00 CET'],
    ...['Sun 30 Aug 2015 12:36:00 GMT', 'Sun, 30 Aug 15 12:36:00 GMT', 'Sunday, 30-Aug-2015 12:36:00 GMT'],
    ...['Sun Aug 32 12:36:00 2015', 'Sun Aug 30 12:36:00 15', '+002015-08-30T12:36:00Z', '-002015-08-30T12:36:00Z'],
    ...['20150830T123600Z\0', '20150830T123600Z, 20150830T123600Z', '２０150830T123600Z', '٢٠١٥0830T123600Z'],
    ...['Sun Aug 30 2015 12:36:00 GMT+0000 (', 'Sun Aug 30 2015 12:36:00 GMT+0000 ((a))', '(Sun Aug 30 2015)', '(UTC)'],
    ...['Sun Aug 30 2015 12:36:00 GMT+2', `20150830T123600Z (${'x'.repeat(2 ** 20)})`, 'Invalid Date'],
    ...['9'.repeat(1000), `20150830T123600.${'0'.repeat(60)}Z`, 'Sun, '.repeat(20), 'x'.repeat(2 ** 20)],
  ];
  itRefuses(
    forEach('', [...noDates, undefined, ...NO_STRINGS], (text) => parseRequestDate(text as string), {
      code: 'ERR_DATE_FORMAT',
      names: 'is not a date',
    }),
  );

  it('quotes no more of a text than a date has', () => {
    expect(() => parseRequestDate('x'.repeat(2 ** 20))).toThrow(/^"x{64}" is not a date/);
  });
});
