/**
 * `axios-aws4auth/libfaketime`: importing it makes {@link libfaketimeClock} the default clock of every interceptor in the
 * process, as `import botocore_libfaketime.patch` does for botocore. Where libfaketime is not preloaded, that is the
 * system's clock, and nothing changes. An option `clock` goes before it.
 *
 * @example
 * import 'axios-aws4auth/libfaketime'; // or: node --import axios-aws4auth/libfaketime
 *
 * @module axios-aws4auth/libfaketime
 */
import { replaceDefaultClock } from './clock.js';
import { libfaketimeClock } from './libfaketime.js';

replaceDefaultClock(libfaketimeClock());
