/** The steps of the demo on a real S3 server: objects of any name, lists, forgeries that it must refuse, deletes. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import axios from 'axios';
import { describeError, encodeKey, formatDeleteRequest, parseKeys } from './s3.mjs';

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

/** Runs them all, on a bucket of their own. */
export async function runObjectSteps(list, s3, sessionToken) {
  await list.check('create', `a bucket, ${BUCKET}`, async () => {
    const { request } = await s3.put(BUCKET);
    assert.equal(request.getHeader('X-Amz-Security-Token'), sessionToken, "not signed with the profile's token");
  });
  await putAndGetKeys(list, s3);
  await putAndHeadJson(list, s3);
  await listKeys(list, s3);
  await sendForgeries(list, s3);
  await deleteAll(list, s3);
}

async function putAndGetKeys({ check }, s3) {
  for (const key of RAW_KEYS) {
    await check('put, get', key, async () => {
      await putAndGet(s3, `${BUCKET}/${key}`, key);
      await putAndGet(s3, `${BUCKET}/${encodeKey(key)}`, key);
    });
  }
  for (const key of ENCODED_KEYS) {
    await check('put, get', key, () => putAndGet(s3, `${BUCKET}/${encodeKey(key)}`, key));
  }
}

/** Puts by the path given, and gets by the key encoded: both must mean the same object. */
async function putAndGet(s3, path, key) {
  const bytes = randomBytes(64);
  await s3.put(path, bytes, { headers: { 'Content-Type': 'application/octet-stream' } });
  const { data } = await s3.get(`${BUCKET}/${encodeKey(key)}`, { responseType: 'arraybuffer' });
  assert.ok(bytes.equals(data), 'other bytes came back');
}

async function putAndHeadJson({ check }, s3) {
  await check('head', `${SUM}, put as JSON`, async () => {
    const sum = { '1 + 1': 2, größer: true };
    await s3.put(`${BUCKET}/${SUM}`, sum, { headers: { 'x-amz-meta-author': 'demo' } });
    const { headers } = await s3.head(`${BUCKET}/${SUM}`);
    assert.equal(headers['content-type'], 'application/json', 'another content type');
    assert.equal(Number(headers['content-length']), Buffer.byteLength(JSON.stringify(sum)), 'another length');
    assert.equal(headers['x-amz-meta-author'], 'demo', 'other metadata');
  });
}

async function listKeys({ check }, s3) {
  await checkList(check, s3, { 'list-type': 2 }, KEYS);
  // s3rver answers 403 to a prefix with any of !'()*, which it does not encode as S3 does, and 500 where it must cut a
  // list of type 2 short: its continuation tokens need DES, which OpenSSL 3 no longer has. Lists of type 1 have none.
  await checkList(check, s3, { 'list-type': 2, prefix: '1 + ', 'max-keys': 2 }, [SUM, OTHER_SUM]);
  await checkList(check, s3, { prefix: '1 + ', 'max-keys': 1 }, [SUM]);
}

async function checkList(check, s3, params, expected) {
  await check('list', JSON.stringify(params).replace(/[{}"]/g, ''), async () => {
    const { data } = await s3.get(BUCKET, { params });
    const keys = parseKeys(data);
    assert.deepEqual(keys.toSorted(), expected.toSorted(), `not these ${expected.length} keys, but ${keys.length}`);
    return keys.length === KEYS.length ? `all ${keys.length} keys` : keys.join('  ');
  });
}

/** Sends what must be refused; not a changed body or an old date, since s3rver checks neither. */
async function sendForgeries({ check }, s3) {
  const headers = { 'x-amz-meta-author': 'demo' };
  const get = (config) => s3.get(`${BUCKET}/${SUM}`, { headers, ...config });
  const getTampered = (change) => get({ adapter: tamper(change) });

  const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'wrong' };
  await checkRefused(check, 'a wrong secret', () => get({ aws4: { credentials } }));

  await check('accepted', 'a request passed on unchanged', () => getTampered(() => ({})));
  const forgeHeader = (config) => ({ headers: config.headers.concat({ 'x-amz-meta-author': 'mallory' }) });
  await checkRefused(check, 'a header changed on its way', () => getTampered(forgeHeader));
  await checkRefused(check, 'the method changed on its way', () => getTampered(() => ({ method: 'delete' })));
  await checkRefused(check, 'the path changed on its way', () =>
    getTampered(({ url }) => ({ url: url.replace(/txt$/, 'doc') })),
  );
  await checkRefused(check, 'the query changed on its way', () => getTampered(() => ({ params: { versionId: 1 } })));
}

/** An adapter that changes a request after it was signed, as someone on its way might. */
function tamper(change) {
  return (config) => axios.getAdapter('http')({ ...config, ...change(config) });
}

async function checkRefused(check, what, send) {
  await check('refused', what, async () => {
    const answer = await send().then(({ status }) => `accepted with ${status}`, describeError);
    assert.equal(answer, '403 SignatureDoesNotMatch', answer);
    return answer;
  });
}

async function deleteAll({ check, note }, s3) {
  const [first, ...others] = KEYS;
  await check('delete', first, async () => {
    await s3.delete(`${BUCKET}/${first}`);
    const answer = await s3.get(`${BUCKET}/${first}`).then(() => 'it is still there', describeError);
    assert.equal(answer, '404 NoSuchKey', answer);
  });
  const response = await check('delete', `${others.length} keys by one POST, signed so`, () => deleteMany(s3, others));
  // The config shows no signature: what was sent is known to the request that Node sent.
  if (response) showSignature(note, response.request);
  await check('delete', 'the bucket, which must be empty', () => s3.delete(BUCKET));
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
function showSignature(note, request) {
  const [algorithm, credential, , signature] = request.getHeader('Authorization').split(/,? /);
  const [accessKeyId, ...scope] = credential.split('/');
  note(`    Authorization         ${algorithm} ${shorten(signature, 'Signature='.length + 8)}`);
  note(`                          ${shorten(accessKeyId, 'Credential='.length + 4)}/${scope.join('/')}`);
  note(`    X-Amz-Date            ${request.getHeader('X-Amz-Date')}`);
  note(`    X-Amz-Content-Sha256  ${shorten(request.getHeader('X-Amz-Content-Sha256'), 8)}`);
  note(`    X-Amz-Security-Token  ${request.hasHeader('X-Amz-Security-Token') ? '(redacted)' : '(none)'}`);
}

const shorten = (text, length) => `${text.slice(0, length)}…`;
