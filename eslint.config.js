import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The folders of lib, each a concept: a file imports of its own folder and of those below it, types included. */
const folders = [
  'options',
  'sending',
  'signing',
  'credentials',
  'destination',
  'request',
  'time',
  'sigv4a',
  'sigv4',
  'platform',
];
function allowDown(folder, below) {
  const inside = [
    '\\./',
    '\\.\\./errors\\.js$',
    '#(?:checksums|ecdsa|platform|signer)$',
    ...below.map((name) => `\\.\\./${name}/`),
  ];
  // `sigv4` and `sigv4a` know of no package, and `platform` only of those that implement it.
  const packages = folder === 'platform' ? ['node:', '@noble/', '@aws-sdk/', 'iconv-lite$', 'crc-32'] : ['axios$'];
  const allowed = folder.startsWith('sigv4') ? inside : [...inside, ...packages];
  return {
    regex: `^(?!${allowed.join('|')})`,
    message: `Imports only go down: ${folder}/ may import ${[folder, 'errors', ...below].join(', ')}.`,
  };
}

export default defineConfig(
  { ignores: ['**/dist/', '.stryker-tmp/', 'docs/.vitepress/cache/', 'docs/public/debugger/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['examples/vite-page/main.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['__tests__/runtimes/fixtures/{jest,jsdom}.test.*'],
    languageOptions: { globals: globals.jest },
  },
  {
    // What it has a page evaluate.
    files: ['__tests__/runtimes/drivers/debugger.mjs'],
    languageOptions: { globals: globals.browser },
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
    files: ['examples/nestjs/**'],
    // Nest types what its functions take as classes.
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    files: ['lib/**', 'docs/debugger/**'],
    rules: {
      // No `as` that hides a doubt: narrow with a check instead. Tests may cast: they pass wrong types on purpose.
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
    },
  },
  {
    files: ['lib/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression > MemberExpression[property.name=/^(toSorted|toReversed|toSpliced|findLast|findLastIndex)$/]',
          message: "React Native's older engines lack it: copy, and change the copy.",
        },
        {
          selector: "BinaryExpression[operator='in'][right.name='globalThis']",
          message: 'A global that is missing may also be there as undefined: ask for its `typeof`.',
        },
        { selector: 'CallExpression[callee.name=/^(btoa|atob)$/]', message: 'React Native before 0.74 has none.' },
      ],
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
  ...folders.map((folder, i) => ({
    files: [`lib/${folder}/**`],
    rules: { 'no-restricted-imports': ['error', { patterns: [allowDown(folder, folders.slice(i + 1))] }] },
  })),
);
