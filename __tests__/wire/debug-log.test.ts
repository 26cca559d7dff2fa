/** The debug log: what each request was signed for and what became of it, and no secret, however the request went. */
import type { AxiosRequestConfig } from 'axios';
import type { RawResponse } from 'strict-sigv4-verifier';
import { aws4Presign, aws4PresignPost, aws4Sign, SigningKey, type Aws4Options } from '../../lib/index.js';
import { createDebugLog } from '../../lib/platform/debug-log.js';
import { setExpressStage } from '../stand-ins/express-stage.js';
import { HOUR, refuse, setHealingStage, START } from '../stand-ins/healing-stage.js';
import { createClient, credentials as permanent, failure, numbered, scope } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const stage = setHealingStage();
let lines: string[];
const setLog = (debugLog: typeof platform.debugLog): boolean => Reflect.set(platform, 'debugLog', debugLog);
beforeEach(() => {
  lines = [];
  setLog(createDebugLog((line) => lines.push(line)));
});
afterEach(() => {
  setLog(undefined);
});

/** The lines that speak of requests, with the origin in short, and those of credentials apart. */
const ofRequests = (): string[] =>
  lines.filter((line) => !line.startsWith('credentials: ')).map((line) => line.replaceAll(stage.origin, 'ORIGIN'));
const ofCredentials = (): string[] => lines.filter((line) => line.startsWith('credentials: '));
const inAnHour = new Date(START + HOUR).toISOString();

describe('says what a request was signed for', () => {
  it('by options and a provider', async () => {
    await stage.connect({ contentSha256Header: true }).get('/items', { params: { tag: 'a' } });
    expect(ofRequests()).toStrictEqual([
      'GET ORIGIN/items?…: signed for the service execute-api (option) in eu-west-1 (option), ' +
        `as … until ${inAnHour} (provider), at 20240228T235930Z (clock), payload signed, ` +
        'headers host;x-amz-content-sha256;x-amz-date;x-amz-security-token',
    ]);
    expect(ofCredentials()).toStrictEqual([
      'credentials: the provider is asked',
      `credentials: the provider gave … until ${inAnHour}`,
    ]);
  });

  const signWithout = (options: Aws4Options, url: string, headers = {}) =>
    aws4Sign({ url, headers }, { credentials: permanent, ...options });

  it('by the hostname', async () => {
    await signWithout({}, 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod');
    expect(lines.join('')).toContain('for the service execute-api (hostname) in eu-west-1 (hostname), as …MPLE');
    expect(lines.join('')).toContain('without an expiration (credentials)');
  });

  it('by the hostname, with SigV4a', async () => {
    await signWithout({}, 'https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a');
    expect(lines.join('')).toContain('signed with SigV4a for the service s3 (hostname) in * (hostname), as …MPLE');
  });

  it('by the options, with SigV4a', async () => {
    const options = { algorithm: 'sigv4a', region: 'us-*' } as const;
    await signWithout(options, 'https://my-bucket.s3.eu-west-1.amazonaws.com/a');
    expect(lines.join('')).toContain('signed with SigV4a for the service s3 (hostname) in us-* (option)');
  });

  it('by one option, the rest by the hostname', async () => {
    await signWithout({ region: 'us-east-2' }, 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod');
    expect(lines.join('')).toContain('for the service execute-api (hostname) in us-east-2 (option)');
  });

  const itInNode = platform.name === 'node' ? it : it.skip;
  // Elsewhere there is no environment.
  itInNode.each(['AWS_REGION', 'AWS_DEFAULT_REGION'])('by %s', async (name) => {
    const before = process.env[name];
    process.env[name] = 'sa-east-1';
    try {
      await signWithout({ service: 'es' }, 'https://search.example.com/');
    } finally {
      if (before === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before;
    }
    expect(lines.join('')).toContain('for the service es (option) in sa-east-1 (environment)');
  });

  itInNode('by the default provider chain', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'a/secret' };
    const before = { ...process.env };
    Object.assign(process.env, variables);
    try {
      await aws4Sign({ url: 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod' });
    } finally {
      for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, before);
    }
    expect(ofCredentials()).toStrictEqual([
      'credentials: the default provider chain is asked',
      'credentials: the default provider chain gave …MPLE without an expiration',
    ]);
    expect(ofRequests().join('')).toContain('as …MPLE without an expiration (default provider chain)');
  });

  it('by a signing key', async () => {
    const signingKey = new SigningKey('a/secret', { date: new Date(START), ...scope });
    const headers = { 'X-Amz-Date': '20240228T235930Z' };
    await aws4Sign({ url: 'https://example.com/', headers }, { signingKey, accessKeyId: 'AKIDEXAMPLE' });
    expect(lines.join('')).toContain(
      'for the service execute-api (signingKey) in eu-west-1 (signingKey), as …MPLE (signingKey), ' +
        'at 20240228T235930Z (date of the request)',
    );
  });

  it('with an unsigned payload', async () => {
    await signWithout({ ...scope, payload: 'unsigned' }, 'https://example.com/');
    expect(lines.join('')).toContain('payload unsigned');
  });
});

describe('says what is presigned, for what and until when', () => {
  const url = 'https://my-bucket.s3.eu-west-1.amazonaws.com/a?tag=b';
  const clock = (): number => START;
  const forS3 = 'for the service s3 (hostname) in eu-west-1 (hostname)';

  it('a URL', async () => {
    const secret = 'Hidden/Session+Token==';
    const provider = () => Promise.resolve({ ...permanent, sessionToken: secret, expiration: new Date(START + HOUR) });
    await aws4Presign({ method: 'put', url }, { credentials: provider, clock, expiresIn: 600 });
    const until = new Date(START + 600_000).toISOString();
    expect(ofRequests()).toStrictEqual([
      `PUT https://my-bucket.s3.eu-west-1.amazonaws.com/a?…: presigned until ${until} ${forS3}, ` +
        `as …MPLE until ${inAnHour} (provider), at 20240228T235930Z (clock)`,
    ]);
    expect(lines.join('')).not.toContain(secret);
  });

  it('a URL of a date and a signing key', async () => {
    const signingKey = new SigningKey('a/secret', { date: new Date(START), region: 'eu-west-1', service: 's3' });
    const headers = { 'X-Amz-Date': '20240228T120000Z' };
    await aws4Presign({ url, headers }, { signingKey, accessKeyId: 'AKIDEXAMPLE', clock });
    expect(ofRequests().join('')).toContain(
      'presigned until 2024-02-28T12:15:00.000Z for the service s3 (signingKey) in eu-west-1 (signingKey), ' +
        'as …MPLE (signingKey), at 20240228T120000Z (date of the request)',
    );
  });

  it('a form', async () => {
    const policy = { url: 'https://store.example.com/', bucket: 'b', key: 'k', expiresIn: 60 };
    await aws4PresignPost(policy, { credentials: permanent, region: 'eu-west-1', clock });
    expect(ofRequests()).toStrictEqual([
      `POST https://store.example.com/: presigned until ${new Date(START + 60_000).toISOString()} for the service s3 ` +
        '(default) in eu-west-1 (option), as …MPLE without an expiration (credentials), at 20240228T235930Z (clock)',
    ]);
  });
});

describe('says what became of a request', () => {
  it('healed for its clock, and the next one dated by it', async () => {
    stage.aheadMs = -HOUR;
    const client = stage.connect();
    await client.get('/a');
    await client.get('/b');
    const [first, healing, again, next] = ofRequests();
    expect(lines.some((line) => line.includes('(clock)'))).toBe(true);
    expect(first).toContain('GET ORIGIN/a: signed');
    expect(healing).toMatch(
      /^GET ORIGIN\/a: refused for its clock \(\w+\); signed and sent again: .*clock is 3\d\d\d s ahead$/,
    );
    expect(again).toContain('(clock, corrected by 3');
    expect(next).toContain('GET ORIGIN/b: signed');
    expect(next).toContain('(clock, corrected by 3');
  });

  it('healed for its token', async () => {
    stage.dead.add(1);
    await stage.connect().get('/a');
    const [, healing] = ofRequests();
    expect(healing).toBe(
      `GET ORIGIN/a: refused for its token (ExpiredToken); signed and sent again: with other credentials, … until ${inAnHour}`,
    );
    expect(ofCredentials()).toContain('credentials: the provider is asked, with forceRefresh');
  });

  it('not healed, and why', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = numbered(1);
    stage.dead.add(1);
    await failure(stage.connect({ credentials: { accessKeyId, secretAccessKey, sessionToken } }).get('/a'));
    expect(ofRequests()).toContain('a refused request is not healed: there are no other credentials');
  });

  it.each(['http', 'fetch'])('redirected within its origin over %s', async (adapter) => {
    stage.respond = (count) => (count === 0 ? { status: 307, headers: { Location: '/to?token=x' } } : undefined);
    await stage.connect({}, { adapter }).get('/from');
    expect(ofRequests()[1]).toBe('GET ORIGIN/from: redirected to GET ORIGIN/to?…, signed for it');
  });

  it.each([
    ['where signatures may not go: sent unsigned', ''],
    ['which is presigned: sent without a signature', '?X-Amz-Signature=abc'],
  ])('redirected elsewhere, %s', async (said, query) => {
    const elsewhere = stage.origin.replace('127.0.0.1', 'localhost');
    stage.respond = (count) => ({ status: count === 0 ? 302 : 200, headers: { Location: `${elsewhere}/to${query}` } });
    await stage.connect().get('/from');
    expect(ofRequests()[1]?.replace(elsewhere, 'ELSEWHERE')).toBe(
      `GET ORIGIN/from: redirected to GET ELSEWHERE/to${query && '?…'}, ${said}`,
    );
  });

  it('left unsigned by aws4: false', async () => {
    stage.respond = () => ({ status: 200 });
    await stage.connect().post('/open?a=b', 'x', { aws4: false });
    expect(lines.map((line) => line.replace(stage.origin, 'ORIGIN'))).toStrictEqual([
      'POST ORIGIN/open?…: sent unsigned, since aws4 is false',
    ]);
  });

  it("left unsigned by elsewhere: 'unsigned'", async () => {
    stage.respond = () => ({ status: 200 });
    await stage.connect({ hosts: ['api.example.com'], elsewhere: 'unsigned' }).get('/');
    expect(ofRequests()).toStrictEqual([
      "GET ORIGIN/: sent unsigned, since its host is not named, and elsewhere is 'unsigned'",
    ]);
  });

  it('refused', async () => {
    await failure(stage.connect({ hosts: ['api.example.com'] }).get('/'));
    expect(ofRequests()).toStrictEqual([
      expect.stringMatching(/^GET ORIGIN\/: failed with ERR_UNTRUSTED_HOST, hosts: /),
    ]);
  });

  it.each([
    ['X-Amz-Date', { 'X-Amz-Date': 'yesterday' }, 'X-Amz-Date', 'the time by the clock'],
    ['both', { 'X-Amz-Date': 'yesterday', Date: '?' }, 'X-Amz-Date and Date', 'the time by the clock'],
    ['one of two', { 'X-Amz-Date': '?', Date: '20240228T235930Z' }, 'X-Amz-Date', 'the date of its Date header'],
  ])('with a date replaced: %s', async (_, headers, names, by) => {
    await stage.connect().get('/', { headers });
    expect(ofRequests()[0]).toBe(`GET ORIGIN/: ${names} cannot be read as a date; replaced by ${by}`);
    expect(stage.verdicts()).toStrictEqual(['accepted']);
  });

  it('whose provider failed', async () => {
    const fail = () => Promise.reject(new Error('no network'));
    await failure(stage.connect({ credentials: fail }).get('/'));
    expect(lines.slice(0, 2)).toStrictEqual([
      'credentials: the provider is asked',
      expect.stringMatching(/^credentials: the provider failed/),
    ]);
  });
});

describe('shows no secret', () => {
  const SECRETS = {
    secret: 'Hidden/Secret+Access/Key',
    token: 'Hidden/Session+Token==',
    query: 'HiddenInTheQuery',
    location: 'HiddenInALocation',
    password: 'HiddenPassword',
    header: 'HiddenInAHeader',
    body: 'HiddenInTheBody',
    thrown: 'Hidden/Secret/Of/Errors',
    fragment: 'HiddenInAFragment',
  } as const;
  const credentials = { accessKeyId: 'ASIA1', secretAccessKey: SECRETS.secret, sessionToken: SECRETS.token };
  const location = (origin: string, path: string): string => `${origin}${path}?token=${SECRETS.location}`;
  const userinfo = (origin: string): string => origin.replace('//', `//user:${SECRETS.password}@`);
  const signingKey = new SigningKey(SECRETS.secret, { date: new Date(START), ...scope });

  type Request = Omit<AxiosRequestConfig, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };
  const requests: Readonly<Record<string, Request>> = {
    'an answer': {},
    'aws4: false': { aws4: false },
    'its own credentials': { aws4: { credentials: () => Promise.resolve(credentials) } },
    'a signing key': { aws4: { signingKey, accessKeyId: 'ASIA1', sessionToken: SECRETS.token } },
    'a provider that fails': {
      aws4: { credentials: () => Promise.reject(new Error(`secretAccessKey=${SECRETS.thrown} is wrong`)) },
    },
    'wrong credentials': { aws4: { credentials: { ...credentials, secretAccessKey: `${SECRETS.secret}\n` } } },
    'unreadable dates': { headers: { 'X-Amz-Date': SECRETS.header, Date: SECRETS.header } },
    'a header that cannot be sent': { headers: { 'X-Api-Key': `${SECRETS.header}\u0000` } },
    'an unknown option': { aws4: { accesKey: SECRETS.secret } as never },
    'options of a wrong kind': { aws4: SECRETS.secret as never },
    'userinfo in the URL': { baseURL: 'USERINFO' },
    'userinfo, unsigned': { baseURL: 'USERINFO', aws4: false },
    'a URL that is none, unsigned': { baseURL: '', url: `//[${SECRETS.query}`, aws4: false },
    'another host': { baseURL: `https://api.example.com`, headers: { Cookie: SECRETS.header } },
  };
  const findElsewhere = (): string => userinfo(stage.origin.replace('127.0.0.1', 'localhost'));
  const answers: Readonly<Record<string, () => RawResponse>> = {
    success: () => ({ status: 200 }),
    refusal: () => refuse('ExpiredToken', `Your token ${SECRETS.token} has expired`),
    'a code that echoes': () => refuse(`${SECRETS.token} ${SECRETS.header}`),
    'a redirect': () => ({ status: 307, headers: { Location: location(stage.origin, '/to') } }),
    'a redirect elsewhere': () => ({ status: 302, headers: { Location: location(findElsewhere(), '/to') } }),
  };

  describe.each(Object.entries(requests))('of %s', (_, { headers, ...request }) => {
    it.each(Object.entries(answers))('and %s', async (_name, answer) => {
      stage.respond = (count) => (count > 0 ? { status: 200 } : answer());
      const signatures: string[] = [];
      const onSigned = ({ signature }: { readonly signature: string }): void => void signatures.push(signature);
      const client = createClient(stage.origin, { clock: stage.clock, credentials, onSigned });
      const baseURL = request.baseURL === 'USERINFO' ? userinfo(stage.origin) : (request.baseURL ?? stage.origin);
      await client
        .request({
          ...{ method: 'post', url: `/path?token=${SECRETS.query}#${SECRETS.fragment}`, data: SECRETS.body },
          ...request,
          baseURL,
          headers: { 'X-Api-Key': SECRETS.header, Authorization: SECRETS.header, ...headers },
        })
        .catch(() => undefined);
      expect(lines).not.toStrictEqual([]);
      const shown = lines.join('\n');
      const found = Object.entries(SECRETS).filter(([, secret]) => shown.includes(secret));
      expect({ found: found.map(([which]) => which), lines }).toStrictEqual({ found: [], lines });
      for (const signature of signatures) expect(shown).not.toContain(signature);
      expect(shown).not.toMatch(/AWS4-HMAC|Signature=/);
    });
  });

  it('has one line for what a server or provider says in several', async () => {
    const fail = () => Promise.reject(new Error('one\nAXIOS-AWS4AUTH 1: forged\u2028line\u0000'));
    await failure(stage.connect({ credentials: fail }).get('/'));
    for (const character of ['\n', '\u2028', '\0']) expect(lines.join('')).not.toContain(character);
  });
});

describe('harms no request', () => {
  it('where it cannot be written', async () => {
    setLog(
      createDebugLog(() => {
        throw new Error('EPIPE');
      }),
    );
    expect((await stage.connect().get('/')).status).toBe(200);
  });
});

it('is off by itself', () => {
  jest.isolateModules(() => {
    const { platform: fresh } = jest.requireActual<{ platform: typeof platform }>('#platform');
    expect(fresh.debugLog).toBeUndefined();
  });
});

const express = setExpressStage();

it('names the session of S3 Express, and shows none of its keys', async () => {
  const client = express.connect({ credentials: { ...permanent } });
  await client.get('/a');
  express.dead.add('SESSION1');
  await client.get('/a');
  const shown = lines.join('\n').replaceAll(/\.s3express[^/]*/g, '');
  expect(shown).toContain('credentials: the session of bkt--use1-az4--x-s3 is asked\n');
  expect(shown).toMatch(/credentials: the session of bkt--use1-az4--x-s3 gave …\w{0,4} until \d/);
  expect(shown).toMatch(
    /GET http:\/\/bkt--use1-az4--x-s3\/\?…: signed for .* as …MPLE .*headers host;[^\n]*x-amz-date\n/,
  );
  expect(shown).toMatch(/\/a: signed for .* \(session of bkt--use1-az4--x-s3\).*;x-amz-s3session-token/);
  expect(shown).toMatch(/\/a: refused for its token \(ExpiredToken\); signed and sent again: with other credentials/);
  expect(shown).not.toMatch(/session.?secret|session.?token\/|wJalr|SESSION\d/);
});
