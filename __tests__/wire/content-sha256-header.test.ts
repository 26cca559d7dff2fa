/** Where `X-Amz-Content-Sha256` is sent, on the wire: as the option says, and by default as the service requires it. */
import { createHash } from 'node:crypto';
import type { AxiosRequestConfig } from 'axios';
import type { VerifyingServer } from 'strict-sigv4-verifier';
import { aws4Sign, type Aws4Options } from '../../lib/index.js';
import { createClient, createServer, credentials, describeRequest, failure, scope } from '../stand-ins/test-server.js';
import { platform } from '#platform';

const ofS3Kin = ['s3', 's3express', 's3-outposts', 's3-object-lambda'];
const requiring = [...ofS3Kin, 'glacier', 'aoss', 'vpc-lattice-svcs'];
const others = ['execute-api', 'lambda', 'es', 'dynamodb', 'bedrock', 'appsync', 'sts', 's3tables', 'vpc-lattice'];
const adapters = ['http', 'fetch'] as const;

interface StartedServer {
  readonly server: VerifyingServer;
  readonly origin: string;
}

const servers = new Map<string, StartedServer>();
afterAll(async () => {
  const started = [...servers.values()].map(({ server }) => server);
  await Promise.all(started.map(({ close }) => close()));
  expect(started.flatMap(({ failures }) => failures)).toStrictEqual([]);
});

/** A server of a service, which takes a request without the header where its rules do not require it. */
async function findServer(service: string): Promise<StartedServer> {
  const known = servers.get(service);
  if (known !== undefined) return known;
  const server = createServer({
    service,
    requireContentSha256: requiring.includes(service),
    allowUnsignedPayload: true,
    ...(ofS3Kin.includes(service) && { pathEncoding: 'single', normalizePath: false }),
    respond: ({ target }) => (target === '/away' ? { status: 307, headers: { Location: '/arrived' } } : undefined),
  });
  const { origin } = await server.start();
  servers.set(service, { server, origin });
  return { server, origin };
}

/** Sends a request; gives the header's values of each that arrived, all of which have to be accepted. */
async function send(service: string, options: Aws4Options, config: AxiosRequestConfig): Promise<readonly unknown[]> {
  const { server, origin } = await findServer(service);
  const { length } = server.requests;
  await createClient(origin, { service, ...options }).request({ method: 'put', url: '/a', data: 'xyz', ...config });
  const added = server.verifications.slice(length);
  expect(added.map(({ verdict }) => (verdict.ok ? 'ok' : verdict.code))).toStrictEqual(added.map(() => 'ok'));
  return added.map(({ request }) => describeRequest(request).header('x-amz-content-sha256'));
}

const HASH_OF_XYZ = createHash('sha256').update('xyz').digest('hex');
const UNSIGNED = 'UNSIGNED-PAYLOAD';
const hashOf = (service: string): string => (service === 'vpc-lattice-svcs' ? UNSIGNED : HASH_OF_XYZ);

describe.each(adapters)('over the %s adapter', (adapter) => {
  it.each(requiring)('it is sent to %s, which requires it', async (service) => {
    expect(await send(service, {}, { adapter })).toStrictEqual([[hashOf(service)]]);
    expect(await send(service, { contentSha256Header: true }, { adapter })).toStrictEqual([[hashOf(service)]]);
  });

  it.each(others)('it is sent to %s in Node, and as the option says', async (service) => {
    const byDefault = platform.name === 'node' ? [HASH_OF_XYZ] : [];
    expect(await send(service, {}, { adapter })).toStrictEqual([byDefault]);
    expect(await send(service, { contentSha256Header: true }, { adapter })).toStrictEqual([[HASH_OF_XYZ]]);
    expect(await send(service, { contentSha256Header: false }, { adapter })).toStrictEqual([[]]);
  });

  it('it is sent where the body is not signed', async () => {
    expect(await send('execute-api', { payload: 'unsigned' }, { adapter })).toStrictEqual([[UNSIGNED]]);
    const aws4 = { payload: 'unsigned', contentSha256Header: true } as const;
    expect(await send('execute-api', {}, { adapter, aws4 })).toStrictEqual([[UNSIGNED]]);
  });

  it('it is sent where the request itself has it', async () => {
    for (const value of [HASH_OF_XYZ, UNSIGNED]) {
      expect(await send('execute-api', {}, { adapter, headers: { 'x-amz-content-sha256': value } })).toStrictEqual([
        [value],
      ]);
    }
    const headers = { 'X-Amz-Content-Sha256': HASH_OF_XYZ };
    expect(await send('lambda', { contentSha256Header: false }, { adapter, headers })).toStrictEqual([[HASH_OF_XYZ]]);
  });

  it('a single request decides for itself', async () => {
    const aws4 = { contentSha256Header: false };
    expect(await send('lambda', { contentSha256Header: true }, { adapter, aws4 })).toStrictEqual([[]]);
    expect(await send('lambda', aws4, { adapter, aws4: { contentSha256Header: true } })).toStrictEqual([[HASH_OF_XYZ]]);
  });

  it('what a redirect leads to is signed by the same rule', async () => {
    expect(await send('lambda', { contentSha256Header: false }, { adapter, url: '/away' })).toStrictEqual([[], []]);
    expect(await send('s3', {}, { adapter, url: '/away' })).toStrictEqual([[HASH_OF_XYZ], [HASH_OF_XYZ]]);
  });
});

describe('contentSha256Header: false where it is due', () => {
  const due: readonly { readonly service: string; readonly options: Aws4Options; readonly headers?: object }[] = [
    ...requiring.map((service) => ({ service, options: {} })),
    { service: 'execute-api', options: { payload: 'unsigned' } },
    { service: 'lambda', options: {}, headers: { 'X-Amz-Content-Sha256': UNSIGNED } },
  ];

  it.each(due)('is refused: %j, and nothing is sent', async ({ service, options, headers }) => {
    const { server, origin } = await findServer(service);
    const { length } = server.requests;
    const given = { ...options, contentSha256Header: false };
    const config = { method: 'put', url: '/a', data: 'xyz', headers: { ...headers } };
    const refusals = await Promise.all([
      failure(createClient(origin, { service, ...given }).request(config)),
      failure(
        createClient(origin, { service, ...options }).request({ ...config, aws4: { contentSha256Header: false } }),
      ),
      failure(aws4Sign({ ...config, baseURL: origin }, { ...scope, service, credentials, ...given })),
    ]);
    for (const error of refusals) {
      expect(error).toMatchObject({ code: 'ERR_INVALID_OPTION' });
      expect(String(error)).toMatch(/contentSha256Header: false.*X-Amz-Content-Sha256.*leave the option out/);
      expect(String(error)).toContain(service);
    }
    expect(server.requests).toHaveLength(length);
  });
});
