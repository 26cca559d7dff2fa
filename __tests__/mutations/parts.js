/** What is mutated, and by whose tests that must be noticed: the code that must not be wrong, in parts that take minutes. */
const lib = (...names) => names.map((name) => `lib/${name}.ts`);

export const parts = {
  sigv4: { mutate: lib('sigv4/*'), tests: ['sigv4'] },
  credentials: { mutate: lib('credentials/*'), tests: ['credentials'] },
  healing: {
    mutate: lib('sending/healing', 'sending/answer-date', 'sending/server-refusal', 'sending/refusal-cause'),
    tests: ['sending'],
  },
  redirects: {
    mutate: lib('destination/redirect-policy', 'sending/fetch-redirects', 'sending/http-redirects'),
    tests: ['sending'],
  },
};

/** The part of this run, which run.js names. */
export const part = parts[process.env.MUTATION_PART ?? 'sigv4'];
