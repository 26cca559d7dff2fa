/** The clock that undoes libfaketime, without it: what it reads, and what it makes of it. */
import { join } from 'node:path';
import { defaultClock } from '../../lib/time/clock.js';
import { libfaketimeClock, systemClock } from '../../lib/index.js';
import { createLibfaketimeClock, parseOffsets, parseSettingsFile } from '../../lib/time/libfaketime.js';
import { platform } from '#platform';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** The true time when a test begins. */
const START = Date.parse('2026-03-01T12:00:00.250Z');

const preloaded = { '/proc/self/maps': '7f00-7f01 r-xp 00000000 08:01 42 /usr/lib/faketime/libfaketimeMT.so.1\n' };
const ownUptime = '63 45 0:52 /proc/uptime /proc/uptime rw,relatime - fuse.lxcfs lxcfs rw\n';

interface Machine {
  /** The true time. */
  real: number;
  /** What Date.now says. */
  faked: number;
  environment: Record<string, string>;
  readonly files: Record<string, string | undefined>;
}

/** A clock on a machine under libfaketime, which is the test's to change. */
function createMachine(environment: Record<string, string>, files: Record<string, string | undefined> = {}) {
  const machine: Machine = {
    real: START,
    faked: START,
    environment,
    files: { ...preloaded, '/proc/self/mountinfo': '22 1 0:20 / /proc rw - proc proc rw\n', ...files },
  };
  jest.spyOn(Date, 'now').mockImplementation(() => machine.faked);
  // The machine booted 1000 s before; uptime has hundredths of a second.
  const bootSeconds = (): number => Math.floor(START / SECOND) - 1000;
  const kernel: Readonly<Record<string, () => string>> = {
    '/proc/stat': () => `cpu  1 2 3\nintr 5 6\nctxt 7\nbtime ${String(bootSeconds())}\nprocesses 9\n`,
    '/proc/uptime': () => `${(machine.real / SECOND - bootSeconds()).toFixed(2)} 10.00\n`,
  };
  const readTextFile = (path: string): string | undefined => {
    return path in machine.files ? machine.files[path] : kernel[path]?.();
  };
  const clock = createLibfaketimeClock({ environment: () => machine.environment, readTextFile });
  return { machine, clock };
}
const withoutKernelClock = { '/proc/self/mountinfo': ownUptime };

afterEach(() => {
  jest.restoreAllMocks();
});

describe('what a setting is', () => {
  it.each<[string, readonly number[]]>([
    ['+3d', [3 * DAY]],
    ['-15d', [-15 * DAY]],
    ['-120', [-120 * SECOND]],
    ['+90s', [90 * SECOND]],
    ['-10m', [-600 * SECOND]],
    ['+1.5h', [1.5 * HOUR]],
    ['-.5h', [-0.5 * HOUR]],
    ['+2y', [2 * 365 * DAY]],
    ['+1e3', [1000 * SECOND]],
    ['+0', [0]],
    ['+', [0]],
    ['+5 hours', [5 * HOUR]],
    ['+1h later, my dear', [60 * SECOND]], // m goes before h, wherever it stands
    ['- 5', [0]], // no number follows the sign
    ['-1,5h', [-1.5 * HOUR, -1 * HOUR]],
    ['+,5', [0.5 * SECOND, 0]],
    ['', [0]],
  ])('takes off %j', (setting, offsets) => {
    expect(parseOffsets(setting)).toStrictEqual(offsets);
  });

  it.each([
    '@2020-01-01 00:00:00',
    '2020-01-01 00:00:00',
    '%',
    '+1y x5',
    '+0 i2.0',
    'x2',
    'i2',
    '+5 minutes', // the i makes it a step
    '+0x10',
    '+nan',
    '-inf',
    '+1e308d',
    ' +3d',
    'garbage',
  ])('has no offset for %j', (setting) => {
    expect(parseOffsets(setting)).toStrictEqual([]);
  });

  it.each<[string, string | undefined]>([
    ['+3d', '+3d'],
    ['+3d\r\n', '+3d'],
    ['+3d  \n-1h\n', '+3d  '],
    ['\n# a comment\n; another\n -5d\n+1h\n', '+1h'],
    ['\t+1h\n', '\t+1h'],
    ['# nothing else', undefined],
    ['', undefined],
    ['5', undefined],
    [`${'+'.repeat(300)}\n`, '+'.repeat(255)],
    [`#${'.'.repeat(254)}+1h\n-1h\n`, '+1h'], // fgets takes 255 characters at once
  ])('is read from a file of %j', (text, setting) => {
    expect(parseSettingsFile(text)).toBe(setting);
  });

  it('is found in a megabyte of anything else', () => {
    const hostile = '#'.repeat(255) + ' '.repeat(2 ** 19) + '\n' + '\n'.repeat(2 ** 18) + ';'.repeat(2 ** 18) + '\n+1h';
    expect(parseSettingsFile(hostile)).toBe('+1h');
    expect(parseOffsets(`+${'1'.repeat(2 ** 20)}`)).toStrictEqual([]);
    expect(parseOffsets('+'.repeat(2 ** 20))).toStrictEqual([0]);
  });
});

it('has files and an environment where the platform has', () => {
  const isNode = platform.name === 'node';
  expect(platform.readTextFile(__filename)?.startsWith('/** The clock that undoes')).toBe(isNode || undefined);
  expect(platform.readTextFile(join(__dirname, 'none'))).toBeUndefined();
  expect(platform.environment()['PATH']).toBe(isNode ? process.env['PATH'] : undefined);
});

describe('without libfaketime', () => {
  it('is the system clock', () => {
    expect(libfaketimeClock()).toBe(systemClock);
    const environment = { FAKETIME: '+3d', LD_PRELOAD: '/usr/lib/faketime/libfaketime.so.1' };
    expect(createMachine(environment, { '/proc/self/maps': '/usr/bin/node\n' }).clock).toBe(systemClock);
    expect(createMachine({ FAKETIME: '+3d' }, { '/proc/self/maps': undefined }).clock).toBe(systemClock);
  });

  it.each([
    { LD_PRELOAD: '/x.so:/usr/$LIB/faketime/libfaketimeMT.so.1' },
    { DYLD_INSERT_LIBRARIES: 'libfaketime.1.dylib' },
  ])('is not where the environment names it and nothing else can be asked: %j', (environment) => {
    expect(createMachine(environment, { '/proc/self/maps': undefined }).clock).not.toBe(systemClock);
  });
});

describe("beside the kernel's clock", () => {
  it.each<[string, number]>([
    ['+3d', 3 * DAY],
    ['-1.5h', -1.5 * HOUR],
    ['-1,5h', -1.5 * HOUR], // as it is read where the comma is the locale's
    ['-1,5h', -HOUR], // as it is read in C
    ['', 0],
    ['+3d', 0], // it does not fake here, or not yet
  ])('is exact under %j where time is moved by %d ms', (FAKETIME, offset) => {
    const { machine, clock } = createMachine({ FAKETIME });
    machine.faked = START + offset;
    expect(clock()).toBe(START);
  });

  it.each(['@2020-01-01 00:00:00', '2020-01-01 00:00:00', '+1y x5', '+0 i2.0', '%', '+3d', 'garbage'])(
    'is right to a second under %j whatever Date says',
    (FAKETIME) => {
      const { machine, clock } = createMachine({ FAKETIME });
      machine.faked = Date.parse('2020-01-01T00:00:00Z');
      expect(Math.abs(clock() - START)).toBeLessThanOrEqual(SECOND);
      machine.real += 100 * DAY;
      expect(Math.abs(clock() - machine.real)).toBeLessThanOrEqual(SECOND);
    },
  );

  it('is right before and after libfaketime reads a changed file', () => {
    const { machine, clock } = createMachine({ HOME: '/home/me' }, { '/home/me/.faketimerc': '+3d\n' });
    machine.faked = START + 3 * DAY;
    expect(clock()).toBe(START);
    machine.files['/home/me/.faketimerc'] = '-2d\n';
    expect(Math.abs(clock() - START)).toBeLessThanOrEqual(SECOND);
    machine.faked = START - 2 * DAY;
    expect(clock()).toBe(START);
  });

  it('fails where the kernel tells the time no longer', () => {
    const { machine, clock } = createMachine({ FAKETIME: '+3d' });
    machine.files['/proc/uptime'] = '';
    expect(clock).toThrow(expect.objectContaining({ code: 'ERR_CLOCK' }));
  });
});

describe("without the kernel's clock", () => {
  const settingsFiles = { '/stamp': '+4h\n', '/home/me/.faketimerc': '+3h\n', '/etc/faketimerc': '+2h\n' };
  const everything = { FAKETIME: '+5h', FAKETIME_TIMESTAMP_FILE: '/stamp', HOME: '/home/me' };

  it.each<[string, Record<string, string>, Record<string, string | undefined>, number]>([
    ['FAKETIME', everything, {}, 5],
    ['FAKETIME, though empty', { ...everything, FAKETIME: '' }, {}, 0],
    ['FAKETIME_TIMESTAMP_FILE', { FAKETIME_TIMESTAMP_FILE: '/stamp', HOME: '/home/me' }, {}, 4],
    ['~/.faketimerc', { FAKETIME_TIMESTAMP_FILE: '/none', HOME: '/home/me' }, {}, 3],
    ['/etc/faketimerc', { FAKETIME_TIMESTAMP_FILE: '', HOME: '/home/you' }, {}, 2],
    ['a file without a setting', { HOME: '/home/me' }, { '/home/me/.faketimerc': '# +3h\n' }, 0],
    ['nothing', {}, { '/etc/faketimerc': undefined }, 0],
  ])('takes the offset from %s', (_, environment, files, hours) => {
    const { machine, clock } = createMachine(environment, { ...withoutKernelClock, ...settingsFiles, ...files });
    machine.faked = START + hours * HOUR;
    expect(clock()).toBe(START);
  });

  it('reads FAKETIME again, as libfaketime does, and no file in its place', () => {
    const { machine, clock } = createMachine(everything, { ...withoutKernelClock, ...settingsFiles });
    machine.environment = { HOME: '/home/me' };
    expect(clock()).toBe(START);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['a mount over /proc/uptime', withoutKernelClock],
    ['a mount over /proc/stat', { '/proc/self/mountinfo': ownUptime.replaceAll('uptime', 'stat') }],
    ['no list of mounts', { '/proc/self/mountinfo': undefined }],
    [
      'a time namespace',
      { '/proc/self/timens_offsets': 'monotonic           0         0\nboottime       86400         0\n' },
    ],
    ['no btime', { '/proc/stat': 'cpu 1\n' }],
    ['no uptime', { '/proc/uptime': undefined }],
  ])('fails where there is %s, and names the setting', (_, files) => {
    const { clock } = createMachine({ FAKETIME: '@2020-01-01 00:00:00' }, files);
    const message = expect.stringContaining('FAKETIME="@2020-01-01 00:00:00"');
    expect(clock).toThrow(expect.objectContaining({ name: 'Aws4AuthError', code: 'ERR_CLOCK', message }));
  });

  it('has the clock where the time namespace is the first', () => {
    const files = { '/proc/self/timens_offsets': 'monotonic           0         0\nboottime            0         0\n' };
    const { machine, clock } = createMachine({ FAKETIME: '2020-01-01 00:00:00' }, files);
    machine.faked = 0;
    expect(Math.abs(clock() - START)).toBeLessThanOrEqual(SECOND);
  });

  it.each([
    { FAKETIME: '+3d', FAKETIME_START_AFTER_SECONDS: '5' },
    { FAKETIME: '+3d', FAKETIME_STOP_AFTER_NUMCALLS: '' },
    { FAKETIME: '+3d', FAKETIME_ONLY_CMDS: 'node' },
    { FAKETIME: '-1,5h' },
    { FAKETIME: '+0 x2' },
  ])('fails where the offset cannot be told: %j', (environment) => {
    const { clock } = createMachine(environment, withoutKernelClock);
    const message = expect.stringContaining(Object.keys(environment).at(-1) ?? '');
    expect(clock).toThrow(expect.objectContaining({ code: 'ERR_CLOCK', message }));
  });

  it('does not trust an offset after a rate, which libfaketime keeps', () => {
    const { machine, clock } = createMachine({ FAKETIME: '+1d x5' }, withoutKernelClock);
    expect(clock).toThrow('x5');
    machine.environment = { FAKETIME: '+1d' };
    expect(clock).toThrow('x5');
  });

  it('quotes the beginning of a setting alone', () => {
    const { clock } = createMachine(
      { FAKETIME_TIMESTAMP_FILE: '/stamp' },
      { ...withoutKernelClock, '/stamp': '\x1b]'.repeat(99) },
    );
    expect(clock).toThrow(/^libfaketimeClock: \/stamp="(?:\\u001b\]){30}" cannot be undone/);
  });

  const changes: readonly [string, number, number][] = [
    ['further on', 1, 5],
    ['further back', 5, 1],
  ];
  it.each(changes)('follows a change %s, which libfaketime sees later', (_, from, to) => {
    const environment = { FAKETIME_TIMESTAMP_FILE: '/stamp' };
    const { machine, clock } = createMachine(environment, { ...withoutKernelClock, '/stamp': `+${String(from)}h` });
    const times = [0, 5, 12, 19, 21, 26, 60, 4000].map((seconds) => {
      machine.real = START + seconds * SECOND;
      if (seconds >= 12) machine.files['/stamp'] = `+${String(to)}h`;
      machine.faked = machine.real + (seconds > 20 ? to : from) * HOUR;
      return clock() - machine.real;
    });
    expect(times).toStrictEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it.each([{ FAKETIME_NO_CACHE: '1' }, { FAKETIME_CACHE_DURATION: '-1' }])(
    'takes a changed offset at once under %j',
    (settings) => {
      const environment = { FAKETIME_TIMESTAMP_FILE: '/stamp', ...settings };
      const { machine, clock } = createMachine(environment, { ...withoutKernelClock, '/stamp': '+1h' });
      machine.faked = START + HOUR;
      expect(clock()).toBe(START);
      machine.files['/stamp'] = '-1h';
      // So long after, the old offset would lead on better from the time told before.
      machine.real = START + 3 * HOUR;
      machine.faked = machine.real - HOUR;
      expect(clock()).toBe(machine.real);
    },
  );
});

describe('systemClock', () => {
  it('tells what the fake timers of a test say', () => {
    const realNow = Date.now;
    jest.useFakeTimers({ now: 12_345 });
    try {
      expect(systemClock()).toBe(12_345);
      expect(realNow()).toBeGreaterThan(START / 2);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('importing axios-aws4auth/libfaketime', () => {
  const DEFAULT_CLOCK = Symbol.for('axios-aws4auth.defaultClock');
  afterEach(() => {
    Reflect.deleteProperty(globalThis, DEFAULT_CLOCK);
  });

  const importUnder = (environment: Record<string, string>, files: Readonly<Record<string, string>>) =>
    jest.isolateModulesAsync(async () => {
      const host = (await import('#platform')).platform;
      jest.spyOn(host, 'environment').mockReturnValue(environment);
      jest.spyOn(host, 'readTextFile').mockImplementation((path) => files[path]);
      await import('../../lib/time/libfaketime-default.js');
    });

  it('makes libfaketimeClock the default clock', async () => {
    await importUnder({ FAKETIME: '+3d' }, preloaded);
    jest.spyOn(Date, 'now').mockReturnValue(START + 3 * DAY);
    expect(defaultClock()).toBe(START);
  });

  it('changes nothing where libfaketime is not preloaded, or there are no files and no environment', async () => {
    for (const files of [{ '/proc/self/maps': '7f00-7f01 r-xp 00000000 08:01 42 /usr/lib/libc.so.6\n' }, {}]) {
      await importUnder({}, files);
      jest.spyOn(Date, 'now').mockReturnValue(START);
      expect(defaultClock()).toBe(START);
    }
  });
});
