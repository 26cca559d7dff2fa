/** The credentials of a role, by the AWS SDK's own fromTemporaryCredentials as the option, from an STS on loopback. */
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { listAccepted, under } from '../stand-ins/aws/acceptance.js';
import { createLongTermSet, createTemporarySet } from '../stand-ins/aws/credential-set.js';
import { recordSdk } from '../stand-ins/aws/recorded-sdk.js';
import { createStage, type Stage } from '../stand-ins/aws/stage.js';
import { createSts, type Role } from '../stand-ins/aws/sts.js';
import { createClient } from '../stand-ins/test-server.js';

const roleArn = 'arn:aws:iam::123456789012:role/reader';
let stage: Stage;

beforeEach(() => {
  stage = createStage();
});
afterEach(() => stage.end());

const serialNumber = 'arn:aws:iam::123456789012:mfa/user';
const environment = { ...process.env };

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, { HOME: stage.home, AWS_EC2_METADATA_DISABLED: 'true' });
});
afterEach(() => {
  process.env = { ...environment };
});

/** A client whose requests go under the role, a server that takes them, and the STS that is asked for the role. */
async function assumeRole({ externalId = 'tenant/42', code = '123456' } = {}) {
  const [master, set] = [createLongTermSet('MASTER'), createTemporarySet('ROLE')];
  const mfa = { serialNumber, codes: ['123456'] };
  const role: Role = { arn: roleArn, set, trusts: master, externalId: 'tenant/42', mfa };
  const sts = await stage.start(createSts({ region: 'eu-west-1', roles: [role] }));
  const verifier = await stage.startVerifier([set, master]);
  const mfaCodeProvider = jest.fn(() => Promise.resolve(code));
  const client = createClient(verifier.origin, {
    credentials: fromTemporaryCredentials({
      clientConfig: { endpoint: sts.origin, region: 'eu-west-1' },
      masterCredentials: master,
      params: {
        RoleArn: roleArn,
        RoleSessionName: 'nightly@report',
        ExternalId: externalId,
        SerialNumber: serialNumber,
        DurationSeconds: 900,
      },
      mfaCodeProvider,
    }),
  });
  return { client, set, sts, verifier, mfaCodeProvider };
}

it('sign, the MFA code and the external id being right', async () => {
  const { client, set, sts, verifier, mfaCodeProvider } = await assumeRole();
  expect((await client.get('/')).status).toBe(200);
  expect(listAccepted(verifier)).toStrictEqual([under(set)]);
  expect(mfaCodeProvider.mock.calls).toStrictEqual([[serialNumber]]);
  expect(sts.granted).toStrictEqual([
    {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: 'nightly@report',
      ExternalId: 'tenant/42',
      SerialNumber: serialNumber,
      TokenCode: '123456',
      DurationSeconds: '900',
    },
  ]);
  recordSdk('fromTemporaryCredentials with MFA and external id');
});

// AWS takes each MFA code once, and the SDK's provider keeps nothing.
it('sign a second request without a second MFA code', async () => {
  const { client, set, verifier } = await assumeRole();
  await client.get('/');
  await client.get('/');
  expect(listAccepted(verifier)).toStrictEqual([under(set), under(set)]);
});

it.each([
  ['another MFA code', { code: '654321' }],
  ['another external id', { externalId: 'tenant/43' }],
])('are refused by STS for %s, which is the cause of the CredentialsError', async (_, wrong) => {
  const { client, sts, verifier } = await assumeRole(wrong);
  await expect(client.get('/')).rejects.toMatchObject({
    code: 'ERR_CREDENTIALS',
    cause: { name: 'AccessDenied' },
  });
  expect(sts.granted).toStrictEqual([]);
  expect(verifier.requests).toStrictEqual([]);
});
