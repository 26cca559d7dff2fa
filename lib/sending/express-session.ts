/** Signing with sessions of S3 Express: loaded for the first request to a directory bucket. */
import type { InternalAxiosRequestConfig } from 'axios';
import type { CredentialSet, CredentialsSource } from '../credentials/credentials.js';
import { isDerivedKey } from '../credentials/derived-key.js';
import {
  findExpressSession,
  type ExpressSession,
  type OpenSession,
  type SessionAsker,
} from '../credentials/express-sessions.js';
import { follow, makeLeavable, type Waiting } from '../credentials/shared-answer.js';
import { findDirectoryBucket } from '../destination/directory-bucket.js';
import { isPending } from '../platform/waiting.js';
import { readOwn } from '../request/config.js';
import type { SessionSubject } from '../signing/prepared-request.js';
import type { Identity, Signer } from '../signing/signing-plan.js';
import { createQuerySigning, SENT_EXPIRES_IN_S } from '../signing/query-signing.js';
import { readClock, type CorrectedClock } from '../time/clock.js';
import type { Limits } from './cancellation.js';
import { createSessionConfig, openSession, planCreateSession, type SendSigned } from './create-session.js';
import type { SendingPlan } from './request-signer.js';
import { platform } from '#platform';

type Config = InternalAxiosRequestConfig;

/**
 * The plan of a request for `s3express`: with the session of its bucket as signer, where it takes one. What signs with that
 * is a source of credentials as any other: it is renewed in the place of the credentials themselves.
 *
 * @param send sends CreateSession; given, since what is loaded when it is needed must not import what loads it
 */
export function enterSession<Plan extends SendingPlan>(
  plan: Plan,
  { method, url: { href }, headers }: SessionSubject['request'],
  config: Config,
  adapter: Config['adapter'],
  limits: Limits,
  send: SendSigned,
): Plan | Promise<Plan> {
  if (plan.s3ExpressSessions === undefined && isDisabled()) return plan;
  const bucket = findDirectoryBucket({ method, href, headers });
  if (bucket === undefined) return plan;
  const token = readOwn(headers, 'X-Amz-Security-Token');
  const ownToken = typeof token === 'string' ? token : undefined;
  const asker: SessionAsker = {
    prepareOpening: () => {
      const opening = createSessionConfig(config, bucket, ownToken);
      return createOpener(opening, adapter, planCreateSession(plan), bucket.name, send);
    },
    readTimeLeft: () => limits.readTimeLeft().timeout ?? readOwn(config, 'timeout') ?? 0,
  };
  const { sessionOwner } = plan;
  const find: FindSession = (identity) => findExpressSession(sessionOwner, bucket, identity, ownToken);
  const inSession = { ...plan, isOfSession: true, signer: createSource(plan.signer, find, asker) };
  return plan.querySigning === undefined ? inSession : limitQuery(inSession, inSession.signer, bucket.origin, limits);
}

function isDisabled(): boolean {
  return platform.readEnvironment('AWS_S3_DISABLE_EXPRESS_SESSION_AUTH')?.trim().toLowerCase() === 'true';
}

/** In a function of its own: a session keeps it for its renewals, and must not keep the request by it. */
function createOpener(
  config: Config,
  adapter: Config['adapter'],
  plan: SendingPlan,
  name: string,
  send: SendSigned,
): OpenSession {
  return (signal, timeout) =>
    openSession({ ...config, timeout, ...(signal !== undefined && { signal }) }, adapter, plan, name, send);
}

/** The session of whoever signs. */
type FindSession = (identity: Identity) => ExpressSession;

/** The session as a source of credentials: the session of those that the signer has at the moment. */
function createSource(signer: Signer, find: FindSession, asker: SessionAsker): CredentialsSource {
  const enter = (time: CorrectedClock, use: (session: ExpressSession) => CredentialSet | Waiting<CredentialSet>) => {
    const loading = isDerivedKey(signer) ? signer : signer.load(time);
    return isPending(loading) ? follow(makeLeavable(loading), (identity) => use(find(identity))) : use(find(loading));
  };
  return {
    load: (time) => enter(time, (session) => session.load(asker, time)),
    replace: (expired, time) => enter(time, (session) => session.replace(asker, expired, time)),
  };
}

/** A signature in the query ends with the session at the latest. */
async function limitQuery<Plan extends SendingPlan>(
  plan: Plan,
  source: CredentialsSource,
  origin: string,
  limits: Limits,
): Promise<Plan> {
  const { clock, skews, expiresIn = SENT_EXPIRES_IN_S } = plan;
  const time = { now: () => readClock(clock) + skews.read(origin), uncorrected: () => readClock(clock) };
  const { expiresAtMs = Infinity } = await limits.wait(Promise.resolve(source.load(time)));
  const leftS = Math.max(1, Math.floor((expiresAtMs - time.now()) / 1000));
  const limited = { ...plan, expiresIn: Math.min(expiresIn, leftS) };
  return { ...limited, querySigning: createQuerySigning(limited) };
}
