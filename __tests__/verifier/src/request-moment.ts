/**
 * The moment of a request, from X-Amz-Date or Date: "Elements of an AWS API request signature" (IAM User Guide), ISO
 * 8601 basic format, and RFC 9110 section 5.6.7 (IMF-fixdate).
 */

const DAY_NAMES: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTH_NAMES: readonly string[] = [
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
];

const twoDigits = (number: number): string => String(number).padStart(2, '0');

const formatTime = (date: Date, separator: string): string =>
  [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(separator);

/** `YYYYMMDD'T'HHMMSS'Z'`, the only form of the timestamp in a string to sign. */
export const formatAmzDate = (date: Date): string => {
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `${year}${twoDigits(date.getUTCMonth() + 1)}${twoDigits(date.getUTCDate())}T${formatTime(date, '')}Z`;
};

/** RFC 9110, 5.6.7: `Fri, 24 May 2013 00:00:00 GMT`. */
export const formatHttpDate = (date: Date): string => {
  const day = `${DAY_NAMES[date.getUTCDay()] ?? ''}, ${twoDigits(date.getUTCDate())}`;
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `${day} ${MONTH_NAMES[date.getUTCMonth()] ?? ''} ${year} ${formatTime(date, ':')} GMT`;
};

/** The date that formats back to exactly the text: that refuses 30 February, hour 24 and the wrong weekday alike. */
const readExactly = (text: string, isoText: string, format: (date: Date) => string): Date | undefined => {
  const date = new Date(isoText);
  return !Number.isNaN(date.getTime()) && format(date) === text ? date : undefined;
};

/** "The timestamp must be in UTC and in the following ISO 8601 format: YYYYMMDD'T'HHMMSS'Z'", and no other. */
export const parseAmzDate = (text: string): Date | undefined => {
  const isoText = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return readExactly(text, isoText, formatAmzDate);
};

const parseFixdate = (text: string): Date | undefined => {
  const [, day = '', month = '', year = '', time = ''] =
    /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/.exec(text) ?? [];
  const monthNumber = twoDigits(MONTH_NAMES.indexOf(month) + 1);
  return readExactly(text, `${year}-${monthNumber}-${day}T${time}Z`, formatHttpDate);
};

/**
 * RFC 9110, 5.6.7: IMF-fixdate, and the two obsolete forms that a recipient "MUST accept". The two-digit years of RFC
 * 850 are taken for 2000 to 2099, which all tests are in.
 */
export const parseHttpDate = (text: string): Date | undefined =>
  parseFixdate(
    text
      .replace(/^([A-Z][a-z]{2})[a-z]*day, (\d\d)-([A-Z][a-z]{2})-(\d\d) (\S+) GMT$/, '$1, $2 $3 20$4 $5 GMT')
      .replace(/^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) ( \d|\d\d) (\S+) (\d{4})$/, (_, weekday, month, day, time, year) =>
        [`${String(weekday)},`, String(day).replace(' ', '0'), month, year, time, 'GMT'].join(' '),
      ),
  );
