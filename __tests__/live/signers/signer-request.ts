/** A request for any signer to sign and send, in the words of a user; and its URL as the signers are to be given it. */
import { encodeStrictly } from '../../interop/differential/percent-encoding.js';
import { recodePath } from '../../interop/differential/strict-spelling.js';

export type Service = 's3' | 'execute-api' | 'es' | 'lambda';
export type Pairs = readonly (readonly [name: string, value: string])[];

export interface SignerRequest {
  readonly name: string;
  readonly service: Service;
  readonly method: string;
  /** The path as it stands in the URL that axios gets. */
  readonly path: string;
  /** The query as it stands in that URL, for those who take none of `params`. */
  readonly query: string;
  readonly params: Pairs;
  readonly headers: Pairs;
  readonly body: string | Buffer;
  /** Whether it is signed with temporary credentials. */
  readonly hasToken: boolean;
  /** Whether the other signers send the body's hash as a header although the service does not need it. */
  readonly hasContentSha256: boolean;
}

/**
 * The path as the other signers are given it. They sign it as it is, so that it has to be spelled as this package sends
 * it: for S3 in the strict encoding, else as every URL parser escapes it.
 */
export function normalizeUrlPath({ service, path }: SignerRequest): string {
  return service === 's3' ? recodePath(path) : path.replace(/[^!-~]+/gu, encodeURIComponent);
}

/** The query as those are given it that take no parameters. */
export function normalizeQuery({ query, params }: SignerRequest): string {
  return query === '' ? params.map((pair) => pair.map(encodeStrictly).join('=')).join('&') : query;
}
