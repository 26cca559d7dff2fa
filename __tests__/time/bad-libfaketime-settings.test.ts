/** Bad settings of libfaketime. */
import { createLibfaketimeClock } from '../../lib/time/libfaketime.js';
import { forEach, itRefuses } from '../bad-input/refusals.js';

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
