/** A config's headers where there are very many: each is looked at once. */
import { AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import { readConfigHeaders } from '../../lib/request/config-headers.js';
import { parseConfigUrl } from '../../lib/request/outgoing-url.js';
import { measureGrowth } from '../stand-ins/counted-steps.js';
import { withGlobals } from '../stand-ins/missing-globals.js';

/** Past axios's own `set`, which finds one name in whatever case, and takes the square of them for that. */
function createHeaders(size: number, create: (index: number) => readonly [name: string, value: unknown]): AxiosHeaders {
  return Object.assign(new AxiosHeaders(), Object.fromEntries(Array.from({ length: size }, (_, i) => create(i))));
}

const spell = (name: string, index: number): string =>
  Array.from(name, (letter, i) => ((index >> i) & 1 ? letter.toUpperCase() : letter)).join('');

function readHeaders(headers: AxiosHeaders, adapter: 'http' | 'fetch' | 'xhr' = 'http', signedHeaders?: string[]) {
  const config: InternalAxiosRequestConfig = { url: 'https://example.com/', headers };
  return readConfigHeaders(config, parseConfigUrl(config), adapter, signedHeaders);
}

it.each<[string, (index: number) => readonly [string, unknown], ('http' | 'xhr')?]>([
  ['spellings of a header that signing sets', (i) => [spell('authorization', i), 'x']],
  ['spellings of a token', (i) => [spell('x-amz-security-token', i), 'x']],
  ['empty lists', (i) => [`x-${String(i)}`, []]],
  ['lists', (i) => [`x-amz-${String(i)}`, ['a', 'b']]],
  ['headers that browsers set', (i) => [`sec-${String(i)}`, 'x'], 'xhr'],
])('four times as many %s take four times the steps', async (_, create, adapter = 'http') => {
  const read = (size: number) => readHeaders(createHeaders(size, create), adapter);
  await withGlobals({ navigator: {} }, async () => {
    expect(await measureGrowth(read, 200)).toBeLessThan(5);
  });
});

it('reads signedHeaders once, however many lists there are', () => {
  let reads = 0;
  const names = Array.from({ length: 50 }, (_, i) => `x-${String(i)}`);
  const signedHeaders = new Proxy(names, {
    get: (target, name): unknown => {
      reads += 1;
      return Reflect.get(target, name);
    },
  });
  const { sent } = readHeaders(
    createHeaders(100, (i) => [`x-${String(i)}`, ['a', 'b']]),
    'http',
    signedHeaders,
  );
  expect(reads).toBeGreaterThanOrEqual(names.length);
  // An iterator reads the length too, each time.
  expect(reads).toBeLessThan(4 * names.length);
  expect(sent).toMatchObject({ 'x-49': 'a,b', 'x-50': ['a', 'b'] });
});

it('names what is replaced in the order of the headers', () => {
  const headers = Object.assign(new AxiosHeaders(), { 'x-a': [], AUTHORIZATION: 'x', 'x-b': 'b', 'X-Amz-Date': 'x' });
  expect(readHeaders(headers).replaced).toStrictEqual(['x-a', 'AUTHORIZATION', 'X-Amz-Date']);
  expect(readHeaders(new AxiosHeaders({ 'x-b': 'b' })).replaced).toStrictEqual([]);
});
