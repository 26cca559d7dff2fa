/** When an answer was made, by its headers (RFC 9110, section 6.6.1), unless a cache on the way gave it (RFC 9111). */
import type { AxiosResponse } from 'axios';
import { DATE_TOLERANCE_MS } from '../time/clock.js';
import { readDate } from '../time/request-date.js';

/** The headers of an answer. A custom adapter may give none. */
type Answer = Partial<Pick<AxiosResponse<unknown>, 'headers'>>;

/**
 * The server's time by the `Date` of an answer; `undefined` without one, where a cache on the way answered, or where two
 * dates contradict each other.
 */
export function readAnswerDate(response: Answer): number | undefined {
  if (isFromCache(response)) return undefined;
  // A proxy that adds its own leaves two, which are joined by a comma, as the one after a weekday is.
  const dates = readHeader(response, 'date')?.split(/,\s*(?=[a-z])/i, MOST_DATES) ?? [];
  const read = dates.map(readServerDate);
  const known = read.filter((ms) => ms !== undefined);
  // Of two clocks that contradict each other nobody knows which is right.
  if (known.length < read.length || Math.max(...known) - Math.min(...known) > DATE_TOLERANCE_MS) return undefined;
  return known[0];
}

/** More than any number of proxies leaves. */
const MOST_DATES = 8;

/** Whether a cache gave an answer that was made for an earlier request: nothing in it tells the time of this one. */
export function isFromCache(response: Answer): boolean {
  if (Number(readHeader(response, 'age') ?? '0') !== 0) return true;
  // RFC 9211: `ExampleCache; hit; ttl=376`, where `hit=?0` is none.
  if (/;\s*hit\s*(?:$|[;,]|=\s*\?1)/i.test(readHeader(response, 'cache-status') ?? '')) return true;
  return ['x-cache', 'x-cache-status', 'cf-cache-status'].some((name) =>
    FROM_CACHE.test(readHeader(response, name) ?? ''),
  );
}

/** The words of CloudFront (`RefreshHit from cloudfront`), Squid (`TCP_MEM_HIT`), Fastly, nginx and Cloudflare. */
const FROM_CACHE = /hit|stale|updating|revalidated/i;

/** SigV4 came in 2012: no server's clock tells a date before that, or after the year 2999. */
const FIRST_SERVER_DATE = Date.UTC(2012, 0);
const LAST_SERVER_DATE = Date.UTC(3000, 0);

export function readServerDate(text: string | undefined): number | undefined {
  const ms = readDate(text);
  return ms !== undefined && ms >= FIRST_SERVER_DATE && ms < LAST_SERVER_DATE ? ms : undefined;
}

/** A header's text. A custom adapter may give plain objects, and a list for a header that came twice. */
export function readHeader({ headers = {} }: Answer, name: string): string | undefined {
  const value: unknown = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts.every(isText) ? texts.join(', ') : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
