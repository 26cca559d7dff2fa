/** `axios-aws4auth/aws4-axios` for Metro up to React Native 0.78, which reads no `exports`: nothing else comes here. */
export * from './dist/aws4-axios.cjs';
export { default } from './dist/aws4-axios.cjs';
