/** `axios-aws4auth/sigv4a` for Metro up to React Native 0.78, which reads no `exports`: nothing else comes here. */
export * from './dist/sigv4a.cjs';
