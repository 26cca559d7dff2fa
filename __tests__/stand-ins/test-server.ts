/** What the tests of the upper floor share: credentials, a server that verifies, and a client that signs. */
import axios, { type AxiosAdapter, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios';
import {
  headerValues,
  type ReceivedRequest,
  verifyingServer,
  type VerifyingServer,
  type VerifyingServerOptions,
} from 'strict-sigv4-verifier';
import { aws4Interceptor, type Aws4Options } from '../../lib/index.js';
import { platform } from '#platform';

export const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
} as const;
export const temporary = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'another/secret',
  sessionToken: 'token/of+it==',
} as const;
/** Temporary credentials of a number, where a test needs several sets. */
export const numbered = (number: number) => ({
  accessKeyId: `ASIA${String(number)}`,
  secretAccessKey: `secret/${String(number)}`,
  sessionToken: `token/${String(number)}`,
});
export const scope = { region: 'eu-west-1', service: 'execute-api' } as const;

/** A server that takes both sets of credentials, for API Gateway or, if asked to, as S3 would. */
export function createServer(options: Partial<VerifyingServerOptions> = {}): VerifyingServer {
  return verifyingServer({
    ...scope,
    secretFor: (accessKeyId) => [credentials, temporary].find((known) => known.accessKeyId === accessKeyId),
    pathEncoding: 'double',
    normalizePath: true,
    // Without Node, the interceptor sends the header only where the service requires it.
    requireContentSha256: platform.name === 'node' || options.service === 's3',
    ...options,
  });
}

export function createClient(baseURL: string, options: Aws4Options = {}, defaults: object = {}): AxiosInstance {
  const client = axios.create({ ...(baseURL !== '' && { baseURL }), ...defaults });
  client.interceptors.request.use(aws4Interceptor({ ...scope, credentials, ...options }));
  return client;
}

/** An adapter that answers at once, and the configs that it was given to send. */
export function createCapture(): { readonly adapter: AxiosAdapter; readonly sent: InternalAxiosRequestConfig[] } {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = (config) => {
    sent.push(config);
    return Promise.resolve({ data: null, status: 200, statusText: '', headers: {}, config });
  };
  return { adapter, sent };
}

/** What a request was, in the terms of a test. */
export function describeRequest(request: ReceivedRequest | undefined) {
  if (request === undefined) throw new Error('The server got no request');
  const header = (name: string): readonly string[] => headerValues(request.headers, name);
  return {
    ...request,
    text: request.body.toString('utf8'),
    contentType: header('content-type')[0],
    header,
    names: request.headers.map(([name]) => name.toLowerCase()),
  };
}

/** The reason for which a promise rejects. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('It did not fail'),
    (reason: unknown) => reason,
  );
}
