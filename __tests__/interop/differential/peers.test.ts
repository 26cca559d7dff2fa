/** Signs generated requests with this package, the AWS SDK's signer and AWS's signer in C, and compares the results. */
import fc from 'fast-check';
import { allowedDifferences, type AllowedDifference, type Peer } from './allowed-differences.js';
import { signWithCrt } from './crt-signer.js';
import { hostileRequests, wellBehavedRequests } from './generated-requests.js';
import type { RequestCase } from './request-case.js';
import { signWithThisPackage, type Refused, type Signed, type Signer } from './signers.js';
import { signWithSmithy } from './smithy-signer.js';

const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_150_830);
const requestsOfEachKind = Number(process.env['DIFFERENTIAL_REQUESTS'] ?? 1500);

const signers: Readonly<Record<Peer, Signer>> = { smithy: signWithSmithy, crt: signWithCrt };
const peers = ['smithy', 'crt'] as const;

const comparisons = new Map<Peer, number>();
const applications = new Map<string, number>();
const count = <Key>(counts: Map<Key, number>, key: Key): Map<Key, number> =>
  counts.set(key, (counts.get(key) ?? 0) + 1);

// A request that fails is made smaller before it is reported, within this time.
const timeLimitMs = 5 * 60_000 + 50 * requestsOfEachKind;
jest.setTimeout(2 * timeLimitMs);

describe(`signatures of this package and of its peers (DIFFERENTIAL_SEED=${String(seed)})`, () => {
  it('are the same for requests as a well-behaved client sends them', async () => {
    await compareAll(
      wellBehavedRequests,
      allowedDifferences.filter((difference) => difference.inWellBehavedRequests),
    );
  });

  it('are the same for hostile requests but for the allowed differences, each of which shows', async () => {
    await compareAll(hostileRequests, allowedDifferences);
    const allowed = allowedDifferences.flatMap(({ name, peers }) => peers.map((peer) => `${peer}: ${name}`));
    expect([...applications.keys()].toSorted()).toStrictEqual(allowed.toSorted());
  });

  afterAll(() => {
    const list = (counts: Map<string, number>) => Array.from(counts, ([name, times]) => `${name} ${String(times)}`);
    process.stderr.write(
      `Seed ${String(seed)}, ${String(2 * requestsOfEachKind)} requests, whole and reduced to one difference at a time. ` +
        `Compared: ${list(comparisons).join(', ')}. Differences: ${list(applications).toSorted().join('; ')}.\n`,
    );
  });
});

function compareAll(requests: fc.Arbitrary<RequestCase>, allowed: readonly AllowedDifference[]): Promise<void> {
  return fc.assert(
    fc.asyncProperty(requests, async (request) => {
      for (const peer of peers) await compareWithPeer(request, peer, allowed);
    }),
    { seed, numRuns: requestsOfEachKind, interruptAfterTimeLimit: timeLimitMs, markInterruptAsFailure: true },
  );
}

/** Fails unless the signatures are the same, or each difference is explained by exactly one that is allowed. */
async function compareWithPeer(request: RequestCase, peer: Peer, allowed: readonly AllowedDifference[]): Promise<void> {
  const ofPeer = allowed.filter(({ peers }) => peers.includes(peer));
  const shown = ofPeer.filter(({ appliesTo }) => appliesTo(request));
  if (shown.length === 0) return expectAgreement(request, peer);
  let explained = 0;
  for (const difference of shown) {
    // What the others explain is taken out, so that this one has to explain all that is left.
    const others = ofPeer.filter((other) => other !== difference);
    const rest = others.reduce((reduced, other) => other.toStrict(reduced), request);
    // The one is gone with the other where both are of the same character.
    if (!difference.appliesTo(rest)) continue;
    await expectDifference(rest, peer, difference, ofPeer);
    explained += 1;
  }
  expect(explained).toBeGreaterThan(0);
}

async function expectAgreement(request: RequestCase, peer: Peer): Promise<void> {
  const theirs = await signers[peer](request);
  if (theirs === undefined) return;
  expect(theirs).toStrictEqual(asFarAsShown(signWithThisPackage(request), theirs));
  count(comparisons, peer);
}

async function expectDifference(
  request: RequestCase,
  peer: Peer,
  difference: AllowedDifference,
  allowed: readonly AllowedDifference[],
): Promise<void> {
  const namesFor = (subject: RequestCase): string[] =>
    allowed.filter(({ appliesTo }) => appliesTo(subject)).map(({ name }) => name);
  const theirs = await signers[peer](request);
  if (theirs === undefined) return;
  expect(namesFor(request)).toStrictEqual([difference.name]);
  const ours = signWithThisPackage(request);
  const oursAsShown = asFarAsShown(ours, theirs);
  expect(theirs).not.toStrictEqual(oursAsShown);
  if (difference.inBytesOnly) expect(canonicalRequestOf(theirs)).toBe(canonicalRequestOf(oursAsShown));
  count(comparisons, peer);

  const strict = difference.toStrict(request);
  expect(namesFor(strict)).toStrictEqual([]);
  await expectAgreement(strict, peer);
  count(applications, `${peer}: ${difference.name}`);
  if (difference.strictIs === 'respelled') expect(signWithThisPackage(strict)).toStrictEqual(ours);
}

/** Our result without the canonical request, where the peer does not show its own. */
function asFarAsShown(ours: Signed | Refused, theirs: Signed | Refused): Signed | Refused {
  if ('refused' in ours || 'refused' in theirs || theirs.canonicalRequest !== undefined) return ours;
  return { ...ours, canonicalRequest: undefined };
}

function canonicalRequestOf(result: Signed | Refused): string | undefined {
  return 'refused' in result ? undefined : result.canonicalRequest;
}
