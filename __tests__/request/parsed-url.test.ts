/** URLs where the runtime's own `URL` cannot read them (React Native): the same parts as Node's, or a refusal by name. */
import fc from 'fast-check';
import { parsePlainUrl } from '../../lib/request/parsed-url.js';
import { parseUrl } from '../../lib/request/outgoing-url.js';
import { splitUrl } from '../../lib/sigv4/canonical-request.js';
import { aws4Interceptor, Aws4AuthError, parseAwsHostname } from '../../lib/index.js';
import { ReactNativeUrl, UnimplementedUrl } from '../stand-ins/react-native-url.js';
import { createCapture, createClient, failure } from '../stand-ins/test-server.js';

const StandardUrl = URL;
const setUrl = (constructor: unknown): void => {
  Object.defineProperty(globalThis, 'URL', { value: constructor, configurable: true, writable: true });
};
afterEach(() => {
  setUrl(StandardUrl);
});

const hosts = [
  ...['a', 'example.com', 'EXAMPLE.com', 'a_b.example', 'a.b-c.d1', 'example.com.', 'localhost', '_x.y', '1.2.3.4'],
  ...['127.0.0.1', '255.255.255.255', '[::1]', '1.2.3', '127.1', '010.0.0.1', '256.1.1.1', '0x7f.1', '[::1:0]', 'a..b'],
  ...['bücher.example', 'xn--bcher-kva.example', 'a%41', 'user@a', 'a b', '', '1.2.3.4.', 'a.1', 'K.example'],
];
const ports = ['', ':', ':80', ':443', ':9000', ':00443', ':0', ':65535', ':65536', ':99999', ':x'];
const pieces = [
  ...['a', '/', '.', '..', '%2e', '%2E', '%', '%zz', '%7e', ':0', ':80', '@', '?', '#', '\\', ' ', '+', '&', '=', '|'],
  ...['{', '}', '`', '"', "'", '<', '>', '[', ']', '~', '!', '$', '(', ')', '*', ',', ';', '_', '-', 'é', '日', '💛'],
  ...['\ud800', '\x7f', '\t', '//', 'https:'],
];
const url = fc
  .tuple(
    fc.constantFrom('https://', 'http://', 'HTTPS://', 'Http://', ' https://'),
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom('example.com', 'A.example') }, fc.constantFrom(...hosts)),
    fc.oneof({ weight: 3, arbitrary: fc.constant('') }, fc.constantFrom(...ports)),
    fc.oneof(
      fc.constant(''),
      fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => `/${all.join('')}`),
    ),
    fc.oneof(
      fc.constant(''),
      fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((all) => `?${all.join('')}`),
    ),
  )
  .map((parts) => parts.join(''));

/** The parts that Node gives, or `undefined` where it has none. */
function parseByNode(text: string): object | undefined {
  try {
    const { protocol, host, hostname, port, origin, pathname, search } = new StandardUrl(text);
    return { protocol, host, hostname, port, origin, pathname, search };
  } catch {
    return undefined;
  }
}

/** What a function gives, or the code of its error. */
function attempt<Result>(make: () => Result): Result | string {
  try {
    return make();
  } catch (error) {
    if (error instanceof Aws4AuthError) return error.code;
    throw error;
  }
}

it.each([ReactNativeUrl, UnimplementedUrl, undefined])('reads a URL as Node does, or refuses it, with %p', (Url) => {
  let read = 0;
  setUrl(Url);
  fc.assert(
    fc.property(url, (text) => {
      const parsed = attempt(() => parsePlainUrl(text));
      if (typeof parsed === 'string') {
        expect(['ERR_RUNTIME', 'ERR_INVALID_URL']).toContain(parsed);
        return;
      }
      read += 1;
      const { href, ...parts } = parsed;
      expect(parts).toStrictEqual(parseByNode(text));
      expect(parseByNode(href)).toStrictEqual(parts);
    }),
    { numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(300);
});

it.each(hosts.flatMap((host) => ports.map((port) => [`https://${host}${port}/x`])))(
  'splits the host of %s as Node does, or refuses it',
  (text) => {
    const byNode = attempt(() => splitUrl(text));
    setUrl(ReactNativeUrl);
    const byItself = attempt(() => splitUrl(text));
    if (byItself !== 'ERR_RUNTIME') expect(byItself).toStrictEqual(byNode);
    if (typeof byItself === 'object') expect(byItself.host).toBe(new StandardUrl(text).host);
  },
);

it.each(['https://a/b/../c', 'https://a/%2E%2e/b', 'https://a/b\\c', 'https://bücher.example/', 'https://127.1/'])(
  'names the polyfill for %s',
  (text) => {
    setUrl(ReactNativeUrl);
    expect(() => parseUrl(text, undefined)).toThrow(
      expect.objectContaining({
        name: 'Aws4AuthError',
        code: 'ERR_RUNTIME',
        message: expect.stringContaining("'react-native-url-polyfill/auto'"),
      }),
    );
  },
);

it('takes a polyfill that comes later', () => {
  setUrl(ReactNativeUrl);
  expect(attempt(() => parseUrl('https://a/b/../c', undefined))).toBe('ERR_RUNTIME');
  setUrl(StandardUrl);
  expect(parseUrl('https://a/b/../c', undefined).pathname).toBe('/c');
});

describe.each([ReactNativeUrl, UnimplementedUrl])('a client with %p', (Url) => {
  const { adapter, sent } = createCapture();
  const client = createClient('', {}, { adapter });
  beforeEach(() => {
    sent.length = 0;
    setUrl(Url);
  });

  it.each([
    ['https://bedrock-runtime.eu-west-1.amazonaws.com/model/x-v1:0/invoke'],
    ['https://bedrock-runtime.eu-west-1.amazonaws.com/model/x-v1:0'],
    ['https://abc.execute-api.eu-west-1.amazonaws.com/items?owner=a@b', '/items?owner=a%40b'],
    ['http://localhost:9000/items'],
    [
      'HTTPS://Abc.execute-api.eu-west-1.amazonaws.com:443/a b',
      'https://abc.execute-api.eu-west-1.amazonaws.com/a%20b',
    ],
    ['http://LOCALHOST:80/é?q=a b', 'http://localhost/%C3%A9?q=a%20b'],
  ])('signs %s as where the URL is the standard one, and sends it so', async (text, expected = text) => {
    // The date is the caller's own: both are signed at one moment.
    const send = () => client.post(text, { a: 1 }, { headers: { 'X-Amz-Date': '20260101T000000Z' } });
    await send();
    setUrl(StandardUrl);
    await send();
    const [here, byStandard] = sent.map(({ url, data, headers }) => ({ url, data, headers: headers.toJSON() }));
    expect(here).toStrictEqual(byStandard);
    expect(here).toMatchObject({
      url: expect.stringContaining(expected),
      headers: { Authorization: expect.any(String) },
    });
  });

  it('refuses what it cannot read, and sends nothing', async () => {
    const error = await failure(client.get('https://abc.execute-api.eu-west-1.amazonaws.com/a/../b?token=hunter2'));
    expect(error).toMatchObject({ code: 'ERR_RUNTIME', isAxiosError: true });
    expect(String(error)).not.toContain('hunter2');
    expect(sent).toHaveLength(0);
  });

  it('takes hosts that are spelled as URLs spell them, and names the polyfill for others', () => {
    expect(() => aws4Interceptor({ hosts: ['api.example.com', '*.example.org', 'localhost:9000'] })).not.toThrow();
    expect(() => aws4Interceptor({ hosts: ['bücher.example'] })).toThrow(
      expect.objectContaining({ code: 'ERR_RUNTIME', message: expect.stringMatching(/^hosts: .*polyfill/) }),
    );
  });

  it('names the polyfill where `hosts` is a function, which would be given a URL', async () => {
    const answers = createClient('', { hosts: () => true }, { adapter });
    expect(await failure(answers.get('https://api.example.com/'))).toMatchObject({ code: 'ERR_RUNTIME' });
  });

  it('reads hostnames', () => {
    expect(parseAwsHostname('bucket.s3.eu-west-1.amazonaws.com')).toMatchObject({ service: 's3', region: 'eu-west-1' });
  });
});
