/**
 * What botocore and curl cannot sign, in the versions named: what they send then does not bear the signature of what
 * they send, as the strict verifier tells of each such request. There is nothing to compare these with.
 */
import type { RefusalCode } from 'strict-sigv4-verifier';
import type { SignerName } from './installed-signers.js';
import { normalizeUrlPath, normalizeQuery, type SignerRequest } from './signer-request.js';

export interface Inability {
  readonly name: string;
  readonly signer: SignerName;
  readonly appliesTo: (request: SignerRequest) => boolean;
  /** How a server refuses such a request. */
  readonly refusedAs: RefusalCode;
  readonly because: string;
}

const isNormalized = ({ service }: SignerRequest): boolean => service !== 's3';
const pairsOf = (request: SignerRequest): string[] => normalizeQuery(request).split('&');

/** By name and then value; the space, which is before all that stands in a query, ends the name. */
const compare = (pair: string, other: string): number => (pair.replace('=', ' ') < other.replace('=', ' ') ? -1 : 1);

const inabilities: readonly Inability[] = [
  {
    name: 'escapes in lower case',
    signer: 'botocore',
    appliesTo: (request) => isNormalized(request) && /%(?:[a-f].|.[a-f])/.test(normalizeUrlPath(request)),
    refusedAs: 'SignatureDoesNotMatch',
    because: 'botocore 1.29 signs the path that it is given; urllib3, which sends it, puts escapes into upper case.',
  },
  {
    name: 'brackets in the path',
    signer: 'botocore',
    appliesTo: (request) => isNormalized(request) && /[[\]]/.test(normalizeUrlPath(request)),
    refusedAs: 'SignatureDoesNotMatch',
    because: 'botocore 1.29 signs the path that it is given; urllib3, which sends it, escapes brackets.',
  },
  {
    name: 'semicolon in the last segment',
    signer: 'botocore',
    appliesTo: (request) => isNormalized(request) && /;[^/]*$/.test(normalizeUrlPath(request)),
    refusedAs: 'SignatureDoesNotMatch',
    because: 'botocore 1.29 signs the whole path, and sends it without what follows the semicolon.',
  },
  {
    name: 'path that is encoded twice',
    signer: 'curl',
    appliesTo: (request) => isNormalized(request) && /[^A-Za-z0-9\-._~/]/.test(normalizeUrlPath(request)),
    refusedAs: 'SignatureDoesNotMatch',
    because: 'curl 7.88 signs the path as it is for every service, where all but S3 want it encoded once more.',
  },
  {
    name: 'path that is normalised',
    signer: 'curl',
    appliesTo: (request) => isNormalized(request) && /\/(?:\/|\.\.?(?:\/|$))/.test(normalizeUrlPath(request)),
    refusedAs: 'SignatureDoesNotMatch',
    because: 'curl 7.88 signs dot segments and empty ones, which all but S3 remove.',
  },
  {
    name: 'query out of order',
    signer: 'curl',
    appliesTo: (request) => pairsOf(request).toSorted(compare).join('&') !== normalizeQuery(request),
    refusedAs: 'SignatureDoesNotMatch',
    because: 'curl 7.88 signs the query as it is, without sorting it.',
  },
  {
    name: 'query name without =',
    signer: 'curl',
    appliesTo: (request) => pairsOf(request).some((pair) => pair !== '' && !pair.includes('=')),
    refusedAs: 'SignatureDoesNotMatch',
    because: 'curl 7.88 signs the query as it is, without the equals sign that each name has in a canonical one.',
  },
  {
    name: 'header without a value',
    signer: 'curl',
    appliesTo: ({ headers }) => headers.some(([, value]) => value === ''),
    refusedAs: 'IncompleteSignature',
    because: 'curl 7.88 takes the semicolon by which its user asks for an empty header for a part of the name.',
  },
  {
    name: 'header name that begins another',
    signer: 'curl',
    appliesTo: ({ headers }) =>
      headers.some(([name]) => headers.some(([other]) => other !== name && other.startsWith(name))),
    refusedAs: 'IncompleteSignature',
    because: 'curl 7.88 sorts headers with their colons, after which a hyphen comes first.',
  },
];

/** Why a signer cannot sign a request. */
export function findInabilities(signer: SignerName, request: SignerRequest): readonly Inability[] {
  return inabilitiesOf(signer).filter(({ appliesTo }) => appliesTo(request));
}

export function inabilitiesOf(signer: SignerName): readonly Inability[] {
  return inabilities.filter((inability) => inability.signer === signer);
}
