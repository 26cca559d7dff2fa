/** What is signed, refused and explained where the runtime lacks a global that others have, or a method of its arrays. */
import type { AxiosAdapter, AxiosStatic, InternalAxiosRequestConfig } from 'axios';
import type * as index from '../../lib/index.js';
import type * as lower from '../../lib/sigv4/index.js';
import { withGlobals, withoutGlobals } from '../stand-ins/missing-globals.js';
import { describeVerdict, verifySigned } from '../stand-ins/verify-signed.js';
import { platform } from '#platform';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token/of+it==' };
const verifying = {
  algorithms: ['AWS4-HMAC-SHA256'],
  allowChunkedPayload: true,
  allowUnsignedPayload: true,
  now: undefined,
} as const;
const BUCKET = 'https://bucket.s3.eu-west-1.amazonaws.com';

/** React Native's own `URL`, as far as it misleads: it escapes nothing, and finds ports in paths. */
class NativeUrl {
  constructor(readonly href: string) {}
  get host(): string {
    const [, host = ''] = /^https?:\/\/([^/]*)/.exec(this.href) ?? [];
    return host + (/:\d+(?=\/|$)/.exec(this.href)?.[0] ?? '');
  }
  get search(): never {
    throw new Error('URL.search is not implemented');
  }
}

/** React Native's own `Blob`, which takes texts and other Blobs alone. */
function NativeBlob(parts: readonly unknown[]): void {
  if (parts.every((part) => typeof part === 'string')) return;
  throw new Error("Creating blobs from 'ArrayBuffer' and 'ArrayBufferView' are not supported");
}

const NAMES = [
  // Node is nothing without it.
  ...(platform.name === 'node' ? [] : ['Buffer']),
  ...['Blob', 'FileReader', 'FormData', 'MessageChannel', 'ReadableStream', 'Request', 'Response'],
  ...['TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'atob', 'btoa', 'crypto', 'performance'],
];
const absent = (names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, undefined]));

/** Runs something where some globals are others. */
type Within = <Result>(run: () => Promise<Result>) => Promise<Result>;

const runtimes: readonly (readonly [name: string, within: Within])[] = [
  ...NAMES.map((name): readonly [string, Within] => [`no ${name}`, (run) => withoutGlobals([name], run)]),
  ...NAMES.map((name): readonly [string, Within] => [
    `a ${name} that is undefined`,
    (run) => withGlobals({ [name]: undefined }, run),
  ]),
  ['none of them', (run) => withoutGlobals(NAMES, run)],
  ['all of them undefined', (run) => withGlobals(absent(NAMES), run)],
  [
    "React Native's URL and Blob, and nothing more",
    (run) => withGlobals({ ...absent(NAMES), URL: NativeUrl, Blob: NativeBlob }, run),
  ],
];

/** A fresh copy of the package, and of axios: what it finds at load is what there is. */
interface Loaded {
  readonly index: typeof index;
  readonly lower: typeof lower;
  readonly axios: AxiosStatic;
}

async function load(): Promise<Loaded> {
  let loaded: Loaded | undefined;
  await jest.isolateModulesAsync(async () => {
    loaded = {
      axios: (await import('axios')).default,
      index: await import('../../lib/index.js'),
      lower: await import('../../lib/sigv4/index.js'),
    };
  });
  if (loaded === undefined) throw new Error('Nothing was loaded');
  return loaded;
}

/** What a copy of the package has a custom adapter send for a config. */
async function send({ axios, index: { aws4Interceptor } }: Loaded, config: object) {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = (each) => {
    sent.push(each);
    return Promise.resolve({ data: '', status: 200, statusText: '', headers: {}, config: each });
  };
  const client = axios.create({ baseURL: BUCKET, adapter });
  client.interceptors.request.use(aws4Interceptor({ credentials }));
  await client.request({ method: 'put', ...config });
  const [request] = sent;
  if (request === undefined) throw new Error('Nothing was sent');
  const { method = '', headers, data } = request;
  return { method: method.toUpperCase(), url: axios.getUri(request), headers: headers.toJSON(), data: data as unknown };
}

/** The bytes of what an adapter was given, by Node's own means, after the globals are back. */
async function readBody(data: unknown): Promise<Uint8Array> {
  if (data === undefined || data === null) return new Uint8Array();
  if (typeof data === 'string') return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(await new Response(data as BodyInit).arrayBuffer());
}

const bytes = (): Uint8Array => Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);

const requests: readonly (readonly [name: string, config: () => object, content: string | Uint8Array])[] = [
  ['an object', () => ({ url: '/key:1', data: { a: 'ü💛' }, params: { q: 'a b', r: ['x', 'ü'] } }), '{"a":"ü💛"}'],
  ['text of 200 kB', () => ({ url: '/key', data: 'ü'.repeat(100_000) }), 'ü'.repeat(100_000)],
  ['a view', () => ({ url: '/key', data: bytes().subarray(1, 4) }), Uint8Array.of(1, 2, 3)],
  ['a buffer', () => ({ url: '/key', data: bytes().buffer }), bytes()],
  ['text in Latin-1', () => ({ url: '/k', data: 'ü', headers: { 'Content-Type': 'a/b;charset=latin1' } }), '\xfc'],
  ['a checksum', () => ({ url: '/key', data: 'text', aws4: { checksum: 'crc32' } }), 'text'],
  ['a checksum of bytes', () => ({ url: '/key', data: bytes(), aws4: { checksum: 'crc64nvme' } }), bytes()],
  ['unsigned bytes', () => ({ url: '/key', data: bytes(), aws4: { payload: 'unsigned' } }), bytes()],
  [
    'a signature in the query',
    () => ({ url: '/a b:1?c=ü', data: 'x', aws4: { signIn: 'query', payload: 'signed' } }),
    'x',
  ],
  ['a timeout', () => ({ url: '/key', timeout: 60_000, data: 'x' }), 'x'],
];

const refusals: readonly (readonly [name: string, value: string, seen: string, summary: RegExp])[] = [
  ['a header whose values are in another order', 'b,c,d', 'd,b,c', /another order/],
  ['a header in another encoding', 'ü', '\u00c3\u00bc', /another encoding/],
  ['a header of another value', 'b', 'c', /x-amz-meta-a/],
];

/** What is said of a refusal whose answer is bytes: the server has seen a header otherwise than it was signed. */
async function explain({ axios, index: { aws4Interceptor, explainRefusal } }: Loaded, value: string, seen: string) {
  let canonicalRequest = '';
  const onSigned = (trace: index.SigningTrace): void => {
    ({ canonicalRequest } = trace);
  };
  const adapter: AxiosAdapter = (config) => {
    const theirs = canonicalRequest.replace(`x-amz-meta-a:${value}`, `x-amz-meta-a:${seen}`);
    const text = `<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>${theirs}</CanonicalRequest></Error>`;
    const data = Uint8Array.from(encodeURIComponent(text).match(/%..|./g) ?? [], (unit) =>
      unit.length > 1 ? Number.parseInt(unit.slice(1), 16) : unit.charCodeAt(0),
    );
    const response = { data, status: 403, statusText: 'Forbidden', headers: {}, config };
    return Promise.reject(new axios.AxiosError('refused', 'ERR_BAD_REQUEST', config, undefined, response));
  };
  const client = axios.create({ baseURL: BUCKET, adapter });
  client.interceptors.request.use(aws4Interceptor({ credentials, onSigned }));
  const headers = { 'x-amz-meta-a': value };
  const error: unknown = await client.put('/key', 'x', { headers }).catch((reason: unknown) => reason);
  return String(explainRefusal(error));
}

const toBytes = (content: string | Uint8Array): Uint8Array => {
  if (typeof content !== 'string') return content;
  return content === '\xfc' ? Uint8Array.of(0xfc) : Buffer.from(content);
};

describe.each(runtimes)('with %s', (_, within) => {
  let loaded: Loaded;
  beforeAll(async () => {
    loaded = await within(load);
  });

  it.each(requests)('signs %s', async (_name, createConfig, content) => {
    const { data, ...signed } = await within(() => send(loaded, createConfig()));
    const body = await readBody(data);
    expect(Buffer.from(body).equals(toBytes(content))).toBe(true);
    const headers = signed.headers as Record<string, string>;
    expect(describeVerdict(verifySigned({ ...signed, headers, body }, credentials, verifying))).toBe('ok');
  });

  it.each([{}, { checksum: 'crc32' }])('sends bytes in signed chunks, %j', async (more) => {
    const config = { url: '/key:1', data: bytes(), aws4: { payload: 'streaming', ...more } };
    const { data, ...signed } = await within(() => send(loaded, config));
    const body = await readBody(data);
    const headers = { ...(signed.headers as Record<string, string>), 'Content-Length': String(body.length) };
    const verdict = verifySigned({ ...signed, headers, body }, credentials, verifying);
    expect(describeVerdict(verdict)).toBe('ok');
    expect(verdict.ok && verdict.decoded?.data.equals(bytes())).toBe(true);
  });

  it('presigns URLs and POST policies', async () => {
    const { lower: signing, index: upper } = loaded;
    const scope = { region: 'eu-west-1', service: 's3', credentials } as const;
    const post = { url: `${BUCKET}/`, bucket: 'bucket', key: 'ü💛' };
    const { url, made, upperPost } = await within(async () => ({
      url: signing.presignUrl({ method: 'GET', url: `${BUCKET}/a%20b%3A1?c=%C3%BC` }, { ...scope, expiresIn: 60 }).url,
      made: signing.createPresignedPost(post, { region: 'eu-west-1', credentials }),
      upperPost: await upper.aws4PresignPost(post, { credentials }),
    }));
    expect(describeVerdict(verifySigned({ method: 'GET', url, headers: {} }, credentials, verifying))).toBe('ok');
    for (const { fields } of [made, upperPost]) {
      const policy = JSON.parse(
        Buffer.from(String(fields['policy'] ?? fields['Policy']), 'base64').toString(),
      ) as object;
      expect(policy).toMatchObject({ conditions: expect.arrayContaining([{ key: 'ü💛' }]) as unknown });
    }
  });

  it.each(refusals)('explains %s', async (_name, value, seen, summary) => {
    expect(await within(() => explain(loaded, value, seen))).toMatch(summary);
  });
});

describe("without the newer methods of arrays, which React Native's engines lack", () => {
  const methods = ['toSorted', 'toReversed', 'toSpliced', 'with', 'findLast', 'findLastIndex'];
  const kept = methods.map((name) => Object.getOwnPropertyDescriptor(Array.prototype, name));
  beforeAll(() => {
    for (const name of methods) Reflect.deleteProperty(Array.prototype, name);
  });
  afterAll(() => {
    for (const [i, name] of methods.entries()) Object.defineProperty(Array.prototype, name, kept[i] ?? {});
  });

  it.each(refusals)('explains %s', async (_, value, seen, summary) => {
    expect(await explain(await load(), value, seen)).toMatch(summary);
  });

  it('signs the trailers of a body in chunks', async () => {
    const loaded = await load();
    const config = { url: '/key', data: bytes(), aws4: { payload: 'streaming', checksum: 'sha256' } };
    const { data, ...signed } = await send(loaded, config);
    const body = await readBody(data);
    const headers = { ...(signed.headers as Record<string, string>), 'Content-Length': String(body.length) };
    expect(describeVerdict(verifySigned({ ...signed, headers, body }, credentials, verifying))).toBe('ok');
  });
});
