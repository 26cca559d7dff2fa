/** The date format of SigV4: ISO 8601 basic, in UTC, to the second. */
import { Aws4AuthError } from '../errors.js';

/** The moments that the format can hold, in ms since the epoch: 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z. */
export const FIRST_MOMENT = -62_167_219_200_000;
export const LAST_MOMENT = 253_402_300_799_999;

/**
 * A moment as `X-Amz-Date` has it: `YYYYMMDD'T'HHMMSS'Z'`; its first eight characters are the scope's date.
 *
 * @param ms milliseconds since the epoch
 * @throws Aws4AuthError `ERR_INVALID_OPTION` where that is no moment of a four-digit year
 */
export function formatAmzDate(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second === lastSecond) return lastText;
  if (!(ms >= FIRST_MOMENT && ms <= LAST_MOMENT)) {
    throw new Aws4AuthError(`date: ${String(ms)} ms is no moment in the years 0 to 9999`, 'ERR_INVALID_OPTION');
  }
  lastText = new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
  lastSecond = second;
  return lastText;
}

// Many requests are of one second: what was written for the last one is kept.
let lastSecond: number | undefined;
let lastText = '';
