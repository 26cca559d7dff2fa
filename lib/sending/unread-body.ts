/** Sends a body that is read while it goes out: a stream whose bytes nothing keeps, so that no redirect can have them. */
import { isAxiosError, type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { AdapterName } from '../request/adapter-name.js';
import { readOwn } from '../request/config.js';
import { findName } from '../request/config-headers.js';
import { isNodeStream, type Stream } from '../request/stream.js';
import { Aws4AuthError } from '../errors.js';
import { toFetchable } from './fetchable-stream.js';
import { createHiddenRedirectError, settle } from './redirect-answer.js';
import { isRedirectStatus, isValid } from './redirect-status.js';
import { hideRequest } from './returned-config.js';
import { toSendable } from './sendable-stream.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;

/**
 * Sends a config whose data is a stream, so that it is in memory piece by piece only, and is read no faster than the
 * server reads. axios's http adapter keeps all of a body that it may have to send again for a redirect, and so does the
 * fetch of Node: neither is let follow one. Where the caller chose what becomes of redirects, that holds.
 *
 * @param sent a copy of the caller's config, which is changed
 * @param given its body
 * @throws Aws4AuthError `ERR_REDIRECT` where the server redirects; its `response` is the answer, where the adapter shows it
 */
export async function sendUnread(
  sent: Config,
  given: Stream,
  send: AxiosAdapter,
  adapterName: AdapterName,
): Promise<AxiosResponse> {
  const { stream, readFailure } = await toSendable(sent, given, adapterName);
  sent.data = toFetchable(stream, adapterName);
  try {
    return await sendWithoutRedirects(sent, send, adapterName);
  } catch (error) {
    // What was made of the caller's stream ends that too.
    if (stream !== given || wasBegun(stream)) release(stream);
    throw readFailure() ?? explainLength(error, sent);
  }
}

/**
 * Sends what cannot be kept for a redirect, and has none followed.
 *
 * @throws as {@link sendUnread}
 */
export async function sendWithoutRedirects(
  sent: Config,
  send: AxiosAdapter,
  adapterName: AdapterName,
): Promise<AxiosResponse> {
  if (readOwn(sent, 'maxRedirects') === 0) return send(showRedirects(sent, adapterName));
  const isLeftToFetch = adapterName === 'fetch' && readOwn(readOwn(sent, 'fetchOptions'), 'redirect') !== undefined;
  return isLeftToFetch ? send(sent) : refuseRedirects(sent, send, adapterName);
}

/** axios before 1.8 does not tell fetch of `maxRedirects: 0`, and fetch would follow. */
function showRedirects(sent: Config, adapterName: AdapterName): Config {
  if (adapterName !== 'http') sent.fetchOptions = { redirect: 'manual', ...readOwn(sent, 'fetchOptions') };
  return sent;
}

async function refuseRedirects(sent: Config, send: AxiosAdapter, adapterName: AdapterName): Promise<AxiosResponse> {
  // Only under `error` Node's fetch keeps no body. Browsers keep none, and tell a redirect only under `manual`.
  const redirect = platform.name === 'node' ? 'error' : 'manual';
  if (adapterName === 'fetch') sent.fetchOptions = { ...readOwn(sent, 'fetchOptions'), redirect };
  else sent.maxRedirects = 0;
  // A custom one may call axios's fetch adapter.
  if (adapterName === 'custom') sent.fetchOptions = { redirect: 'manual', ...readOwn(sent, 'fetchOptions') };
  const validateStatus = readOwn(sent, 'validateStatus');
  sent.validateStatus = (status) => isRedirectStatus(status) || isValid(status, validateStatus);
  const response = await send(sent).catch((error: unknown) => {
    throw adapterName === 'fetch' && isRefusedRedirect(error) ? createUnseenRedirectError(error) : error;
  });
  if (response.status === 0) throw createHiddenRedirectError();
  if (!isRedirectStatus(response.status)) return response;
  if (!hasLocation(response)) return settle(response, validateStatus);
  stopSending(response);
  throw createRedirectError(response);
}

/** A custom adapter may give less than a response, and names of its own case. */
function hasLocation({ headers }: { readonly headers: unknown }): boolean {
  return typeof headers === 'object' && headers !== null && findName(headers, 'Location') in headers;
}

/** Whether fetch failed since it met a redirect, in the words of Node (in its error's `cause`), Bun or Deno. */
function isRefusedRedirect(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const said = 'message' in error && /unexpected ?redirect|redirect mode/i.test(String(error.message));
  return said || ('cause' in error && isRefusedRedirect(error.cause));
}

const WHY = 'redirect: the server redirects a stream that was sent unread, of which nothing is kept to be sent again; ';

function createRedirectError(response: AxiosResponse): Aws4AuthError {
  const error = new Aws4AuthError(`${WHY}send a new one to the final URL, or pass bytes`, 'ERR_REDIRECT');
  // Not enumerable, as all that our errors have of axios's.
  return Object.defineProperty(error, 'response', { value: response, configurable: true, writable: true });
}

function createUnseenRedirectError(cause: unknown): Aws4AuthError {
  return new Aws4AuthError(
    `${WHY}fetch does not show where to: send a new one to the final URL, use adapter: 'http', whose error has the ` +
      'response, or set maxRedirects: 0, by which the redirect is the answer and fetch keeps the stream in memory',
    'ERR_REDIRECT',
    { cause: hideRequest(cause) },
  );
}

/** Ends a request that was answered before all of its body was sent. */
function stopSending({ request }: AxiosResponse<unknown>): void {
  const sender: unknown = request;
  if (isNodeStream(sender) && Reflect.get(sender, 'writableFinished') === false) sender.destroy?.();
}

/** Adds to an error that a stream without a length may have got what that means; the server seldom says it so. */
function explainLength(error: unknown, { headers }: Config): unknown {
  if (findName(headers, 'Content-Length') in headers || !(error instanceof Error)) return error;
  const status = isAxiosError(error) ? error.response?.status : undefined;
  // A server that does not read on may close the connection before its answer is read.
  const isCutOff = status === undefined && CUT_OFF.has(readCode(error) ?? readCode(error.cause));
  if (status === 411 || status === 501 || isCutOff) {
    error.message +=
      ' (the stream was sent without a length, which S3 and other services need: pass its size in bytes as Content-Length)';
  }
  return error;
}

const CUT_OFF: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'UND_ERR_SOCKET']);

function readCode(error: unknown): unknown {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return code === 'ERR_NETWORK' ? undefined : code;
}

/** Whether an adapter has read of a stream: of a web stream, that is what it was given for. */
function wasBegun(stream: Stream): boolean {
  return !isNodeStream(stream) || stream.readableDidRead !== false;
}

/** Frees what a stream holds, which is of no use any more. */
export function release(stream: Stream): void {
  if (isNodeStream(stream)) stream.destroy?.();
  else if (!stream.locked) stream.cancel().catch(() => undefined);
}
