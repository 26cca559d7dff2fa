/** The errors of this package: each a class with a stable `code`; no message ever bears a secret. */

/**
 * The stable codes of {@link Aws4AuthError}. Test these, not the messages: messages may get better, codes stay.
 *
 * @example
 * const code: Aws4AuthErrorCode = 'ERR_CREDENTIALS';
 * if (error instanceof Aws4AuthError && error.code === code) console.error('Log in again.');
 */
export type Aws4AuthErrorCode =
  | 'ERR_BODY_SOURCE'
  | 'ERR_BODY_TOO_LARGE'
  | 'ERR_CHARSET'
  | 'ERR_CHECKSUM'
  | 'ERR_CHUNK_LOAD'
  | 'ERR_CLOCK'
  | 'ERR_CREDENTIALS'
  | 'ERR_DATE_FORMAT'
  | 'ERR_DATE_MISMATCH'
  | 'ERR_ENDPOINT'
  | 'ERR_INVALID_HEADER'
  | 'ERR_INVALID_OPTION'
  | 'ERR_INVALID_URL'
  | 'ERR_NO_SECRET_KEY'
  | 'ERR_PAYLOAD_HASH'
  | 'ERR_REDIRECT'
  | 'ERR_RUNTIME'
  | 'ERR_UNSUPPORTED_BODY'
  | 'ERR_UNTRUSTED_HOST';

/**
 * Every error that this package throws is one of these. The message names the option or header that is wrong and what
 * to do about it.
 *
 * Thrown as itself, not as a subclass, with the codes
 * - `ERR_INVALID_OPTION`: an option has the wrong type or value, or is not known;
 * - `ERR_INVALID_HEADER`: a header's name or value cannot be sent (line breaks, control characters), or a
 *   `Content-Length` is not true, or is missing where a body in chunks needs it;
 * - `ERR_INVALID_URL`: the request's URL is not absolute, cannot be parsed, or its params cannot be serialized;
 * - `ERR_PAYLOAD_HASH`: `X-Amz-Content-Sha256` was given and is not the hash of the body;
 * - `ERR_UNSUPPORTED_BODY`: a body of a kind that cannot be signed, or a stream that was read before;
 * - `ERR_BODY_TOO_LARGE`: a stream has more than `maxStreamBytes`, and would have to be read to be signed;
 * - `ERR_BODY_SOURCE`: what a body that is sent in chunks is read from has failed; its error is the `cause`;
 * - `ERR_CHECKSUM`: an `x-amz-checksum-*` was given that cannot be, or is not, that of the body, or cannot be sent;
 * - `ERR_UNTRUSTED_HOST`: the request goes where signatures may not go;
 * - `ERR_REDIRECT`: a redirect that cannot be followed safely;
 * - `ERR_RUNTIME`: the runtime lacks what the request needs, or has it wrong; the message names what to add;
 * - `ERR_CHARSET`: a Content-Type names a charset that is not known, or that cannot hold the body's text;
 * - `ERR_CHUNK_LOAD`: a part of the package that is loaded when it is needed could not be;
 * - `ERR_CLOCK`: {@link libfaketimeClock} cannot tell the real time under this setting of libfaketime.
 *
 * @example
 * try {
 *   await axios.get(url);
 * } catch (error) {
 *   if (error instanceof Aws4AuthError) console.error(error.code, error.message);
 * }
 */
export class Aws4AuthError extends Error {
  override readonly name: string = 'Aws4AuthError';
  /** Which error this is; stable across releases. */
  readonly code: Aws4AuthErrorCode;

  constructor(message: string, code: Aws4AuthErrorCode, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Thrown where a `signingKey` is for another day than the request and `onDateMismatch` is `'throw'`.
 *
 * @example
 * aws4Interceptor({ signingKey, accessKeyId, onDateMismatch: 'throw' });
 */
export class DateMismatchError extends Aws4AuthError {
  override readonly name = 'DateMismatchError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_DATE_MISMATCH', options);
  }
}

/**
 * Thrown where a {@link SigningKey} must be derived for another date but was made with `keepSecret: false`, so that it
 * no longer has the secret access key.
 *
 * @example
 * new SigningKey(secret, { date, region, service }, { keepSecret: false }).rederive({ date: tomorrow }); // throws
 */
export class NoSecretKeyError extends Aws4AuthError {
  override readonly name = 'NoSecretKeyError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_NO_SECRET_KEY', options);
  }
}

/**
 * Thrown where a date is in none of the formats that {@link parseRequestDate} knows; by the interceptor only under
 * `onInvalidDate: 'throw'`.
 *
 * @example
 * parseRequestDate('yesterday'); // throws
 */
export class DateFormatError extends Aws4AuthError {
  override readonly name = 'DateFormatError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_DATE_FORMAT', options);
  }
}

/**
 * Thrown where credentials are missing, empty, malformed or expired, or their provider failed; the provider's own error
 * is the `cause`.
 *
 * @example
 * aws4Interceptor({ credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: '' } }); // throws: secretAccessKey
 */
export class CredentialsError extends Aws4AuthError {
  override readonly name = 'CredentialsError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_CREDENTIALS', options);
  }
}

/**
 * Thrown where the region or service to sign for is missing, or could not stand in a credential scope.
 *
 * @example
 * aws4Interceptor({ region: 'eu west 1', service: 's3' }); // throws: white space in the region
 */
export class EndpointError extends Aws4AuthError {
  override readonly name = 'EndpointError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ERR_ENDPOINT', options);
  }
}
