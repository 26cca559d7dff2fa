/** Requests whose body is XML, most of them with a Content-MD5: tags, configurations, many deletions at once. */
import { createHash } from 'node:crypto';
import type { AxiosResponse } from 'axios';
import { answerTo, bytesOf, escapeXml, pathOfKey, textIn, textOf, textsIn } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

const tags = [
  ['a b', 'c+d=e'],
  ['é', 'x/y:z@ ünd'],
] as const;
const tagging = `<Tagging><TagSet>${tags
  .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
  .join('')}</TagSet></Tagging>`;

const cors = `<CORSConfiguration><CORSRule><AllowedOrigin>https://example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
  <AllowedHeader>*</AllowedHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>`;

const lifecycle = `<LifecycleConfiguration><Rule><ID>old é</ID><Filter><Prefix>logs/ä </Prefix></Filter><Status>Enabled</Status>
  <Expiration><Days>30</Days></Expiration></Rule></LifecycleConfiguration>`;

const versioning = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';

export const xmlCases: readonly StoreCase[] = [
  { name: 'tags of an object', run: checkTagging },
  { name: 'x-amz-tagging', run: checkTaggingHeader },
  { name: 'DeleteObjects', run: checkDeleteObjects },
  { name: 'DeleteObjects with a Content-MD5 of another body', run: checkWrongMd5 },
  { name: 'PUT with a Content-MD5', run: checkPutMd5 },
  { name: 'CORS configuration', run: checkCors },
  { name: 'lifecycle configuration', run: checkLifecycle },
  { name: 'bucket policy, as JSON', run: checkPolicy },
  { name: 'versions of an object', run: checkVersions },
];

const md5 = (text: string): string => createHash('md5').update(text).digest('base64');

function putXml({ client }: Surroundings, path: string, xml: string): Promise<AxiosResponse<unknown>> {
  const headers = { 'Content-Type': 'application/xml', 'Content-MD5': md5(xml) };
  return client.put(path, xml, { headers });
}

const readTags = (xml: string) => {
  const values = textsIn(xml, 'Value');
  return textsIn(xml, 'Key').map((key, index) => [key, values[index]]);
};

async function checkTagging(surroundings: Surroundings): Promise<void> {
  const { client, bucket } = surroundings;
  const path = pathOfKey(bucket, 'tagged +%41');
  await client.put(path, 'x');
  await putXml(surroundings, `${path}?tagging`, tagging);
  const read = async () => readTags(textOf(await client.get(path, { params: { tagging: '' } })));
  expect(await read()).toStrictEqual(tags);
  await client.delete(`${path}?tagging`);
  expect(await read()).toStrictEqual([]);
}

async function checkTaggingHeader({ client, bucket }: Surroundings): Promise<void> {
  const path = pathOfKey(bucket, 'tagged by header');
  const header = tags.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  await client.put(path, 'x', { headers: { 'x-amz-tagging': header } });
  expect(readTags(textOf(await client.get(`${path}?tagging`)))).toStrictEqual(tags);
}

const doomed = ['a b+c', '%41', 'a//b', "!*'()", '<&>"', 'é/日本', '😀', 'a%2Fb', '/lead', 'line\nbreak\r'];

const deletion = (keys: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${keys
    .map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`)
    .join('')}</Delete>`;

async function checkDeleteObjects({ client, bucket }: Surroundings): Promise<void> {
  for (const key of doomed) await client.put(pathOfKey(bucket, key), 'x');
  const xml = deletion(doomed);
  const headers = { 'Content-MD5': md5(xml), 'Content-Type': 'text/xml; charset=utf-8' };
  const deleted = await client.post(`/${bucket}?delete`, xml, { headers });
  expect(textsIn(textOf(deleted), 'Key').toSorted()).toStrictEqual(doomed.toSorted());
  for (const key of doomed) expect(await answerTo(client.get(pathOfKey(bucket, key)))).toBe('404 NoSuchKey');
}

async function checkWrongMd5({ client, bucket }: Surroundings): Promise<void> {
  const headers = { 'Content-MD5': md5('another body'), 'Content-Type': 'text/xml' };
  const path = `/${bucket}?delete`;
  expect(await answerTo(client.post(path, deletion(['none']), { headers }))).toBe('400 BadDigest');
}

async function checkPutMd5({ client, bucket }: Surroundings): Promise<void> {
  const path = pathOfKey(bucket, 'digest');
  await client.put(path, 'text', { headers: { 'Content-MD5': md5('text') } });
  const wrong = client.put(path, 'text', { headers: { 'Content-MD5': md5('other') } });
  expect(await answerTo(wrong)).toBe('400 BadDigest');
}

async function checkCors(surroundings: Surroundings): Promise<void> {
  const { client, bucket } = surroundings;
  await putXml(surroundings, `/${bucket}?cors`, cors);
  expect(textIn(textOf(await client.get(`/${bucket}?cors`)), 'AllowedOrigin')).toBe('https://example.com');
  await client.delete(`/${bucket}?cors`);
  expect(await answerTo(client.get(`/${bucket}?cors`))).toBe('404 NoSuchCORSConfiguration');
}

async function checkLifecycle(surroundings: Surroundings): Promise<void> {
  const { client, bucket } = surroundings;
  await putXml(surroundings, `/${bucket}?lifecycle`, lifecycle);
  const xml = textOf(await client.get(`/${bucket}?lifecycle`));
  expect([textIn(xml, 'ID'), textIn(xml, 'Prefix')]).toStrictEqual(['old é', 'logs/ä ']);
  await client.delete(`/${bucket}?lifecycle`);
  expect(await answerTo(client.get(`/${bucket}?lifecycle`))).toBe('404 NoSuchLifecycleConfiguration');
}

async function checkPolicy({ client, bucket }: Surroundings): Promise<void> {
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${bucket}/public/*`,
  };
  const policy = { Version: '2012-10-17', Statement: [statement] };
  await client.put(`/${bucket}?policy`, policy);
  await client.put(`/${bucket}/public/x`, 'for all');
  expect(textOf(await client.get(`/${bucket}/public/x`, { aws4: false }))).toBe('for all');
  await client.delete(`/${bucket}?policy`);
  expect(await answerTo(client.get(`/${bucket}/public/x`, { aws4: false }))).toBe('403 AccessDenied');
}

async function checkVersions(surroundings: Surroundings): Promise<void> {
  const { client } = surroundings;
  const bucket = `${surroundings.bucket}-versioned`;
  await client.put(`/${bucket}`);
  await putXml(surroundings, `/${bucket}?versioning`, versioning);
  const path = pathOfKey(bucket, 'several +é');
  const written = [await client.put(path, 'first'), await client.put(path, 'second')];
  const ids = written.map(({ headers }) => String(headers['x-amz-version-id']));
  const texts = await Promise.all(ids.map((versionId) => client.get(path, { params: { versionId } })));
  expect(texts.map((text) => bytesOf(text).toString())).toStrictEqual(['first', 'second']);
  const listed = textOf(await client.get(`/${bucket}?versions`, { params: { prefix: 'several +' } }));
  expect(textsIn(listed, 'VersionId').toSorted()).toStrictEqual(ids.toSorted());
}
