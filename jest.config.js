const shared = {
  testEnvironment: '<rootDir>/__tests__/jest-environment.js',
  transform: { '\\.[jt]s$': 'ts-jest' },
  // @noble's packages are published as ESM only, and the tests run as CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!@noble/)'],
  // Stryker's copies of the repository.
  modulePathIgnorePatterns: ['<rootDir>/.stryker-tmp/'],
};

const project = (displayName, platform, testMatch) => ({
  ...shared,
  displayName,
  testMatch: testMatch.map((glob) => `<rootDir>/__tests__/${glob}`),
  moduleNameMapper: {
    '^#platform$': `<rootDir>/lib/platform/platform.${platform}.ts`,
    '^#checksums$': `<rootDir>/lib/platform/checksums.${platform}.ts`,
    '^#ecdsa$': `<rootDir>/lib/platform/ecdsa.${platform}.ts`,
    '^#signer$': `<rootDir>/lib/sending/signer.${platform === 'node' ? 'eager' : 'lazy'}.ts`,
    // Imports name the file that a build would write ('./errors.js'); the tests run its source.
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
});

// The folders whose code asks the platform for something: these tests run on both at every `npm test`.
const portable = ['platform', 'request', 'sigv4', 'sigv4a'];
const unit = [...portable, 'credentials', 'debugger', 'destination', 'options', 'sending', 'signing', 'time'];
const toGlobs = (folders) => folders.map((folder) => `${folder}/*.test.ts`);
const topLevel = '*.test.ts';

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
  // The one limit of all suites: for what hangs, and never for what is slow.
  testTimeout: 10 * 60_000,
  maxWorkers: '100%',
  projects: [
    // npm test; `unit` alone is npm run test:quick, which leaves out the tables of bad input
    { ...project('unit', 'node', [topLevel, ...toGlobs(unit)]), testPathIgnorePatterns: ['/bad-[^/]+$'] },
    project(
      'bad-input',
      'node',
      unit.map((folder) => `${folder}/bad-*.test.ts`),
    ),
    project('wire', 'node', ['wire/*.test.ts']),
    project('documents', 'node', ['documents/*.test.ts']),
    project('verifier', 'node', ['verifier/tests/*.test.ts']),
    project('portable', 'default', toGlobs([...portable, 'wire'])),
    // npm run test:long: what takes minutes, and on the other platform all that `npm test` leaves out there
    project('long', 'node', ['long/*.test.ts']),
    {
      ...project('portable-long', 'default', [
        'long/*.test.ts',
        topLevel,
        ...toGlobs(unit.filter((folder) => !portable.includes(folder))),
      ]),
      // It is what aws4-axios does in Node: with the environment, the AWS SDK and its tests' node:http.
      testPathIgnorePatterns: ['/aws4-axios\\.test\\.ts$'],
    },
    // Each of these has a command of its own, and most an install of its own.
    project('s3rver', 'node', ['interop/s3rver/*.test.ts']),
    project('s3rver-portable', 'default', ['interop/s3rver/*.test.ts']),
    project('differential', 'node', ['interop/differential/*.test.ts']),
    {
      ...project('neighbours', 'node', ['interop/neighbours/*.test.ts']),
      transform: { '\\.[cm]?[jt]s$': 'ts-jest' },
      transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/).*(?<!\\.mjs)$`],
    },
    {
      ...project('runtimes', 'node', ['runtimes/*.test.ts']),
      globalSetup: '<rootDir>/__tests__/runtimes/global-setup.ts',
    },
    project('live', 'node', ['live/*.test.ts']),
    project('examples', 'node', ['examples/*.test.ts']),
  ],
};
