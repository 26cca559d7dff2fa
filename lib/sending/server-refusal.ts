/** What a service says of why it refused a request: its code, in XML, JSON or a header, and the time that it has. */
import type { AxiosResponse } from 'axios';
import { readDate } from '../time/request-date.js';
import { peekText } from './peeked-text.js';

/** What a refusal says. */
export interface Refusal {
  readonly status: number;
  /** AWS's name of the error, e.g. `ExpiredToken`; `undefined` where the answer has none. */
  readonly code: string | undefined;
  readonly message: string;
  /** The server's time, in ms since the epoch, where the answer tells it. */
  readonly serverMs: number | undefined;
}

/** Whether a status is one under which services refuse a signature, its date or its token. */
export function isRefusal({ status }: AxiosResponse<unknown>): boolean {
  return status === 400 || status === 401 || status === 403;
}

/** Reads why a request was refused. An answer that is a stream still gives all of its bytes. */
export async function readRefusal(response: AxiosResponse<unknown>): Promise<Refusal> {
  const named = readHeader(response, 'x-amzn-errortype');
  const data = await peekText(response);
  const { code, message = '', serverTime } = typeof data === 'string' ? readText(data) : readObject(data);
  return {
    status: response.status,
    code: named === undefined ? code : toShortCode(named),
    message,
    serverMs: readAnswerDate(response) ?? readServerDate(serverTime) ?? readServerDate(QUOTED_TIME.exec(message)?.[1]),
  };
}

/** The server's time by the `Date` of an answer; `undefined` without one, or where a cache on the way answered. */
export function readAnswerDate(response: AxiosResponse<unknown>): number | undefined {
  const age = readHeader(response, 'age') ?? '0';
  if (Number(age) !== 0 || /\bhit\b/i.test(readHeader(response, 'x-cache') ?? '')) return undefined;
  return readServerDate(readHeader(response, 'date'));
}

/** SigV4 came in 2012: no server's clock tells a date before that, or after the year 2999. */
const FIRST_SERVER_DATE = Date.UTC(2012, 0);
const LAST_SERVER_DATE = Date.UTC(3000, 0);

function readServerDate(text: string | undefined): number | undefined {
  const ms = readDate(text);
  return ms !== undefined && ms >= FIRST_SERVER_DATE && ms < LAST_SERVER_DATE ? ms : undefined;
}

/** As in `Signature not yet current: ... is still later than ... (20150830T123600Z + 5 min.)`: the server's time. */
const QUOTED_TIME = /\((\d{8}T\d{6}Z) [+-] \d/;

interface ErrorFields {
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly serverTime: string | undefined;
}

function readText(text: string): ErrorFields {
  if (text.trimStart().startsWith('<')) {
    return {
      code: toShortCode(/<Code>([^<]*)</.exec(text)?.[1]),
      message: /<Message>([^<]*)</.exec(text)?.[1],
      serverTime: /<ServerTime>([^<]*)</.exec(text)?.[1],
    };
  }
  try {
    return readObject(JSON.parse(text));
  } catch {
    return readObject(undefined);
  }
}

/** AWS's JSON protocols name the error in `__type` or `code`, and its message in either case. */
function readObject(data: unknown): ErrorFields {
  const fields = toFields(data);
  const error = toFields(fields['Error'] ?? fields['error'] ?? fields);
  return {
    code: toShortCode(error['__type'] ?? error['code'] ?? error['Code']),
    message: toText(error['message'] ?? error['Message']),
    serverTime: undefined,
  };
}

/** `ExpiredTokenException` of `com.amazon.coral.service#ExpiredTokenException:http://internal.amazon.com/coral/`. */
function toShortCode(code: unknown): string | undefined {
  return /^(?:[^#:]*#)?([^#:\s]+)/.exec(toText(code)?.trim() ?? '')?.[1];
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function readHeader({ headers }: AxiosResponse<unknown>, name: string): string | undefined {
  // A custom adapter may give plain objects.
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return toText(entry?.[1]);
}
