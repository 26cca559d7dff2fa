/** Buckets: made, listed and unmade, in the path and in the hostname. */
import { SigningKey } from '../../lib/index.js';
import type { LiveServer } from './live-server.js';
import { answerTo, createS3Client, textOf, textsIn } from './s3-client.js';
import type { StoreCase, Surroundings } from './store-case.js';

const key = "a b+c%41/é//!*'()";

export const addressingCases: readonly StoreCase[] = [
  { name: 'buckets: create, list, HEAD, delete', run: checkBuckets },
  { name: 'virtual host, by DNS', run: checkVirtualHost },
  { name: 'virtual host, by the Host header', run: checkHostHeader },
  { name: 'a derived key in the place of credentials', run: checkDerivedKey },
  { name: 'many requests at once', run: checkConcurrency },
];

async function checkBuckets({ client, bucket }: Surroundings): Promise<void> {
  const name = `${bucket}-other.one`;
  const list = async () => textsIn(textOf(await client.get('/')), 'Name');
  await client.put(`/${name}`);
  expect(await list()).toContain(name);
  expect((await client.head(`/${name}`)).status).toBe(200);
  expect(await answerTo(client.get(`/${name}/`))).toBe('200');
  await client.put(`/${name}/key`, 'x');
  expect(await answerTo(client.delete(`/${name}`))).toBe('409 BucketNotEmpty');
  await client.delete(`/${name}/key`);
  expect(await answerTo(client.delete(`/${name}`))).toBe('204');
  expect(await list()).not.toContain(name);
}

/** Only the http adapter can be told how to resolve a name. */
async function checkVirtualHost({ server, client, bucket }: Surroundings): Promise<void> {
  const resolved: string[] = [];
  const lookup = (
    hostname: string,
    _options: object,
    done: (error: null, address: string, family: 4) => void,
  ): void => {
    resolved.push(hostname);
    done(null, '127.0.0.1', 4);
  };
  const virtual = createS3Client(server, {}, { adapter: 'http', baseURL: virtualOrigin(server, bucket), lookup });
  const url = `/${encodeURIComponent(key)}`;
  await virtual.put(url, 'by host');
  expect(textOf(await virtual.get(url))).toBe('by host');
  expect(textsIn(textOf(await virtual.get('/', { params: { prefix: key } })), 'Key')).toStrictEqual([key]);
  expect(textOf(await client.get(`/${bucket}${url}`))).toBe('by host');
  await virtual.delete(url);
  expect(new Set(resolved)).toStrictEqual(new Set([`${bucket}.localhost`]));
}

const virtualOrigin = ({ endpoint }: LiveServer, bucket: string): string =>
  `http://${bucket}.localhost:${new URL(endpoint).port}`;

async function checkHostHeader(surroundings: Surroundings): Promise<void> {
  const { server, bucket } = surroundings;
  const client = createS3Client(server, {}, { adapter: 'http' });
  const config = { headers: { Host: new URL(virtualOrigin(server, bucket)).host } };
  const url = `/${encodeURIComponent(key)}`;
  await client.put(url, 'by header', config);
  expect(textOf(await client.get(url, config))).toBe('by header');
  await client.delete(url, config);
}

async function checkDerivedKey({ server, bucket }: Surroundings): Promise<void> {
  const { region, credentials } = server;
  const { accessKeyId, secretAccessKey } = credentials;
  const scope = { date: new Date(), region, service: 's3' };
  const signingKey = new SigningKey(secretAccessKey, scope, { keepSecret: false });
  const client = createS3Client(server);
  const aws4 = { signingKey, accessKeyId };
  await client.put(`/${bucket}/derived`, 'x', { aws4 });
  expect(textOf(await client.get(`/${bucket}/derived`, { aws4 }))).toBe('x');
}

async function checkConcurrency({ client, bucket }: Surroundings): Promise<void> {
  const keys = Array.from({ length: 40 }, (_, index) => `at once/${String(index)} +`);
  await Promise.all(keys.map((each) => client.put(`/${bucket}/${encodeURIComponent(each)}`, each)));
  const bodies = await Promise.all(keys.map((each) => client.get(`/${bucket}/${encodeURIComponent(each)}`)));
  expect(bodies.map(textOf)).toStrictEqual(keys);
}
