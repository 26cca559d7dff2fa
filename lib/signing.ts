/** Signs one config: everything that its signature covers is settled first, in the order that it depends on. */
import type { AxiosHeaderValue, InternalAxiosRequestConfig } from 'axios';
import { hashInSlices } from './body-hash.js';
import { nameAdapter, type AdapterName } from './adapter-name.js';
import { prepareBody, type Body } from './body.js';
import { isPending, waitUnlessCanceled } from './cancellation.js';
import { keyForDate, type DerivedKey } from './derived-key.js';
import { resolveEndpoint, type Endpoint } from './endpoint.js';
import { createHostError, maySign } from './hosts.js';
import type { ResolvedOptions } from './options.js';
import { parseConfigUrl, settleMethod, spellConfigUrl, spellUrl, type OutgoingRequest } from './outgoing-request.js';
import { choosePayloadMode } from './payload.js';
import { createRedirectPolicy, type FollowPolicy, type SignHop } from './redirect.js';
import { readClock, readRequestDate } from './request-date.js';
import {
  readSignatureHeaders,
  toSentHeaders,
  writeSignatureHeaders,
  type SignatureHeaders,
} from './signature-headers.js';
import { formatAmzDate } from './sigv4/amz-date.js';
import type { Credentials } from './sigv4/credentials.js';
import { isUint8Array } from './sigv4/payload-hash.js';
import type { PayloadMode } from './sigv4/service-rules.js';
import type { HttpHeaders } from './sigv4/request-headers.js';
import { signWithKey, type SignedRequest, type SigningTrace } from './sigv4/sign-request.js';
import { getSigningKey } from './sigv4/signing-key.js';

type Config = InternalAxiosRequestConfig;

/** What signing made of a config, to tell later whether it still holds, to undo it, and to follow redirects. */
export interface Signed {
  readonly request: OutgoingRequest;
  readonly service: string;
  /** What the body was made from. */
  readonly data: unknown;
  readonly aws4: Config['aws4'];
  /** All headers that were to be sent when the signature was made, and that sign them. */
  readonly headers: HttpHeaders;
  /** What signing found in the headers that it sets, and what it left. */
  readonly before: SignatureHeaders;
  readonly after: SignatureHeaders;
  readonly adapterName: AdapterName;
  readonly contentType: ContentTypes;
  createRedirectPolicy(): FollowPolicy;
}

export interface ContentTypes {
  /** As axios leaves it, after its transforms and its default for the method. */
  readonly settled: AxiosHeaderValue | undefined;
  /** As the body's kind made it. */
  readonly sent: AxiosHeaderValue | undefined;
}

/** The default of `maxStreamBytes`. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024;

/**
 * Signs a config in its headers, for the data that its transforms gave.
 *
 * @returns `undefined` where the request goes to a host that is not to see a signature, and may go unsigned
 */
export async function signConfig(config: Config, data: unknown, options: ResolvedOptions): Promise<Signed | undefined> {
  const { headers, aws4 } = config;
  const { hosts, maxStreamBytes = MAX_STREAM_BYTES, clock = Date.now, onInvalidDate = 'replace' } = options;
  const parsed = parseConfigUrl(config);
  if (!maySign(parsed, hosts, config)) {
    if (options.elsewhere === 'unsigned') return undefined;
    throw createHostError(parsed, hosts);
  }
  const endpoint = resolveEndpoint(options, parsed.hostname);
  const method = settleMethod(config);
  const url = spellConfigUrl(config, parsed, endpoint.service);
  const payload = choosePayloadMode(config, parsed, options, endpoint.service);
  const adapterName = nameAdapter(config);
  const settled = headers.getContentType() ?? undefined;
  const rules = { isUnsigned: payload === 'unsigned', maxStreamBytes, adapterName };
  const prepared = prepareBody(data, config, rules);
  const body = isPending(prepared) ? await waitUnlessCanceled(config, prepared) : prepared;
  const hashing = payload === 'signed' ? hashInSlices(body) : undefined;
  const bodyHash = hashing === undefined ? undefined : await waitUnlessCanceled(config, hashing);
  const identifying = identifySigner(options);
  const findKey = isPending(identifying) ? await waitUnlessCanceled(config, identifying) : identifying;

  const signHeaders = createHeaderSigner(options, findKey, payload, bodyHash);
  const before = readSignatureHeaders(headers);
  const ms = readRequestDate(before, onInvalidDate);
  // A Date that cannot be read goes with the X-Amz-Date that takes its place.
  const dated = ms === undefined && before.Date !== undefined ? { ...before, Date: undefined } : before;
  if (dated !== before) writeSignatureHeaders(headers, dated);
  const amzDate = formatAmzDate(ms ?? readClock(clock));
  const signed = signHeaders(
    { method, url: url.href, headers: toSentHeaders(headers, adapterName), body },
    amzDate,
    endpoint,
  );
  const after = {
    Date: dated.Date,
    'X-Amz-Date': amzDate,
    Authorization: signed.headers.Authorization,
    'X-Amz-Content-Sha256': signed.headers['X-Amz-Content-Sha256'],
    'X-Amz-Security-Token': signed.headers['X-Amz-Security-Token'],
  };
  writeSignatureHeaders(headers, after);

  const signHop: SignHop = (hop) => {
    const hopEndpoint = resolveEndpoint(options, hop.url.hostname);
    const href = spellUrl(hop.url, hopEndpoint.service);
    const request = { method: hop.method, url: href, headers: hop.headers, body: hop.keepsBody ? body : undefined };
    return { href, headers: signHeaders(request, formatAmzDate(readClock(clock)), hopEndpoint).headers };
  };
  return {
    request: { method, url, body },
    service: endpoint.service,
    data,
    aws4,
    headers: signed.headers,
    before,
    after,
    adapterName,
    contentType: { settled, sent: headers.getContentType() ?? undefined },
    createRedirectPolicy: () => createRedirectPolicy(parsed, hosts, signHop),
  };
}

type FindKey = (date: string, endpoint: Endpoint) => DerivedKey;

/** Loads what the request is signed with, one consistent set; what comes back finds its key for a day. */
function identifySigner({ signer, onDateMismatch = 'rederive' }: ResolvedOptions): FindKey | Promise<FindKey> {
  if (typeof signer !== 'function') {
    return (date) => ({ ...signer, signingKey: keyForDate(signer.signingKey, date, onDateMismatch) });
  }
  const credentials = signer();
  return isPending(credentials) ? credentials.then(createFindKey) : createFindKey(credentials);
}

function createFindKey(credentials: Credentials): FindKey {
  const { accessKeyId, sessionToken } = credentials;
  return (date, { region, service }) => ({
    accessKeyId,
    sessionToken,
    signingKey: getSigningKey(credentials, date, region, service),
  });
}

type HeaderSigner = (
  request: { readonly method: string; readonly url: string; readonly headers: HttpHeaders; readonly body: Body },
  amzDate: string,
  endpoint: Endpoint,
) => SignedRequest;

function createHeaderSigner(
  { signedHeaders, onSigned }: ResolvedOptions,
  findKey: FindKey,
  payload: PayloadMode,
  bodyHash: string | undefined,
): HeaderSigner {
  return ({ method, url, headers, body }, amzDate, endpoint) => {
    const key = findKey(amzDate.slice(0, 8), endpoint);
    const signed = signWithKey(
      { method, url, headers, body: typeof body === 'string' || isUint8Array(body) ? body : undefined },
      key.signingKey,
      key,
      amzDate,
      { signedHeaders, payload, contentSha256Header: true, bodyHash: body === undefined ? undefined : bodyHash },
    );
    onSigned?.(redactToken(signed.trace, key.sessionToken));
    return signed;
  };
}

function redactToken(trace: SigningTrace, sessionToken: string | undefined): SigningTrace {
  if (sessionToken === undefined) return trace;
  const line = (value: string): string => `\nx-amz-security-token:${value}\n`;
  return { ...trace, canonicalRequest: trace.canonicalRequest.replace(line(sessionToken), line('REDACTED')) };
}
