/** The cause of a refusal, up to the last moment at which it is one. */
import { findCause, type Cause } from '../../lib/sending/refusal-cause.js';
import type { Refusal } from '../../lib/sending/server-refusal.js';
import { numbered } from '../stand-ins/test-server.js';

const SENT = Date.parse('2024-02-28T23:59:30Z');
const MINUTE = 60_000;
const TOLERANCE = 4 * MINUTE;

interface Case {
  readonly code?: string;
  readonly message?: string;
  readonly status?: number;
  /** In ms from the moment of sending; `null` where it is not known. */
  readonly server?: number | null;
  readonly dated?: number | null;
  readonly received?: number;
  readonly expires?: number;
  readonly service?: string;
}

const moment = (ms: number | null): number | undefined => (ms === null ? undefined : SENT + ms);

function causeOf(given: Case): Cause | undefined {
  const { code, message = '', status = 403, server = 0, dated = 0, received = 0, expires, service = 'sts' } = given;
  const refusal: Refusal = { status, code, message, serverMs: moment(server) };
  const credentials = { credentials: numbered(1), expiresAtMs: expires === undefined ? undefined : SENT + expires };
  // Nothing else of an attempt is looked at.
  const trace = { canonicalRequest: 'POST\n/\n\n' };
  const attempt = { credentials, endpoint: { service }, readTrace: () => trace };
  const lastHop = { origin: 'https://example.com', mayHeal: true, datedMs: moment(dated), sentMs: SENT };
  return findCause(refusal, attempt, { outcome: { lastHop }, sentMs: SENT, receivedMs: SENT + received });
}

const named = { code: 'RequestTimeTooSkewed' };

it.each<[string, Case, Cause | undefined]>([
  ['a date as far off as dates may be', { ...named, server: TOLERANCE }, undefined],
  ['a date further off', { ...named, server: TOLERANCE + 1 }, 'clock'],
  ['a date further off, fast', { ...named, server: -TOLERANCE - 1 }, 'clock'],
  ['an answer of minutes, which names the clock', { ...named, server: 6 * MINUTE, received: 6 * MINUTE }, 'clock'],
  ['no time of the server', { ...named, server: null }, undefined],
  ['a date of the caller', { ...named, server: 6 * MINUTE, dated: null }, undefined],
  ['no code, and a date as far off as may be', { server: TOLERANCE }, undefined],
  ['no code, and a date further off', { server: TOLERANCE + 1 }, 'clock'],
  ['no code, and an answer of minutes', { server: 7 * MINUTE, received: 7 * MINUTE }, undefined],
  ['no code, and a date that is right by a skew', { server: 6 * MINUTE, dated: 6 * MINUTE }, undefined],
  ['no code, and no time of the server', { server: null }, undefined],
  ['no code, and a date of the caller', { server: 6 * MINUTE, dated: null }, undefined],
  ['no code, with status 400', { server: 6 * MINUTE, status: 400 }, undefined],
  ['no code, with status 401', { server: 6 * MINUTE, status: 401 }, 'clock'],
  ['AuthFailure', { code: 'AuthFailure', server: 6 * MINUTE }, 'clock'],
  ['AuthFailure beside a right date', { code: 'AuthFailure' }, undefined],
  ['another code', { code: 'ValidationException', message: 'expired', server: 6 * MINUTE }, undefined],
  ['RequestExpired beside a right date', { code: 'RequestExpired' }, 'token'],
  ['RequestExpired beside a wrong one', { code: 'RequestExpired', server: 6 * MINUTE }, 'clock'],
  ['RequestExpired beside a date of the caller', { code: 'RequestExpired', dated: null }, undefined],
  ['a code of the token', { code: 'ExpiredToken', server: 6 * MINUTE }, 'token'],
  ['words of the token', { message: 'The security token included in the request is expired' }, 'token'],
  ['S3 without a code, at the end of the set', { service: 's3', expires: 0 }, 'token'],
  ['S3 without a code, before it', { service: 's3', expires: 1 }, undefined],
  ['S3 without a code or a time', { service: 's3', expires: 0, server: null }, undefined],
  ['S3 without a code, for a set without an end', { service: 's3' }, undefined],
  ['AccessDenied at the end of the set', { code: 'AccessDenied', expires: 0 }, 'token'],
  ['AccessDenied before it', { code: 'AccessDenied', expires: 1 }, undefined],
  ['another service without a code', { expires: 0 }, undefined],
])('%s', (_, given, cause) => {
  expect(causeOf(given)).toBe(cause);
});
