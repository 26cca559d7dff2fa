/** Shows axios-aws4auth at work: one axios instance, and an S3 server on loopback that verifies every signature. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import axios from 'axios';
import { aws4Interceptor } from 'axios-aws4auth';
import { createChecklist } from './checklist.mjs';
import { describeError, encodeKey, formatDeleteRequest, parseKeys } from './s3.mjs';
import { openSandbox } from './sandbox.mjs';

const BUCKET = '/demo-bucket';
const SUM = '1 + 1 = 2.txt';
const OTHER_SUM = '1 + 2 (3).txt';

// Keys that can stand in a URL as they are. Each nested one has folders of its own: s3rver's multi-object delete may
// fail on a folder that two keys share. No key has `//` or `/./`, since s3rver cannot delete those.
const RAW_KEYS = [
  'two words.txt',
  'köln/日本語.txt',
  'emoji 👩🏽‍💻 🎉.txt',
  SUM,
  OTHER_SUM,
  '100% & $5: a,b;c@d.txt',
  `"it's" ~quoted~ *!.txt`,
  'a[1]{2}<3>|4^5`.txt',
  `${Array.from({ length: 40 }, (_, i) => `folder ${i + 1}`).join('/')}/deep.txt`,
];
// Raw, these are other URLs: `?` and `#` end a path, `\` is a slash, `%41` is an A.
const ENCODED_KEYS = ['why?/not=this&that.txt', '#1 back\\slash.txt', '%41 looks%20encoded%2B.txt'];
const KEYS = [...RAW_KEYS, ...ENCODED_KEYS];

const { check, note, fail, finish } = createChecklist();

// The demo stays on loopback, whatever proxy the environment names to axios or to Node's global agent.
const WITHOUT_PROXY = { proxy: false, httpAgent: new Agent({ keepAlive: true }) };

/** This is all that it takes. There are no credentials here: they come from the AWS SDK's provider chain. */
function createS3Client(baseURL) {
  const s3 = axios.create({ baseURL, timeout: 10_000, ...WITHOUT_PROXY });
  s3.interceptors.request.use(aws4Interceptor({ region: 'eu-west-1', service: 's3' }));
  return s3;
}

async function putAndGetKeys(s3) {
  for (const key of RAW_KEYS) {
    await check('put, get: raw, encoded', key, async () => {
      await putAndGet(s3, `${BUCKET}/${key}`, key);
      await putAndGet(s3, `${BUCKET}/${encodeKey(key)}`, key);
    });
  }
  for (const key of ENCODED_KEYS) {
    await check('put, get: encoded', key, () => putAndGet(s3, `${BUCKET}/${encodeKey(key)}`, key));
  }
}

/** Puts by the path given, and gets by the key encoded: both must mean the same object. */
async function putAndGet(s3, path, key) {
  const bytes = randomBytes(64);
  await s3.put(path, bytes, { headers: { 'Content-Type': 'application/octet-stream' } });
  const { data } = await s3.get(`${BUCKET}/${encodeKey(key)}`, { responseType: 'arraybuffer' });
  assert.ok(bytes.equals(data), 'other bytes came back');
}

async function putAndHeadJson(s3) {
  await check('put JSON, head', SUM, async () => {
    const sum = { '1 + 1': 2, größer: true };
    await s3.put(`${BUCKET}/${SUM}`, sum, { headers: { 'x-amz-meta-author': 'demo' } });
    const { headers } = await s3.head(`${BUCKET}/${SUM}`);
    assert.equal(headers['content-type'], 'application/json', 'another content type');
    assert.equal(Number(headers['content-length']), Buffer.byteLength(JSON.stringify(sum)), 'another length');
    assert.equal(headers['x-amz-meta-author'], 'demo', 'other metadata');
  });
}

async function listKeys(s3) {
  await checkList(s3, { 'list-type': 2 }, KEYS);
  // s3rver answers 403 to a prefix with any of !'()*, which it does not encode as S3 does, and 500 where it must cut a
  // list of type 2 short: its continuation tokens need DES, which OpenSSL 3 no longer has. Lists of type 1 have none.
  await checkList(s3, { 'list-type': 2, prefix: '1 + ', 'max-keys': 2 }, [SUM, OTHER_SUM]);
  await checkList(s3, { prefix: '1 + ', 'max-keys': 1 }, [SUM]);
}

async function checkList(s3, params, expected) {
  await check('list', JSON.stringify(params).replace(/[{}"]/g, ''), async () => {
    const { data } = await s3.get(BUCKET, { params });
    const keys = parseKeys(data);
    assert.deepEqual(keys.toSorted(), expected.toSorted(), `not these ${expected.length} keys, but ${keys.length}`);
    return keys.length === KEYS.length ? `all ${keys.length} keys` : keys.join('  ');
  });
}

/** Sends what must be refused; not a changed body or an old date, since s3rver checks neither. */
async function sendForgeries(s3) {
  const headers = { 'x-amz-meta-author': 'demo' };
  const get = (config) => s3.get(`${BUCKET}/${SUM}`, { headers, ...config });
  const getTampered = (change) => get({ adapter: tamper(change) });

  const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'wrong' };
  await checkRefused('a wrong secret', () => get({ aws4: { credentials } }));

  await check('accepted', 'passed on unchanged', () => getTampered(() => ({})));
  const forgeHeader = (config) => ({ headers: config.headers.concat({ 'x-amz-meta-author': 'mallory' }) });
  await checkRefused('a header changed on its way', () => getTampered(forgeHeader));
  await checkRefused('the method changed on its way', () => getTampered(() => ({ method: 'delete' })));
  await checkRefused('the path changed on its way', () =>
    getTampered(({ url }) => ({ url: url.replace(/txt$/, 'doc') })),
  );
  await checkRefused('the query changed on its way', () => getTampered(() => ({ params: { versionId: 1 } })));
}

/** An adapter that changes a request after it was signed, as someone on its way might. */
function tamper(change) {
  return (config) => axios.getAdapter('http')({ ...config, ...change(config) });
}

async function checkRefused(what, send) {
  await check('refused', what, async () => {
    const answer = await send().then(({ status }) => `accepted with ${status}`, describeError);
    assert.equal(answer, '403 SignatureDoesNotMatch', answer);
    return answer;
  });
}

async function deleteAll(s3) {
  const [first, ...others] = KEYS;
  await check('delete one', first, async () => {
    await s3.delete(`${BUCKET}/${first}`);
    const answer = await s3.get(`${BUCKET}/${first}`).then(() => 'it is still there', describeError);
    assert.equal(answer, '404 NoSuchKey', answer);
  });
  const subject = `${others.length} keys, with Content-MD5, signed by`;
  const response = await check('delete many: POST', subject, () => deleteMany(s3, others));
  // The config shows no signature: what was sent is known to the request that Node sent.
  if (response) showSignature(response.request);
  await check('delete the bucket', 'which must be empty', () => s3.delete(BUCKET));
}

async function deleteMany(s3, keys) {
  const body = formatDeleteRequest(keys);
  const md5 = createHash('md5').update(body).digest('base64');
  const response = await s3.post(`${BUCKET}?delete`, body, {
    headers: { 'Content-Type': 'application/xml', 'Content-MD5': md5 },
  });
  assert.deepEqual(parseKeys(response.data).toSorted(), keys.toSorted(), 'not all are deleted');
  return response;
}

/** Shows the headers that sign a request: of the secrets, no more than tells them apart. */
function showSignature(request) {
  const [algorithm, credential, signedHeaders, signature] = request.getHeader('Authorization').split(/,? /);
  const [accessKeyId, ...scope] = credential.split('/');
  const shortCredential = `${shorten(accessKeyId, 'Credential='.length + 4)}/${scope.join('/')}`;
  note(`    Authorization         ${algorithm} ${shortCredential} ${shorten(signature, 'Signature='.length + 8)}`);
  note(`                          ${signedHeaders}`);
  note(`    X-Amz-Date            ${request.getHeader('X-Amz-Date')}`);
  note(`    X-Amz-Content-Sha256  ${shorten(request.getHeader('X-Amz-Content-Sha256'), 8)}`);
  note(`    X-Amz-Security-Token  ${request.hasHeader('X-Amz-Security-Token') ? '(redacted)' : '(none)'}`);
}

const shorten = (text, length) => `${text.slice(0, length)}…`;

async function run() {
  const { baseURL, sessionToken, close } = await openSandbox();
  try {
    note(`One axios instance and s3rver, which verifies every signature, on ${baseURL}.`);
    note("Credentials: a profile of a shared credentials file, found by the AWS SDK's provider chain.");
    note('Keys stand in the URL raw, as people type them, and encoded, as encodeURIComponent has them.');
    const s3 = createS3Client(baseURL);
    await check('create a bucket', BUCKET, async () => {
      const { request } = await s3.put(BUCKET);
      assert.equal(request.getHeader('X-Amz-Security-Token'), sessionToken, "not signed with the profile's token");
    });
    await putAndGetKeys(s3);
    await putAndHeadJson(s3);
    await listKeys(s3);
    await sendForgeries(s3);
    await deleteAll(s3);
  } finally {
    await close();
  }
}

try {
  await run();
} catch (error) {
  fail('the demo broke off', describeError(error));
}
finish();
