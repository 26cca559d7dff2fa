/** Programs of the tests that esbuild compiles, and Node runs. */
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** What a program finds under the names that Node could not resolve to source: the platform, and the verifier. */
export const aliasesFor = (platform: 'node' | 'default') => ({
  '#platform': join(root, `lib/platform/platform.${platform}.ts`),
  '#ecdsa': join(root, `lib/platform/ecdsa.${platform}.ts`),
  'strict-sigv4-verifier': join(root, '__tests__/verifier/src/index.ts'),
});
