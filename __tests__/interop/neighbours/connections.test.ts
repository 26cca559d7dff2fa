/** What works on the connection or the URL: axios-cookiejar-support, https-proxy-agent, qs. */
import { createServer as createHttpServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import axios from 'axios';
import { wrapper } from 'axios-cookiejar-support';
import { HttpsProxyAgent } from 'https-proxy-agent';
import qs from 'qs';
import { CookieJar } from 'tough-cookie';
import { aws4Interceptor } from '../../../lib/index.js';
import { createClient, credentials, describeRequest, scope } from '../../stand-ins/test-server.js';
import { listVerdicts, recordNeighbour, withServer } from './neighbour.js';

const listCookies = (requests: readonly Parameters<typeof describeRequest>[0][]) =>
  requests.map((request) => describeRequest(request).header('cookie')[0]);

describe('axios-cookiejar-support', () => {
  // Its README, "Usage": wrapper(axios.create({ jar })). Its agent adds the cookies below axios, after the signing.
  it.each([
    ['registered after ours', false],
    ['registered before ours', true],
  ])('sends the cookies that it got, %s, also with every header signed', async (_, isJarFirst) => {
    const respond = () => ({ status: 200, headers: { 'Set-Cookie': 'session=abc; Path=/' } });
    await withServer({ respond }, async (origin, server) => {
      const client = axios.create({ baseURL: origin, jar: new CookieJar() });
      const sign = aws4Interceptor({ ...scope, credentials, signedHeaders: ['*'] });
      if (isJarFirst) wrapper(client);
      client.interceptors.request.use(sign);
      if (!isJarFirst) wrapper(client);
      await client.get('/items');
      await client.post('/items', { name: 'Grüße' });
      expect(listCookies(server.requests)).toStrictEqual([undefined, 'session=abc']);
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted']);
    });
    recordNeighbour('axios-cookiejar-support', 'its cookies are sent, unsigned, also with signedHeaders: [*]');
  });

  it('cannot have its cookies joined to a Cookie header that is signed', async () => {
    await withServer({}, async (origin, server) => {
      const jar = new CookieJar();
      await jar.setCookie('session=abc', origin);
      const client = wrapper(createClient(origin, { signedHeaders: ['*'] }, { jar }));
      const headers = { Cookie: 'own=1' };
      const { status } = await client.get('/items', { headers, validateStatus: () => true });
      expect(status).toBe(403);
      expect(listVerdicts(server)).toStrictEqual(['SignatureDoesNotMatch']);

      await client.get('/items', { headers, aws4: { signedHeaders: [] } });
      expect(listCookies(server.requests).at(-1)).toBe('session=abc; own=1');
      expect(listVerdicts(server).at(-1)).toBe('accepted');
    });
  });
});

describe('https-proxy-agent', () => {
  // Its README: new HttpsProxyAgent('http://168.63.76.32:3128'), as the agent of a request.
  it('sends through a tunnel', async () => {
    await withServer({}, async (origin, server) => {
      const tunnels: (string | undefined)[] = [];
      const proxy = createHttpServer().on('connect', ({ url }, socket) => {
        tunnels.push(url);
        const { hostname, port } = new URL(`http://${url ?? ''}`);
        const target = connect(Number(port), hostname, () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          target.pipe(socket).pipe(target);
        });
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      try {
        const agent = new HttpsProxyAgent(`http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`);
        const client = createClient(origin, {}, { httpAgent: agent, proxy: false });
        await client.post('/items', { name: 'Grüße' }, { params: { tag: 'a b' } });
        expect(tunnels).toStrictEqual([new URL(origin).host]);
        expect(listVerdicts(server)).toStrictEqual(['accepted']);
      } finally {
        proxy.close();
      }
    });
    recordNeighbour('https-proxy-agent', 'sent through a CONNECT tunnel');
  });
});

describe('qs', () => {
  // axios's README, "Request config": paramsSerializer.serialize. The expected queries are those of qs's own README.
  it.each([
    [{ arrayFormat: 'indices' }, '/?a%5B0%5D=b&a%5B1%5D=c'],
    [{ arrayFormat: 'brackets' }, '/?a%5B%5D=b&a%5B%5D=c'],
    [{ arrayFormat: 'repeat' }, '/?a=b&a=c'],
    [{ arrayFormat: 'comma' }, '/?a=b%2Cc'],
    [{ encodeValuesOnly: true }, '/?a%5B0%5D=b&a%5B1%5D=c'],
    [{ encode: false }, '/?a%5B0%5D=b&a%5B1%5D=c'],
  ] as const)('as paramsSerializer, with %j', async (options, target) => {
    await withServer({}, async (origin, server) => {
      const serialize = (params: object) => qs.stringify(params, options);
      await createClient(origin, {}, { paramsSerializer: { serialize } }).get('/', { params: { a: ['b', 'c'] } });
      expect(server.requests.map((request) => request.target)).toStrictEqual([target]);
      expect(listVerdicts(server)).toStrictEqual(['accepted']);
    });
    recordNeighbour('qs', `as paramsSerializer: ${JSON.stringify(options)}`);
  });

  it('with the spaces of RFC 1738 is sent with those of RFC 3986', async () => {
    await withServer({}, async (origin, server) => {
      const serialize = (params: object) => qs.stringify(params, { format: 'RFC1738' });
      await createClient(origin, {}, { paramsSerializer: { serialize } }).get('/', {
        params: { a: 'b c', d: 'e+(f)' },
      });
      expect(server.requests.map((request) => request.target)).toStrictEqual(['/?a=b%20c&d=e%2B%28f%29']);
      expect(listVerdicts(server)).toStrictEqual(['accepted']);
    });
  });
});
