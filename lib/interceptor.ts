/** The public functions: an interceptor that has requests signed as they are sent, and a signature without sending. */
import axios, { AxiosHeaders, type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from './errors.js';
import type { Aws4Options } from './options/options.js';
import type { Body } from './request/body.js';
import { readOwn } from './request/config.js';
import { compileOptions } from './options/plan.js';
import { createLazyModule } from './platform/lazy-module.js';
import { createAttachSigner, createLoadedSigner, type RequestSigner } from './sending/signing-adapter.js';
import type { Aws4PresignedPost, Aws4PresignedUrl } from './signing/presigning.js';
import type { HttpHeaders } from './sigv4/request-headers.js';
import type { PostPolicy } from './sigv4/presigned-post.js';
import type { SigningTrace } from './sigv4/signing-stages.js';
import { assertObject } from './sigv4/unknown-option.js';
import { loadSigner } from '#signer';

/**
 * A request interceptor of axios.
 *
 * @example
 * const interceptor: Aws4Interceptor = aws4Interceptor();
 * api.interceptors.request.use(interceptor);
 */
export type Aws4Interceptor = (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig;

/**
 * Makes an axios request interceptor that has requests signed with AWS Signature Version 4. The interceptor itself
 * signs nothing and never throws: it puts a signing adapter around the request's own, which signs the request that
 * axios has finished, after all interceptors and transforms, in a copy. The config shows no signature; a request that
 * is sent again is signed afresh. `config.aws4` overrides the options for one request; `aws4: false` sends it unsigned.
 *
 * @param options what to sign for, as whom and how; none is needed for a hostname of AWS in Node
 * @throws Aws4AuthError `ERR_INVALID_OPTION`, CredentialsError or EndpointError, at once, for options that cannot be
 * right; a request that cannot be signed is rejected with an {@link Aws4AuthError} and never sent
 *
 * @example
 * axios.interceptors.request.use(aws4Interceptor({ region: 'eu-west-1', service: 'execute-api' }));
 */
export function aws4Interceptor(options?: Aws4Options): Aws4Interceptor;
export function aws4Interceptor(options: Aws4Options = {}, ...others: readonly unknown[]): Aws4Interceptor {
  if (others.length > 0) {
    throw new Aws4AuthError(
      'aws4Interceptor: takes one argument; credentials are an option, and the instance is where it is registered',
      'ERR_INVALID_OPTION',
    );
  }
  const planRequest = compileOptions(options);
  return createAttachSigner(createLoadedSigner(({ createRequestSigner }) => createRequestSigner(planRequest)));
}

/**
 * A request as it would be sent, with each stage of its signature.
 *
 * @example
 * const { method, url, headers, body } = await aws4Sign({ url: objectUrl });
 */
export interface Aws4SignedRequest {
  /** The method, in upper case. */
  readonly method: string;
  /** The absolute URL, as it would be sent. */
  readonly url: string;
  /** The headers that would be sent, `Authorization` among them. */
  readonly headers: HttpHeaders;
  /** Text stands for its UTF-8 bytes; a stream is one that would be sent unread. */
  readonly body: Body;
  /** The session token and every other header that is a secret are redacted. */
  readonly trace: SigningTrace;
}

/**
 * Signs an axios request without sending it: for another client, or to see what would be sent. It goes through axios's
 * defaults and the config's transforms, and then the very path that a request takes which is sent.
 *
 * @param config a config of axios, as `axios.request` takes it
 * @param options as for {@link aws4Interceptor}; `config.aws4` stands on top of them
 * @throws Aws4AuthError for options or a request that cannot be signed
 *
 * @example
 * const { url, headers, trace } = await aws4Sign({ url: 'https://example.com/', params: { a: 1 } }, { region, service });
 * console.log(url, headers, trace.canonicalRequest);
 */
export async function aws4Sign(config: AxiosRequestConfig, options: Aws4Options = {}): Promise<Aws4SignedRequest> {
  const planRequest = compileOptions(options, true);
  const { signConfig, redactTrace } = await loadSigner();
  const { request, headers, trace } = await finishConfig(config, (final, adapter) =>
    signConfig(final, adapter, planRequest(final)),
  );
  return {
    method: request.method,
    url: request.url.href,
    headers,
    body: request.body,
    trace: redactTrace(trace),
  };
}

/** Has axios finish a config, with its defaults and the config's transforms, and makes something of it unsent. */
async function finishConfig<Made>(
  config: AxiosRequestConfig,
  make: (final: InternalAxiosRequestConfig, adapter: InternalAxiosRequestConfig['adapter']) => Promise<Made>,
): Promise<Made> {
  assertObject('config', config);
  if (readOwn(config, 'aws4') === false) {
    throw new Aws4AuthError('aws4: is false, which leaves nothing to sign', 'ERR_INVALID_OPTION');
  }
  const method: unknown = readOwn(config, 'method') ?? '';
  // axios would call a method of it.
  if (typeof method !== 'string') throw new Aws4AuthError('method: must be a string', 'ERR_INVALID_OPTION');
  let made: { readonly value: Made } | undefined;
  const signer: RequestSigner = {
    judge: (final) => ({
      send: async (adapter) => {
        made = { value: await make(final, adapter) };
        return { data: undefined, status: 200, statusText: '', headers: {}, config: final };
      },
    }),
  };
  const instance = axios.create();
  instance.interceptors.request.use(createAttachSigner(signer));
  await instance.request({ ...config, transformResponse: [], validateStatus: null });
  if (made === undefined) throw new Aws4AuthError('config: was not handed on by axios', 'ERR_INVALID_OPTION');
  return made.value;
}

/** What few programs need is loaded when it is first wanted. */
const loadPresigning = /* @__PURE__ */ createLazyModule(() => import('./signing/presigning.js'));

/**
 * Presigns an axios request: makes of it a URL that is good by itself, for whoever has it. The config is spelled as axios
 * spells it: `baseURL`, `params`, `paramsSerializer`. Its scheme may be `ws:` or `wss:` too. Of the headers just those are
 * signed that the config itself names; they come back, to be sent with the URL. S3 and its kin do not sign the body, every
 * other service signs its hash.
 *
 * A URL ends with the credentials that signed it. Where these would end sooner than the URL should, newer ones are asked
 * for, once for each set; where there are none that last longer, `expiresAt` says the earlier moment.
 *
 * @param config a config of axios: method, URL, `params`, and the headers that whoever sends it will send
 * @param options as for {@link aws4Interceptor}, with `expiresIn` in seconds, 900 by default; `config.aws4` stands on top
 * of them. `hosts` and `elsewhere` do not count: the URL is the caller's own
 * @throws Aws4AuthError for options or a request that cannot be signed; CredentialsError where the credentials end before
 * half of `expiresIn` is over
 *
 * @example
 * const { url, headers } = await aws4Presign(
 *   { method: 'put', url: 'https://my-bucket.s3.eu-west-1.amazonaws.com/photo.jpg', headers: { 'Content-Type': 'image/jpeg' } },
 *   { expiresIn: 600 },
 * );
 */
export async function aws4Presign(config: AxiosRequestConfig, options: Aws4Options = {}): Promise<Aws4PresignedUrl> {
  const planRequest = compileOptions(options, true);
  const { presignConfig } = await loadPresigning();
  const { Limits, prepareRequest, findKey, enterSession } = await loadSigner();
  return finishConfig(config, (final, adapter) => {
    const limits = new Limits(final);
    limits.throwIfCanceled();
    return presignConfig(final, config, planRequest(final), limits, {
      prepareRequest,
      findKey,
      enterSession: (plan, prepared) => enterSession(plan, prepared, final, adapter, limits),
    });
  });
}

/**
 * Signs a POST policy: a form with these fields, and a file after them, uploads to a bucket of S3 until it expires. Every
 * field gets a condition, so that none can be changed or added, but for those that `conditions` leave open.
 *
 * @param policy `url`, `bucket` and `key`, and where wanted `fields`, `conditions` and `expiresIn` in seconds, 900 by default
 * @param options as for {@link aws4Interceptor}: who signs, and for which `region`; `service` is S3 where nothing says so
 * @throws Aws4AuthError for options, fields or conditions that cannot be right, by their name; CredentialsError where the
 * credentials end before half of `expiresIn` is over
 *
 * @example
 * const { url, fields } = await aws4PresignPost({
 *   url: 'https://my-bucket.s3.eu-west-1.amazonaws.com/',
 *   bucket: 'my-bucket',
 *   key: 'uploads/${filename}',
 *   conditions: [['content-length-range', 1, 10_000_000]],
 * });
 */
export async function aws4PresignPost(policy: PostPolicy, options: Aws4Options = {}): Promise<Aws4PresignedPost> {
  const config = { headers: new AxiosHeaders() };
  const plan = compileOptions(options, true)(config);
  const { presignPolicy } = await loadPresigning();
  const { Limits, prepareRequest, findKey, enterSession } = await loadSigner();
  const limits = new Limits(config);
  return presignPolicy(policy, plan, limits, {
    prepareRequest,
    findKey,
    enterSession: (chosen, prepared) => enterSession(chosen, prepared, config, undefined, limits),
  });
}
