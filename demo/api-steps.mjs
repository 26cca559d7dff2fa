/** The steps of the demo on an API that verifies everything: what is healed, where signatures go, why one is refused. */
import assert from 'node:assert/strict';
import axios from 'axios';
import { aws4Interceptor, explainRefusal } from 'axios-aws4auth';
import { REGION } from './sandbox.mjs';

const HOUR_MS = 3_600_000;
const known = { accessKeyId: 'ASIADEMO', secretAccessKey: 'the secret of the demo', sessionToken: 'the/new+token==' };
const expired = { ...known, accessKeyId: 'ASIAOLD', sessionToken: 'the/old+token==' };

/** What the API knows: the token of one set has expired, which the client cannot tell. */
export const secretFor = (accessKeyId) =>
  [known, { ...expired, expiration: new Date(Date.now() - HOUR_MS) }].find((set) => set.accessKeyId === accessKeyId);

/** Gives what the API has said since it was asked last: `accepted`, or why it refused. */
function createTaker({ verifications }) {
  let taken = 0;
  return () => {
    const added = verifications.slice(taken);
    taken += added.length;
    return added.map(({ verdict }) => (verdict.ok ? 'accepted' : verdict.code));
  };
}

export async function runHealingSteps({ check }, api, createClient) {
  const take = createTaker(api);
  const slow = createClient({ clock: () => Date.now() - HOUR_MS, credentials: known });
  await check('heal', 'a clock that is an hour slow', async () => {
    await slow.get('/items');
    return joinAll(take(), ['RequestTimeTooSkewed', 'accepted']);
  });
  await check('learn', 'how far that clock is off', async () => {
    await slow.post('/items', { name: 'Grüße' });
    return joinAll(take(), ['accepted']);
  });
  const sets = [expired, known];
  const client = createClient({ credentials: () => sets.shift() ?? known });
  await check('heal', 'a session token that has expired', async () => {
    await client.get('/items');
    return joinAll(take(), ['ExpiredToken', 'accepted']);
  });
}

export async function runRedirectSteps({ check }, api, createClient) {
  const take = createTaker(api);
  take();
  const client = createClient({ credentials: known });
  await check('follow', 'a redirect from /old to /new', async () => {
    const { data } = await client.get('/old');
    assert.equal(data.target, '/new');
    assert.deepEqual(take(), ['accepted', 'accepted']);
    return 'signed once more';
  });
  await check('follow', 'a redirect to another server', async () => {
    await client.get('/away');
    const [{ headers }, ...others] = api.requestsElsewhere;
    assert.equal(others.length, 0);
    const shown = headers.map(([name]) => name.toLowerCase()).filter((name) => /^(authorization|x-amz-)/.test(name));
    assert.deepEqual(shown, []);
    return 'no signature, no token';
  });
  await check('refuse', 'to sign for a host never named', async () => {
    // No such name exists: were the request sent, it would be another error.
    const error = await client.get('http://elsewhere.invalid/').catch((reason) => reason);
    assert.equal(error.code, 'ERR_UNTRUSTED_HOST');
    return error.code;
  });
}

export async function runExplanationSteps({ check, note }, createClient) {
  const client = createClient({ credentials: known });
  const refusal = await check('explain', 'a 403: a proxy cut /prod off', async () => {
    // A proxy on the way, that takes the beginning of the path away after the request was signed.
    const adapter = (config) => axios.getAdapter('http')({ ...config, url: config.url.replace('/prod', '') });
    const error = await client.get('/prod/items', { params: { tag: 'a b' }, adapter }).catch((reason) => reason);
    const explained = explainRefusal(error);
    assert.equal(explained?.cause, 'path');
    assert.ok(error.message.endsWith(explained.summary));
    return explained;
  });
  if (refusal) note(indent(shortenHashes(String(refusal))));
  await check('explain', 'a 403: the secret is another', async () => {
    const credentials = { ...known, secretAccessKey: 'mistyped' };
    const error = await client.get('/items', { aws4: { credentials } }).catch((reason) => reason);
    return `cause: '${explainRefusal(error)?.cause}'`;
  });
}

function joinAll(verdicts, expected) {
  assert.deepEqual(verdicts, expected);
  return verdicts.join(', ');
}

/** A client as the four lines make it, with these options besides. */
export function createClients(baseURL, defaults) {
  return (options) => {
    const client = axios.create({ baseURL, ...defaults });
    client.interceptors.request.use(aws4Interceptor({ region: REGION, service: 'execute-api', ...options }));
    return client;
  };
}

const shortenHashes = (text) => text.replace(/\b([\da-f]{8})[\da-f]{56}\b/g, '$1…');

/** Lines of at most 80 columns, four of them white. */
function indent(text) {
  return text
    .split('\n')
    .flatMap((line) => line.match(/.{1,75}(?:\s|$)/g) ?? [''])
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');
}
