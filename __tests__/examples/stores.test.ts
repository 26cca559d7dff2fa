/** examples/upload and examples/presigned-upload, against Ceph RADOS Gateway. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeServer, type LiveServer } from '../live/live-server.js';
import { answerTo, bytesOf, createS3Client } from '../live/s3-client.js';
import { itInChromium, openInChromium, runProgram, toEnvironment, withProgram } from './example-run.js';

const bucket = 'examples';
// The smallest PNG: one pixel.
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const folder = mkdtempSync(join(tmpdir(), 'example-upload-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const environmentOf = ({ endpoint, region, credentials }: LiveServer): Record<string, string> => ({
  ...toEnvironment(credentials),
  ...{ S3_ENDPOINT: endpoint, S3_BUCKET: bucket, AWS_REGION: region },
});

describeServer({
  script: 'rgw',
  name: 'Ceph RADOS Gateway, examples',
  shown: 'an upload with progress and Content-MD5; a form and a link in Chromium',
  tests: (server) => {
    beforeAll(async () => {
      await createS3Client(server()).put(`/${bucket}`);
    });
    describeUpload(server);
    describePresignedUpload(server);
  },
});

function describeUpload(server: () => LiveServer): void {
  const upload = (file: string, env = {}) =>
    runProgram(process.execPath, ['upload/index.mjs', file], { ...environmentOf(server()), ...env });

  it('uploads a file whole, shows how far it is, and has it verified', async () => {
    const content = Buffer.alloc(5_000_000, 'some text ');
    const file = join(folder, 'ä b+c.txt');
    writeFileSync(file, content);
    const { status, stdout, stderr } = await upload(file);
    const md5 = createHash('md5').update(content).digest('hex');
    expect([status, stdout]).toStrictEqual([0, `\nä b+c.txt is there, ETag "${md5}"\n`]);
    const shares = [...stderr.matchAll(/\] (\d+) %/g)].map(([, share]) => Number(share));
    expect(shares.at(-1)).toBe(100);
    expect(shares).toStrictEqual(shares.toSorted((one, other) => one - other));
    const response = await createS3Client(server()).get(`/${bucket}/${encodeURIComponent('ä b+c.txt')}`);
    expect(bytesOf(response).equals(content)).toBe(true);
    expect(response.headers['content-encoding']).toBeUndefined();
  });

  it('sends what the store verifies: another MD5 is refused', async () => {
    const headers = { 'Content-MD5': createHash('md5').update('another').digest('base64') };
    const client = createS3Client(server(), { payload: 'streaming', contentEncoding: false });
    const answer = await answerTo(client.put(`/${bucket}/changed`, Buffer.from('content'), { headers }));
    expect(answer).toBe('400 BadDigest');
  });
}

function describePresignedUpload(server: () => LiveServer): void {
  itInChromium()('uploads by a form in Chromium, and gives a link to it', async () => {
    const env = { ...environmentOf(server()), PORT: '0' };
    await withProgram(['presigned-upload/server.mjs'], env, async (url) => {
      const found = await openInChromium('upload-page.mjs', [url, png]);
      expect(found).toStrictEqual({
        key: expect.stringMatching(/^uploads\/[\da-f-]{36}$/),
        status: 200,
        type: 'image/png',
        body: png,
      });
    });
  });

  it.each([
    ['a further field', { acl: 'public-read' }, 'content', 403],
    ['another type', { 'Content-Type': 'text/html' }, 'content', 403],
    ['an empty file', {}, '', 400],
  ])('has the store refuse %s', async (_, changes, content, status) => {
    const env = { ...environmentOf(server()), PORT: '0' };
    await withProgram(['presigned-upload/server.mjs'], env, async (url) => {
      const html = await (await fetch(url)).text();
      const form = new FormData();
      for (const [, field = '', value = ''] of html.matchAll(/name="([^"]+)" value="([^"]+)"/g)) {
        form.append(unescape(field), unescape(value));
      }
      for (const [field, value] of Object.entries(changes)) form.set(field, value);
      form.append('file', new Blob([content]));
      const [, action = ''] = /action="([^"]+)"/.exec(html) ?? [];
      const answer = await fetch(unescape(action), { method: 'POST', body: form, redirect: 'manual' });
      expect(answer.status).toBe(status);
    });
  });

  it('gives no link to what is no upload', async () => {
    const env = { ...environmentOf(server()), PORT: '0' };
    await withProgram(['presigned-upload/server.mjs'], env, async (url) => {
      for (const key of ['', 'secret', 'uploads/../secret', 'uploads/a"b']) {
        const html = await (await fetch(`${url}uploaded?key=${encodeURIComponent(key)}`)).text();
        expect(html).toContain('There is no such upload');
        expect(html).not.toContain('href');
      }
    });
  });
}

const unescape = (html: string): string =>
  html.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
