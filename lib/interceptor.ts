/** The interceptor: one request, from axios's config to one that is signed, and stays so until it is sent. */
import type { InternalAxiosRequestConfig } from 'axios';
import { throwIfCanceled } from './cancellation.js';
import { overrideOptions, resolveOptions, type Aws4Options } from './options.js';
import { signConfig } from './signing.js';
import { keepTransformed, transformData } from './transforms.js';
import {
  attachTransport,
  clearUnknownSignature,
  isSignedByOther,
  releaseConfig,
  type SignConfig,
} from './transport.js';

/** A request interceptor of axios. */
export type Aws4Interceptor = (config: InternalAxiosRequestConfig) => Promise<InternalAxiosRequestConfig>;

/**
 * Makes an axios request interceptor that signs requests with AWS Signature Version 4. What it signs is what axios
 * sends: it applies `transformRequest`, joins `baseURL`, `url` and `params`, settles the content type and hashes the
 * body first. A request that is sent again is signed afresh. `config.aws4` overrides the options for one request;
 * `aws4: false` sends it unsigned.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION`, CredentialsError or EndpointError, at once, for options that cannot be
 * right; a request that cannot be signed is rejected with an {@link Aws4AuthError} and never sent
 *
 * @example
 * axios.interceptors.request.use(aws4Interceptor({ region: 'eu-west-1', service: 'execute-api' }));
 */
export function aws4Interceptor(options: Aws4Options = {}): Aws4Interceptor {
  const defaults = resolveOptions(options);
  const sign: SignConfig = (config, data, remedy) =>
    config.aws4 === false
      ? Promise.resolve(undefined)
      : signConfig(config, data, overrideOptions(defaults, config.aws4), remedy);

  return async (given) => {
    const config = releaseConfig(given);
    if (config.aws4 === false) return config;
    throwIfCanceled(config);
    clearUnknownSignature(config.headers);
    const contentType = config.headers.getContentType() ?? undefined;
    const transformed = transformData(config);
    const signed = await sign(config, transformed);
    // Elsewhere is where another interceptor may sign.
    if (signed === undefined && isSignedByOther(given, sign)) return given;
    const data = keepTransformed(config, transformed, signed?.request.body);
    const kept = signed === undefined || signed.data === data ? signed : { ...signed, data };
    return attachTransport(config, kept, sign, contentType);
  };
}
