/** The traffic of a soak: rounds of requests of all kinds by two clients, to a server that verifies each of them. */
import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import axios, { isAxiosError, type AxiosInstance, type AxiosRequestConfig } from 'axios';
import {
  headerValues,
  parseAmzDate,
  type ReceivedRequest,
  type Verification,
  verifyingServer,
  type VerifyingServer,
} from 'strict-sigv4-verifier';
import { aws4Interceptor, CredentialsError } from '../../../lib/index.js';
import { MINUTE_MS, readServiceClock, type SimulatedTime } from './simulated-time.js';
import { NetworkDown, type TokenService } from './token-service.js';

/** How a request ended: by a 200, by a CredentialsError whose cause is the provider's error, by a 403, or else. */
export type Ending = 'ok' | 'credentials' | 'refused' | 'other';

export interface Round {
  readonly endings: Readonly<Record<Ending, number>>;
  /** How many of the server's answers refused, by their code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** The access keys of what the server accepted. */
  readonly acceptedKeys: readonly string[];
  readonly calls: number;
}

export interface Flight {
  /** How many requests have reached the server. */
  readonly arrivals: () => number;
  /** All of them have reached the server, or have failed. */
  readonly reached: Promise<void>;
  /** Has the server answer what it holds, and what comes after that. */
  readonly release: () => void;
  readonly landed: Promise<Round>;
}

export interface Traffic {
  /** Sends requests at once. The server answers when all of them have reached it, or have failed; or on `release`. */
  readonly start: (count: number, isHeld?: 'until release') => Promise<Flight>;
  /** Freezes the process between signing and sending, until the function that it gives is called. */
  readonly freeze: () => () => void;
  /** How many minutes a date may be off for the server: 15 as for S3, or fewer. */
  toleranceMinutes: number;
  /** As many answers as that were outstanding at once. */
  readonly mostInFlight: () => number;
  readonly countRequests: () => number;
  /** Ends the connections that are kept alive. */
  readonly disconnect: () => void;
  readonly close: () => Promise<void>;
  readonly violations: string[];
}

const scope = { region: 'eu-west-1', service: 'execute-api' } as const;

const KINDS: readonly AxiosRequestConfig[] = [
  { method: 'get' },
  { method: 'post', data: { name: 'Grüße', list: [1, null] } },
  { method: 'put', data: Buffer.from([0, 255, 128]), responseType: 'arraybuffer' },
  { method: 'head' },
  { method: 'post', data: new URLSearchParams({ a: 'b c' }), responseType: 'text' },
  { method: 'delete', params: { tag: 'a+b', list: [2, 1] } },
  { method: 'patch', data: 'plain text', headers: { 'Content-Type': 'text/plain' }, responseType: 'stream' },
  { method: 'get', params: { q: 'é' }, responseType: 'stream' },
];
export const KINDS_COUNT = KINDS.length;

export async function createTraffic(time: SimulatedTime, tokens: TokenService): Promise<Traffic> {
  const log = createLog(tokens);
  const server = verifyingServer({
    ...scope,
    clock: () => new Date(time.rightMs),
    secretFor: tokens.secretFor,
    pathEncoding: 'double',
    normalizePath: true,
    requireContentSha256: false,
    respond: async (request, verdict) => {
      const isLate = verdict.ok && isMisdated(request, time, traffic.toleranceMinutes);
      log.arrive(request, isLate ? TOO_SKEWED : verdict);
      await log.gate.opened;
      log.leave();
      return isLate ? { status: 403, headers: { 'x-amzn-ErrorType': TOO_SKEWED.code }, body: '{}' } : undefined;
    },
  });
  const { origin } = await server.start();
  const agent = new FreezingAgent({ keepAlive: true });
  const clients = [0, 1].map(() => createClient(origin, agent, time, tokens));

  const start: Traffic['start'] = async (count, isHeld) => {
    const { reached, open } = log.begin(count, isHeld !== undefined);
    const callsBefore = tokens.countCalls();
    const endings = Array.from({ length: count }, async () => {
      const id = log.nextId();
      const client = clients[Math.floor(id / KINDS_COUNT) % clients.length];
      if (client === undefined) throw new Error('There is no client');
      const ending = await send(client, id).catch((error: unknown) => log.explain(error));
      log.settle(id, ending);
      return ending;
    });
    const landed = Promise.all(endings).then((all) => {
      forgetRequests(server);
      return { ...log.sum(all), calls: tokens.countCalls() - callsBefore };
    });
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    return { arrivals: log.arrivals, reached, release: open, landed };
  };
  const traffic: Traffic = {
    start,
    freeze: () => agent.freeze(),
    toleranceMinutes: 15,
    mostInFlight: log.mostInFlight,
    countRequests: log.countRequests,
    violations: log.violations,
    disconnect: () => {
      agent.destroy();
    },
    close: async () => {
      log.violations.push(...server.failures);
      agent.destroy();
      await server.close();
    },
  };
  return traffic;
}

const TOO_SKEWED = { ok: false, code: 'RequestTimeTooSkewed' } as const;

function isMisdated({ headers }: ReceivedRequest, { rightMs }: SimulatedTime, toleranceMinutes: number): boolean {
  const date = parseAmzDate(headerValues(headers, 'x-amz-date')[0] ?? '');
  return date === undefined || Math.abs(date.getTime() - rightMs) > toleranceMinutes * MINUTE_MS;
}

/** An agent that gives no connection while it is frozen: what is sent by it is signed, and does not leave. */
class FreezingAgent extends Agent {
  #thawed = Promise.resolve();

  freeze(): () => void {
    let thaw = (): void => undefined;
    this.#thawed = new Promise((resolve) => (thaw = resolve));
    // Those that are kept alive are not waited for.
    this.destroy();
    return thaw;
  }

  override createConnection(options: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void) {
    void this.#thawed.then(() => {
      const socket = super.createConnection(options);
      if (socket) callback?.(null, socket);
    });
    return undefined;
  }
}

function createClient(origin: string, httpAgent: Agent, time: SimulatedTime, tokens: TokenService): AxiosInstance {
  const client = axios.create({ baseURL: origin, adapter: 'http', httpAgent });
  const clock = (): number => readServiceClock(time);
  client.interceptors.request.use(aws4Interceptor({ ...scope, credentials: tokens.provider, clock }));
  return client;
}

async function send(client: AxiosInstance, id: number): Promise<Ending> {
  const kind = KINDS[id % KINDS_COUNT] ?? {};
  const { status, data } = await client.request<unknown>({ ...kind, url: `/${String(id)}` });
  const text = await readText(data);
  const isAnswerToThis = kind.method === 'head' ? text === '' : text.includes(`"target":"/${String(id)}`);
  return status === 200 && isAnswerToThis ? 'ok' : 'other';
}

async function readText(data: unknown): Promise<string> {
  if (typeof data === 'string') return data;
  if (Buffer.isBuffer(data)) return data.toString();
  if (!isIterable(data)) return JSON.stringify(data);
  const chunks: Buffer[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function isIterable(data: unknown): data is AsyncIterable<Buffer> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}

/** The server keeps all that it got, for other tests; here that would be what grows. */
function forgetRequests({ requests, verifications }: VerifyingServer): void {
  (requests as ReceivedRequest[]).length = 0;
  (verifications as Verification[]).length = 0;
}

/** What the log needs of a verdict. */
type Seen = { readonly ok: true; readonly accessKeyId: string } | { readonly ok: false; readonly code: string };

interface Gate {
  readonly reached: Promise<void>;
  readonly opened: Promise<void>;
  readonly open: () => void;
  readonly count: () => void;
}

function createGate(expected: number, isHeld: boolean): Gate {
  let counted = 0;
  let [reach, open] = [(): void => undefined, (): void => undefined];
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const count = (): void => {
    counted += 1;
    if (counted < expected) return;
    reach();
    if (!isHeld) open();
  };
  return { reached, opened, open, count };
}

/** What the server saw of the requests of a round, held against what may be. */
function createLog(tokens: TokenService) {
  const violations: string[] = [];
  const verdicts = new Map<number, string[]>();
  let gate = createGate(0, false);
  let id = 0;
  let inFlight = 0;
  let mostInFlight = 0;
  let requests = 0;
  let arrivals = 0;
  let refusals: Record<string, number> = {};
  let acceptedKeys = new Set<string>();

  const arrive = (request: ReceivedRequest, verdict: Seen): void => {
    arrivals += 1;
    requests += 1;
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    const number = Number(/^\/(\d+)/.exec(request.target)?.[1]);
    const code = verdict.ok ? 'ok' : verdict.code;
    verdicts.set(number, [...(verdicts.get(number) ?? []), code]);
    if (!verdict.ok) refusals[code] = (refusals[code] ?? 0) + 1;
    const late = findLateSignature(request, tokens);
    if (late !== undefined) violations.push(late);
    if (verdict.ok) acceptedKeys.add(verdict.accessKeyId);
    gate.count();
  };

  /** A request is refused at most once for what can be healed, and then accepted. */
  const settle = (number: number, ending: Ending): void => {
    gate.count();
    const seen = (verdicts.get(number) ?? []).join(' ');
    const healed = ['ok', 'ExpiredToken ok', 'RequestTimeTooSkewed ok'];
    const refused = tokens.isRefusingAll ? ['ExpiredToken', 'ExpiredToken ExpiredToken'] : ['ExpiredToken'];
    const due = { ok: healed, credentials: [''], refused, other: [''] };
    if (!due[ending].includes(seen)) violations.push(`a request that ended in ${ending} met with: ${seen}`);
    verdicts.delete(number);
  };

  const explain = (error: unknown): Ending => {
    if (error instanceof CredentialsError && error.cause instanceof NetworkDown) return 'credentials';
    if (isAxiosError(error) && error.response?.status === 403) return 'refused';
    violations.push(`a request failed: ${String(error)}`);
    return 'other';
  };

  const sum = (all: readonly Ending[]): Omit<Round, 'calls'> => {
    const endings = { ok: 0, credentials: 0, refused: 0, other: 0 };
    for (const ending of all) endings[ending] += 1;
    return { endings, refusals, acceptedKeys: [...acceptedKeys] };
  };

  return {
    violations,
    arrive,
    settle,
    explain,
    sum,
    get gate() {
      return gate;
    },
    begin: (count: number, isHeld: boolean): Gate => {
      gate = createGate(count, isHeld);
      [arrivals, refusals, acceptedKeys] = [0, {}, new Set()];
      return gate;
    },
    leave: () => {
      inFlight -= 1;
    },
    nextId: () => (id += 1),
    arrivals: () => arrivals,
    mostInFlight: () => mostInFlight,
    countRequests: () => requests,
  };
}

/**
 * A set is not signed with after its end, by the date that the very request bears. When the clock is hours fast, that
 * cannot be had: each new set seems dead, and the server must be asked for the time.
 */
function findLateSignature({ headers }: ReceivedRequest, tokens: TokenService): string | undefined {
  const accessKeyId = /Credential=([^/]+)\//.exec(headerValues(headers, 'authorization')[0] ?? '')?.[1] ?? '';
  const date = parseAmzDate(headerValues(headers, 'x-amz-date')[0] ?? '');
  const end = tokens.endOf(accessKeyId);
  if (date !== undefined && end !== undefined && date < end) return undefined;
  if (tokens.isNew(accessKeyId)) return undefined;
  return `a request of ${String(date?.toISOString())} was signed with a set that ended at ${String(end?.toISOString())}`;
}
