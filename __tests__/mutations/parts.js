/** What is mutated, and by whose tests that must be noticed: the code that must not be wrong, in parts that take minutes. */
import { fileURLToPath } from 'node:url';

const lib = (...names) => names.map((name) => `lib/${name}.ts`);

export const parts = {
  // What credentials are stands on the floor, and is tested where they come from.
  sigv4: { mutate: lib('sigv4/*'), tests: ['sigv4', 'credentials'] },
  sha256: { mutate: lib('platform/sha256'), tests: ['platform'] },
  credentials: { mutate: lib('credentials/*'), tests: ['credentials'] },
  healing: {
    mutate: lib('sending/healing', 'sending/answer-date', 'sending/server-refusal', 'sending/refusal-cause'),
    tests: ['sending'],
  },
  redirects: {
    mutate: lib(
      'destination/redirect-policy',
      'sending/fetch-redirects',
      'sending/http-redirects',
      'sending/unread-hops',
    ),
    tests: ['sending'],
  },
};

const chosen = process.env.MUTATION_PART ?? 'sigv4';

/** The part of this run, which run.js names. */
export const part = parts[chosen];

/** Where the outcomes of a part are written, a line of JSON for each mutation. */
export const outcomesFileOf = (name) =>
  fileURLToPath(new URL(`../../node_modules/.cache/mutations-${name}.jsonl`, import.meta.url));
export const outcomesFile = outcomesFileOf(chosen);
