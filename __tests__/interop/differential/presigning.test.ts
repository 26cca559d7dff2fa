/** Presigns generated requests with this package, two of the AWS SDK's presigners, aws-crt and botocore, and compares. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { wellBehavedRequests } from './generated-requests.js';
import { hasInheritedName } from './request-case.js';
import {
  isS3,
  presignWithBotocore,
  presignWithCrt,
  presignWithS3Presigner,
  presignWithSmithy,
  presignWithThisPackage,
  type PresigningCase,
} from './presigning-signers.js';

const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? 20_150_830);
const numRuns = Number(process.env['DIFFERENTIAL_REQUESTS'] ?? 1500);

/**
 * Requests of the services that all signers know the rules of. The AWS SDK drops a Date, and does not know that VPC
 * Lattice takes no hash; AWS IoT's token is signed by none but by option.
 */
const requests: fc.Arbitrary<PresigningCase> = fc
  .tuple(wellBehavedRequests, fc.oneof(fc.constantFrom(1, 60, 900, 604_800), fc.integer({ min: 1, max: 604_800 })))
  .filter(([{ service }]) => service !== 'vpc-lattice-svcs' && service !== 'iotdevicegateway')
  .map(([request, expiresIn]) => ({
    ...request,
    expiresIn,
    ruleOverrides: {},
    omitSessionToken: false,
    headers: request.headers.filter(([name]) => name.toLowerCase() !== 'date'),
  }));

const check = (generated: fc.Arbitrary<PresigningCase>, compare: (request: PresigningCase) => Promise<void>) =>
  fc.assert(fc.asyncProperty(generated, compare), { seed, numRuns });

const requestsOfObjects = requests.filter((request) => !hasInheritedName(request));

describe(`presigned URLs of this package and of its peers (DIFFERENTIAL_SEED=${String(seed)})`, () => {
  it("are the same as those of the AWS SDK's signer, where it hoists no header", async () => {
    await check(requestsOfObjects, async (request) => {
      expect(presignWithThisPackage(request)).toBe(await presignWithSmithy(request));
    });
  });

  it('are the same as those of @aws-sdk/s3-request-presigner, where it hoists no header', async () => {
    const ofS3 = requestsOfObjects
      .filter(({ service }) => service === 's3')
      .map((request) => ({
        ...request,
        // It never signs it.
        headers: request.headers.filter(([name]) => name.toLowerCase() !== 'content-type'),
      }));
    await check(ofS3, async (request) => {
      const ours = presignWithThisPackage(request, { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' });
      expect(ours).toBe(await presignWithS3Presigner(request));
    });
  });

  it('are the same as those of aws-crt', async () => {
    await check(requests, async (request) => {
      expect(presignWithThisPackage(request)).toBe(await presignWithCrt(request));
    });
  });

  const hasBotocore = spawnSync('python3', ['-c', 'import botocore']).status === 0;
  (hasBotocore ? it : it.skip)(
    `are the same as those of botocore${hasBotocore ? '' : ' (not run: it is not installed)'}`,
    () => {
      // It moves a body into the query, has each parameter once, and drops the type that axios has by default.
      const sampled = fc.sample(requests, { seed, numRuns }).map((request) => ({
        ...request,
        body: undefined,
        query: [...new Map(new URLSearchParams(request.query))]
          .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
          .join('&'),
      }));
      const theirs = presignWithBotocore(sampled);
      expect(sampled.map((request) => presignWithThisPackage(request))).toStrictEqual(theirs);
      expect(theirs.length).toBe(numRuns);
      expect(sampled.some(isS3)).toBe(true);
    },
  );
});
