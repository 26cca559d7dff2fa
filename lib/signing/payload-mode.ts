/** Whether a request's body is hashed and signed, or goes unsigned. */
import { Aws4AuthError } from '../errors.js';
import { isThisMachine } from '../destination/this-machine.js';
import { isPayloadLiteral } from '../sigv4/payload-hash.js';
import { rulesFor, type PayloadMode } from '../sigv4/service-rules.js';

/** What the options say of bodies. */
export interface PayloadRules {
  readonly payload: PayloadMode | undefined;
  /** Whether `payload` is the request's own word, in its `config.aws4`. */
  readonly isPayloadOfRequest: boolean;
}

/**
 * What the caller's own `X-Amz-Content-Sha256` says, else the option, else what the service takes.
 *
 * @param given the header that the caller set
 * @throws Aws4AuthError `ERR_INVALID_OPTION` where the option would send unsigned bodies over http to another machine,
 * without the request asking for it
 */
export function choosePayloadMode(
  given: unknown,
  url: URL,
  { payload, isPayloadOfRequest }: PayloadRules,
  service: string,
): PayloadMode {
  if (typeof given === 'string') return isPayloadLiteral(given) ? 'unsigned' : 'signed';
  if (payload === undefined) return rulesFor(service).payload;
  if (payload === 'unsigned' && url.protocol === 'http:' && !isPayloadOfRequest && !isThisMachine(url)) {
    throw new Aws4AuthError(
      "payload: 'unsigned' over http:// lets anyone on the way change the body; use https://, or ask for it on the " +
        "request itself with aws4: { payload: 'unsigned' }",
      'ERR_INVALID_OPTION',
    );
  }
  return payload;
}
