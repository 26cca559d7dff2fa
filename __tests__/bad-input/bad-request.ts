/** Bad requests as data, and how each is sent to a server that must get nothing of it. */
import axios, { type InternalAxiosRequestConfig } from 'axios';
import type { VerifyingServer } from 'strict-sigv4-verifier';
import { aws4Interceptor, type Aws4Options } from '../../lib/index.js';
import { createServer, credentials, scope } from '../stand-ins/test-server.js';
import { show, type BadInput, type Refusal } from './refusals.js';

export interface BadRequest extends Refusal {
  readonly what?: string;
  readonly config?: object;
  readonly options?: Aws4Options;
  /** What another interceptor does to the config. */
  readonly edit?: (config: InternalAxiosRequestConfig) => void;
}

/** Where the other interceptor runs. */
export type Place = 'before' | 'after';

/** A server for the tests of one file, and what sends it bad requests. */
export interface Recorder {
  readonly server: VerifyingServer;
  readonly origin: () => string;
  /** Sends what is bad; fails where the server got anything. */
  readonly send: (request: Omit<BadRequest, keyof Refusal>, place?: Place) => Promise<unknown>;
  readonly toRows: (requests: readonly BadRequest[], place?: Place) => BadInput[];
}

export function recordNothing(): Recorder {
  const server = createServer();
  let origin = '';
  beforeAll(async () => {
    ({ origin } = await server.start());
  });
  afterAll(() => server.close());

  const send: Recorder['send'] = async ({ config, options, edit }, place = 'before') => {
    const { length } = server.requests;
    const client = axios.create({ baseURL: origin });
    const editor = (given: InternalAxiosRequestConfig): InternalAxiosRequestConfig => {
      edit?.(given);
      return given;
    };
    // axios runs the interceptor that was registered last first.
    if (place === 'after') client.interceptors.request.use(editor);
    client.interceptors.request.use(aws4Interceptor({ ...scope, credentials, ...options }));
    if (place === 'before') client.interceptors.request.use(editor);
    try {
      return await client.request({ url: '/', ...config });
    } finally {
      expect(server.requests).toHaveLength(length);
    }
  };
  const toRows: Recorder['toRows'] = (requests, place) =>
    requests.map(({ code, names, ...request }) => ({
      what: request.what ?? show(request.config),
      use: () => send(request, place),
      code,
      names,
    }));
  return { server, origin: () => origin, send, toRows };
}
