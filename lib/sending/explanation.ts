/** Why a signature was refused, as the error and the response of a refused request bear it, and how it is read there. */
import { isObject } from '../platform/object-kinds.js';

/**
 * What a server refused a signature for: the secret access key, or what of the signed request it saw otherwise, or the
 * date, the session token, or the credential scope (region and service). `'unknown'` where it does not say.
 *
 * @example
 * if (explainRefusal(error)?.cause === 'secret') console.error('This is not the secret of that access key.');
 */
export type RefusalCause =
  'secret' | 'method' | 'path' | 'query' | 'headers' | 'payload' | 'date' | 'token' | 'scope' | 'unknown';

/**
 * A line of the canonical request or the string to sign in which what was signed is not what the server saw.
 *
 * @example
 * for (const { line, ours, theirs } of explainRefusal(error)?.differences ?? []) console.error(line, ours, theirs);
 */
export interface RefusalDifference {
  /** Which line: `method`, `path`, `query`, a header's name in lower case, `signed headers`, `payload hash`, `date`... */
  readonly line: string;
  /** What was signed; of a query, the parameter. `undefined` where there was none. */
  readonly ours: string | undefined;
  /** What the server saw; `undefined` where it saw none. */
  readonly theirs: string | undefined;
}

/**
 * Why a signature was refused. No secret is in it: tokens, keys, cookies and their like are `REDACTED` on both sides.
 *
 * @example
 * const refusal: RefusalExplanation | undefined = explainRefusal(error);
 * console.error(refusal?.cause, refusal?.summary, String(refusal));
 */
export interface RefusalExplanation {
  /** What the server refused the signature for. */
  readonly cause: RefusalCause;
  /** One sentence, which also ends the message of the error. */
  readonly summary: string;
  /** Empty where the server does not say what it saw, or saw just what was signed. */
  readonly differences: readonly RefusalDifference[];
  /** The summary and a readable diff, coloured on a terminal (`NO_COLOR` and `FORCE_COLOR` are heeded). */
  toString(): string;
}

/** All copies of this package find an explanation under this symbol. */
const EXPLANATION = Symbol.for('axios-aws4auth.refusal');

/**
 * Why a signed request was refused for its signature, by the error that it was rejected with, or by its response where
 * `validateStatus` takes that. It was found when the answer came; this only reads it. Never throws.
 *
 * @param refused an error or a response of axios; anything else has no explanation
 * @returns `undefined` where the request was not refused for its signature: by a policy (AccessDenied), or by an
 * application; its `cause` is `'unknown'` where it was, and the server does not say more
 *
 * @example
 * try {
 *   await api.get('/items');
 * } catch (error) {
 *   console.error(String(explainRefusal(error) ?? error));
 * }
 */
export function explainRefusal(refused: unknown): RefusalExplanation | undefined {
  if (!isObject(refused)) return undefined;
  try {
    const response: unknown = Object.hasOwn(refused, 'response') ? Reflect.get(refused, 'response') : undefined;
    return readExplanation(refused) ?? (isObject(response) ? readExplanation(response) : undefined);
  } catch {
    // A getter's, or a proxy's.
    return undefined;
  }
}

/** Keeps an explanation with an error or a response, where no log shows it. */
export function keepExplanation(bearer: object, explanation: RefusalExplanation): void {
  Reflect.defineProperty(bearer, EXPLANATION, { value: explanation, configurable: true, writable: true });
}

function readExplanation(bearer: object): RefusalExplanation | undefined {
  const kept: unknown = Object.hasOwn(bearer, EXPLANATION) ? Reflect.get(bearer, EXPLANATION) : undefined;
  return isExplanation(kept) ? kept : undefined;
}

function isExplanation(value: unknown): value is RefusalExplanation {
  return isObject(value) && 'cause' in value && 'summary' in value && 'differences' in value;
}
