/** What the tests of S3 Express share: a zonal host that gives sessions, lets them end, and verifies what they sign. */
import type { AxiosInstance } from 'axios';
import type { RawResponse, ReceivedRequest, Verdict, VerifyingServer } from 'strict-sigv4-verifier';
import type { Aws4Options } from '../../lib/index.js';
import { errorDocument, MINUTE, setStage, START } from './healing-stage.js';
import { createClient, createServer, credentials, describeRequest, numbered, temporary } from './test-server.js';

export const BUCKET = 'bkt--use1-az4--x-s3';
export const ZONAL_HOST = `${BUCKET}.s3express-use1-az4.us-east-1.amazonaws.com`;
const SCOPE = { region: 'us-east-1', service: 's3express' } as const;

/** A session of a number; the stand-in gives them in turn, from 1 on. */
export const sessionOf = (number: number) => ({
  accessKeyId: `SESSION${String(number)}`,
  secretAccessKey: `session/secret+${String(number)}`,
  sessionToken: `session+token/${String(number)}==`,
});

/** What CreateSession answers. */
export const sessionDocument = (
  { accessKeyId, secretAccessKey, sessionToken }: ReturnType<typeof sessionOf>,
  expiration: string,
): string =>
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<CreateSessionResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Credentials>' +
  `<SessionToken>${sessionToken}</SessionToken><SecretAccessKey>${secretAccessKey}</SecretAccessKey>` +
  `<AccessKeyId>${accessKeyId}</AccessKeyId><Expiration>${expiration}</Expiration></Credentials></CreateSessionResult>`;

const isCreateSession = ({ method, target }: ReceivedRequest): boolean =>
  method === 'GET' && /^\/(?:[^/?]+\/?)?\?session(?:$|[=&])/.test(target);

type Answer = RawResponse | undefined | Promise<RawResponse | undefined>;

export class ExpressStage {
  /** The server's time, and how far the client's clock is ahead of it. */
  serverMs = START;
  aheadMs = 0;
  lifeMs = 5 * MINUTE;
  /** Sessions that the server takes no more, and ASIA... whose token has expired. */
  readonly dead = new Set<string>();
  /** Answers CreateSession, or another request, in the place of the server. */
  answerSession: ((number: number, verdict: Verdict) => Answer) | undefined;
  answerOther: ((request: ReceivedRequest, verdict: Verdict) => Answer) | undefined;
  origin = '';
  readonly server: VerifyingServer;
  readonly #expirations = new Map<string, Date>();
  #opened = 0;
  #first = 0;

  constructor() {
    this.server = createServer({
      ...SCOPE,
      pathEncoding: 'single',
      normalizePath: false,
      requireContentSha256: true,
      allowUnsignedPayload: true,
      allowChunkedPayload: true,
      statuses: 'as-s3',
      clock: () => new Date(this.serverMs),
      secretFor: (accessKeyId) => this.#find(accessKeyId),
      respond: (request, verdict) =>
        isCreateSession(request) ? this.#createSession(verdict) : this.answerOther?.(request, verdict),
    });
  }

  #find(accessKeyId: string) {
    const isDead = this.dead.has(accessKeyId);
    const number = Number(/\d+$/.exec(accessKeyId)?.[0]);
    if (accessKeyId.startsWith('SESSION')) {
      const expiration = isDead ? new Date(0) : (this.#expirations.get(accessKeyId) ?? new Date(0));
      return { ...sessionOf(number), isS3ExpressSession: true, expiration };
    }
    const known = [credentials, temporary].find((each) => each.accessKeyId === accessKeyId) ?? numbered(number);
    return { ...known, ...(isDead && { expiration: new Date(0) }) };
  }

  async #createSession(verdict: Verdict): Promise<RawResponse | undefined> {
    const number = (this.#opened += 1);
    const answer = await this.answerSession?.(number, verdict);
    if (answer !== undefined || !verdict.ok) return answer;
    if (verdict.accessKeyId.startsWith('SESSION')) return { status: 403, body: errorDocument('AccessDenied', '') };
    const session = sessionOf(number);
    const expiration = new Date(this.serverMs + this.lifeMs);
    this.#expirations.set(session.accessKeyId, expiration);
    return {
      status: 200,
      headers: { 'Content-Type': 'application/xml' },
      body: sessionDocument(session, expiration.toISOString()),
    };
  }

  readonly clock = (): number => this.serverMs + this.aheadMs;

  reset(): void {
    this.#first = this.server.requests.length;
    this.#opened = 0;
    [this.serverMs, this.aheadMs, this.lifeMs] = [START, 0, 5 * MINUTE];
    [this.answerSession, this.answerOther] = [undefined, undefined];
    this.dead.clear();
    this.#expirations.clear();
  }

  /** What the server was sent in a test: each by its method and target, who signed it, and the verdict. */
  readonly log = (): string[] =>
    this.server.verifications.slice(this.#first).map(({ request: { method, target }, verdict }) => {
      const [path = ''] = target.split(/(?<=[?&])X-Amz-/, 1);
      return `${method} ${path} ${verdict.ok ? verdict.accessKeyId : verdict.code}`;
    });
  readonly sent = () => this.server.requests.slice(this.#first).map(describeRequest);
  readonly countSessions = (): number => this.server.requests.slice(this.#first).filter(isCreateSession).length;

  /** A client of the zonal host, whose name leads to the stand-in. */
  readonly connect = (options: Aws4Options = {}, defaults: object = {}, host = ZONAL_HOST): AxiosInstance =>
    createClient(
      `http://${host}:${new URL(this.origin).port}`,
      { region: undefined, service: undefined, clock: this.clock, ...options },
      { lookup: resolveToLoopback, adapter: 'http', ...defaults },
    );

  /** A client of the same bucket by its path, as the SDK has it for an endpoint that is an address. */
  readonly connectByPath = (options: Aws4Options = {}, defaults: object = {}): AxiosInstance =>
    createClient(`${this.origin}/${BUCKET}`, { ...SCOPE, clock: this.clock, ...options }, defaults);
}

type OnAddress = (error: null, address: string, family: 4) => void;

export const resolveToLoopback = (_: string, __: object, done: OnAddress): void => {
  done(null, '127.0.0.1', 4);
};

/** A stage that is there for all tests of a file, and as new for each. */
export function setExpressStage(): ExpressStage {
  return setStage(new ExpressStage());
}
