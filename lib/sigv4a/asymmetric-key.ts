/** Keys of SigV4a: made of credentials once, and good for every day, region and service. */
import { EndpointError } from '../errors.js';
import { ECDSA_ALGORITHM } from '../sigv4/algorithm-name.js';
import type { Credentials } from '../sigv4/credentials.js';
import { findRecent } from '../sigv4/recent-cache.js';
import { isRegionSet } from '../sigv4/region-set.js';
import { assertScopePart, type ScopedKey } from '../sigv4/scoped-key.js';
import { derivePrivateKey } from './private-key.js';
import { ecdsa } from '#ecdsa';
import { hashing } from '#platform';

type SignText = (text: string) => string;

const CACHED_SIGNERS = 1000;
/** By the access key id, which the key depends on too, and the secret's digest: no secret is in the cache. */
const recentSigners = new Map<string, SignText>();
/** For each set of credentials, for as long as it lives. */
const signers = new WeakMap<Credentials, SignText>();

/**
 * What signs for a set of regions. The key behind it is kept with the credentials, and the thousand that were used last
 * beside that: a provider may give the same credentials as another object each time.
 *
 * @param credentials a set that does not change, as assertCredentials returns it
 * @param date the day, as `YYYYMMDD`
 * @throws EndpointError for a set of regions that is none, or a service that cannot stand in a scope
 */
export function getAsymmetricKey(
  credentials: Credentials,
  date: string,
  regionSet: unknown,
  service: unknown,
): ScopedKey {
  const region = assertRegionSet(regionSet);
  const serviceName = assertScopePart('service', service);
  return {
    algorithm: ECDSA_ALGORITHM,
    scope: `${date}/${serviceName}/aws4_request`,
    date,
    region,
    service: serviceName,
    sign: findSigner(credentials),
  };
}

/**
 * A set of regions: one, several with commas between, beginnings with an asterisk, or `*` for all.
 *
 * @throws EndpointError for what is none
 */
function assertRegionSet(region: unknown): string {
  if (isRegionSet(region)) return region;
  const given = typeof region === 'string' ? JSON.stringify(region) : `a value of type ${typeof region}`;
  const fault = region === undefined ? 'is missing' : `${given} is no set of regions`;
  throw new EndpointError(
    `region: ${fault}; pass names of regions with commas between, and no white space, e.g. '*', 'us-*' or ` +
      "'us-east-1,eu-west-1'",
  );
}

function findSigner(credentials: Credentials): SignText {
  const known = signers.get(credentials);
  if (known !== undefined) return known;
  const { accessKeyId, secretAccessKey } = credentials;
  const sign = findRecent(recentSigners, CACHED_SIGNERS, `${accessKeyId}/${hashing.sha256Hex(secretAccessKey)}`, () =>
    ecdsa.createSigner(derivePrivateKey(credentials, ecdsa.hmacSha256)),
  );
  signers.set(credentials, sign);
  return sign;
}
