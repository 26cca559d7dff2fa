/** Copies and multipart uploads, under keys that are hard to spell. */
import type { AxiosInstance } from 'axios';
import { answerTo, bytesOf, pathOfKey, pathOfSegments, textIn, textOf, textsIn } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

const hardKeys = ['a b+c', '%41%2F', "é/日本 😀/!*'()", 'a//b', 'k?x=y&z#'];
/** The least that S3 takes for a part that is not the last. */
const firstPart = Buffer.alloc(5 * 1024 * 1024, 'part one ');
const lastPart = Buffer.from('the end');

export const copyCases: readonly StoreCase[] = [
  ...hardKeys.map((key) => ({
    name: `copy of ${JSON.stringify(key)}`,
    run: (surroundings: Surroundings) => checkCopy(surroundings, key),
  })),
  { name: 'copy of a key that is not encoded', run: checkBareCopy },
  { name: 'copy with x-amz-metadata-directive and conditions', run: checkCopyDirectives },
  ...hardKeys.map((key) => ({
    name: `multipart upload of ${JSON.stringify(key)}`,
    run: (surroundings: Surroundings) => checkUpload(surroundings, key),
  })),
  { name: 'multipart upload that is aborted', run: checkAbort },
  ...['plain', ...hardKeys].map((key) => ({
    name: `multipart upload by copies of ranges of ${JSON.stringify(key)}`,
    run: (surroundings: Surroundings) => checkPartCopy(surroundings, key),
  })),
];

async function checkCopy({ client, bucket }: Surroundings, key: string): Promise<void> {
  const body = `the body of ${key}`;
  const target = pathOfKey(bucket, `copy of ${key}`);
  await client.put(pathOfKey(bucket, key), body);
  for (const source of [pathOfSegments(bucket, key), pathOfKey(bucket, key)]) {
    await client.put(target, undefined, { headers: { 'x-amz-copy-source': source } });
    expect(textOf(await client.get(target))).toBe(body);
    await client.delete(target);
  }
}

/** What axios would cut it to is another object. */
async function checkBareCopy({ client, bucket }: Surroundings): Promise<void> {
  const target = pathOfKey(bucket, 'copy of another');
  await client.put(pathOfKey(bucket, 'report.txt'), 'another');
  const headers = { 'x-amz-copy-source': `/${bucket}/日本report.txt` };
  const error: unknown = await client.put(target, undefined, { headers }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'ERR_INVALID_HEADER' });
  expect(await answerTo(client.get(target))).toBe('404 NoSuchKey');
}

async function checkCopyDirectives({ client, bucket }: Surroundings): Promise<void> {
  const source = pathOfKey(bucket, 'with metadata');
  const target = pathOfKey(bucket, 'with other metadata');
  await client.put(source, 'x', { headers: { 'x-amz-meta-value': 'old' } });
  const etag = String((await client.head(source)).headers['etag']);
  const headers = {
    'x-amz-copy-source': source,
    'x-amz-metadata-directive': 'REPLACE',
    'x-amz-meta-value': 'new  one',
    'Content-Type': 'text/x-new',
  };
  const unless = { ...headers, 'x-amz-copy-source-if-none-match': etag };
  expect(await answerTo(client.put(target, undefined, { headers: unless }))).toBe('412 PreconditionFailed');
  await client.put(target, undefined, { headers: { ...headers, 'x-amz-copy-source-if-match': etag } });
  const copied = await client.head(target);
  expect([copied.headers['x-amz-meta-value'], copied.headers['content-type']]).toStrictEqual([
    'new  one',
    'text/x-new',
  ]);
}

async function createUpload(client: AxiosInstance, path: string): Promise<string> {
  const headers = { 'Content-Type': 'application/x-test', 'x-amz-meta-value': 'of the upload' };
  return textIn(textOf(await client.post(`${path}?uploads`, undefined, { headers })), 'UploadId');
}

interface Part {
  readonly number: number;
  readonly etag: string;
}

const completion = (parts: readonly Part[]): string =>
  `<CompleteMultipartUpload>${parts
    .map(({ number, etag }) => `<Part><PartNumber>${String(number)}</PartNumber><ETag>${etag}</ETag></Part>`)
    .join('')}</CompleteMultipartUpload>`;

async function checkUpload({ client, bucket }: Surroundings, key: string): Promise<void> {
  const path = pathOfKey(bucket, key);
  const uploadId = await createUpload(client, path);
  const uploads = textOf(await client.get(`/${bucket}?uploads`, { params: { prefix: key } }));
  expect(textsIn(uploads, 'UploadId')).toStrictEqual([uploadId]);

  const parts: Part[] = [];
  for (const [index, body] of [firstPart, lastPart].entries()) {
    const number = index + 1;
    const { headers } = await client.put(path, body, { params: { partNumber: number, uploadId } });
    parts.push({ number, etag: String(headers['etag']) });
  }
  const listing = { uploadId, 'max-parts': 10, 'part-number-marker': 0 };
  const listed = textsIn(textOf(await client.get(path, { params: listing })), 'PartNumber');
  expect(listed).toStrictEqual(['1', '2']);

  const headers = { 'Content-Type': 'application/xml' };
  const completed = await client.post(path, completion(parts), { params: { uploadId }, headers });
  expect(textIn(textOf(completed), 'Key')).toBe(key);
  const whole = await client.get(path);
  expect(bytesOf(whole).equals(Buffer.concat([firstPart, lastPart]))).toBe(true);
  expect(whole.headers['content-type']).toBe('application/x-test');
  expect(whole.headers['x-amz-meta-value']).toBe('of the upload');
}

async function checkAbort({ client, bucket }: Surroundings): Promise<void> {
  const path = pathOfKey(bucket, 'aborted +');
  const uploadId = await createUpload(client, path);
  await client.put(path, lastPart, { params: { partNumber: 1, uploadId } });
  expect(await answerTo(client.delete(path, { params: { uploadId } }))).toBe('204');
  const late = client.put(path, lastPart, { params: { partNumber: 2, uploadId } });
  expect(await answerTo(late)).toBe('404 NoSuchUpload');
  expect(await answerTo(client.get(path))).toBe('404 NoSuchKey');
}

async function checkPartCopy({ client, bucket }: Surroundings, key: string): Promise<void> {
  const source = pathOfSegments(bucket, key);
  const target = pathOfKey(bucket, 'joined');
  await client.put(source, Buffer.concat([firstPart, lastPart]));
  const uploadId = await createUpload(client, target);
  const parts: Part[] = [];
  const { byteLength } = firstPart;
  for (const [index, [from, to]] of [[0, byteLength - 1] as const, [byteLength, byteLength + 2] as const].entries()) {
    const number = index + 1;
    const range = `bytes=${String(from)}-${String(to)}`;
    const headers = { 'x-amz-copy-source': source, 'x-amz-copy-source-range': range };
    const copied = await client.put(target, undefined, { params: { partNumber: number, uploadId }, headers });
    parts.push({ number, etag: textIn(textOf(copied), 'ETag') });
  }
  await client.post(target, completion(parts), { params: { uploadId } });
  expect(bytesOf(await client.get(target)).equals(Buffer.concat([firstPart, lastPart.subarray(0, 3)]))).toBe(true);
}
