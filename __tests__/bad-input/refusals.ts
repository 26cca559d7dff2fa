/** What every refusal of bad input must be: an error of this package, which names the culprit and bears no secret. */
import { inspect } from 'node:util';
import {
  Aws4AuthError,
  CredentialsError,
  DateFormatError,
  DateMismatchError,
  EndpointError,
  NoSecretKeyError,
  type Aws4AuthErrorCode,
} from '../../lib/index.js';
import { failure } from '../stand-ins/test-server.js';

/** What an input is refused with. */
export interface Refusal {
  readonly code: Aws4AuthErrorCode;
  /** What the message must contain: the name of the option, field or header that is wrong. */
  readonly names: string;
}

/** One bad input: what it is, how it is used, and what that must throw or reject with. */
export interface BadInput extends Refusal {
  readonly what: string;
  readonly use: () => unknown;
}

/** Stands in every credential, header and URL of the tables that may be secret. */
export const SECRET = 'hushhush0123456789';

/** The classes that have a code of their own; every other code is thrown as the base class. */
const CLASSES: ReadonlyMap<string, new (...args: never[]) => Aws4AuthError> = new Map(
  Object.entries({
    ERR_CREDENTIALS: CredentialsError,
    ERR_DATE_FORMAT: DateFormatError,
    ERR_DATE_MISMATCH: DateMismatchError,
    ERR_ENDPOINT: EndpointError,
    ERR_NO_SECRET_KEY: NoSecretKeyError,
  }),
);

/** Makes a test of each row. */
export function itRefuses(rows: readonly BadInput[]): void {
  for (const { what, use, ...refusal } of rows) {
    it(what, async () => {
      expectRefusal(await failureOf(use), refusal);
    });
  }
}

/** The same refusal for several values. */
export function forEach(
  what: string,
  values: readonly unknown[],
  use: (value: unknown) => unknown,
  refusal: Refusal,
): BadInput[] {
  return values.map((value) => ({ what: `${what} ${show(value)}`, use: () => use(value), ...refusal }));
}

/** What each string must not be. */
export const NO_STRINGS: readonly unknown[] = [
  null,
  5,
  NaN,
  true,
  {},
  [],
  ['a'],
  Symbol('a'),
  1n,
  () => 'a',
  new Date(0),
];

/** What a function throws, or its promise rejects with. */
function failureOf(use: () => unknown): Promise<unknown> {
  return failure(Promise.resolve().then(use));
}

function expectRefusal(error: unknown, { code, names }: Refusal): void {
  const expected = CLASSES.get(code) ?? Aws4AuthError;
  expect(error).toBeInstanceOf(Aws4AuthError);
  expect(error).toMatchObject({ constructor: expected, name: expected.name, code });
  expect(String(error)).toContain(names);
  expectNoSecret(error);
}

/** Looks for the secret wherever an error that is logged may show it. */
function expectNoSecret(error: unknown): void {
  const stack = error instanceof Error ? error.stack : undefined;
  for (const text of [String(error), stack, JSON.stringify(error), inspect(error, { depth: Infinity })]) {
    expect(text).not.toContain(SECRET);
  }
}

/** A value in a test's name. */
export function show(value: unknown): string {
  const shown = inspect(value, { breakLength: Infinity }).replaceAll(SECRET, 'SECRET');
  return shown.length > 60 ? `${shown.slice(0, 50)}… (${String(shown.length)} characters)` : shown;
}
