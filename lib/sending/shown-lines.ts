/** Lines of a canonical request as they may be shown: without secrets, control characters, and without end. */
import { isSecretName } from '../signing/signing-trace.js';
import { encodeRfc3986 } from '../sigv4/encoding.js';
import type { HttpHeaders } from '../sigv4/request-headers.js';
import { decodeFully, decodeOnce, splitPair, type LineDifference } from './differences.js';

/** A side of a difference, as it may be shown. */
export type ShowSide = (
  difference: Pick<LineDifference, 'kind' | 'name'>,
  text: string | undefined,
) => string | undefined;

/** Longer lines are clipped. */
const LONGEST_SHOWN = 300;
const REDACTED = 'REDACTED';

/**
 * Makes what shows lines of one request, ours or a server's: the values of headers and parameters that sound like a
 * secret are `REDACTED`, and so is any of the request's own that stands anywhere else.
 *
 * @param headers those of the request
 * @param query its canonical query
 */
export function createShowing(headers: HttpHeaders, query: string): ShowSide {
  const redact = createRedaction([...listSecretHeaders(headers), ...listSecretParameters(query)].flatMap(spell));
  const clean = (text: string): string => {
    const visible = redact(text).replace(
      HIDDEN,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
    return visible.length > LONGEST_SHOWN ? `${visible.slice(0, LONGEST_SHOWN)}…` : visible;
  };
  return ({ kind, name }, text) => {
    if (text === undefined) return undefined;
    if (kind === 'header') return clean(`${name}:${isSecretName(name) ? REDACTED : text}`);
    return clean(kind === 'query' ? redactQuery(text) : text);
  };
}

// What would be a command to a terminal, or change the direction of text.
// eslint-disable-next-line no-control-regex -- these are the characters to show as escapes
const HIDDEN = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** Every parameter, so that a query may be shown whole. */
function redactQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const { name } = splitPair(pair);
      return pair.length > name.length && isSecretParameter(name) ? `${name}=${REDACTED}` : pair;
    })
    .join('&');
}

/** Short names under which secrets go in queries alone: of shared access signatures, logins, one-time passwords. */
const SECRET_PARAMETER = /^(?:key|sig|sas|auth|jwt|pwd|pass|code|otp|pin|sid|session)$/;

/** Whether a parameter of a query sounds like a secret, as it stands there. */
export function isSecretParameter(name: string): boolean {
  const plain = decodeFully(name).toLowerCase().replaceAll(/[_.]/g, '-');
  return isSecretName(plain) || SECRET_PARAMETER.test(plain);
}

/** Shorter ones stand in too many words. */
const SHORTEST_SECRET = 8;

/**
 * Makes what replaces secrets in a text, of which it gives no more than is shown. A secret is found by how it begins, and
 * then by its length: to search each line for each of them takes the product of both.
 */
function createRedaction(secrets: readonly string[]): (text: string) => string {
  const known = new Set(secrets);
  const lengths = new Map<string, Set<number>>();
  for (const secret of [...known].sort((one, other) => other.length - one.length)) {
    const start = secret.slice(0, SHORTEST_SECRET);
    lengths.set(start, (lengths.get(start) ?? new Set()).add(secret.length));
  }
  const findLength = (text: string, at: number): number | undefined => {
    for (const length of lengths.get(text.slice(at, at + SHORTEST_SECRET)) ?? []) {
      if (known.has(text.slice(at, at + length))) return length;
    }
    return undefined;
  };
  return (text) => {
    let shown = '';
    for (let at = 0; at < text.length && shown.length <= LONGEST_SHOWN;) {
      const length = findLength(text, at);
      shown += length === undefined ? text.charAt(at) : REDACTED;
      at += length ?? 1;
    }
    return shown;
  };
}

function listSecretHeaders(headers: HttpHeaders): readonly string[] {
  return Object.entries(headers)
    .filter(([name]) => isSecretName(name.toLowerCase()))
    .flatMap(([, value]) => value ?? []);
}

function listSecretParameters(query: string): readonly string[] {
  const pairs = query.split('&').map(splitPair);
  return pairs.filter(({ name }) => isSecretParameter(name)).map(({ value }) => decodeOnce(value));
}

/** As a header has it, as a query does, and as one that is encoded again. */
function spell(secret: string): readonly string[] {
  return secret.length < SHORTEST_SECRET ? [] : [secret, encodeRfc3986(secret), encodeRfc3986(encodeRfc3986(secret))];
}
