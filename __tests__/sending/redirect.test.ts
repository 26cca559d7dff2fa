/** Redirects, over real servers: one to start from, one of the same hosts, one of nobody's. */
import axios, { type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios';
import type { RawResponse } from 'strict-sigv4-verifier';
import {
  createClient,
  createServer,
  credentials,
  describeRequest,
  failure,
  temporary,
} from '../stand-ins/test-server.js';

const routes = new Map<string, RawResponse>();
const home = createServer({ respond: ({ target }) => routes.get(target) });
const other = createServer({ respond: ({ target }) => routes.get(target) });
let origin: string;
let elsewhere: string;
let elsewhereHost: string;
beforeAll(async () => {
  ({ origin } = await home.start());
  const address = await other.start();
  elsewhere = address.origin;
  elsewhereHost = `${address.host}:${String(address.port)}`;
});
afterAll(async () => {
  await home.close();
  await other.close();
});
beforeEach(() => {
  routes.clear();
});

const redirect = (from: string, status: number, location: string): void => {
  routes.set(from, { status, headers: { Location: location } });
};
const secrets = ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'];
const secretsOf = (names: readonly string[]): readonly string[] => names.filter((name) => secrets.includes(name));

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  const create = (options = {}) => createClient(origin, { credentials: temporary, ...options }, { adapter });

  it.each([301, 302, 303, 307, 308])(
    '%i within the origin is signed afresh, for its own method and body',
    async (status) => {
      redirect('/from', status, '/to/a b?x=1+2&y');
      for (const method of ['get', 'post', 'put', 'delete'] as const) {
        const count = home.requests.length;
        await create().request({ method, url: '/from', ...(method !== 'get' && { data: { a: 1 } }) });
        expect(home.verifications.slice(count).map(({ verdict }) => verdict.ok)).toStrictEqual([true, true]);
        const becomesGet = status === 303 ? method !== 'get' : status < 303 && method === 'post';
        const { method: sent, text, target } = describeRequest(home.requests.at(-1));
        expect(sent).toBe(becomesGet ? 'GET' : method.toUpperCase());
        expect(text).toBe(becomesGet || method === 'get' ? '' : '{"a":1}');
        expect(target).toBe('/to/a%20b?x=1%202&y');
      }
    },
  );

  it('goes on over several hops, and each has its own signature', async () => {
    redirect('/1', 302, '/2');
    redirect('/2', 307, './3');
    const count = home.requests.length;
    const traces: string[] = [];
    const response = await create({ onSigned: ({ signature }: { signature: string }) => traces.push(signature) }).get(
      '/1',
    );
    expect(response.status).toBe(200);
    expect(home.verifications.slice(count).map(({ verdict }) => verdict.ok)).toStrictEqual([true, true, true]);
    expect(new Set(traces).size).toBe(3);
  });

  it.each([302, 303])('%i drops the body for good, and its hash with it', async (status) => {
    redirect('/1', status, '/2');
    redirect('/2', 302, '/3');
    const count = home.requests.length;
    await create().post('/1', { a: 1 });
    expect(home.verifications.slice(count).map(({ verdict }) => verdict.ok)).toStrictEqual([true, true, true]);
  });

  it('to another host goes without cookies', async () => {
    redirect('/away', 307, `${elsewhere}/there`);
    const hosts = ['127.0.0.1', elsewhereHost];
    await create({ hosts }).get('/away', { headers: { Cookie: 'session=1', 'Proxy-Authorization': 'Basic x' } });
    const { names } = describeRequest(other.requests.at(-1));
    expect(names).not.toContain('cookie');
    expect(names).not.toContain('proxy-authorization');
  });

  it('within the origin keeps cookies', async () => {
    redirect('/from', 307, '/to');
    await create().get('/from', { headers: { Cookie: 'session=1' } });
    expect(describeRequest(home.requests.at(-1)).header('cookie')).toStrictEqual(['session=1']);
  });

  it.each([303, 307])(
    'to another host, by %i, keeps headers whose names only look like those that go',
    async (status) => {
      redirect('/away', status, `${elsewhere}/there`);
      const kept = ['my-cookie', 'cookie-policy', 'my-authorization', 'authorization-kind', 'my-host', 'host-kind'];
      const amz = ['my-x-amz-date', 'my-x-amz-token', 'my-content-length', 'my-content-kind'];
      const headers = Object.fromEntries([...kept, ...amz].map((name) => [name, 'x']));
      await failure(create().post('/away', 'x', { headers }));
      expect(describeRequest(other.requests.at(-1)).names).toEqual(expect.arrayContaining([...kept, ...amz]));
    },
  );

  it('answers that validateStatus says nothing of are errors', async () => {
    routes.set('/missing', { status: 404 });
    const validateStatus = ((status: number) => (status < 300 ? true : undefined)) as (status: number) => boolean;
    expect(await failure(create().get('/missing', { validateStatus }))).toMatchObject({ response: { status: 404 } });
  });

  it('to another host goes without signature and secrets', async () => {
    redirect('/away', 307, `${elsewhere}/there`);
    await failure(
      create().post('/away', 'x', {
        headers: {
          'X-Amz-Meta-Color': 'blue',
          'x-amz-server-side-encryption-customer-key': 'c2VjcmV0',
          'x-amz-checksum-sha256': 'digest',
          'x-amz-access-token': 'login',
          'x-amz-mfa': 'device 123456',
          'x-amz-sha256-tree-hash': 'hash',
        },
      }),
    );
    const { names, text } = describeRequest(other.requests.at(-1));
    expect(secretsOf(names)).toStrictEqual([]);
    expect(names).not.toContain('x-amz-server-side-encryption-customer-key');
    expect(names.filter((name) => name.startsWith('x-amz-'))).toStrictEqual(['x-amz-meta-color']);
    expect(text).toBe('x');
  });

  it('to another host that hosts names is signed for it', async () => {
    redirect('/away', 308, `${elsewhere}/there`);
    const hosts = ['127.0.0.1', elsewhereHost];
    await create({ hosts }).post('/away', { a: 1 });
    expect(other.verifications.at(-1)?.verdict.ok).toBe(true);
    expect(describeRequest(other.requests.at(-1)).text).toBe('{"a":1}');
  });

  it('to a presigned URL goes without any header of ours', async () => {
    redirect('/presigned', 302, '/object?X-Amz-Signature=abc');
    await failure(create().get('/presigned'));
    const { names, target } = describeRequest(home.requests.at(-1));
    expect(target).toBe('/object?X-Amz-Signature=abc');
    expect(secretsOf(names)).toStrictEqual([]);
  });

  it('does not trust a host again that another sent it to', async () => {
    redirect('/away', 302, `${elsewhere}/back`);
    redirect('/back', 302, `${origin}/home`);
    await failure(create().get('/away'));
    const { names, target } = describeRequest(home.requests.at(-1));
    expect(target).toBe('/home');
    expect(secretsOf(names)).toStrictEqual([]);
  });

  it.each(['the origin that it was sent to', 'a host that hosts names'])(
    'does not trust %s, once another than hosts names was in the chain',
    async (where) => {
      const [server, last] = where.startsWith('the origin') ? [other, elsewhere] : [home, origin];
      redirect('/away', 302, `${elsewhere}/on`);
      redirect('/on', 307, `${last}/end`);
      await failure(create({ hosts: [new URL(origin).host] }).get('/away'));
      const { names, target } = describeRequest(server.requests.at(-1));
      expect(target).toBe('/end');
      expect(secretsOf(names)).toStrictEqual([]);
    },
  );

  it('stops at maxRedirects', async () => {
    redirect('/loop', 302, '/loop');
    const count = home.requests.length;
    expect(await failure(create().get('/loop', { maxRedirects: 3 }))).toBeInstanceOf(Error);
    expect(home.requests.length).toBe(count + 4);
  });

  it('is not followed under maxRedirects: 0', async () => {
    redirect('/from', 302, '/to');
    const count = home.requests.length;
    const response = await create().get('/from', { maxRedirects: 0, validateStatus: () => true });
    expect(response).toMatchObject({ status: 302, headers: { location: '/to' } });
    expect(home.requests.length).toBe(count + 1);
  });

  it('without a Location is an answer like any other', async () => {
    routes.set('/nowhere', { status: 302 });
    expect(await failure(create().get('/nowhere'))).toMatchObject({
      isAxiosError: true,
      response: { status: 302, config: { url: '/nowhere' } },
    });
    const response = await create().get('/nowhere', { validateStatus: null });
    expect(response.status).toBe(302);
  });

  it('keeps bytes for a body that is sent again', async () => {
    redirect('/upload', 307, '/stored');
    await create().put('/upload', Buffer.from([0, 255, 1]));
    expect(describeRequest(home.requests.at(-1)).body).toStrictEqual(Buffer.from([0, 255, 1]));
    expect(home.verifications.at(-1)?.verdict.ok).toBe(true);
  });
});

it.each(['http', 'fetch'])('behind an adapter that calls axios’s own %s, no secret goes elsewhere', async (name) => {
  redirect('/away', 307, `${elsewhere}/there`);
  const adapter = (config: InternalAxiosRequestConfig) => axios.getAdapter(name as 'http', config)(config);
  const count = other.requests.length;
  await failure(createClient(origin, { credentials: temporary }, { adapter }).get('/away'));
  for (const request of other.requests.slice(count))
    expect(secretsOf(describeRequest(request).names)).toStrictEqual([]);
  expect(home.verifications.at(-1)?.verdict.ok).toBe(true);
});

describe('over the http adapter', () => {
  it('the caller’s beforeRedirect runs, and what it adds is sent', async () => {
    redirect('/from', 302, '/to');
    const seen: unknown[] = [];
    const beforeRedirect: NonNullable<AxiosRequestConfig['beforeRedirect']> = (options, { statusCode }) => {
      seen.push(statusCode);
      (options['headers'] as Record<string, string>)['X-Amz-Meta-Added'] = 'late';
    };
    await createClient(origin).get('/from', { beforeRedirect });
    expect(seen).toStrictEqual([302]);
    expect(describeRequest(home.requests.at(-1)).header('x-amz-meta-added')).toStrictEqual(['late']);
    expect(home.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('from https to https is trusted where hosts names it', async () => {
    const { createRedirectPolicy } = await import('../../lib/destination/redirect-policy.js');
    const sign = jest.fn(() => ({ href: 'https://b.example/', headers: {}, datedMs: 0 }));
    const follow = createRedirectPolicy(new URL('https://a.example/'), ['b.example'], sign);
    follow({ method: 'GET', url: new URL('https://b.example/'), headers: {}, keepsBody: false });
    expect(sign).toHaveBeenCalledTimes(1);
  });

  it('from https to http is not trusted, though hosts names it', async () => {
    // There is no TLS server here: what decides is the policy alone.
    const { createRedirectPolicy } = await import('../../lib/destination/redirect-policy.js');
    const sign = jest.fn();
    const follow = createRedirectPolicy(new URL('https://a.example/'), ['a.example'], sign);
    const headers = { Authorization: 'AWS4-HMAC-SHA256 x', 'X-Amz-Date': 'y' };
    expect(
      follow({ method: 'GET', url: new URL('http://a.example/'), headers, keepsBody: false }).headers,
    ).toStrictEqual({});
    expect(sign).not.toHaveBeenCalled();
  });
});

describe('over the fetch adapter', () => {
  it.each(['ftp://127.0.0.1/', 'javascript:alert(1)', 'http://[', 'https://'])(
    'a Location that is no http(s) URL is an error that says so: %s',
    async (location) => {
      redirect('/from', 302, location);
      const count = home.requests.length;
      expect(await failure(createClient(origin, {}, { adapter: 'fetch' }).get('/from'))).toMatchObject({
        code: 'ERR_REDIRECT',
        message: expect.stringContaining('Location'),
      });
      expect(home.requests).toHaveLength(count + 1);
    },
  );

  it('more redirects than maxRedirects are an error that says so', async () => {
    redirect('/loop', 302, '/loop');
    expect(await failure(createClient(origin, {}, { adapter: 'fetch', maxRedirects: 2 }).get('/loop'))).toMatchObject({
      code: 'ERR_REDIRECT',
      message: expect.stringContaining('maxRedirects'),
    });
  });

  it('a stream that was sent cannot be sent again', async () => {
    redirect('/upload', 307, '/stored');
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from('x'));
        controller.close();
      },
    });
    const client = createClient(origin, { payload: 'unsigned' }, { adapter: 'fetch' });
    expect(await failure(client.put('/upload', stream))).toMatchObject({ code: 'ERR_REDIRECT' });
  });

  it('a redirect that the runtime hides is an error that says so', async () => {
    const { fetchAndFollow } = await import('../../lib/sending/fetch-redirects.js');
    const hidden = { status: 0, headers: {}, statusText: '', data: '', config: {} as never };
    const sent = fetchAndFollow({ headers: {} as never }, () => Promise.resolve(hidden), origin, jest.fn());
    expect(await failure(sent)).toMatchObject({
      code: 'ERR_REDIRECT',
      message: expect.stringContaining('redirect') as string,
    });
  });

  it('is left to fetch where the caller says so', async () => {
    redirect('/from', 302, '/to');
    const client = createClient(origin, { credentials }, { adapter: 'fetch' });
    const response = await client.get('/from', { fetchOptions: { redirect: 'manual' }, validateStatus: () => true });
    expect(response.status).toBe(302);
  });
});
