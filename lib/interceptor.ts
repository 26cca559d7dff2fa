/** The public functions: an interceptor that has requests signed as they are sent, and a signature without sending. */
import axios, { type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from './errors.js';
import type { Aws4Options } from './options/options.js';
import { readOwn } from './request/config.js';
import { compileOptions } from './options/plan.js';
import { createRequestSigner, signConfig } from './sending/request-signer.js';
import { attachSigner, type RequestSigner } from './sending/signing-adapter.js';
import type { Attempt } from './signing/attempt.js';
import { redactTrace } from './signing/signing-trace.js';
import type { SigningTrace } from './sigv4/sign-request.js';

/** A request interceptor of axios. */
export type Aws4Interceptor = (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig;

/**
 * Makes an axios request interceptor that has requests signed with AWS Signature Version 4. The interceptor itself
 * signs nothing and never throws: it puts a signing adapter around the request's own, which signs the request that
 * axios has finished, after all interceptors and transforms, in a copy. The config shows no signature; a request that
 * is sent again is signed afresh. `config.aws4` overrides the options for one request; `aws4: false` sends it unsigned.
 *
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
  const signer = createRequestSigner(compileOptions(options));
  return (config) => attachSigner(config, signer);
}

/** A request as it would be sent, with each stage of its signature. */
export interface Aws4SignedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Attempt['headers'];
  /** Text stands for its UTF-8 bytes; a stream is one that would be sent unread. */
  readonly body: Attempt['request']['body'];
  /** The session token and every other header that is a secret are redacted. */
  readonly trace: SigningTrace;
}

/**
 * Signs an axios request without sending it: for another client, or to see what would be sent. It goes through axios's
 * defaults and the config's transforms, and then the very path that a request takes which is sent.
 *
 * @param options as for {@link aws4Interceptor}; `config.aws4` stands on top of them
 * @throws Aws4AuthError for options or a request that cannot be signed
 *
 * @example
 * const { url, headers, trace } = await aws4Sign({ url: 'https://example.com/', params: { a: 1 } }, { region, service });
 * console.log(url, headers, trace.canonicalRequest);
 */
export async function aws4Sign(config: AxiosRequestConfig, options: Aws4Options = {}): Promise<Aws4SignedRequest> {
  if (readOwn(config, 'aws4') === false) {
    throw new Aws4AuthError('aws4: is false, which leaves nothing to sign', 'ERR_INVALID_OPTION');
  }
  const planRequest = compileOptions(options);
  let attempt: Attempt | undefined;
  const signer: RequestSigner = {
    judge: (final) => ({
      send: async (adapter) => {
        attempt = await signConfig(final, adapter, planRequest(final));
        return { data: undefined, status: 200, statusText: '', headers: {}, config: final };
      },
    }),
  };
  const instance = axios.create();
  instance.interceptors.request.use((final) => attachSigner(final, signer));
  await instance.request({ ...config, transformResponse: [], validateStatus: null });
  if (attempt === undefined) throw new Aws4AuthError('config: was not handed on by axios', 'ERR_INVALID_OPTION');
  const { request, headers, trace } = attempt;
  return {
    method: request.method,
    url: request.url.href,
    headers,
    body: request.body,
    trace: redactTrace(trace),
  };
}
