/** What credentials are, and which can stand in a signature. */
import { CredentialsError } from '../errors.js';
import { isObject } from '../platform/object-kinds.js';

/** Whose signature it is: what of credentials is sent. */
export interface KeyOwner {
  /** Whose key it is: `AKIA…`, or `ASIA…` of temporary credentials. */
  readonly accessKeyId: string;
  /**
   * The token of temporary credentials; where it is empty, as an unset variable is, there is none.
   * @default none
   */
  readonly sessionToken?: string | undefined;
}

/**
 * Long-term or temporary credentials; the shape of the AWS SDK's AwsCredentialIdentity.
 *
 * @example
 * const credentials: Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
 */
export interface Credentials extends KeyOwner {
  /** The secret, which only signs and is never sent. */
  readonly secretAccessKey: string;
}

// Stores let their users choose keys: a space may stand inside. In an access key id, a slash or comma would end the
// credential in the Authorization header.
const ACCESS_KEY_ID = /^(?! )[ -+\--.0-~]+(?<! )$/;
/** What secrets are made of: printable ASCII, and spaces within. */
export const SECRET = /^(?! )[ -~]+(?<! )$/;
/** What tokens are made of: a space within would not be signed as it is sent, since headers' values are trimmed. */
const TOKEN = /^[!-~]+$/;

/** What each object held when it was checked: as long as it holds the same, it is not checked again. */
const checked = new WeakMap<object, Credentials>();

/**
 * Returns one consistent set of credentials, each field read once. What cannot be right is refused here rather than by
 * the server: empty fields, white space around a pasted secret, characters that are not ASCII, and what other libraries
 * have in the place of credentials. An object that has not changed gives the very same set again.
 *
 * @param assertShape refuses what is not credentials, but taken for them; asked where an object is new or has changed
 * @throws CredentialsError which names the field, and quotes none
 */
export function assertCredentials(credentials: unknown, assertShape: (given: object) => void): Credentials {
  if (!isFields(credentials)) {
    throw new CredentialsError(
      'credentials: must be an object with accessKeyId and secretAccessKey; where a function gives them, call it',
    );
  }
  const earlier = checked.get(credentials);
  if (
    earlier !== undefined &&
    credentials.accessKeyId === earlier.accessKeyId &&
    credentials.secretAccessKey === earlier.secretAccessKey &&
    credentials.sessionToken === earlier.sessionToken
  ) {
    return earlier;
  }
  assertShape(credentials);
  const secretAccessKey = requireText(credentials, 'secretAccessKey', SECRET);
  const { accessKeyId, sessionToken } = assertKeyOwner(credentials);
  const set = Object.freeze({ accessKeyId, secretAccessKey, sessionToken });
  checked.set(credentials, set);
  return set;
}

function isFields(value: unknown): value is Readonly<Partial<Record<keyof Credentials, unknown>>> {
  return isObject(value);
}

/** Checks the fields that are sent: `accessKeyId` and `sessionToken`. @throws CredentialsError */
export function assertKeyOwner(credentials: object): KeyOwner {
  const accessKeyId = requireText(credentials, 'accessKeyId', ACCESS_KEY_ID);
  const sessionToken = readSessionToken(credentials);
  return {
    accessKeyId,
    sessionToken: sessionToken === undefined ? undefined : assertText('sessionToken', sessionToken, TOKEN),
  };
}

/**
 * A property of the object itself or of its class. What every object inherits is none of it: a polluted
 * `Object.prototype` must not give a token to credentials that have none.
 */
export function readMember(object: object, name: string): unknown {
  let holder: object | null = object;
  while (holder !== null) {
    if (Object.hasOwn(holder, name)) return Reflect.get(object, name);
    holder = Reflect.getPrototypeOf(holder);
    // Not by comparing with Object.prototype, of which each realm has one.
    if (holder !== null && Reflect.getPrototypeOf(holder) === null) return undefined;
  }
  return undefined;
}

/**
 * The session token. `null` (of databases, JSON) and the empty string (of environments, container endpoints) are none.
 */
function readSessionToken(credentials: object): unknown {
  const token = readMember(credentials, 'sessionToken');
  return token === null || token === '' ? undefined : token;
}

function requireText(credentials: object, field: keyof Credentials, allowed: RegExp): string {
  const value = readMember(credentials, field);
  if (value === undefined || value === null) {
    throw new CredentialsError(`${field}: is missing from the credentials`);
  }
  return assertText(field, value, allowed);
}

function assertText(field: keyof Credentials, value: unknown, allowed: RegExp): string {
  if (typeof value !== 'string') throw new CredentialsError(`${field}: must be a string`);
  if (allowed.test(value)) return value;
  if (value === '') throw new CredentialsError(`${field}: is empty`);
  if (value.trim() !== value) {
    throw new CredentialsError(`${field}: has white space or a line break at its ends; trim what it was read from`);
  }
  const besides = field === 'accessKeyId' ? ' without slash or comma' : '';
  throw new CredentialsError(`${field}: must be printable ASCII${besides}`);
}

/** Where the fields are in what others take for credentials: answers of AWS, objects around credentials, providers. */
const OTHER_PLACES = ['SecretAccessKey', 'AccessKeyId', 'credentials', 'Credentials', 'getCredentials'] as const;

/**
 * For who signs at once, and asks nobody for credentials.
 *
 * @throws CredentialsError for what must be asked first, and for what has its fields elsewhere
 */
export function assertOwnFields(credentials: object): void {
  if (isMethod(credentials, 'then') || isOfSdk2(credentials)) {
    throw new CredentialsError(
      'credentials: is a promise or of the AWS SDK 2; await it, or its getPromise(), and pass ' + ALL_FIELDS,
    );
  }
  if (!isWithoutKey(credentials)) return;
  const place = OTHER_PLACES.find((name) => readMember(credentials, name) !== undefined);
  if (place === undefined) return;
  throw new CredentialsError(`credentials: has ${place}, and no secretAccessKey; pass ${ALL_FIELDS} from there`);
}

const ALL_FIELDS = '{ accessKeyId, secretAccessKey, sessionToken }';

/** Whether something is an object of the AWS SDK 2: its fields are empty or out of date until it is asked. */
export function isOfSdk2(thing: object): boolean {
  return isMethod(thing, 'getPromise') || typeof readMember(thing, 'expired') === 'boolean';
}

export const isWithoutKey = (thing: object): boolean => readMember(thing, 'secretAccessKey') === undefined;

export function isMethod(thing: object, name: string): boolean {
  return typeof readMember(thing, name) === 'function';
}
