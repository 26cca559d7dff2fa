/** The dates that a request's X-Amz-Date and Date headers may bear, in every format that is or was in use for them. */
import { DateFormatError } from '../errors.js';
import { FIRST_MOMENT, LAST_MOMENT } from '../sigv4/amz-date.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Hours from UTC. RFC 5322, section 4.3, names all but UTC and BST. BST, which requests-aws4auth takes, is the summer time
 * of Europe/London, the one zone of the IANA database that has used the name since 1983. Other names mean several zones.
 */
const ZONES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ z: 0, ut: 0, utc: 0, gmt: 0, bst: 1 },
    ...{ est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 },
  }),
);

// Not every engine takes names in patterns that are made of text (Hermes, in older React Natives).
const FIELD = /\(\?<(\w+)>/g;
const GAP = ' {1,2}';
const WEEKDAY = '(?:(?:mon|tue|wed|thu|fri|sat|sun)|(?:mon|tues|wednes|thurs|fri|satur|sun)day)';
const DAY = '(?<day>\\d{1,2})';
const MONTH = `(?<monthName>${MONTHS.join('|')})`;
const YEAR = '(?<year>\\d{4})';
const FRACTION = '(?<fraction>[.,]\\d+)?';
const TIME = `(?<hour>\\d\\d):(?<minute>\\d\\d)(?::(?<second>\\d\\d)${FRACTION})?`;
const OFFSET = '(?<sign>[+-])(?<offsetHours>\\d\\d):?(?<offsetMinutes>\\d\\d)?';
const ZONE = `(?:(?<zone>${[...ZONES.keys()].join('|')})|${OFFSET})`;
const OPTIONAL_ZONE = `(?: {0,2}${ZONE})?`;

/**
 * The formats, each with where it is defined. Weekday, time and zone may be left out, but not the weekday of RFC 850,
 * without which `30-Aug-15` may be of 2030, nor the zone of SigV4, whose format has but one spelling.
 */
const FORMATS: readonly Format[] = [
  // SigV4: 20150830T123600Z; and ISO 8601's basic format with a fraction or another offset.
  `${YEAR}(?<month>\\d\\d)(?<day>\\d\\d)t(?<hour>\\d\\d)(?<minute>\\d\\d)(?<second>\\d\\d)${FRACTION}${ZONE}`,
  // ISO 8601's extended format and RFC 3339: 2015-08-30T14:36:00.5+02:00, 2015-08-30
  `${YEAR}-(?<month>\\d\\d)-(?<day>\\d\\d)(?:(?:t|${GAP})${TIME}${OPTIONAL_ZONE})?`,
  // RFC 9110 (once RFC 7231 and RFC 1123) and RFC 5322: Sun, 30 Aug 2015 12:36:00 GMT
  `(?:${WEEKDAY},${GAP})?${DAY}${GAP}${MONTH}${GAP}${YEAR}(?:${GAP}${TIME}${OPTIONAL_ZONE})?`,
  // RFC 850: Sunday, 30-Aug-15 12:36:00 GMT
  `${WEEKDAY},${GAP}${DAY}-${MONTH}-(?<shortYear>\\d\\d)(?:${GAP}${TIME}${OPTIONAL_ZONE})?`,
  // ANSI C's asctime(): Sun Aug 30 12:36:00 2015; and of date(1), with a zone before the year
  `(?:${WEEKDAY}${GAP})?${MONTH}${GAP}${DAY}${GAP}(?:${TIME}${OPTIONAL_ZONE}${GAP})?${YEAR}`,
  // ECMAScript's Date.prototype.toString(), which axios makes a header of: Sun Aug 30 2015 14:36:00 GMT+0200 (CEST)
  `${WEEKDAY} ${MONTH} ${DAY} ${YEAR} ${TIME} gmt${OFFSET}`,
].map((format) => ({
  pattern: new RegExp(`^${format.replace(FIELD, '(')}$`, 'i'),
  names: Array.from(format.matchAll(FIELD), ([, name = '']) => name),
}));

/** A format, and what its groups are, one after the other. */
interface Format {
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

// No format is this long; what is longer is not matched against any.
const LONGEST_DATE = 64;
// RFC 5322, section 3.2.2; in a Date of JavaScript it has the name of the zone, in whatever language.
const COMMENT = / \([^()]{1,64}\)$/;

/**
 * Reads a date in any of the formats of HTTP's `Date` and AWS's `X-Amz-Date`: RFC 9110 (RFC 7231), RFC 5322, RFC 850,
 * C's `asctime()`, `YYYYMMDD'T'HHMMSS'Z'`, ISO 8601 or RFC 3339, and what JavaScript makes of a `Date`. They may end in an offset (`+0200`), `UTC` or a
 * zone that RFC 5322 names (`EST`); without one they are in UTC, and without a time they are midnight. The weekday may
 * be left out or be another day's: the date counts. RFC 850's two-digit years are read as RFC 9110, section 5.6.7 says:
 * a year that would be more than 50 years ahead is the last past one with these digits.
 *
 * @param text the value of a `Date` or `X-Amz-Date` header
 * @returns the moment; a `Date` counts in UTC
 * @throws DateFormatError for text in none of these formats, in a zone of another name, or of a day or time that there
 * is not, or that is not in the years 0 to 9999; also where the order of day, month and year, or the century, would
 * have to be guessed (`08/09/2015`, `30-Aug-15` without its weekday)
 *
 * @example
 * parseRequestDate('2015-08-30T14:36:00+02:00').toISOString(); // '2015-08-30T12:36:00.000Z'
 */
export function parseRequestDate(text: string): Date {
  const ms = readDate(text);
  if (ms !== undefined) return new Date(ms);
  const shown = typeof text === 'string' ? JSON.stringify(text.slice(0, LONGEST_DATE)) : typeof text;
  throw new DateFormatError(
    `${shown} is not a date in a known format, ` +
      'e.g. 20150830T123600Z, Sun, 30 Aug 2015 12:36:00 GMT, or 2015-08-30T14:36:00+02:00',
  );
}

/** As {@link parseRequestDate}, in ms since the epoch; `undefined` for what is no date. */
export function readDate(text: unknown): number | undefined {
  const trimmed = typeof text === 'string' ? text.trim().replace(COMMENT, '') : '';
  if (trimmed === '' || trimmed.length > LONGEST_DATE) return undefined;
  for (const { pattern, names } of FORMATS) {
    const match = pattern.exec(trimmed);
    const ms =
      match === null ? undefined : toMilliseconds(Object.fromEntries(names.map((name, i) => [name, match[i + 1]])));
    if (ms !== undefined && ms >= FIRST_MOMENT && ms <= LAST_MOMENT) return ms;
  }
  return undefined;
}

/**
 * What to do where a request bears dates and none of them can be read.
 *
 * @example
 * aws4Interceptor({ onInvalidDate: 'throw' });
 */
export type OnInvalidDate = 'replace' | 'throw';

/** The date headers of a request. */
export interface DateHeaders {
  readonly 'X-Amz-Date': unknown;
  readonly Date: unknown;
}

const DATE_HEADERS = ['X-Amz-Date', 'Date'] as const;

/**
 * The moment that a request's headers say: its X-Amz-Date's, else its Date's.
 *
 * @returns milliseconds since the epoch; `undefined` where there is no date, or none that can be read
 * @throws DateFormatError where no date can be read and `onInvalidDate` is `'throw'`
 */
export function readRequestDate(headers: DateHeaders, onInvalidDate: OnInvalidDate): number | undefined {
  for (const name of DATE_HEADERS) {
    const ms = readDate(headers[name]);
    if (ms !== undefined) return ms;
  }
  const [unreadable] = findUnreadableDates(headers);
  if (unreadable === undefined || onInvalidDate === 'replace') return undefined;
  throw new DateFormatError(`${unreadable}: the header's date is in no known format`);
}

/** The names of the date headers that a request bears and that cannot be read; a header that is `false` is not borne. */
export function findUnreadableDates(headers: DateHeaders): readonly (keyof DateHeaders)[] {
  return DATE_HEADERS.filter((name) => {
    const value = headers[name];
    return value !== undefined && value !== false && readDate(value) === undefined;
  });
}

type Fields = Readonly<Record<string, string | undefined>>;

function toMilliseconds(fields: Fields): number | undefined {
  const month = fields['monthName'] === undefined ? toNumber(fields['month']) : toMonth(fields['monthName']);
  const day = toNumber(fields['day']);
  const hour = toNumber(fields['hour']);
  const minute = toNumber(fields['minute']);
  const second = toNumber(fields['second']);
  // 60 is a leap second (RFC 9110, section 5.6.7); `Date` has none and takes it for the next minute's first.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const offset = toOffset(fields);
  if (offset === undefined) return undefined;

  const inYear = (year: number): number | undefined => {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
    return date.getTime() + (hour * 60 + minute) * 60_000 + second * 1000 + toFraction(fields['fraction']) - offset;
  };
  return fields['shortYear'] === undefined
    ? inYear(toNumber(fields['year']))
    : chooseCentury(toNumber(fields['shortYear']), inYear);
}

function chooseCentury(shortYear: number, inYear: (year: number) => number | undefined): number | undefined {
  const now = new Date();
  const horizon = new Date(now).setUTCFullYear(now.getUTCFullYear() + 50);
  const century = now.getUTCFullYear() - (now.getUTCFullYear() % 100);
  for (const year of [century + 100 + shortYear, century + shortYear, century - 100 + shortYear]) {
    const ms = inYear(year);
    if (ms !== undefined && ms <= horizon) return ms;
  }
  return undefined;
}

function toOffset(fields: Fields): number | undefined {
  const zone = fields['zone'];
  if (zone !== undefined) return (ZONES.get(zone.toLowerCase()) ?? NaN) * 3_600_000;
  if (fields['sign'] === undefined) return 0;
  const hours = toNumber(fields['offsetHours']);
  const minutes = toNumber(fields['offsetMinutes']);
  if (hours > 23 || minutes > 59) return undefined;
  return (fields['sign'] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function toMonth(name: string): number {
  return MONTHS.indexOf(name.toLowerCase()) + 1;
}

function toFraction(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(1, 4).padEnd(3, '0'));
}

/** A field that the format leaves out counts as zero. */
function toNumber(digits: string | undefined): number {
  return Number(digits ?? 0);
}
