/** Stryker's settings for one part of the code. */
import { fileURLToPath } from 'node:url';
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { part } from './parts.js';

/** The words of an error are for people: tests hold to its code, and to what it names. */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'messages', {
    shouldIgnore: ({ key, listKey, parent }) =>
      parent?.type === 'NewExpression' && listKey === 'arguments' && key === 0 && /Error$/.test(parent.callee.name)
        ? 'the words of an error'
        : undefined,
  }),
];

export default {
  mutate: part.mutate,
  testRunner: 'jest',
  coverageAnalysis: 'perTest',
  jest: { projectType: 'custom', configFile: '__tests__/mutations/jest.config.js' },
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/jest-runner')), fileURLToPath(import.meta.url)],
  ignorers: ['messages'],
  ignorePatterns: ['dist', 'docs', 'bench', 'examples', '__tests__/{interop,live,long,runtimes,wire}'],
  // For what hangs, on a busy machine too.
  timeoutMS: 30_000,
  concurrency: 2,
  reporters: ['progress', 'clear-text', 'json'],
  jsonReporter: { fileName: `node_modules/.cache/mutations-${process.env.MUTATION_PART}.json` },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
};
