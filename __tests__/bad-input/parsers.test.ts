/** Bad input of what reads text: dates, hostnames, and the settings of libfaketime. */
import { parseAwsHostname, parseRequestDate } from '../../lib/index.js';
import { createLibfaketimeClock } from '../../lib/libfaketime.js';
import { forEach, itRefuses, NO_STRINGS, show } from './refusals.js';

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

describe('parseAwsHostname knows nothing of', () => {
  const noHostnames = [
    ...['', ' ', '.', '..', 'amazonaws.com', '.amazonaws.com', 's3..amazonaws.com', '-s3.eu-west-1.amazonaws.com'],
    ...[
      'https://s3.eu-west-1.amazonaws.com',
      's3.eu-west-1.amazonaws.com/',
      's3.eu-west-1.amazonaws.com:',
      'a@s3.amazonaws.com',
    ],
    ...[
      's3.eu-west-1.amazonaws.com:123456',
      's3.eu-west-1.amazonaws.com..',
      's3.eu-west-1.amazonaws.com\n',
      ' s3.amazonaws.com',
    ],
    ...[
      's3.eu-west-1.amazonaws.com\0.evil.example',
      's3.eu-west-1.amazonaws.com.evil.example',
      's3.eu-west-1.amazonaws.co',
    ],
    ...[
      's3.eu-west-1.amazonaws。com',
      '\u017f3.eu-west-1.amazonaws.com',
      '\u212ainesis.eu-west-1.amazonaws.com',
      '127.0.0.1',
    ],
    ...[
      '[::1]',
      'localhost',
      `${'a'.repeat(300)}.s3.eu-west-1.amazonaws.com`,
      'a.'.repeat(2 ** 19),
      's3.eu west-1.amazonaws.com',
    ],
    ...[
      's3.EU/WEST.amazonaws.com',
      's3.$1.amazonaws.com',
      's3.eu-west-1.amazonaws.com#',
      '*.s3.eu-west-1.amazonaws.com',
    ],
  ];
  it.each(noHostnames.map((hostname) => [show(hostname), hostname]))('%s', (_, hostname) => {
    expect(parseAwsHostname(hostname)).toBeUndefined();
  });

  it.each(
    [undefined, null, Symbol('a'), 5, NaN, true, {}, [], 1n, () => 'a', new Date(0)].map((value) => [
      show(value),
      value,
    ]),
  )('%s', (_, value) => {
    expect(parseAwsHostname(value as string)).toBeUndefined();
  });
});

describe('libfaketimeClock, where /proc tells nothing', () => {
  const preloaded = { LD_PRELOAD: '/usr/lib/libfaketime.so.1' };
  const tellTime = (environment: Record<string, string>, file?: string) =>
    createLibfaketimeClock({
      environment: () => ({ ...preloaded, ...environment }),
      readTextFile: (path) => (path === '/fake' ? file : undefined),
    })();
  const settings = [
    ...['%', '@2020-01-01 00:00:00', '2020-01-01 00:00:00', 'x', '5', ' +5', '++5x2', '+1d x2', '+1 i2.0', '+0x10'],
    ...['+inf', '-INF', '+nan', '+1e999', '-1e300y', '\0', '\n+5', '+1,5d', 'ü', '@', '+5\0x'],
  ];
  itRefuses([
    ...forEach('FAKETIME', settings, (FAKETIME) => tellTime({ FAKETIME: String(FAKETIME) }), {
      code: 'ERR_CLOCK',
      names: 'FAKETIME',
    }),
    ...forEach(
      'the file',
      [...settings.filter((setting) => setting !== ' +5' && setting !== '\n+5'), '# a\n; b\n%\n'],
      (text) => tellTime({ FAKETIME_TIMESTAMP_FILE: '/fake' }, `${String(text)}\n`),
      { code: 'ERR_CLOCK', names: '/fake' },
    ),
    ...forEach(
      'the limit',
      ['FAKETIME_START_AFTER_SECONDS', 'FAKETIME_STOP_AFTER_NUMCALLS', 'FAKETIME_ONLY_CMDS', 'FAKETIME_LOAD_FILE'],
      (limit) => tellTime({ FAKETIME: '+5', [String(limit)]: '1' }),
      { code: 'ERR_CLOCK', names: 'libfaketimeClock: FAKETIME_' },
    ),
  ]);

  it('quotes no more of a setting than its beginning', () => {
    expect(() => tellTime({ FAKETIME: '%'.repeat(2 ** 20) })).toThrow(/FAKETIME="%{60}" /);
  });
});
