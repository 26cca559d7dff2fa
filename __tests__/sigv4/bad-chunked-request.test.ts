/** Bad input of what signs in chunks without axios: signChunkedRequest, its encoder, and the signatures one by one. */
import {
  signChunk,
  signChunkedRequest,
  signEvent,
  SigningKey,
  signTrailer,
  type SignatureChain,
} from '../../lib/sigv4/index.js';
import { forEach, itRefuses, SECRET, type Refusal } from '../bad-input/refusals.js';

const url = 'https://example-bucket.s3.eu-west-1.amazonaws.com/key';
const options = {
  region: 'eu-west-1',
  service: 's3',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET },
  decodedContentLength: 10,
};
const refusal = (code: Refusal['code'], names: string): Refusal => ({ code, names });
const withOptions = (changes: object) => signChunkedRequest({ method: 'PUT', url }, { ...options, ...changes });
const withRequest = (changes: object) => signChunkedRequest({ method: 'PUT', url, ...changes }, options);

describe('signChunkedRequest', () => {
  const noNumber = [undefined, null, '10', NaN, -1, 0.5, Infinity, 2 ** 53, {}, [], true, 10n];
  itRefuses([
    ...forEach(
      'decodedContentLength',
      noNumber,
      (decodedContentLength) => withOptions({ decodedContentLength }),
      refusal('ERR_INVALID_OPTION', 'decodedContentLength'),
    ),
    ...forEach(
      'chunkBytes',
      [...noNumber.slice(1), 0, 1, 8191, 2 ** 31],
      (chunkBytes) => withOptions({ chunkBytes }),
      refusal('ERR_INVALID_OPTION', 'chunkBytes'),
    ),
    ...forEach(
      'checksum',
      [null, '', 'md5', 'CRC32', 'crc-32', 'x-amz-checksum-crc32', 'constructor', '__proto__', true, {}, ['crc32']],
      (checksum) => withOptions({ checksum }),
      refusal('ERR_INVALID_OPTION', 'checksum'),
    ),
    ...forEach(
      'payload',
      [null, '', 'signed', true, 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
      (payload) => withOptions({ payload }),
      refusal('ERR_INVALID_OPTION', 'payload'),
    ),
    ...forEach(
      'payload without checksum',
      ['unsigned'],
      (payload) => withOptions({ payload }),
      refusal('ERR_INVALID_OPTION', 'checksum'),
    ),
    ...forEach(
      'contentEncoding',
      [null, 'aws-chunked', 0, 'false'],
      (contentEncoding) => withOptions({ contentEncoding }),
      refusal('ERR_INVALID_OPTION', 'contentEncoding'),
    ),
    ...forEach(
      'signedHeaders',
      [null, 'x-a', {}, ['a b']],
      (signedHeaders) => withOptions({ signedHeaders }),
      refusal('ERR_INVALID_OPTION', 'signedHeaders'),
    ),
    ...forEach(
      'unknown',
      ['chunkSize', 'contentSha256Header', 'bodyHash', 'trailers'],
      (name) => withOptions({ [String(name)]: 1 }),
      refusal('ERR_INVALID_OPTION', ''),
    ),
    ...forEach('region', [undefined, 'a b'], (region) => withOptions({ region }), refusal('ERR_ENDPOINT', 'region')),
    ...forEach(
      'credentials',
      [undefined, {}],
      (credentials) => withOptions({ credentials }),
      refusal('ERR_CREDENTIALS', ''),
    ),
    ...forEach('date', [null, 0], (date) => withOptions({ date }), refusal('ERR_INVALID_OPTION', 'date')),
    ...forEach('body', ['', 'a', undefined], (body) => withRequest({ body }), refusal('ERR_INVALID_OPTION', 'body')),
    ...forEach('url', ['/key', undefined], (bad) => withRequest({ url: bad }), refusal('ERR_INVALID_URL', 'url')),
    ...forEach(
      'headers',
      [null, new Headers(), new Map(), []],
      (headers) => withRequest({ headers }),
      refusal('ERR_INVALID_HEADER', 'headers'),
    ),
    ...forEach(
      'headers',
      [{ 'x-a': 'b\r\nc' }, { 'a b': 'c' }],
      (headers) => withRequest({ headers }),
      refusal('ERR_INVALID_HEADER', 'headers'),
    ),
  ]);
});

describe('the encoder', () => {
  const bytes = (length: number): Uint8Array => new Uint8Array(length);
  itRefuses([
    ...forEach(
      'data',
      ['0123456789', null, undefined, [1], new ArrayBuffer(10), new DataView(new ArrayBuffer(10)), 10],
      (data) => withOptions({}).encoder.encode(data as Uint8Array),
      refusal('ERR_UNSUPPORTED_BODY', 'data'),
    ),
    {
      what: 'more bytes at once',
      use: () => withOptions({}).encoder.encode(bytes(11)),
      ...refusal('ERR_INVALID_HEADER', 'Content-Length'),
    },
    {
      what: 'more bytes in the end',
      use: () => {
        const { encoder } = withOptions({});
        encoder.encode(bytes(10));
        encoder.encode(bytes(1));
      },
      ...refusal('ERR_INVALID_HEADER', '10'),
    },
    {
      what: 'fewer bytes',
      use: () => {
        const { encoder } = withOptions({});
        encoder.encode(bytes(9));
        encoder.end();
      },
      ...refusal('ERR_INVALID_HEADER', '9'),
    },
    ...forEach(
      'the sum',
      [undefined, null, '', 'AAAAAA', 'AAAAAAA=', 'AAAAAAAA', 'AAAAAAAAAAA=', 'AAAA\r\n==', '????????', 0, bytes(4)],
      (sum) => withOptions({ decodedContentLength: 0, checksum: 'crc32' }).encoder.end(sum as string),
      refusal('ERR_CHECKSUM', 'x-amz-checksum-crc32'),
    ),
    {
      what: 'a second end',
      use: () => {
        const { encoder } = withOptions({ decodedContentLength: 0 });
        encoder.end();
        encoder.end();
      },
      ...refusal('ERR_INVALID_OPTION', 'encoder'),
    },
    {
      what: 'bytes after the end',
      use: () => {
        const { encoder } = withOptions({ decodedContentLength: 0 });
        encoder.end();
        encoder.encode(bytes(0));
      },
      ...refusal('ERR_INVALID_OPTION', 'encoder'),
    },
  ]);
});

describe('the signatures one by one', () => {
  const date = new Date('2026-11-26T00:00:00Z');
  const signingKey = new SigningKey(SECRET, { date, region: 'eu-west-1', service: 's3' }, { keepSecret: false });
  const chain: SignatureChain = { signingKey, date, previousSignature: '0'.repeat(64) };
  const withChain = (changes: object): SignatureChain => ({ ...chain, ...changes });
  const each = (what: string, values: readonly unknown[], name: string, refused: Refusal) => [
    ...forEach(`signChunk: ${what}`, values, (value) => signChunk('', withChain({ [name]: value })), refused),
    ...forEach(`signTrailer: ${what}`, values, (value) => signTrailer({}, withChain({ [name]: value })), refused),
    ...forEach(`signEvent: ${what}`, values, (value) => signEvent('', withChain({ [name]: value })), refused),
  ];
  itRefuses([
    ...each('date', [undefined, null, 0, '2026-11-26', new Date(NaN)], 'date', refusal('ERR_INVALID_OPTION', 'date')),
    ...each('key', [undefined, null, {}, SECRET], 'signingKey', refusal('ERR_INVALID_OPTION', 'signingKey')),
    ...each(
      'the signature before',
      [undefined, null, '', 'A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(64)}\n`],
      'previousSignature',
      refusal('ERR_INVALID_OPTION', 'previousSignature'),
    ),
    ...each(
      'another day, without the secret',
      [new Date('2026-11-27T00:00:00Z')],
      'date',
      refusal('ERR_NO_SECRET_KEY', 'signing key'),
    ),
    ...forEach(
      'chain',
      [undefined, null, 1],
      (bad) => signChunk('', bad as SignatureChain),
      refusal('ERR_INVALID_OPTION', 'chain'),
    ),
    ...forEach(
      'data',
      [1, {}, []],
      (data) => signChunk(data as string, chain),
      refusal('ERR_UNSUPPORTED_BODY', 'body'),
    ),
    ...forEach(
      'payload',
      [1, {}, []],
      (data) => signEvent(data as string, chain),
      refusal('ERR_UNSUPPORTED_BODY', 'body'),
    ),
    ...forEach(
      'trailers',
      [null, undefined, 1],
      (bad) => signTrailer(bad as Record<string, string>, chain),
      refusal('ERR_INVALID_OPTION', 'trailers'),
    ),
    ...forEach(
      'trailers',
      [{ 'a b': 'c' }, { a: 'b\r\nc' }, { a: 1 }, { a: undefined }, { a: 'ü' }, { '': 'a' }],
      (bad) => signTrailer(bad as Record<string, string>, chain),
      refusal('ERR_INVALID_HEADER', 'trailers'),
    ),
  ]);
});
