/** Requests to directory buckets of S3 Express: the session that signs them, how it is opened, and when it is renewed. */
import { createServer as createHttpServer, Agent, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import axios, { AxiosHeaders, CanceledError, type InternalAxiosRequestConfig } from 'axios';
import { aws4Interceptor, CredentialsError, explainRefusal, SigningKey, type SigningTrace } from '../../lib/index.js';
import {
  BUCKET,
  resolveToLoopback,
  sessionDocument,
  sessionOf,
  setExpressStage,
  ZONAL_HOST,
} from '../stand-ins/express-stage.js';
import { errorDocument, HOUR, MINUTE, SECOND } from '../stand-ins/healing-stage.js';
import { platform } from '#platform';
import { createCapture, credentials, failure, numbered, temporary } from '../stand-ins/test-server.js';

const stage = setExpressStage();
const hang = () => new Promise<undefined>(() => undefined);
const opened = 'GET /?session AKIDEXAMPLE';

describe('a request to a directory bucket', () => {
  it('opens a session with the credentials, and is signed with its keys', async () => {
    const client = stage.connect({ credentials: temporary });
    const { status, config } = await client.put('/a/b', 'content');
    expect(status).toBe(200);
    expect(stage.log()).toStrictEqual(['GET /?session ASIAEXAMPLE', 'PUT /a/b SESSION1']);
    const [opening, put] = stage.sent();
    expect(opening?.header('x-amz-security-token')).toStrictEqual([temporary.sessionToken]);
    expect(opening?.names).not.toContain('x-amz-create-session-mode');
    expect(put?.header('x-amz-s3session-token')).toStrictEqual([sessionOf(1).sessionToken]);
    expect(put?.names).not.toContain('x-amz-security-token');
    expect(JSON.stringify(config)).not.toContain('session+token');
    await client.get('/a/b');
    expect(stage.log()).toHaveLength(3);
  });

  it.each(['http', 'fetch'])('at another host names the bucket in the path, over %s', async (adapter) => {
    const client = stage.connectByPath({ credentials }, { adapter });
    await client.get('/a/b', { params: { versionId: '1' } });
    await client.get('', { params: { 'list-type': 2 } });
    expect(stage.log()).toStrictEqual([
      `GET /${BUCKET}?session AKIDEXAMPLE`,
      `GET /${BUCKET}/a/b?versionId=1 SESSION1`,
      `GET /${BUCKET}?list-type=2 SESSION1`,
    ]);
  });

  it('at another host names the bucket in its name', async () => {
    const client = stage.connect({ region: 'us-east-1', service: 's3express' }, {}, `${BUCKET}.store.example`);
    await client.get('/a');
    expect(stage.log()).toStrictEqual([opened, 'GET /a SESSION1']);
  });

  it('names it by a Host of its own, which CreateSession has too', async () => {
    const client = stage.connectByPath({ region: 'us-east-1' }, { adapter: 'http', baseURL: stage.origin });
    await client.get('/a', { headers: { Host: ZONAL_HOST } });
    expect(stage.log()).toStrictEqual([opened, 'GET /a SESSION1']);
    expect(stage.sent().map(({ header }) => header('host'))).toStrictEqual([[ZONAL_HOST], [ZONAL_HOST]]);
  });

  it.each([
    ['another sign', 's3express-fips-use1-az4.us-east-1.amazonaws.com'],
    ['dual-stack', 's3express-use1-az4.dualstack.us-east-1.amazonaws.com'],
    ['FIPS and dual-stack', 's3express-fips-use1-az4.dualstack.us-east-1.amazonaws.com'],
  ])('has a session at the hosts of each kind: %s', async (_, zone) => {
    await stage.connect({}, {}, `${BUCKET}.${zone}`).get('/a');
    await stage.connect({}, {}, `point--use1-az4--xa-s3.${zone}`).get('/a');
    expect(stage.log()).toStrictEqual([opened, 'GET /a SESSION1', opened, 'GET /a SESSION2']);
  });

  it.each<[string, { payload?: 'streaming'; checksum?: 'crc32c' }, () => unknown]>([
    ['bytes with a checksum', { checksum: 'crc32c' }, () => Buffer.from('bytes')],
    ['bytes in chunks', { payload: 'streaming' }, () => Buffer.alloc(70_000, 'a')],
    [
      'a stream in chunks, with a checksum',
      { payload: 'streaming', checksum: 'crc32c' },
      () => Readable.from([Buffer.alloc(9)]),
    ],
  ])('has a body of each kind: %s', async (_, options, createBody) => {
    const client = stage.connect(options);
    await client.put('/a', createBody(), {
      headers: { 'Content-Length': '9' },
      ...(!('payload' in options && options.checksum) && { headers: {} }),
    });
    expect(stage.log()).toStrictEqual([opened, 'PUT /a SESSION1']);
  });

  it('that goes on within its host keeps the session', async () => {
    stage.answerOther = ({ target }) => (target === '/a' ? { status: 307, headers: { Location: '/b' } } : undefined);
    await stage.connect().get('/a');
    expect(stage.log()).toStrictEqual([opened, 'GET /a SESSION1', 'GET /b SESSION1']);
  });

  it('takes no token of its own with a redirect to a stranger', async () => {
    const seen: (readonly string[])[] = [];
    const stranger = createHttpServer(({ rawHeaders }, response) => {
      seen.push(rawHeaders);
      response.end();
    });
    const port = await new Promise((resolve) => {
      stranger.listen(0, '127.0.0.1', () => {
        resolve(Reflect.get(Object(stranger.address()), 'port'));
      });
    });
    stage.answerOther = () => ({ status: 307, headers: { Location: `http://stranger.example:${String(port)}/` } });
    await stage.connect().get('/a');
    stranger.close();
    expect(seen).toHaveLength(1);
    expect(seen.join()).not.toMatch(/authorization|token/i);
  });

  it('is signed in its query', async () => {
    stage.lifeMs = 100 * SECOND;
    await stage.connect({ signIn: 'query' }).get('/a');
    expect(stage.log()).toStrictEqual([opened, 'GET /a? SESSION1']);
    const [opening, get] = stage.sent();
    expect(opening?.names).toContain('authorization');
    const { searchParams } = new URL(get?.target ?? '', 'http://a');
    expect(searchParams.get('X-Amz-S3session-Token')).toBe(sessionOf(1).sessionToken);
    expect(searchParams.has('X-Amz-Security-Token')).toBe(false);
    expect(searchParams.get('X-Amz-Expires')).toBe('100');
    expect(get?.names).not.toContain('x-amz-s3session-token');
  });

  it('has a session by a derived key', async () => {
    const { secretAccessKey, accessKeyId, sessionToken } = temporary;
    const scope = { date: new Date(stage.serverMs), region: 'us-east-1', service: 's3express' };
    const signingKey = new SigningKey(secretAccessKey, scope);
    const client = stage.connect({ credentials: undefined, signingKey, accessKeyId, sessionToken });
    await client.get('/a');
    await client.get('/a');
    expect(stage.log()).toStrictEqual(['GET /?session ASIAEXAMPLE', 'GET /a SESSION1', 'GET /a SESSION1']);
  });

  it('has a session where a header bears the token of the credentials', async () => {
    const { secretAccessKey, accessKeyId, sessionToken } = temporary;
    const client = stage.connect({ credentials: { accessKeyId, secretAccessKey } });
    await client.get('/a', { headers: { 'X-Amz-Security-Token': sessionToken } });
    expect(stage.log()).toStrictEqual(['GET /?session ASIAEXAMPLE', 'GET /a SESSION1']);
  });

  it('shows each signature to onSigned, without tokens', async () => {
    const traces: SigningTrace[] = [];
    await stage.connect({ credentials: temporary, onSigned: (trace) => traces.push(trace) }).get('/a');
    await stage.connect({ signIn: 'query', onSigned: (trace) => traces.push(trace) }).get('/a');
    expect(traces.map(({ canonicalRequest }) => canonicalRequest.split('\n', 2).join(' '))).toStrictEqual([
      'GET /',
      'GET /a',
      'GET /',
      'GET /a',
    ]);
    expect(traces[1]?.canonicalRequest).toContain('x-amz-s3session-token:REDACTED');
    expect(traces[3]?.canonicalRequest).toContain('X-Amz-S3session-Token=REDACTED');
    expect(JSON.stringify(traces)).not.toMatch(/session(?:\+|%2B)token|token(?:\/|%2F)of/);
  });
});

describe('what is signed with the credentials themselves', () => {
  it.each<[string, string, string, object?]>([
    ['CreateSession', 'get', '/?session'],
    ['CreateSession by params', 'get', '/', { params: { session: '' } }],
    ['HeadBucket', 'head', '/'],
    ['CopyObject', 'put', '/b', { headers: { 'x-amz-copy-source': `/${BUCKET}/a` } }],
    ['a request without sessions', 'get', '/b', { aws4: { s3ExpressSessions: false } }],
  ])('%s', async (_, method, url, config = {}) => {
    await stage.connect({ credentials: temporary }).request({ method, url, ...config });
    expect(stage.log()).toHaveLength(1);
    expect(stage.log()[0]).toMatch(/ ASIAEXAMPLE$/);
    expect(stage.sent()[0]?.header('x-amz-security-token')).toStrictEqual([temporary.sessionToken]);
    expect(stage.sent()[0]?.names).not.toContain('x-amz-s3session-token');
  });

  it('a client without sessions, and its single request with one', async () => {
    const client = stage.connect({ s3ExpressSessions: false });
    await client.get('/a');
    await client.get('/a', { aws4: { s3ExpressSessions: true } });
    expect(stage.log()).toStrictEqual(['GET /a AKIDEXAMPLE', opened, 'GET /a SESSION1']);
  });

  it.each([
    ['s3express-control.us-east-1.amazonaws.com', `/${BUCKET}?policy`],
    ['s3express-control-fips.dualstack.us-east-1.amazonaws.com', `/${BUCKET}?policy`],
    ['s3express-control.us-east-1.amazonaws.com', '/'],
  ])('the control host: %s%s', async (host, url) => {
    await stage.connect({}, {}, host).get(url);
    expect(stage.log()).toStrictEqual([`GET ${url} AKIDEXAMPLE`]);
  });

  it('a request that bears its own session', async () => {
    const client = stage.connect();
    await client.get('/a');
    const { sessionToken, ...keys } = sessionOf(1);
    await stage.connect({ credentials: keys }).get('/a', { headers: { 'x-amz-s3session-token': sessionToken } });
    expect(stage.log()).toStrictEqual([opened, 'GET /a SESSION1', 'GET /a SESSION1']);
  });

  it('all, where the environment says so', async () => {
    process.env['AWS_S3_DISABLE_EXPRESS_SESSION_AUTH'] = 'true';
    try {
      await stage.connect().get('/a');
      await stage.connect({ s3ExpressSessions: true }).get('/a');
    } finally {
      delete process.env['AWS_S3_DISABLE_EXPRESS_SESSION_AUTH'];
    }
    await stage.connect().get('/a');
    // Beside Node there is no environment.
    const first = platform.name === 'node' ? ['GET /a AKIDEXAMPLE'] : [opened, 'GET /a SESSION1'];
    const sessions = stage.log().slice(first.length);
    expect(stage.log().slice(0, first.length)).toStrictEqual(first);
    expect(sessions.map((line) => line.replace(/\d+$/, ''))).toStrictEqual([
      opened,
      'GET /a SESSION',
      opened,
      'GET /a SESSION',
    ]);
  });
});

describe('CreateSession', () => {
  const answerAsSession = (number: number, config: InternalAxiosRequestConfig) =>
    Promise.resolve({
      data:
        config.method === 'get'
          ? sessionDocument(sessionOf(number), new Date(Date.now() + 5 * MINUTE).toISOString())
          : null,
      status: 200,
      statusText: '',
      headers: {},
      config,
    });

  it('goes the way of the request, and takes nothing of what that sends', async () => {
    const sent: InternalAxiosRequestConfig[] = [];
    const client = axios.create({ baseURL: `https://${ZONAL_HOST}` });
    client.interceptors.request.use(aws4Interceptor({ credentials }));
    const way = {
      httpAgent: new Agent(),
      httpsAgent: {},
      proxy: { host: 'proxy.example', port: 3128 },
      socketPath: '/tmp/socket',
      allowedSocketPaths: ['/tmp/socket'],
      transport: {},
      lookup: resolveToLoopback,
      family: 4 as const,
      insecureHTTPParser: true,
      withCredentials: true,
      timeoutErrorMessage: 'late',
    };
    await client.post('/k', 'data', {
      ...way,
      adapter: (config) => {
        sent.push(config);
        return answerAsSession(1, config);
      },
      timeout: 5000,
      signal: new AbortController().signal,
      fetchOptions: { dispatcher: 'one', redirect: 'follow' },
      params: { uploads: '' },
      headers: { 'User-Agent': 'own/1', 'X-Own': 'secret', 'Content-Type': 'text/plain' },
      transformRequest: [(data: unknown) => data],
      transformResponse: [() => 'transformed'],
      validateStatus: () => false,
      onUploadProgress: () => undefined,
      onDownloadProgress: () => undefined,
      responseType: 'stream',
      maxContentLength: 1,
      decompress: false,
      maxBodyLength: 100,
      beforeRedirect: () => undefined,
      paramsSerializer: { serialize: () => 'uploads' },
    });
    const [opening, own] = sent;
    expect(own).toMatchObject({ method: 'post', data: 'data' });
    expect(opening).toMatchObject({
      ...way,
      method: 'get',
      url: `https://${ZONAL_HOST}/?session`,
      responseType: 'text',
    });
    expect(opening?.fetchOptions).toMatchObject({ dispatcher: 'one' });
    expect(opening?.fetchOptions?.redirect).not.toBe('follow');
    expect(opening?.timeout).toBeGreaterThan(0);
    expect(opening?.timeout).toBeLessThanOrEqual(5000);
    expect(opening?.signal).toBeInstanceOf(AbortSignal);
    for (const name of [
      'data',
      'params',
      'paramsSerializer',
      'transformRequest',
      'transformResponse',
      'onUploadProgress',
      'onDownloadProgress',
      'decompress',
    ] as const) {
      expect(opening?.[name]).toBeUndefined();
    }
    expect(opening?.validateStatus?.(200)).toBe(true);
    expect(opening?.maxContentLength).toBeGreaterThan(1000);
    expect(Object.keys(AxiosHeaders.from(opening?.headers).toJSON()).sort()).toStrictEqual([
      'Authorization',
      // Over a Unix socket Node has none to send by itself.
      'Host',
      'User-Agent',
      'X-Amz-Content-Sha256',
      'X-Amz-Date',
    ]);
  });

  it('is sent once for all who wait', async () => {
    const client = stage.connect();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => client.get(`/${String(i)}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(stage.countSessions()).toBe(1);
  });

  it('goes on for the others where the first one leaves', async () => {
    const controller = new AbortController();
    stage.answerSession = async () => {
      controller.abort();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return undefined;
    };
    const client = stage.connect();
    const first = failure(client.get('/1', { signal: controller.signal }));
    const others = [client.get('/2'), client.get('/3')];
    expect(await first).toBeInstanceOf(CanceledError);
    expect((await Promise.all(others)).map(({ status }) => status)).toStrictEqual([200, 200]);
    expect(stage.countSessions()).toBe(1);
  });

  it('goes on for those who have more time than the first', async () => {
    stage.answerSession = (number) => (number === 1 ? hang() : undefined);
    const client = stage.connect();
    const first = failure(client.get('/1', { timeout: 50 }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const other = client.get('/2');
    expect(await first).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 50ms exceeded' });
    expect((await other).status).toBe(200);
    expect(stage.log()).toStrictEqual([opened, opened, 'GET /2 SESSION2']);
  });

  it('ends with the last who waits for it, and is sent anew for the next', async () => {
    const ended = new Promise((resolve) => {
      const gone = createHttpServer((request) => request.socket.on('close', resolve));
      gone.listen(0, '127.0.0.1', () => {
        const port = String(Reflect.get(Object(gone.address()), 'port'));
        const client = axios.create({
          baseURL: `http://${ZONAL_HOST}:${port}`,
          lookup: resolveToLoopback,
          adapter: 'http',
        });
        client.interceptors.request.use(aws4Interceptor({ credentials }));
        const controller = new AbortController();
        const both = ['/1', '/2'].map((url) => failure(client.get(url, { signal: controller.signal })));
        gone.once('request', () => {
          controller.abort();
        });
        void Promise.all(both).then(() => gone.close());
      });
    });
    await ended;
  });

  it('is asked for again by who comes while it ends', async () => {
    const controller = new AbortController();
    stage.answerSession = (number) => {
      if (number > 1) return undefined;
      controller.abort();
      return hang();
    };
    const client = stage.connect();
    const reason = await failure(client.get('/1', { signal: controller.signal }));
    expect(reason).toBeInstanceOf(CanceledError);
    expect((await client.get('/2')).status).toBe(200);
    expect(stage.countSessions()).toBe(2);
  });

  it('that hangs ends with the timeout of the request', async () => {
    stage.answerSession = hang;
    const reason = await failure(stage.connect().get('/1', { timeout: 30 }));
    expect(reason).toMatchObject({ code: 'ECONNABORTED', message: 'timeout of 30ms exceeded' });
  });

  it('heals a clock that is wrong, for the request too', async () => {
    stage.aheadMs = HOUR;
    const client = stage.connect();
    await client.get('/a');
    expect(stage.log()).toStrictEqual(['GET /?session RequestTimeTooSkewed', opened, 'GET /a SESSION2']);
  });

  it.each([-10 * MINUTE, 10 * MINUTE])(
    'corrects a clock that is %d ms off, by which its session would not live',
    async (ms) => {
      stage.aheadMs = ms;
      const client = stage.connect();
      for (const url of ['/1', '/2', '/3']) await client.get(url);
      expect(stage.log()).toStrictEqual([opened, 'GET /1 SESSION1', 'GET /2 SESSION1', 'GET /3 SESSION1']);
    },
  );

  it('heals credentials that have expired', async () => {
    let number = 0;
    stage.dead.add('ASIA1');
    const provider = jest.fn(() =>
      Promise.resolve({ ...numbered(++number), expiration: new Date(stage.serverMs + HOUR) }),
    );
    await stage.connect({ credentials: provider }).get('/a');
    expect(stage.log()).toStrictEqual(['GET /?session ExpiredToken', 'GET /?session ASIA2', 'GET /a SESSION2']);
    expect(provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
  });

  it('is read where it has entities, white space and other elements', async () => {
    const { accessKeyId, secretAccessKey } = sessionOf(1);
    stage.answerOther = () => ({ status: 204 });
    stage.answerSession = () => ({
      status: 200,
      headers: { 'Content-Type': 'application/xml', 'Content-Encoding': 'gzip' },
      body: gzipSync(
        `<CreateSessionResult>\n <Credentials>\n  <Expiration>${new Date(stage.serverMs + HOUR).toISOString()}</Expiration>` +
          `<AccessKeyId>${accessKeyId}</AccessKeyId><More/><SecretAccessKey>${secretAccessKey}</SecretAccessKey>` +
          `<SessionToken>\n a&amp;b&#43;&#x2F;&quot;==\n</SessionToken></Credentials></CreateSessionResult>`,
      ),
    });
    await stage.connect().get('/a');
    expect(stage.sent()[1]?.header('x-amz-s3session-token')).toStrictEqual(['a&b+/"==']);
  });
});

it('a mock that answers without headers opens a session', async () => {
  const sent: string[] = [];
  const adapter = (config: InternalAxiosRequestConfig) => {
    sent.push(String(config.headers['X-Amz-S3session-Token']));
    const data = sessionDocument(sessionOf(1), '2124-01-01T00:00:00Z');
    return Promise.resolve({ data, status: 200, statusText: '', config });
  };
  await stage.connect({}, { adapter }).get('/a');
  expect(sent).toStrictEqual(['undefined', sessionOf(1).sessionToken]);
});

describe('a session that cannot be opened is an error', () => {
  const refused = async (client = stage.connect()) => {
    const reason = await failure(client.get('/a'));
    expect(reason).toBeInstanceOf(CredentialsError);
    if (!(reason instanceof CredentialsError)) throw new Error('It is none');
    expect(reason).toMatchObject({ code: 'ERR_CREDENTIALS', isAxiosError: true });
    expect(`${reason.message} ${JSON.stringify(reason)}`).not.toMatch(/secret\/|session\/secret|session\+token|wJalr/);
    return reason;
  };

  it('by the code of the answer, with what to do', async () => {
    stage.answerSession = () => ({
      status: 403,
      body: errorDocument('AccessDenied', 'User may not do s3express:CreateSession'),
    });
    const { message, cause } = await refused();
    expect(message).toMatch(/^s3ExpressSessions: CreateSession for bkt--use1-az4--x-s3 was refused with status 403/);
    expect(message).toMatch(
      /AccessDenied.*User may not do.*permission s3express:CreateSession.*s3ExpressSessions: false/,
    );
    expect(cause).toMatchObject({ response: { status: 403 } });
    expect(stage.log()).toStrictEqual([opened]);
  });

  it('with the explanation of a signature that is refused', async () => {
    const wrong = { ...credentials, secretAccessKey: 'another/secret' };
    const reason = await refused(stage.connect({ credentials: wrong }));
    expect(reason.message).toMatch(/SignatureDoesNotMatch.*secret access key is not the one/);
    expect(explainRefusal(reason)).toMatchObject({ cause: 'secret' });
  });

  it.each([
    ['nothing', ''],
    ['another document', '<html><body>It works</body></html>'],
    ['no token', sessionDocument(sessionOf(1), 'x').replace(/<SessionToken>.*<\/SessionToken>/, '')],
    ['an empty key', sessionDocument({ ...sessionOf(1), accessKeyId: '' }, 'x')],
    ['a date that is none', sessionDocument(sessionOf(1), 'soon')],
    ['a token with a line break', sessionDocument({ ...sessionOf(1), sessionToken: 'a\nb' }, '2124-01-01T00:00:00Z')],
  ])('for an answer that cannot be read: %s', async (_, body) => {
    stage.answerSession = () => ({ status: 200, headers: { 'Content-Type': 'application/xml' }, body });
    const { cause } = await refused();
    expect(cause).toBeUndefined();
  });

  it.each(['http', 'fetch'])('for a redirect, which is not followed, over %s', async (adapter) => {
    stage.answerSession = () => ({ status: 307, headers: { Location: '/elsewhere?session' } });
    const { message } = await refused(stage.connectByPath({}, { adapter }));
    expect(message).toMatch(/was redirected, which is not followed/);
    expect(stage.log()).toHaveLength(1);
  });

  it('for a host that does not answer', async () => {
    const { message, cause } = await refused(stage.connect({}, { baseURL: `http://${ZONAL_HOST}:9` }));
    expect(message).toMatch(/CreateSession for bkt--use1-az4--x-s3 failed \(.*ECONNREFUSED/);
    expect(cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it.each<[string, (response: ServerResponse) => unknown]>([
    [
      'breaks off',
      (response) => {
        response.writeHead(200, { 'Content-Length': '1000' }).write(sessionDocument(sessionOf(1), '2124-01-01'));
        setTimeout(() => response.destroy(), 20);
      },
    ],
    ['cannot be decoded', (response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no gzip')],
  ])('for an answer that %s, which is no redirect', async (_, answer) => {
    const server = createHttpServer((__, response) => void answer(response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseURL = `http://${ZONAL_HOST}:${String((server.address() as AddressInfo).port)}`;
    const { message, cause } = await refused(stage.connect({}, { baseURL }));
    expect(message).toMatch(/^s3ExpressSessions: CreateSession for bkt--use1-az4--x-s3 failed \(/);
    expect(cause).toBeDefined();
    server.close();
  });

  it.each([
    [503, 'SlowDown', /SlowDown\)\. That may pass/],
    [404, 'NoSuchBucket', /NoSuchBucket\)\. Is the bucket there/],
    [403, 'AccessDenied', /AccessDenied\)\. The credentials need the permission/],
  ])('with advice that fits: %d', async (status, code, expected) => {
    stage.answerSession = () => ({ status, body: errorDocument(code, '') });
    expect((await refused()).message).toMatch(expected);
  });

  it('for an answer without end', async () => {
    stage.answerSession = () => ({ status: 200, body: 'a'.repeat(100_000) });
    await refused();
  });

  it('and the next request tries again', async () => {
    stage.answerSession = (number) => (number === 1 ? { status: 503, body: errorDocument('SlowDown', '') } : undefined);
    const client = stage.connect();
    await Promise.all([1, 2, 3].map(() => refused(client)));
    expect(stage.countSessions()).toBe(1);
    expect((await client.get('/a')).status).toBe(200);
  });

  it('which each of those who waited gets for a request of its own', async () => {
    stage.answerSession = () => ({ status: 403, body: errorDocument('AccessDenied', '') });
    const client = stage.connect();
    const [one, other] = await Promise.all(['/1', '/2'].map((url) => failure(client.get(url))));
    expect(one).toMatchObject({ config: { url: '/1' } });
    expect(other).toMatchObject({ config: { url: '/2' } });
  });
});

describe('the session is renewed', () => {
  it('in the background in its last minute', async () => {
    const client = stage.connect();
    await client.get('/1');
    stage.serverMs += 4 * MINUTE - SECOND;
    await client.get('/2');
    expect(stage.countSessions()).toBe(1);
    stage.serverMs += 2 * SECOND;
    let answer = (): void => undefined;
    const isAnswered = new Promise<undefined>((resolve) => {
      answer = () => {
        resolve(undefined);
      };
    });
    stage.answerSession = () => isAnswered;
    await client.get('/3', { timeout: 5000 });
    await client.get('/4');
    expect(
      stage
        .log()
        .filter((line) => !line.includes('?session'))
        .at(-1),
    ).toBe('GET /4 SESSION1');
    expect(stage.countSessions()).toBe(2);
    answer();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.get('/5');
    expect(stage.log().at(-1)).toBe('GET /5 SESSION2');
    expect(stage.countSessions()).toBe(2);
  });

  it('before a request in its last 10 s', async () => {
    const client = stage.connect();
    await client.get('/1');
    stage.serverMs += 5 * MINUTE - 9 * SECOND;
    await client.get('/2');
    expect(stage.log()).toStrictEqual([opened, 'GET /1 SESSION1', opened, 'GET /2 SESSION2']);
  });

  it('when it has ended', async () => {
    const client = stage.connect();
    await client.get('/1');
    stage.serverMs += HOUR;
    await client.get('/2');
    expect(stage.log().slice(2)).toStrictEqual([opened, 'GET /2 SESSION2']);
  });

  it('and kept where that fails while it is good', async () => {
    const client = stage.connect();
    await client.get('/1');
    stage.serverMs += 4.5 * MINUTE;
    stage.answerSession = () => ({ status: 500 });
    await client.get('/2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.get('/3');
    expect(stage.log().at(-1)).toBe('GET /3 SESSION1');
  });

  it.each<[string, number | undefined, string?]>([
    ['ExpiredToken', 400],
    ['ExpiredToken', 403],
    ['InvalidToken', 400],
    ['InvalidAccessKeyId', 403],
    ['TokenRefreshRequired', 400],
  ])('where the server says %s (%d), as the one more try', async (code, status = 400) => {
    const client = stage.connect({
      credentials: () => Promise.resolve({ ...temporary, expiration: new Date(stage.serverMs + HOUR) }),
    });
    await client.get('/1');
    stage.answerOther = (_, verdict) =>
      verdict.ok && verdict.accessKeyId === 'SESSION1'
        ? { status, headers: {}, body: errorDocument(code, 'No.') }
        : undefined;
    const answers = await Promise.all(['/2', '/3', '/4'].map((url) => client.put(url, 'content')));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    expect(stage.countSessions()).toBe(2);
    expect(stage.log().filter((line) => line.endsWith('SESSION2'))).toHaveLength(3);
  });

  it('where a HEAD shows its end by the time of the answer', async () => {
    const client = stage.connect();
    await client.get('/1');
    stage.dead.add('SESSION1');
    stage.serverMs += 6 * MINUTE;
    stage.aheadMs = -6 * MINUTE;
    await client.head('/2');
    expect(stage.log().at(-1)).toBe('HEAD /2 SESSION2');
  });

  it('once, and the refusal is the answer then', async () => {
    const client = stage.connect();
    stage.answerOther = () => ({ status: 400, body: errorDocument('ExpiredToken', 'No.') });
    const reason = await failure(client.get('/1'));
    expect(reason).toMatchObject({ response: { status: 400 } });
    expect(explainRefusal(reason)).toMatchObject({ cause: 'token' });
    expect(stage.log()).toStrictEqual([opened, 'GET /1 SESSION1', opened, 'GET /1 SESSION2']);
  });

  it('not under heal: false', async () => {
    const client = stage.connect({ heal: false });
    stage.answerOther = () => ({ status: 400, body: errorDocument('ExpiredToken', 'No.') });
    await failure(client.get('/1'));
    expect(stage.log()).toStrictEqual([opened, 'GET /1 SESSION1']);
  });

  it('and the refusal of another session is added where that fails', async () => {
    const client = stage.connect();
    await client.get('/1');
    stage.dead.add('SESSION1');
    stage.answerSession = () => ({ status: 403, body: errorDocument('AccessDenied', '') });
    const reason = await failure(client.get('/2'));
    expect(reason).toMatchObject({
      response: { status: 400 },
      message: expect.stringMatching(/could not be signed again: s3ExpressSessions: CreateSession/),
    });
  });
});

describe('sessions are kept', () => {
  it('for each bucket', async () => {
    const client = stage.connect();
    const other = 'other--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com';
    const { port } = new URL(stage.origin);
    await client.get('/1');
    await client.get(`http://${other}:${port}/2`);
    await client.get('/3');
    expect(stage.log()).toStrictEqual([opened, 'GET /1 SESSION1', opened, 'GET /2 SESSION2', 'GET /3 SESSION1']);
  });

  it('for each set of credentials, by its secret as well', async () => {
    const client = stage.connect();
    await client.get('/1');
    await client.get('/2', { aws4: { credentials: temporary } });
    await client.get('/3', { aws4: { credentials: { ...credentials } } });
    const impostor = { ...credentials, secretAccessKey: 'guessed' };
    expect(await failure(client.get('/4', { aws4: { credentials: impostor } }))).toBeInstanceOf(CredentialsError);
    expect(stage.log()).toStrictEqual([
      opened,
      'GET /1 SESSION1',
      'GET /?session ASIAEXAMPLE',
      'GET /2 SESSION2',
      'GET /3 SESSION1',
      'GET /?session SignatureDoesNotMatch',
    ]);
  });

  it('until the provider gives other credentials', async () => {
    let number = 1;
    const provider = () => ({ ...numbered(number) });
    const client = stage.connect({ credentials: provider });
    await client.get('/1');
    await client.get('/2');
    number = 2;
    await client.get('/3');
    expect(stage.log()).toStrictEqual([
      'GET /?session ASIA1',
      'GET /1 SESSION1',
      'GET /2 SESSION1',
      'GET /?session ASIA2',
      'GET /3 SESSION2',
    ]);
  });

  it('of the hundred buckets that were used last', async () => {
    const { adapter, sent } = createCapture();
    const client = axios.create();
    client.interceptors.request.use(aws4Interceptor({ credentials }));
    const get = (number: number) =>
      client.get(`https://b${String(number)}--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/k`, {
        adapter: async (config) => {
          const answer = await adapter(config);
          const data = sessionDocument(sessionOf(number), new Date(Date.now() + HOUR).toISOString());
          return config.url?.endsWith('?session') === true ? { ...answer, data } : answer;
        },
      });
    for (let number = 0; number <= 100; number++) await get(number);
    const before = sent.length;
    await get(1);
    expect(sent).toHaveLength(before + 1);
    await get(0);
    expect(sent).toHaveLength(before + 3);
  });
});

it('lives through hours of requests, each of which a session signs that is good', async () => {
  const client = stage.connect();
  for (let minute = 0; minute < 6 * 60; minute += 2) {
    await Promise.all(['/a', '/b'].map((url) => client.get(url)));
    stage.serverMs += 2 * MINUTE;
  }
  const lines = stage.log();
  expect(lines.filter((line) => !/ (?:SESSION\d+|AKIDEXAMPLE)$/.test(line))).toStrictEqual([]);
  // One for each three to five minutes, as the moments of the requests have it.
  expect(stage.countSessions()).toBeGreaterThanOrEqual(72);
  expect(stage.countSessions()).toBeLessThanOrEqual(120);
});
