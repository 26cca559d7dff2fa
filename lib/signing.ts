/** Signs one config: everything that its signature covers is settled first, in the order that it depends on. */
import type { AxiosHeaderValue, InternalAxiosRequestConfig } from 'axios';
import { hashInSlices } from './body-hash.js';
import { nameAdapter, type AdapterName } from './adapter-name.js';
import { prepareBody, type Body } from './body.js';
import { isPending, waitUnlessCanceled } from './cancellation.js';
import { readClock, type CorrectedClock } from './clock.js';
import type { CredentialSet } from './credentials.js';
import { keyForDate, type DerivedKey } from './derived-key.js';
import { resolveEndpoint, type Endpoint } from './endpoint.js';
import { createHostError, maySign } from './hosts.js';
import type { ResolvedOptions } from './options.js';
import {
  parseConfigUrl,
  settleMethod,
  spellConfigUrl,
  spellUrl,
  toSignedUrl,
  type OutgoingRequest,
} from './outgoing-request.js';
import { choosePayloadMode } from './payload.js';
import { createRedirectPolicy, type FollowPolicy, type SignHop } from './redirect.js';
import { readRequestDate } from './request-date.js';
import {
  readSignatureHeaders,
  toSentHeaders,
  writeSignatureHeaders,
  type SignatureHeaders,
} from './signature-headers.js';
import { formatAmzDate } from './sigv4/amz-date.js';
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
  readonly options: ResolvedOptions;
  /** The clock that it was dated by. */
  readonly time: CorrectedClock;
  readonly sent: LastHop;
  /** What it was signed with; `undefined` where that was a derived key. */
  readonly credentials: CredentialSet | undefined;
  createRedirectPolicy(): FollowPolicy;
}

/** Where a request was sent last: by redirects, that changes. */
export interface LastHop {
  origin: string;
  /** Whether it was signed there, and may be sent once more from its beginning: no server has carried it out yet. */
  mayHeal: boolean;
  /** The moment of its signature, in ms since the epoch; `undefined` where the caller chose that. */
  datedMs: number | undefined;
  /** When it was sent, by the uncorrected clock; 0 before. */
  sentMs: number;
}

/** What the answer to a signed request told of how to sign it, so that it is accepted. */
export interface Remedy {
  /** How far the clock of an origin's server is ahead. */
  readonly skew?: { readonly origin: string; readonly skewMs: number };
  readonly credentials?: CredentialSet;
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
export async function signConfig(
  config: Config,
  data: unknown,
  options: ResolvedOptions,
  remedy: Remedy = {},
): Promise<Signed | undefined> {
  const settled = await settleRequest(config, data, options);
  if (settled === undefined) return undefined;
  const { request, endpoint, adapterName, contentType, parsed } = settled;
  const { method, url, body } = request;
  const { clock, skews } = options;
  const nowAt = (origin: string): number => {
    const skewMs = remedy.skew?.origin === origin ? remedy.skew.skewMs : skews.read(origin);
    return readClock(clock) + skewMs;
  };
  const time: CorrectedClock = { now: () => nowAt(parsed.origin), uncorrected: () => readClock(clock) };
  const identifying = remedy.credentials === undefined ? identifySigner(options, time) : fromSet(remedy.credentials);
  const identity = isPending(identifying) ? await waitUnlessCanceled(config, identifying) : identifying;

  const signHeaders = createHeaderSigner(options, identity.findKey, settled);
  const { headers } = config;
  const before = readSignatureHeaders(headers);
  const { amzDate, dateHeader, datedMs } = dateRequest(headers, before, time, options);
  const signed = signHeaders(
    { method, url: url.href, headers: toSentHeaders(headers, adapterName), body },
    amzDate,
    endpoint,
  );
  const after = {
    Date: dateHeader,
    'X-Amz-Date': amzDate,
    Authorization: signed.headers.Authorization,
    'X-Amz-Content-Sha256': signed.headers['X-Amz-Content-Sha256'],
    'X-Amz-Security-Token': signed.headers['X-Amz-Security-Token'],
  };
  writeSignatureHeaders(headers, after);

  const sent: LastHop = {
    origin: parsed.origin,
    // Where fetch follows redirects by itself, nobody sees whose answer it is.
    mayHeal: adapterName !== 'fetch' || config.fetchOptions?.redirect !== 'follow',
    datedMs,
    sentMs: 0,
  };
  return {
    request,
    service: endpoint.service,
    data,
    aws4: config.aws4,
    headers: signed.headers,
    before,
    after,
    adapterName,
    contentType,
    options,
    time,
    sent,
    credentials: identity.set,
    createRedirectPolicy: () => createFollowPolicy(settled, options, nowAt, signHeaders, sent),
  };
}

/** Signs redirects, and keeps in `sent` where they have led. */
function createFollowPolicy(
  { request, parsed }: Settled,
  options: ResolvedOptions,
  nowAt: (origin: string) => number,
  signHeaders: HeaderSigner,
  sent: LastHop,
): FollowPolicy {
  const { clock } = options;
  let isRepeatable = sent.mayHeal;
  const signHop: SignHop = ({ method, url, headers, keepsBody }) => {
    const endpoint = resolveEndpoint(options, url.hostname);
    const href = spellUrl(url, endpoint.service);
    const datedMs = nowAt(url.origin);
    const body = keepsBody ? request.body : undefined;
    const signed = signHeaders({ method, url: href, headers, body }, formatAmzDate(datedMs), endpoint);
    Object.assign(sent, { origin: url.origin, mayHeal: isRepeatable, datedMs, sentMs: readClock(clock) });
    return { href, headers: signed.headers };
  };
  const follow = createRedirectPolicy(parsed, options.hosts, signHop);
  return (hop) => {
    // A POST that leads to a GET was carried out.
    isRepeatable &&= hop.keepsBody && hop.method === request.method;
    sent.mayHeal = false;
    return follow(hop);
  };
}

/** A request of which all is settled that a signature covers, but for its date. */
interface Settled {
  readonly request: OutgoingRequest;
  readonly parsed: URL;
  readonly endpoint: Endpoint;
  readonly payload: PayloadMode;
  readonly bodyHash: string | undefined;
  readonly adapterName: AdapterName;
  readonly contentType: ContentTypes;
}

async function settleRequest(config: Config, data: unknown, options: ResolvedOptions): Promise<Settled | undefined> {
  const { hosts, elsewhere, maxStreamBytes = MAX_STREAM_BYTES } = options;
  const parsed = parseConfigUrl(config);
  if (!maySign(parsed, hosts, config)) {
    if (elsewhere === 'unsigned') return undefined;
    throw createHostError(parsed, hosts);
  }
  const endpoint = resolveEndpoint(options, parsed.hostname);
  const method = settleMethod(config);
  const url = spellConfigUrl(config, parsed, endpoint.service);
  const payload = choosePayloadMode(config, parsed, options, endpoint.service);
  const adapterName = nameAdapter(config);
  const settled = config.headers.getContentType() ?? undefined;
  const prepared = prepareBody(data, config, { isUnsigned: payload === 'unsigned', maxStreamBytes, adapterName });
  const body = isPending(prepared) ? await waitUnlessCanceled(config, prepared) : prepared;
  const hashing = payload === 'signed' ? hashInSlices(body) : undefined;
  const bodyHash = hashing === undefined ? undefined : await waitUnlessCanceled(config, hashing);
  const contentType = { settled, sent: config.headers.getContentType() ?? undefined };
  return { request: { method, url, body }, parsed, endpoint, payload, bodyHash, adapterName, contentType };
}

/** The moment that the request's headers say, or now; a Date that cannot be read goes with what takes its place. */
function dateRequest(
  headers: Config['headers'],
  before: SignatureHeaders,
  { now }: CorrectedClock,
  { onInvalidDate = 'replace' }: ResolvedOptions,
): { readonly amzDate: string; readonly dateHeader: unknown; readonly datedMs: number | undefined } {
  const chosenMs = readRequestDate(before, onInvalidDate);
  if (chosenMs !== undefined) return { amzDate: formatAmzDate(chosenMs), dateHeader: before.Date, datedMs: undefined };
  if (before.Date !== undefined) writeSignatureHeaders(headers, { ...before, Date: undefined });
  const datedMs = now();
  return { amzDate: formatAmzDate(datedMs), dateHeader: undefined, datedMs };
}

/** Who signs: one consistent set of credentials, or a derived key. */
interface Identity {
  readonly set: CredentialSet | undefined;
  /** The key for a day, as `YYYYMMDD`. */
  readonly findKey: (date: string, endpoint: Endpoint) => DerivedKey;
}

function identifySigner(
  { signer, onDateMismatch = 'rederive' }: ResolvedOptions,
  time: CorrectedClock,
): Identity | Promise<Identity> {
  if ('signingKey' in signer) {
    return {
      set: undefined,
      findKey: (date) => ({ ...signer, signingKey: keyForDate(signer.signingKey, date, onDateMismatch) }),
    };
  }
  const set = signer.load(time);
  return isPending(set) ? set.then(fromSet) : fromSet(set);
}

function fromSet(set: CredentialSet): Identity {
  const { accessKeyId, sessionToken } = set.credentials;
  return {
    set,
    findKey: (date, { region, service }) => ({
      accessKeyId,
      sessionToken,
      signingKey: getSigningKey(set.credentials, date, region, service),
    }),
  };
}

type HeaderSigner = (
  request: { readonly method: string; readonly url: string; readonly headers: HttpHeaders; readonly body: Body },
  amzDate: string,
  endpoint: Endpoint,
) => SignedRequest;

function createHeaderSigner(
  { signedHeaders, onSigned }: ResolvedOptions,
  findKey: Identity['findKey'],
  { payload, bodyHash }: Settled,
): HeaderSigner {
  return ({ method, url, headers, body }, amzDate, endpoint) => {
    const key = findKey(amzDate.slice(0, 8), endpoint);
    const signed = signWithKey(
      {
        method,
        url: toSignedUrl(url, endpoint.service),
        headers,
        body: typeof body === 'string' || isUint8Array(body) ? body : undefined,
      },
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
