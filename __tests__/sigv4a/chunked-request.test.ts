/** Bodies in chunks under SigV4a: the published strings to sign, signatures filled up on the wire, and a verifier's word. */
import { createHash } from 'node:crypto';
import { chunked } from '../../fixtures/sigv4a.json';
import {
  signChunk,
  signChunkedRequest,
  signTrailer,
  type ChunkedSigningOptions,
  type SignatureChain,
} from '../../lib/sigv4a/index.js';
import { credentials } from '../stand-ins/test-server.js';
import { describeVerdict, verifySigned } from '../stand-ins/verify-signed.js';
import { ecdsa } from '#ecdsa';

const body = new TextEncoder().encode('a'.repeat(66_560));
const date = new Date(chunked.date);
const url = 'https://s3.amazonaws.com/examplebucket/chunkObject.txt';
const options = {
  credentials,
  region: chunked.regionSet,
  service: chunked.service,
  date,
  decodedContentLength: body.length,
} as const satisfies ChunkedSigningOptions;

/** Signs head and body; gives all that is sent. */
function send(more: Partial<ChunkedSigningOptions>, bytes: Uint8Array, sum?: string) {
  const signed = signChunkedRequest(
    { method: 'PUT', url, headers: { 'x-amz-storage-class': 'REDUCED_REDUNDANCY' } },
    { ...options, decodedContentLength: bytes.length, ...more },
  );
  const { encoder } = signed;
  const pieces = [...encoder.encode(bytes), encoder.end(sum)];
  return { ...signed, body: Buffer.concat(pieces) };
}

const verify = (sent: ReturnType<typeof send>): string =>
  describeVerdict(verifySigned(sent, credentials, { region: 'us-east-1', allowChunkedPayload: true }));

describe('a body', () => {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

  it('goes out in chunks that hold, each signature as long as any', () => {
    const sent = send({}, body);
    expect(verify(sent)).toBe('ok');
    expect(sent.headers).toMatchObject({ 'X-Amz-Content-Sha256': 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD' });
    // 66560 bytes in two chunks, and one without data.
    const line = ';chunk-signature='.length + 144 + 2;
    expect(sent.contentLength).toBe('10000'.length + line + 65_536 + 2 + '400'.length + line + 1024 + 2 + 1 + line + 2);
    expect(sent.body).toHaveLength(sent.contentLength);
    expect(sent.headers['Content-Length']).toBe(String(sent.contentLength));
    const signatures = [...sent.body.toString('latin1').matchAll(/chunk-signature=([^\r]+)/g)].map(([, each]) => each);
    expect(signatures).toHaveLength(3);
    for (const signature of signatures) expect(signature).toMatch(/^(?=.{144}$)30[0-9a-f]+\**$/);
  });

  it.each([0, 1, 8192, 65_536, 65_537, 200_000])('of %i bytes has the length that was said', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
    const sent = send({ checksum: 'sha256', chunkBytes: 8192 }, bytes, sha256(bytes));
    expect(sent.body).toHaveLength(sent.contentLength);
    expect(verify(sent)).toBe('ok');
  });

  it('has a trailer, signed', () => {
    const sent = send({ checksum: 'sha256' }, body, sha256(body));
    expect(sent.headers).toMatchObject({ 'X-Amz-Content-Sha256': 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER' });
    expect(verify(sent)).toBe('ok');
    const text = sent.body.toString('latin1');
    expect(text).toMatch(/\r\nx-amz-trailer-signature:30[0-9a-f]+\**\r\n\r\n$/);
    const flip = (signature: string): string =>
      signature.replace(/[0-9a-f](?=\**$)/, (digit) => (digit === '0' ? '1' : '0'));
    const changed = text.replace(/(?<=trailer-signature:)[0-9a-f]+\**/, flip);
    expect(verify({ ...sent, body: Buffer.from(changed, 'latin1') })).toMatch(/^SignatureDoesNotMatch/);
  });

  it('goes out with a trailer alone where its chunks are not signed', () => {
    const sent = send({ payload: 'unsigned', checksum: 'sha256' }, body, sha256(body));
    expect(sent.headers).toMatchObject({ 'X-Amz-Content-Sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' });
    expect(verify(sent)).toBe('ok');
  });
});

describe('signChunk and signTrailer', () => {
  const texts: string[] = [];
  const createSigner = jest.spyOn(ecdsa, 'createSigner');
  afterAll(() => {
    createSigner.mockRestore();
  });
  // A key of its own, of which the texts are seen that it signs.
  const own = { accessKeyId: 'AKIDCHUNKS', secretAccessKey: 'its/secret' };
  const chain: SignatureChain = { service: 's3', credentials: own, date, previousSignature: '30'.repeat(70) };

  it('sign the published strings', () => {
    createSigner.mockReturnValueOnce((text) => {
      texts.push(text);
      return '30'.repeat(71);
    });
    const chunks = ['a'.repeat(65_536), new TextEncoder().encode('a'.repeat(1024)), ''];
    let { previousSignature } = chain;
    for (const data of chunks) previousSignature = signChunk(data, { ...chain, previousSignature });
    const empty = chunked.chunkPayloadHashes.at(-1) ?? '';
    const previous = [chain.previousSignature, '30'.repeat(71), '30'.repeat(71)];
    expect(texts).toStrictEqual(
      chunked.chunkPayloadHashes.map(
        (hash, i) => `${chunked.chunkStringToSignHead}${previous[i] ?? ''}\n${empty}\n${hash}`,
      ),
    );
    const trailers = Object.fromEntries(chunked.trailers.toReversed()) as Record<string, string>;
    signTrailer(trailers, { ...chain, previousSignature: `${'30'.repeat(70)}****` });
    expect(texts.at(-1)).toBe(`${chunked.trailerStringToSignHead}${'30'.repeat(70)}\n${chunked.trailerHash}`);
  });

  it('frame a body that a verifier takes', () => {
    const { headers, contentLength, method, trace } = signChunkedRequest(
      { method: 'PUT', url },
      { ...options, decodedContentLength: 3 },
    );
    const common = { service: 's3', credentials, date };
    const first = signChunk('abc', { ...common, previousSignature: trace.signature });
    const last = signChunk('', { ...common, previousSignature: first.padEnd(144, '*') });
    const [one, two] = [first, last].map((signature) => signature.padEnd(144, '*'));
    const framed = `3;chunk-signature=${String(one)}\r\nabc\r\n0;chunk-signature=${String(two)}\r\n\r\n`;
    expect(framed).toHaveLength(contentLength);
    const rules = { region: 'us-east-1', allowChunkedPayload: true };
    expect(describeVerdict(verifySigned({ method, url, headers, body: framed }, credentials, rules))).toBe('ok');
  });
});
