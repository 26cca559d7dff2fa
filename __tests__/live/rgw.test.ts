/** The package against the S3 API of Ceph's RADOS Gateway. */
import { explainedByEcho } from './explanation-cases.js';
import { describeServer } from './live-server.js';
import { describeObjectStore } from './object-store.js';
import type { Deviations } from './store-case.js';

const UNCHECKED_SCOPE = 'neither region nor service of a signature is looked at';

const deviations: Deviations = {
  '"\\u0000"': { instead: '400', why: 'no key may hold a NUL' },
  'listing: a query key that is there twice': {
    instead: '403 SignatureDoesNotMatch',
    why: 'only the last of them is in its canonical request',
  },
  'x-amz-meta: a tab': { instead: '403 SignatureDoesNotMatch', why: 'a tab alone is no white space to it' },
  'x-amz-meta: spaces and tabs': { instead: '=?UTF-8?Q?a =09 b?=', why: 'a tab is given back in RFC 2047' },
  'DeleteObjects with a Content-MD5 of another body': { instead: '200', why: 'Content-MD5 is not looked at there' },
  'copy with x-amz-metadata-directive and conditions': {
    instead: '200',
    why: 'x-amz-copy-source-if-none-match is not looked at',
  },
  'multipart upload by copies of ranges of "%41%2F"': {
    instead: '404 NoSuchKey',
    why: 'x-amz-copy-source is decoded twice there',
  },
  'refused: a session token that nobody gave out': { instead: '400 InvalidArgument', why: 'it has another code' },
  'refused: another region': { instead: '200', why: UNCHECKED_SCOPE },
  'refused: another service': { instead: '200', why: UNCHECKED_SCOPE },
  'refused, changed after it was signed: a further x-amz header': {
    instead: '200',
    why: 'it takes x-amz headers that are not signed',
  },
  'explained: another region': { instead: undefined, why: UNCHECKED_SCOPE },
  ...Object.fromEntries(
    explainedByEcho.map((name) => [name, { instead: 'unknown', why: 'it answers with a code alone' }]),
  ),
  'explained: a date that is removed': { instead: undefined, why: 'it answers AccessDenied, and no more' },
  'explained: an Authorization of another kind': { instead: undefined, why: 'it answers InvalidArgument, and no more' },
  'explained: another method': { instead: undefined, why: 'it answers 501 to a DELETE that has a body' },
};

describeServer({
  script: 'rgw',
  name: 'Ceph RADOS Gateway',
  shown: 'S3 objects, listings, copies, multipart uploads, XML; refusals',
  tests: (server) => {
    describeObjectStore(server, deviations);
  },
});
