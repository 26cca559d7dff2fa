/**
 * The face of `axios-aws4auth/aws4-axios`: the API of aws4-axios 3 (https://github.com/jamesmbourne/aws4-axios) on this
 * package. Whoever comes from there changes one import.
 *
 * @module axios-aws4auth/aws4-axios
 */
import { isAxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios';
import {
  createProvider,
  type AssumedRole,
  type Credentials,
  type CredentialsProvider,
} from './aws4-axios-credentials.js';
import { Aws4AuthError } from './errors.js';
import type { Aws4Options } from './options/options.js';
import { compileOptions } from './options/plan.js';
import { readOwn } from './request/config.js';
import type { PlanRequest } from './sending/request-signer.js';
import { createAttachSigner, createLoadedSigner } from './sending/signing-adapter.js';
import { createMisspelledOptionError } from './options/misspelled-option.js';
import { assertObject } from './sigv4/unknown-option.js';

export type { Credentials, CredentialsProvider } from './aws4-axios-credentials.js';

/**
 * The options of aws4-axios.
 *
 * @example
 * aws4Interceptor({ options: { region: 'eu-west-2', service: 'execute-api' } });
 */
export interface InterceptorOptions {
  /**
   * Target service, by its signing name.
   * @default what the hostname says; an error where it says none
   */
  service?: string;
  /**
   * AWS region name.
   * @default what the hostname says, then `AWS_REGION`, then `AWS_DEFAULT_REGION`; an error where nothing says it
   */
  region?: string;
  /**
   * Whether to sign the query instead of adding an Authorization header.
   * @default false
   */
  signQuery?: boolean;
  /**
   * Whether to add a X-Amz-Content-Sha256 header where the service does not require it.
   * @default false
   */
  addContentSha?: boolean;
  /**
   * ARN of the IAM Role to be assumed to get the credentials from, which are kept and renewed in time. Not used where
   * credentials are passed. STS is asked in `region`, at `AWS_ENDPOINT_URL_STS` where that is set.
   * @default none: no role is assumed
   */
  assumeRoleArn?: string;
  /**
   * Number of seconds before the end of the assumed role's credentials from which on they are not used any more. They are
   * renewed sooner: from the last quarter of their life on in the background, at most 15 minutes before its end.
   * @default 5
   */
  assumedRoleExpirationMarginSec?: number;
  /**
   * An identifier for the assumed role session.
   * @default 'axios'
   */
  assumeRoleSessionName?: string;
}

/** What {@link aws4Interceptor} takes. */
interface Settings {
  /**
   * Not needed here: the request is signed as it is sent, by whichever instance.
   * @default none
   */
  instance?: AxiosInstance;
  /**
   * Region, service, role and where to sign.
   * @default what the hostname and the environment say
   */
  options?: InterceptorOptions;
  /**
   * Credentials, or what gives them.
   * @default those of `assumeRoleArn`, or what the AWS SDK's provider chain finds
   */
  credentials?: Credentials | CredentialsProvider;
}

const SETTINGS: ReadonlySet<string> = new Set<keyof Settings>(['instance', 'options', 'credentials']);
const OPTIONS: ReadonlySet<string> = new Set<keyof InterceptorOptions>([
  'service',
  'region',
  'signQuery',
  'addContentSha',
  'assumeRoleArn',
  'assumedRoleExpirationMarginSec',
  'assumeRoleSessionName',
]);

/**
 * Makes a request interceptor as aws4-axios 3 does. As there, requests to every host are signed; redirects are signed only
 * within their origin, and from S3 to S3. Otherwise it is `aws4Interceptor` of this package: what is signed is what is
 * sent, configs show no signature, and refused requests heal. `config.aws4` is for single requests.
 *
 * @param settings options and credentials, as aws4-axios takes them
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for options that cannot be right; a request that cannot be signed is
 * rejected with an Aws4AuthError and never sent
 *
 * @example
 * axios.interceptors.request.use(aws4Interceptor({ options: { region: 'eu-west-2', service: 'execute-api' } }));
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as aws4-axios has it
export const aws4Interceptor = <D = any>(
  settings: Settings,
): ((config: InternalAxiosRequestConfig<D>) => Promise<InternalAxiosRequestConfig<D>>) => {
  const planRequest = sendWhereDue(compileOptions(toOptions(settings)));
  const attachSigner = createAttachSigner(
    createLoadedSigner(({ createTrustingSigner }) => createTrustingSigner(planRequest)),
  );
  return (config) => Promise.resolve(attachSigner(config));
};

/**
 * The same as {@link aws4Interceptor}, by its old name.
 *
 * @param settings as for {@link aws4Interceptor}
 * @deprecated Use {@link aws4Interceptor}.
 * @alias aws4Interceptor
 */
export const interceptor = aws4Interceptor;
/**
 * The same as {@link aws4Interceptor}, as the default export.
 * @alias aws4Interceptor
 */
export default aws4Interceptor;

/** As in aws4-axios, nothing but `addContentSha` or the request itself adds X-Amz-Content-Sha256 where it is not due. */
function sendWhereDue(planRequest: PlanRequest): PlanRequest {
  return (config) => {
    const plan = planRequest(config);
    return { ...plan, contentSha256Header: plan.contentSha256Header ?? 'due' };
  };
}

function toOptions(settings: Settings): Aws4Options {
  assertNames('aws4Interceptor', settings, SETTINGS);
  const { options: given, credentials } = { options: undefined, credentials: undefined, ...settings };
  // As in aws4-axios, what is null or empty is not given: an unset variable of the environment, say.
  const options = given ?? {};
  assertNames('options', options, OPTIONS);
  const region = readText('region', options);
  const service = readText('service', options);
  const provider = createProvider(credentials, readRole(options, region));
  return {
    ...(region !== undefined && { region }),
    ...(service !== undefined && { service }),
    ...(provider !== undefined && { credentials: provider }),
    ...(readFlag('signQuery', options) && { signIn: 'query' as const }),
    ...(readFlag('addContentSha', options) && { contentSha256Header: true }),
  };
}

function readRole(options: InterceptorOptions, region: string | undefined): AssumedRole | undefined {
  const arn = readText('assumeRoleArn', options);
  const marginS = readOwn(options, MARGIN) ?? undefined;
  if (marginS !== undefined && !(typeof marginS === 'number' && marginS >= 0)) {
    throw new Aws4AuthError(`${MARGIN}: must be a number of seconds, 0 or more`, 'ERR_INVALID_OPTION');
  }
  const sessionName = readText('assumeRoleSessionName', options);
  // As in aws4-axios, 0 is its default.
  return arn === undefined ? undefined : { arn, sessionName, marginS: marginS === 0 ? undefined : marginS, region };
}

const MARGIN = 'assumedRoleExpirationMarginSec';

function readText(
  name: 'assumeRoleArn' | 'assumeRoleSessionName' | 'region' | 'service',
  options: InterceptorOptions,
): string | undefined {
  const value: unknown = readOwn(options, name) ?? '';
  if (value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new Aws4AuthError(`${name}: must be a string`, 'ERR_INVALID_OPTION');
}

function readFlag(name: 'addContentSha' | 'signQuery', options: InterceptorOptions): boolean {
  const value: unknown = readOwn(options, name) ?? false;
  if (typeof value === 'boolean') return value;
  throw new Aws4AuthError(`${name}: must be true or false`, 'ERR_INVALID_OPTION');
}

/**
 * @throws Aws4AuthError `ERR_INVALID_OPTION` for what is no object, has something else in it, or inherits what would be
 * left out: only own properties count
 */
function assertNames(what: string, given: object, names: ReadonlySet<string>): void {
  assertObject(what, given);
  for (const name in given) {
    const isOwn = Object.hasOwn(given, name);
    if (isOwn ? names.has(name) : name in Object.prototype) continue;
    if (!isOwn) throw new Aws4AuthError(`${name}: must not be inherited`, 'ERR_INVALID_OPTION');
    if (names === SETTINGS && OPTIONS.has(name)) {
      throw new Aws4AuthError(
        `${name}: stands in options since aws4-axios 3; pass { options: { ${name}: ... } }`,
        'ERR_INVALID_OPTION',
      );
    }
    throw createMisspelledOptionError(name, names);
  }
}

/**
 * The message of an API Gateway's answer that refuses a request, from the error that axios threw.
 *
 * @param error the error thrown by axios
 * @returns `undefined` where there is none. Never throws.
 * @example
 * client.get('/items').catch((error: unknown) => console.error(getAuthErrorMessage(error)));
 */
export const getAuthErrorMessage = (error: unknown): string | undefined => {
  try {
    const data: unknown = isAxiosError(error) ? error.response?.data : undefined;
    const message: unknown = typeof data === 'object' && data !== null && 'message' in data ? data.message : undefined;
    return typeof message === 'string' ? message : undefined;
  } catch {
    // A getter of the error's.
    return undefined;
  }
};
