/** Whether a request's body is hashed and signed, or goes unsigned. */
import type { InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from './errors.js';
import type { ResolvedOptions } from './options.js';
import { isPayloadLiteral } from './sigv4/payload-hash.js';
import { rulesFor, type PayloadMode } from './sigv4/service-rules.js';

/**
 * What the caller's own `X-Amz-Content-Sha256` says, else the option, else what the service takes.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` where the option would send unsigned bodies over http to another machine,
 * without the request asking for it
 */
export function choosePayloadMode(
  config: InternalAxiosRequestConfig,
  { protocol, hostname }: URL,
  { payload }: ResolvedOptions,
  service: string,
): PayloadMode {
  const given = config.headers.get('X-Amz-Content-Sha256');
  if (typeof given === 'string') return isPayloadLiteral(given) ? 'unsigned' : 'signed';
  if (payload === undefined) return rulesFor(service).payload;
  const isAskedFor = typeof config.aws4 === 'object' && config.aws4.payload === 'unsigned';
  if (payload === 'unsigned' && protocol === 'http:' && !isAskedFor && !LOOPBACK.test(hostname)) {
    throw new Aws4AuthError(
      "payload: 'unsigned' over http:// lets anyone on the way change the body; use https://, or ask for it on the " +
        "request itself with aws4: { payload: 'unsigned' }",
      'ERR_INVALID_OPTION',
    );
  }
  return payload;
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;
