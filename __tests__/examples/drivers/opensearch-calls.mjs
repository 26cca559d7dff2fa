/** Calls of the OpenSearch client with the example's connection: `node opensearch-calls.mjs PACKAGE_JSON ORIGIN`. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

const [, , installation, origin] = process.argv;
const { Client } = createRequire(installation)('@opensearch-project/opensearch');
const connection = join(dirname(installation), 'opensearch/signing-connection.mjs');
const { createSigningConnection } = await import(connection);

const scope = { region: 'eu-west-1', service: 'es' };
const createClient = (options = {}, more = {}) =>
  new Client({ node: origin, Connection: createSigningConnection({ ...scope, ...options }), ...more });
const describe = ({ name, code, statusCode, message }) => ({ name, code, statusCode, message });

const client = createClient();
const outcomes = {};
const odd = 'ä b+c/d*e,(f)';
await client.index({ index: 'books', id: odd, body: { title: odd, nested: { text: '  trailing  ' } } });
outcomes.exists = (await client.exists({ index: 'books', id: odd })).body;
await client.search({ index: 'books,more', q: `title:"${odd}"`, filter_path: 'hits.hits', size: 2 });
await client.bulk({ body: [{ index: { _index: 'books' } }, { title: odd }] });
const zipped = createClient({}, { compression: 'gzip', suggestCompression: true });
await zipped.index({ index: 'zipped', body: { title: odd } });
await zipped.bulk({ body: [{ index: { _index: 'zipped' } }, { title: odd }] });
const { body: stream } = await client.cat.indices({ v: true }, { asStream: true });
outcomes.stream = await text(stream);
outcomes.missing = describe(await client.get({ index: 'missing', id: '1' }).catch((error) => error));

await client.transport.request({ method: 'GET', path: '/busy' });

const sets = [{ sessionToken: 'expired' }, {}].map((more) => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
  ...more,
}));
const renewed = createClient({ credentials: () => (sets.length > 1 ? sets.shift() : sets[0]) });
await renewed.transport.request({ method: 'POST', path: '/renewed', body: { a: 1 } });

const running = client.transport.request({ method: 'GET', path: '/slow' });
setTimeout(() => running.abort(), 200);
outcomes.aborted = describe(await running.catch((error) => error));
const hasty = client.transport.request({ method: 'GET', path: '/slow' }, { requestTimeout: 200, maxRetries: 0 });
outcomes.hasty = describe(await hasty.catch((error) => error));
const nobody = createClient({ credentials: () => Promise.reject(new Error('nobody is here')) });
outcomes.nobody = describe(await nobody.info().catch((error) => error));
// Nothing listens there.
const down = createClient({}, { node: 'http://127.0.0.1:9', maxRetries: 1 });
outcomes.down = describe(await down.info().catch((error) => error));

const elsewhere = createClient({}, { node: 'http://elsewhere.invalid', maxRetries: 1 });
outcomes.elsewhere = describe(await elsewhere.info().catch((error) => error));

await Promise.all([client, zipped, renewed, nobody, down, elsewhere].map((each) => each.close()));
console.log(JSON.stringify(outcomes));
