/** The signing names of services, in whatever case they are given. */
import { SigningKey as SigningKeyOfPackage, aws4Sign } from '../../lib/index.js';
import { multiRegion, signingNames } from '../../lib/destination/aws-hostname-table.js';
import { signRequest, SigningKey } from '../../lib/sigv4/index.js';
import { spellService } from '../../lib/sigv4/service-rules.js';
import { createClient, createServer, credentials, failure, scope } from '../stand-ins/test-server.js';

const region = 'eu-west-1';
const date = new Date('2026-01-02T03:04:05Z');
const request = { method: 'GET', url: 'https://host.example/a%20b//c/../d' };
const { secretAccessKey, accessKeyId } = credentials;

const known: readonly (readonly [given: string, name: string])[] = [
  ['S3', 's3'],
  ['S3Express', 's3express'],
  ['S3-Outposts', 's3-outposts'],
  ['S3-Object-Lambda', 's3-object-lambda'],
  ['AOSS', 'aoss'],
  ['Glacier', 'glacier'],
  ['VPC-Lattice-Svcs', 'vpc-lattice-svcs'],
  ['Execute-API', 'execute-api'],
  ['EXECUTE-API', 'execute-api'],
  ['Lambda', 'lambda'],
  ['ES', 'es'],
  ['DynamoDB', 'dynamodb'],
  ['Bedrock', 'bedrock'],
  ['AppSync', 'appsync'],
  ['STS', 'sts'],
  ['IoTSecuredTunneling', 'IoTSecuredTunneling'],
  ['iotsecuredtunneling', 'IoTSecuredTunneling'],
  ['ingestionservice', 'IngestionService'],
  ['execute-api', 'execute-api'],
  ['my-service', 'my-service'],
];

it.each(known)('%s is signed for as %s', async (given, name) => {
  const expected = signRequest(request, { region, service: name, credentials, date });
  expect(expected.trace.scope).toBe(`20260102/eu-west-1/${name}/aws4_request`);
  expect(signRequest(request, { region, service: given, credentials, date })).toStrictEqual(expected);

  const signingKey = new SigningKey(secretAccessKey, { date, region, service: given });
  expect([signingKey.service, signingKey.scope]).toStrictEqual([name, expected.trace.scope]);
  const ofKey = { signingKey, accessKeyId, date };
  expect(signRequest(request, ofKey)).toStrictEqual(expected);
  expect(signRequest(request, { ...ofKey, service: given })).toStrictEqual(expected);

  const config = { url: 'https://host.example/a b' };
  const clock = () => date.getTime();
  const upper = await aws4Sign(config, { region, service: name, credentials, clock });
  expect(await aws4Sign(config, { region, service: given, credentials, clock })).toStrictEqual(upper);
  const key = new SigningKeyOfPackage(secretAccessKey, { date, region, service: name });
  const byKey = { signingKey: key, accessKeyId, service: given, clock };
  expect(await aws4Sign(config, byKey)).toStrictEqual(upper);
});

it('every name that a hostname stands for is one that can be signed for', () => {
  for (const name of [...Object.keys(signingNames), ...Object.keys(multiRegion)]) expect(spellService(name)).toBe(name);
});

it.each(['MyService', 'Execute-Api2', 's3X', 'execute_API'])('%s is refused', async (service) => {
  const message: unknown = expect.stringMatching(new RegExp(`service:.*write '${service.toLowerCase()}'`));
  const refused = { code: 'ERR_INVALID_OPTION', message };
  const attempts = [
    () => signRequest(request, { region, service, credentials, date }),
    () => new SigningKey(secretAccessKey, { date, region, service }),
    () => createClient('', { service }),
  ];
  for (const attempt of attempts) {
    expect(attempt).toThrow(expect.objectContaining(refused));
  }
  expect(await failure(aws4Sign({ url: request.url }, { region, service, credentials }))).toMatchObject(refused);
  const client = createClient('https://host.example/');
  expect(await failure(client.get('/', { aws4: { service } }))).toMatchObject(refused);
});

it('what is sent for S3 follows the rules of s3', async () => {
  const server = createServer({ service: 's3', pathEncoding: 'single', normalizePath: false });
  const { origin } = await server.start();
  try {
    for (const options of [{ service: 'S3' }, { aws4: { service: 'S3' } }]) {
      const { aws4, ...ofClient } = { aws4: {}, ...options };
      await createClient(origin, { ...scope, ...ofClient }).put('/a%20b//c%2Fd', 'x', { aws4 });
      expect(server.verifications.at(-1)?.verdict).toMatchObject({ ok: true });
    }
    expect(server.requests).toHaveLength(2);
  } finally {
    await server.close();
  }
});
