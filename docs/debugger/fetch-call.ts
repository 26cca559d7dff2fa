/** A call of `fetch`, as browsers copy a request from their network log. */
import type { HarRequest } from './har-entry.js';
import { readPrintedMembers, readPrintedStrings } from './printed-values.js';

/** What of the call is no header (Fetch Standard, section 5.4, `RequestInit`). */
const INIT_NAMES: ReadonlySet<string> = new Set([
  ...[
    'method',
    'body',
    'mode',
    'cache',
    'credentials',
    'redirect',
    'referrer',
    'referrerPolicy',
    'integrity',
    'priority',
  ],
]);

/** Reads a call; `undefined` for what is none. */
export function parseFetchCall(text: string): HarRequest | undefined {
  if (!/^\s*(?:await\s+)?fetch\(/.test(text)) return undefined;
  const [url = ''] = readPrintedStrings(text);
  if (!/^https?:\/\//i.test(url)) return undefined;
  const members = readPrintedMembers(text);
  const read = (name: string): string | undefined => members.find(([each]) => each === name)?.[1];
  return {
    method: read('method') ?? 'GET',
    url,
    headers: members.filter(([name]) => !INIT_NAMES.has(name)),
    body: read('body') ?? '',
  };
}
