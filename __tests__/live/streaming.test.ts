/** Bodies in chunks and checksums against the servers that verify them: OpenStack Swift 2.35, and Ceph's RADOS Gateway. */
import { describeServer } from './live-server.js';
import { describeStreaming } from './streaming-cases.js';

describeServer({
  script: 'swift-streaming',
  name: 'OpenStack Swift s3api, uploads in chunks',
  shown:
    'each chunk, the trailer and all five checksums verified; bodies of every kind and length; refusals of whatever was ' +
    'changed on its way',
  tests: (server) => {
    describeStreaming(server, {});
  },
});

describeServer({
  script: 'rgw',
  name: 'Ceph RADOS Gateway, uploads in chunks',
  shown:
    'bodies of every kind and length in signed chunks; it takes no trailers, and keeps aws-chunked unless told otherwise',
  tests: (server) => {
    describeStreaming(server, {
      // It has no trailers, no empty bodies in chunks, and does not look at the last signature.
      emptyStream: '400 XAmzContentSHA256Mismatch',
      trailers: '400 XAmzContentSHA256Mismatch',
      keptEncoding: 'aws-chunked,gzip',
      tampered: {
        'a byte of the last chunk': '400 XAmzContentSHA256Mismatch',
        'the signature of the chunk without data': '200',
      },
    });
  },
});
