/** Headers of objects: metadata, ACLs, ranges, conditions, and queries that set the headers of an answer. */
import { answerTo, bytesOf, createS3Client, pathOfKey, textOf } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

/** A value as it is sent, and as it comes back. */
const metadata: readonly (readonly [name: string, value: string, stored: string])[] = [
  ['plain', 'value', 'value'],
  ['space around', '   value  ', 'value'],
  ['several spaces', 'a  b    c', 'a  b    c'],
  ['several spaces and space around', '  a  b  ', 'a  b'],
  ['a tab', 'a\tb', 'a\tb'],
  ['spaces and tabs', 'a \t b', 'a \t b'],
  ['a lone tab', '\t', ''],
  ['nothing', '', ''],
  ['commas and quotes', `"a, b",  'c';d=e`, `"a, b",  'c';d=e`],
  ['what looks encoded', '%41+%20&amp;', '%41+%20&amp;'],
  ['RFC 2047', '=?UTF-8?B?R3LDvMOfZQ==?=', '=?UTF-8?B?R3LDvMOfZQ==?='],
  ['a long value', 'v'.repeat(1900), 'v'.repeat(1900)],
  ['punctuation', '!#$%&*+-.^_`|~(){}[]<>@:;?/\\', '!#$%&*+-.^_`|~(){}[]<>@:;?/\\'],
];

const ranges: readonly (readonly [range: string, status: number, text: string])[] = [
  ['bytes=0-3', 206, '0123'],
  ['bytes=5-', 206, '56789'],
  ['bytes=-2', 206, '89'],
];

const disposition = `attachment; filename="a b+c%20é.txt"; filename*=UTF-8''a%20b`;

export const headerCases: readonly StoreCase[] = [
  ...metadata.map(([name, value, stored]) => ({
    name: `x-amz-meta: ${name}`,
    run: (surroundings: Surroundings) => checkMetadata(surroundings, value, stored),
  })),
  { name: 'x-amz-meta: a list', run: checkList },
  { name: 'x-amz-acl', run: checkAcl },
  ...ranges.map(([range, status, text]) => ({
    name: `Range: ${range}`,
    run: (surroundings: Surroundings) => checkRange(surroundings, range, status, text),
  })),
  { name: 'Range: one that cannot be satisfied', run: checkImpossibleRange },
  { name: 'Range, signed', run: checkSignedRange },
  { name: 'If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since', run: checkConditions },
  { name: 'response-content-type, response-content-disposition and their like', run: checkResponseHeaders },
  { name: 'dates: Date in the place of X-Amz-Date', run: checkDateHeader },
  { name: 'signedHeaders: *', run: checkAllHeaders },
];

async function checkMetadata({ client, bucket }: Surroundings, value: string, stored: string): Promise<void> {
  const path = pathOfKey(bucket, 'metadata');
  await client.put(path, 'x', { headers: { 'x-amz-meta-value': value, 'X-Amz-Meta-Other': 'o' } });
  const { headers } = await client.head(path);
  expect(headers['x-amz-meta-other']).toBe('o');
  expect(headers['x-amz-meta-value'] ?? '').toBe(stored);
}

async function checkList({ client, bucket }: Surroundings): Promise<void> {
  const path = pathOfKey(bucket, 'list');
  await client.put(path, 'x', { headers: { 'x-amz-meta-value': ['a', 'b'] } });
  const { headers } = await client.head(path);
  expect(headers['x-amz-meta-value']).toBe('a,b');
}

async function checkAcl({ client, bucket }: Surroundings): Promise<void> {
  const path = pathOfKey(bucket, 'public');
  await client.put(path, 'for all', { headers: { 'x-amz-acl': 'private' } });
  expect(await answerTo(client.get(path, { aws4: false }))).toBe('403 AccessDenied');
  await client.put(path, 'for all', { headers: { 'x-amz-acl': 'public-read' } });
  expect(textOf(await client.get(path, { aws4: false }))).toBe('for all');
}

async function putDigits({ client, bucket }: Surroundings): Promise<string> {
  const path = pathOfKey(bucket, 'digits');
  await client.put(path, '0123456789');
  return path;
}

async function checkRange(surroundings: Surroundings, range: string, status: number, text: string): Promise<void> {
  const path = await putDigits(surroundings);
  const response = await surroundings.client.get(path, { headers: { Range: range } });
  expect([response.status, textOf(response)]).toStrictEqual([status, text]);
}

async function checkImpossibleRange(surroundings: Surroundings): Promise<void> {
  const path = await putDigits(surroundings);
  const sending = surroundings.client.get(path, { headers: { Range: 'bytes=10-' } });
  expect(await answerTo(sending)).toBe('416 InvalidRange');
}

async function checkSignedRange(surroundings: Surroundings): Promise<void> {
  const path = await putDigits(surroundings);
  const aws4 = { signedHeaders: ['range', 'user-agent', 'accept'] };
  const headers = { Range: 'bytes=1-2', 'User-Agent': 'a  test/1.0 (x; y)' };
  expect(textOf(await surroundings.client.get(path, { headers, aws4 }))).toBe('12');
}

async function checkConditions(surroundings: Surroundings): Promise<void> {
  const path = await putDigits(surroundings);
  const { client } = surroundings;
  const { headers } = await client.head(path);
  const etag = String(headers['etag']);
  const modified = String(headers['last-modified']);
  const past = new Date(Date.parse(modified) - 86_400_000).toUTCString();
  const ask = (name: string, value: string) => answerTo(client.get(path, { headers: { [name]: value } }));
  expect({
    match: [await ask('If-Match', etag), await ask('If-Match', '"other"')],
    noneMatch: [await ask('If-None-Match', '"other"'), await ask('If-None-Match', etag)],
    modifiedSince: [await ask('If-Modified-Since', past), await ask('If-Modified-Since', modified)],
    unmodifiedSince: [await ask('If-Unmodified-Since', modified), await ask('If-Unmodified-Since', past)],
  }).toStrictEqual({
    match: ['200', '412 PreconditionFailed'],
    noneMatch: ['200', '304'],
    modifiedSince: ['200', '304'],
    unmodifiedSince: ['200', '412 PreconditionFailed'],
  });
}

async function checkResponseHeaders(surroundings: Surroundings): Promise<void> {
  const path = await putDigits(surroundings);
  const params = {
    'response-content-type': 'text/x-test; charset="utf-8"',
    'response-content-disposition': disposition,
    'response-cache-control': 'no-cache, max-age=0',
    'response-content-language': 'de, en',
  };
  const { headers } = await surroundings.client.get(path, { params });
  expect(headers).toMatchObject({
    'content-type': 'text/x-test; charset="utf-8"',
    // Node gives the bytes of a header as Latin-1.
    'content-disposition': Buffer.from(disposition).toString('latin1'),
    'cache-control': 'no-cache, max-age=0',
    'content-language': 'de, en',
  });
}

async function checkDateHeader(surroundings: Surroundings): Promise<void> {
  const path = await putDigits(surroundings);
  const headers = { Date: new Date(Date.now() - 60_000).toUTCString() };
  expect(textOf(await surroundings.client.get(path, { headers }))).toBe('0123456789');
}

async function checkAllHeaders({ server, bucket }: Surroundings): Promise<void> {
  const client = createS3Client(server, { signedHeaders: ['*'] });
  const path = pathOfKey(bucket, 'all headers');
  const headers = {
    'Cache-Control': 'no-cache',
    'Content-Encoding': 'x',
    'x-other': ' a  b ',
    'Content-Language': 'de',
  };
  await client.put(path, 'x', { headers });
  const response = await client.get(path, { headers: { 'x-other': '"a"' } });
  expect(bytesOf(response)).toStrictEqual(Buffer.from('x'));
  expect(response.headers['content-language']).toBe('de');
}
