/** Why a request was refused, by what was pasted of it and of the answer; found by the package's own explainer. */
import { explain } from '../../lib/sending/explainer.js';
import type { RefusalExplanation } from '../../lib/sending/explanation.js';
import { readEchoedTexts } from '../../lib/sending/echoed-texts.js';
import { findCause } from '../../lib/sending/refusal-cause.js';
import { readDetails } from '../../lib/sending/refusal-details.js';
import type { RefusedTry } from '../../lib/sending/refusal-kind.js';
import { readRefusal, type ReadRefusal } from '../../lib/sending/server-refusal.js';
import { SigningKey } from '../../lib/sigv4/signing-key.js';
import { readDate } from '../../lib/time/request-date.js';
import { parseAnswer } from './answer-text.js';
import { parseHar } from './har-entry.js';
import { toHeaderObject, type ResponseText } from './http-text.js';
import { findLoggedTexts, parseSigningTexts, type PastedTexts } from './logged-texts.js';
import { parsePastedRequest } from './pasted-request.js';
import { trimPasted } from './pasted-text.js';
import { unquoteText } from './printed-values.js';
import { readSignedRequest, type SignedParts } from './signed-parts.js';
import { readSigningTexts } from './signing-texts.js';

/** What is known of a refusal. */
export interface PastedRefusal {
  /** `undefined` where the answer refuses no signature. */
  readonly explanation: RefusalExplanation | undefined;
  readonly signed: SignedParts;
  /** What the secret proves; `undefined` without one. */
  readonly check: SignatureCheck | undefined;
}

/** Whether the signature in the request is the one that the secret gives. */
export type SignatureCheck = 'right' | 'wrong' | 'not possible';

/** A field that something is pasted into. */
type PastedField = 'request' | 'answer' | 'secret';

/** An error with the field that it is about. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
  readonly field: PastedField;

  constructor(field: PastedField, message: string) {
    super(message);
    this.field = field;
  }
}

/**
 * Explains a refusal.
 *
 * @param requestText the request that was sent, or its canonical request
 * @param pastedAnswer the server's answer, or the canonical request or string to sign that it computed; may be empty where
 * the answer stands behind the request
 * @param secretAccessKey the secret, where the signature itself is to be checked
 * @throws FieldError for what cannot be read
 */
export async function explainPasted(
  requestText: string,
  pastedAnswer: string,
  secretAccessKey: string,
): Promise<PastedRefusal> {
  const request = blameField('request', () => parsePastedRequest(requestText));
  const answerText = pastedAnswer.trim() === '' && holdsAnswer(requestText) ? requestText : pastedAnswer;
  if (answerText.trim() === '') {
    throw new FieldError('answer', 'Paste what the server answered, or the canonical request that it computed');
  }
  const texts = readTexts(answerText);
  const answer = texts === undefined ? blameField('answer', () => parseAnswer(answerText)) : undefined;
  const echo = readEchoedTexts(
    readDetails(answer === undefined ? toRefusal(texts) : { ...NOTHING, data: answer.body }),
  );
  const signed = blameField('request', () =>
    request.kind === 'request' ? readSignedRequest(request, echo) : readSigningTexts(request, echo),
  );
  const refusal = answer === undefined ? toRefusal(texts) : await readAnswer(answer, signed.service);
  return {
    explanation: isRefusal(refusal) ? explain(refusal, describeTry(signed, refusal), signed.trace) : undefined,
    signed,
    check: blameField('secret', () => checkSignature(signed, secretAccessKey)),
  };
}

/** What tools print of an exchange, and archives of it, hold both of its sides. */
function holdsAnswer(text: string): boolean {
  return /^(?:< )?HTTP\/\d(?:\.\d)? \d{3}\b/m.test(text) || parseHar(text)?.response.status !== undefined;
}

/** The texts that a server computed, where no answer stands around them. */
function readTexts(answerText: string): PastedTexts | undefined {
  const text = unquoteText(trimPasted(answerText));
  return parseSigningTexts(text) ?? (ANSWER.test(text) ? undefined : findLoggedTexts(text));
}

const ANSWER = /<\/?Error|&lt;\/?Error|HTTP\/\d|should have been/;

/** As for the package itself, an answer of another status refuses no signature. */
function isRefusal({ status }: ReadRefusal): boolean {
  return status === 400 || status === 401 || status === 403;
}

function blameField<T>(field: PastedField, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Error ? new FieldError(field, error.message) : error;
  }
}

const NOTHING: ReadRefusal = {
  status: 403,
  code: undefined,
  message: '',
  serverMs: undefined,
  data: undefined,
  isOfAws: true,
};

/** What a server computed, as an answer that says it. */
function toRefusal(texts: PastedTexts | undefined): ReadRefusal {
  const { canonicalRequest, stringToSign } = texts ?? {};
  return {
    ...NOTHING,
    code: 'SignatureDoesNotMatch',
    data: { CanonicalRequest: canonicalRequest, StringToSign: stringToSign },
  };
}

/** What API Gateway and its like say in `x-amzn-errortype`, by the words that are all of their body. */
const CODES_BY_WORDS: readonly (readonly [words: RegExp, code: string])[] = [
  [/^The security token included in the request is expired/i, 'ExpiredTokenException'],
  [/^The security token included in the request is invalid/i, 'UnrecognizedClientException'],
  [/^Missing Authentication Token$/i, 'MissingAuthenticationTokenException'],
  [/^Authorization header requires |\(missing equal-sign\) in Authorization header/i, 'IncompleteSignatureException'],
];

/** Behind some services stand applications, whose answers are told apart by a header: without headers, it is AWS's. */
async function readAnswer({ status = 403, headers, body }: ResponseText, service: string): Promise<ReadRefusal> {
  const joined = Object.entries(toHeaderObject(headers)).map(
    ([name, value]) => [name, [value].flat().join(', ')] as const,
  );
  const response = { status, headers: Object.fromEntries(joined), data: body };
  if (headers.length > 0) return readRefusal(response, service);
  const refusal = await readRefusal(response, '');
  const [, code] = CODES_BY_WORDS.find(([words]) => words.test(refusal.message)) ?? [];
  return { ...refusal, code: refusal.code ?? code };
}

/** The try that was refused, as far as a paste tells of it: when it was sent and answered is only known by its dates. */
function describeTry({ trace, headers, service }: SignedParts, refusal: ReadRefusal): RefusedTry {
  const signedMs = readDate(trace.stringToSign.split('\n')[1]);
  const attempt = { headers, endpoint: { service }, readTrace: () => trace, credentials: undefined };
  const tried = {
    sentMs: signedMs ?? 0,
    receivedMs: signedMs ?? 0,
    outcome: { lastHop: { datedMs: signedMs } },
  };
  return {
    attempt,
    // Whose clock it is by, nobody knows.
    outcome: { lastHop: { datedMs: undefined } },
    cause: findCause(refusal, attempt, tried),
  };
}

function checkSignature({ trace, region, service }: SignedParts, secret: string): SignatureCheck | undefined {
  if (secret === '') return undefined;
  if (trace.signature === '' || !trace.stringToSign.startsWith('AWS4-HMAC-SHA256\n')) return 'not possible';
  const date = trace.scope.slice(0, 8);
  const key = new SigningKey(secret, { date, region, service }, { keepSecret: false });
  return key.sign(trace.stringToSign) === trace.signature ? 'right' : 'wrong';
}
