/** Each option with its check and its default, and what to write in place of options known from elsewhere. */
import { Aws4AuthError } from '../errors.js';
import { findDeadHost, isHosts } from '../destination/hosts.js';
import { isPlainObject } from '../platform/object-kinds.js';
import type { Aws4Options } from './options.js';
import { isChecksumAlgorithm } from '../sigv4/checksum-names.js';
import { createMisspelledOptionError } from './misspelled-option.js';
import { EXPIRES_IN_MUST_BE, isExpiresIn } from '../sigv4/expiration.js';
import { isSigningKey } from '../sigv4/key-signer.js';

type Check = (value: unknown) => boolean;

interface OptionRule<Value> {
  readonly isValid: Check;
  readonly mustBe: string;
  /** `undefined` where it depends on the request, as the option's own documentation says. */
  readonly byDefault?: Value;
}

const isString: Check = (value) => typeof value === 'string';
const isFunction: Check = (value) => typeof value === 'function';
const isBoolean: Check = (value) => typeof value === 'boolean';
const isByteCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isOneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);

/** The options. A new one is added here, in `Aws4Options` and in `createPlan`. */
export const OPTIONS = {
  region: { isValid: isString, mustBe: 'a string' },
  service: { isValid: isString, mustBe: 'a string' },
  // What is wrong with credentials is said by their own checks, which name the field.
  credentials: { isValid: () => true, mustBe: 'an object or a function' },
  signingKey: { isValid: isSigningKey, mustBe: 'a SigningKey of this copy of the package' },
  accessKeyId: { isValid: isString, mustBe: 'a string' },
  sessionToken: { isValid: isString, mustBe: 'a string' },
  algorithm: { isValid: isOneOf('sigv4', 'sigv4a'), mustBe: "'sigv4' or 'sigv4a'" },
  onDateMismatch: {
    isValid: isOneOf('rederive', 'throw', 'keep'),
    mustBe: "'rederive', 'throw' or 'keep'",
    byDefault: 'rederive',
  },
  onInvalidDate: { isValid: isOneOf('replace', 'throw'), mustBe: "'replace' or 'throw'", byDefault: 'replace' },
  signedHeaders: { isValid: Array.isArray, mustBe: 'an array of header names and patterns' },
  payload: { isValid: isOneOf('signed', 'unsigned', 'streaming'), mustBe: "'signed', 'unsigned' or 'streaming'" },
  contentEncoding: { isValid: isBoolean, mustBe: 'true or false', byDefault: true },
  checksum: { isValid: isChecksumAlgorithm, mustBe: "'crc32', 'crc32c', 'crc64nvme', 'sha1' or 'sha256'" },
  contentSha256Header: { isValid: isBoolean, mustBe: 'true or false' },
  signIn: { isValid: isOneOf('headers', 'query'), mustBe: "'headers' or 'query'", byDefault: 'headers' },
  expiresIn: { isValid: isExpiresIn, mustBe: EXPIRES_IN_MUST_BE },
  maxStreamBytes: { isValid: isByteCount, mustBe: 'a number of bytes, 0 or more', byDefault: 64 * 1024 * 1024 },
  hosts: { isValid: isHosts, mustBe: 'a function, or an array of hostnames and patterns such as *.example.com' },
  elsewhere: { isValid: isOneOf('refuse', 'unsigned'), mustBe: "'refuse' or 'unsigned'", byDefault: 'refuse' },
  clock: { isValid: isFunction, mustBe: 'a function that returns milliseconds since the epoch' },
  s3ExpressSessions: { isValid: isBoolean, mustBe: 'true or false' },
  heal: { isValid: isBoolean, mustBe: 'true or false', byDefault: true },
  onSigned: { isValid: isFunction, mustBe: 'a function' },
} as const satisfies { readonly [Name in keyof Aws4Options]-?: OptionRule<Aws4Options[Name]> };

const RULES: ReadonlyMap<string, OptionRule<unknown>> = new Map(Object.entries(OPTIONS));

/** Options of other packages, and what does the same here. */
const FOREIGN_OPTIONS: ReadonlyMap<string, string> = new Map([
  ...describe('pass fromTemporaryCredentials({ params: { RoleArn, ... } }) as credentials', [
    'assumeRoleArn',
    'assumeRoleSessionName',
    'assumedRoleExpirationMarginSec',
    'roleArn',
  ]),
  ...describe('pass a function as credentials: what it gives is renewed before its expiration', [
    'refreshable_credentials',
    'getCredentials',
    'credentialProvider',
    'credentialDefaultProvider',
  ]),
  ...describe('put it into credentials: { accessKeyId, secretAccessKey, sessionToken }', [
    'secretAccessKey',
    'accessKey',
    'secretKey',
    'access_id',
    'secret_key',
    'session_token',
  ]),
  ...describe("pass signIn: 'query'", ['signQuery', 'presign', 'query']),
  ...describe('pass expiresIn, in seconds', ['expires', 'Expires', 'expiration', 'expirationInSeconds']),
  ...describe('register the interceptor on the instance; leave it out', ['instance', 'axios']),
  ...describe('pass contentSha256Header, which says whether X-Amz-Content-Sha256 is sent', [
    'addContentSha',
    'applyChecksum',
  ]),
  ...describe('pass signedHeaders: a list of names and patterns', [
    'include_hdrs',
    'allHeaders',
    'extraHeadersToInclude',
    'signableHeaders',
  ]),
  ...describe("pass onInvalidDate: 'throw'", ['raise_invalid_date']),
  ...describe('pass service', ['serviceName', 'signingName', 'signingService']),
  ...describe('pass region', ['signingRegion', 'aws_region', 'defaultRegion']),
  ...describe('pass clock: a function that returns milliseconds', ['systemClockOffset', 'signingDate', 'datetime']),
  ...describe('pass its content itself, not nested', ['options', 'aws4', 'config']),
]);

function describe(instead: string, names: readonly string[]): (readonly [string, string])[] {
  return names.map((name) => [name, instead]);
}

/**
 * Checks options one by one, and gives a copy that inherits nothing. What is inherited is refused rather than ignored:
 * its owner believes that it counts.
 *
 * @throws Aws4AuthError `ERR_INVALID_OPTION` which names the option
 */
export function assertOptions(given: unknown): Aws4Options {
  if (!isPlainObject(given)) {
    const inherited = listInherited(given)[0];
    throw new Aws4AuthError(
      `options: must be a plain object, whose options are its own${inherited === undefined ? '' : `; ${inherited} is not`}; ` +
        'in config.aws4 also false',
      'ERR_INVALID_OPTION',
    );
  }
  const options: Record<string, unknown> = {};
  Reflect.setPrototypeOf(options, null);
  for (const name of Object.keys(given)) {
    const value: unknown = Reflect.get(given, name);
    const rule = RULES.get(name);
    if (rule === undefined) throw createError(name, value);
    if (value === undefined) continue;
    if (!rule.isValid(value)) throw new Aws4AuthError(`${name}: must be ${rule.mustBe}`, 'ERR_INVALID_OPTION');
    options[name] = value;
  }
  assertHosts(options);
  return options;
}

function assertHosts({ hosts }: Aws4Options): void {
  const fault = hosts === undefined ? undefined : findDeadHost(hosts);
  if (fault !== undefined) throw new Aws4AuthError(`hosts: ${fault}`, 'ERR_INVALID_OPTION');
}

function createError(name: string, value: unknown): Aws4AuthError {
  const instead = describeNested(value) ?? FOREIGN_OPTIONS.get(name);
  if (instead === undefined) return createMisspelledOptionError(name, RULES.keys());
  return new Aws4AuthError(`${name}: is not an option here; ${instead}`, 'ERR_INVALID_OPTION');
}

/** What to write in place of an object that holds options, or credentials, under a name of its own. */
function describeNested(value: unknown): string | undefined {
  if (!isPlainObject(value)) return undefined;
  if (Object.hasOwn(value, 'secretAccessKey')) return 'pass it as credentials';
  const names = Object.keys(value).filter((name) => RULES.has(name));
  return names.length === 0 ? undefined : `pass its content itself, not nested: { ${names.join(', ')} }`;
}

function listInherited(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const names: string[] = [];
  for (const name in value) if (!Object.hasOwn(value, name)) names.push(name);
  return names;
}
