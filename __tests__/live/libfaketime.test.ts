/**
 * Under Debian's libfaketime (apt-get install faketime), a process of its own sends requests to the verifier here, which
 * has the true time: they are refused by the system's clock, and accepted by libfaketimeClock.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordCompatibility } from '../compatibility.js';
import { createServer } from '../stand-ins/test-server.js';

const DAY = 24 * 3600 * 1000;
// The linker knows what $LIB is here: lib/x86_64-linux-gnu, lib/aarch64-linux-gnu, ...
const libraries = ['/usr/$LIB/faketime/libfaketime.so.1', '/usr/$LIB/faketime/libfaketimeMT.so.1'] as const;
const [library] = libraries;

const { status, stdout } = spawnSync('faketime', ['--version'], { encoding: 'utf8' });
const version = status === 0 ? /Version (\S+)/.exec(stdout)?.[1] : undefined;
const isMissing = version === undefined && process.env['CI'] !== 'true';
if (isMissing) console.warn('Skipped: there is no faketime command here (apt-get install faketime)');
const describeLive = isMissing ? describe.skip : describe;

// Node aborts where the monotonic clock goes back, as it does when a setting ends or another one begins.
const monotonic = { FAKETIME_DONT_FAKE_MONOTONIC: '1' } as const;

const server = createServer();
let origin: string;
let folder: string;

beforeAll(async () => {
  ({ origin } = await server.start());
  folder = mkdtempSync(join(tmpdir(), 'libfaketime-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

interface Report {
  readonly outcome: string;
  readonly isSystemClock: boolean;
  readonly now: number;
}

/** Runs the child behind `prefix` (a wrapper, or nothing), lets `use` talk to it, and waits for its end. */
async function withChild(
  environment: Readonly<Record<string, string>>,
  prefix: readonly string[],
  use: (ask: (clock: 'libfaketime' | 'system' | 'default' | 'none') => Promise<Report>) => Promise<void>,
): Promise<void> {
  const [command, ...args] = [...prefix, process.execPath, join(__dirname, 'signing-child.mjs')];
  const env = { PATH: process.env['PATH'], HOME: folder, ORIGIN: origin, ...environment };
  // There, Node finds the package by its own name for --import too.
  const child = spawn(command, args, { env, cwd: join(__dirname, '../..'), stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  try {
    await use(async (clock) => {
      child.stdin.write(`${clock}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error('The child has ended');
      return JSON.parse(line.value) as Report;
    });
  } finally {
    child.stdin.end();
    await ended;
  }
}

async function expectOutcomes(environment: Readonly<Record<string, string>>, prefix: readonly string[] = []) {
  await withChild(environment, prefix, async (ask) => {
    expect((await ask('system')).outcome).toBe('RequestTimeTooSkewed');
    expect(await ask('libfaketime')).toMatchObject({ outcome: 'accepted', isSystemClock: false });
    expect((await ask('libfaketime')).outcome).toBe('accepted');
    expect((await ask('system')).outcome).toBe('RequestTimeTooSkewed');
  });
}

const settings = [
  '+3d',
  '-1,5h',
  '-1.5h',
  '+1y',
  '@2020-01-01 00:00:00',
  '2020-01-01 00:00:00',
  '+1y x5',
  '+1d x0.1',
  '+1d i2.0',
] as const;

describeLive('under libfaketime', () => {
  it('is installed', () => {
    expect(version).toBeDefined();
  });

  it.each(libraries.flatMap((preload) => settings.map((setting) => [setting, preload] as const)))(
    'is accepted under %s of %s',
    async (FAKETIME, LD_PRELOAD) => {
      await expectOutcomes({ FAKETIME, LD_PRELOAD });
    },
  );

  const commands: readonly (readonly string[])[] = [
    ['3 days'],
    ['90 minutes ago'],
    ['2020-01-01 00:00:00'],
    ...settings.map((setting) => ['-f', setting]),
    ['-m', '-f', '+3d'],
    ['-m', '-f', '+1y x5'],
    ['-m', '-f', '@2020-01-01 00:00:00'],
  ];
  it.each(commands.map((options) => [options.join(' '), options] as const))(
    'is accepted under faketime %s',
    async (_, options) => {
      await expectOutcomes({}, ['faketime', ...options]);
    },
  );

  it('is accepted under the time of a file', async () => {
    const followed = join(folder, 'followed');
    writeFileSync(followed, '');
    utimesSync(followed, 0, Date.parse('2020-01-01T00:00:00Z') / 1000);
    await expectOutcomes({ FAKETIME: '%', FAKETIME_FOLLOW_FILE: followed, LD_PRELOAD: library });
  });

  it('is accepted under an absolute time in a format of its own', async () => {
    await expectOutcomes({ FAKETIME: '1577836800', FAKETIME_FMT: '%s', LD_PRELOAD: library });
  });

  it('is accepted under ~/.faketimerc, and FAKETIME goes before it', async () => {
    writeFileSync(join(folder, '.faketimerc'), '# a comment\n+3d\n');
    try {
      await expectOutcomes({ LD_PRELOAD: library });
      await expectOutcomes({ LD_PRELOAD: library, FAKETIME: '-2d' });
    } finally {
      rmSync(join(folder, '.faketimerc'));
    }
  });

  it.each<[string, Record<string, string>]>([
    ['by default', {}],
    ['with FAKETIME_CACHE_DURATION=1', { FAKETIME_CACHE_DURATION: '1' }],
    ['with FAKETIME_NO_CACHE=1', { FAKETIME_NO_CACHE: '1' }],
  ])('is accepted before and after libfaketime, %s, reads a changed file', async (_, caching) => {
    const file = join(folder, 'timestamp');
    writeFileSync(file, '+3d\n');
    await withChild(
      { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, ...monotonic, ...caching },
      [],
      async (ask) => {
        expect((await ask('system')).outcome).toBe('RequestTimeTooSkewed');
        for (const [setting, days] of [
          ['-2d\n', -2],
          ['; comment\n+10d x3\n', 10],
          ['2020-01-01 00:00:00\n', undefined],
        ] as const) {
          writeFileSync(file, setting);
          const isInForce = ({ now }: Report): boolean =>
            days === undefined ? now === new Date(2020, 0, 1).getTime() : Math.round((now - Date.now()) / DAY) === days;
          let report = await ask('libfaketime');
          expect(report.outcome).toBe('accepted');
          for (let tries = 0; !isInForce(report); tries += 1) {
            if (tries === 60) throw new Error('libfaketime did not read the changed file');
            await sleep(500);
            report = await ask('libfaketime');
            expect(report.outcome).toBe('accepted');
          }
          expect((await ask('libfaketime')).outcome).toBe('accepted');
        }
      },
    );
  });

  it.each([
    { FAKETIME_START_AFTER_SECONDS: '2' },
    { FAKETIME_STOP_AFTER_SECONDS: '2' },
    { FAKETIME_SKIP_CMDS: 'node' },
    { FAKETIME_ONLY_CMDS: 'date,cal' },
  ])('is accepted whether or not libfaketime fakes under %j', async (limit) => {
    await withChild({ LD_PRELOAD: library, FAKETIME: '+3d', ...monotonic, ...limit }, [], async (ask) => {
      expect((await ask('libfaketime')).outcome).toBe('accepted');
      await sleep(3000);
      expect(await ask('libfaketime')).toMatchObject({ outcome: 'accepted', isSystemClock: false });
    });
  });

  it('has the system clock where it is not preloaded', async () => {
    await withChild({ FAKETIME: '+3d' }, [], async (ask) => {
      expect(await ask('libfaketime')).toMatchObject({ outcome: 'accepted', isSystemClock: true });
    });
  });

  describe('with axios-aws4auth/libfaketime, which makes it the default clock,', () => {
    // The client is of the ES module; what is required is the CommonJS one, another copy.
    const patches: readonly (readonly [string, Record<string, string>])[] = [
      ['by import', { PATCH: 'import' }],
      ['by require', { PATCH: 'require' }],
      ['by --import', { NODE_OPTIONS: '--import axios-aws4auth/libfaketime' }],
      ['by --require', { NODE_OPTIONS: '--require axios-aws4auth/libfaketime' }],
    ];
    it.each(patches.flatMap(([how, patch]) => settings.map((setting) => [how, setting, patch] as const)))(
      'loaded %s, is accepted under %s',
      async (_, FAKETIME, patch) => {
        await withChild({ FAKETIME, LD_PRELOAD: library, ...patch }, [], async (ask) => {
          expect((await ask('default')).outcome).toBe('accepted');
          expect((await ask('system')).outcome).toBe('RequestTimeTooSkewed');
          expect((await ask('default')).outcome).toBe('accepted');
        });
      },
    );

    it('is refused without it', async () => {
      await withChild({ FAKETIME: '+3d', LD_PRELOAD: library }, [], async (ask) => {
        expect((await ask('default')).outcome).toBe('RequestTimeTooSkewed');
      });
    });

    it.each(patches)('loaded %s without libfaketime, changes nothing', async (_, patch) => {
      await withChild(patch, [], async (ask) => {
        expect(await ask('default')).toMatchObject({ outcome: 'accepted', isSystemClock: true });
      });
    });
  });

  it('is recorded', () => {
    const failed = server.verifications.flatMap(({ verdict }) => (verdict.ok ? [] : [verdict.code]));
    expect(new Set(failed)).toStrictEqual(new Set(['RequestTimeTooSkewed']));
    const shown =
      'offset, absolute, @, x, i and % settings, changed files, LD_PRELOAD, MT and the faketime command; the clock by ' +
      'option, and as the default by import, require and --import';
    recordCompatibility({ section: 'neighbours', name: 'libfaketime', version: String(version), shown });
  });
});

// As lxcfs does in a container: the file over /proc/uptime counts from another start than btime.
const containerized = (): readonly string[] => {
  const uptime = join(folder, 'uptime');
  writeFileSync(uptime, '41.00 41.00\n');
  return ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /proc/uptime && LD_PRELOAD=$PRELOAD exec "$@"', uptime];
};
const mayMount = spawnSync('unshare', ['--mount', 'mount', '--bind', '/proc/stat', '/proc/uptime']).status === 0;
if (!mayMount) console.warn('Skipped: to mount over /proc/uptime, as lxcfs does, takes root');

(isMissing || !mayMount ? describe.skip : describe)(
  'under libfaketime in a container with an uptime of its own',
  () => {
    it.each(['+3d', '-1.5h'])('is accepted under %s', async (FAKETIME) => {
      await expectOutcomes({ FAKETIME, PRELOAD: library }, containerized());
    });

    it.each(['@2020-01-01 00:00:00', '+1y x5', '-1,5h'])('fails under %s, and says so', async (FAKETIME) => {
      await withChild({ FAKETIME, PRELOAD: library }, containerized(), async (ask) => {
        expect((await ask('libfaketime')).outcome).toContain(`ERR_CLOCK: libfaketimeClock: FAKETIME="${FAKETIME}"`);
      });
    });
  },
);
