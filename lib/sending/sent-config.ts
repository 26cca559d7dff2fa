/** The copy of a config that is sent: signed, and pinned to what was signed; the caller's own stays as it is. */
import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { toExactBytes } from '../request/exact-bytes.js';
import { readOwn } from '../request/config.js';
import { copyProperties, createLike } from '../request/config-copy.js';
import { NO_CHANGES } from '../request/config-headers.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import type { Attempt } from '../signing/attempt.js';

type Config = InternalAxiosRequestConfig;

/** A copy of a config with headers of its own, which bears the adapter that the caller gave. */
export function copyConfig(config: Config, adapter: Config['adapter']): Config {
  const copy = copyProperties(config);
  copy.headers = copyHeaders(config.headers, adapter);
  setAdapter(copy, adapter);
  return copy;
}

/** A config for which an adapter sends just what was signed, whatever the caller's own is like otherwise. */
export function createSentConfig(config: Config, adapter: Config['adapter'], attempt: Attempt): Config {
  const copy = copyConfig(config, adapter);
  writeHeaders(copy.headers, attempt);
  pinRequest(copy, attempt.request);
  return copy;
}

/**
 * Headers of the same class, which may be another axios's: its adapter gets them. An adapter that is given by name is
 * this axios's own, and some versions drop all headers of a class that is not theirs.
 */
function copyHeaders(headers: Config['headers'], adapter: Config['adapter']): Config['headers'] {
  return Object.assign(typeof adapter === 'function' ? createLike(headers) : new AxiosHeaders(), headers);
}

/** Sets the adapter, or takes it away where there was none. */
function setAdapter(config: Config, adapter: Config['adapter']): void {
  if (adapter === undefined) delete config.adapter;
  else config.adapter = adapter;
}

function writeHeaders(headers: Config['headers'], { request, headers: signed }: Attempt): void {
  const { given, bodyHeaders } = request;
  for (const name of given.replaced) Reflect.deleteProperty(headers, name);
  const { dateName } = given;
  if (dateName !== undefined && signed[dateName] === undefined) Reflect.deleteProperty(headers, dateName);
  // Own properties are what axios's headers are; their `set` would check again what was checked.
  Object.assign(headers, signed);
  if (bodyHeaders === NO_CHANGES) return;
  for (const name of Object.keys(bodyHeaders)) if (bodyHeaders[name] === null) Reflect.set(headers, name, null);
}

function pinRequest(config: Config, { url, body }: OutgoingRequest): void {
  if (!url.isLiteral) {
    config.url = url.hrefWithoutParams;
    config.baseURL = '';
  }
  if (readOwn(config, 'params')) config.paramsSerializer = { serialize: () => url.paramsQuery };
  config.data = isUint8Array(body) ? toExactBytes(body) : body;
  // Over a Unix socket Node has no host to send by itself.
  if (readOwn(config, 'socketPath')) config.headers.set('Host', new URL(url.href).host, false);
}
