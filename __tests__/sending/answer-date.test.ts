/** Which answers tell the time: those that their server made for this request, and that say one time. */
import { HOUR, MINUTE, refuse, SECOND, setHealingStage, START } from '../stand-ins/healing-stage.js';
import { failure, numbered } from '../stand-ins/test-server.js';

const stage = setHealingStage('s3');
const skewedDocument = (more = ''): string =>
  `<Error><Code>RequestTimeTooSkewed</Code><Message>too large</Message>${more}</Error>`;
const SERVER_TIME = '<ServerTime>2024-02-28T23:59:30Z</ServerTime>';
const toDate = (ms: number): string => new Date(ms).toUTCString();

const fromCache: readonly Readonly<Record<string, string>>[] = [
  { Age: '7200' },
  { Age: '0, 7200' },
  { 'X-Cache': 'Hit from cloudfront' },
  { 'X-Cache': 'RefreshHit from cloudfront' },
  { 'X-Cache': 'MISS, HIT' },
  { 'X-Cache': 'TCP_MEM_HIT from proxy' },
  { 'X-Cache-Status': 'STALE' },
  { 'Cache-Status': 'ExampleCache; hit; ttl=376' },
  { 'Cache-Status': 'ExampleCache;hit' },
  { 'Cache-Status': 'ExampleCache; hit=?1' },
  { 'Cache-Status': '"Origin; a"; fwd=miss, Edge; hit' },
  { 'CF-Cache-Status': 'HIT' },
  { 'CF-Cache-Status': 'REVALIDATED' },
];
const notFromCache: readonly Readonly<Record<string, string>>[] = [
  { Age: '0' },
  { 'X-Cache': 'Miss from cloudfront' },
  { 'X-Cache': 'Error from cloudfront' },
  { 'Cache-Status': 'ExampleCache; fwd=uri-miss; stored' },
  { 'Cache-Status': 'ExampleCache; hit=?0' },
  { 'CF-Cache-Status': 'DYNAMIC' },
  { 'CF-Cache-Status': 'MISS' },
];

describe('an answer of a cache', () => {
  it.each(fromCache)('tells no time by its Date: %j', async (ofCache) => {
    stage.aheadMs = 2 * HOUR;
    const client = stage.connect({ credentials: numbered(1) });
    await client.get('/');
    stage.respond = () => ({ status: 200, headers: { Date: toDate(START - 2 * HOUR), ...ofCache } });
    await client.get('/');
    stage.respond = undefined;
    await client.get('/');
    // What was learned before was not corrected by it.
    expect(stage.verdicts()).toStrictEqual(['RequestTimeTooSkewed', 'accepted', 'accepted', 'accepted']);
  });

  it.each(fromCache)('tells none where it refuses, nor does its text: %j', async (ofCache) => {
    for (const body of [skewedDocument(), skewedDocument(SERVER_TIME), '']) {
      stage.reset();
      stage.respond = () => ({ status: 403, headers: { Date: toDate(START), ...ofCache }, body });
      stage.aheadMs = 2 * HOUR;
      await failure(stage.connect({ credentials: numbered(1) }).post('/', 'x'));
      expect(stage.verdicts()).toHaveLength(1);
    }
  });

  it.each(notFromCache)('is not what says so: %j', async (headers) => {
    stage.aheadMs = 2 * HOUR;
    stage.respond = (count) => (count === 0 ? { status: 403, headers, body: skewedDocument() } : undefined);
    expect((await stage.connect({ credentials: numbered(1) }).post('/', 'x')).status).toBe(200);
  });
});

describe.each(['http', 'fetch'])('of two Dates over %s', (adapter) => {
  it.each([
    ['the same', [toDate(START), toDate(START)], true],
    ['a second apart', [toDate(START), toDate(START + SECOND)], true],
    ['in two formats', [toDate(START), 'Wed Feb 28 23:59:30 2024'], true],
    ['in one field, without a space', [`${toDate(START)},${toDate(START)}`], true],
    ['as far apart as dates may be', [toDate(START), toDate(START + 4 * MINUTE)], true],
    ['a second further apart', [toDate(START), toDate(START + 4 * MINUTE + SECOND)], false],
    ['an hour apart', [toDate(START), toDate(START + HOUR)], false],
    ['an hour apart, the other way round', [toDate(START + HOUR), toDate(START)], false],
    ['one no date', [toDate(START), 'yesterday'], false],
  ] as const)('that are %s', async (_, dates, isBelieved) => {
    stage.aheadMs = 2 * HOUR;
    stage.respond = (count) => (count === 0 ? { status: 403, headers: { Date: dates }, body: '' } : undefined);
    const client = stage.connect({ credentials: numbered(1) }, { adapter, validateStatus: null });
    expect((await client.post('/', 'x')).status).toBe(isBelieved ? 200 : 403);
    expect(stage.verdicts()).toHaveLength(isBelieved ? 2 : 1);
  });
});

it.each([
  ['ServerTime', 's3', { status: 403, headers: { Date: '' }, body: skewedDocument(SERVER_TIME) }],
  [
    'message',
    'dynamodb',
    {
      ...refuse(
        'InvalidSignatureException',
        'Signature not yet current: 20240229T015930Z is still later than 20240229T000430Z (20240228T235930Z + 5 min.)',
      ),
    },
  ],
])('the %s tells it where Date cannot be read, as in a browser', async (_, service, answer) => {
  stage.aheadMs = 2 * HOUR;
  const headers = { ...answer.headers, Date: '' };
  stage.respond = () => ({ ...answer, headers });
  const client = stage.connect({ credentials: numbered(1), service }, { validateStatus: null });
  await client.get('/');
  const dates = stage.sent().map(({ header }) => header('x-amz-date')[0]);
  expect(dates).toStrictEqual(['20240229T015930Z', '20240228T235930Z']);
});
