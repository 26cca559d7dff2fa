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

const { MUTATION_PART = 'sigv4' } = process.env;

/** The part of this run, which run.js names. */
export const part = parts[MUTATION_PART];

/** Where a run writes what became of each mutation, as JSON, one a line. */
export const outcomesFileOf = (name) => `node_modules/.cache/mutations-${name}.jsonl`;
export const outcomesFile = outcomesFileOf(MUTATION_PART);
