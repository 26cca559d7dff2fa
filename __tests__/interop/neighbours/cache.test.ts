/** axios-cache-interceptor: what it has is not sent again, what it revalidates is accepted. */
import Axios, { type AxiosInstance } from 'axios';
import { setupCache, type AxiosCacheInstance, type CacheOptions } from 'axios-cache-interceptor';
import type { RawResponse, VerifyingServer } from 'strict-sigv4-verifier';
import { aws4Interceptor, type Aws4Options } from '../../../lib/index.js';
import { credentials, describeRequest, scope } from '../../stand-ins/test-server.js';
import { listVerdicts, recordNeighbour, withServer } from './neighbour.js';

// axios runs request interceptors in reverse: the one that was registered last sees the request first.
const orders = [
  ['after ours, so that it runs first', false],
  ['before ours, so that it runs on what is signed', true],
] as const;

function createCached(
  origin: string,
  isCacheFirst: boolean,
  { cache = {}, aws4 = {} }: { cache?: CacheOptions; aws4?: Aws4Options } = {},
): AxiosCacheInstance {
  const instance: AxiosInstance = Axios.create({ baseURL: origin });
  const sign = aws4Interceptor({ ...scope, credentials, ...aws4 });
  if (!isCacheFirst) instance.interceptors.request.use(sign);
  const cached = setupCache(instance, cache);
  if (isCacheFirst) cached.interceptors.request.use(sign);
  return cached;
}

const listHeader = (server: VerifyingServer, name: string) =>
  server.requests.map((request) => describeRequest(request).header(name)[0]);

const json = (headers: Record<string, string>): RawResponse => ({
  status: 200,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: '{"from":"server"}',
});

describe.each(orders)('registered %s', (_, isCacheFirst) => {
  // Its README: two requests at the same time, of which the second is cached.
  it('gives the second of two equal requests from the cache, at the same time and later', async () => {
    await withServer({}, async (origin, server) => {
      const axios = createCached(origin, isCacheFirst);
      const [res1, res2] = await Promise.all([axios.get('/items'), axios.get('/items')]);
      expect([res1.cached, res2.cached]).toStrictEqual([false, true]);
      expect((await axios.get('/items')).cached).toBe(true);
      expect((await axios.get('/items', { params: { tag: 'a b' } })).cached).toBe(false);
      expect((await axios.get('/items', { params: { tag: 'a b' } })).cached).toBe(true);
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted']);
    });
    recordNeighbour(
      'axios-cache-interceptor',
      'a signed request hits the cache; registered after or before the signing',
    );
  });

  // Its documentation, "Request specifics": cache.etag and cache.modifiedSince.
  it.each([
    ['not signed', []],
    ['signed', ['if-none-match', 'if-modified-since']],
    ['all signed', ['*']],
  ])('revalidates what is stale with headers that are %s', async (__, signedHeaders) => {
    const modified = 'Wed, 21 Oct 2015 07:28:00 GMT';
    const answers: RawResponse[] = [
      json({ ETag: '"v1"', 'Last-Modified': modified, 'Cache-Control': 'max-age=0' }),
      { status: 304 },
    ];
    await withServer({ respond: () => answers.shift() }, async (origin, server) => {
      const cache = { etag: true, modifiedSince: true, interpretHeader: true };
      const axios = createCached(origin, isCacheFirst, { cache, aws4: { signedHeaders } });
      await axios.get('/items');
      const { cached, data } = await axios.get<unknown>('/items');
      expect({ cached, data }).toStrictEqual({ cached: true, data: { from: 'server' } });
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted']);
      expect(listHeader(server, 'if-none-match')).toStrictEqual([undefined, '"v1"']);
      expect(listHeader(server, 'if-modified-since')).toStrictEqual([undefined, modified]);
      const isSigned = listHeader(server, 'authorization')[1]?.includes('if-modified-since;if-none-match');
      expect(isSigned).toBe(signedHeaders.length > 0);
    });
  });
});

describe('a response that varies by Authorization', () => {
  const request = async (cache: CacheOptions, isCacheFirst: boolean): Promise<readonly boolean[]> => {
    const cached: boolean[] = [];
    let now = Date.UTC(2026, 0, 1);
    const respond = () => json({ Vary: 'Authorization', 'Cache-Control': 'max-age=60' });
    await withServer({ respond, clock: () => new Date(now) }, async (origin, server) => {
      const axios = createCached(origin, isCacheFirst, { cache, aws4: { clock: () => now } });
      for (let i = 0; i < 4; i++) {
        cached.push((await axios.get('/items')).cached);
        now += 1000;
      }
      expect(new Set(listVerdicts(server))).toStrictEqual(new Set(['accepted']));
    });
    return cached;
  };

  it.each(orders)('hits where `vary` is off, registered %s', async (_, isCacheFirst) => {
    expect(await request({ vary: false }, isCacheFirst)).toStrictEqual([false, true, true, true]);
  });

  // No config shows a signature, so that `Vary: Authorization` tells no two identities apart: each needs a cache.
  it.each(orders)('hits where `vary` is on, registered %s', async (_, isCacheFirst) => {
    expect(await request({}, isCacheFirst)).toStrictEqual([false, true, true, true]);
  });
});
