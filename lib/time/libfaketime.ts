/** The clock that undoes libfaketime (https://github.com/wolfcw/libfaketime), after its own src/libfaketime.c. */
import { systemClock, type Clock } from './clock.js';
import { Aws4AuthError } from '../errors.js';
import type { Platform } from '../platform/platform.js';
import { platform } from '#platform';

/**
 * A clock that tells the real time where libfaketime is preloaded (`LD_PRELOAD`, `DYLD_INSERT_LIBRARIES`, the `faketime`
 * command), and the system's clock itself where it is not.
 *
 * On Linux the kernel tells the time in /proc, where libfaketime has no hand in it, to about a second; where a plain
 * offset explains the difference (`+3d`, `-1.5h`), that is taken off, and the time is exact. Without that (macOS,
 * containers whose /proc shows an uptime of their own) only a plain offset can be undone. Only there does it matter that
 * libfaketime picks up a changed file late, by `FAKETIME_CACHE_DURATION`: until then the offset is the one of the two
 * that continues the time told before.
 *
 * `import 'axios-aws4auth/libfaketime'` makes it the default clock of all interceptors in the process.
 *
 * @returns a clock that throws Aws4AuthError `ERR_CLOCK`, which names the setting, where the time cannot be told
 *
 * @example
 * aws4Interceptor({ region: 'eu-west-1', service: 's3', clock: libfaketimeClock() });
 */
export function libfaketimeClock(): Clock {
  return createLibfaketimeClock(platform);
}

/** What of the platform says whether and how time is faked. */
export type FaketimeHost = Pick<Platform, 'environment' | 'readTextFile'>;

/** As much of a setting as libfaketime reads (its BUFFERLEN), and where it stands. */
interface Setting {
  readonly source: string;
  readonly text: string;
}

const MAX_SETTING = 255;
/** What the kernel's clock, a second coarse, and a right offset may be apart, in milliseconds. */
const DATE_TOLERANCE_MS = 2000;
/** What Date can hold. */
const MAX_OFFSET_MS = 8.64e15;

export function createLibfaketimeClock(host: FaketimeHost): Clock {
  if (!isPreloaded(host)) return systemClock;
  return isKernelClockGenuine(host) ? createKernelClock(host) : createOffsetClock(host);
}

/** What is mapped is what was loaded: the environment may have changed since, and does not show /etc/ld.so.preload. */
function isPreloaded({ readTextFile, environment }: FaketimeHost): boolean {
  const { LD_PRELOAD = '', DYLD_INSERT_LIBRARIES = '' } = environment();
  return (readTextFile('/proc/self/maps') ?? LD_PRELOAD + DYLD_INSERT_LIBRARIES).includes('libfaketime');
}

/**
 * Whether /proc/stat and /proc/uptime are the kernel's and speak of the same boot. lxcfs and its like mount files over
 * them, of which uptime counts from the container's start and btime stays the host's; in a time namespace, kernels
 * before 5.11 shift but one of the two.
 */
function isKernelClockGenuine(host: FaketimeHost): boolean {
  const mounts = host.readTextFile('/proc/self/mountinfo');
  if (mounts === undefined || / \/proc\/(?:stat|uptime) /.test(mounts)) return false;
  if (/^boottime\s.*[1-9]/m.test(host.readTextFile('/proc/self/timens_offsets') ?? '')) return false;
  return readKernelClock(host) !== undefined;
}

function readKernelClock({ readTextFile }: FaketimeHost): number | undefined {
  const bootSeconds = /^btime (\d+)$/m.exec(readTextFile('/proc/stat') ?? '')?.[1];
  const uptimeSeconds = /^\d+(?:\.\d+)?/.exec(readTextFile('/proc/uptime') ?? '')?.[0];
  if (bootSeconds === undefined || uptimeSeconds === undefined) return undefined;
  // btime is cut to the second: half of one makes up for that on the average.
  return Math.round((Number(bootSeconds) + 0.5 + Number(uptimeSeconds)) * 1000);
}

/**
 * The kernel's clock decides, so that it does not matter whether a limit holds, a file was read again by now, or a
 * version of libfaketime reads a setting otherwise; an offset, or that time is not faked at all, only makes it exact.
 */
function createKernelClock(host: FaketimeHost): Clock {
  const readSetting = createSettingReader(host);
  return () => {
    const kernelNow = readKernelClock(host);
    const setting = readSetting();
    if (kernelNow === undefined) throw createClockError(setting);
    const offsets = parseOffsets(setting.text);
    if (offsets.length === 0) return kernelNow;
    const now = Date.now();
    const exact = [...offsets, 0].map((offset) => Math.round(now - offset));
    return exact.find((time) => Math.abs(time - kernelNow) <= DATE_TOLERANCE_MS) ?? kernelNow;
  };
}

/** Settings by which libfaketime fakes at some moments, in some programs or from a recording: it cannot be told when. */
const LIMITS = [
  'FAKETIME_START_AFTER_SECONDS',
  'FAKETIME_STOP_AFTER_SECONDS',
  'FAKETIME_START_AFTER_NUMCALLS',
  'FAKETIME_STOP_AFTER_NUMCALLS',
  'FAKETIME_ONLY_CMDS',
  'FAKETIME_SKIP_CMDS',
  'FAKETIME_LOAD_FILE',
] as const;

/** The clock where there is no other to compare with. */
function createOffsetClock(host: FaketimeHost): Clock {
  const environment = host.environment();
  const limit = LIMITS.find((name) => environment[name] !== undefined);
  const readSetting = createSettingReader(host);
  const tellTime = createOffsetFollower(parseCacheMs(environment));
  let unending: Setting | undefined;
  return () => {
    if (limit !== undefined) throw createClockError({ source: limit, text: environment[limit] ?? '' });
    const setting = readSetting();
    // libfaketime keeps a rate or a step after the setting that brought it is gone.
    if (/[xi]/.test(setting.text)) unending ??= setting;
    const [offset, ...others] = parseOffsets(setting.text);
    if (unending !== undefined || offset === undefined || others.length > 0) {
      throw createClockError(unending ?? setting);
    }
    return tellTime(offset);
  };
}

/**
 * Takes off the offset, or for up to `cacheMs` after a change the one before, which libfaketime may still go by: the
 * one that leads on from the time that was told last.
 */
function createOffsetFollower(cacheMs: number): (offset: number) => number {
  let last: { readonly offset: number; readonly time: number } | undefined;
  let before: { readonly offset: number; readonly until: number } | undefined;
  return (offset) => {
    const now = Date.now();
    let time = Math.round(now - offset);
    if (last !== undefined) {
      const isChange = last.offset !== offset && cacheMs > 0;
      if (isChange) before = { offset: last.offset, until: Infinity };
      const earlier = Math.round(now - (before?.offset ?? offset));
      const leadsOn = Math.abs(earlier - last.time) < Math.abs(time - last.time);
      if (before !== undefined && leadsOn && earlier <= before.until) time = earlier;
      if (before !== undefined && isChange) before = { offset: before.offset, until: time + cacheMs };
    }
    last = { offset, time };
    return time;
  };
}

/** How long libfaketime may go by what it read; it compares whole seconds, so that one more may pass. */
function parseCacheMs(environment: ReturnType<FaketimeHost['environment']>): number {
  if (environment['FAKETIME_NO_CACHE'] === '1') return 0;
  const seconds = Number.parseInt(environment['FAKETIME_CACHE_DURATION'] ?? '10', 10) || 0;
  return (seconds + 1) * 1000;
}

/**
 * Reads the setting where libfaketime does: FAKETIME, else the first file that there is. Which of the two it is, it
 * decides when it is loaded; the variable itself it reads again later, and sees what the program made of it.
 */
function createSettingReader({ environment, readTextFile }: FaketimeHost): () => Setting {
  const isInEnvironment = environment()['FAKETIME'] !== undefined;
  let inFile = '';
  return () => {
    const { FAKETIME = '+0', FAKETIME_TIMESTAMP_FILE, HOME } = environment();
    const home = HOME === undefined ? undefined : `${HOME}/.faketimerc`;
    for (const path of isInEnvironment ? [] : [FAKETIME_TIMESTAMP_FILE, home, '/etc/faketimerc']) {
      const text = path === undefined ? undefined : readTextFile(path);
      if (path === undefined || text === undefined) continue;
      // Where no line of the file is a setting, libfaketime goes on with the one that it had.
      inFile = parseSettingsFile(text) ?? inFile;
      return { source: path, text: inFile };
    }
    return { source: 'FAKETIME', text: FAKETIME.slice(0, MAX_SETTING) };
  };
}

/**
 * The line of a settings file that counts: the first that is not empty, and does not begin with a space, `#` or `;`.
 * A line of more than 255 characters is many, as fgets reads it.
 */
export function parseSettingsFile(text: string): string | undefined {
  for (const [line] of text.matchAll(/[^\n]{0,254}\n|[^\n]{1,255}/g)) {
    if (line.length > 1 && !/^[ #;]/.test(line)) return line.replace(/[\r\n]+$/, '');
  }
  return undefined;
}

const SECONDS_OF_UNIT = [
  ['m', 60],
  ['h', 60 * 60],
  ['d', 24 * 60 * 60],
  ['y', 365 * 24 * 60 * 60],
] as const;

/**
 * How far a setting moves the time, in milliseconds; nothing for one that does more than to move it. With a comma it is
 * a matter of libfaketime's locale, which is mostly C in Node, whether the digits after it count: the offset is one of
 * two.
 */
export function parseOffsets(setting: string): readonly number[] {
  if (setting === '') return [0];
  const number = /^[+-](?:\d+[.,]?\d*|[.,]\d+)?(?:e[+-]?\d+)?/i.exec(setting)?.[0];
  // `x` and `i` are a rate and a step wherever they stand; C's atof also takes hexadecimals, INF and NAN.
  if (number === undefined || /[xi]|^.(?:0x|inf|nan)/i.test(setting)) return [];
  // As libfaketime does, which looks for one letter after the other anywhere in the text.
  const [, unit = 1] = SECONDS_OF_UNIT.find(([letter]) => setting.includes(letter)) ?? [];
  const readings = number.includes(',') ? [number.replace(',', '.'), number.replace(/,.*/, '')] : [number];
  const offsets = readings.map((reading) => (Number.parseFloat(reading) || 0) * unit * 1000);
  return offsets.every((offset) => Math.abs(offset) <= MAX_OFFSET_MS) ? offsets : [];
}

function createClockError({ source, text }: Setting): Aws4AuthError {
  return new Aws4AuthError(
    `libfaketimeClock: ${source}=${JSON.stringify(text.slice(0, 60))} cannot be undone, since /proc does not tell the ` +
      "kernel's own time here; only a plain offset can be, such as +3d or -1.5h",
    'ERR_CLOCK',
  );
}
