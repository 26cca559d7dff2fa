/** Uploads in chunks, and checksums, against real servers: what they keep is what was sent, and what was changed they refuse. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import axios, { type InternalAxiosRequestConfig } from 'axios';
import { aws4Sign, type Aws4Options, type ChecksumAlgorithm } from '../../lib/index.js';
import { generate, K, pattern } from '../stand-ins/streamed-bodies.js';
import type { LiveServer } from './live-server.js';
import { answerTo, bytesOf, createS3Client } from './s3-client.js';

const sizes = [
  1,
  15,
  16,
  17,
  255,
  256,
  8 * K - 1,
  8 * K,
  8 * K + 1,
  64 * K - 1,
  64 * K,
  64 * K + 1,
  128 * K,
  128 * K + 1,
];
const algorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;

/** What a server does otherwise, in few words. */
export interface StreamingDeviations {
  /** The answer to a body in chunks that is empty. */
  readonly emptyStream?: string;
  /** The answer to any trailer. */
  readonly trailers?: string;
  /** What comes back as the object's Content-Encoding. */
  readonly keptEncoding?: string;
  /** Answers to what was changed on its way, where they are others. */
  readonly tampered?: Readonly<Record<string, string>>;
}

/** Describes uploads in chunks, over both adapters of Node. */
export function describeStreaming(server: () => LiveServer, deviations: StreamingDeviations): void {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'streaming-'));
    await createS3Client(server()).put('/chunks');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (bytes: Buffer): Readable => {
    const path = join(folder, `file-${String(bytes.length)}`);
    writeFileSync(path, bytes);
    return createReadStream(path);
  };
  const sources: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
    bytes: (bytes) => bytes,
    'a Blob': (bytes) => new Blob([new Uint8Array(bytes)]),
    'the stream of a file': file,
    'a Node stream': (bytes) => Readable.from(generate(bytes, 1009)),
    'a pipe': (bytes) => Readable.from(generate(bytes, 10_000)).pipe(new PassThrough()),
    'a web stream': (bytes) => new Blob([new Uint8Array(bytes)]).stream(),
    'an async generator': (bytes) => generate(bytes, 3000),
  };
  const create = (options: Aws4Options = {}, adapter = 'http') =>
    createS3Client(server(), { payload: 'streaming', ...options }, { adapter });
  const lengthOf = (bytes: Buffer) => ({ headers: { 'Content-Length': String(bytes.length) } });
  const readBack = async (key: string): Promise<Buffer> => bytesOf(await createS3Client(server()).get(key));

  describe.each(['http', 'fetch'])('over %s', (adapter) => {
    it.each(Object.keys(sources))('%s arrives as it is', async (kind) => {
      const bytes = pattern(300_000);
      await create({}, adapter).put('/chunks/kind', sources[kind]?.(bytes), lengthOf(bytes));
      expect((await readBack('/chunks/kind')).equals(bytes)).toBe(true);
    });

    it.each(sizes)('%d bytes arrive as they are', async (size) => {
      const bytes = pattern(size);
      await create({}, adapter).put('/chunks/size', Readable.from(generate(bytes, 5000)), lengthOf(bytes));
      expect((await readBack('/chunks/size')).equals(bytes)).toBe(true);
    });

    it('nothing arrives as nothing', async () => {
      await create({}, adapter).put('/chunks/empty', new Uint8Array(0));
      expect(await readBack('/chunks/empty')).toHaveLength(0);
      const sending = create({}, adapter).put('/chunks/empty', Readable.from([]), lengthOf(Buffer.alloc(0)));
      expect(await answerTo(sending)).toBe(deviations.emptyStream ?? '200');
    });

    it.each(algorithms)('%s of a body in chunks', async (checksum) => {
      for (const size of [1, 64 * K, 200_000]) {
        const bytes = pattern(size);
        const sending = create({ checksum }, adapter).put('/chunks/sum', file(bytes));
        expect(await answerTo(sending)).toBe(deviations.trailers ?? '200');
        if (deviations.trailers === undefined) expect((await readBack('/chunks/sum')).equals(bytes)).toBe(true);
      }
    });

    it.each(algorithms)('%s after chunks that are not signed', async (checksum) => {
      const bytes = pattern(200_000);
      const client = create({ checksum, payload: 'unsigned' }, adapter);
      const sending = client.put('/chunks/unsigned', Readable.from(generate(bytes, 999)), lengthOf(bytes));
      expect(await answerTo(sending)).toBe(deviations.trailers ?? '200');
      if (deviations.trailers === undefined) expect((await readBack('/chunks/unsigned')).equals(bytes)).toBe(true);
    });

    it.each(algorithms)('%s of a body in memory', async (checksum) => {
      for (const payload of ['signed', 'unsigned'] as const) {
        const sending = create({ checksum, payload }, adapter).put('/chunks/header', pattern(1000));
        expect(await answerTo(sending)).toBe('200');
      }
    });

    it('the encoding that the object keeps is the caller’s own', async () => {
      const gzip = { headers: { 'Content-Encoding': 'gzip' } };
      await create({}, adapter).put('/chunks/encoding', pattern(100), gzip);
      const client = createS3Client(server(), {}, { decompress: false });
      expect((await client.head('/chunks/encoding')).headers['content-encoding']).toBe(
        deviations.keptEncoding ?? 'gzip',
      );
      await create({ contentEncoding: false }, adapter).put('/chunks/encoding', pattern(100), gzip);
      expect((await client.head('/chunks/encoding')).headers['content-encoding']).toBe('gzip');
    });

    it('a clock that is wrong is healed', async () => {
      const bytes = pattern(200_000);
      await create({ clock: () => Date.now() - 7_200_000 }, adapter).put('/chunks/late', file(bytes));
      expect((await readBack('/chunks/late')).equals(bytes)).toBe(true);
    });

    it('a wrong secret is refused', async () => {
      const { accessKeyId } = server().credentials;
      const client = create({ credentials: { accessKeyId, secretAccessKey: 'another' } }, adapter);
      expect(await answerTo(client.put('/chunks/secret', pattern(100)))).toBe('403 SignatureDoesNotMatch');
    });
  });

  it('a part of a multipart upload goes out in chunks', async () => {
    const client = create();
    const { data } = await client.post<ArrayBuffer>('/chunks/parts?uploads');
    const uploadId = /<UploadId>([^<]+)</.exec(Buffer.from(data).toString())?.[1] ?? '';
    const parts = [pattern(5 * K * K), pattern(1000)];
    let list = '';
    for (const [i, bytes] of parts.entries()) {
      const params = { partNumber: i + 1, uploadId };
      const { headers } = await client.put('/chunks/parts', file(bytes), { params });
      list += `<Part><PartNumber>${String(i + 1)}</PartNumber><ETag>${String(headers['etag'])}</ETag></Part>`;
    }
    const body = `<CompleteMultipartUpload>${list}</CompleteMultipartUpload>`;
    await client.post('/chunks/parts', body, { params: { uploadId }, headers: { 'Content-Type': 'application/xml' } });
    const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(hash(await readBack('/chunks/parts'))).toBe(hash(Buffer.concat(parts)));
  });

  describe('changed on its way', () => {
    const whole = pattern(150_000);
    const flip =
      (at: number) =>
      (sent: Buffer): Buffer => {
        const changed = Buffer.from(sent);
        changed[at] = (changed[at] ?? 0) ^ 1;
        return changed;
      };
    const replace =
      (what: RegExp, by: (found: string) => string) =>
      (sent: Buffer): Buffer =>
        Buffer.from(sent.toString('latin1').replace(what, by), 'latin1');
    const other = (digit: string): string => (digit === '0' ? '1' : '0');
    const SECOND = 65_536 + 200;
    const THIRD = 2 * 65_536 + 400;
    const changes: Readonly<Record<string, (sent: Buffer) => Buffer>> = {
      'a byte of the first chunk': flip(1000),
      'a byte of the second chunk': flip(SECOND + 1000),
      'a byte of the last chunk': flip(THIRD + 1000),
      'the signature of the first chunk': replace(/(?<=^10000;chunk-signature=)./, other),
      'the signature of the chunk without data': replace(/(?<=\r\n0;chunk-signature=)./, other),
    };
    const withTrailer: typeof changes = {
      'the trailer’s signature': replace(/(?<=x-amz-trailer-signature:)./, other),
      'the trailer’s sum': replace(/(?<=x-amz-checksum-[a-z0-9]+:)./, (digit) => (digit === 'A' ? 'B' : 'A')),
      'the trailer’s name': replace(/x-amz-checksum-crc32:/, () => 'x-amz-checksum-crc3x:'),
    };

    async function sendChanged(
      checksum: ChecksumAlgorithm | undefined,
      change: (sent: Buffer) => Buffer,
    ): Promise<string> {
      const { endpoint, region, credentials } = server();
      const { url, headers, body } = await aws4Sign(
        { method: 'put', url: `${endpoint}/chunks/changed`, data: whole },
        { service: 's3', region, credentials, payload: 'streaming', ...(checksum && { checksum }) },
      );
      const sent: Buffer[] = [];
      for await (const chunk of body as unknown as Readable) sent.push(chunk as Buffer);
      const config = { method: 'put', url, headers, data: change(Buffer.concat(sent)), responseType: 'arraybuffer' };
      return answerTo(axios.request(config as unknown as InternalAxiosRequestConfig));
    }

    it('nothing: it is accepted', async () => {
      expect(await sendChanged(undefined, (sent) => sent)).toBe('200');
      expect(await sendChanged('crc32', (sent) => sent)).toBe(deviations.trailers ?? '200');
    });

    it.each(Object.keys(changes))('%s', async (what) => {
      const expected = deviations.tampered?.[what] ?? '403 SignatureDoesNotMatch';
      expect(await sendChanged(undefined, changes[what] as (sent: Buffer) => Buffer)).toBe(expected);
    });

    if (deviations.trailers === undefined) {
      it.each(Object.keys({ ...changes, ...withTrailer }))('%s, with a checksum', async (what) => {
        const isName = what === 'the trailer’s name';
        const expected = isName ? '400 MalformedTrailerError' : '403 SignatureDoesNotMatch';
        const change = { ...changes, ...withTrailer }[what] as (sent: Buffer) => Buffer;
        expect(await sendChanged('crc32', change)).toBe(expected);
      });
    }
  });
}
