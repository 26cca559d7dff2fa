/** What credentials are, and which can stand in a signature. */
import { CredentialsError } from '../errors.js';

/** Whose signature it is: what of credentials is sent. */
export interface KeyOwner {
  readonly accessKeyId: string;
  /** The token of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** Long-term or temporary credentials; the shape of the AWS SDK's AwsCredentialIdentity. */
export interface Credentials extends KeyOwner {
  readonly secretAccessKey: string;
}

// In an access key id, a slash or comma would end the credential in the Authorization header.
const ACCESS_KEY_ID = /^[!-+\--.0-~]+$/;
/** What secrets and tokens are made of: printable ASCII. */
export const SECRET = /^[!-~]+$/;

/** What each object held when it was checked: as long as it holds the same, it is not checked again. */
const checked = new WeakMap<object, Credentials>();

/**
 * Returns one consistent set of credentials, each field read once. What cannot be right is refused here rather than by
 * the server: empty fields, white space around a pasted secret, characters that are not ASCII. An object that has not
 * changed gives the very same set again.
 *
 * @throws CredentialsError which names the field, and quotes none
 */
export function assertCredentials(credentials: unknown): Credentials {
  if (!isFields(credentials)) {
    throw new CredentialsError('credentials: must be an object with accessKeyId and secretAccessKey');
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
  const secretAccessKey = requireField(credentials, 'secretAccessKey', SECRET);
  const { accessKeyId, sessionToken } = assertKeyOwner(credentials);
  const set = Object.freeze({ accessKeyId, secretAccessKey, sessionToken });
  checked.set(credentials, set);
  return set;
}

function isFields(value: unknown): value is Readonly<Partial<Record<keyof Credentials, unknown>>> {
  return typeof value === 'object' && value !== null;
}

/** The same for those fields that are no secret key. */
export function assertKeyOwner(credentials: object): KeyOwner {
  const accessKeyId = requireField(credentials, 'accessKeyId', ACCESS_KEY_ID);
  return { accessKeyId, sessionToken: readField(credentials, 'sessionToken', SECRET) };
}

function requireField(credentials: object, field: keyof Credentials, allowed: RegExp): string {
  const value = readField(credentials, field, allowed);
  if (value === undefined) throw new CredentialsError(`${field}: is missing from the credentials`);
  return value;
}

function readField(credentials: object, field: keyof Credentials, allowed: RegExp): string | undefined {
  // Databases and JSON have null for what is not there.
  const value: unknown = (isPolluted(credentials, field) ? undefined : Reflect.get(credentials, field)) ?? undefined;
  if (value === undefined || (typeof value === 'string' && allowed.test(value))) return value;
  if (value === '') throw new CredentialsError(`${field}: is empty`);
  if (typeof value !== 'string') throw new CredentialsError(`${field}: must be a string`);
  throw new CredentialsError(
    `${field}: contains a character that it cannot have; look for white space or a line break at its ends`,
  );
}

/** Whether a field is one that every object has; a class may have getters for its fields. */
function isPolluted(credentials: object, field: keyof Credentials): boolean {
  if (!(field in Object.prototype)) return false;
  let holder: object | null = credentials;
  while (holder !== null && !Object.hasOwn(holder, field)) holder = Reflect.getPrototypeOf(holder);
  return holder === Object.prototype;
}
