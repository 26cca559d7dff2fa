/** Presigned URLs and POST policies from what axios's configs and this package's options say: loaded when first wanted. */
import type { AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import type { OwnedKey } from '../credentials/derived-key.js';
import { parseAwsHostname } from '../destination/aws-hostname.js';
import { resolveEndpoint } from '../destination/endpoint.js';
import { Aws4AuthError } from '../errors.js';
import { isObject } from '../platform/object-kinds.js';
import type { WaitLimits } from '../platform/waiting.js';
import { isFormData } from '../request/body-kinds.js';
import { readOwn } from '../request/config.js';
import { findName, readConfigHeaders } from '../request/config-headers.js';
import { joinUrl, parseConfigUrl, parseUrl, toSignedUrl } from '../request/outgoing-url.js';
import type { ParsedUrl } from '../request/parsed-url.js';
import { isStream } from '../request/stream.js';
import { formatAmzDate } from '../sigv4/amz-date.js';
import { assertExpiresIn } from '../sigv4/expiration.js';
import { isUint8Array } from '../sigv4/payload-hash.js';
import { presignPostWithKey, type PostPolicy, type PresignedPost } from '../sigv4/presigned-post.js';
import { presignWithKey, UNLIMITED_SERVICE } from '../sigv4/presigned-url.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { isS3Kin } from '../sigv4/service-rules.js';
import { assertObject } from '../sigv4/unknown-option.js';
import type { SigningPlan } from './signing-plan.js';
import { findDefaultLife, loadIdentity, logPresigned } from './presigning-identity.js';
import type { PreparedRequest, prepareRequest, SessionSubject } from './prepared-request.js';
import type { findKey } from './request-signature.js';
import { choosePayloadMode } from './payload-mode.js';
import { takeQuery } from './query-signing.js';
import { showTrace } from './signing-trace.js';

type Config = InternalAxiosRequestConfig;

/**
 * A URL that is good by itself, and how it is to be sent.
 *
 * @example
 * const { method, url, headers, expiresAt } = await aws4Presign({ method: 'put', url: objectUrl }, { expiresIn: 600 });
 */
export interface Aws4PresignedUrl {
  /** The method, in upper case: it is signed too. */
  readonly method: string;
  /** The URL with its signature. Whoever has it may use it until it ends. */
  readonly url: string;
  /** The headers that must be sent with it as they are, since they are signed. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** When the URL ends: after `expiresIn`, or with the credentials, where these end sooner. */
  readonly expiresAt: Date;
}

/**
 * The fields of a form that uploads to S3.
 *
 * @example
 * const { url, fields, expiresAt } = await aws4PresignPost({ url: bucketUrl, bucket, key: 'uploads/${filename}' });
 */
export interface Aws4PresignedPost extends PresignedPost {
  /** When the form ends: after `expiresIn`, or with the credentials, where these end sooner. */
  readonly expiresAt: Date;
}

/** What signs any request; given, since what is loaded when it is needed must not import what loads it. */
export interface SigningSteps<Plan> {
  readonly findKey: typeof findKey;
  readonly prepareRequest: typeof prepareRequest;
  /** The plan with the session of S3 Express that signs the request, where one does. */
  readonly enterSession: (plan: Plan, prepared: SessionSubject) => Promise<Plan>;
}

/** How long a URL without `X-Amz-Expires` is taken: services accept dates that are 5 minutes off, in seconds. */
const DATED_ONLY_S = 300;

/**
 * Presigns a config that axios has finished.
 *
 * @param given the config as the caller gave it: only the headers that it names are signed
 */
export async function presignConfig<Plan extends SigningPlan>(
  final: Config,
  given: AxiosRequestConfig,
  givenPlan: Plan,
  limits: WaitLimits,
  { prepareRequest, findKey, enterSession }: SigningSteps<Plan>,
): Promise<Aws4PresignedUrl> {
  const joined: unknown = joinUrl(final);
  const scheme = /^wss?(?=:)/i.exec(String(joined))?.[0].toLowerCase();
  const config = scheme === undefined ? final : replaceSocketScheme(final);
  const url = parseConfigUrl(config);
  const names = listNames(readOwn(given, 'headers'), final.method);
  // What is presigned is sent by others: it weakens no body on its way.
  const ownPlan = chooseService(
    { ...givenPlan, signIn: 'query', isPayloadOfRequest: true, signedHeaders: [...names].filter(isPlainName) },
    url,
    scheme,
  );
  assertRepeatable(config, url, ownPlan);
  const length = takeLength(config);
  const prepared = await prepareRequest({ config, url, adapterName: 'custom', plan: ownPlan, limits });
  const plan = await enterSession(ownPlan, prepared);
  const { service } = prepared.endpoint;
  const askedS = plan.expiresIn ?? (service === UNLIMITED_SERVICE ? undefined : findDefaultLife(plan));
  const lasting = await loadIdentity(plan, prepared.chosenMs, askedS ?? DATED_ONLY_S, limits);
  const { identity, signedMs, expiresAt } = lasting;
  const expiresIn = plan.isOfSession ? Math.floor((expiresAt.getTime() - signedMs) / 1000) : askedS;
  const amzDate = formatAmzDate(signedMs);
  const key = findKey(identity, amzDate.slice(0, 8), prepared.endpoint, plan.onDateMismatch);
  const headers = selectHeaders({ ...prepared.request.headers, ...length }, names);
  const signed = presign(prepared, plan, key, amzDate, headers, expiresIn);
  const { method, url: unsignedUrl } = prepared.request;
  const presignedUrl = takeQuery(unsignedUrl.href, signed.url);
  logPresigned(prepared, plan, lasting, prepared.chosenMs);
  return {
    method,
    url: scheme === undefined ? presignedUrl : presignedUrl.replace(/^https?/, scheme),
    headers: signed.headers,
    expiresAt,
  };
}

/** The same config for the request that opens its WebSocket (RFC 6455, section 4.1). */
function replaceSocketScheme(config: Config): Config {
  const toHttp = (url: unknown): string => (isText(url) ? String(url) : '').replace(/^ws(?=s?:)/i, 'http');
  return { ...config, url: toHttp(readOwn(config, 'url')), baseURL: toHttp(readOwn(config, 'baseURL')) };
}

/** A caller without TypeScript may pass a `URL` too. */
function isText(url: unknown): url is string | URL {
  return typeof url === 'string' || url instanceof URL;
}

/**
 * Takes the Content-Length of a config without a body out of it: it is the one of a body that others send, which may have
 * just that many bytes.
 */
function takeLength(config: Config): HttpHeaders {
  const data: unknown = readOwn(config, 'data');
  const name = findName(config.headers, 'Content-Length');
  const length: unknown = Object.hasOwn(config.headers, name) ? config.headers[name] : undefined;
  if ((data !== undefined && data !== null) || (typeof length !== 'string' && typeof length !== 'number')) return {};
  if (!/^\d+$/.test(String(length))) {
    throw new Aws4AuthError('Content-Length: must be a number of bytes', 'ERR_INVALID_HEADER');
  }
  config.headers.delete(name);
  return { [name]: String(length) };
}

/** AWS IoT signs MQTT over WebSocket for another service than its HTTPS API, on the same host. */
function chooseService<Plan extends SigningPlan>(
  plan: Plan,
  { hostname }: ParsedUrl,
  scheme: string | undefined,
): Plan {
  const isMqtt = scheme !== undefined && plan.service === undefined && plan.signingKey === undefined;
  return isMqtt && parseAwsHostname(hostname)?.service === 'iotdata' ? { ...plan, service: UNLIMITED_SERVICE } : plan;
}

/** @throws Aws4AuthError `ERR_UNSUPPORTED_BODY` for a body whose hash is signed and that cannot be sent a second time */
function assertRepeatable(config: Config, url: ParsedUrl, plan: SigningPlan): void {
  const data: unknown = readOwn(config, 'data');
  if (!isStream(data) && !isFormData(data)) return;
  const { sent } = readConfigHeaders(config, url, 'custom', plan.signedHeaders);
  if (choosePayloadMode(sent, url, plan, resolveEndpoint(plan, url.hostname, parseAwsHostname).service) !== 'signed')
    return;
  throw new Aws4AuthError(
    'data: a stream or a form is not the same when it is sent again, and its hash would be in the URL; pass its bytes, ' +
      "or payload: 'unsigned' where the service takes that",
    'ERR_UNSUPPORTED_BODY',
  );
}

/** The names of the headers that a config names itself, in lower case; those of `headers.common` and `headers.put` too. */
function listNames(headers: unknown, method = 'get'): ReadonlySet<string> {
  const buckets = ['common', method.toLowerCase()].map((name): unknown =>
    isObject(headers) && Object.hasOwn(headers, name) ? Reflect.get(headers, name) : undefined,
  );
  return new Set([headers, ...buckets].flatMap(listOwnNames).map((name) => name.toLowerCase()));
}

/** Whether a name can stand in `signedHeaders`; any other is refused where it is signed. */
function isPlainName(name: string): boolean {
  return /^[a-z0-9-]+$/.test(name);
}

function listOwnNames(headers: unknown): readonly string[] {
  if (!isObject(headers)) return [];
  return headers instanceof Headers ? [...headers.keys()] : Object.keys(headers);
}

function presign(
  { request, endpoint, payload, bodyHash }: PreparedRequest,
  plan: SigningPlan,
  key: OwnedKey,
  amzDate: string,
  headers: HttpHeaders,
  expiresIn: number | undefined,
) {
  const { method, url, body } = request;
  const signed = presignWithKey(
    {
      method,
      url: toSignedUrl(url.href, endpoint.service),
      headers,
      body: typeof body === 'string' || isUint8Array(body) ? body : undefined,
    },
    key.signingKey,
    key,
    amzDate,
    { payload, bodyHash: body === undefined ? undefined : bodyHash, expiresIn, s3ExpressSession: plan.isOfSession },
  );
  if (plan.onSigned !== undefined) showTrace(plan.onSigned, signed.trace);
  return signed;
}

function selectHeaders(headers: HttpHeaders, names: ReadonlySet<string>): HttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.has(name.toLowerCase())));
}

/** Signs a POST policy. */
export async function presignPolicy<Plan extends SigningPlan>(
  policy: PostPolicy,
  givenPlan: Plan,
  limits: WaitLimits,
  { findKey, enterSession }: SigningSteps<Plan>,
): Promise<Aws4PresignedPost> {
  assertObject('policy', policy);
  const { hostname, href } = parseUrl(readOwn(policy, 'url') ?? '', undefined);
  const named = parseAwsHostname(hostname)?.service;
  const isNamed = named !== undefined && isS3Kin(named);
  const usual = givenPlan.signingKey === undefined && !isNamed ? 's3' : undefined;
  const ownPlan = { ...givenPlan, service: givenPlan.service ?? usual };
  const endpoint = resolveEndpoint(ownPlan, hostname, parseAwsHostname);
  if (endpoint.algorithm === 'sigv4a') {
    throw new Aws4AuthError(
      "algorithm: a POST policy is signed with SigV4 alone, for one region; pass algorithm: 'sigv4' and the region, and as " +
        "url the bucket's own",
      'ERR_INVALID_OPTION',
    );
  }
  const request = { method: 'POST', url: { href }, headers: {} };
  const plan = await enterSession(ownPlan, { endpoint, request });
  const expiresIn = assertExpiresIn(readOwn(policy, 'expiresIn') ?? plan.expiresIn ?? findDefaultLife(plan));
  const lasting = await loadIdentity(plan, undefined, expiresIn, limits);
  const { identity, signedMs, expiresAt } = lasting;
  const key = findKey(identity, formatAmzDate(signedMs).slice(0, 8), endpoint, plan.onDateMismatch);
  logPresigned({ request, endpoint }, { ...plan, service: givenPlan.service }, lasting, undefined);
  return { ...presignPostWithKey(policy, key.signingKey, key, signedMs, expiresIn, plan.isOfSession), expiresAt };
}
