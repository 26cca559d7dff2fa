import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['**/dist/', '.stryker-tmp/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['__tests__/runtimes/fixtures/jest.test.*'],
    languageOptions: { globals: globals.jest },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['lib/**'],
    rules: {
      // No `as` that hides a doubt: narrow with a check instead. Tests may cast: they pass wrong types on purpose.
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
    },
  },
  {
    files: ['__tests__/**/*.ts'],
    rules: {
      // jest types expect.any(), expect.objectContaining() and their like as any.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['lib/sigv4/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: String.raw`^(?!\./|\.\./errors\.js$|#platform$)`,
              message: 'Imports only go down: sigv4/ may import ./*, ../errors.js and #platform.',
            },
          ],
        },
      ],
    },
  },
);
