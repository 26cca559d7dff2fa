/** Programs of the tests that esbuild compiles, and Node runs. */
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** What a program finds under the names that Node could not resolve to source: the platform, the signer, and the verifier. */
export const aliasesFor = (platform: 'node' | 'default') => ({
  '#platform': join(root, `lib/platform/platform.${platform}.ts`),
  '#checksums': join(root, `lib/platform/checksums.${platform}.ts`),
  '#ecdsa': join(root, `lib/platform/ecdsa.${platform}.ts`),
  '#signer': join(root, `lib/sending/signer.${platform === 'node' ? 'eager' : 'lazy'}.ts`),
  'strict-sigv4-verifier': join(root, '__tests__/verifier/src/index.ts'),
});
