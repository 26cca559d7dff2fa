/** The copy of a config that is sent: signed, and pinned to what was signed; the caller's own stays as it is. */
import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { toExactBytes } from '../request/body.js';
import { readOwn } from '../request/config.js';
import { isSetBySigning } from '../request/config-headers.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import type { Attempt } from '../signing/attempt.js';
import { handOver, isStream } from '../request/stream.js';

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

/** As an interceptor may do where it cannot write: the same config, with the same headers. */
export function copyProperties(config: Config): Config {
  // One by one: a spread of axios's configs, which are without prototype, takes five times as long (measured).
  const copy: Config = { headers: config.headers };
  Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(config));
  for (const name of Object.keys(config)) Reflect.set(copy, name, Reflect.get(config, name));
  for (const symbol of Object.getOwnPropertySymbols(config)) Reflect.set(copy, symbol, Reflect.get(config, symbol));
  // axios gives its configs without prototype this method, which adapters of others may call.
  const descriptor = Object.getOwnPropertyDescriptor(config, 'hasOwnProperty');
  if (descriptor !== undefined) Object.defineProperty(copy, 'hasOwnProperty', descriptor);
  return copy;
}

/**
 * Headers of the same class, which may be another axios's: its adapter gets them. An adapter that is given by name is
 * this axios's own, and some versions drop all headers of a class that is not theirs.
 */
function copyHeaders(headers: Config['headers'], adapter: Config['adapter']): Config['headers'] {
  const copy = new AxiosHeaders();
  if (typeof adapter === 'function') Reflect.setPrototypeOf(copy, Reflect.getPrototypeOf(headers));
  return Object.assign(copy, headers);
}

/** Sets the adapter, or takes it away where there was none. */
export function setAdapter(config: Config, adapter: Config['adapter']): void {
  if (adapter === undefined) delete config.adapter;
  else config.adapter = adapter;
}

function writeHeaders(headers: Config['headers'], { request, headers: signed }: Attempt): void {
  for (const name of Object.keys(headers)) {
    const isReplaced = isSetBySigning(name) || (name === request.given.dateName && signed[name] === undefined);
    if (isReplaced) Reflect.deleteProperty(headers, name);
  }
  // Own properties are what axios's headers are; their `set` would check again what was checked.
  for (const name of Object.keys(signed)) Reflect.set(headers, name, signed[name]);
  for (const [name, value] of Object.entries(request.bodyHeaders)) {
    if (value === null) Reflect.set(headers, name, null);
  }
}

function pinRequest(config: Config, { url, body }: OutgoingRequest): void {
  if (!url.isLiteral) {
    config.url = url.hrefWithoutParams;
    config.baseURL = '';
  }
  if (readOwn(config, 'params')) config.paramsSerializer = { serialize: () => url.paramsQuery };
  config.data = isUint8Array(body) ? toExactBytes(body) : body;
  if (isStream(body)) handOver(body);
  // Over a Unix socket Node has no host to send by itself.
  if (readOwn(config, 'socketPath')) config.headers.set('Host', new URL(url.href).host, false);
}
