const shared = {
  testEnvironment: 'node',
  transform: { '\\.[jt]s$': 'ts-jest' },
  // @noble/hashes is published as ESM only, and the tests run as CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!@noble/)'],
};

const project = (displayName, platform, testMatch) => ({
  ...shared,
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/__tests__/${glob}`),
  moduleNameMapper: {
    '^#platform$': `<rootDir>/lib/${platform}.ts`,
    // Imports name the file that a build would write ('./errors.js'); the tests run its source.
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
});

const unitTests = ['*.test.ts', 'sigv4/*.test.ts', 'wire/*.test.ts'];

/** @type {import('jest').Config} */
export default {
  projects: [
    project('node', 'platform.node', unitTests),
    project('default', 'platform.default', unitTests),
    project('differential', 'platform.node', ['differential/*.test.ts']),
    project('live', 'platform.node', ['live/*.test.ts']),
  ],
};
