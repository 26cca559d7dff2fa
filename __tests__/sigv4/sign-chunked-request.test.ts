/** Chunked uploads: AWS's worked examples, each stage asserted alone, and framing of every length. */
import { createHash } from 'node:crypto';
import { signChunkedRequest, type ChunkedSigningOptions } from '../../lib/sigv4/index.js';
import * as uploads from '../../fixtures/chunked-uploads.json';

const body = new TextEncoder().encode(uploads.body.repeat.repeat(uploads.body.length));
const { credentials, region } = uploads;
const url = 'https://s3.amazonaws.com/examplebucket/chunkObject.txt';
const storageClass = { 'x-amz-storage-class': 'REDUCED_REDUNDANCY' };
const common = {
  credentials,
  region,
  service: 's3',
  date: new Date(uploads.date),
  decodedContentLength: body.length,
} as const;

const join = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString('latin1');

/** Frames all of a body, in slices of a length. */
function frame({ encoder }: ReturnType<typeof signChunkedRequest>, bytes: Uint8Array, slice: number, sum?: string) {
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < bytes.length; i += slice) pieces.push(...encoder.encode(bytes.subarray(i, i + slice)));
  return join([...pieces, encoder.end(sum)]);
}

interface Example {
  readonly name: string;
  readonly expected: {
    readonly canonicalRequest: string;
    readonly stringToSign: string;
    readonly seedSignature: string;
    readonly contentLength: number;
    readonly chunks?: readonly { readonly bytes: number; readonly signature: string }[];
    readonly trailers?: readonly (readonly string[])[];
    readonly trailerSignature?: string;
  };
  readonly headers: Readonly<Record<string, string>>;
  readonly options: Partial<ChunkedSigningOptions>;
}

const examples: readonly Example[] = [
  {
    name: 'signed chunks',
    expected: uploads.signed,
    headers: storageClass,
    options: { signedHeaders: ['content-length'] },
  },
  {
    name: 'signed chunks with a trailer',
    expected: uploads.signedWithTrailer,
    headers: storageClass,
    options: { checksum: 'crc32c' },
  },
  {
    name: 'unsigned chunks with a trailer',
    expected: uploads.unsignedWithTrailer,
    headers: {},
    options: { checksum: 'crc32c', payload: 'unsigned', signedHeaders: ['content-length'] },
  },
];

describe.each(examples)('$name', ({ expected, headers, options }) => {
  const sign = () =>
    signChunkedRequest({ method: 'PUT', url, headers }, { ...common, ...options } as ChunkedSigningOptions);
  const [, sum] = expected.trailers?.[0] ?? [];

  it('has the canonical request, string to sign and signature of the head', () => {
    const { trace } = sign();
    expect(trace.canonicalRequest).toBe(expected.canonicalRequest);
    expect(trace.stringToSign).toBe(expected.stringToSign);
    expect(trace.signature).toBe(expected.seedSignature);
  });

  it('knows its length beforehand', () => {
    const { contentLength, headers: signed } = sign();
    expect(contentLength).toBe(expected.contentLength);
    expect(signed['Content-Length']).toBe(String(expected.contentLength));
    expect(frame(sign(), body, body.length, sum)).toHaveLength(contentLength);
  });

  it.each([1024, 1000, 8192, 65535, 65536, 65537, 66560])('frames slices of %d bytes, byte for byte', (slice) => {
    const bySize = new Map(expected.chunks?.map(({ bytes, signature }) => [bytes, `;chunk-signature=${signature}`]));
    const line = (bytes: number) => `${bytes.toString(16)}${bySize.get(bytes) ?? ''}\r\n`;
    const trailer = sum === undefined ? '' : `x-amz-checksum-crc32c:${sum}\r\n`;
    const signature =
      expected.trailerSignature === undefined ? '' : `x-amz-trailer-signature:${expected.trailerSignature}\r\n`;
    expect(frame(sign(), body, slice, sum)).toBe(
      `${line(65536)}${'a'.repeat(65536)}\r\n${line(1024)}${'a'.repeat(1024)}\r\n${line(0)}${trailer}${signature}\r\n`,
    );
  });
});

/** Reads a framed body, as RFC 9112, section 7.1, has chunks; what it does not know of is the signatures' values. */
function readFrame(text: string) {
  const sizes: number[] = [];
  let data = '';
  let rest = text;
  for (;;) {
    const [line = '', hex = ''] = /^([0-9a-f]+)(?:;chunk-signature=[0-9a-f]{64})?\r\n/.exec(rest) ?? [];
    const size = Number.parseInt(hex, 16);
    expect(hex).toBe(size.toString(16));
    rest = rest.slice(line.length);
    if (size === 0) return { sizes, data, trailer: rest };
    sizes.push(size);
    data += rest.slice(0, size);
    expect(rest.slice(size, size + 2)).toBe('\r\n');
    rest = rest.slice(size + 2);
  }
}

const K = 1024;
const lengths = [0, 1, 15, 16, 17, 255, 256, 4095, 4096, 8 * K - 1, 8 * K, 8 * K + 1, 16 * K - 1, 16 * K, 16 * K + 1];
const modes: readonly Partial<ChunkedSigningOptions>[] = [
  {},
  ...(['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const).flatMap((checksum) => [
    { checksum },
    { checksum, payload: 'unsigned' as const },
  ]),
];
const sums = {
  crc32: 'AAAAAA==',
  crc32c: 'AAAAAA==',
  crc64nvme: 'AAAAAAAAAAA=',
  sha1: createHash('sha1').digest('base64'),
  sha256: createHash('sha256').digest('base64'),
};

describe.each(modes)('%j', (mode) => {
  it.each([...lengths, 24 * K])('frames %d bytes to the length that it told', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
    const signed = signChunkedRequest({ method: 'PUT', url }, {
      ...common,
      decodedContentLength: length,
      chunkBytes: 8 * K,
      ...mode,
    } as ChunkedSigningOptions);
    const text = frame(signed, bytes, 1000, mode.checksum && sums[mode.checksum]);
    expect(text).toHaveLength(signed.contentLength);
    const { sizes, data, trailer } = readFrame(text);
    expect(sizes).toStrictEqual([
      ...Array.from({ length: Math.floor(length / (8 * K)) }, () => 8 * K),
      ...(length % (8 * K) === 0 ? [] : [length % (8 * K)]),
    ]);
    expect(data).toBe(Buffer.from(bytes).toString('latin1'));
    const line = mode.checksum === undefined ? '' : `x-amz-checksum-${mode.checksum}:${sums[mode.checksum]}\r\n`;
    expect(trailer.startsWith(line)).toBe(true);
    expect(trailer.slice(line.length)).toMatch(
      mode.checksum !== undefined && mode.payload !== 'unsigned'
        ? /^x-amz-trailer-signature:[0-9a-f]{64}\r\n\r\n$/
        : /^\r\n$/,
    );
  });
});

describe('the head', () => {
  const head = (headers: Readonly<Record<string, string | readonly string[]>>, options: object = {}) =>
    signChunkedRequest({ method: 'put', url, headers }, { ...common, ...options });

  it('puts aws-chunked before the encodings of the caller', () => {
    expect(head({ 'Content-Encoding': 'gzip' }).headers['Content-Encoding']).toBe('aws-chunked,gzip');
    expect(head({ 'content-encoding': 'gzip, aws-chunked' }).headers['content-encoding']).toBe('aws-chunked,gzip');
    expect(head({ 'content-encoding': ['br', 'gzip'] }).headers['content-encoding']).toBe('aws-chunked,br,gzip');
  });

  it('leaves aws-chunked out where it is told to', () => {
    expect(head({}, { contentEncoding: false }).headers).not.toHaveProperty('Content-Encoding');
    expect(head({ 'Content-Encoding': 'gzip' }, { contentEncoding: false }).headers['Content-Encoding']).toBe('gzip');
  });

  it('signs the encoding, whatever else is signed', () => {
    const { trace } = head({ 'x-tenant': 'a' }, { signedHeaders: ['x-tenant'] });
    expect(trace.signedHeaders).toBe(
      'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-tenant',
    );
  });

  it('replaces what another framing left, under the names that the caller has', () => {
    const left = {
      'content-length': '1',
      'X-AMZ-decoded-content-length': '1',
      'x-amz-trailer': 'x-amz-checksum-sha1',
      'transfer-encoding': 'chunked',
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    };
    const again = head(left).headers;
    expect(Object.keys(again).sort()).toStrictEqual([
      'Authorization',
      'Content-Encoding',
      'X-AMZ-decoded-content-length',
      'X-Amz-Content-Sha256',
      'X-Amz-Date',
      'content-length',
    ]);
    expect(again['X-Amz-Content-Sha256']).toBe('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
    expect(again['X-AMZ-decoded-content-length']).toBe('66560');
  });
});

it('keeps no memory of slices that make no whole chunk', () => {
  const { encoder } = signChunkedRequest({ method: 'PUT', url }, { ...common, decodedContentLength: 8 });
  const slice = new Uint8Array(4).fill(0x61);
  expect(encoder.encode(slice)).toStrictEqual([]);
  slice.fill(0x62);
  const chunk = join(encoder.encode(slice)) + join([encoder.end()]);
  expect(chunk).toMatch(/^8;chunk-signature=[0-9a-f]{64}\r\naaaabbbb\r\n0;/);
});
