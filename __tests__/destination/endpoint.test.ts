/** Hosts that need SigV4a: refused with the reason, unless the caller says what to sign with SigV4 for. */
import type { InternalAxiosRequestConfig } from 'axios';
import { EndpointError, SigningKey, type Aws4Options } from '../../lib/index.js';
import { createClient, credentials, failure } from '../stand-ins/test-server.js';

const unscoped = { region: undefined, service: undefined } as const;

/** Sends nothing; gives the credential scope that the request would bear, or the reason for which it would not go out. */
async function settleScope(hostname: string, options: Aws4Options): Promise<unknown> {
  const sent: InternalAxiosRequestConfig[] = [];
  const client = createClient(`https://${hostname}`, options, {
    adapter: (config: InternalAxiosRequestConfig) => {
      sent.push(config);
      return Promise.resolve({ data: '', status: 200, statusText: 'OK', headers: {}, config });
    },
  });
  const outcome = await failure(client.get('/'));
  const [config] = sent;
  return config === undefined
    ? outcome
    : /Credential=[^/]+\/\d+\/([^,]+)/.exec(String(config.headers.Authorization))?.[1];
}

const multiRegionHosts = [
  ['mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com', 's3'],
  ['abc123.456def.endpoint.events.amazonaws.com', 'events'],
  ['123456789012.cloudfront-kvs.global.api.aws', 'cloudfront-keyvaluestore'],
  ['abc123.456def.endpoints.email.global.api.aws', 'ses'],
  ['partnercentral-channel.global.api.aws', 'partnercentral-channel'],
] as const;

describe.each(multiRegionHosts)('%s', (hostname, service) => {
  it.each([
    ['nothing', {}],
    ['a region', { region: 'us-east-1' }],
    ['a service', { service }],
  ])('is refused with %s given, and says why', async (_, options) => {
    const error = await settleScope(hostname, { ...unscoped, ...options });
    expect(error).toBeInstanceOf(EndpointError);
    const message = expect.stringMatching(new RegExp(`${hostname} needs SigV4a.*service: '${service}'`)) as string;
    expect(error).toMatchObject({ code: 'ERR_ENDPOINT', message });
  });

  it('is signed for by SigV4 where both are given', async () => {
    const given = { region: 'us-east-1', service };
    expect(await settleScope(hostname, given)).toBe(`us-east-1/${service}/aws4_request`);
  });

  it('is signed for by a key of both', async () => {
    const { secretAccessKey, accessKeyId } = credentials;
    const signingKey = new SigningKey(secretAccessKey, { date: new Date(), region: 'us-west-2', service });
    const given = { ...unscoped, credentials: undefined, signingKey, accessKeyId };
    expect(await settleScope(hostname, given)).toBe(`us-west-2/${service}/aws4_request`);
  });
});

it('a host that says its region is signed for as before', async () => {
  const hostname = 'point-123456789012.op-01234567890123456.s3-outposts.us-east-1.amazonaws.com';
  expect(await settleScope(hostname, unscoped)).toBe('us-east-1/s3-outposts/aws4_request');
});
