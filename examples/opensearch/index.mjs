/** Fills an index of OpenSearch in bulk, and searches it. */
import { Client } from '@opensearch-project/opensearch';
import { createSigningConnection } from './signing-connection.mjs';

const { OPENSEARCH_URL, AWS_REGION = 'eu-west-1' } = process.env;

const client = new Client({
  node: OPENSEARCH_URL,
  // 'aoss' for OpenSearch Serverless.
  Connection: createSigningConnection({ region: AWS_REGION, service: 'es' }),
});

const books = [
  { title: 'Die Verwandlung', author: 'Kafka' },
  { title: 'Der Zauberberg', author: 'Mann' },
];
const { successful, failed } = await client.helpers.bulk({
  datasource: books,
  onDocument: ({ title }) => ({ index: { _index: 'books', _id: title } }),
});
console.log(`indexed ${successful}, failed ${failed}`);

await client.indices.refresh({ index: 'books' });
const { body } = await client.search({ index: 'books', q: 'author:Kafka' });
for (const hit of body.hits.hits) console.log(`found ${hit._source.title}`);
