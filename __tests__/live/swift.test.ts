/** The package against the S3 API of OpenStack Swift, which looks at region, service and headers that are not signed. */
import { describeServer } from './live-server.js';
import { describeObjectStore } from './object-store.js';
import type { Deviations } from './store-case.js';

const notThere = { instead: '501 NotImplemented', why: 'Swift has none' };
const notSet = { instead: '200', why: 'it lists the bucket instead' };
const NO_ACL = 'without s3_acl, only the signature opens an object';

const deviations: Deviations = {
  '"\\u0000"': { instead: '400 InvalidURI', why: 'no key may hold a NUL' },
  'listing: a query key that is there twice': {
    instead: '403 SignatureDoesNotMatch',
    why: 'only one of them is in its canonical request',
  },
  '?cors': notThere,
  '?lifecycle': notSet,
  '?policy': notThere,
  '?tagging': notSet,
  '?requestPayment': notThere,
  '?notification': notThere,
  'x-amz-meta: a long value': { instead: '500 InternalError', why: 'it keeps 256 bytes at most' },
  'x-amz-acl': { instead: '400', why: NO_ACL },
  'tags of an object': notThere,
  'x-amz-tagging': notThere,
  'CORS configuration': notThere,
  'lifecycle configuration': { instead: '400 MalformedXML', why: 'Swift has none' },
  'bucket policy, as JSON': notThere,
  'versions of an object': { instead: '501 NotImplemented', why: 'its versioning is not switched on here' },
  'refused: an unknown access key': {
    instead: '403 SignatureDoesNotMatch',
    why: 'it does not tell which keys it knows',
  },
  'refused: a session token that nobody gave out': { instead: '200', why: 'it knows no tokens' },
  'refused, changed after it was signed: body': { instead: '400 BadDigest', why: 'it has another code' },
  'refused, changed after it was signed: access key': {
    instead: '403 SignatureDoesNotMatch',
    why: 'it does not tell which keys it knows',
  },
  'refused, changed after it was signed: Authorization, left out': { instead: '400', why: NO_ACL },
  'explained: a header that is removed': {
    instead: 'unknown',
    why: 'it does not say what it computed where a signed header is missing',
  },
};

describeServer({
  script: 'swift',
  name: 'OpenStack Swift s3api',
  shown: 'S3 objects, listings, copies, multipart uploads, XML; refusals of another region, service, unsigned headers',
  tests: (server) => {
    describeObjectStore(server, deviations);
  },
});
