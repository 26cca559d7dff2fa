/** `checksum`: of bodies in memory a signed header; the caller's own is kept, and refused where it is wrong. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import zlib from 'node:zlib';
import FormDataPackage from 'form-data';
import { aws4Sign, type Aws4Options, type ChecksumAlgorithm } from '../../lib/index.js';
import vectors from '../../fixtures/checksums.json';
import { setRoutedServer } from '../stand-ins/routed-server.js';
import { createClient, credentials, failure, scope } from '../stand-ins/test-server.js';

const server = setRoutedServer({ allowUnsignedPayload: true });
const { last, isAccepted } = server;
let origin: string;
beforeAll(() => {
  ({ origin } = server);
});

const signedNames = (): string => /SignedHeaders=([^,]+)/.exec(last().header('authorization')[0] ?? '')?.[1] ?? '';
const algorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
const sumsOf = (text: string): Readonly<Record<ChecksumAlgorithm, string>> => {
  const sums = vectors.vectors.find(({ input }) => input.text === text)?.sums;
  if (sums === undefined) throw new Error(`no vector of ${text}`);
  return sums;
};
const digits = '123456789';
const bytes = new TextEncoder().encode(digits);

const bodies: readonly (readonly [string, () => unknown])[] = [
  ['text', () => digits],
  ['bytes', () => bytes],
  ['an ArrayBuffer', () => bytes.slice().buffer],
  ['a view into other bytes', () => new TextEncoder().encode(`--${digits}--`).subarray(2, 11)],
  ['a Blob', () => new Blob([digits])],
  ['a File', () => new File(['123', '456789'], 'digits')],
  ['a Node stream, which is read', () => Readable.from([Buffer.from('1234'), '56789'])],
  ['a web stream, which is read', () => new Blob([digits]).stream()],
];

describe.each(algorithms)('%s', (checksum) => {
  it.each(bodies)('of %s is a signed header', async (_, create) => {
    for (const adapter of ['http', 'fetch'] as const) {
      await createClient(origin, { checksum }, { adapter }).put('/', create());
      expect(last().text).toBe(digits);
      expect(last().header(`x-amz-checksum-${checksum}`)).toStrictEqual([sumsOf(digits)[checksum]]);
      expect(signedNames()).toContain(`x-amz-checksum-${checksum}`);
      expect(isAccepted()).toBe(true);
    }
  });

  it('is that of what is sent: of an empty body, beyond ASCII, of JSON, forms and other charsets', async () => {
    const client = createClient(origin, { checksum }, { adapter: 'http' });
    const sumOfSent = (): string => {
      const { body } = server.requests.at(-1) ?? {};
      if (body === undefined) throw new Error('nothing was sent');
      if (checksum === 'sha1' || checksum === 'sha256') return createHash(checksum).update(body).digest('base64');
      if (checksum !== 'crc32') return last().header(`x-amz-checksum-${checksum}`)[0] ?? '';
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE(zlib.crc32(body));
      return sum.toString('base64');
    };
    const form = new FormDataPackage();
    form.append('file', Buffer.from(digits), 'digits.txt');
    const sent: readonly (readonly [unknown, object])[] = [
      ['grüße, 🐘'.repeat(30_000), {}],
      ['grüße', { 'Content-Type': 'text/plain; charset=iso-8859-1' }],
      [{ a: [1, 'ü'] }, {}],
      [new URLSearchParams({ a: 'b c' }), {}],
      [form, {}],
    ];
    for (const [data, headers] of sent) {
      await client.post('/', data, { headers });
      expect(last().header(`x-amz-checksum-${checksum}`)).toStrictEqual([sumOfSent()]);
      expect(last().header(`x-amz-checksum-${checksum}`)[0]).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
      expect(isAccepted()).toBe(true);
    }
    await client.put('/', new Uint8Array(0));
    expect(last().header(`x-amz-checksum-${checksum}`)).toStrictEqual([sumsOf('')[checksum]]);
  });

  it('is there under an unsigned payload too', async () => {
    await createClient(origin, { checksum, payload: 'unsigned' }).put('/', digits);
    expect(last().header('x-amz-content-sha256')).toStrictEqual(['UNSIGNED-PAYLOAD']);
    expect(last().header(`x-amz-checksum-${checksum}`)).toStrictEqual([sumsOf(digits)[checksum]]);
    expect(isAccepted()).toBe(true);
  });

  it('that the caller gave is kept where it is right', async () => {
    const name = `X-Amz-Checksum-${checksum.toUpperCase()}`;
    for (const options of [{ checksum }, { checksum: 'crc32' as const }, {}]) {
      await createClient(origin, options).put('/', digits, { headers: { [name]: sumsOf(digits)[checksum] } });
      expect(last().names.filter((each) => each.startsWith('x-amz-checksum-'))).toStrictEqual([name.toLowerCase()]);
      expect(last().header(name.toLowerCase())).toStrictEqual([sumsOf(digits)[checksum]]);
      expect(isAccepted()).toBe(true);
    }
  });

  it.each<[string, () => unknown, Aws4Options]>([
    ['of text', () => digits, { checksum }],
    ['of bytes', () => bytes, { checksum }],
    ['beside an option of another algorithm', () => bytes, { checksum: 'crc32' }],
    ['of a Blob', () => new Blob([digits]), { checksum }],
    ['of a stream that is read', () => Readable.from([digits]), { checksum }],
    ['under an unsigned payload', () => digits, { checksum, payload: 'unsigned' }],
  ])('that the caller gave is refused where it is wrong: %s', async (_, create, options) => {
    const count = server.requests.length;
    const name = `x-amz-checksum-${checksum}`;
    for (const sum of [sumsOf('a')[checksum], 'AAAA', '', 'ü', `${sumsOf(digits)[checksum]}=`]) {
      const client = createClient(origin, options);
      const error = await failure(client.put('/', create(), { headers: { [name]: sum } }));
      expect(error).toMatchObject({ name: 'Aws4AuthError', code: 'ERR_CHECKSUM', isAxiosError: true });
      expect(String(error)).toContain(name);
    }
    expect(server.requests).toHaveLength(count);
  });

  it('is made of what a request is, anew for each, and stays out of the config', async () => {
    const client = createClient(origin, { checksum });
    const { config } = await client.put('/', 'a');
    expect(config.headers.has(`x-amz-checksum-${checksum}`)).toBe(false);
    await client.request({ ...config, data: digits });
    expect(last().header(`x-amz-checksum-${checksum}`)).toStrictEqual([sumsOf(digits)[checksum]]);
  });

  it('is in what aws4Sign gives', async () => {
    const { headers, trace } = await aws4Sign(
      { method: 'put', url: 'https://example.com/', data: digits },
      { ...scope, credentials, checksum },
    );
    expect(headers[`x-amz-checksum-${checksum}`]).toBe(sumsOf(digits)[checksum]);
    expect(trace.canonicalRequest).toContain(`x-amz-checksum-${checksum}:${sumsOf(digits)[checksum]}\n`);
  });
});

it('is not computed for a request without a body', async () => {
  const client = createClient(origin, { checksum: 'crc32' });
  for (const method of ['get', 'head', 'delete', 'put', 'post'] as const) {
    await client.request({ method, url: '/' });
    expect(last().names.filter((name) => name.startsWith('x-amz-checksum-'))).toStrictEqual([]);
    expect(isAccepted()).toBe(true);
  }
});

it('can be asked for, or left out, by a single request', async () => {
  await createClient(origin).put('/', digits, { aws4: { checksum: 'sha1' } });
  expect(last().header('x-amz-checksum-sha1')).toStrictEqual([sumsOf(digits).sha1]);
});

it.each(['x-amz-checksum-md5', 'x-amz-checksum-xxhash64'])('leaves %s, which it does not know, alone', async (name) => {
  await createClient(origin, { checksum: 'crc32' }).put('/', digits, { headers: { [name]: 'AAAA' } });
  expect(last().names.filter((each) => each.startsWith('x-amz-checksum-'))).toStrictEqual([name]);
  expect(isAccepted()).toBe(true);
});

it.each(['algorithm', 'type', 'mode'])('takes x-amz-checksum-%s for no checksum', async (word) => {
  const headers = { [`x-amz-checksum-${word}`]: 'CRC32' };
  await createClient(origin, { checksum: 'crc32' }).put('/', digits, { headers });
  expect(last().header('x-amz-checksum-crc32')).toStrictEqual([sumsOf(digits).crc32]);
  expect(last().header(`x-amz-checksum-${word}`)).toStrictEqual(['CRC32']);
});

describe('of an object that is completed, not of the body that says of which parts', () => {
  const document = '<CompleteMultipartUpload><Part/></CompleteMultipartUpload>';
  const url = 'https://bucket.s3.eu-west-1.amazonaws.com/key';
  const complete = async (options: Aws4Options, headers: object, data: unknown = document, query = {}) => {
    const config = { method: 'post', url, params: { uploadId: 'abc', ...query }, data, headers: { ...headers } };
    const { headers: sent } = await aws4Sign(config, { credentials, ...options });
    return Object.entries(sent).filter(([name]) => /checksum|trailer/i.test(name));
  };
  const data: readonly (readonly [string, Aws4Options, unknown])[] = [
    ['text', {}, document],
    ['bytes', {}, Buffer.from(document)],
    ['bytes in chunks', { payload: 'streaming' }, Buffer.from(document)],
    ['an unsigned stream', { payload: 'unsigned' }, Readable.from([document])],
  ];

  it.each(data)('none is made: %s', async (_, options, body) => {
    const length = { 'Content-Length': String(document.length) };
    expect(await complete({ ...options, checksum: 'crc32' }, length, body)).toStrictEqual([]);
  });

  it.each(algorithms)('%s of the caller goes out as it is, whole or of parts', async (checksum) => {
    const name = `x-amz-checksum-${checksum}`;
    for (const sum of [sumsOf('a')[checksum], `${sumsOf('a')[checksum]}-2`]) {
      for (const [, options, body] of data.slice(0, 3)) {
        expect(await complete({ ...options, checksum }, { [name]: sum }, body)).toStrictEqual([[name, sum]]);
      }
    }
  });

  it('but of a part it is that of the body, and so it is for other services', async () => {
    const config = { method: 'put', url, params: { partNumber: 1, uploadId: 'abc' }, data: digits };
    const { headers } = await aws4Sign(config, { credentials, checksum: 'crc32' });
    expect(headers['x-amz-checksum-crc32']).toBe(sumsOf(digits).crc32);
    const others = await complete({ checksum: 'crc32', ...scope }, {}, digits);
    expect(others).toStrictEqual([['x-amz-checksum-crc32', sumsOf(digits).crc32]]);
  });
});

describe('of a stream that is sent unread, as a hash of the caller’s own says', () => {
  const hash = createHash('sha256').update(digits).digest('hex');
  const put = async (headers: object, checksum: ChecksumAlgorithm, data: unknown = Readable.from([digits])) => {
    const client = createClient(origin, { checksum });
    return client.put('/', data, { headers: { 'Content-Length': '9', ...headers } });
  };

  it.each([hash, 'UNSIGNED-PAYLOAD'])('%s: it cannot be sent, which is an error', async (given) => {
    const count = server.requests.length;
    for (const checksum of algorithms.filter((each) => each !== 'sha256' || given !== hash)) {
      const error = await failure(put({ 'X-Amz-Content-Sha256': given }, checksum));
      expect(error).toMatchObject({ code: 'ERR_CHECKSUM' });
      expect(String(error)).toContain('X-Amz-Content-Sha256');
    }
    expect(server.requests).toHaveLength(count);
  });

  it('but for that very hash, and for a checksum of the caller’s own', async () => {
    await put({ 'X-Amz-Content-Sha256': hash }, 'sha256');
    expect(last().header('x-amz-checksum-sha256')).toStrictEqual([sumsOf(digits).sha256]);
    for (const given of [hash, 'UNSIGNED-PAYLOAD']) {
      await put({ 'X-Amz-Content-Sha256': given, 'x-amz-checksum-crc32': sumsOf(digits).crc32 }, 'crc32c');
      expect(last().header('x-amz-checksum-crc32')).toStrictEqual([sumsOf(digits).crc32]);
      expect(isAccepted()).toBe(true);
    }
  });
});

it('leaves a body that the caller framed alone', async () => {
  const headers = {
    'X-Amz-Content-Sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'X-Amz-Decoded-Content-Length': '9',
    'X-Amz-Trailer': 'x-amz-checksum-crc32',
  };
  const framed = `9\r\n${digits}\r\n0\r\nx-amz-checksum-crc32:${sumsOf(digits).crc32}\r\n\r\n`;
  const { headers: sent } = await aws4Sign(
    { method: 'put', url: 'https://example.com/', data: framed, headers },
    { ...scope, service: 's3', credentials, checksum: 'crc32' },
  );
  expect(Object.keys(sent).filter((name) => /^x-amz-checksum-/i.test(name))).toStrictEqual([]);
});

it('of a long body leaves the event loop its turns, and ends with the request', async () => {
  const controller = new AbortController();
  const sending = createClient(origin, { checksum: 'crc64nvme' }).put('/', new Uint8Array(8 * 1024 * 1024), {
    signal: controller.signal,
  });
  setImmediate(() => {
    controller.abort();
  });
  expect(await failure(sending)).toMatchObject({ code: 'ERR_CANCELED' });
});

it('is nobody’s business without the option: what the caller gave goes out as it is', async () => {
  await createClient(origin).put('/', digits, { headers: { 'x-amz-checksum-sha256': 'digest' } });
  expect(last().header('x-amz-checksum-sha256')).toStrictEqual(['digest']);
  expect(isAccepted()).toBe(true);
});
