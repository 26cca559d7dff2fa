/** The guides to uploads, and to presigned links and forms: on Ceph RGW their code does what they say. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import * as lib from '../../lib/index.js';
import { readPage } from '../documents/code-blocks.js';
import { describeServer, type LiveServer } from './live-server.js';
import { bytesOf, createS3Client, pathOfKey, textOf } from './s3-client.js';

const bucket = 'my-bucket';
const folder = mkdtempSync(join(tmpdir(), 'guides-'));
const film = join(folder, 'film.mp4');
/** More than one of the guide's parts, and bytes that differ from part to part. */
const bytes = Buffer.from(Uint32Array.from({ length: 5 * 1024 * 1024 }, (_, i) => i).buffer);

type GuideFunction = (...args: readonly unknown[]) => Promise<unknown>;
type Functions = Readonly<Record<string, GuideFunction>>;

/** The package, as if the server's hostname said for what and as whom to sign. */
function createPackage({ region, credentials }: LiveServer): object {
  const options = { service: 's3', region, credentials, contentEncoding: false } as const;
  return {
    ...lib,
    aws4Interceptor: (own?: lib.Aws4Options) => lib.aws4Interceptor({ ...options, ...own }),
    aws4Presign: (config: Parameters<typeof lib.aws4Presign>[0], own?: lib.Aws4Options) =>
      lib.aws4Presign(config, { ...options, ...own }),
    aws4PresignPost: (policy: lib.PostPolicy, own?: lib.Aws4Options) =>
      lib.aws4PresignPost(policy, { ...options, ...own }),
  };
}

/** Runs the blocks of a guide one by one; gives what each exports. */
async function runGuide(name: string, server: LiveServer): Promise<readonly Functions[]> {
  const { blocks } = readPage(`docs/guides/${name}.md`);
  const signing = createPackage(server);
  const load = (path: string): unknown => (path === 'axios-aws4auth' ? signing : jest.requireActual(path));
  const all: Functions[] = [];
  // What is for API Gateway would be sent there, and the lower floor sends nothing.
  for (const { code } of blocks.filter((each) => each.language === 'ts' && !/execute-api|sigv4'/.test(each.code))) {
    const { outputText } = ts.transpileModule(
      code.replaceAll(`https://${bucket}.s3.eu-west-1.amazonaws.com`, `${server.endpoint}/${bucket}`),
      {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
      },
    );
    const exported: Record<string, GuideFunction> = {};
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the guide's own code
    await new Function('require', 'exports', `return (async () => {${outputText}})()`)(load, exported);
    all.push(exported);
  }
  return all;
}

const listFunctions = (blocks: readonly Functions[], name: string): readonly GuideFunction[] =>
  blocks.flatMap((exported) => exported[name] ?? []);

beforeAll(() => {
  writeFileSync(film, bytes);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describeServer({
  script: 'rgw',
  name: 'Ceph RADOS Gateway',
  shown: 'the code of the guides to uploads and to presigned links and forms',
  tests: (server) => {
    beforeAll(async () => {
      await createS3Client(server()).put(`/${bucket}`);
    });
    describeUploads(server);
    describeLinks(server);
  },
});

const read = (server: () => LiveServer, key: string) => createS3Client(server()).get(pathOfKey(bucket, key));

function describeUploads(server: () => LiveServer): void {
  it('uploads a file by a Blob, as a stream, with progress, in parts, and what a generator makes', async () => {
    const blocks = await runGuide('uploads', server());
    const [asBlob, asStream, withProgress] = listFunctions(blocks, 'upload');
    const [inParts] = listFunctions(blocks, 'uploadInParts');

    await asBlob?.(film, 'a b/ü.mp4');
    expect(bytesOf(await read(server, 'a b/ü.mp4')).equals(bytes)).toBe(true);

    await asStream?.(film);
    expect(bytesOf(await read(server, 'film.mp4')).equals(bytes)).toBe(true);
    await createS3Client(server()).delete(pathOfKey(bucket, 'film.mp4'));

    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await withProgress?.(film);
      expect(written).toHaveBeenLastCalledWith('\r100 %');
    } finally {
      written.mockRestore();
    }
    expect(bytesOf(await read(server, 'film.mp4')).equals(bytes)).toBe(true);

    await inParts?.(film, 'p a/rts', 'video/mp4');
    const whole = await read(server, 'p a/rts');
    expect(bytesOf(whole).equals(bytes)).toBe(true);
    expect(whole.headers['content-type']).toBe('video/mp4');

    expect(textOf(await read(server, 'rows.csv'))).toBe('id,name\n1,Grüße\n');
  });
}

function describeLinks(server: () => LiveServer): void {
  it('makes links to upload and download, and a form', async () => {
    const blocks = await runGuide('presigned-links-and-forms', server());
    const call = async (name: string, ...args: readonly unknown[]): Promise<unknown> =>
      listFunctions(blocks, name)[0]?.(...args);

    const photo = new File(['photo'], 'ä b.jpg', { type: 'image/jpeg' });
    const show = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await call('sendFile', await call('createUploadLink', 'a/photo.jpg', photo.size), photo);
    show.mockRestore();
    const downloaded = await fetch(String(await call('createDownloadLink', 'a/photo.jpg')));
    expect([downloaded.status, await downloaded.text()]).toStrictEqual([200, 'photo']);
    expect(downloaded.headers.get('content-disposition')).toBe('attachment; filename="report.pdf"');

    const form = await call('createUploadForm', 'jane');
    await call('sendForm', form, photo);
    expect(textOf(await read(server, 'uploads/jane/ä b.jpg'))).toBe('photo');
    await expect(call('sendForm', form, new File(['text'], 'a.txt', { type: 'text/plain' }))).rejects.toThrow(
      'Policy condition failed',
    );
  });

  it('sets the CORS rules that a page needs', async () => {
    const [createUploadLink] = listFunctions(await runGuide('presigned-links-and-forms', server()), 'createUploadLink');
    const { url } = (await createUploadLink?.('a.jpg', 3)) as { readonly url: string };
    const answer = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://app.example.com',
        'Access-Control-Request-Method': 'PUT',
        'Access-Control-Request-Headers': 'content-type',
      },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(answer.headers.get('access-control-allow-headers')).toBe('content-type');
  });
}
