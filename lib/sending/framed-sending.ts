/** Sends a body in the framing `aws-chunked`, which is made as it is sent, and anew for each redirect. */
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { FollowPolicy } from '../destination/redirect-policy.js';
import { Aws4AuthError } from '../errors.js';
import type { AdapterName } from '../request/adapter-name.js';
import { changeConfig } from '../request/config-copy.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import { createUrl } from '../platform/standard-url.js';
import type { Wait } from '../platform/waiting.js';
import type { ClosableStream } from '../platform/platform.js';
import type { Body } from '../request/body.js';
import { isBlob } from '../request/body-kinds.js';
import { readOwn } from '../request/config.js';
import { isNodeStream } from '../request/stream.js';
import { findNodeStreams } from '../request/unread-stream.js';
import type { Attempt } from '../signing/attempt.js';
import type { FramedReading } from '../signing/framed-body.js';
import type { Limits } from './cancellation.js';
import { toFetchable } from './fetchable-stream.js';
import { createHop, followHop, MAX_REDIRECTS, resolveLocation } from './fetch-redirects.js';
import { isRedirectStatus } from './redirect-status.js';
import { sendWithoutRedirects } from './unread-body.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;
type Framed = NonNullable<Attempt['framed']>;

/** How a request is sent, whatever hop it is. */
interface Way {
  readonly framed: Framed;
  readonly send: AxiosAdapter;
  readonly adapterName: AdapterName;
  readonly wait: Wait;
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
  followPolicy: FollowPolicy,
  { wait, readTimeLeft }: Limits,
): Promise<AxiosResponse> {
  const most = readOwn(sent, 'maxRedirects') ?? MAX_REDIRECTS;
  let way: Way = { framed, send, adapterName, wait };
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
    from = hop.url;
    const { config: next, seed } = followHop(config, hop, followPolicy);
    config = changeConfig(next, readTimeLeft());
    if (!hop.keepsBody) return send(config);
    if (seed === undefined) throw createUnsignedError();
    way = { ...way, framed: { ...framed, seed } };
  }
}

type HopResult = { readonly response: AxiosResponse } | { readonly redirect: AxiosResponse };

async function sendHop(config: Config, way: Way): Promise<HopResult> {
  try {
    return { response: await sendOnce(config, way) };
  } catch (error) {
    if (!(error instanceof Aws4AuthError) || error.code !== 'ERR_REDIRECT' || !way.framed.body.isRepeatable)
      throw error;
    const shown: unknown = Reflect.get(error, 'response');
    if (isResponse(shown)) return { redirect: shown };
    // Node's fetch tells where to only where it keeps the body: which it is let do now that there is a redirect.
    if (platform.name !== 'node' || way.adapterName !== 'fetch' || error.cause === undefined) throw error;
    const redirect = await sendOnce(showRedirect(config), way);
    return isRedirectStatus(redirect.status) && 'location' in redirect.headers ? { redirect } : { response: redirect };
  }
}

function showRedirect(config: Config): Config {
  const validateStatus = readOwn(config, 'validateStatus');
  return changeConfig(config, {
    maxRedirects: 0,
    validateStatus: (status) => isRedirectStatus(status) || !validateStatus || validateStatus(status),
  });
}

async function sendOnce(config: Config, { framed, send, adapterName, wait }: Way): Promise<AxiosResponse> {
  const hearing = adapterName === 'http' ? await platform.loadEarlyAnswers?.() : undefined;
  const reading = framed.body.open(framed.seed);
  try {
    const sendable = await wait(Object.assign(toSendable(reading), { stop: reading.stop }));
    // Of a Blob axios's http adapter would set the type anew.
    const data =
      adapterName === 'http' && isBlob(sendable) ? await sendable.arrayBuffer() : toFetchable(sendable, adapterName);
    const given: unknown = readOwn(config, 'transport');
    const transport = hearing?.createHearingTransport(isObject(given) ? given : undefined, (status) => {
      // Whoever refuses the request wants no more of its body.
      if (status >= 300) reading.hold();
    });
    const changes = { data, ...(transport !== undefined && { transport }) };
    return await sendWithoutRedirects(changeConfig(config, changes), send, adapterName);
  } catch (error) {
    throw reading.readFailure() ?? error;
  } finally {
    reading.stop();
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

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isResponse(value: unknown): value is AxiosResponse {
  return isObject(value) && 'status' in value && 'headers' in value;
}

function createUnsignedError(): Aws4AuthError {
  return new Aws4AuthError(
    'redirect: leads to where it is not signed, and a body in signed chunks goes nowhere else; name the host in hosts, or ' +
      'send the request there without this package',
    'ERR_REDIRECT',
  );
}
