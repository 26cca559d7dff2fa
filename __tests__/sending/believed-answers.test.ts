/** Whose answers are believed: AWS's own, by their form, and not an application's that stands behind a gateway. */
import type { RawResponse } from 'strict-sigv4-verifier';
import storeRefusals from '../../fixtures/store-refusals.json';
import { errorDocument, HOUR, MINUTE, refuse, setHealingStage } from '../stand-ins/healing-stage.js';
import { failure, numbered } from '../stand-ins/test-server.js';

const stage = setHealingStage();

const OF_APPLICATIONS = ['execute-api', 'lambda', 'vpc-lattice-svcs'] as const;
const OF_S3 = ['s3', 's3express', 's3-outposts', 's3-object-lambda'] as const;
const OF_APIS = ['dynamodb', 'sts', 'ec2', 'aoss', 'made-up'] as const;
const SERVICES = [...OF_APPLICATIONS, ...OF_S3, ...OF_APIS];

const json = (body: object, status = 403): RawResponse => ({ status, headers: {}, body: JSON.stringify(body) });
const xml = (body: string, status = 403): RawResponse => ({ status, headers: {}, body });
const TOLD = 'The security token included in the request is expired';

/** Answers of an expired token, with the services of which they are AWS's own. */
const answers: readonly (readonly [form: string, answer: RawResponse, services: readonly string[]])[] = [
  ['x-amzn-errortype', refuse('ExpiredTokenException:http://internal/', TOLD), [...OF_APPLICATIONS, ...OF_APIS]],
  ['x-amzn-errortype and no text', { ...refuse('ExpiredToken'), body: '' }, [...OF_APPLICATIONS, ...OF_APIS]],
  ['x-amzn-errortype and HTML', { ...refuse('ExpiredToken'), body: '<html>' }, [...OF_APPLICATIONS, ...OF_APIS]],
  ['__type', json({ __type: 'com.amazonaws.dynamodb.v20120810#ExpiredTokenException', message: 'no' }, 400), OF_APIS],
  ['code', json({ code: 'ExpiredToken' }), OF_APIS],
  ['Error in JSON', json({ Error: { Code: 'ExpiredToken', Message: TOLD, Type: 'Sender' }, RequestId: '1' }), OF_APIS],
  ['a message without a code', json({ message: TOLD }), OF_APIS],
  ['S3’s XML', xml(errorDocument('ExpiredToken', 'The provided token has expired.'), 400), [...OF_S3, ...OF_APIS]],
  ['S3’s XML for a region', xml(errorDocument('TokenRefreshRequired', ''), 400), [...OF_S3, ...OF_APIS]],
  [
    'the query protocols’ XML',
    xml(
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
        `<Code>ExpiredToken</Code><Message>${TOLD}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    ),
    [...OF_S3, ...OF_APIS],
  ],
  [
    'EC2’s XML',
    xml(`<?xml version="1.0"?><Response><Errors><Error><Code>RequestExpired</Code></Error></Errors></Response>`, 400),
    [...OF_S3, ...OF_APIS],
  ],
  ['an application’s JSON', json({ error: { code: 'ExpiredToken', message: 'Log in again' } }), []],
  ['an application’s JSON of 401', json({ error: 'ExpiredToken', status: 'ExpiredToken' }, 401), []],
  ['an application’s XML', xml('<fault><Code>ExpiredToken</Code></fault>'), []],
  ['an application’s HTML', xml('<html><Code>ExpiredToken</Code></html>'), []],
  ['a bare 401', { status: 401, headers: {}, body: '' }, []],
  ['a bare 403', { status: 403, headers: {}, body: '' }, []],
];
const cases = answers.flatMap(([form, answer, believed]) =>
  SERVICES.map((service) => ({ form, service, answer, isBelieved: believed.includes(service) })),
);

it.each(cases)('$form of $service says that a token expired: $isBelieved', async ({ service, answer, isBelieved }) => {
  stage.respond = (count) => (count === 0 ? answer : { status: 200, headers: {}, body: '' });
  const client = stage.connect({ service }, { validateStatus: null });
  expect((await client.post('/', 'x')).status).toBe(isBelieved ? 200 : answer.status);
  expect(stage.sent()).toHaveLength(isBelieved ? 2 : 1);
  expect(stage.provider).toHaveBeenCalledTimes(isBelieved ? 2 : 1);
});

it.each(SERVICES.flatMap((service) => [401, 403].map((status) => ({ service, status }))))(
  'a bare $status of $service beside a right date sends nothing again',
  async ({ service, status }) => {
    stage.respond = () => ({ status, headers: {}, body: '' });
    await failure(stage.connect({ service }).post('/', 'x'));
    expect(stage.sent()).toHaveLength(1);
    expect(stage.provider).toHaveBeenCalledTimes(1);
  },
);

it.each(SERVICES)('a bare 403 of %s beside a date that is far off heals the clock once', async (service) => {
  stage.aheadMs = HOUR / 2;
  stage.respond = () => ({ status: 403, headers: {}, body: '' });
  await failure(stage.connect({ service }).post('/', 'x'));
  expect(stage.sent()).toHaveLength(2);
  expect(stage.provider).toHaveBeenCalledTimes(1);
});

it.each(OF_APPLICATIONS)('what an application behind %s says is not waited for', async (service) => {
  stage.respond = () => ({ status: 403, headers: {}, body: 'x'.repeat(100_000) });
  const config = { responseType: 'stream', validateStatus: null } as const;
  const client = stage.connect({ service });
  let isRead = false;
  const adapter = async () => {
    const data = new ReadableStream({ pull: () => void (isRead = true) }, { highWaterMark: 0 });
    return Promise.resolve({ status: 403, statusText: '', headers: {}, config: client.defaults as never, data });
  };
  await client.get('/', { ...config, adapter });
  expect(isRead).toBe(false);
});

describe('a date after the end of the credentials', () => {
  // By the client's clock they live on, and are not asked for again yet.
  const SLOW = 10 * MINUTE;
  const bare: RawResponse = { status: 400, headers: {}, body: '' };
  it.each([
    ...OF_S3.map((service) => ['HEAD', service, bare, true] as const),
    ...OF_S3.map((service) => ['GET', service, xml(errorDocument('AccessDenied', '')), true] as const),
    ...OF_APPLICATIONS.flatMap((service) => [['HEAD', service, bare, false] as const]),
    ['GET', 'execute-api', json({ code: 'AccessDenied' }, 400), false] as const,
    ['HEAD', 'dynamodb', bare, false] as const,
    ['GET', 's3', xml(errorDocument('NoSuchKey', ''), 400), false] as const,
  ])('tells of %s to %s: %j', async (method, service, answer, isBelieved) => {
    const client = stage.connect({ service });
    stage.respond = () => ({ status: 200, headers: {}, body: '' });
    await client.get('/');
    stage.serverMs += HOUR + 1000;
    stage.aheadMs = -SLOW;
    stage.respond = (count) => (count === 1 ? answer : { status: 200, headers: {}, body: '' });
    const { length } = stage.sent();
    await failure(client.request({ method, url: '/' }));
    expect(stage.sent().length - length).toBe(isBelieved ? 2 : 1);
  });
});

describe.each(storeRefusals.refusals)('the answer of $server for $cause', ({ cause, status, contentType, body }) => {
  it.each([2 * HOUR, 0])('sends again what was dated wrongly and no more, by a clock %d ms off', async (aheadMs) => {
    stage.aheadMs = aheadMs;
    stage.respond = (count) => (count === 0 ? { status, headers: { 'Content-Type': contentType }, body } : undefined);
    await failure(stage.connect({ service: 's3', credentials: numbered(1) }).post('/', 'x'));
    expect(stage.sent()).toHaveLength(cause === 'clock' && aheadMs !== 0 ? 2 : 1);
  });
});
