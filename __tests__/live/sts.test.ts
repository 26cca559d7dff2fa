/** Temporary credentials of a real STS, by the AWS SDK's own provider: across their ends, revoked and changed. */
import { ClientRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { isAxiosError, type AxiosInstance } from 'axios';
import type { Credentials, CredentialsProvider, ExpiringCredentials } from '../../lib/index.js';
import { failure } from '../stand-ins/test-server.js';
import { describeServer, type LiveServer } from './live-server.js';
import { answerTo, createS3Client, describeAnswer, textOf } from './s3-client.js';

const victim = { accessKeyId: 'AKIDVICTIM', secretAccessKey: 'victim/Secret+' };
const path = '/sessions/key';
const loopMs = 12_000;
const paceMs = 250;

/** A provider of sessions of this many seconds. */
function assumeRole(
  server: LiveServer,
  role: string,
  seconds: number,
  master = server.credentials,
): CredentialsProvider {
  const { region, endpoint } = server;
  const { accessKeyId, secretAccessKey } = master;
  return fromTemporaryCredentials({
    masterCredentials: { accessKeyId, secretAccessKey },
    params: { RoleArn: `arn:aws:iam:::role/${role}`, RoleSessionName: 'live', DurationSeconds: seconds },
    clientConfig: { region, endpoint },
  });
}

const clientOf = (server: LiveServer, credentials: ExpiringCredentials | CredentialsProvider): AxiosInstance =>
  createS3Client(server, { credentials });

/** The admin API signs as S3 does. */
const administer = (server: LiveServer, method: 'put' | 'post' | 'delete', params: object) =>
  createS3Client(server).request({ method, url: '/admin/user', params });

const callIam = (server: LiveServer, action: string, parameters: Readonly<Record<string, string>>) =>
  createS3Client(server, { service: 'iam' }).post('/', new URLSearchParams({ Action: action, ...parameters }));

const allow = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

/** Makes a role that both users may assume, and that may do all in S3. */
async function createRole(server: LiveServer, role: string): Promise<void> {
  const AWS = ['arn:aws:iam:::user/tester', 'arn:aws:iam:::user/victim'];
  const trust = allow({ Principal: { AWS }, Action: ['sts:AssumeRole'] });
  await callIam(server, 'CreateRole', { RoleName: role, Path: '/', AssumeRolePolicyDocument: trust });
  const policy = allow({ Action: ['s3:*'], Resource: ['arn:aws:s3:::*'] });
  await callIam(server, 'PutRolePolicy', { RoleName: role, PolicyName: 'AllowS3', PolicyDocument: policy });
}

const createVictim = (server: LiveServer) =>
  administer(server, 'put', {
    uid: 'victim',
    'display-name': 'A user; to be +removed',
    'access-key': victim.accessKeyId,
    'secret-key': victim.secretAccessKey,
  });

/** The token that a request was sent with, from Node's own request object: configs show none. */
function readToken(request: unknown): string {
  if (!(request instanceof ClientRequest)) throw new Error('The http adapter gives its ClientRequest');
  return String(request.getHeader('X-Amz-Security-Token'));
}

describeServer({
  script: 'rgw',
  name: 'Ceph RADOS Gateway',
  shown: 'STS AssumeRole by fromTemporaryCredentials across expiries of 1 and 3 s, IAM, the admin API',
  tests: (server) => {
    beforeAll(async () => {
      const client = createS3Client(server());
      await client.put('/sessions');
      await client.put(path, 'the body');
      await createVictim(server());
      await createRole(server(), 'Reader');
    });
    describeExpiry(server);
    describeRevocation(server);
    describeTokens(server);
  },
});

function describeExpiry(server: () => LiveServer): void {
  describe('expiry', () => {
    it('a loop runs across several sessions of 3 s without a failure', async () => {
      const client = clientOf(server(), assumeRole(server(), 'Reader', 3));
      const tokens = new Set<string>();
      const end = Date.now() + loopMs;
      let requests = 0;
      while (Date.now() < end) {
        // Some at once, since that is where a refresh goes wrong.
        const responses = await Promise.all([client.get(path), client.head(path), client.get(path)]);
        requests += responses.length;
        for (const { request } of responses) tokens.add(readToken(request));
        expect(responses.map(({ status }) => status)).toStrictEqual([200, 200, 200]);
        await sleep(paceMs);
      }
      expect(tokens.size).toBeGreaterThanOrEqual(Math.floor(loopMs / 3000));
      process.stderr.write(`STS: ${String(requests)} requests with ${String(tokens.size)} sessions of 3 s.\n`);
    });

    it.each([1, 3])('a client works on after the end of a session of %d s', async (seconds) => {
      const client = clientOf(server(), assumeRole(server(), 'Reader', seconds));
      for (let round = 0; round < 3; round++) {
        expect(textOf(await client.get(path))).toBe('the body');
        await sleep(seconds * 1000 + 100);
      }
    });

    it.each([1, 3])('credentials of %d s that nobody renews are refused after their end', async (seconds) => {
      const { expiration, ...session } = await assumeRole(server(), 'Reader', seconds)();
      const client = clientOf(server(), session);
      expect(await answerTo(client.get(path))).toBe('200');
      await sleep(seconds * 1000 + 100);
      // AWS says 400 ExpiredToken.
      await expectRefusal(client, '403 AccessDenied');
      // Where it is known when they end, they are not even sent.
      const error = await failure(clientOf(server(), { ...session, expiration }).get(path));
      expect(error).toMatchObject({ code: 'ERR_CREDENTIALS' });
    });

    it('a body is sent whole where the session before has ended', async () => {
      const client = clientOf(server(), assumeRole(server(), 'Reader', 1));
      const body = Buffer.alloc(100_000, 'x');
      for (const key of ['first', 'second']) {
        await client.put(`/sessions/${key}`, body);
        expect(textOf(await client.get(`/sessions/${key}`))).toBe(body.toString());
        await sleep(1100);
      }
    });
  });
}

function describeRevocation(server: () => LiveServer): void {
  describe('revocation', () => {
    it('a role that is deleted: its session is refused, and no other can be had', async () => {
      await createRole(server(), 'Doomed');
      const provider = assumeRole(server(), 'Doomed', 900);
      const client = clientOf(server(), await provider());
      expect(await answerTo(client.get(path))).toBe('200');
      await callIam(server(), 'DeleteRolePolicy', { RoleName: 'Doomed', PolicyName: 'AllowS3' });
      await expectRefusal(client, '403 AccessDenied');
      await callIam(server(), 'DeleteRole', { RoleName: 'Doomed' });
      await expectRefusal(client, '403 InvalidAccessKeyId');
      await expectNoCredentials(clientOf(server(), provider), 404);
    });

    it('a user who is suspended, and whose key is removed', async () => {
      const client = clientOf(server(), victim);
      const ask = () => answerTo(client.get('/'));
      expect(await ask()).toBe('200');
      await administer(server(), 'post', { uid: 'victim', suspended: 'true' });
      await expectRefusal(client, '403 UserSuspended');
      await expectNoCredentials(clientOf(server(), assumeRole(server(), 'Reader', 900, victim)), 403);
      await administer(server(), 'post', { uid: 'victim', suspended: 'false' });
      expect(await ask()).toBe('200');
      await administer(server(), 'delete', { key: '', 'access-key': victim.accessKeyId });
      await expectRefusal(client, '403 InvalidAccessKeyId');
      await expectNoCredentials(clientOf(server(), assumeRole(server(), 'Reader', 900, victim)), 403);
    });
  });
}

function describeTokens(server: () => LiveServer): void {
  describe('tokens', () => {
    let session: Credentials;
    beforeAll(async () => {
      session = await assumeRole(server(), 'Reader', 900)();
    });

    const flip = (token: string): string => token.slice(0, 40) + (token[40] === 'A' ? 'B' : 'A') + token.slice(41);
    const wrong: readonly (readonly [string, (session: Credentials, server: LiveServer) => Credentials, string])[] = [
      [
        'of which a character is another',
        (own) => ({ ...own, sessionToken: flip(tokenOf(own)) }),
        '400 InvalidArgument',
      ],
      ['cut short', (own) => ({ ...own, sessionToken: tokenOf(own).slice(0, -8) }), '403 AccessDenied'],
      ['with another secret', (own) => ({ ...own, secretAccessKey: 'another' }), '403 SignatureDoesNotMatch'],
      ['with the keys of a user', (own, { credentials }) => ({ ...own, ...credentials }), '403 AccessDenied'],
      ['left out', (own) => ({ ...own, sessionToken: undefined }), '403 InvalidAccessKeyId'],
    ];
    it.each(wrong)('a token %s', async (_, change, answer) => {
      await expectRefusal(clientOf(server(), change(session, server())), answer);
      expect(await answerTo(clientOf(server(), session).get(path))).toBe('200');
    });
  });
}

function tokenOf({ sessionToken }: Credentials): string {
  if (sessionToken === undefined) throw new Error('The session has no token');
  return sessionToken;
}

/** The server's own words reach the caller, as axios's error. */
async function expectRefusal(client: AxiosInstance, answer: string): Promise<void> {
  const error = await failure(client.get(path));
  if (!isAxiosError(error) || error.response === undefined)
    throw new Error('No answer of the server', { cause: error });
  expect(describeAnswer(error.response)).toBe(answer);
}

/** STS's own error is the cause of ours. */
async function expectNoCredentials(client: AxiosInstance, status: number): Promise<void> {
  expect(await failure(client.get(path))).toMatchObject({
    code: 'ERR_CREDENTIALS',
    cause: { $metadata: { httpStatusCode: status } },
  });
}
