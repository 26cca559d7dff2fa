/** Which region and service a request is signed for. */
import type { AwsScope } from './aws-hostname.js';
import { EndpointError } from '../errors.js';
import { assertKeyScope } from '../sigv4/signer.js';
import { assertScopePart } from '../sigv4/scoped-key.js';
import type { SigningKey } from '../sigv4/signing-key.js';
import { platform } from '#platform';

/** The region and service of a signature. */
export interface Endpoint {
  readonly region: string;
  readonly service: string;
}

/** What the options say of where a request is signed for. */
export interface EndpointRules {
  readonly region: string | undefined;
  readonly service: string | undefined;
  /** The derived key to sign with, if there is one; it is good for one region and service. */
  readonly signingKey: SigningKey | undefined;
}

/** Tells from a hostname what is signed for; see `parseAwsHostname`. */
export type ParseHostname = (hostname: string) => AwsScope | undefined;

/** Whether the options or the key say both region and service, so that no hostname need be read. */
export function isEndpointGiven({ region, service, signingKey }: EndpointRules): boolean {
  return signingKey !== undefined || (region !== undefined && service !== undefined);
}

/**
 * The options' region and service, else what the hostname says, and for the region at last what the environment says;
 * for a derived key, its own. Where the options or the key say both, they hold for a host that needs SigV4a as well:
 * some of these take SigV4 too, and only the caller knows for which region.
 *
 * @param parseHostname not needed where the endpoint is given, see {@link isEndpointGiven}
 * @throws EndpointError where one is missing, or is not the derived key's, or where the host needs SigV4a
 */
export function resolveEndpoint(
  { region, service, signingKey }: EndpointRules,
  hostname: string,
  parseHostname: ParseHostname | undefined,
): Endpoint {
  if (signingKey !== undefined) {
    assertKeyScope(signingKey, { region, service });
    return { region: signingKey.region, service: signingKey.service };
  }
  if (region !== undefined && service !== undefined) return { region, service };
  const named = parseHostname?.(hostname);
  if (named?.algorithm === 'sigv4a') throw createSigV4aError(hostname, named.service);
  return {
    region: assertScopePart('region', region ?? named?.region ?? readRegion()),
    service: assertScopePart('service', service ?? named?.service),
  };
}

function createSigV4aError(hostname: string, service: string): EndpointError {
  return new EndpointError(
    `host: ${hostname} needs SigV4a, which signs for all regions at once and which this version cannot sign yet; ` +
      `where the host is known to take SigV4 as well, pass both service: '${service}' and the region to sign for`,
  );
}

function readRegion(): string | undefined {
  return platform.readEnvironment('AWS_REGION') ?? platform.readEnvironment('AWS_DEFAULT_REGION');
}
