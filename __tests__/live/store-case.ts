/** A case of the object tests, which runs on every server, and how one may deviate from what it expects. */
import type { AxiosInstance } from 'axios';
import { isAxiosError } from 'axios';
import type { LiveServer } from './live-server.js';
import { createS3Client, describeAnswer } from './s3-client.js';

/** What a case has to work with. */
export interface Surroundings {
  readonly server: LiveServer;
  readonly client: AxiosInstance;
  readonly bucket: string;
}

export interface StoreCase {
  readonly name: string;
  run(surroundings: Surroundings): Promise<void>;
}

/** What a server does otherwise than S3. */
export interface Deviation {
  /** The answer that fails the case (`403 SignatureDoesNotMatch`), or what the case finds in the place of what it expects. */
  readonly instead: unknown;
  readonly why: string;
}

/** By the name of the case. */
export type Deviations = Readonly<Record<string, Deviation>>;

/** Describes cases that share a bucket and an adapter. */
export function describeCases(
  bucket: string,
  adapter: 'http' | 'fetch',
  cases: readonly StoreCase[],
  deviations: Deviations,
  server: () => LiveServer,
): void {
  describe(`${bucket}, by ${adapter}`, () => {
    const name = `${bucket}-${adapter}`;
    let surroundings: Surroundings;
    beforeAll(async () => {
      const client = createS3Client(server(), {}, { adapter });
      await client.put(`/${name}`);
      surroundings = { server: server(), client, bucket: name };
    });

    const titled = cases.map((each) => {
      const deviation = deviations[each.name];
      return {
        each,
        deviation,
        title: deviation === undefined ? each.name : `${each.name} (not here: ${deviation.why})`,
      };
    });
    it.each(titled)('$title', async ({ each, deviation }) => {
      if (deviation === undefined) await each.run(surroundings);
      else expect(await findInstead(each.run(surroundings))).toStrictEqual(deviation.instead);
    });
  });
}

/** What was there instead of what a case expects. */
async function findInstead(running: Promise<void>): Promise<unknown> {
  try {
    await running;
  } catch (error) {
    if (isAxiosError(error) && error.response !== undefined) return describeAnswer(error.response);
    // What jest's matchers throw bears what they were given.
    if (error instanceof Error && 'matcherResult' in error) {
      return (error.matcherResult as { readonly actual: unknown }).actual;
    }
    throw error;
  }
  return 'no deviation';
}
