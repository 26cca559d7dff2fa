/** Which region and service a request is signed for. */
import type { AwsScope } from './aws-hostname.js';
import { assertKeyScope } from '../sigv4/key-signer.js';
import { assertScopePart } from '../sigv4/scoped-key.js';
import type { SigningKey } from '../sigv4/signing-key.js';
import { platform } from '#platform';

/** What a request is signed with: SigV4 for one region, SigV4a for a set of regions. */
export type Algorithm = 'sigv4' | 'sigv4a';

/** What a signature is for. */
export interface Endpoint {
  /** Under SigV4a a set of regions. */
  readonly region: string;
  readonly service: string;
  readonly algorithm: Algorithm;
}

/** What the options say of where a request is signed for. */
export interface EndpointRules {
  readonly region: string | undefined;
  readonly service: string | undefined;
  readonly algorithm: Algorithm | undefined;
  /** The derived key to sign with, if there is one; it is good for one region and service. */
  readonly signingKey: SigningKey | undefined;
}

/** Tells from a hostname what is signed for; see `parseAwsHostname`. */
export type ParseHostname = (hostname: string) => AwsScope | undefined;

/** What all hostnames have in them that need SigV4a, and few others: a look at it costs less than to read the hostname. */
const MAYBE_SIGV4A = /[.-]global\.|\.us-gov\.|\.endpoints?\.|sustainability/i;

/** Whether the options or the key say all that there is to say, so that no hostname need be read. */
export function isEndpointGiven({ region, service, algorithm, signingKey }: EndpointRules, hostname: string): boolean {
  if (signingKey !== undefined) return true;
  return region !== undefined && service !== undefined && (algorithm !== undefined || !MAYBE_SIGV4A.test(hostname));
}

/**
 * The options' algorithm, region and service, else what the hostname says, and for the region at last what the environment
 * says; for a derived key, its own, for a host that needs SigV4a as well: some of these take SigV4 too.
 *
 * @param parseHostname not needed where the endpoint is given, see {@link isEndpointGiven}
 * @throws EndpointError where region or service is missing, or is not the derived key's
 */
export function resolveEndpoint(
  { region, service, algorithm, signingKey }: EndpointRules,
  hostname: string,
  parseHostname: ParseHostname | undefined,
): Endpoint {
  if (signingKey !== undefined) {
    assertKeyScope(signingKey, { region, service });
    return { region: signingKey.region, service: signingKey.service, algorithm: 'sigv4' };
  }
  if (region !== undefined && service !== undefined && (algorithm !== undefined || parseHostname === undefined)) {
    return { region, service, algorithm: algorithm ?? 'sigv4' };
  }
  const named = parseHostname?.(hostname);
  // Not by its `algorithm`, which it has not always, and a polluted prototype may.
  const isOfAllRegions = named?.region === '*';
  const chosen = algorithm ?? (isOfAllRegions ? 'sigv4a' : 'sigv4');
  const ofHost = isOfAllRegions && chosen === 'sigv4' ? undefined : named?.region;
  const resolved = region ?? ofHost ?? readRegion();
  return {
    // A set of regions is checked where its key is made.
    region: chosen === 'sigv4a' && resolved !== undefined ? resolved : assertScopePart('region', resolved),
    service: assertScopePart('service', service ?? named?.service),
    algorithm: chosen,
  };
}

function readRegion(): string | undefined {
  return platform.readEnvironment('AWS_REGION') ?? platform.readEnvironment('AWS_DEFAULT_REGION');
}
