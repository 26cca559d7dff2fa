/** What a request is signed for, and with what: hosts that need SigV4a get it, unless the caller says otherwise. */
import hostnames from '../../fixtures/aws-hostnames.json';
import { aws4Interceptor, aws4Sign, EndpointError, SigningKey, type Aws4Options } from '../../lib/index.js';
import { createClient, createCapture, credentials, failure } from '../stand-ins/test-server.js';
import { describeVerdict, verifySigned } from '../stand-ins/verify-signed.js';

const unscoped = { region: undefined, service: undefined } as const;

/** Sends nothing; gives scope and set of regions that the request would bear, or the reason for which it would not go out. */
async function settleScope(hostname: string, options: Aws4Options): Promise<unknown> {
  const { adapter, sent } = createCapture();
  const client = createClient(`https://${hostname}`, { ...unscoped, ...options }, { adapter });
  const outcome = await failure(client.get('/'));
  const [config] = sent;
  if (config === undefined) return outcome;
  const [, algorithm, scope] = /^(\S+) Credential=[^/]+\/\d+\/([^,]+)/.exec(String(config.headers.Authorization)) ?? [];
  const regionSet: unknown = config.headers.get('X-Amz-Region-Set');
  return `${String(algorithm)} ${String(scope)}${typeof regionSet === 'string' ? ` for ${regionSet}` : ''}`;
}

const multiRegionHosts = hostnames
  .flatMap(({ hostnames: named }): [string, unknown][] => Object.entries(named))
  .map(([hostname, says]) => [hostname, ...String(says).split(' ')] as const)
  .filter(([, , , algorithm]) => algorithm === 'sigv4a')
  .map(([hostname, service = '']) => [hostname, service] as const);

it('knows some twenty hostnames that need SigV4a', () => {
  expect(multiRegionHosts.length).toBeGreaterThan(15);
});

const HMAC = 'AWS4-HMAC-SHA256';
const ECDSA = 'AWS4-ECDSA-P256-SHA256';

describe.each(multiRegionHosts)('%s', (hostname, service) => {
  it.each([
    ['nothing', {}, '*'],
    ['a region', { region: 'us-east-1' }, 'us-east-1'],
    ['a set of regions', { region: 'us-*,eu-west-1' }, 'us-*,eu-west-1'],
    ['a service', { service }, '*'],
    ['both', { region: 'us-east-1', service }, 'us-east-1'],
    ['the algorithm', { algorithm: 'sigv4a' }, '*'],
  ] as const)('is signed for with SigV4a with %s given', async (_, options, regionSet) => {
    expect(await settleScope(hostname, options)).toBe(`${ECDSA} ${service}/aws4_request for ${regionSet}`);
    expect(await settleScope(hostname.toUpperCase(), options)).toBe(
      `${ECDSA} ${service}/aws4_request for ${regionSet}`,
    );
  });

  it("is signed for with SigV4 where algorithm: 'sigv4' says so, for the region that is given", async () => {
    const algorithm = 'sigv4';
    expect(await settleScope(hostname, { algorithm, region: 'us-east-1' })).toBe(
      `${HMAC} us-east-1/${service}/aws4_request`,
    );
    expect(await settleScope(hostname, { algorithm, region: 'us-east-1', service })).toBe(
      `${HMAC} us-east-1/${service}/aws4_request`,
    );
    const error = await settleScope(hostname, { algorithm });
    expect(error).toBeInstanceOf(EndpointError);
    expect(error).toMatchObject({ message: expect.stringContaining('region: is missing') });
  });

  it('is signed for by a key of both', async () => {
    const { secretAccessKey, accessKeyId } = credentials;
    const signingKey = new SigningKey(secretAccessKey, { date: new Date(), region: 'us-west-2', service });
    const given = { credentials: undefined, signingKey, accessKeyId };
    expect(await settleScope(hostname, given)).toBe(`${HMAC} us-west-2/${service}/aws4_request`);
  });
});

describe("algorithm: 'sigv4a'", () => {
  const algorithm = 'sigv4a';

  it.each([
    ['my-bucket.s3.eu-west-1.amazonaws.com', {}, 's3/aws4_request for eu-west-1'],
    ['my-bucket.s3.eu-west-1.amazonaws.com', { region: '*' }, 's3/aws4_request for *'],
    ['example.com', { region: 'us-*', service: 'execute-api' }, 'execute-api/aws4_request for us-*'],
    [
      'point-123456789012.op-01234567890123456.s3-outposts.us-east-1.amazonaws.com',
      {},
      's3-outposts/aws4_request for us-east-1',
    ],
  ] as const)('signs for %s with %j', async (hostname, options, expected) => {
    expect(await settleScope(hostname, { algorithm, hosts: [hostname], ...options })).toBe(`${ECDSA} ${expected}`);
  });

  it('needs a region where neither hostname nor environment says one', async () => {
    const error = await settleScope('example.com', { algorithm, hosts: ['example.com'], service: 's3' });
    expect(error).toMatchObject({ code: 'ERR_ENDPOINT', message: expect.stringContaining('region: is missing') });
  });

  it('is refused with a signingKey, at once', () => {
    const signingKey = new SigningKey(credentials.secretAccessKey, {
      date: new Date(),
      region: 'us-east-1',
      service: 's3',
    });
    const { accessKeyId } = credentials;
    expect(() => aws4Interceptor({ algorithm, signingKey, accessKeyId })).toThrow(/signingKey: .*algorithm: 'sigv4a'/);
  });

  it('of a request alone is refused with the signingKey of the interceptor', async () => {
    const signingKey = new SigningKey(credentials.secretAccessKey, {
      date: new Date(),
      region: 'us-east-1',
      service: 's3',
    });
    const { adapter, sent } = createCapture();
    const given = { ...unscoped, credentials: undefined, signingKey, accessKeyId: credentials.accessKeyId };
    const client = createClient('https://s3.us-east-1.amazonaws.com', given, { adapter });
    expect(await failure(client.get('/', { aws4: { algorithm } }))).toMatchObject({ code: 'ERR_INVALID_OPTION' });
    expect(sent).toHaveLength(0);
  });

  it('makes a signature that holds', async () => {
    const config = { url: 'https://my-bucket.s3.eu-west-1.amazonaws.com/a%20b', method: 'put', data: 'x' };
    const signed = await aws4Sign(config, { algorithm, region: 'us-*,eu-*', credentials });
    expect(describeVerdict(verifySigned(signed as never, credentials))).toBe('ok');
    // Signed once more, it would have another.
    expect(String(signed.headers['Authorization'])).toContain(`Signature=${signed.trace.signature}`);
  });
});

it.each(['*', 'us-*', 'us-east-1,eu-west-1'])('the set of regions %s is refused where SigV4 signs', async (region) => {
  for (const service of [undefined, 's3']) {
    const error = await settleScope('my-bucket.s3.eu-west-1.amazonaws.com', { region, service });
    expect(error).toBeInstanceOf(EndpointError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^region: /) });
  }
  expect(() => aws4Interceptor({ algorithm: 'sigv4', region })).toThrow(EndpointError);
});

it('a host that says its region is signed for with SigV4', async () => {
  const hostname = 'point-123456789012.op-01234567890123456.s3-outposts.us-east-1.amazonaws.com';
  expect(await settleScope(hostname, {})).toBe(`${HMAC} us-east-1/s3-outposts/aws4_request`);
  expect(
    await settleScope('vpce-0a1b.global.example.com', { hosts: ['*.example.com'], region: 'a', service: 'es' }),
  ).toBe(`${HMAC} a/es/aws4_request`);
});
