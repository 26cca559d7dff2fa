/** The servers that the scenario is sent to: one verifies and speaks CORS (Fetch Standard, 3.2), one is elsewhere. */
import {
  createRawServer,
  formatErrorDocument,
  headerValues,
  percentDecode,
  type RawResponse,
  type ReceivedRequest,
  type Verdict,
  type Verification,
} from 'strict-sigv4-verifier';
import { createServer } from '../stand-ins/test-server.js';
import { readBoundary, readParts } from '../wire/meaning.js';
import type { Part } from '../wire/wire-case.js';

/** A request that arrived, as far as the scenario decides on it. */
export interface Arrival {
  /** The first segment of its path. */
  readonly name: string;
  /** `ok`, or why it was refused. */
  readonly verdict: string;
  readonly method: string;
  readonly query: readonly (readonly string[])[];
  /** One byte per character, or the parts of a multipart body. */
  readonly body: string | readonly Part[] | undefined;
}

export interface Arrivals {
  readonly here: readonly Arrival[];
  /** The names of the headers that bear a secret, of each request that was redirected elsewhere. */
  readonly elsewhere: readonly (readonly string[])[];
  readonly preflights: number;
}

export interface ScenarioServer {
  readonly origin: string;
  /** What arrived since this was asked last. */
  readonly takeArrivals: () => Arrivals;
  readonly close: () => Promise<void>;
}

export async function startScenarioServer(): Promise<ScenarioServer> {
  const elsewhere = createRawServer((request) => ({ status: 200, headers: allow(request) }));
  const { origin: elsewhereOrigin } = await elsewhere.start();
  // Without Node, the header is sent only where the service requires it.
  const server = createServer({
    requireContentSha256: false,
    algorithms: ['AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'],
    respond: (request, verdict) => answer(request, verdict, elsewhereOrigin),
  });
  const { origin } = await server.start();
  const takeHere = createTaker(server.verifications);
  const takeElsewhere = createTaker(elsewhere.requests);
  return {
    origin,
    takeArrivals: () => {
      const here = takeHere();
      const requests = here.filter(({ request }) => request.method !== 'OPTIONS');
      return {
        here: requests.map(describeArrival),
        elsewhere: takeElsewhere()
          .filter(({ method }) => method !== 'OPTIONS')
          .map(listSecrets),
        preflights: here.length - requests.length,
      };
    },
    close: async () => {
      await Promise.all([server.close(), elsewhere.close()]);
      expect([...server.failures, ...elsewhere.failures]).toStrictEqual([]);
    },
  };
}

/** Gives what has been added to a list since it was asked last. */
function createTaker<Item>(items: readonly Item[]): () => readonly Item[] {
  let taken = 0;
  return () => {
    const added = items.slice(taken);
    taken = items.length;
    return added;
  };
}

/** Allows a page of another origin whatever it asks for. */
function allow({ headers }: ReceivedRequest): Record<string, string> {
  const [method = '*'] = headerValues(headers, 'access-control-request-method');
  const [names = '*'] = headerValues(headers, 'access-control-request-headers');
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': method,
    'Access-Control-Allow-Headers': names,
    'Access-Control-Expose-Headers': 'X-Amzn-Errortype, Date',
  };
}

function answer(request: ReceivedRequest, verdict: Verdict, elsewhere: string): RawResponse {
  const headers = allow(request);
  if (request.method === 'OPTIONS') return { status: 204, headers };
  if (headerValues(request.headers, 'x-amz-security-token')[0] === 'expired') {
    return { status: 403, headers: { ...headers, 'X-Amzn-Errortype': 'ExpiredTokenException' }, body: '{}' };
  }
  if (!verdict.ok) return { status: 403, headers, body: formatErrorDocument(verdict) };
  const locations: Partial<Record<string, string>> = { '/redirect': '/redirected', '/redirect-elsewhere': elsewhere };
  const location = locations[request.target];
  return location === undefined
    ? { status: 200, headers }
    : { status: 307, headers: { ...headers, Location: location } };
}

function describeArrival({ request, verdict }: Verification): Arrival {
  const [path = '', query = ''] = request.target.split('?');
  const boundary = readBoundary(request);
  return {
    name: path.split('/')[1] ?? '',
    verdict: verdict.ok ? 'ok' : verdict.code,
    method: request.method,
    query: query === '' ? [] : query.split('&').map((pair) => pair.split('=').map(percentDecode)),
    body: boundary === undefined ? request.body.toString('latin1') : readParts(request.body, boundary),
  };
}

function listSecrets({ headers }: ReceivedRequest): readonly string[] {
  const names = headers.map(([name]) => name.toLowerCase());
  return names.filter((name) => name === 'authorization' || name.startsWith('x-amz-')).sort();
}
