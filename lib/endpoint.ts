/** Which region and service a request is signed for. */
import { parseAwsHostname } from './aws-hostname.js';
import type { ResolvedOptions } from './options.js';
import { assertKeyScope } from './sigv4/signer.js';
import { assertScopePart } from './sigv4/signing-key.js';
import { platform } from '#platform';

export interface Endpoint {
  readonly region: string;
  readonly service: string;
}

/**
 * The options' region and service, else what the hostname says, and for the region at last what the environment says;
 * for a derived key, its own.
 *
 * @throws EndpointError where one is missing, or is not the derived key's
 */
export function resolveEndpoint({ region, service, signer }: ResolvedOptions, hostname: string): Endpoint {
  if ('signingKey' in signer) {
    const { signingKey } = signer;
    assertKeyScope(signingKey, { region, service });
    return { region: signingKey.region, service: signingKey.service };
  }
  if (region !== undefined && service !== undefined) return { region, service };
  const named = parseAwsHostname(hostname);
  return {
    region: assertScopePart('region', region ?? named?.region ?? readRegion()),
    service: assertScopePart('service', service ?? named?.service),
  };
}

function readRegion(): string | undefined {
  return platform.readEnvironment('AWS_REGION') ?? platform.readEnvironment('AWS_DEFAULT_REGION');
}
