/** POST policies and URLs of STS sessions on Ceph RGW: forms by axios, by fetch and in Chromium, and each refusal. */
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import axios from 'axios';
import FormDataPackage from 'form-data';
import { createRawServer } from 'strict-sigv4-verifier';
import { aws4Presign, aws4PresignPost, type Aws4Options, type PostPolicy } from '../../lib/index.js';
import { presignUrl } from '../../lib/sigv4/index.js';
import { chromium, startChromium, stopBrowser } from '../stand-ins/browser-process.js';
import { failure } from '../stand-ins/test-server.js';
import { keys, nameKey } from './key-cases.js';
import { describeServer, type LiveServer } from './live-server.js';
import { bytesOf, createS3Client, pathOfKey, textOf } from './s3-client.js';
import { describeSent, sendUrl } from './sent-url.js';

const bucket = 'posts';

interface Form {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The form as a browser sends it: its fields, and the file at the end. */
function fill(
  { fields }: Form,
  { content = 'the body', filename = 'a.txt', changes = {}, fileFirst = false } = {},
): FormData {
  const form = new FormData();
  const file = new File([content], filename, { type: 'text/plain' });
  if (fileFirst) form.append('file', file);
  for (const [name, value] of Object.entries({ ...fields, ...changes })) form.append(name, String(value));
  if (!fileFirst) form.append('file', file);
  return form;
}

async function post(
  form: Form,
  body: FormData,
): Promise<{ readonly answer: string; readonly text: string; readonly headers: Headers }> {
  const response = await fetch(form.url, { method: 'POST', body, redirect: 'manual' });
  const text = await response.text();
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '';
  return { answer: `${String(response.status)} ${code}`.trimEnd(), text, headers: response.headers };
}

describeServer({
  script: 'rgw',
  name: 'Ceph RADOS Gateway',
  shown: 'POST policies by axios, fetch and a form in Chromium; presigned URLs and forms of STS sessions',
  tests: (server) => {
    beforeAll(async () => {
      await createS3Client(server()).put(`/${bucket}`);
    });
    describeForms(server);
    describeRefusals(server);
    describeAxios(server);
    describeSessions(server);
    describeBrowser(server);
  },
});

function presignWith(server: () => LiveServer) {
  return (policy: Partial<PostPolicy>, options: Aws4Options = {}) => {
    const { endpoint, region, credentials, tally } = server();
    tally.accepted += 1;
    return aws4PresignPost(
      { url: `${endpoint}/${bucket}`, bucket, key: 'key', ...policy },
      { region, credentials, ...options },
    );
  };
}

const read = async (server: () => LiveServer, key: string): Promise<string> =>
  textOf(await createS3Client(server()).get(pathOfKey(bucket, key)));

function describeForms(server: () => LiveServer): void {
  const presign = presignWith(server);

  describe('keys', () => {
    // Forms send no line break as it is; RGW trims what they say.
    const formKeys = keys.filter(
      (key) => !/[\r\n\0]/.test(key) && key.trim() === key && key.length < 300 && !key.startsWith('/'),
    );
    it.each(formKeys.map((key) => [nameKey(key), key]))('%s', async (_, key) => {
      const form = await presign({ key });
      expect((await post(form, fill(form, { content: `the body of ${key}` }))).answer).toBe('204');
      expect(await read(server, key)).toBe(`the body of ${key}`);
    });
  });

  it.each(['photo.jpg', 'ä ö.txt', 'a+b&c.txt'])(
    'puts the file name in the place of ${filename}: %s',
    async (filename) => {
      const form = await presign({ key: 'named/${filename}' });
      expect((await post(form, fill(form, { filename, content: filename }))).answer).toBe('204');
      expect(await read(server, `named/${filename}`)).toBe(filename);
    },
  );

  it.each([
    ['200', '200'],
    ['201', '201'],
    ['204', '204'],
  ])('answers by success_action_status %s', async (status, answer) => {
    const form = await presign({ fields: { success_action_status: status } });
    const posted = await post(form, fill(form));
    expect(posted.answer).toBe(answer);
    if (status === '201') expect(posted.text).toContain('<Key>key</Key>');
  });

  it('answers by success_action_redirect', async () => {
    const form = await presign({ fields: { success_action_redirect: 'http://localhost:1/done' } });
    const { answer, headers } = await post(form, fill(form));
    expect(answer).toBe('303');
    expect(headers.get('location')).toMatch(/^http:\/\/localhost:1\/done\?bucket=posts&key=key&etag=/);
  });

  it('takes fields with metadata, a type and an ACL, and gives them to the object', async () => {
    const fields = { 'Content-Type': 'image/x-a', 'x-amz-meta-tag': 'a b', acl: 'public-read' };
    const form = await presign({ key: 'typed', fields });
    expect((await post(form, fill(form))).answer).toBe('204');
    const { headers } = await createS3Client(server()).head(pathOfKey(bucket, 'typed'));
    expect(headers).toMatchObject({ 'content-type': 'image/x-a', 'x-amz-meta-tag': 'a b' });
  });

  it('takes what its conditions leave open', async () => {
    const form = await presign({
      key: 'open/first',
      conditions: [
        ['starts-with', '$key', 'open/'],
        ['starts-with', '$Content-Type', 'image/'],
        ['starts-with', '$x-amz-meta-any', ''],
        ['content-length-range', 1, 10],
      ],
    });
    const changes = { key: 'open/second', 'Content-Type': 'image/png', 'x-amz-meta-any': 'thing' };
    expect((await post(form, fill(form, { changes, content: '12345' }))).answer).toBe('204');
    expect(await read(server, 'open/second')).toBe('12345');
  });
}

function describeRefusals(server: () => LiveServer): void {
  const presign = presignWith(server);

  it.each<[string, Partial<PostPolicy>, Parameters<typeof fill>[1], string | RegExp]>([
    ['a further field', {}, { changes: { acl: 'private' } }, /^403 /],
    ['another key', {}, { changes: { key: 'other' } }, /^403 /],
    ['another value', { fields: { acl: 'private' } }, { changes: { acl: 'public-read' } }, /^403 /],
    [
      'another beginning',
      { conditions: [['starts-with', '$Content-Type', 'image/']] },
      { changes: { 'Content-Type': 'text/plain' } },
      /^403 /,
    ],
    ['too many bytes', { conditions: [['content-length-range', 1, 5]] }, { content: '123456' }, '400 EntityTooLarge'],
    ['too few bytes', { conditions: [['content-length-range', 7, 9]] }, { content: '123456' }, '400 EntityTooSmall'],
    ['the file before the fields', {}, { fileFirst: true }, /^400 /],
    ['another signature', {}, { changes: { 'x-amz-signature': '0'.repeat(64) } }, /^403 /],
    [
      'another policy',
      {},
      { changes: { policy: btoa('{"expiration":"2099-01-01T00:00:00Z","conditions":[]}') } },
      /^403 /,
    ],
    [
      'a file name that leads elsewhere',
      { key: 'a/${filename}', conditions: [['starts-with', '$key', 'a/b']] },
      { filename: 'c' },
      /^403 /,
    ],
  ])('refuses %s', async (_, policy, changes, answer) => {
    const form = await presign(policy);
    expect((await post(form, fill(form, changes))).answer).toMatch(answer);
  });

  it('refuses a form with another secret', async () => {
    const { credentials } = server();
    const form = await presign({}, { credentials: { ...credentials, secretAccessKey: 'another' } });
    expect((await post(form, fill(form))).answer).toMatch(/^403 /);
  });

  it('refuses a form whose time is over', async () => {
    const form = await presign({ expiresIn: 1 });
    await sleep(Math.max(0, form.expiresAt.getTime() - Date.now()) + 1100);
    expect((await post(form, fill(form))).answer).toMatch(/^403 /);
  });
}

function describeAxios(server: () => LiveServer): void {
  const presign = presignWith(server);

  it('axios sends a form of the platform by its http adapter, unsigned on a client that signs', async () => {
    const form = await presign({ key: 'by-axios' });
    const client = createS3Client(server());
    const { status } = await client.post(form.url, fill(form), { adapter: 'http', aws4: false });
    expect(status).toBe(204);
    expect(await read(server, 'by-axios')).toBe('the body');
  });

  it('axios sends a form of the form-data package', async () => {
    const form = await presign({ key: 'by-form-data' });
    const body = new FormDataPackage();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append('file', Buffer.from('the body'), { filename: 'a.txt' });
    expect((await axios.post(form.url, body)).status).toBe(204);
    expect(await read(server, 'by-form-data')).toBe('the body');
  });

  it('axios shows the redirect where it follows none', async () => {
    const form = await presign({ fields: { success_action_redirect: 'http://localhost:1/done' } });
    const { status } = await axios.post(form.url, fill(form), { maxRedirects: 0, validateStatus: null });
    expect(status).toBe(303);
  });
}

/** Makes a role that the user may assume, and a provider of its sessions. */
async function createSessions(server: LiveServer, seconds: number) {
  const { region, endpoint, credentials } = server;
  const iam = createS3Client(server, { service: 'iam' });
  const call = (action: string, parameters: Record<string, string>) =>
    iam.post('/', new URLSearchParams({ Action: action, ...parameters }));
  const allow = (statement: object): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const trust = allow({ Principal: { AWS: ['arn:aws:iam:::user/tester'] }, Action: ['sts:AssumeRole'] });
  await call('CreateRole', { RoleName: 'Presigner', Path: '/', AssumeRolePolicyDocument: trust }).catch(
    () => undefined,
  );
  const policy = allow({ Action: ['s3:*'], Resource: ['arn:aws:s3:::*'] });
  await call('PutRolePolicy', { RoleName: 'Presigner', PolicyName: 'AllowS3', PolicyDocument: policy });
  const { accessKeyId, secretAccessKey } = credentials;
  return fromTemporaryCredentials({
    masterCredentials: { accessKeyId, secretAccessKey },
    params: { RoleArn: 'arn:aws:iam:::role/Presigner', RoleSessionName: 'live', DurationSeconds: seconds },
    clientConfig: { region, endpoint },
  });
}

function describeSessions(server: () => LiveServer): void {
  const presign = presignWith(server);

  describe('an STS session', () => {
    it('has its token in the query, and GET, PUT, HEAD, DELETE are accepted', async () => {
      const { endpoint, region } = server();
      const credentials = await createSessions(server(), 900);
      for (const method of ['put', 'get', 'head', 'delete']) {
        const signed = await aws4Presign(
          { baseURL: endpoint, method, url: pathOfKey(bucket, 'of a session+') },
          { service: 's3', region, credentials, expiresIn: 600 },
        );
        expect(new URL(signed.url).searchParams.get('X-Amz-Security-Token')).not.toBeNull();
        expect((await sendUrl(signed, method === 'put' ? 'x' : undefined)).status).toBeLessThan(300);
      }
    });

    it('is refused where the token is changed or left out', async () => {
      const { endpoint, region } = server();
      const credentials = await createSessions(server(), 900);
      const signed = await aws4Presign(
        { baseURL: endpoint, url: `/${bucket}`, params: { prefix: 'a' } },
        { service: 's3', region, credentials, expiresIn: 600 },
      );
      expect(describeSent(await sendUrl(signed))).toBe('200');
      const without = signed.url.replace(/&X-Amz-Security-Token=[^&]+/, '');
      expect((await sendUrl({ ...signed, url: without })).status).toBe(403);
      const unsigned = presignUrl(
        { method: 'GET', url: `${endpoint}/${bucket}` },
        { service: 's3', region, credentials: await credentials(), omitSessionToken: true },
      );
      expect((await sendUrl({ method: 'GET', ...unsigned })).status).toBe(403);
    });

    it('ends the URL, which says so', async () => {
      const { endpoint, region } = server();
      const credentials = await createSessions(server(), 3);
      const config = { baseURL: endpoint, url: `/${bucket}` };
      const signed = await aws4Presign(config, { service: 's3', region, credentials, expiresIn: 5 });
      expect(signed.expiresAt.getTime()).toBeLessThan(Date.now() + 4000);
      expect(describeSent(await sendUrl(signed))).toBe('200');
      await sleep(Math.max(0, signed.expiresAt.getTime() - Date.now()) + 1100);
      expect((await sendUrl(signed)).status).toBe(403);
      const error = await failure(aws4Presign(config, { service: 's3', region, credentials, expiresIn: 3600 }));
      expect(error).toMatchObject({ code: 'ERR_CREDENTIALS' });
    });

    it('signs forms', async () => {
      const credentials = await createSessions(server(), 900);
      const form = await presign({ key: 'of-a-session', expiresIn: 600 }, { credentials });
      expect((await post(form, fill(form))).answer).toBe('204');
      const changed = await post(form, fill(form, { changes: { 'x-amz-security-token': 'another' } }));
      expect(changed.answer).toMatch(/^40[03] /);
    });

    it('is signed for in the query by the interceptor, across its end', async () => {
      const credentials = await createSessions(server(), 2);
      const client = createS3Client(server(), { credentials, signIn: 'query' });
      for (let i = 0; i < 3; i++) {
        expect((await client.put(pathOfKey(bucket, 'session'), String(i))).status).toBe(200);
        expect(bytesOf(await client.get(pathOfKey(bucket, 'session'))).toString()).toBe(String(i));
        await sleep(1100);
      }
    });
  });
}

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** A page with the form, which fills in a file and submits itself. */
function createPage({ url, fields }: Form, filename: string): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`,
  );
  return `<!doctype html><meta charset="utf-8">
<form action="${escape(url)}" method="post" enctype="multipart/form-data">${inputs.join('')}<input type="file" name="file"></form>
<script>
  const files = new DataTransfer();
  files.items.add(new File(['from a browser'], ${JSON.stringify(filename)}, { type: 'text/plain' }));
  document.querySelector('input[type=file]').files = files.files;
  document.querySelector('form').submit();
</script>`;
}

function describeBrowser(server: () => LiveServer): void {
  const presign = presignWith(server);
  const itHere = existsSync(chromium) ? it : it.skip;

  itHere(`a form in Chromium uploads${existsSync(chromium) ? '' : ' (not run: there is no Chromium)'}`, async () => {
    let page = '';
    const waiter: { settle?: (target: string) => void } = {};
    const done = new Promise<string>((resolve) => {
      waiter.settle = resolve;
    });
    const pages = createRawServer(({ target }) => {
      if (target.startsWith('/done')) waiter.settle?.(target);
      return {
        status: 200,
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
        body: target === '/' ? page : 'done',
      };
    });
    const { origin } = await pages.start();
    const form = await presign({
      key: 'browser/${filename}',
      fields: { success_action_redirect: `${origin}/done`, 'x-amz-meta-a': 'ü "quoted" & <b>' },
      conditions: [['content-length-range', 1, 100]],
    });
    page = createPage(form, 'ä b.txt');
    const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
    const browser = startChromium(`${origin}/`, profile);
    try {
      expect(await Promise.race([done, once(browser, 'exit')])).toMatch(/^\/done\?bucket=posts&key=browser/);
      expect(await read(server, 'browser/ä b.txt')).toBe('from a browser');
    } finally {
      await stopBrowser([browser], profile);
      await pages.close();
    }
  });
}
