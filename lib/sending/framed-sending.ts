/** Sends a body in the framing `aws-chunked`, which is made as it is sent, and anew for each redirect. */
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Hop, RedirectedHop, RedirectTrail } from '../destination/redirect-policy.js';
import { Aws4AuthError } from '../errors.js';
import type { AdapterName } from '../request/adapter-name.js';
import { changeConfig } from '../request/config-copy.js';
import { isObject } from '../platform/object-kinds.js';
import { createUrl } from '../platform/standard-url.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import type { ClosableStream } from '../platform/platform.js';
import type { Body } from '../request/body.js';
import { isBlob } from '../request/body-kinds.js';
import { readOwn } from '../request/config.js';
import { findName } from '../request/config-headers.js';
import { isNodeStream, isStream } from '../request/stream.js';
import { findNodeStreams } from '../request/unread-stream.js';
import type { Attempt } from '../signing/attempt.js';
import type { FramedReading } from '../signing/framed-body.js';
import type { Limits } from './cancellation.js';
import { toFetchable } from './fetchable-stream.js';
import { createHop, followHop, MAX_REDIRECTS, resolveLocation } from './fetch-redirects.js';
import { keepFromRedirects, leadHop } from './http-redirects.js';
import { settle } from './redirect-answer.js';
import { isRedirectStatus, isValid } from './redirect-status.js';
import { createLimitError } from './sendable-stream.js';
import { release, sendWithoutRedirects } from './unread-body.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;
type Framed = NonNullable<Attempt['framed']>;

/** How a request is sent, whatever hop it is. */
interface Way {
  /** `undefined` since a redirect has made it a request without a body. */
  readonly framed: Framed | undefined;
  readonly send: AxiosAdapter;
  readonly adapterName: AdapterName;
  readonly limits: Limits;
}

/**
 * Sends a body in chunks. Nothing keeps them for a redirect: it is followed here, by reading the source again, where that
 * can be read again.
 *
 * @param sent a copy of the caller's config, as it is signed
 * @throws what {@link sendWithoutRedirects} throws; what has failed of the body, in the place of what that did to the request
 */
export async function sendFramed(
  sent: Config,
  { framed, request }: { readonly framed: Framed; readonly request: Attempt['request'] },
  send: AxiosAdapter,
  adapterName: AdapterName,
  trail: RedirectTrail,
  limits: Limits,
): Promise<AxiosResponse> {
  if (adapterName === 'http' || adapterName === 'fetch') assertBodyLength(sent);
  const transport: unknown = readOwn(sent, 'transport');
  if (isObject(transport)) sent.transport = keepFromRedirects(transport);
  // It may call axios's http adapter, with a maxRedirects of its own.
  if (adapterName === 'custom') sent.beforeRedirect = refuseRedirect;
  const most = readOwn(sent, 'maxRedirects') ?? MAX_REDIRECTS;
  let way: Way = { framed, send, adapterName, limits };
  let config = sent;
  let from: URL | undefined;
  for (let count = 0; ; count++) {
    const result = await sendHop(config, way);
    if ('response' in result) return result.response;
    const { redirect } = result;
    if (!(count < most)) {
      throw new Aws4AuthError(`maxRedirects: there were more than ${String(most)} redirects`, 'ERR_REDIRECT');
    }
    const url = from ?? createUrl(request.url.href);
    const hop = createHop(config, redirect.status, url, resolveLocation(String(redirect.headers['location']), url));
    // axios asks for another adapter's redirects nothing of this.
    const led = adapterName === 'http' ? leadHop(hop, url, config, redirect) : hop;
    from = led.url;
    const { config: next, seed } = followHop(config, led, trail);
    // Over a Unix socket Node has no host to send by itself.
    if (readOwn(next, 'socketPath')) next.headers.set('Host', led.url.host, false);
    config = changeConfig(next, limits.readTimeLeft());
    way = changeWay(way, led, seed);
  }
}

/** axios before 1.17 does not count streams where no redirect is to be followed. What is sent of this body is known beforehand. */
function assertBodyLength(sent: Config): void {
  const most = readOwn(sent, 'maxBodyLength') ?? -1;
  const length = Number(sent.headers[findName(sent.headers, 'Content-Length')]);
  if (most > -1 && length > most) throw createLimitError(sent);
}

function changeWay(way: Way, { keepsBody }: Hop, seed: RedirectedHop['seed']): Way {
  if (way.framed === undefined || !keepsBody) return { ...way, framed: undefined };
  if (seed === undefined) throw createUnsignedError();
  return { ...way, framed: { ...way.framed, seed } };
}

type HopResult = { readonly response: AxiosResponse } | { readonly redirect: AxiosResponse };

async function sendHop(config: Config, { framed, ...way }: Way): Promise<HopResult> {
  if (framed === undefined)
    return askWhereTo(config, (shown) => sendWithoutRedirects(shown, way.send, way.adapterName));
  const sendIt = (shown: Config): Promise<AxiosResponse> => sendOnce(shown, framed, way);
  try {
    return { response: await sendIt(config) };
  } catch (error) {
    if (!(error instanceof Aws4AuthError) || error.code !== 'ERR_REDIRECT' || !framed.body.isRepeatable) throw error;
    const shown: unknown = Reflect.get(error, 'response');
    if (isResponse(shown)) return toRedirect(shown);
    // Node's fetch tells where to only where it keeps the body: which it is let do now that there is a redirect.
    if (platform.name !== 'node' || way.adapterName !== 'fetch' || error.cause === undefined) throw error;
    return askWhereTo(config, sendIt);
  }
}

/** Sends what is to show a redirect as an answer. */
async function askWhereTo(config: Config, send: AxiosAdapter): Promise<HopResult> {
  const validateStatus = readOwn(config, 'validateStatus');
  const shown = changeConfig(config, {
    maxRedirects: 0,
    validateStatus: (status) => isRedirectStatus(status) || isValid(status, validateStatus),
  });
  const answer = await send(shown);
  if (isRedirectStatus(answer.status) && 'location' in answer.headers) return toRedirect(answer);
  return { response: isRedirectStatus(answer.status) ? settle(answer, validateStatus) : answer };
}

/** A redirect that is followed. Nobody reads what else it says, and a connection is free when that is read, or ended. */
function toRedirect(redirect: AxiosResponse<unknown>): HopResult {
  if (isStream(redirect.data)) release(redirect.data);
  return { redirect };
}

async function sendOnce(
  config: Config,
  framed: Framed,
  { send, adapterName, limits }: Omit<Way, 'framed'>,
): Promise<AxiosResponse> {
  const hearing = adapterName === 'http' ? await platform.loadEarlyAnswers?.() : undefined;
  const reading = framed.body.open(framed.seed);
  const state = { isHeard: false };
  try {
    const sendable = await limits.wait(Object.assign(toSendable(reading), { stop: reading.stop }));
    // Of a Blob axios's http adapter would set the type anew.
    const data =
      adapterName === 'http' && isBlob(sendable) ? await sendable.arrayBuffer() : toFetchable(sendable, adapterName);
    const given: unknown = readOwn(config, 'transport');
    const transport = hearing?.createHearingTransport(isObject(given) ? given : undefined, {
      onAnswer: (status) => {
        state.isHeard = true;
        // Whoever refuses the request wants no more of its body.
        if (status >= 300) reading.hold();
        return status < 300;
      },
      onClose: reading.stop,
    });
    const changes = { data, ...(transport !== undefined && { transport }) };
    const answer: AxiosResponse<unknown> = await sendWithoutRedirects(changeConfig(config, changes), send, adapterName);
    // The body goes on to its end under an answer that does, and as long as there is a connection where that is heard,
    // as it is over http, but not over HTTP/2.
    if (!state.isHeard && !isStream(answer.data)) reading.stop();
    return answer;
  } catch (error) {
    reading.stop();
    throw reading.readFailure() ?? error;
  }
}

/** A body in chunks, for whoever sends it in another way. */
export async function createFramedBody({ body, seed }: Framed): Promise<Body> {
  const framed = await toSendable(body.open(seed));
  return isBlob(framed) || isNodeStream(framed) || isUint8Array(framed) ? framed : undefined;
}

/** A stream of Node, where there are such; else a Blob, which browsers can send, or bytes. */
async function toSendable({ pieces, stop }: FramedReading): Promise<Blob | ClosableStream | Uint8Array> {
  const nodeStreams = await findNodeStreams();
  if (nodeStreams !== undefined)
    return nodeStreams.toNodeStream(async () => (await pieces.next()).value ?? undefined, stop);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const some of pieces) for (const piece of some) parts.push(new Uint8Array(piece));
  try {
    return new Blob(parts);
  } catch {
    // There is none, or one that takes no bytes (React Native).
    return joinParts(parts);
  }
}

function joinParts(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let written = 0;
  for (const part of parts) {
    joined.set(part, written);
    written += part.length;
  }
  return joined;
}

function isResponse(value: unknown): value is AxiosResponse {
  return isObject(value) && 'status' in value && 'headers' in value;
}

/** The follow-redirects package would send the token along, and the signatures of the chunks. */
function refuseRedirect(): never {
  throw new Aws4AuthError(
    'redirect: the adapter follows it by itself, which a body in signed chunks cannot be sent by; have it keep the ' +
      "config's maxRedirects",
    'ERR_REDIRECT',
  );
}

function createUnsignedError(): Aws4AuthError {
  return new Aws4AuthError(
    'redirect: leads to where it is not signed, and a body in signed chunks goes nowhere else; name the host in hosts, or ' +
      'send the request there without this package',
    'ERR_REDIRECT',
  );
}
