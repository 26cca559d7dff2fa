/** The signature of a request, in its headers or its query, with the key of its day. */
import { isDerivedKey, keyForDate, type OnDateMismatch, type OwnedKey } from '../credentials/derived-key.js';
import type { Endpoint } from '../destination/endpoint.js';
import { createLazyModule, createLoadError } from '../platform/lazy-module.js';
import { isPending } from '../platform/waiting.js';
import type { OutgoingRequest } from '../request/outgoing-request.js';
import type { OutgoingUrl } from '../request/outgoing-url.js';
import { formatAmzDate } from '../sigv4/amz-date.js';
import type { ChunkSeed } from '../sigv4/chunk-encoder.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import { getSigningKey } from '../sigv4/scoped-key.js';
import { signWithKey } from '../sigv4/sign-request.js';
import { sendsContentSha256 } from './payload-mode.js';
import type { PreparedRequest } from './prepared-request.js';
import { showTrace } from './signing-trace.js';
import type { Identity, SignedParts, SigningPlan } from './signing-plan.js';

/** Few hosts need SigV4a; its keys are loaded before the first request to one is prepared, or is redirected there. */
export const loadSigV4a = createLazyModule(() => import('../sigv4a/asymmetric-key.js'));

/** A request as it is to be signed. */
export interface UnsignedRequest extends Pick<OutgoingRequest, 'method' | 'headers' | 'body'> {
  readonly url: string;
  readonly target: OutgoingUrl['target'];
}

/** Signs a request, and shows the trace to whoever asked for it. */
export function signHeaders(
  { method, url, target, headers, body }: UnsignedRequest,
  datedMs: number,
  endpoint: Endpoint,
  { payload, bodyHash, framed }: PreparedRequest,
  plan: SigningPlan,
  identity: Identity,
): SignedParts {
  const { onSigned, onDateMismatch, querySigning } = plan;
  const contentSha256Header = querySigning === undefined && sendsContentSha256(plan, payload, endpoint.service);
  const amzDate = formatAmzDate(datedMs);
  const key = findKey(identity, amzDate.slice(0, 8), endpoint, onDateMismatch);
  const signIt = querySigning?.sign ?? signWithKey;
  const signed = signIt(
    {
      method,
      url,
      headers,
      body: typeof body === 'string' || isUint8Array(body) ? body : undefined,
    },
    key.signingKey,
    key,
    amzDate,
    {
      signedHeaders: framed === undefined ? plan.signedHeaders : framed.signedHeaders,
      // Beside a framing, which the headers say already, it is what does not contradict it.
      payload: framed === undefined ? payload : 'unsigned',
      contentSha256Header,
      s3ExpressSession: plan.isOfSession,
      bodyHash: body === undefined ? undefined : bodyHash,
      target,
      normalizePath: undefined,
      doubleEncodePath: undefined,
      omitSessionToken: undefined,
    },
  );
  if (onSigned !== undefined) showTrace(onSigned, signed.trace);
  return signed;
}

/** @param date the day, as `YYYYMMDD` */
export function findKey(
  identity: Identity,
  date: string,
  endpoint: Endpoint,
  onDateMismatch: OnDateMismatch,
): OwnedKey {
  if (isDerivedKey(identity)) {
    return { ...identity, signingKey: keyForDate(identity.signingKey, date, onDateMismatch) };
  }
  const { accessKeyId, sessionToken } = identity.credentials;
  const getKey = endpoint.algorithm === 'sigv4a' ? readSigV4a().getAsymmetricKey : getSigningKey;
  const signingKey = getKey(identity.credentials, date, endpoint.region, endpoint.service);
  return { accessKeyId, sessionToken, signingKey };
}

function readSigV4a() {
  const loaded = loadSigV4a();
  if (!isPending(loaded)) return loaded;
  throw createLoadError();
}

/** What the signatures of a body's chunks begin with. */
export function readSeed(
  { headers, trace }: SignedParts,
  endpoint: Endpoint,
  { onDateMismatch }: SigningPlan,
  identity: Identity,
): ChunkSeed {
  const amzDate = String(headers['X-Amz-Date']);
  const { signingKey } = findKey(identity, amzDate.slice(0, 8), endpoint, onDateMismatch);
  return { signingKey, amzDate, signature: trace.signature };
}
