// Beside tsconfig.json, esbuild takes #platform from its `paths`, which are the tests'; users have package.json's imports.
const modifyEsbuildConfig = (config) => ({ ...config, tsconfigRaw: {} });

export default [
  { name: 'axios-aws4auth in a browser', path: 'dist/index.js', limit: '25 kB', modifyEsbuildConfig },
  { name: 'axios-aws4auth/sigv4 in a browser', path: 'dist/sigv4.js', limit: '8.5 kB', modifyEsbuildConfig },
];
