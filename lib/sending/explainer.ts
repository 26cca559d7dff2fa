/** Why a signature was refused: told by the answer, or found by comparing what the server computed with what was signed. */
import { createStringToSign } from '../sigv4/canonical-request.js';
import type { SigningTrace } from '../sigv4/signing-stages.js';
import {
  compareCanonicalRequests,
  compareStringsToSign,
  decodeOnce,
  parseCanonicalRequest,
  type CanonicalLines,
  type LineDifference,
} from './differences.js';
import { guessCanonicalRequest } from './hash-guesses.js';
import { readEchoedTexts, type EchoedTexts } from './echoed-texts.js';
import { describeKey, type Finding, type RefusedSignature, type Scope } from './finding.js';
import { formatExplanation } from './diff-text.js';
import { readDetails, type RefusalDetails } from './refusal-details.js';
import { isOfSignature, type RefusedTry } from './refusal-kind.js';
import type { RefusalCause, RefusalExplanation } from './explanation.js';
import { isSessionSigned } from './refusal-cause.js';
import type { ReadRefusal } from './server-refusal.js';
import { createShowing, type ShowSide } from './shown-lines.js';
import { findToldCause } from './told-causes.js';
import { describeDifference } from './usual-suspects.js';

/** More differences than this are not listed: a request that differs in all is another request. */
const MOST_DIFFERENCES = 30;

/**
 * Explains a refusal; `undefined` where it is none of the signature, or another request's that an application speaks of.
 *
 * @param trace what was signed, of the last hop
 */
export function explain(refusal: ReadRefusal, tried: RefusedTry, trace: SigningTrace): RefusalExplanation | undefined {
  const details = readDetails(refusal);
  if (!isOfSignature(details, refusal, tried)) return undefined;
  const ours = parseCanonicalRequest({ text: trace.canonicalRequest, isWhole: true });
  const show = createShowing(tried.attempt.headers, ours.query ?? '');
  const refused = describeRefused(details, refusal, tried, trace, ours, show);
  const echo = readEchoedTexts(details);
  if (!refusal.isOfAws && isOfAnother(echo, trace)) return undefined;
  const finding = findToldCause(refused) ?? findByEcho(echo, ours, trace, refused) ?? describeUnknown(ours, refused);
  const shownDifferences = finding.differences.slice(0, MOST_DIFFERENCES);
  const differences = shownDifferences.map((difference) => ({
    line: difference.kind === 'header' ? (show({ kind: 'path', name: '' }, difference.name) ?? '') : difference.kind,
    ours: show(difference, difference.ours),
    theirs: show(difference, difference.theirs),
  }));
  const summary = `${finding.summary}.`;
  const toString = formatExplanation(summary, ours, shownDifferences, show);
  return Object.defineProperty({ cause: finding.cause, summary, differences }, 'toString', { value: toString });
}

function describeRefused(
  details: RefusalDetails,
  { serverMs }: ReadRefusal,
  { attempt, outcome, cause }: RefusedTry,
  trace: SigningTrace,
  ours: CanonicalLines,
  show: ShowSide,
): RefusedSignature {
  const [, amzDate = ''] = trace.stringToSign.split('\n');
  return {
    details,
    healable: cause,
    serverMs,
    amzDate,
    isDateOurs: outcome.lastHop.datedMs !== undefined,
    scope: readScope(trace, ours),
    accessKeyId: readAccessKeyId(attempt, ours),
    hasToken:
      Object.keys(attempt.headers).some(isTokenName) ||
      /(?:^|&)X-Amz-(?:Security|S3session)-Token=/.test(ours.query ?? ''),
    isOfSession: isSessionSigned(trace.canonicalRequest),
    payloadHash: ours.payloadHash,
    show,
  };
}

/** Of SigV4a, whose scope has no region, with the set of regions that was signed beside it. */
function readScope({ scope }: SigningTrace, { headers, query = '' }: CanonicalLines): Scope {
  const [date = '', ...parts] = scope.split('/').slice(0, -1);
  const [first = '', second] = parts;
  if (second !== undefined) return { date, region: first, service: second, isSigV4a: false };
  const inQuery = /(?:^|&)X-Amz-Region-Set=([^&]*)/.exec(query)?.[1];
  return { date, region: headers.get('x-amz-region-set') ?? decodeOnce(inQuery ?? ''), service: first, isSigV4a: true };
}

function isTokenName(name: string): boolean {
  return /^x-amz-(?:security|s3session)-token$/i.test(name);
}

/** Of the Authorization, or of the query of a request that is signed there. */
function readAccessKeyId({ headers }: RefusedTry['attempt'], { query = '' }: CanonicalLines): string {
  const authorization = headers['Authorization'];
  const credential = typeof authorization === 'string' ? authorization : query.replaceAll('%2F', '/');
  return /Credential=(.+?)\/\d{8}\//.exec(credential)?.[1] ?? '';
}

/** Whether an echo has nothing in common with what was signed: an application passes on what another was told. */
function isOfAnother({ canonicalRequest, stringToSign }: EchoedTexts, trace: SigningTrace): boolean {
  const echoed = `${canonicalRequest?.text ?? ''}\n${stringToSign?.text ?? ''}`.split('\n');
  const [, amzDate = '', scope = ''] = trace.stringToSign.split('\n');
  const own = [`x-amz-date:${amzDate}`, amzDate, scope, trace.signedHeaders];
  return echoed.some((line) => line !== '') && !own.some((line) => echoed.includes(line));
}

/** The cause that a comparison shows, or that there is nothing to tell apart, which leaves the secret. */
function findByEcho(
  echo: EchoedTexts,
  ours: CanonicalLines,
  trace: SigningTrace,
  refused: RefusedSignature,
): Finding | undefined {
  const { show, accessKeyId } = refused;
  const { canonicalRequest, stringToSign } = echo;
  const part = /^AWS4-[A-Z\d-]+-(PAYLOAD|TRAILER)\n/.exec(stringToSign?.text ?? '')?.[1];
  if (part !== undefined) return describeChunk(part);
  const canonical =
    canonicalRequest === undefined ? [] : compareCanonicalRequests(ours, parseCanonicalRequest(canonicalRequest));
  const string = stringToSign === undefined ? [] : compareStringsToSign(trace.stringToSign, stringToSign);
  const hash = string.find(({ kind }) => kind === 'canonical request hash');
  const known = [...canonical, ...string.filter((difference) => difference !== hash)];
  if (known.length > 0) return describeDifferences(known, show);
  if (hash !== undefined) return describeHash(hash, canonicalRequest !== undefined, ours, trace, show);
  if (canonicalRequest?.isWhole !== true && stringToSign?.isWhole !== true) return undefined;
  const what = 'The server computed the very same canonical request and string to sign';
  return {
    cause: 'secret',
    summary: `${what}: the secret access key is not the one that it has for ${describeKey(accessKeyId)}`,
    differences: [],
  };
}

function describeDifferences(differences: readonly LineDifference[], show: ShowSide): Finding {
  const [first] = differences;
  if (first === undefined) throw new Error('There are no differences');
  const others = differences.length - 1;
  const more = others === 0 ? '' : ` (${String(others)} more ${others === 1 ? 'line differs' : 'lines differ'})`;
  return { cause: readCause(first), summary: describeDifference(first, show) + more, differences };
}

/** Of headers, and of the parameters of a request that is signed in its query. */
const CAUSES_BY_NAME: ReadonlyMap<string, RefusalCause> = new Map([
  ['x-amz-date', 'date'],
  ['x-amz-expires', 'date'],
  ['date', 'date'],
  ['x-amz-security-token', 'token'],
  ['x-amz-s3session-token', 'token'],
  ['x-amz-credential', 'scope'],
  ['x-amz-region-set', 'scope'],
  ['x-amz-content-sha256', 'payload'],
  ['content-length', 'payload'],
  ['content-encoding', 'payload'],
]);

const CAUSES_OF_LINES = {
  'signed headers': 'headers',
  'payload hash': 'payload',
  algorithm: 'scope',
  'canonical request hash': 'unknown',
} as const;

function readCause({ kind, name }: LineDifference): RefusalCause {
  switch (kind) {
    case 'header':
      return CAUSES_BY_NAME.get(name) ?? 'headers';
    case 'query':
      return (name.startsWith('X-Amz-') ? CAUSES_BY_NAME.get(name.toLowerCase()) : undefined) ?? 'query';
    case 'method':
    case 'path':
    case 'date':
    case 'scope':
      return kind;
    case 'signed headers':
    case 'payload hash':
    case 'algorithm':
    case 'canonical request hash':
      return CAUSES_OF_LINES[kind];
  }
}

/** Only the hash of the server's canonical request is known: what it is the hash of may be guessed, and is then proved. */
function describeHash(
  hash: LineDifference,
  isCanonicalKnown: boolean,
  ours: CanonicalLines,
  trace: SigningTrace,
  show: ShowSide,
): Finding | undefined {
  if (isCanonicalKnown) {
    if (!/[^\n -~]/.test(trace.canonicalRequest)) return undefined;
    const summary = 'The server hashes header values beyond ASCII as other bytes than were sent: encode such values';
    return { cause: 'headers', summary, differences: [hash] };
  }
  if (trace.canonicalRequest.length > LONGEST_GUESSED) return undefined;
  const guessed = guessCanonicalRequest(ours, (text) => {
    return createStringToSign('', '', text).endsWith(`\n${hash.theirs ?? ''}`);
  });
  if (guessed === undefined) return undefined;
  const differences = compareCanonicalRequests(ours, parseCanonicalRequest({ text: guessed, isWhole: true }));
  // Where the server's hash is of what was signed, ours is of something else, which only what is pasted can be.
  return differences.length === 0 ? undefined : describeDifferences(differences, show);
}

/** Some hundred changes of it are hashed. */
const LONGEST_GUESSED = 16 * 1024;

function describeChunk(part: string): Finding {
  const what = part === 'TRAILER' ? 'the trailer' : 'a chunk of the body';
  const summary = `The signature of ${what} does not match, though that of the request does: the body was changed on the way`;
  return { cause: 'payload', summary, differences: [] };
}

/** Nothing is known: what was signed for, and what it is most often. */
function describeUnknown({ path = '', query = '' }: CanonicalLines, refused: RefusedSignature): Finding {
  const { scope, accessKeyId, details } = refused;
  const key = describeKey(accessKeyId);
  const as = key.includes('ending') ? ` with ${key}` : '';
  const signed = `The server does not say why; the request was signed for ${scope.service} in ${scope.region}${as}`;
  const suspects = [
    ...(details.code?.startsWith('MissingAuthenticationToken') === true ? ['no such path, stage or method'] : []),
    'another secret access key',
    'a Host or path that a proxy rewrites',
    ...(/%(?:25)*2f/i.test(path) ? ['a %2F that is decoded'] : []),
    ...(/%2[0B]/.test(query) ? ['a + or space in the query that is read otherwise'] : []),
    'another region or service',
    'headers or a body that are changed on the way',
  ];
  return { cause: 'unknown', summary: `${signed}, and most often it is ${joinList(suspects)}`, differences: [] };
}

function joinList(items: readonly string[]): string {
  return `${items.slice(0, -1).join(', then ')}, or ${items.at(-1) ?? ''}`;
}
