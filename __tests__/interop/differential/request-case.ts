/** A request with how it is to be signed, in a form that every signer takes; and what AWS's services expect of it. */

/** A header's name and its values, each of which is a line of its own. */
export type HeaderField = readonly [name: string, values: readonly string[]];

export interface RequestCase {
  readonly method: string;
  /** Scheme, host and port. */
  readonly origin: string;
  /** The path as it stands in the URL: empty, or with a slash at its beginning. */
  readonly path: string;
  /** The query as it stands in the URL, without its question mark. */
  readonly query: string;
  /** The headers, without `Host` and without those that signing sets. */
  readonly headers: readonly HeaderField[];
  readonly body: string | Uint8Array | undefined;
  readonly region: string;
  readonly service: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string | undefined;
  };
  readonly date: Date;
  /** The names, in lower case, of headers to sign beside those that always are. */
  readonly signedHeaders: readonly string[];
  readonly omitSessionToken: boolean;
  /** What is asked for in place of the service's own rules. */
  readonly ruleOverrides: Partial<ServiceRules>;
}

export interface ServiceRules {
  readonly normalizePath: boolean;
  readonly doubleEncodePath: boolean;
  readonly contentSha256Header: boolean;
  readonly payload: 'signed' | 'unsigned';
}

// Written down a second time, from AWS's documents, for the peers to be told by: read from lib/, a mistake there would
// be made by all the signers alike.
const encodedOnce = new Set(['s3', 's3express', 's3-outposts', 's3-object-lambda']);
const withContentSha256 = new Set([...encodedOnce, 'aoss', 'glacier', 'vpc-lattice-svcs']);
const alwaysSigned = /^(?:content-type|content-md5|date|x-amz-(?!client-context$).*)$/;

/** The rules that the request is to be signed by: its service's, but for what it overrides. */
export function rulesOf({ service, ruleOverrides }: RequestCase): ServiceRules {
  const payload = ruleOverrides.payload ?? (service === 'vpc-lattice-svcs' ? 'unsigned' : 'signed');
  return {
    normalizePath: !encodedOnce.has(service),
    doubleEncodePath: !encodedOnce.has(service),
    // Nothing else tells a service that the hash of the body is not signed.
    contentSha256Header: withContentSha256.has(service) || payload === 'unsigned',
    ...ruleOverrides,
    payload,
  };
}

/** Whether a header of the request is to be signed. */
export function isSigned(name: string, { signedHeaders }: RequestCase): boolean {
  const lowerCaseName = name.toLowerCase();
  return alwaysSigned.test(lowerCaseName) || signedHeaders.includes(lowerCaseName);
}

/** The value of the `Host` header that a client sends. */
export function hostOf({ origin }: RequestCase): string {
  return new URL(origin).host;
}

/** The path as a client sends it in the request line. */
export function sentPathOf({ path }: RequestCase): string {
  return path === '' ? '/' : path;
}

/** The AWS SDK keeps a query in an object, where it finds the names that every object inherits. */
export function hasInheritedName({ query }: RequestCase): boolean {
  return [...new URLSearchParams(query).keys()].some((name) => name in {});
}
