/** What the tests of healing share: a server and a client, each with its clock, and tokens that expire. */
import type { AxiosInstance, AxiosResponse } from 'axios';
import type { RawResponse, Verdict, VerifyingServer } from 'strict-sigv4-verifier';
import { createClient, createServer, describeRequest, numbered } from './test-server.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.parse('2024-02-28T23:59:30Z');

/** Answers in place of the server; `count` is how many requests of the test there were before. */
export type Respond = (count: number, verdict: Verdict) => RawResponse | undefined | Promise<RawResponse | undefined>;

export class HealingStage {
  /** The server's time, and how far the client's clock is ahead of it. */
  serverMs = START;
  aheadMs = 0;
  respond: Respond | undefined;
  /** The numbers of the sets whose tokens the server says have expired. */
  readonly dead = new Set<number>();
  /** STS knows the true time: sets of an hour, with numbers that rise. */
  provider = this.createProvider();
  origin = '';
  readonly server: VerifyingServer;
  readonly #scope: { readonly region: string; readonly service: string };
  #first = 0;

  constructor(service: string) {
    this.#scope = { region: 'eu-west-1', service };
    this.server = createServer({
      ...this.#scope,
      ...(service === 's3' && { pathEncoding: 'single', normalizePath: false }),
      allowUnsignedPayload: true,
      clock: () => new Date(this.serverMs),
      statuses: 'as-s3',
      secretFor: (accessKeyId) => {
        const number = Number(accessKeyId.slice('ASIA'.length));
        return { ...numbered(number), ...(this.dead.has(number) && { expiration: new Date(0) }) };
      },
      respond: (_, verdict) => this.respond?.(this.server.requests.length - 1 - this.#first, verdict),
    });
  }

  readonly clock = (): number => this.serverMs + this.aheadMs;

  reset(): void {
    this.#first = this.server.requests.length;
    [this.serverMs, this.aheadMs, this.respond] = [START, 0, undefined];
    this.dead.clear();
    this.provider = this.createProvider();
  }

  createProvider(): jest.Mock {
    let number = 0;
    return jest.fn(() => Promise.resolve({ ...numbered(++number), expiration: new Date(this.serverMs + HOUR) }));
  }

  /** The server's verdicts of a test, and what it was sent. */
  readonly verdicts = (): string[] =>
    this.server.verifications.slice(this.#first).map(({ verdict }) => (verdict.ok ? 'accepted' : verdict.code));
  readonly sent = () => this.server.requests.slice(this.#first).map(describeRequest);
  readonly connect = (options = {}, defaults = {}): AxiosInstance =>
    createClient(this.origin, { ...this.#scope, credentials: this.provider, clock: this.clock, ...options }, defaults);
}

/** A stage that is there for all tests of a file, and as new for each. */
export function setHealingStage(service: 'execute-api' | 's3' | 'dynamodb' = 'execute-api'): HealingStage {
  return setStage(new HealingStage(service));
}

interface Stage {
  readonly server: VerifyingServer;
  origin: string;
  readonly reset: () => void;
}

/** Starts a stage for all tests of a file, and resets it for each. */
export function setStage<Any extends Stage>(stage: Any): Any {
  beforeAll(async () => {
    ({ origin: stage.origin } = await stage.server.start());
  });
  afterAll(() => stage.server.close());
  beforeEach(() => {
    stage.reset();
  });
  return stage;
}

export function errorDocument(code: string, message: string): string {
  return `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

/** A refusal as the REST protocols of AWS have it. */
export function refuse(code: string, message = '', status = 403): RawResponse {
  return { status, headers: { 'x-amzn-ErrorType': code }, body: JSON.stringify({ message }) };
}

export function tooSkewed(): RawResponse {
  return refuse('RequestTimeTooSkewed', 'The difference is too large.');
}

/** The text of an answer's body, whatever axios made of it. */
export async function readText({ data }: AxiosResponse<unknown>): Promise<string> {
  if (typeof data === 'string') return data;
  if (data instanceof Blob) return data.text();
  if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer) return new TextDecoder().decode(data);
  const chunks: Uint8Array[] = [];
  for await (const chunk of data as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
