/** A server that verifies, for all tests of a file, and answers each path as a test says. */
import type { RawResponse, VerifyingServer, VerifyingServerOptions } from 'strict-sigv4-verifier';
import { createServer, describeRequest } from './test-server.js';

export interface RoutedServer extends VerifyingServer {
  /** Where it is, once the tests run. */
  origin: string;
  /** What it answers, by the target of a request; any other is verified, and no more. Empty for each test. */
  readonly routes: Map<string, RawResponse>;
  /** Answers a target by a redirect, 307 by default. */
  readonly redirect: (from: string, to: string, status?: number) => void;
  /** The request that came last. */
  readonly last: () => ReturnType<typeof describeRequest>;
  /** Whether that was accepted; `undefined` where there was none. */
  readonly isAccepted: () => boolean | undefined;
}

/** Starts such a server for all tests of a file, and closes it after them. */
export function setRoutedServer(options: Partial<VerifyingServerOptions> = {}): RoutedServer {
  const routes = new Map<string, RawResponse>();
  const server = createServer({ respond: ({ target }) => routes.get(target), ...options });
  const routed: RoutedServer = Object.assign(server, {
    origin: '',
    routes,
    redirect: (from: string, to: string, status = 307) => {
      routes.set(from, { status, headers: { Location: to } });
    },
    last: () => describeRequest(server.requests.at(-1)),
    isAccepted: () => server.verifications.at(-1)?.verdict.ok,
  });
  beforeAll(async () => {
    ({ origin: routed.origin } = await server.start());
  });
  afterAll(() => server.close());
  beforeEach(() => {
    routes.clear();
  });
  return routed;
}

/** The rules of S3, for a body in whatever chunks. */
export const ofStore = {
  region: 'eu-west-1',
  service: 's3',
  pathEncoding: 'single',
  normalizePath: false,
  allowChunkedPayload: true,
} as const;
