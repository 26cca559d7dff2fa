/** `axios-aws4auth/aws4-axios` with roles of a real STS, found by `AWS_ENDPOINT_URL_STS` as aws4-axios finds it. */
import axios, { type AxiosInstance } from 'axios';
import { aws4Interceptor, getAuthErrorMessage } from '../../lib/aws4-axios.js';
import { failure } from '../stand-ins/test-server.js';
import { describeServer, type LiveServer } from './live-server.js';
import { createS3Client, textOf } from './s3-client.js';

const arn = 'arn:aws:iam:::role/MyRole';
const environment = { ...process.env };

const allow = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

async function createRole(server: LiveServer): Promise<void> {
  const iam = createS3Client(server, { service: 'iam' });
  const call = (action: string, parameters: Record<string, string>) =>
    iam.post('/', new URLSearchParams({ Action: action, ...parameters }));
  const trust = allow({ Principal: { AWS: ['arn:aws:iam:::user/tester'] }, Action: ['sts:AssumeRole'] });
  await call('CreateRole', { RoleName: 'MyRole', Path: '/', AssumeRolePolicyDocument: trust });
  const policy = allow({ Action: ['s3:*'], Resource: ['arn:aws:s3:::*'] });
  await call('PutRolePolicy', { RoleName: 'MyRole', PolicyName: 'AllowS3', PolicyDocument: policy });
}

describeServer({
  script: 'rgw',
  name: 'Ceph RADOS Gateway',
  shown: 'the API of aws4-axios, with roles of its STS',
  tests: (server) => {
    const create = (options: object = {}): AxiosInstance => {
      const { region, endpoint, tally } = server();
      const client = axios.create({ baseURL: endpoint, responseType: 'arraybuffer' });
      const settings = { region, service: 's3', assumeRoleArn: arn, ...options };
      client.interceptors.request.use(aws4Interceptor({ options: settings, instance: client }));
      tally.accepted += 1;
      return client;
    };

    beforeAll(async () => {
      const { credentials, endpoint } = server();
      await createS3Client(server()).put('/moved');
      await createRole(server());
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_ENDPOINT_URL_STS: endpoint,
        AWS_EC2_METADATA_DISABLED: 'true',
      });
    });
    afterAll(() => {
      process.env = environment;
    });

    it.each([
      ['in the headers', {}],
      ['in the query', { signQuery: true }],
      ['with a margin that leaves nothing of the session', { assumedRoleExpirationMarginSec: 3600 }],
      ['under another session name', { assumeRoleSessionName: 'MyApiClient' }],
    ])('signs with an assumed role: %s', async (_, options) => {
      const client = create(options);
      for (let i = 0; i < 2; i++) {
        await client.put('/moved/a b+c', String(i));
        expect(textOf(await client.get('/moved/a b+c', { params: { 'x-id': 'GetObject' } }))).toBe(String(i));
      }
    });

    it('says in its error why a role is not to be had', async () => {
      const error = await failure(create({ assumeRoleArn: 'arn:aws:iam:::role/Nobodys' }).get('/moved'));
      expect(error).toMatchObject({ code: 'ERR_CREDENTIALS', cause: { $metadata: { httpStatusCode: 404 } } });
      expect(getAuthErrorMessage(error)).toBeUndefined();
    });
  },
});
