/** Whether axios with this package sends what another signer sent. */
import { applyDifferences, findDifferences } from './allowed-differences.js';
import type { SignerName } from './installed-signers.js';
import { sendByAxios, signLiterally, type OurRequest } from './our-signatures.js';
import type { Recorder } from './recorder.js';
import { canonicalRequestOf, readSigned, type SignedOnTheWire } from './signed-on-the-wire.js';

/**
 * Fails unless the canonical requests are the same, and the signatures with them, or differ just as allowed. Of what
 * they sent, the lower floor has to make their signature, come what may.
 *
 * @returns the names of the differences
 */
export async function expectAgreement(
  signer: SignerName,
  recorder: Recorder,
  theirs: SignedOnTheWire,
  request: OurRequest,
): Promise<readonly string[]> {
  const theirCanonicalRequest = canonicalRequestOf(theirs);
  expect(signLiterally(recorder, theirs)).toBe(theirs.authorization.signature);

  const ours = readSigned(await sendByAxios(recorder, request, theirs));
  const ourCanonicalRequest = canonicalRequestOf(ours);
  const differences = findDifferences(signer, theirs);
  expect(ourCanonicalRequest).toBe(applyDifferences(theirCanonicalRequest, differences));
  for (const difference of differences) {
    const others = differences.filter((other) => other !== difference);
    expect(ourCanonicalRequest).not.toBe(applyDifferences(theirCanonicalRequest, others));
  }
  if (differences.length === 0) expect(ours.authorization).toStrictEqual(theirs.authorization);
  return differences.map(({ name }) => name);
}
