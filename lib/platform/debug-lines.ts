/** The lines of the debug log: requests, signatures and credentials in words; no secret is in them. */

/** A request by what is shown of it: its method, and its URL without userinfo, query and fragment. */
export interface LoggedRequest {
  readonly method: string;
  readonly url: { readonly href: string };
}

export interface LoggedCredentials {
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

export interface LoggedAttempt extends LoggedSigning {
  readonly payload: string;
  readonly trace: { readonly stringToSign: string; readonly signedHeaders: string };
}

/** A URL or a form that others send. */
export interface LoggedPresigning extends LoggedSigning {
  readonly amzDate: string;
  readonly expiresAt: Date;
}

export interface LoggedPlan {
  readonly region: string | undefined;
  readonly service: string | undefined;
  readonly signer: { readonly accessKeyId: string } | { readonly load: unknown };
}

/** The default chain can list what it tried, which a user's own provider cannot; a session says what it is. */
export interface LoggedProvider {
  readonly title?: string;
  readonly listTried?: () => readonly string[];
}

export interface LoggedRefusal {
  readonly cause?: string | undefined;
  readonly refusal?: { readonly code: string | undefined };
}

export interface LoggedRemedy {
  readonly skew?: { readonly skewMs: number };
  readonly credentials?: LoggedCredentials;
}

export interface LoggedHop {
  readonly method: string;
  readonly url: { readonly href: string };
}

export type ParseHostname = (hostname: string) => { readonly region: string; readonly service: string } | undefined;

/** What a provider is called. */
export function nameProvider({ title, listTried }: LoggedProvider): string {
  if (title !== undefined) return title;
  return listTried === undefined ? 'provider' : 'default provider chain';
}

/**
 * What was signed for, as whom and when, each with where it came from.
 *
 * @param source where credentials come from
 */
export function describeSigning(
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

/** What became of a redirect. */
export function describeHop(to: LoggedHop, datedMs: number | undefined): string {
  if (datedMs !== undefined) return 'signed for it';
  const isPresigned = /[?&]x-amz-signature=/i.test(to.url.href);
  return isPresigned ? 'which is presigned: sent without a signature' : 'where signatures may not go: sent unsigned';
}

/** Whose they are, and until when they are good. */
export function describeCredentials({ credentials, expiresAtMs }: LoggedCredentials): string {
  const end = expiresAtMs === undefined ? 'without an expiration' : `until ${new Date(expiresAtMs).toISOString()}`;
  return `${maskId(credentials.accessKeyId)} ${end}`;
}

/** The end of an access key ID: no secret by itself, and enough to tell one from another. */
function maskId(accessKeyId: string): string {
  return accessKeyId.length > 8 ? `…${accessKeyId.slice(-4)}` : '…';
}

/** A span, given in ms. */
export function toSeconds(ms: number): string {
  return `${String(Math.round(ms / 1000))} s`;
}

/** A request's method and URL. */
export function showRequest({ method, url }: LoggedRequest): string {
  return showConfig({ method, url: url.href });
}

/** A config's own method and URL. A query may bear a token, and what stands before `@` a password. */
export function showConfig(given: object): string {
  const read = (name: string): string => {
    const value: unknown = Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  const [url, baseURL] = [read('url'), read('baseURL')];
  const isAbsolute = /^[a-z][a-z\d+.-]*:|^\/\//i.test(url);
  const whole =
    isAbsolute || baseURL === '' ? url : `${baseURL.replace(/([^/])\/+$/, '$1')}/${url.replace(/^\/+/, '')}`;
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
export function toLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are the characters to drop; not every engine knows `\p{Cc}`
  return text.replace(/[\0-\x1F\x7F-\x9F\u2028\u2029]+/g, ' ').slice(0, LONGEST_LINE);
}
