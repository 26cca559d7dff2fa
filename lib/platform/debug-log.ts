/** What `NODE_DEBUG=axios-aws4auth` prints: what each request was signed for, and what became of it; no secret is in it. */
import {
  describeCredentials,
  describeHop,
  describeSigning,
  nameProvider,
  showRequest,
  showConfig,
  toLine,
  toSeconds,
  type LoggedAttempt,
  type LoggedCredentials,
  type LoggedHop,
  type LoggedPlan,
  type LoggedPresigning,
  type LoggedProvider,
  type LoggedRefusal,
  type LoggedRemedy,
  type LoggedRequest,
  type ParseHostname,
} from './debug-lines.js';

/**
 * Told of each event where the log is on. Whoever tells hands over what it has at hand: texts are made here, so that
 * nothing is made where the log is off. No method throws.
 */
export interface DebugLog {
  /** @param parseHostname `parseAwsHostname`, of a folder above this one */
  readonly signed: (attempt: LoggedAttempt, plan: LoggedPlan, parseHostname: ParseHostname) => void;
  readonly presigned: (presigning: LoggedPresigning, plan: LoggedPlan, parseHostname: ParseHostname) => void;
  /** @param names of headers whose dates cannot be read */
  readonly datesReplaced: (
    method: unknown,
    url: { readonly href: string },
    names: readonly string[],
    chosenMs: number | undefined,
  ) => void;
  /** @param given the config of a request that is sent as it is */
  readonly unsigned: (given: object) => void;
  readonly refused: (given: object, error: Error) => void;
  readonly redirected: (from: LoggedRequest, to: LoggedHop, datedMs: number | undefined) => void;
  /** A request is signed and sent once more, unless there is no remedy. */
  readonly healing: (refused: Pick<LoggedAttempt, 'request'>, tried: LoggedRefusal, remedy?: LoggedRemedy) => void;
  readonly notHealed: (why: string) => void;
  readonly providerAsked: (provider: LoggedProvider, isForced: boolean) => void;
  readonly providerAnswered: (provider: LoggedProvider, given: LoggedCredentials) => void;
  /** @param error one of this package, whose messages bear no secret */
  readonly providerFailed: (error: unknown) => void;
}

/** @param write prints one line */
export function createDebugLog(write: (line: string) => void): DebugLog {
  // What is told is of any shape that a caller's config has: a text that cannot be made concerns no request.
  const tell = (makeLine: () => string | undefined): void => {
    try {
      const line = makeLine();
      if (line !== undefined) write(toLine(line));
    } catch {
      // There is no line to write.
    }
  };
  /** Which provider gave credentials; without one, they are an object. */
  const providers = new WeakMap<object, string>();
  const findSource = (given: LoggedCredentials | undefined): string =>
    (given && providers.get(given.credentials)) ?? 'credentials';
  return {
    signed: (attempt, plan, parseHostname) => {
      tell(() => {
        const { request, payload, trace, credentials } = attempt;
        const [, amzDate = ''] = trace.stringToSign.split('\n');
        const signing = describeSigning(attempt, plan, parseHostname, findSource(credentials), amzDate);
        return `${showRequest(request)}: signed ${signing}, payload ${payload}, headers ${trace.signedHeaders}`;
      });
    },
    presigned: (presigning, plan, parseHostname) => {
      tell(() => {
        const { request, credentials, amzDate, expiresAt } = presigning;
        const signing = describeSigning(presigning, plan, parseHostname, findSource(credentials), amzDate);
        return `${showRequest(request)}: presigned until ${expiresAt.toISOString()} ${signing}`;
      });
    },
    datesReplaced: (method, { href }, names, chosenMs) => {
      tell(() => {
        if (names.length === 0) return undefined;
        const by = chosenMs === undefined ? 'the time by the clock' : 'the date of its Date header';
        return `${showConfig({ method, url: href })}: ${names.join(' and ')} cannot be read as a date; replaced by ${by}`;
      });
    },
    unsigned: (given) => {
      tell(() => {
        const why =
          Reflect.get(given, 'aws4') === false ? 'aws4 is false' : "its host is not named, and elsewhere is 'unsigned'";
        return `${showConfig(given)}: sent unsigned, since ${why}`;
      });
    },
    refused: (given, error) => {
      tell(() => `${showConfig(given)}: failed with ${String(Reflect.get(error, 'code'))}, ${error.message}`);
    },
    redirected: (from, to, datedMs) => {
      tell(() => `${showRequest(from)}: redirected to ${showRequest(to)}, ${describeHop(to, datedMs)}`);
    },
    healing: ({ request }, { cause, refusal }, remedy) => {
      tell(() => {
        if (remedy === undefined) return undefined;
        const { skew, credentials } = remedy;
        const reasons = [
          ...(skew === undefined ? [] : [`the server's clock is ${toSeconds(skew.skewMs)} ahead`]),
          ...(credentials === undefined ? [] : [`with other credentials, ${describeCredentials(credentials)}`]),
        ];
        // A server may say anything there, what it was sent too.
        const code = /^[\w.-]{1,80}$/.exec(refusal?.code ?? '')?.[0] ?? 'no code';
        return `${showRequest(request)}: refused for its ${String(cause)} (${code}); signed and sent again: ${reasons.join('; ')}`;
      });
    },
    notHealed: (why) => {
      tell(() => `a refused request is not healed: ${why}`);
    },
    providerAsked: (provider, isForced) => {
      tell(() => `credentials: the ${nameProvider(provider)} is asked${isForced ? ', with forceRefresh' : ''}`);
    },
    providerAnswered: (provider, given) => {
      tell(() => {
        providers.set(given.credentials, nameProvider(provider));
        return `credentials: the ${nameProvider(provider)} gave ${describeCredentials(given)}`;
      });
    },
    providerFailed: (error) => {
      tell(() => (error instanceof Error ? error.message : undefined));
    },
  };
}
