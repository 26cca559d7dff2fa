/** Headers that browsers leave out: which adapters do, by what the runtime's own classes show, and what is signed then. */
import { aws4Sign } from '../../lib/index.js';
import { isForbidden } from '../../lib/request/forbidden-headers.js';
import { withGlobals } from '../stand-ins/missing-globals.js';
import { credentials, scope } from '../stand-ins/test-server.js';

/** A browser's `Request`, as far as its headers go. */
class BrowserRequest {
  readonly headers: Headers;
  constructor(_url: string, { headers }: { readonly headers: Record<string, string> }) {
    this.headers = new Headers(headers);
    for (const name of ['Date', 'Cookie', 'Host']) this.headers.delete(name);
  }
}

const forbids = (adapterName: 'http' | 'xhr' | 'fetch' | 'custom') => Promise.resolve(isForbidden('Date', adapterName));

it.each([
  ['http', {}, false],
  ['custom', {}, false],
  ["Node's fetch", {}, false],
  ["a browser's fetch", { Request: BrowserRequest }, true],
  ['a fetch without a Request', { Request: undefined }, false],
  ['xhr', {}, true],
  ["React Native's xhr", { navigator: { product: 'ReactNative' } }, false],
  ['xhr where there is no navigator', { navigator: undefined }, true],
])('%s forbids them or not', async (name, globals, expected) => {
  const adapterName = (['http', 'custom', 'fetch', 'xhr'] as const).find((each) => name.includes(each)) ?? 'http';
  expect(await withGlobals(globals, () => forbids(adapterName))).toBe(expected);
});

it('has names of browsers alone', () => {
  const names = [
    'Content-Type',
    'User-Agent',
    'Accept',
    'Accept-Language',
    'X-Amz-Date',
    'Range',
    'Section',
    'Datetime',
  ];
  expect(names.filter((name) => isForbidden(name, 'xhr'))).toStrictEqual([]);
});

it('takes the moment of a Date that fetch leaves out, and signs without it', async () => {
  const config = {
    url: 'https://abc123.execute-api.eu-west-1.amazonaws.com/',
    adapter: 'fetch',
    headers: { Date: 'Sun, 30 Aug 2015 12:36:00 GMT', Cookie: 'a=b' },
  };
  const options = { ...scope, credentials, signedHeaders: ['*'] };
  const { headers, trace } = await withGlobals({ Request: BrowserRequest }, () => aws4Sign(config, options));
  expect(headers).toMatchObject({ 'X-Amz-Date': '20150830T123600Z' });
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['Date']));
  expect(trace.canonicalRequest).not.toMatch(/^(?:date|cookie):/m);
  const inNode = await aws4Sign(config, options);
  expect(inNode.headers).toMatchObject({ Date: config.headers.Date, 'X-Amz-Date': '20150830T123600Z' });
});

it.each([
  ['Content-Length', '5'],
  ['content-length', '5'],
])('takes the length of a stream from a %s that fetch leaves out', async (name, length) => {
  const config = {
    url: 'https://bucket.s3.eu-west-1.amazonaws.com/key',
    method: 'put',
    adapter: 'fetch',
    headers: { [name]: length },
  };
  const options = { credentials, payload: 'streaming' } as const;
  const sign = () => aws4Sign({ ...config, data: new Blob(['hello']).stream() }, options);
  const { headers } = await withGlobals({ Request: BrowserRequest }, sign);
  expect(headers).toMatchObject({ 'X-Amz-Decoded-Content-Length': '5' });
});
