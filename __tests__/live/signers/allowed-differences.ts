/**
 * The differences between the canonical request of axios with this package and that of another signer that are known
 * and allowed. Each is made by what is sent, not by how it is signed: of what they send, the lower floor of this
 * package makes their signature, which the tests prove of every request, these too.
 */
import { headerValues } from 'strict-sigv4-verifier';
import type { SignerName } from './installed-signers.js';
import type { SignedOnTheWire } from './signed-on-the-wire.js';

/** A canonical request, line by line. */
export interface CanonicalParts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly payloadHash: string;
}

export interface AllowedDifference {
  readonly name: string;
  readonly signers: readonly SignerName[];
  /** Whether the difference shows, by what they sent. */
  readonly appliesTo: (theirs: SignedOnTheWire) => boolean;
  /** Makes our canonical request of theirs, and changes nothing else. */
  readonly toOurs: (theirs: CanonicalParts) => CanonicalParts;
  readonly because: string;
}

const pathOf = ({ request }: SignedOnTheWire): string => request.target.split('?', 1)[0] ?? '';

const allowedDifferences: readonly AllowedDifference[] = [
  {
    name: 'hash of the body as a header',
    signers: ['botocore', 'boto3', 'AWS CLI', 'curl'],
    appliesTo: ({ request }) => headerValues(request.headers, 'x-amz-content-sha256').length === 0,
    toOurs: ({ headers, payloadHash, ...rest }) => ({
      ...rest,
      headers: [...headers, ['x-amz-content-sha256', payloadHash] as const].toSorted(([a], [b]) => (a < b ? -1 : 1)),
      payloadHash,
    }),
    because:
      'Only some services require X-Amz-Content-Sha256, and all take it. The others send it to those alone, unless told ' +
      'to; the interceptor sends it to every service. It says no more than the last line of every canonical request.',
  },
  {
    name: 'dot segments in an S3 key',
    signers: ['botocore', 'boto3', 'curl'],
    appliesTo: (theirs) => theirs.service === 's3' && /\/\.\.?(?:\/|$)/.test(pathOf(theirs)),
    toOurs: (theirs) => ({ ...theirs, path: new URL(`http://localhost${theirs.path}`).pathname }),
    because: 'axios parses every URL by the WHATWG rules, which resolve dot segments before anything is sent.',
  },
  {
    name: 'escaped slash in an S3 key',
    signers: ['botocore', 'curl'],
    appliesTo: (theirs) => theirs.service === 's3' && pathOf(theirs).includes('%2F'),
    toOurs: (theirs) => ({ ...theirs, path: theirs.path.replaceAll('%2F', '/') }),
    because:
      'A slash in a key is a slash, escaped or not, but servers differ in how they sign the escaped one. The interceptor ' +
      'sends the slash itself, which all sign alike; the others send what they are given.',
  },
];

/** The differences that show with a request of that signer. */
export function findDifferences(signer: SignerName, theirs: SignedOnTheWire): readonly AllowedDifference[] {
  return differencesOf(signer).filter(({ appliesTo }) => appliesTo(theirs));
}

export function differencesOf(signer: SignerName): readonly AllowedDifference[] {
  return allowedDifferences.filter(({ signers }) => signers.includes(signer));
}

export function applyDifferences(theirs: string, differences: readonly AllowedDifference[]): string {
  return formatParts(differences.reduce((parts, { toOurs }) => toOurs(parts), parseParts(theirs)));
}

function parseParts(canonicalRequest: string): CanonicalParts {
  const [method = '', path = '', query = '', ...lines] = canonicalRequest.split('\n');
  // After the headers: an empty line, the names of the signed headers, the hash.
  const headers = lines.slice(0, -3).map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1)] as const;
  });
  return { method, path, query, headers, payloadHash: lines.at(-1) ?? '' };
}

function formatParts({ method, path, query, headers, payloadHash }: CanonicalParts): string {
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const names = headers.map(([name]) => name).join(';');
  return [method, path, query, lines, names, payloadHash].join('\n');
}
