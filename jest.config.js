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

const unitTests = ['*.test.ts', 'sigv4/*.test.ts', 'wire/*.test.ts', 'bad-input/*.test.ts'];

// The packages that are published as ESM only, besides those whose files end in .mjs.
const esmOnly = [
  '@noble',
  'agent-base',
  'axios-cookiejar-support',
  'https-proxy-agent',
  'proxy-agent-negotiate',
  'until-async',
];

/** @type {import('jest').Config} */
export default {
  projects: [
    project('node', 'platform.node', unitTests),
    project('default', 'platform.default', unitTests),
    project('differential', 'platform.node', ['differential/*.test.ts']),
    project('live', 'platform.node', ['live/*.test.ts']),
    {
      ...project('runtimes', 'platform.node', ['runtimes/*.test.ts']),
      globalSetup: '<rootDir>/__tests__/runtimes/global-setup.ts',
    },
    {
      ...project('neighbours', 'platform.node', ['neighbours/*.test.ts']),
      transform: { '\\.[cm]?[jt]s$': 'ts-jest' },
      transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/).*(?<!\\.mjs)$`],
    },
  ],
};
