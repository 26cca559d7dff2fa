/** CreateSession of S3 Express (Amazon S3 API Reference): the request that opens a session, and what it answers. */
import { AxiosHeaders, isAxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { describeFailure } from '../credentials/provider-failure.js';
import type { DirectoryBucket } from '../destination/directory-bucket.js';
import { Aws4AuthError, CredentialsError } from '../errors.js';
import { readOwn } from '../request/config.js';
import { findName } from '../request/config-headers.js';
import { parseConfigUrl, type ConfigUrl } from '../request/outgoing-url.js';
import { believeDate, measureSkew, readClock, readClockOr, type Exchange } from '../time/clock.js';
import { readAnswerDate } from './answer-date.js';
import { explainRefusal, keepExplanation } from './explanation.js';
import { isElsewhere } from './healing.js';
import { MAX_BYTES, peekText } from './peeked-text.js';
import { unescapeEntities } from './refusal-details.js';
import type { SendingPlan } from './request-signer.js';
import { readRefusal } from './server-refusal.js';

type Config = InternalAxiosRequestConfig;

/** Sends a request that may be signed where it goes: `sendSigned`, which loads what this is. */
export type SendSigned = (
  config: Config,
  adapter: Config['adapter'],
  url: ConfigUrl,
  plan: SendingPlan,
) => Promise<AxiosResponse>;

/** What of a request's config says how it goes out: this alone is CreateSession's too. */
const CARRIED = [
  ...(['httpAgent', 'httpsAgent', 'proxy', 'socketPath', 'allowedSocketPaths', 'transport', 'lookup'] as const),
  ...(['family', 'httpVersion', 'http2Options', 'insecureHTTPParser', 'env', 'fetchOptions'] as const),
  ...(['withCredentials', 'transitional', 'timeoutErrorMessage'] as const),
];

/** The request that opens a session, but for its signal and timeout. It keeps nothing of what the other one sends. */
export function createSessionConfig(config: Config, bucket: DirectoryBucket, token: string | undefined): Config {
  const carried: Partial<Config> = {};
  for (const name of CARRIED) {
    if (readOwn(config, name) !== undefined) Reflect.set(carried, name, readOwn(config, name));
  }
  const { fetchOptions } = carried;
  // Left to fetch, redirects would be followed.
  if (fetchOptions?.redirect === 'follow') carried.fetchOptions = { ...fetchOptions, redirect: undefined };
  const userAgent: unknown = Reflect.get(config.headers, findName(config.headers, 'User-Agent'));
  const headers = {
    ...(typeof userAgent === 'string' && { 'User-Agent': userAgent }),
    ...(bucket.host !== undefined && { Host: bucket.host }),
    ...(token !== undefined && { 'X-Amz-Security-Token': token }),
  };
  return {
    ...carried,
    method: 'get',
    url: bucket.sessionUrl,
    headers: new AxiosHeaders(headers),
    responseType: 'text',
    // Who redirects it would choose who gives the session.
    maxRedirects: 0,
    maxContentLength: MAX_BYTES,
    validateStatus: (status) => status >= 200 && status < 300,
  };
}

/** The plan by which that request is signed: in its headers, with the credentials themselves. */
export function planCreateSession(plan: SendingPlan): SendingPlan {
  return {
    ...plan,
    s3ExpressSessions: false,
    isOfSession: false,
    signIn: 'headers',
    querySigning: undefined,
    expiresIn: undefined,
    payload: undefined,
    isPayloadOfRequest: false,
    checksum: undefined,
    signedHeaders: undefined,
    contentSha256Header: undefined,
  };
}

/**
 * Opens a session: sends the request as any other, so that a wrong clock and expired credentials are healed.
 *
 * @param plan as `planCreateSession` has it
 * @returns credentials with their `expiration`, which are not checked yet
 * @throws CredentialsError where there is no session; the error of axios is its `cause`
 */
export async function openSession(
  config: Config,
  adapter: Config['adapter'],
  plan: SendingPlan,
  name: string,
  send: SendSigned,
): Promise<object> {
  const url = parseConfigUrl(config);
  const sentMs = readClock(plan.clock);
  let response: AxiosResponse<unknown>;
  try {
    response = await send(config, adapter, url, plan);
  } catch (error) {
    if (error instanceof Aws4AuthError) throw error;
    throw await createRefusalError(error, name);
  }
  // Browsers follow the redirects of an xhr by themselves.
  if (isElsewhere(response, url.origin)) throw createRedirectError(name);
  const session = await readSession(response, name);
  if (plan.heal) learnSkew(response, url.origin, { sentMs, receivedMs: readClockOr(plan.clock, sentMs) }, plan);
  return session;
}

/** By a clock that is off, though so little that the request was taken, a session of 5 minutes may seem to be over. */
function learnSkew(response: AxiosResponse<unknown>, origin: string, exchange: Exchange, { skews }: SendingPlan): void {
  const serverMs = believeDate(readAnswerDate(response), exchange);
  if (serverMs === undefined) return;
  const knownMs = skews.read(origin);
  const skewMs = measureSkew(serverMs, exchange, knownMs);
  if (Math.abs(skewMs - knownMs) > LEAST_SKEW_MS) skews.learn(origin, skewMs);
}

/** Of a session's life, this much does not matter. */
const LEAST_SKEW_MS = 30_000;

async function createRefusalError(error: unknown, name: string): Promise<CredentialsError> {
  const response = isAxiosError<unknown>(error) ? error.response : undefined;
  // What fetch does not show of a redirect has the status 0.
  const isRedirect = response !== undefined && (response.status === 0 || Math.floor(response.status / 100) === 3);
  if (isRedirect) return createRedirectError(name, error);
  // Under a status of success it is the answer that broke off, or cannot be decoded.
  if (response === undefined || response.status < 300) {
    return new CredentialsError(
      `s3ExpressSessions: CreateSession for ${name} failed (${describeFailure(error) ?? 'without a word'})`,
      { cause: error },
    );
  }
  const { status } = response;
  const { code, message } = await readRefusal(response, 's3express');
  const explanation = explainRefusal(error);
  const refusal = new CredentialsError(
    `s3ExpressSessions: CreateSession for ${name} was refused with status ${String(status)}` +
      ` (${describeFailure({ name: code, message }) ?? 'without a code'}). ${explanation?.summary ?? adviseOn(status)}`,
    { cause: error },
  );
  if (explanation !== undefined) keepExplanation(refusal, explanation);
  return refusal;
}

function createRedirectError(name: string, cause?: unknown): CredentialsError {
  const what = `s3ExpressSessions: CreateSession for ${name} was redirected, which is not followed`;
  return new CredentialsError(
    `${what}: who answers in its place would give the session`,
    cause === undefined ? {} : { cause },
  );
}

function adviseOn(status: number): string {
  if (status >= 500) return 'That may pass: send the request again';
  if (status === 404) return 'Is the bucket there, in this zone?';
  return (
    'The credentials need the permission s3express:CreateSession on the bucket; s3ExpressSessions: false signs with the ' +
    'credentials themselves'
  );
}

/** @throws CredentialsError, which quotes nothing: what cannot be read may still bear keys */
async function readSession(response: AxiosResponse<unknown>, name: string): Promise<object> {
  const text = await peekText(response);
  const credentials = typeof text === 'string' ? (/<Credentials>(.*?)<\/Credentials>/s.exec(text)?.[1] ?? '') : '';
  const read = (element: string): string => {
    const value = new RegExp(`<${element}>([^<]*)</${element}>`).exec(credentials)?.[1]?.trim() ?? '';
    if (value !== '') return unescapeEntities(value);
    throw new CredentialsError(
      `s3ExpressSessions: what CreateSession for ${name} answered with status ${String(response.status)} has no ${element}; ` +
        'something else than S3 Express may have answered',
    );
  };
  return {
    accessKeyId: read('AccessKeyId'),
    secretAccessKey: read('SecretAccessKey'),
    sessionToken: read('SessionToken'),
    expiration: readExpiration(read('Expiration'), name),
  };
}

function readExpiration(text: string, name: string): Date {
  const expiration = new Date(text);
  if (!Number.isNaN(expiration.getTime())) return expiration;
  throw new CredentialsError(`s3ExpressSessions: CreateSession for ${name} answered an Expiration that is no date`);
}
