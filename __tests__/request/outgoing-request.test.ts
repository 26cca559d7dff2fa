/** A body's length, as a Content-Length of the caller's own says it: it is compared without the body's bytes. */
import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { readConfigHeaders } from '../../lib/request/config-headers.js';
import { buildRequest } from '../../lib/request/outgoing-request.js';
import { parseConfigUrl } from '../../lib/request/outgoing-url.js';
import { platform } from '#platform';

async function build(data: unknown, ...lengths: readonly string[]) {
  const spellings = ['Content-Length', 'content-length', 'CONTENT-LENGTH'];
  const own = Object.fromEntries(lengths.map((length, i) => [spellings[i], length]));
  const headers = Object.assign(new AxiosHeaders(), own);
  const config: InternalAxiosRequestConfig = { url: 'https://example.com/', method: 'put', data, headers };
  const parsedUrl = parseConfigUrl(config);
  const given = readConfigHeaders(config, parsedUrl, 'http', undefined);
  const rules = {
    parsedUrl,
    service: 's3',
    adapterName: 'http',
    given,
    keepsStreams: false,
    maxStreamBytes: 0,
  } as const;
  let waits = 0;
  const wait = <T>(awaited: Promise<T>): Promise<T> => {
    waits += 1;
    return awaited;
  };
  const request = await buildRequest(config, rules, { wait });
  return { request, waits };
}

const LONG = `${'a'.repeat(2 ** 16 - 1)}💛${'ä'.repeat(2 ** 18)}`;
const lengthOf = (text: string): string => String(Buffer.byteLength(text));

it.each<[string, unknown, string]>([
  ['nothing', undefined, '0'],
  ['text', 'ä', '2'],
  ['long text', LONG, lengthOf(LONG)],
  ['bytes', new Uint8Array(5), '5'],
  ['a Blob', new Blob(['ä']), '2'],
])('of %s is taken, in each spelling', async (_, data, length) => {
  const { request } = await build(data, length, length);
  expect(request.headers).toMatchObject({ 'Content-Length': length, 'content-length': length });
});

it.each<[string, unknown, readonly string[]]>([
  ['nothing', undefined, ['1']],
  ['text', 'ä', ['1']],
  ['long text', LONG, [String(LONG.length)]],
  ['bytes', new Uint8Array(5), ['05']],
  ['a Blob', new Blob(['ä']), ['1']],
  ['text, in one spelling of several', 'ä', ['2', '2', '3']],
])('of %s is refused where it is another', async (_, data, lengths) => {
  await expect(build(data, ...lengths)).rejects.toMatchObject({ code: 'ERR_INVALID_HEADER' });
});

it('gives others a turn for each slice of long text, and waits for nothing else', async () => {
  const turns = jest.spyOn(platform, 'yieldToEventLoop');
  try {
    expect(await build(LONG, lengthOf(LONG))).toMatchObject({ waits: 1 });
    expect(turns.mock.calls.length).toBeGreaterThanOrEqual(Math.floor(LONG.length / 2 ** 16) - 1);
    turns.mockClear();
    expect(await build('a'.repeat(2 ** 16), String(2 ** 16))).toMatchObject({ waits: 0 });
    expect(await build(LONG)).toMatchObject({ waits: 0 });
    expect(turns).not.toHaveBeenCalled();
  } finally {
    turns.mockRestore();
  }
});
