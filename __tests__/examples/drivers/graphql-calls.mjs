/** Calls of graphql-request, and of a library that gives a Request, with the example's fetch. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

const [, , installation, origin] = process.argv;
const { GraphQLClient } = createRequire(installation)('graphql-request');
const { createSigningFetch } = await import(join(dirname(installation), 'graphql-request/signing-fetch.mjs'));

const scope = { region: 'eu-west-1', service: 'appsync' };
const describe = ({ name, message, response }) => ({
  name,
  message,
  status: response?.status,
  errors: response?.errors,
});
const outcomes = {};

const sets = [{ sessionToken: 'expired' }, {}].map((more) => ({
  accessKeyId: process.env.AWS_ACCESS_KEY_ID,
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
  sessionToken: process.env.AWS_SESSION_TOKEN,
  ...more,
}));
const credentials = () => (sets.length > 1 ? sets.shift() : sets[0]);
const client = new GraphQLClient(`${origin}/graphql`, { fetch: createSigningFetch({ ...scope, credentials }) });
outcomes.healed = await client.request('query Find($name: String) { find(name: $name) }', { name: 'ü "q"' });
outcomes.batch = await client.batchRequests([{ document: '{ a }' }, { document: '{ b }' }]);
const byGet = new GraphQLClient(`${origin}/graphql`, { method: 'GET', fetch: createSigningFetch(scope) });
outcomes.get = await byGet.request('query Find($name: String) { find(name: $name) }', { name: "ü+it's" });
outcomes.refused = describe(await client.request('{ fail }').catch((error) => error));
const abort = new AbortController();
setTimeout(() => abort.abort(), 200);
const slow = client.request({ document: '{ slow }', signal: abort.signal });
outcomes.aborted = (await slow.catch((error) => error)).name;

const send = createSigningFetch(scope);
const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
const echoed = await send(new Request(`${origin}/echo`, { method: 'PUT', body: bytes, headers: { 'X-Own': 'a' } }));
outcomes.echo = [echoed.status, echoed.headers.get('x-answer'), Buffer.from(await echoed.arrayBuffer()).equals(bytes)];
const empty = await send(`${origin}/empty`, { method: 'DELETE' });
outcomes.empty = [empty.status, await empty.text()];
// No such name exists: were the request sent, it would be another error.
outcomes.elsewhere = (await send('http://elsewhere.invalid/graphql').catch((error) => error)).code;
console.log(JSON.stringify(outcomes));
