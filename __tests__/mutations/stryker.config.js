/** Stryker's settings for one part of the code. */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declareFactoryPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { outcomesFile, part } from './parts.js';

/** Writes each outcome as it comes, since a run that is ended early has something to tell as well. */
function createLineReporter() {
  mkdirSync(dirname(outcomesFile), { recursive: true });
  rmSync(outcomesFile, { force: true });
  return {
    onMutantTested: ({ fileName, location, mutatorName, replacement, status }) => {
      const at = `${fileName}:${location.start.line}:${location.start.column}`;
      appendFileSync(outcomesFile, `${JSON.stringify({ status, at, mutatorName, replacement })}\n`);
    },
  };
}

/** The words of an error are for people: tests hold to its code, and to what it names. */
export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.Reporter, 'lines', createLineReporter),
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
  ignorePatterns: ['dist', 'docs', 'bench', 'demo', 'examples', '__tests__/{interop,live,long,runtimes,wire}'],
  // For what hangs, on a busy machine too.
  timeoutMS: 30_000,
  concurrency: 2,
  reporters: ['progress', 'clear-text', 'lines'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
};
