// Beside tsconfig.json, esbuild takes #platform from its `paths`, which are the tests'; users have package.json's imports.
const modifyEsbuildConfig = (config) => ({ ...config, tsconfigRaw: {} });
// A browser's application has axios anyway. What is loaded when it is needed is counted too, but for what explains a
// refusal, which only a developer meets.
const shared = { gzip: true, ignore: ['axios', './explainer-*', './chunks/explainer-*'], modifyEsbuildConfig };

export default [
  {
    ...shared,
    name: 'aws4Interceptor in a browser',
    path: 'dist/index.js',
    import: '{ aws4Interceptor }',
    limit: '36.1 kB',
  },
  {
    ...shared,
    name: 'aws4-axios in a browser',
    path: 'dist/aws4-axios.js',
    import: '{ aws4Interceptor }',
    limit: '40 kB',
    ignore: [...shared.ignore, '@aws-sdk/credential-providers'],
  },
  // Alone: all that it imports is loaded before it.
  {
    ...shared,
    ignore: ['./*', '#platform'],
    name: 'what explains a refusal',
    path: 'dist/chunks/explainer-*.js',
    limit: '11 kB',
  },
  { ...shared, name: 'signRequest in a browser', path: 'dist/sigv4.js', import: '{ signRequest }', limit: '11 kB' },
];
