/** Uploads a file to an S3-compatible store: piece by piece, with a progress bar, and a checksum that the store verifies. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import axios from 'axios';
import { aws4Interceptor } from 'axios-aws4auth';

const { S3_ENDPOINT, S3_BUCKET, AWS_REGION = 'us-east-1' } = process.env;
const [, , file] = process.argv;

const s3 = axios.create({ baseURL: `${S3_ENDPOINT}/${S3_BUCKET}` });
s3.interceptors.request.use(
  aws4Interceptor({
    region: AWS_REGION,
    service: 's3',
    payload: 'streaming', // signed in chunks, as the file is read
    contentEncoding: false, // Ceph would keep `aws-chunked` as the object's own encoding
  }),
);

const hash = createHash('md5');
await pipeline(createReadStream(file), hash);
const { headers } = await s3.put(`/${encodeURIComponent(basename(file))}`, createReadStream(file), {
  headers: { 'Content-Type': 'application/octet-stream', 'Content-MD5': hash.digest('base64') },
  onUploadProgress: ({ progress }) => showProgress(progress),
});
console.log(`\n${basename(file)} is there, ETag ${headers.etag}`);

function showProgress(progress) {
  const done = Math.round(progress * 40);
  process.stderr.write(`\r[${'#'.repeat(done)}${'.'.repeat(40 - done)}] ${String(Math.round(progress * 100))} %`);
}
