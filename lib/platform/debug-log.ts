/** What `NODE_DEBUG=axios-aws4auth` prints: what each request was signed for, and what became of it; no secret is in it. */

/** A request by what is shown of it: its method, and its URL without userinfo, query and fragment. */
interface LoggedRequest {
  readonly method: string;
  readonly url: { readonly href: string };
}

interface LoggedCredentials {
  readonly credentials: { readonly accessKeyId: string };
  readonly expiresAtMs: number | undefined;
}

interface LoggedSigning {
  readonly request: LoggedRequest;
  readonly endpoint: { readonly region: string; readonly service: string; readonly algorithm: string };
  readonly datedMs: number | undefined;
  readonly credentials: LoggedCredentials | undefined;
  readonly time: { readonly now: () => number; readonly uncorrected: () => number };
}

interface LoggedAttempt extends LoggedSigning {
  readonly payload: string;
  readonly trace: { readonly stringToSign: string; readonly signedHeaders: string };
}

/** A URL or a form that others send. */
interface LoggedPresigning extends LoggedSigning {
  readonly amzDate: string;
  readonly expiresAt: Date;
}

interface LoggedPlan {
  readonly region: string | undefined;
  readonly service: string | undefined;
  readonly signer: { readonly accessKeyId: string } | { readonly load: unknown };
}

/** The default chain can list what it tried, which a user's own provider cannot; a session says what it is. */
interface LoggedProvider {
  readonly title?: string;
  readonly listTried?: () => readonly string[];
}

interface LoggedRefusal {
  readonly cause?: string | undefined;
  readonly refusal?: { readonly code: string | undefined };
}

interface LoggedRemedy {
  readonly skew?: { readonly skewMs: number };
  readonly credentials?: LoggedCredentials;
}

interface LoggedHop {
  readonly method: string;
  readonly url: { readonly href: string };
}

type ParseHostname = (hostname: string) => { readonly region: string; readonly service: string } | undefined;

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
        return `${show(request)}: signed ${signing}, payload ${payload}, headers ${trace.signedHeaders}`;
      });
    },
    presigned: (presigning, plan, parseHostname) => {
      tell(() => {
        const { request, credentials, amzDate, expiresAt } = presigning;
        const signing = describeSigning(presigning, plan, parseHostname, findSource(credentials), amzDate);
        return `${show(request)}: presigned until ${expiresAt.toISOString()} ${signing}`;
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
      tell(() => `${show(from)}: redirected to ${show(to)}, ${describeHop(to, datedMs)}`);
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
        return `${show(request)}: refused for its ${String(cause)} (${code}); signed and sent again: ${reasons.join('; ')}`;
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

function nameProvider({ title, listTried }: LoggedProvider): string {
  if (title !== undefined) return title;
  return listTried === undefined ? 'provider' : 'default provider chain';
}

/** @param source where credentials come from */
function describeSigning(
  signing: LoggedSigning,
  plan: LoggedPlan,
  parseHostname: ParseHostname,
  source: string,
  amzDate: string,
): string {
  const { endpoint, datedMs, credentials, time, request } = signing;
  const named = parseHostname(new URL(request.url.href).hostname);
  const accessKeyId = 'accessKeyId' in plan.signer ? plan.signer.accessKeyId : undefined;
  const findSource = (name: 'service' | 'region'): string => {
    if (accessKeyId !== undefined) return 'signingKey';
    if (plan[name] !== undefined) return 'option';
    // Of a host that every region serves, SigV4 takes no region.
    if (named !== undefined && (named[name] !== '*' || endpoint[name] === '*')) return 'hostname';
    // A POST policy is for S3 where nothing says so.
    return name === 'region' ? 'environment' : 'default';
  };
  const correctedMs = time.now() - time.uncorrected();
  const clock = Math.abs(correctedMs) < 1000 ? 'clock' : `clock, corrected by ${toSeconds(correctedMs)}`;
  const as =
    credentials === undefined
      ? `${maskId(accessKeyId ?? '')} (signingKey)`
      : `${describeCredentials(credentials)} (${source})`;
  const algorithm = endpoint.algorithm === 'sigv4a' ? 'with SigV4a ' : '';
  return (
    `${algorithm}for the service ${endpoint.service} (${findSource('service')}) in ${endpoint.region} (${findSource('region')}), ` +
    `as ${as}, at ${amzDate} (${datedMs === undefined ? 'date of the request' : clock})`
  );
}

function describeHop(to: LoggedHop, datedMs: number | undefined): string {
  if (datedMs !== undefined) return 'signed for it';
  const isPresigned = /[?&]x-amz-signature=/i.test(to.url.href);
  return isPresigned ? 'which is presigned: sent without a signature' : 'where signatures may not go: sent unsigned';
}

function describeCredentials({ credentials, expiresAtMs }: LoggedCredentials): string {
  const end = expiresAtMs === undefined ? 'without an expiration' : `until ${new Date(expiresAtMs).toISOString()}`;
  return `${maskId(credentials.accessKeyId)} ${end}`;
}

/** The end of an access key ID: no secret by itself, and enough to tell one from another. */
function maskId(accessKeyId: string): string {
  return accessKeyId.length > 8 ? `…${accessKeyId.slice(-4)}` : '…';
}

function toSeconds(ms: number): string {
  return `${String(Math.round(ms / 1000))} s`;
}

function show({ method, url }: LoggedRequest): string {
  return showConfig({ method, url: url.href });
}

/** A config's own method and URL. A query may bear a token, and what stands before `@` a password. */
function showConfig(given: object): string {
  const read = (name: string): string => {
    const value: unknown = Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  const [url, baseURL] = [read('url'), read('baseURL')];
  const isAbsolute = /^[a-z][a-z\d+.-]*:|^\/\//i.test(url);
  const whole = isAbsolute || baseURL === '' ? url : `${baseURL.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
  return `${(read('method') || 'get').toUpperCase()} ${showUrl(whole)}`;
}

function showUrl(text: string): string {
  if (!URL.canParse(text)) return 'a URL that cannot be read';
  const { protocol, host, pathname, search } = new URL(text);
  return `${protocol}//${host}${shorten(pathname)}${search === '' ? '' : '?…'}`;
}

const LONGEST_PATH = 200;
const LONGEST_LINE = 2000;

function shorten(path: string): string {
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
}

/** One line: what servers and providers say may have line breaks, which would pass for lines of the log. */
function toLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters to drop; not every engine knows `\p{Cc}`
  return text.replace(/[\0-\x1F\x7F-\x9F\u2028\u2029]+/g, ' ').slice(0, LONGEST_LINE);
}
