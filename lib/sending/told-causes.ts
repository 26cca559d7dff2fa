/** Causes that a refusal tells by its code or its words: the date, the token, the scope, headers, the key, the body. */
import { DATE_TOLERANCE_MS } from '../time/clock.js';
import { readDate } from '../time/request-date.js';
import type { LineDifference } from './differences.js';
import type { RefusalCause } from './explanation.js';
import { CLOCK_CODES, TOKEN_CODES, TOKEN_MESSAGE } from './refusal-cause.js';
import type { RefusalDetails } from './refusal-details.js';
import { formatAmzMoment, formatMoment, formatSpan } from './shown-moments.js';
import { describeDifference } from './usual-suspects.js';
import type { ShowSide } from './shown-lines.js';

/** A cause with its sentence; `differences` may bear secrets still. */
export interface Finding {
  readonly cause: RefusalCause;
  /** Without a full stop. */
  readonly summary: string;
  readonly differences: readonly LineDifference[];
}

/** A refusal, and what of the request it is about. */
export interface RefusedSignature {
  readonly details: RefusalDetails;
  /** What healing found it to be refused for. */
  readonly healable: 'clock' | 'token' | undefined;
  /** The server's time, in ms since the epoch. */
  readonly serverMs: number | undefined;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly amzDate: string;
  /** Whether the clock gave the date, and not the request's own headers. */
  readonly isDateOurs: boolean;
  readonly scope: Scope;
  readonly accessKeyId: string;
  readonly hasToken: boolean;
  /** Whether a session of S3 Express has signed. */
  readonly isOfSession: boolean;
  readonly payloadHash: string | undefined;
  readonly show: ShowSide;
}

/** The parts of a credential scope. */
export interface Scope {
  readonly date: string;
  /** Under SigV4a the set of regions, which is a header or parameter of its own. */
  readonly region: string;
  readonly service: string;
  readonly isSigV4a: boolean;
}

/** The cause that an answer tells, where it does. */
export function findToldCause(refused: RefusedSignature): Finding | undefined {
  for (const find of [findToken, findDate, findScope, findHeaders, findKey, findPayload]) {
    const found = find(refused);
    if (found !== undefined) return found;
  }
  return undefined;
}

const KEY_CODES = /^(?:InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException)$/;
const INVALID_WORDS = /security token included in the request is invalid/i;

function findToken(refused: RefusedSignature): Finding | undefined {
  const { details, healable, hasToken, isOfSession, accessKeyId } = refused;
  const { code = '', message } = details;
  if (TOKEN_CODES.has(code) || TOKEN_MESSAGE.test(message.text) || healable === 'token') {
    if (isOfSession)
      return tell('token', 'The session of S3 Express has ended, and the server takes none in its place');
    const advice = 'give credentials as a function, so that there are new ones in time';
    return tell('token', `The session token of ${describeKey(accessKeyId)} has expired: ${advice}`);
  }
  if (code === 'InvalidToken' || (hasToken && KEY_CODES.test(code) && INVALID_WORDS.test(message.text))) {
    const what = `The server does not take the session token of ${describeKey(accessKeyId)}`;
    return tell('token', `${what}: it is another key’s, is not whole, or was not given out there`);
  }
  if (!hasToken && accessKeyId.startsWith('ASIA') && (KEY_CODES.test(code) || INVALID_WORDS.test(message.text))) {
    const what = `The access key${describeEnd(accessKeyId)} is a temporary one (ASIA...)`;
    return tell('token', `${what}, and no session token was sent with it: add sessionToken to the credentials`);
  }
  return undefined;
}

const DATE_WORDS =
  /^\s*(?:signature (?:expired|not yet current)|request has expired)|date in credential scope does not match/i;

function findDate(refused: RefusedSignature): Finding | undefined {
  const { details, healable, amzDate, serverMs, isDateOurs } = refused;
  const isTold = CLOCK_CODES.has(details.code ?? '') || DATE_WORDS.test(details.message.text);
  if (!isTold && healable !== 'clock') return undefined;
  if (/date in credential scope/i.test(details.message.text)) {
    const what = `The server saw another day in X-Amz-Date than in the credential scope, ${refused.scope.date}`;
    return tell('date', `${what}: something on the way changes X-Amz-Date, or the signing key is another day’s`);
  }
  const signedMs = readDate(amzDate);
  const signedAt = `The request was signed for ${signedMs === undefined ? amzDate : formatMoment(signedMs)}`;
  const whose = isDateOurs ? 'the clock here is' : 'the date that the request names is';
  if (serverMs === undefined || signedMs === undefined) {
    return tell('date', `${signedAt}, which the server does not take: ${whose} not its own`);
  }
  const life = /^\d{1,6}$/.exec(details.read('x-amz-expires')?.text.trim() ?? '')?.[0];
  if (life !== undefined) {
    return tell('date', `${signedAt} and is good for ${life} seconds, which were over at ${formatMoment(serverMs)}`);
  }
  const aheadMs = signedMs - serverMs;
  const difference = { kind: 'date', name: '', ours: amzDate, theirs: formatAmzMoment(serverMs) } as const;
  if (Math.abs(aheadMs) < DATE_TOLERANCE_MS) {
    return tell('date', `${signedAt}, which the server does not take: it was changed or held up on the way`, [
      difference,
    ]);
  }
  const direction = aheadMs > 0 ? 'fast' : 'slow';
  const summary = `${signedAt}, when it was ${formatMoment(serverMs)} at the server: ${whose} ${formatSpan(aheadMs)} ${direction}`;
  return tell('date', summary, [difference]);
}

function findScope(refused: RefusedSignature): Finding | undefined {
  const { code = '', message, read } = refused.details;
  const words = message.text;
  const isOfQuery = code === 'AuthorizationQueryParametersError';
  const isOfScope = isOfQuery || code === 'AuthorizationHeaderMalformed' || code === 'InvalidRegionName';
  const region = readName(
    /region(?: '[^']{0,64}')? is wrong; expecting '([\w-]{1,64})'/i.exec(words)?.[1] ??
      (isOfScope ? read('region')?.text : undefined),
  );
  const service = readName(
    /(?:endpoint belongs to "|correct service:? '|service '[^']{0,64}' is wrong; expecting ')([\w-]{1,64})["']/i.exec(
      words,
    )?.[1],
  );
  const { scope } = refused;
  if (region !== undefined && region !== scope.region) return tellScope(refused, { ...scope, region });
  if (service !== undefined && service !== scope.service) return tellScope(refused, { ...scope, service });
  if (
    /scoped to a valid region|region (?:name )?'[^']{0,64}' is (?:not valid|wrong)/i.test(words) ||
    code === 'InvalidRegionName'
  ) {
    return tell('scope', `The server takes no signature for the region ${scope.region}: set region to its own`);
  }
  if (/scoped to (?:a |the )?correct service|incorrect service/i.test(words)) {
    return tell('scope', `The server takes no signature for the service ${scope.service}: set service to its own`);
  }
  if (/credential should be scoped (?:to|with) /i.test(words)) {
    return tell('scope', `The server takes no signature for ${scope.service} in ${scope.region}`);
  }
  if (isOfQuery) {
    return tell(
      'query',
      'The server does not take the X-Amz- parameters of the query: something on the way changes them',
    );
  }
  return undefined;
}

function tellScope(refused: RefusedSignature, theirs: Scope): Finding {
  const ours = refused.scope;
  const what = ours.region === theirs.region ? 'service' : 'region';
  const [signed, expected] = [ours[what], theirs[what]];
  return tell(
    'scope',
    `The request was signed for the ${what} ${signed}, and the server’s is ${expected}: set ${what} to '${expected}'`,
    [
      what === 'region' && ours.isSigV4a
        ? { kind: 'header', name: 'x-amz-region-set', ours: signed, theirs: expected }
        : { kind: 'scope', name: '', ours: formatScope(ours), theirs: formatScope(theirs) },
    ],
  );
}

function formatScope({ date, region, service, isSigV4a }: Scope): string {
  return `${date}/${isSigV4a ? '' : `${region}/`}${service}/aws4_request`;
}

function findHeaders({ details, scope }: RefusedSignature): Finding | undefined {
  const { code = '', message, read } = details;
  const words = message.text;
  const unsigned = listNames(
    read('headersnotsigned')?.text ??
      Array.from(
        words.matchAll(/'([\w-]{1,64})'(?: or '[^']{0,64}')? must be a 'SignedHeader'/gi),
        ([, name]) => name,
      ).join(),
  );
  if (unsigned.length > 0) {
    const differences = unsigned.map((name) => ({ kind: 'header', name, ours: undefined, theirs: '' }) as const);
    const [what, it] = unsigned.length === 1 ? ['header', 'was'] : ['headers', 'were'];
    const told = `The ${what} ${unsigned.join(', ')} ${it} sent without being signed`;
    return tell('headers', `${told}: something adds to the request after its signing`, differences);
  }
  const removed =
    code === 'InvalidRequest'
      ? 'x-amz-content-sha256'
      : /either a 'X-Amz-Date' or a 'Date' header/i.test(words)
        ? 'x-amz-date'
        : readName(/existence of signed headers?:? '?([\w-]{1,64})/i.exec(words)?.[1])?.toLowerCase();
  if (removed !== undefined) {
    const difference = { kind: 'header', name: removed, ours: '', theirs: undefined } as const;
    return tell(
      /^x-amz-(?:security|s3session)-token$/.test(removed) ? 'token' : 'headers',
      `The server did not see the header ${removed}, which was signed: something on the way removes it`,
      [difference],
    );
  }
  if (code.startsWith('IncompleteSignature')) {
    return tell(
      'headers',
      'The server cannot read the Authorization that it got: something on the way changes or replaces it',
    );
  }
  // API Gateway answers so where it has no such path or method.
  const isUnclear = scope.service === 'execute-api' && !/no authorization/i.test(words);
  if (code.startsWith('MissingAuthenticationToken') && !isUnclear) {
    return tell('headers', 'The server saw no Authorization: something on the way removes it');
  }
  return undefined;
}

function findKey({ details, accessKeyId }: RefusedSignature): Finding | undefined {
  const isUnknown = KEY_CODES.test(details.code ?? '') || INVALID_WORDS.test(details.message.text);
  if (!isUnknown) return undefined;
  const what = `The server does not know the access key${describeEnd(accessKeyId)}`;
  return tell('secret', `${what}: it is of another account or store, or was deleted`);
}

function findPayload({ details, payloadHash, show }: RefusedSignature): Finding | undefined {
  const { code, read } = details;
  if (code !== 'XAmzContentSHA256Mismatch' && code !== 'BadDigest') return undefined;
  const theirs = /^[\da-f]{64}$/.exec(read('s3computedcontentsha256')?.text.trim() ?? '')?.[0];
  if (theirs === undefined || theirs === payloadHash) {
    return tell(
      'payload',
      'The server saw another body than was signed: it was compressed, encoded again or cut off on the way',
    );
  }
  const difference = { kind: 'payload hash', name: '', ours: payloadHash, theirs } as const;
  return tell('payload', describeDifference(difference, show), [difference]);
}

function tell(cause: RefusalCause, summary: string, differences: readonly LineDifference[] = []): Finding {
  return { cause, summary, differences };
}

/** `the access key ending in MPLE`: whose it is can be told by that, and no more is shown. */
export function describeKey(accessKeyId: string): string {
  return `the access key${describeEnd(accessKeyId)}`;
}

function describeEnd(accessKeyId: string): string {
  return /^\w{16,}$/.test(accessKeyId) ? ` ending in ${accessKeyId.slice(-4)}` : '';
}

function listNames(list: string): string[] {
  return list
    .slice(0, 1000)
    .split(/[\s,;]+/)
    .filter((name) => /^[\w-]{1,64}$/.test(name))
    .map((name) => name.toLowerCase())
    .slice(0, 10);
}

function readName(text: string | undefined): string | undefined {
  const name = text?.trim();
  return name !== undefined && /^[\w-]{1,64}$/.test(name) ? name : undefined;
}
