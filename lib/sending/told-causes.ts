/** Causes that a refusal tells by its code or its words: the date, the token, the scope, headers, the key, the body. */
import { DATE_TOLERANCE_MS } from '../time/clock.js';
import { readDate } from '../time/request-date.js';
import {
  describeEnd,
  describeKey,
  readName,
  tell,
  type Finding,
  type RefusedSignature,
  type Scope,
} from './finding.js';
import { CLOCK_CODES, TOKEN_CODES, TOKEN_MESSAGE } from './refusal-cause.js';
import { formatAmzMoment, formatMoment, formatSpan } from './shown-moments.js';
import { findHeaders } from './told-headers.js';
import { readToldWords } from './told-words.js';
import { describeDifference } from './usual-suspects.js';

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
  const isInvalid = (KEY_CODES.test(code) || code === 'InvalidTokenId') && INVALID_WORDS.test(message.text);
  if (code === 'InvalidToken' || (hasToken && isInvalid)) {
    const what = `The server does not take the session token of ${describeKey(accessKeyId)}`;
    return tell('token', `${what}: it is another key’s, is not whole, or was not given out there`);
  }
  if (!hasToken && accessKeyId.startsWith('ASIA') && (KEY_CODES.test(code) || INVALID_WORDS.test(message.text))) {
    const what = `The access key${describeEnd(accessKeyId)} is a temporary one (ASIA...)`;
    return tell('token', `${what}, and no session token was sent with it: add sessionToken to the credentials`);
  }
  return undefined;
}

const DATE_WORDS = /^\s*(?:signature (?:expired|not yet current)|request has expired)/i;
const OTHER_DAY_WORDS = /date in credential scope does not match|invalid credential date/i;
/** Of a date that was changed to what is none. */
const UNREADABLE_DATE = /^date must be in iso-8601/i;

function findDate(refused: RefusedSignature): Finding | undefined {
  const { details, healable, amzDate, serverMs, isDateOurs } = refused;
  const words = details.message.text;
  if (details.code === 'MalformedDate' || UNREADABLE_DATE.test(words)) {
    return tell('date', 'The server cannot read X-Amz-Date: something on the way changes it');
  }
  if (OTHER_DAY_WORDS.test(words)) {
    const what = `The server saw another day in X-Amz-Date than in the credential scope, ${refused.scope.date}`;
    return tell('date', `${what}: something on the way changes X-Amz-Date, or the signing key is another day’s`);
  }
  const isTold = CLOCK_CODES.has(details.code ?? '') || DATE_WORDS.test(words) || readToldWords(details) === 'date';
  if (!isTold && healable !== 'clock') return undefined;
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
  const { details, scope } = refused;
  const { code = '' } = details;
  const words = details.message.text;
  if (scope.isSigV4a && /please use AWS4-HMAC-SHA256|only supports "AWS4-HMAC-SHA256"/i.test(words)) {
    return tell('scope', "The server takes no SigV4a: set algorithm to 'sigv4'");
  }
  const { seenRegion, region, service } = readScopeWords(words);
  const isOther = seenRegion !== undefined && seenRegion !== scope.region;
  const isOurs = region === undefined ? service === scope.service : region === scope.region && service === undefined;
  if (!scope.isSigV4a && (isOther || isOurs)) {
    return tell('scope', 'The server saw another credential scope than was signed: something on the way changes it');
  }
  const isOfQuery = code === 'AuthorizationQueryParametersError';
  const isOfRegion = code === 'InvalidRegionName' || code === 'InvalidRegion';
  const isOfScope = isOfQuery || code === 'AuthorizationHeaderMalformed' || isOfRegion;
  const expectedRegion = region ?? (isOfScope ? readName(details.read('region')?.text) : undefined);
  if (expectedRegion !== undefined && expectedRegion !== scope.region) {
    return tellScope(refused, { ...scope, region: expectedRegion });
  }
  if (service !== undefined && service !== scope.service) return tellScope(refused, { ...scope, service });
  if (/scoped to a valid region|region (?:(?:name )?'[^']{0,64}' )?is (?:not valid|wrong)/i.test(words) || isOfRegion) {
    return tell('scope', `The server takes no signature for the region ${scope.region}: set region to its own`);
  }
  if (/scoped to (?:a |the )?correct service|incorrect service/i.test(words)) {
    return tell('scope', `The server takes no signature for the service ${scope.service}: set service to its own`);
  }
  if (/credential should be scoped (?:to|with) |unexpected scope/i.test(words)) {
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

/** The region that a server says it saw, and the region and the service that it says are its own. */
function readScopeWords(words: string) {
  const [, scopeRegion, scopeService] = EXPECTED_SCOPE.exec(words) ?? [];
  const seen = /(?:valid region, not|\bthe region|region name) '([\w-]{1,64})'/i.exec(words)?.[1];
  const region = /region(?: '[^']{0,64}')? is wrong; expecting '([\w-]{1,64})'/i.exec(words)?.[1];
  const service =
    /(?:endpoint belongs to "|correct service:? '|service '[^']{0,64}' is wrong; expecting ')([\w-]{1,64})["']/i.exec(
      words,
    )?.[1];
  return { seenRegion: seen, region: region ?? scopeRegion, service: service ?? scopeService };
}

/** As in `unexpected scope: '...', expected: '20240228/garage/s3/aws4_request'`. */
const EXPECTED_SCOPE = /\bexpected:? '?\d{8}\/([\w-]{1,64})\/([\w-]{1,64})\/aws4_request/i;

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

function findKey({ details, accessKeyId }: RefusedSignature): Finding | undefined {
  const { code = '', message, read } = details;
  const isUnknown = KEY_CODES.test(code) || INVALID_WORDS.test(message.text) || readToldWords(details) === 'key';
  // Google's words for this code, beside it, leave open whether it is the key or the signature.
  const isRefused = code === 'InvalidSecurity' && !/signature/i.test(read('details')?.text ?? '');
  if (!isUnknown && !isRefused) return undefined;
  const what = `The server does not know the access key${describeEnd(accessKeyId)}`;
  return tell('secret', `${what}: it is of another account or store, or was deleted`);
}

function findPayload({ details, payloadHash, show }: RefusedSignature): Finding | undefined {
  const { code, read } = details;
  if (readToldWords(details) === 'hash') {
    return tell(
      'payload',
      'The server cannot read the X-Amz-Content-Sha256 that it got: something on the way changes it',
    );
  }
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
