/** The unit tests of one part for Stryker, which has no use for several projects, and an environment of its own. */
import config from '../../jest.config.js';
import { part } from './parts.js';

const unit = config.projects.find(({ displayName }) => displayName === 'unit');

/** @type {import('jest').Config} */
export default {
  ...unit,
  rootDir: '../..',
  testEnvironment: 'node',
  testMatch: part.tests.map((folder) => `<rootDir>/__tests__/${folder}/*.test.ts`),
  testTimeout: config.testTimeout,
};
