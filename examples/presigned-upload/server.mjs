/** A web server whose form uploads straight to the store, and which then gives a link to what was uploaded. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { aws4Presign, aws4PresignPost } from 'axios-aws4auth';

const { S3_ENDPOINT, S3_BUCKET, AWS_REGION = 'us-east-1', PORT = '8080' } = process.env;
const bucketUrl = `${S3_ENDPOINT}/${S3_BUCKET}`;
const options = { region: AWS_REGION, service: 's3' };

/** A form that may upload one image of at most 5 MB, within ten minutes, and that the store sends back here. */
async function renderForm(origin) {
  const { url, fields } = await aws4PresignPost(
    {
      url: bucketUrl,
      bucket: S3_BUCKET,
      key: `uploads/${randomUUID()}`,
      fields: { 'Content-Type': 'image/png', success_action_redirect: `${origin}/uploaded` },
      conditions: [['content-length-range', 1, 5_000_000]],
      expiresIn: 600,
    },
    options,
  );
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return `<form action="${escapeHtml(url)}" method="post" enctype="multipart/form-data">
    ${inputs.join('\n    ')}
    <input type="file" name="file" accept="image/png" required>
    <button>Upload</button>
  </form>`;
}

/** A link that is good for a minute, for whoever has it. */
async function renderLink(key) {
  if (!/^uploads\/[\da-f-]+$/.test(key)) return '<p>There is no such upload.</p>';
  const { url } = await aws4Presign({ url: `${bucketUrl}/${key}` }, { ...options, expiresIn: 60 });
  return `<p>Uploaded: <a href="${escapeHtml(url)}">${escapeHtml(key)}</a></p>`;
}

const escapeHtml = (text) => text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);

const server = createServer(async (request, response) => {
  const origin = `http://localhost:${String(server.address().port)}`;
  const { pathname, searchParams } = new URL(request.url, origin);
  try {
    const html = pathname === '/uploaded' ? await renderLink(searchParams.get('key') ?? '') : await renderForm(origin);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(`<!doctype html>\n${html}`);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
server.listen(Number(PORT), 'localhost', () => {
  console.log(`Open http://localhost:${String(server.address().port)}/`);
});
