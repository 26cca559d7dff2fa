/** Where signatures may go. */
import axios, { type AxiosRequestConfig } from 'axios';
import { Aws4AuthError, aws4Interceptor, aws4Sign, type Aws4Options } from '../../lib/index.js';
import { matchesHosts } from '../../lib/destination/hosts.js';
import {
  createCapture,
  createClient,
  createServer,
  credentials,
  describeRequest,
  failure,
  scope,
} from '../stand-ins/test-server.js';

const server = createServer();
let origin: string;
let host: string;
beforeAll(async () => {
  ({ origin } = await server.start());
  host = new URL(origin).host;
});
afterAll(() => server.close());

describe('hosts', () => {
  it.each([
    ['https://a.example.com/', ['a.example.com'], true],
    ['https://A.EXAMPLE.com/', ['a.example.com'], true],
    ['https://a.example.com/', ['A.Example.COM'], true],
    ['https://b.example.com/', ['a.example.com'], false],
    ['https://a.example.com.evil.com/', ['a.example.com'], false],
    ['https://a.example.com/', ['*.example.com'], true],
    ['https://a.b.example.com/', ['*.example.com'], true],
    ['https://example.com/', ['*.example.com'], false],
    ['https://evilexample.com/', ['*.example.com'], false],
    ['https://a.example.com:8443/', ['a.example.com'], true],
    ['https://a.example.com:8443/', ['a.example.com:8443'], true],
    ['https://a.example.com/', ['a.example.com:8443'], false],
    ['https://[::1]:9000/', ['[::1]'], true],
    ['https://[::1]:9000/', ['[::1]:9000'], true],
    ['https://a.example.com/', [], false],
  ])('%s by %j: %p', (url, hosts, expected) => {
    expect(matchesHosts(new URL(url), hosts)).toBe(expected);
  });

  it.each([[['a/b']], [['https://a.example.com']], [['a.*.com']], [['']], [[5]], ['a.example.com'], [{}], [['a b']]])(
    'refuses %j',
    (hosts) => {
      expect(() => createClient('', { hosts: hosts as never })).toThrow(/^hosts: /);
      expect(() => createClient('', { hosts: hosts as never })).toThrow(Aws4AuthError);
    },
  );
});

/** Whether a request is signed, refused, or sent unsigned, without a server. */
async function fateOf(config: AxiosRequestConfig, options: Aws4Options = {}): Promise<string> {
  const { adapter, sent } = createCapture();
  const error = await failure(createClient('', options, { adapter }).request(config));
  const [request] = sent;
  if (request !== undefined) return request.headers.has('Authorization') ? 'signed' : 'unsigned';
  expect(error).toBeInstanceOf(Aws4AuthError);
  expect(error).toMatchObject({ code: 'ERR_UNTRUSTED_HOST', message: expect.stringMatching(/^hosts: /) as string });
  return 'refused';
}

describe('hosts that no URL can match', () => {
  it.each([
    ['a.com.', 'a.com'],
    ['*.a.com.', '*.a.com'],
    ['müller.de', 'xn--mller-kva.de'],
    ['*.MÜLLER.de', '*.xn--mller-kva.de'],
    ['müller.de:8443', 'xn--mller-kva.de:8443'],
    ['a.com:443', 'a.com'],
    ['a.com:80', 'a.com'],
    ['*.a.com:443', '*.a.com'],
    ['a.com:08443', 'a.com:8443'],
    ['127.1', '127.0.0.1'],
    ['0x7f.0.0.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['[0:0:0:0:0:0:0:1]', '[::1]'],
    ['[::127.0.0.1]:9000', '[::7f00:1]:9000'],
    ['ａ.com', 'a.com'],
    ['%61.com', 'a.com'],
  ])('%s is refused, and %s is what to write', async (entry, form) => {
    const error = await failure(Promise.resolve().then(() => createClient('', { hosts: ['b.example', entry] })));
    expect(error).toBeInstanceOf(Aws4AuthError);
    expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION', message: expect.stringMatching(/^hosts: /) as string });
    expect(String(error)).toContain(`write ${JSON.stringify(form)}`);
    expect(() => createClient('', { hosts: [form] })).not.toThrow();
    expect(await failure(createClient(origin).get('/', { aws4: { hosts: [entry] } }))).toMatchObject({
      code: 'ERR_INVALID_OPTION',
    });
  });

  it.each([
    '.',
    '..',
    '.a.com',
    'a..com',
    '*..com',
    'a.com:99999',
    '1.2.3.4.5',
    '*.127.0.0.1',
    '[1::2::3]',
    '[1.2.3.4]',
    'xn--a',
    'a|b',
    'a^b',
  ])('%s is refused, since it is no hostname', (entry) => {
    expect(() => createClient('', { hosts: [entry] })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', message: expect.stringContaining('hosts: ') as string }),
    );
  });

  it.each(['A.Com', 'localhost', 'a_b.example', 'xn--mller-kva.de', 'a.com:8080', '[::1]', '1.2.3.4', 'com', '*.com'])(
    '%s is none of them',
    (entry) => {
      expect(() => createClient('', { hosts: [entry] })).not.toThrow();
    },
  );
});

describe('without hosts', () => {
  it.each([
    ...[
      'https://abc123.execute-api.eu-west-1.amazonaws.com/prod',
      'https://sts.amazonaws.com/',
      'https://x.s3.us-east-1.amazonaws.com/',
    ],
    ...['https://sts.amazonaws.com:8443/', 'https://STS.amazonaws.com./', 'https://abc.lambda-url.eu-west-1.on.aws/'],
    ...['https://s3.cn-north-1.amazonaws.com.cn/', 'https://bucket.fra1.digitaloceanspaces.com/'],
    ...[
      'http://localhost/',
      'http://localhost:9000/',
      'http://LOCALHOST./',
      'https://store.localhost/',
      'http://127.0.0.1:4566/',
    ],
    ...[
      'http://127.1.2.3/',
      'http://127.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://[::1]:8080/',
      'http://[0:0::1]/',
    ],
  ])('%s is signed for: its hostname is known, or this machine', async (url) => {
    expect(await fateOf({ url })).toBe('signed');
  });

  it.each([
    ...['https://api.example.com/', 'https://my-elb-123.eu-west-1.elb.amazonaws.com/', 'https://d1.cloudfront.net/'],
    ...[
      'https://ec2-1-2-3-4.compute-1.amazonaws.com/',
      'https://amazonaws.com/',
      'https://sts.amazonaws.com.evil.example/',
    ],
    ...[
      'https://x.s3-website.eu-west-1.amazonaws.com/',
      'https://evilamazonaws.com/',
      'https://x.elasticbeanstalk.com/',
    ],
    ...[
      'http://localhost.evil.example/',
      'http://notlocalhost/',
      'http://128.0.0.1/',
      'http://10.0.0.1/',
      'http://0.0.0.0/',
    ],
    ...[
      'http://[::]/',
      'http://[::2]/',
      'http://[::ffff:127.0.0.1]/',
      'http://169.254.169.254/',
      'http://127.0.0.1.nip.io/',
    ],
  ])('%s is not', async (url) => {
    expect(await fateOf({ url })).toBe('refused');
    expect(await fateOf({ url }, { elsewhere: 'unsigned' })).toBe('unsigned');
    expect(await fateOf({ url, aws4: { elsewhere: 'unsigned' } })).toBe('unsigned');
    expect(await fateOf({ url, aws4: { hosts: [new URL(url).host] } })).toBe('signed');
  });

  it.each([
    [{ baseURL: 'https://api.example.com/v1', url: '/x' }, 'signed'],
    [{ baseURL: 'https://api.example.com/v1', url: 'https://API.example.com:443/x' }, 'signed'],
    [{ baseURL: 'https://api.example.com/v1', url: 'http://api.example.com/x' }, 'refused'],
    [{ baseURL: 'https://api.example.com/v1', url: 'https://api.example.com:8443/x' }, 'refused'],
    [{ baseURL: 'https://api.example.com/v1', url: 'https://other.example.com/x' }, 'refused'],
    [{ baseURL: 'https://api.example.com/v1', url: 'https://sts.amazonaws.com/' }, 'signed'],
    [{ baseURL: 'https://api.example.com/v1', url: 'http://localhost/' }, 'signed'],
  ])('%j: %s', async (config, fate) => {
    expect(await fateOf(config)).toBe(fate);
  });
});

describe('with hosts', () => {
  it.each([
    ['https://sts.amazonaws.com/', ['api.example.com'], 'refused'],
    ['http://localhost/', ['api.example.com'], 'refused'],
    ['https://api.example.com/', ['api.example.com'], 'signed'],
    ['https://api.example.com./', ['api.example.com'], 'signed'],
    ['https://api.example.com.:8443/', ['*.example.com:8443'], 'signed'],
  ])('%s under %j: %s', async (url, hosts, fate) => {
    expect(await fateOf({ url }, { hosts })).toBe(fate);
  });

  it('also the origin of baseURL must be among them', async () => {
    expect(await fateOf({ baseURL: 'https://a.example', url: '/' }, { hosts: ['b.example'] })).toBe('refused');
  });

  it('a list that is changed in place counts', async () => {
    const hosts = ['a.example'];
    const { adapter, sent } = createCapture();
    const client = createClient('', { hosts }, { adapter });
    await client.get('https://a.example/');
    expect(await failure(client.get('https://b.example/'))).toMatchObject({ code: 'ERR_UNTRUSTED_HOST' });
    hosts[0] = 'b.example';
    await client.get('https://b.example/');
    expect(await failure(client.get('https://a.example/'))).toMatchObject({ code: 'ERR_UNTRUSTED_HOST' });
    expect(sent).toHaveLength(2);
  });
});

it('aws4Sign signs for whatever URL it is given', async () => {
  const { headers } = await aws4Sign({ url: 'https://api.example.com/' }, { ...scope, credentials });
  expect(headers).toHaveProperty('Authorization');
});

describe('a request', () => {
  const accepted = async (options: Aws4Options, url = '/'): Promise<boolean | undefined> => {
    await createClient(origin, options).get(url);
    return server.verifications.at(-1)?.verdict.ok;
  };

  it('to a named host is signed', async () => {
    expect(await accepted({ hosts: ['127.0.0.1'] })).toBe(true);
    expect(await accepted({ hosts: [host] })).toBe(true);
    const asked: unknown[] = [];
    expect(await accepted({ hosts: (...args) => asked.push(args) > 0 })).toBe(true);
    expect(asked).toMatchObject([['127.0.0.1', { host }]]);
  });

  it('is not signed on the word of a promise', async () => {
    const hosts = (() => Promise.resolve(false)) as never;
    expect(await failure(createClient(origin, { hosts }).get('/'))).toMatchObject({ code: 'ERR_INVALID_OPTION' });
  });

  it('that goes to a named host after all is signed', async () => {
    const client = axios.create({ baseURL: 'http://elsewhere.example' });
    client.interceptors.request.use((config) => ({ ...config, baseURL: origin }));
    const options = { ...scope, credentials, hosts: ['127.0.0.1'], elsewhere: 'unsigned' } as const;
    client.interceptors.request.use(aws4Interceptor(options));
    await client.get('/moved');
    expect(describeRequest(server.requests.at(-1)).target).toBe('/moved');
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it.each([0, 1])('is signed by the interceptor whose host it is, in whatever order: %i', async (first) => {
    const options = { ...scope, credentials, elsewhere: 'unsigned' } as const;
    const routes = [
      aws4Interceptor({ ...options, hosts: ['127.0.0.1'] }),
      aws4Interceptor({ ...options, hosts: ['store.example'] }),
    ];
    const client = axios.create({ baseURL: origin });
    for (const route of first === 0 ? routes : routes.toReversed()) client.interceptors.request.use(route);
    await client.post('/', { a: 1 });
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('to any other is refused, and not sent', async () => {
    const count = server.requests.length;
    const error = await failure(createClient(origin, { hosts: ['*.amazonaws.com'] }).get('/'));
    expect(error).toMatchObject({ code: 'ERR_UNTRUSTED_HOST', message: expect.stringContaining(host) as string });
    expect(server.requests.length).toBe(count);
  });

  it('to any other goes unsigned where that is asked for', async () => {
    const client = createClient(
      origin,
      { hosts: ['*.amazonaws.com'], elsewhere: 'unsigned' },
      { validateStatus: null },
    );
    await client.post('/', { a: 1 });
    const { names, text } = describeRequest(server.requests.at(-1));
    expect(names.filter((name) => /^(x-amz-|authorization)/.test(name))).toStrictEqual([]);
    expect(text).toBe('{"a":1}');
  });

  it('that leads away from baseURL is refused by default', async () => {
    const count = server.requests.length;
    const error = await failure(createClient('https://api.example.com/v1').get('https://other.example/'));
    expect(error).toMatchObject({ code: 'ERR_UNTRUSTED_HOST', message: expect.stringContaining('baseURL') as string });
    expect(server.requests.length).toBe(count);
  });

  it('that leads away from baseURL is signed where hosts allows it', async () => {
    await createClient('https://api.example.com/v1', { hosts: ['127.0.0.1'] }).get(`${origin}/away`);
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });

  it('with an absolute URL of the same origin as baseURL is signed', async () => {
    expect(await accepted({}, `${origin}/absolute`)).toBe(true);
  });

  it('that allowAbsoluteUrls: false keeps at baseURL is signed', async () => {
    await createClient(origin, {}, { allowAbsoluteUrls: false }).get('https://evil.example/x');
    expect(describeRequest(server.requests.at(-1)).target).toBe('/https://evil.example/x');
    expect(server.verifications.at(-1)?.verdict.ok).toBe(true);
  });
});

describe('service and region', () => {
  const sign = async (url: string, options: Aws4Options): Promise<string> => {
    const { adapter, sent } = createCapture();
    await createClient('', { region: undefined, service: undefined, hosts: () => true, ...options }, { adapter }).get(
      url,
    );
    return String(sent[0]?.headers.get('Authorization')).replace(/^.*?\/\d{8}\/(.*?)\/aws4_request.*$/, '$1');
  };

  it.each([
    ['https://abc.execute-api.eu-west-2.amazonaws.com/prod', {}, 'eu-west-2/execute-api'],
    ['https://bucket.with.dots.s3.eu-north-1.amazonaws.com/key', {}, 'eu-north-1/s3'],
    ['https://search-x.us-east-2.es.amazonaws.com/', {}, 'us-east-2/es'],
    ['https://abc.execute-api.eu-west-2.amazonaws.com/prod', { region: 'us-east-1' }, 'us-east-1/execute-api'],
    ['https://abc.execute-api.eu-west-2.amazonaws.com/prod', { service: 'lambda' }, 'eu-west-2/lambda'],
    ['https://api.example.com/', { service: 'execute-api', region: 'eu-west-3' }, 'eu-west-3/execute-api'],
  ])('of %s with %j: %s', async (url, options, expected) => {
    expect(await sign(url, options)).toBe(expected);
  });

  it('the hostname’s region comes before the environment’s', async () => {
    process.env['AWS_REGION'] = 'us-west-1';
    try {
      expect(await sign('https://abc.execute-api.eu-west-2.amazonaws.com/', {})).toBe('eu-west-2/execute-api');
    } finally {
      delete process.env['AWS_REGION'];
    }
  });

  it('that no hostname says are asked for', async () => {
    expect(await failure(sign('https://api.example.com/', { region: 'eu-west-1' }))).toMatchObject({
      code: 'ERR_ENDPOINT',
      message: expect.stringContaining("service: 'execute-api'") as string,
    });
  });
});
