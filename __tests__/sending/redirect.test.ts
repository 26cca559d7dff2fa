/** Redirects, over real servers: one to start from, one of the same hosts, one of nobody's. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import axios, {
  AxiosHeaders,
  type AxiosAdapter,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import * as policy from '../../lib/destination/redirect-policy.js';
import { createRedirectPolicy, type FollowPolicy, type RedirectRules } from '../../lib/destination/redirect-policy.js';
import { followFetchRedirects } from '../../lib/sending/fetch-redirects.js';
import { sendByFetch } from '../../lib/sending/fetch-sending.js';
import { setRoutedServer } from '../stand-ins/routed-server.js';
import { createClient, credentials, describeRequest, failure, temporary } from '../stand-ins/test-server.js';

// It comes with axios, without types of its own.
const followRedirects: { readonly http: typeof http } = jest.requireActual('follow-redirects');
const home = setRoutedServer();
const { routes, redirect } = home;
const other = setRoutedServer({ respond: ({ target }) => routes.get(target) });
let origin: string;
let elsewhere: string;
let elsewhereHost: string;
beforeAll(() => {
  [origin, elsewhere] = [home.origin, other.origin];
  elsewhereHost = new URL(elsewhere).host;
});

const secrets = ['authorization', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token'];
const secretsOf = (names: readonly string[]): readonly string[] => names.filter((name) => secrets.includes(name));

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  const create = (options = {}) => createClient(origin, { credentials: temporary, ...options }, { adapter });

  it.each([301, 302, 303, 307, 308])(
    '%i within the origin is signed afresh, for its own method and body',
    async (status) => {
      redirect('/from', '/to/a b?x=1+2&y', status);
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
    redirect('/1', '/2', 302);
    redirect('/2', './3');
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
    redirect('/1', '/2', status);
    redirect('/2', '/3', 302);
    const count = home.requests.length;
    await create().post('/1', { a: 1 });
    expect(home.verifications.slice(count).map(({ verdict }) => verdict.ok)).toStrictEqual([true, true, true]);
  });

  it('to another host goes without cookies', async () => {
    redirect('/away', `${elsewhere}/there`);
    const hosts = ['127.0.0.1', elsewhereHost];
    await create({ hosts }).get('/away', { headers: { Cookie: 'session=1', 'Proxy-Authorization': 'Basic x' } });
    const { names } = describeRequest(other.requests.at(-1));
    expect(names).not.toContain('cookie');
    expect(names).not.toContain('proxy-authorization');
  });

  it('within the origin keeps cookies', async () => {
    redirect('/from', '/to');
    await create().get('/from', { headers: { Cookie: 'session=1' } });
    expect(describeRequest(home.requests.at(-1)).header('cookie')).toStrictEqual(['session=1']);
  });

  it.each([303, 307])(
    'to another host, by %i, keeps headers whose names only look like those that go',
    async (status) => {
      redirect('/away', `${elsewhere}/there`, status);
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
    redirect('/away', `${elsewhere}/there`);
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
    redirect('/away', `${elsewhere}/there`, 308);
    const hosts = ['127.0.0.1', elsewhereHost];
    await create({ hosts }).post('/away', { a: 1 });
    expect(other.verifications.at(-1)?.verdict.ok).toBe(true);
    expect(describeRequest(other.requests.at(-1)).text).toBe('{"a":1}');
  });

  it('to a presigned URL goes without any header of ours', async () => {
    redirect('/presigned', '/object?X-Amz-Signature=abc', 302);
    await failure(create().get('/presigned'));
    const { names, target } = describeRequest(home.requests.at(-1));
    expect(target).toBe('/object?X-Amz-Signature=abc');
    expect(secretsOf(names)).toStrictEqual([]);
  });

  it('does not trust a host again that another sent it to', async () => {
    redirect('/away', `${elsewhere}/back`, 302);
    redirect('/back', `${origin}/home`, 302);
    await failure(create().get('/away'));
    const { names, target } = describeRequest(home.requests.at(-1));
    expect(target).toBe('/home');
    expect(secretsOf(names)).toStrictEqual([]);
  });

  it.each(['the origin that it was sent to', 'a host that hosts names'])(
    'does not trust %s, once another than hosts names was in the chain',
    async (where) => {
      const [server, last] = where.startsWith('the origin') ? [other, elsewhere] : [home, origin];
      redirect('/away', `${elsewhere}/on`, 302);
      redirect('/on', `${last}/end`);
      await failure(create({ hosts: [new URL(origin).host] }).get('/away'));
      const { names, target } = describeRequest(server.requests.at(-1));
      expect(target).toBe('/end');
      expect(secretsOf(names)).toStrictEqual([]);
    },
  );

  it('stops at maxRedirects', async () => {
    redirect('/loop', '/loop', 302);
    const count = home.requests.length;
    expect(await failure(create().get('/loop', { maxRedirects: 3 }))).toBeInstanceOf(Error);
    expect(home.requests.length).toBe(count + 4);
  });

  it('is not followed under maxRedirects: 0', async () => {
    redirect('/from', '/to', 302);
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

  it('goes on saying that a body is in chunks, where it is sent again', async () => {
    redirect('/upload', '/stored');
    const literal = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
    const headers = { 'X-Amz-Content-Sha256': literal, 'Content-Encoding': 'aws-chunked' };
    await failure(create().put('/upload', '1\r\nx\r\n0\r\n\r\n', { headers }));
    const { header, target } = describeRequest(home.requests.at(-1));
    expect([target, header('x-amz-content-sha256')]).toStrictEqual(['/stored', [literal]]);
  });

  it('keeps bytes for a body that is sent again', async () => {
    redirect('/upload', '/stored');
    await create().put('/upload', Buffer.from([0, 255, 1]));
    expect(describeRequest(home.requests.at(-1)).body).toStrictEqual(Buffer.from([0, 255, 1]));
    expect(home.verifications.at(-1)?.verdict.ok).toBe(true);
  });
});

it.each(['http', 'fetch'])('behind an adapter that calls axios’s own %s, no secret goes elsewhere', async (name) => {
  redirect('/away', `${elsewhere}/there`);
  const adapter = (config: InternalAxiosRequestConfig) => axios.getAdapter(name as 'http', config)(config);
  const count = other.requests.length;
  await failure(createClient(origin, { credentials: temporary }, { adapter }).get('/away'));
  for (const request of other.requests.slice(count))
    expect(secretsOf(describeRequest(request).names)).toStrictEqual([]);
  expect(home.verifications.at(-1)?.verdict.ok).toBe(true);
});

/** Whether each hop of a chain is signed: by the policy alone, since hostnames of AWS lead to no server here. */
function fateOf(chain: readonly string[], rules: Partial<RedirectRules> = {}): readonly boolean[] {
  const [from, ...hops] = chain.map((url) => new URL(url));
  if (from === undefined) throw new Error('There is no first URL');
  const given = { from, hosts: undefined, service: 'execute-api', isServiceGiven: false, needsSecureWay: false };
  const follow = createRedirectPolicy({ ...given, ...rules }, ({ url, headers }) => ({
    href: url.href,
    headers: { ...headers, Authorization: 'signed' },
    datedMs: 0,
  }));
  const headers = { Authorization: 'AWS4-HMAC-SHA256 x', 'X-Amz-Date': 'y', 'X-Amz-Security-Token': 'z' };
  return hops.map((url) => {
    const next = follow({ method: 'GET', url, headers, keepsBody: false });
    const isSigned = next.headers['Authorization'] === 'signed';
    expect(Object.keys(next.headers)).toStrictEqual(isSigned ? ['Authorization'] : []);
    return isSigned;
  });
}

const api = 'https://abc123.execute-api.eu-west-1.amazonaws.com';
const aws = ['*.amazonaws.com'];
const s3 = { service: 's3' };

describe('a redirect to another origin', () => {
  it.each<[string, string, Partial<RedirectRules>, boolean]>([
    // The service that was asked for, where hosts names the host.
    [api, 'https://def456.execute-api.us-east-1.amazonaws.com/', { hosts: aws }, true],
    [api, 'https://def456.execute-api.us-east-1.amazonaws.com/', { hosts: () => true }, true],
    [api, 'https://def456.execute-api.us-east-1.amazonaws.com/', {}, false],
    [
      api,
      'https://def456.execute-api.us-east-1.amazonaws.com/',
      { hosts: ['abc123.execute-api.eu-west-1.amazonaws.com'] },
      false,
    ],
    // Another service of AWS: a confused deputy.
    ...['sts', 'iam', 's3', 'lambda.us-east-1', 'dynamodb.eu-west-1', 'secretsmanager.eu-west-1'].flatMap(
      (name): [string, string, Partial<RedirectRules>, boolean][] =>
        [false, true].map((isServiceGiven) => [
          api,
          `https://${name}.amazonaws.com/`,
          { hosts: aws, isServiceGiven },
          false,
        ]),
    ),
    // A name that says no service: only where the options say it.
    [api, 'https://api.example.com/', { hosts: ['api.example.com'], isServiceGiven: true }, true],
    [api, 'https://api.example.com/', { hosts: ['api.example.com'] }, false],
    [api, 'https://lb-1.eu-west-1.elb.amazonaws.com/', { hosts: aws }, false],
    // What counts for the URL that the caller asked for does not count here.
    [api, 'https://localhost/', { isServiceGiven: true }, false],
    [api, 'https://127.0.0.1/', { isServiceGiven: true }, false],
    ['http://localhost:1/', 'http://localhost:2/', { isServiceGiven: true }, false],
    // S3, between its regions.
    ['https://b.s3.amazonaws.com/k', 'https://b.s3.eu-west-1.amazonaws.com/k', s3, true],
    [
      'https://b.s3.amazonaws.com/k',
      'https://b.s3.eu-west-1.amazonaws.com/k',
      { ...s3, hosts: ['b.s3.amazonaws.com'] },
      true,
    ],
    ['https://s3.amazonaws.com/b/k', 'https://b.s3-us-west-2.amazonaws.com/k', s3, true],
    ['https://b.s3.amazonaws.com/k', 'http://b.s3.eu-west-1.amazonaws.com/k', s3, false],
    ['https://b.s3.amazonaws.com/k', 'https://b.fra1.digitaloceanspaces.com/k', s3, false],
    ['https://b.s3.amazonaws.com/k', 'https://s3.example.com/b/k', { ...s3, isServiceGiven: true }, false],
    ['https://b.s3.amazonaws.com/k', 'https://b.s3-website.eu-west-1.amazonaws.com/k', s3, false],
    ['https://b.s3.amazonaws.com/k', 'https://sts.amazonaws.com/', s3, false],
    // A store of another's does not have requests made to AWS.
    ['https://b.fra1.digitaloceanspaces.com/k', 'https://b.s3.amazonaws.com/k', s3, false],
    ['http://localhost:9000/b/k', 'https://b.s3.amazonaws.com/k', { ...s3, isServiceGiven: true }, false],
    // No other service has such redirects.
    [api, 'https://b.s3.amazonaws.com/k', {}, false],
    // An unsigned payload that the request did not ask for itself.
    [
      'http://localhost/',
      'http://a.example/',
      { hosts: ['a.example'], isServiceGiven: true, needsSecureWay: true },
      false,
    ],
    ['http://localhost/', 'http://a.example/', { hosts: ['a.example'], isServiceGiven: true }, true],
    [
      'http://localhost/',
      'https://a.example/',
      { hosts: ['a.example'], isServiceGiven: true, needsSecureWay: true },
      true,
    ],
    [
      'http://localhost/',
      'http://127.0.0.1/',
      { hosts: ['127.0.0.1'], isServiceGiven: true, needsSecureWay: true },
      true,
    ],
  ])('from %s to %s under %j: signed, %j', (from, to, rules, isSigned) => {
    expect(fateOf([from, to], rules)).toStrictEqual([isSigned]);
  });

  it('that is not signed leaves none of those after it signed', () => {
    const hops = ['https://sts.amazonaws.com/', api, `${api}/again`];
    expect(fateOf([api, ...hops], { hosts: aws })).toStrictEqual([false, false, false]);
  });
});

describe('an unsigned payload that the options ask for', () => {
  it.each<[string, object, object, boolean]>([
    ['the interceptor’s', { payload: 'unsigned' }, {}, false],
    ['the request’s', {}, { aws4: { payload: 'unsigned' } }, true],
    ['the header’s', {}, { headers: { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' } }, true],
  ])(
    'is not signed over http to another machine by a redirect, unless the request asks: %s',
    async (_, options, config, isSigned) => {
      const secureWays: boolean[] = [];
      const spy = jest.spyOn(policy, 'createRedirectPolicy').mockImplementation(({ needsSecureWay }) => {
        secureWays.push(needsSecureWay);
        return ({ url, headers }) => ({ href: url.href, headers, datedMs: undefined });
      });
      try {
        redirect('/from', '/to');
        await failure(createClient(origin, options).post('/from', 'x', config));
      } finally {
        spy.mockRestore();
      }
      expect(secureWays).toStrictEqual([!isSigned]);
    },
  );
});

describe('through a transport of the caller’s own', () => {
  it.each<[string, object]>([
    ['of follow-redirects', followRedirects.http],
    [
      'around follow-redirects',
      { request: (...args: Parameters<typeof http.request>) => followRedirects.http.request(...args) },
    ],
  ])('%s, redirects are signed, and no secret goes elsewhere', async (_, transport) => {
    const client = createClient(origin, { credentials: temporary }, { adapter: 'http', transport });
    redirect('/from', '/to');
    const count = home.requests.length;
    await client.post('/from', { a: 1 });
    expect(home.verifications.slice(count).map(({ verdict }) => verdict.ok)).toStrictEqual([true, true]);
    redirect('/away', `${elsewhere}/there`);
    await failure(client.post('/away', { a: 1 }));
    const { names, target } = describeRequest(other.requests.at(-1));
    expect(target).toBe('/there');
    expect(secretsOf(names)).toStrictEqual([]);
  });

  it('that follows none, none is followed', async () => {
    const seen: unknown[] = [];
    const transport = {
      request: (...args: Parameters<typeof http.request>) => {
        seen.push(args[0]);
        return http.request(...args);
      },
    };
    redirect('/from', '/to');
    const config = { transport, validateStatus: null };
    const response = await createClient(origin, {}, { adapter: 'http' }).get('/from', config as object);
    expect(response.status).toBe(307);
    expect(seen).toHaveLength(1);
  });
});

describe('over the http adapter', () => {
  it('the caller’s beforeRedirect runs, and what it adds is sent', async () => {
    redirect('/from', '/to', 302);
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

  it('from https to https is trusted where hosts names it', () => {
    expect(
      fateOf(['https://a.example/', 'https://b.example/'], { hosts: ['b.example'], isServiceGiven: true }),
    ).toStrictEqual([true]);
  });

  it('from https to http is not trusted, though hosts names it', () => {
    // There is no TLS server here: what decides is the policy alone.
    expect(
      fateOf(['https://a.example/', 'http://a.example/'], { hosts: ['a.example'], isServiceGiven: true }),
    ).toStrictEqual([false]);
  });
});

describe('over the fetch adapter', () => {
  it.each(['ftp://127.0.0.1/', 'javascript:alert(1)', 'http://[', 'https://'])(
    'a Location that is no http(s) URL is an error that says so: %s',
    async (location) => {
      redirect('/from', location, 302);
      const count = home.requests.length;
      expect(await failure(createClient(origin, {}, { adapter: 'fetch' }).get('/from'))).toMatchObject({
        code: 'ERR_REDIRECT',
        message: expect.stringContaining('Location'),
      });
      expect(home.requests).toHaveLength(count + 1);
    },
  );

  it('more redirects than maxRedirects are an error that says so', async () => {
    redirect('/loop', '/loop', 302);
    expect(await failure(createClient(origin, {}, { adapter: 'fetch', maxRedirects: 2 }).get('/loop'))).toMatchObject({
      code: 'ERR_REDIRECT',
      message: expect.stringContaining('maxRedirects'),
    });
  });

  /** A server whose redirects have bodies that never end, and whose last answer comes after a while. */
  const endless = http.createServer((request, response) => {
    const hop = Number(/\d+/.exec(request.url ?? '')?.[0]);
    if (hop > 0) {
      response.writeHead(302, { Location: `/${String(hop - 1)}` });
      response.write('x'.repeat(100_000));
    } else {
      response.end('{"a":1}');
    }
  });
  let endlessOrigin: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    endlessOrigin = `http://127.0.0.1:${String((endless.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    endless.closeAllConnections();
    endless.close();
  });

  it.each(['json', 'text', 'arraybuffer', 'blob', 'stream'] as const)(
    'a hop’s body is not read, and the last has the responseType %s',
    async (responseType) => {
      const kinds = {
        json: '[object Object]',
        text: '[object String]',
        arraybuffer: '[object ArrayBuffer]',
        blob: '[object Blob]',
        stream: '[object ReadableStream]',
      };
      const client = createClient(endlessOrigin, {}, { adapter: 'fetch' });
      const { data } = await client.get<unknown>('/3', { responseType, maxContentLength: 50_000 });
      expect(Object.prototype.toString.call(data)).toBe(kinds[responseType]);
    },
  );

  it('a fetch of the caller’s own is used, one time for each hop', async () => {
    const sent: string[] = [];
    const env = {
      fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
        const response = await fetch(input, init);
        sent.push(response.url);
        return response;
      },
    };
    const client = createClient(endlessOrigin, {}, { adapter: 'fetch', env });
    const { data, config } = await client.get<unknown>('/2');
    expect(data).toStrictEqual({ a: 1 });
    expect(sent.map((url) => new URL(url).pathname)).toStrictEqual(['/2', '/1', '/0']);
    expect(config.env?.fetch).toBe(env.fetch);
  });

  it('the body of a redirect that is not followed is there', async () => {
    routes.set('/from', { status: 302, headers: { Location: '/to' }, body: 'over there' });
    const client = createClient(origin, {}, { adapter: 'fetch', validateStatus: null });
    expect(await client.get('/from', { maxRedirects: 0 })).toMatchObject({ status: 302, data: 'over there' });
    const fetchOptions = { redirect: 'manual' } as const;
    expect(await client.get('/from', { fetchOptions })).toMatchObject({ status: 302, data: 'over there' });
  });

  const sendAndFollow = (
    config: InternalAxiosRequestConfig,
    adapter: AxiosAdapter,
    href: string,
    follow: FollowPolicy,
  ): Promise<AxiosResponse> =>
    sendByFetch(config, adapter, (sent, response, limits) =>
      followFetchRedirects(sent, response, config, href, adapter, { follow }, limits),
    );

  it('one timeout holds for all hops', async () => {
    const left: unknown[] = [];
    let nowMs = 1000;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    try {
      await sendAndFollow(
        { headers: new AxiosHeaders(), timeout: 500 },
        (config) => {
          left.push(config.timeout);
          nowMs += 200;
          const headers = { location: '/on' };
          return Promise.resolve({ status: left.length < 4 ? 302 : 200, headers, statusText: '', data: '', config });
        },
        origin,
        ({ url, headers }) => ({ href: url.href, headers, datedMs: undefined }),
      );
    } finally {
      clock.mockRestore();
    }
    // The last is the least that there is: it ends at once.
    expect(left).toStrictEqual([500, 300, 100, 1]);
  });

  it('a stream that was sent cannot be sent again', async () => {
    redirect('/upload', '/stored');
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
    const hidden = { status: 0, headers: {}, statusText: '', data: '', config: {} as never };
    const sent = sendAndFollow({ headers: {} as never }, () => Promise.resolve(hidden), origin, jest.fn());
    expect(await failure(sent)).toMatchObject({
      code: 'ERR_REDIRECT',
      message: expect.stringContaining('redirect') as string,
    });
  });

  it('is left to fetch where the caller says so', async () => {
    redirect('/from', '/to', 302);
    const client = createClient(origin, { credentials }, { adapter: 'fetch' });
    const response = await client.get('/from', { fetchOptions: { redirect: 'manual' }, validateStatus: () => true });
    expect(response.status).toBe(302);
  });
});
