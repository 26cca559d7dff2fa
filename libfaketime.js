/** `axios-aws4auth/libfaketime` for Metro up to React Native 0.78, which reads no `exports`: nothing else comes here. */
export * from './dist/libfaketime.cjs';
