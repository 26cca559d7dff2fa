/** examples/api-gateway: the role is assumed at a stand-in for STS, and the API verifies what is signed with it. */
import { createSts, type Sts } from '../stand-ins/aws/sts.js';
import { credentials, scope, temporary } from '../stand-ins/test-server.js';
import { runExample, runProgram, toEnvironment } from './example-run.js';
import { createItemsApi, listArrivals } from './items-api.js';

const ROLE_ARN = 'arn:aws:iam::123456789012:role/caller';
const set = { ...temporary, expiration: new Date(Date.now() + 3_600_000) };

const api = createItemsApi();
let sts: Sts;
let environment: Record<string, string>;
beforeAll(async () => {
  sts = createSts({ region: scope.region, roles: [{ arn: ROLE_ARN, set, trusts: credentials }] });
  const [{ origin }, { origin: stsOrigin }] = await Promise.all([api.start(), sts.start()]);
  environment = {
    ...toEnvironment(credentials),
    ...{ AWS_ENDPOINT_URL_STS: stsOrigin, AWS_REGION: scope.region, API_URL: `${origin}/prod`, ROLE_ARN },
  };
});
afterAll(async () => {
  await Promise.all([api.close(), sts.close()]);
  expect([...api.failures, ...sts.failures]).toStrictEqual([]);
});

it('calls the API with the credentials of the role, for which it asks once', async () => {
  const printed = await runExample('api-gateway/index.mjs', environment);
  expect(printed).toBe(
    "created { id: 1, name: 'Grüße', tags: [ 'a b' ] }\nfound [ { id: 1, name: 'Grüße', tags: [ 'a b' ] } ]\n",
  );
  expect(listArrivals(api)).toStrictEqual(['POST /prod/items accepted', 'GET /prod/items?tag=a%20b accepted']);
  expect(api.verifications.map(({ verdict }) => verdict.ok && verdict.accessKeyId)).toStrictEqual([
    temporary.accessKeyId,
    temporary.accessKeyId,
  ]);
  expect(sts.granted).toStrictEqual([expect.objectContaining({ RoleArn: ROLE_ARN })]);
});

it('says why, where the role may not be assumed', async () => {
  const arrived = api.requests.length;
  const { status, stderr } = await runProgram(process.execPath, ['api-gateway/index.mjs'], {
    ...environment,
    ROLE_ARN: 'arn:aws:iam::123456789012:role/another',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('ERR_CREDENTIALS');
  expect(stderr).toContain('not authorized to perform sts:AssumeRole');
  expect(api.requests).toHaveLength(arrived);
});
