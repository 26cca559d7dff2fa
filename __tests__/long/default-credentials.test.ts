/**
 * The default credentials: the AWS SDK's own provider chain in Node, none elsewhere. Each source of the chain is a file,
 * a program or a server on loopback, and each case a process of its own, since the SDK keeps what it has read.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { listAccepted, under } from '../stand-ins/aws/acceptance.js';
import { createContainerCredentials } from '../stand-ins/aws/container-credentials.js';
import {
  createLongTermSet,
  createTemporarySet,
  formatProfile,
  formatVariables,
  type CredentialSet,
  type TemporarySet,
} from '../stand-ins/aws/credential-set.js';
import { createIdentityCenter } from '../stand-ins/aws/identity-center.js';
import { createInstanceMetadata } from '../stand-ins/aws/instance-metadata.js';
import {
  compilePrograms,
  explainNoNamespace,
  runInNamespace,
  type Environment,
  type Programs,
} from '../stand-ins/aws/processes.js';
import { recordSdk } from '../stand-ins/aws/recorded-sdk.js';
import { sendSignedRequest } from '../stand-ins/aws/signed-request.js';
import { bareEnvironment, createStage, type Stage } from '../stand-ins/aws/stage.js';
import { createSts, type Role } from '../stand-ins/aws/sts.js';
import { platform } from '#platform';

const roleArn = 'arn:aws:iam::123456789012:role/reader';
const noCredentials = { name: 'CredentialsError', code: 'ERR_CREDENTIALS' };

let programs: Programs;
let stage: Stage;

beforeEach(() => {
  stage = createStage();
});
afterEach(() => stage.end());

/** A process of this environment signs a request that is accepted under this set, though the verifier knows others. */
async function expectSignedUnder(set: CredentialSet, environment: Environment, others: readonly CredentialSet[] = []) {
  const verifier = await stage.startVerifier([set, ...others]);
  expect(await stage.startProcess(programs, environment).send(verifier.origin)).toStrictEqual({ status: 200 });
  expect(listAccepted(verifier)).toStrictEqual([under(set)]);
}

if (platform.name === 'node') {
  beforeAll(async () => {
    programs = await compilePrograms();
  });
  afterAll(() => {
    programs.remove();
  });

  describe('come from the environment', () => {
    it.each([
      ['without a session token', createLongTermSet('ENVIRONMENT')],
      ['with a session token', createTemporarySet('ENVIRONMENT')],
    ])('%s', async (_, set) => {
      await expectSignedUnder(set, formatVariables(set));
      recordSdk('default credentials: environment');
    });
  });

  const [usual, other] = [createLongTermSet('USUAL'), createTemporarySet('OTHER')];
  const inCredentials = [...formatProfile('default', usual), ...formatProfile('other', other)];
  const inConfig = [...formatProfile('default', usual), ...formatProfile('profile other', other)];

  describe.each([
    ['~/.aws/credentials', '.aws/credentials', inCredentials, undefined],
    ['~/.aws/config', '.aws/config', inConfig, undefined],
    ['AWS_SHARED_CREDENTIALS_FILE', 'keys.ini', inCredentials, 'AWS_SHARED_CREDENTIALS_FILE'],
    ['AWS_CONFIG_FILE', 'settings.ini', inConfig, 'AWS_CONFIG_FILE'],
  ])('come from %s', (_, name, lines, variable) => {
    it.each([
      ['the default', usual, {}],
      ["AWS_PROFILE's", other, { AWS_PROFILE: 'other' }],
    ])('%s profile', async (_, set, environment) => {
      const file = stage.writeFile(name, lines);
      const where = variable === undefined ? {} : { [variable]: file };
      await expectSignedUnder(set, { ...where, ...environment }, [usual, other]);
      recordSdk('default credentials: shared files');
    });
  });

  it('come from a credential_process, run by the shell', async () => {
    const set = createTemporarySet('PROCESS');
    const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken } = set;
    const output = { Version: 1, AccessKeyId, SecretAccessKey, SessionToken, Expiration: set.expiration };
    const script = stage.writeFile('print set.cjs', [
      `if (process.argv[2] === 'reader') console.log(${JSON.stringify(JSON.stringify(output))});`,
    ]);
    stage.writeFile('.aws/config', ['[default]', `credential_process = "${process.execPath}" "${script}" reader`]);
    await expectSignedUnder(set, {});
    recordSdk('default credentials: credential_process');
  });

  describe('come from AssumeRole', () => {
    const [source, set] = [createLongTermSet('SOURCE'), createTemporarySet('ROLE')];
    const role: Role = { arn: roleArn, set, trusts: source, externalId: 'tenant/42' };
    const startSts = () => stage.start(createSts({ region: 'eu-west-3', roles: [role] }));
    const reader = [
      '[profile reader]',
      `role_arn = ${roleArn}`,
      'role_session_name = nightly@report',
      'external_id = tenant/42',
      'duration_seconds = 900',
      'region = eu-west-3',
    ];
    const call = {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: 'nightly@report',
      ExternalId: 'tenant/42',
      DurationSeconds: '900',
    };

    it('with a source_profile, at AWS_ENDPOINT_URL_STS', async () => {
      const sts = await startSts();
      stage.writeFile('.aws/credentials', formatProfile('source', source));
      stage.writeFile('.aws/config', [...reader, 'source_profile = source']);
      await expectSignedUnder(set, { AWS_PROFILE: 'reader', AWS_ENDPOINT_URL_STS: sts.origin }, [source]);
      expect(sts.granted).toStrictEqual([call]);
      recordSdk('default credentials: role_arn, source_profile');
    });

    it('with a source_profile, at the endpoint_url of a services section', async () => {
      const sts = await startSts();
      const services = ['[services local]', 'sts =', `  endpoint_url = ${sts.origin}`];
      stage.writeFile('.aws/credentials', formatProfile('source', source));
      stage.writeFile('.aws/config', [...reader, 'source_profile = source', 'services = local', ...services]);
      await expectSignedUnder(set, { AWS_PROFILE: 'reader' }, [source]);
      expect(sts.granted).toStrictEqual([call]);
    });

    it('with credential_source = Environment', async () => {
      const sts = await startSts();
      stage.writeFile('.aws/config', [...reader, 'credential_source = Environment']);
      const environment = { AWS_PROFILE: 'reader', AWS_ENDPOINT_URL_STS: sts.origin, ...formatVariables(source) };
      await expectSignedUnder(set, environment, [source]);
      expect(sts.granted).toStrictEqual([call]);
      recordSdk('default credentials: role_arn, credential_source = Environment');
    });

    it.each([
      ['another secret', 1, /^SignatureDoesNotMatch: /, { ...source, secretAccessKey: 'another' }, reader],
      ['another external_id', 1, /^AccessDenied: /, source, reader.map((line) => line.replace('/42', '/43'))],
      // The chain has nobody to ask for a code.
      [
        'mfa_serial',
        0,
        /^CredentialsProviderError: .*multi-factor/,
        source,
        [...reader, 'mfa_serial = arn:aws:iam::1'],
      ],
    ])('but not with %s, which is the cause of a CredentialsError', async (_, calls, cause, from, lines) => {
      const [sts, verifier] = await Promise.all([startSts(), stage.startVerifier([set, from])]);
      stage.writeFile('.aws/credentials', formatProfile('source', from));
      stage.writeFile('.aws/config', [...lines, 'source_profile = source']);
      const client = stage.startProcess(programs, { AWS_PROFILE: 'reader', AWS_ENDPOINT_URL_STS: sts.origin });
      expect(await client.send(verifier.origin)).toMatchObject({
        error: { ...noCredentials, cause: expect.stringMatching(cause) },
      });
      expect(sts.requests).toHaveLength(calls);
      expect(verifier.requests).toStrictEqual([]);
    });
  });

  it('come from AssumeRoleWithWebIdentity, with the token of a file', async () => {
    const set = createTemporarySet('WEBIDENTITY');
    const webIdentityToken = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZWFkZXIifQ.c2ln+/=';
    const sts = await stage.start(createSts({ region: 'eu-west-3', roles: [{ arn: roleArn, set, webIdentityToken }] }));
    await expectSignedUnder(set, {
      AWS_WEB_IDENTITY_TOKEN_FILE: stage.writeFile('token', [webIdentityToken]),
      AWS_ROLE_ARN: roleArn,
      AWS_ROLE_SESSION_NAME: 'pod-7',
      AWS_REGION: 'eu-west-3',
      AWS_ENDPOINT_URL_STS: sts.origin,
    });
    expect(sts.granted).toMatchObject([{ Action: 'AssumeRoleWithWebIdentity', RoleSessionName: 'pod-7' }]);
    recordSdk('default credentials: web identity token file');
  });

  it('come from IAM Identity Center, for a user who has signed in', async () => {
    const user = { accessToken: 'eyJlbmMiOiJBMjU2R0NNIn0', accountId: '123456789012', roleName: 'reader' };
    const set = createTemporarySet('SSO');
    const portal = await stage.start(createIdentityCenter({ ...user, set }));
    const session = ['sso_region = eu-west-1', 'sso_start_url = https://example.awsapps.com/start'];
    const assigned = [`sso_account_id = ${user.accountId}`, `sso_role_name = ${user.roleName}`];
    stage.writeFile('.aws/config', ['[default]', 'sso_session = work', ...assigned, '[sso-session work]', ...session]);
    // Where "aws sso login" keeps what it got: under the SHA-1 of the session's name.
    stage.writeFile(`.aws/sso/cache/${createHash('sha1').update('work').digest('hex')}.json`, [
      JSON.stringify({ accessToken: user.accessToken, expiresAt: set.expiration }),
    ]);
    await expectSignedUnder(set, { AWS_ENDPOINT_URL_SSO: portal.origin });
    recordSdk('default credentials: IAM Identity Center (SSO)');
  });

  describe('come from the container endpoint', () => {
    const set = createTemporarySet('CONTAINER');
    const authorization = 'Bearer of/a+token==';
    const path = '/v2/credentials/7f1d?kind=task';

    it.each([
      ['by full URI, without a token', {}, () => ({})],
      [
        'by full URI, with AWS_CONTAINER_AUTHORIZATION_TOKEN',
        { authorization },
        () => ({ AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization }),
      ],
      [
        'by full URI, with AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
        { authorization },
        () => ({ AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: stage.writeFile('token', [authorization]) }),
      ],
    ])('%s', async (_, rules, createEnvironment) => {
      const endpoint = await stage.start(createContainerCredentials({ path, issue: () => set, ...rules }));
      const environment = { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.origin + path, ...createEnvironment() };
      await expectSignedUnder(set, environment);
      recordSdk('default credentials: container endpoint, full URI');
    });

    const reason = explainNoNamespace();
    const skipped = reason === undefined ? '' : ` (skipped, because there can be no network namespace: ${reason})`;
    (reason === undefined ? it : it.skip)(`by relative URI, at 169.254.170.2${skipped}`, async () => {
      const report = await runInNamespace(programs, {
        ...bareEnvironment,
        HOME: stage.home,
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/7f1d',
        AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization,
      });
      const { outcome, issued, accepted } = report;
      expect({ outcome, accepted }).toStrictEqual({ outcome: { status: 200 }, accepted: [issued] });
      recordSdk('default credentials: container endpoint, relative URI');
    });

    it('again, once a set has expired', async () => {
      const issued: TemporarySet[] = [];
      const issue = (): TemporarySet => {
        const next = createTemporarySet('NEXT', issued.length === 0 ? 10_000 : undefined);
        issued.push(next);
        return next;
      };
      const endpoint = await stage.start(createContainerCredentials({ path, issue }));
      const verifier = await stage.startVerifier(issued);
      const client = stage.startProcess(programs, { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.origin + path });
      expect(await client.send(verifier.origin)).toStrictEqual({ status: 200 });
      await sleep(Number(issued[0]?.expiration) + 500 - Date.now());
      expect(await client.send(verifier.origin)).toStrictEqual({ status: 200 });
      const [first, second] = listAccepted(verifier);
      expect([first]).toStrictEqual(issued.slice(0, 1).map(under));
      expect(issued.slice(1).map(under)).toContainEqual(second);
    });
  });

  it('come from instance metadata, in its version 2', async () => {
    const set = createTemporarySet('INSTANCE');
    const metadata = await stage.start(createInstanceMetadata({ roleName: 'web-server', set }));
    await expectSignedUnder(set, {
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.origin,
    });
    expect(metadata.requests.map(({ method, target }) => `${method} ${target}`)).toStrictEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/web-server',
    ]);
    // Version 1 has no token.
    expect((await fetch(`${metadata.origin}/latest/meta-data/iam/security-credentials/`)).status).toBe(401);
    recordSdk('default credentials: instance metadata v2');
  });

  describe('that were asked for before', () => {
    it('are asked for once by 30 interceptors', async () => {
      const set = createTemporarySet('INSTANCE');
      const metadata = await stage.start(createInstanceMetadata({ roleName: 'web-server', set }));
      const verifier = await stage.startVerifier([set]);
      const client = stage.startProcess(programs, {
        AWS_EC2_METADATA_DISABLED: 'false',
        AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.origin,
      });
      expect(await client.send(verifier.origin, {}, 30)).toStrictEqual({ status: 200 });
      expect(await client.send(verifier.origin, {}, 30)).toStrictEqual({ status: 200 });
      expect(verifier.requests).toHaveLength(60);
      expect(metadata.requests).toHaveLength(3);
    });

    it('are read anew from a rotated file when the old token is refused', async () => {
      const [old, rotated] = [createTemporarySet('OLD'), createTemporarySet('ROTATED')];
      const known: TemporarySet[] = [old, rotated];
      const verifier = await stage.startVerifier(known);
      stage.writeFile('.aws/credentials', formatProfile('default', old));
      const client = stage.startProcess(programs, {});
      expect(await client.send(verifier.origin)).toStrictEqual({ status: 200 });
      stage.writeFile('.aws/credentials', formatProfile('default', rotated));
      expect(await client.send(verifier.origin)).toStrictEqual({ status: 200 });
      known[0] = { ...old, expiration: new Date(0) };
      expect(await client.send(verifier.origin)).toStrictEqual({ status: 200 });
      expect(await client.send(verifier.origin)).toStrictEqual({ status: 200 });
      const { accessKeyId } = under(rotated);
      expect(listAccepted(verifier).map((shown) => shown.accessKeyId)).toStrictEqual([
        old.accessKeyId,
        old.accessKeyId,
        'ExpiredToken',
        accessKeyId,
        accessKeyId,
      ]);
    });

    it('are found in a file that comes later', async () => {
      const set = createLongTermSet('LATER');
      const verifier = await stage.startVerifier([set]);
      const client = stage.startProcess(programs, {});
      expect(await client.send(verifier.origin)).toMatchObject({ error: noCredentials });
      stage.writeFile('.aws/credentials', formatProfile('default', set));
      expect(await client.send(verifier.origin)).toStrictEqual({ status: 200 });
    });

    it('are those of the environment as it is now', async () => {
      const [first, second] = [createTemporarySet('FIRST'), createTemporarySet('SECOND')];
      const verifier = await stage.startVerifier([first, second]);
      const client = stage.startProcess(programs, formatVariables(first));
      expect(await client.send(verifier.origin)).toStrictEqual({ status: 200 });
      expect(await client.send(verifier.origin, formatVariables(second))).toStrictEqual({ status: 200 });
      expect(listAccepted(verifier)).toStrictEqual([first, second].map(under));
    });

    it('may have an empty session token, from the environment or the container endpoint', async () => {
      const set = createLongTermSet('LASTING');
      await expectSignedUnder(set, { ...formatVariables(set), AWS_SESSION_TOKEN: '' });
      const empty = { ...set, sessionToken: '', expiration: new Date(Date.now() + 3_600_000) };
      const endpoint = await stage.start(createContainerCredentials({ path: '/', issue: () => empty }));
      await expectSignedUnder(set, { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.origin });
    });
  });

  it('that cannot be had are an error which says that it was the default chain, what failed, and no secret', async () => {
    const verifier = await stage.startVerifier([]);
    const nowhere = await stage.startProcess(programs, {}).send(verifier.origin);
    expect(nowhere).toMatchObject({
      error: {
        message: expect.stringMatching(
          /default provider chain failed \(CredentialsProviderError: Could not load credentials from any providers\); it tried: Unable to find environment variable credentials.*configuration\/credentials file.*EC2 Instance Metadata Service access disabled/,
        ) as string,
      },
    });
    const secret = 'hunter2hunter2hunter2';
    stage.writeFile('.aws/config', ['[default]', `credential_process = no-such-helper --token ${secret}`]);
    const failed = await stage.startProcess(programs, {}).send(verifier.origin);
    expect(failed).toMatchObject({ error: { message: expect.stringContaining('no-such-helper') as string } });
    expect(failed).not.toMatchObject({ error: { message: expect.stringContaining(secret) as string } });
  });

  describe('that are in several places', () => {
    const [fromEnvironment, fromFile] = [createLongTermSet('ENVIRONMENT'), createLongTermSet('FILE')];
    const startEndpoint = () =>
      stage.start(createContainerCredentials({ path: '/', issue: () => createTemporarySet('LATE') }));

    it('come from the environment before anything else', async () => {
      const endpoint = await startEndpoint();
      stage.writeFile('.aws/credentials', formatProfile('default', fromFile));
      const environment = { ...formatVariables(fromEnvironment), AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.origin };
      await expectSignedUnder(fromEnvironment, environment, [fromFile]);
      expect(endpoint.requests).toStrictEqual([]);
    });

    it('come from the profile that AWS_PROFILE asks for', async () => {
      stage.writeFile('.aws/credentials', formatProfile('asked', fromFile));
      const environment = { ...formatVariables(fromEnvironment), AWS_PROFILE: 'asked' };
      await expectSignedUnder(fromFile, environment, [fromEnvironment]);
    });

    it('come from the files before the container endpoint', async () => {
      const endpoint = await startEndpoint();
      stage.writeFile('.aws/credentials', formatProfile('default', fromFile));
      await expectSignedUnder(fromFile, { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.origin });
      expect(endpoint.requests).toStrictEqual([]);
    });
  });

  it('that are nowhere are a CredentialsError, and looked for again next time', async () => {
    const set = createLongTermSet('LATER');
    const verifier = await stage.startVerifier([set]);
    const client = stage.startProcess(programs, {});
    expect(await client.send(verifier.origin)).toMatchObject({
      error: { ...noCredentials, cause: 'CredentialsProviderError: Could not load credentials from any providers' },
    });
    expect(verifier.requests).toStrictEqual([]);
    expect(await client.send(verifier.origin, formatVariables(set))).toStrictEqual({ status: 200 });
    expect(listAccepted(verifier)).toStrictEqual([under(set)]);
  });
} else {
  it('are none, and the error says to pass some', async () => {
    const verifier = await stage.startVerifier([]);
    expect(await sendSignedRequest(verifier.origin)).toMatchObject({
      error: { ...noCredentials, message: expect.stringMatching(/^credentials: .*passed/) },
    });
    expect(verifier.requests).toStrictEqual([]);
  });
}
