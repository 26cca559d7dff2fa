/**
 * An HTTP request as the bytes that crossed the wire (RFC 9112), which is all that the verifier may look at.
 * Every string holds one byte per character (latin1), so that no decoding can hide a difference.
 */

/** A header line in its original case; the value is without the optional white space around it (RFC 9112, 5.1). */
export type HeaderLine = readonly [name: string, value: string];

export interface RawRequest {
  readonly method: string;
  /** The request target exactly as sent: nothing decoded, resolved or normalised. */
  readonly target: string;
  /** In the order sent, duplicates kept. */
  readonly headers: readonly HeaderLine[];
  /** After the transfer coding has been undone. */
  readonly body: Buffer;
  readonly scheme: 'http' | 'https';
}

/** Optional white space is spaces and tabs, no other character (RFC 9110, 5.6.3); String.trim would take more. */
export const trimOptionalWhitespace = (value: string): string => value.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');

/** The values of every header line of that name, in order; names are case-insensitive (RFC 9110, 5.1). */
export const headerValues = (headers: readonly HeaderLine[], lowerCaseName: string): readonly string[] =>
  headers.filter(([name]) => name.toLowerCase() === lowerCaseName).map(([, value]) => trimOptionalWhitespace(value));
