/** What responses and errors show of how they were sent: the caller's own config, and no way to a secret. */
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { isObject } from '../platform/object-kinds.js';

type Config = InternalAxiosRequestConfig;

/**
 * Puts the caller's own config into responses and errors, in place of the copy that was sent, which bears a signature.
 */
export function handBackConfig(send: AxiosAdapter, config: Config): AxiosAdapter {
  return async (sent) => {
    try {
      const response = await send(sent);
      handBack(response, sent, config);
      return response;
    } catch (error) {
      handBackOfError(error, sent, config);
      throw error;
    }
  };
}

export function handBack(bearer: unknown, sent: Config, config: Config): void {
  if (!isObject(bearer) || !('config' in bearer) || bearer.config === config) return;
  if (bearer.config === sent) bearer.config = config;
  else if (isObject(bearer.config)) restore(bearer.config, sent, config);
}

/** A custom adapter may send a copy of its own: what of that was made to be sent becomes the caller's own again. */
function restore(copy: object, sent: Config, config: Config): void {
  for (const name of Object.keys(sent)) {
    const isSent = name === 'headers' || Reflect.get(copy, name) === Reflect.get(sent, name);
    if (name in copy && isSent) Reflect.set(copy, name, Reflect.get(config, name));
  }
}

export function handBackOfError(error: unknown, sent: Config, config: Config): void {
  handBack(error, sent, config);
  if (isObject(error) && 'response' in error) handBack(error.response, sent, config);
}

/**
 * Makes `request` not enumerable, on a response, an error, and the response of an error: it is the adapter's own object,
 * from which a logger would print the token. So is the `data` of a streamed response in Node, by way of its `req` and
 * its socket.
 */
export function hideRequest<Bearer>(bearer: Bearer): Bearer {
  if (!isObject(bearer)) return bearer;
  hideProperty(bearer, 'request');
  if ('data' in bearer && isObject(bearer.data)) for (const name of WAYS_TO_REQUEST) hideProperty(bearer.data, name);
  if ('response' in bearer) hideRequest(bearer.response);
  return bearer;
}

// The last two are follow-redirects', with the URL: that may be signed.
const WAYS_TO_REQUEST = ['req', 'socket', 'client', 'responseUrl', 'redirects'] as const;

function hideProperty(bearer: object, name: string): void {
  if (Object.getOwnPropertyDescriptor(bearer, name)?.enumerable !== true) return;
  Reflect.defineProperty(bearer, name, { enumerable: false });
}
