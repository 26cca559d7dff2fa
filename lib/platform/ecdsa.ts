/** What SigV4a takes of the runtime besides hashes: HMAC over bytes (RFC 2104), and ECDSA on P-256 (FIPS 186-5). */

/**
 * The runtime's side of SigV4a, which `#ecdsa` chooses as `#platform` chooses the rest. It stands apart, so that nobody
 * loads it who does not sign so: outside Node it is a package.
 */
export interface Ecdsa {
  readonly hmacSha256: (key: string, data: Uint8Array) => Uint8Array;
  /**
   * Signs texts with one key: ECDSA of their SHA-256, DER-encoded, as lower-case hex.
   *
   * @param privateKey the private scalar, 32 bytes, big-endian, from 1 to the order of the curve less one
   */
  readonly createSigner: (privateKey: Uint8Array) => (text: string) => string;
}
