/** The types of the crc-32 package's other module, which the package itself has none for. */
declare module 'crc-32/crc32c.js' {
  export { buf } from 'crc-32';
}
