/** The keys of a signature, each with what it is made of; all of them are secrets. */
import { toHex } from '../../lib/platform/hex.js';
import type { Credentials } from '../../lib/sigv4/credentials.js';
import { deriveKeyChain } from '../../lib/sigv4/scoped-key.js';
import { derivePrivateKey } from '../../lib/sigv4a/private-key.js';
import { ecdsa } from '#ecdsa';

/** A key of the derivation. */
export interface DerivedKey {
  readonly name: string;
  readonly formula: string;
  readonly hex: string;
}

/** The four keys of SigV4, of which the last one signs. */
export function deriveKeys(secret: string, scope: string): readonly DerivedKey[] {
  const [day = '', region = '', service = ''] = scope.split('/');
  const { dateKey, dateRegionKey, dateRegionServiceKey, signingKey } = deriveKeyChain(secret, day, region, service);
  return [
    describeKey('DateKey', `HMAC("AWS4" + secret, "${day}")`, dateKey),
    describeKey('DateRegionKey', `HMAC(DateKey, "${region}")`, dateRegionKey),
    describeKey('DateRegionServiceKey', `HMAC(DateRegionKey, "${service}")`, dateRegionServiceKey),
    describeKey('SigningKey', 'HMAC(DateRegionServiceKey, "aws4_request")', signingKey),
  ];
}

/** The private key of SigV4a, which is good for every day, region and service. */
export function deriveAsymmetricKey(credentials: Credentials): readonly DerivedKey[] {
  const formula = 'KDF("AWS4A" + secret, access key id), a key of ECDSA on P-256';
  return [describeKey('PrivateKey', formula, derivePrivateKey(credentials, ecdsa.hmacSha256))];
}

function describeKey(name: string, formula: string, bytes: Uint8Array): DerivedKey {
  return { name, formula, hex: toHex(bytes) };
}
