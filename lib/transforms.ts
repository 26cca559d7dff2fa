/** axios's `transformRequest`, run where the interceptor needs its result, and not run again where that must last. */
import type { AxiosRequestTransformer, InternalAxiosRequestConfig } from 'axios';
import { isFormData, toExactBytes, type Body } from './body.js';
import { isUint8Array } from './sigv4/payload-hash.js';
import { isStream } from './stream.js';

type Config = InternalAxiosRequestConfig;

/**
 * Runs a config's `transformRequest`, all of it, as axios does after the interceptors. The config's headers get what
 * the transforms set; its data stays as it is, for the interceptors that come later.
 */
export function transformData(config: Config): unknown {
  return runTransforms(config.transformRequest, config, config.data, config.headers);
}

function runTransforms(
  transforms: Config['transformRequest'],
  config: Config,
  data: unknown,
  headers: Config['headers'],
): unknown {
  let transformed = data;
  for (const transform of listTransforms(transforms)) {
    normalizeHeaders(headers);
    transformed = transform.call(config, transformed, headers);
  }
  normalizeHeaders(headers);
  return transformed;
}

/** A config's transforms, of which there may be none, one, or several. */
export function listTransforms(transforms: Config['transformRequest']): AxiosRequestTransformer[] {
  if (transforms === undefined) return [];
  return Array.isArray(transforms) ? transforms : [transforms];
}

/** As `headers.normalize()`, which takes long, where there is something to normalise. */
function normalizeHeaders(headers: Config['headers']): void {
  for (const name of Object.keys(headers)) {
    const value: unknown = headers[name];
    if (typeof value !== 'string' && value !== undefined && value !== null && value !== false) {
      headers.normalize(false);
      return;
    }
  }
}

/**
 * Keeps what cannot be had twice: a stream that the transforms gave, or a form with a boundary of its own.
 *
 * @param data what the transforms gave
 * @param body what was made of it to be sent: of a stream that was read, its bytes
 * @returns the data that the transforms will give from now on
 */
export function keepTransformed(config: Config, data: unknown, body: Body): unknown {
  const wasStream = isStream(data);
  const isForm = !wasStream && isFormData(data) && data !== config.data;
  if (!wasStream && !isForm) return data;
  const output = wasStream && isUint8Array(body) ? toExactBytes(body) : data;
  // A stream that was read has no other bytes to give to those who come later.
  if (data === config.data) config.data = output;
  pinTransformed(config, output);
  return output;
}

/**
 * Makes a config's transforms give `output` for the data that it has now, whose first run cannot be repeated: they read
 * a stream, or made a form with a boundary of its own. Data that someone changes goes through them as before.
 */
function pinTransformed(config: Config, output: unknown): void {
  const { transformRequest } = config;
  const input: unknown = config.data;
  const snapshot = copyTree(input);
  config.transformRequest = [
    function (current: unknown, headers) {
      if (current === input && isSameTree(current, snapshot)) return output;
      return runTransforms(transformRequest, this, current, headers);
    },
  ];
}

/** Copies plain objects and arrays, to tell later whether they were changed; all else stands for itself. */
function copyTree(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyTree);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyTree(item)]));
}

function isSameTree(value: unknown, copy: unknown): boolean {
  if (Array.isArray(value)) {
    return Array.isArray(copy) && value.length === copy.length && value.every((item, i) => isSameTree(item, copy[i]));
  }
  if (!isPlainObject(value)) return Object.is(value, copy);
  if (!isPlainObject(copy) || Object.keys(value).length !== Object.keys(copy).length) return false;
  return Object.entries(value).every(([key, item]) => key in copy && isSameTree(item, copy[key]));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
