/** What may be said of a provider's failure: its name and words, without anything in them that looks like a secret. */

/** As much of a foreign message as an error of this package quotes. */
const MAX_QUOTED = 300;

/**
 * A thrown value in a few words, such as `Error: vault sealed`; `undefined` where it says nothing of itself. Whatever in
 * it looks like a key, a token or a password is `REDACTED`, rather too much of it than too little: the value itself is
 * the `cause` of the error that quotes it.
 */
export function describeFailure(reason: unknown): string | undefined {
  if (reason === undefined || reason === null) return undefined;
  if (typeof reason === 'string') return quote(reason);
  if (typeof reason === 'symbol' || typeof reason === 'number') return quote(String(reason));
  if (typeof reason !== 'object') return undefined;
  const [name, message, code] = ['name', 'message', 'code'].map((field) => readText(reason, field));
  // What Node throws where several addresses refuse has a code and no message.
  const words = message ?? code;
  if (words === undefined) return name === undefined ? undefined : quote(name);
  return quote(name === undefined ? words : `${name}: ${words}`);
}

/** Errors may be proxies, or have getters that throw. */
function readText(reason: object, field: string): string | undefined {
  try {
    const value: unknown = Reflect.get(reason, field);
    return typeof value === 'string' && value !== '' ? value : undefined;
  } catch {
    return undefined;
  }
}

function quote(text: string): string | undefined {
  // Far more than is quoted, and little enough to search: a body of megabytes may stand in a message.
  // Not every engine knows `\p{Cc}` (StarlingMonkey, of Fastly's family).
  // eslint-disable-next-line no-control-regex -- these are the characters to drop
  const line = redactSecrets(text.slice(0, 20 * MAX_QUOTED).replace(/[\s\0-\x1F\x7F-\x9F]+/g, ' ')).trim();
  if (line === '') return undefined;
  return line.length <= MAX_QUOTED ? line : `${line.slice(0, MAX_QUOTED)}...`;
}

const REDACTED = 'REDACTED';

/** A word, in small letters, capitals or CamelCase, with or without a short number behind it; or a number; or nothing. */
const WORD = /^(?:(?:[A-Za-z]?[a-z]*(?:[A-Z][a-z]+)*|[A-Z]{1,20})\d{0,3}|\d{1,12})$/;

/** What secrets look like, each with what takes its place. */
const SECRETS: readonly (readonly [RegExp, string | ((run: string) => string)])[] = [
  // The user and password of a URL, and its query, of which a presigned one is a secret.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*@/gi, `$1${REDACTED}@`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, `$1?${REDACTED}`],
  // Authorization headers, and JSON Web Tokens.
  [/\b(Basic|Bearer|Digest|Negotiate)\s+[^\s"',;]{4,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]+(?:\.[\w-]*)*/g, REDACTED],
  // What is called a secret: password=..., "token": "...", X-Vault-Token: ..., --secret ...
  [
    /((?:pass(?:word|phrase|wd)?|pwd|secret|token|credential|signature|api[-_]?key|access[-_]?key(?:[-_]?id)?|authorization)["']?(?:\s*=\s*|["']\s*:\s*|(?<=[-_][a-z]+):\s*|(?<=--[\w-]+)\s+)["']?)[^\s"',;&)]+/gi,
    `$1${REDACTED}`,
  ],
  // AWS's unique ids: of access keys, and of whom they belong to.
  [/\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{8,}/g, REDACTED],
  // Long runs of Base64 or hex, but for those that are made of words and numbers, as paths are.
  [/[A-Za-z0-9+/=_-]{20,}/g, (run) => (run.split(/[+/=_-]/).every((part) => WORD.test(part)) ? run : REDACTED)],
];

/** The text without what looks like a key, a token or a password. */
export function redactSecrets(text: string): string {
  return SECRETS.reduce(
    (rest, [pattern, instead]) =>
      typeof instead === 'string' ? rest.replace(pattern, instead) : rest.replace(pattern, instead),
    text,
  );
}
