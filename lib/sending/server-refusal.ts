/** What a service says of why it refused a request: its code, in XML, JSON or a header, and the time that it has. */
import type { AxiosResponse } from 'axios';
import { isObject } from '../platform/object-kinds.js';
import { isS3Kin } from '../sigv4/service-rules.js';
import { readAnswerDate, readHeader, readServerDate, isFromCache } from './answer-date.js';
import { MAX_BYTES, peekText } from './peeked-text.js';
import { isStream } from '../request/stream.js';

/** What of an answer says it. */
type Answer = Pick<AxiosResponse<unknown>, 'status' | 'headers' | 'data'>;

/** What a refusal says. */
export interface Refusal {
  readonly status: number;
  /** AWS's name of the error, e.g. `ExpiredToken`; `undefined` where the answer has none, or is not AWS's. */
  readonly code: string | undefined;
  /** AWS's words; empty where the answer has none, or is not AWS's. */
  readonly message: string;
  /** The server's time, in ms since the epoch, where the answer tells it. */
  readonly serverMs: number | undefined;
}

/** A refusal, with what it was read of. */
export interface ReadRefusal extends Refusal {
  /** The beginning of the body as text, or the object that axios made of it. */
  readonly data: unknown;
  /** Whether it is known for AWS's own; behind some services stand applications, whose answers may look like it. */
  readonly isOfAws: boolean;
}

/**
 * Reads why a service refused a request. An answer that is a stream still gives all of its bytes.
 *
 * @param service the signing name, by which it is known how AWS's own answers look
 */
export async function readRefusal(response: Answer, service: string): Promise<ReadRefusal> {
  const named = toShortCode(readHeader(response, 'x-amzn-errortype'));
  const isOfAws = named !== undefined || !SERVICES_OF_APPLICATIONS.has(service);
  const data = isOfAws || !isStream(response.data) || isShortDocument(response) ? await peekText(response) : undefined;
  const { code, message = '', serverTime } = isOfAws ? readError(data, named, service) : NOTHING;
  const told = readServerDate(serverTime) ?? readServerDate(QUOTED_TIME.exec(message)?.[1]);
  return {
    status: response.status,
    code,
    message,
    serverMs: isFromCache(response) ? undefined : (readAnswerDate(response) ?? told),
    data,
    isOfAws,
  };
}

/** Whether a stream of an application is of a kind that a gateway in front of it may have written, and comes at once. */
function isShortDocument(response: Answer): boolean {
  const length = Number(readHeader(response, 'content-length') ?? NaN);
  return length <= MAX_BYTES && /\b(?:json|xml)\b/i.test(readHeader(response, 'content-type') ?? '');
}

/** As in `Signature not yet current: ... is still later than ... (20150830T123600Z + 5 min.)`: the server's time. */
const QUOTED_TIME = /\((\d{8}T\d{6}Z) [+-] \d/;

interface ErrorFields {
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly serverTime: string | undefined;
}

const NOTHING: ErrorFields = { code: undefined, message: undefined, serverTime: undefined };

/** Behind these stand applications, whose answers may look like anything: AWS's own bear `x-amzn-errortype`. */
const SERVICES_OF_APPLICATIONS: ReadonlySet<string> = new Set(['execute-api', 'lambda', 'vpc-lattice-svcs']);

/** The error in AWS's own words. What an application says, such as a bare 401 of its own login, is nothing to us. */
function readError(data: unknown, named: string | undefined, service: string): ErrorFields {
  if (isS3Kin(service)) return typeof data === 'string' ? readXml(data) : NOTHING;
  const fields = typeof data === 'string' ? readText(data) : readObject(data);
  return named === undefined ? fields : { ...fields, code: named };
}

function readText(text: string): ErrorFields {
  if (text.trimStart().startsWith('<')) return readXml(text);
  try {
    return readObject(JSON.parse(text));
  } catch {
    return NOTHING;
  }
}

/** `Error` is the root in S3 and REST services; in the query protocols it stands in `ErrorResponse` or `Response`. */
function readXml(text: string): ErrorFields {
  const start = /<Error(?:\s[^<>]*)?>/.exec(text);
  if (start === null) return NOTHING;
  const [error = ''] = text.slice(start.index).split('</Error>', 1);
  return {
    code: toShortCode(/<Code>([^<]*)</.exec(error)?.[1]),
    message: /<Message>([^<]*)</.exec(error)?.[1],
    serverTime: /<ServerTime>([^<]*)</.exec(error)?.[1],
  };
}

/** AWS's JSON protocols name the error in `__type` or `code`, the query protocols' JSON in `Error`. */
function readObject(data: unknown): ErrorFields {
  const error = readMember(data, 'Error') ?? data;
  return {
    code: toShortCode(readMember(error, '__type') ?? readMember(error, 'code') ?? readMember(error, 'Code')),
    message: toText(readMember(error, 'message') ?? readMember(error, 'Message')),
    serverTime: undefined,
  };
}

/** One of its own. An answer may be of any size: it is not copied. */
function readMember(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** `ExpiredTokenException` of `com.amazon.coral.service#ExpiredTokenException:http://internal.amazon.com/coral/`. */
export function toShortCode(code: unknown): string | undefined {
  return /^(?:[^#:]*#)?([^#:\s]+)/.exec(toText(code)?.trim() ?? '')?.[1];
}

/** No more of a text than is read of a body. */
function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MAX_BYTES) : undefined;
}
