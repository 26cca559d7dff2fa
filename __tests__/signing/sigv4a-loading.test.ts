/** What signs with SigV4a is loaded for the first request that needs it, and by none before. */
import { createCapture, credentials, failure } from '../stand-ins/test-server.js';

const MRAP = 'https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/a';
const REGIONAL = 'https://my-bucket.s3.eu-west-1.amazonaws.com/a';

/** The package anew, and how often what it loads was loaded. */
async function loadPackage(fails: () => boolean = () => false) {
  let loads = 0;
  jest.resetModules();
  jest.doMock('../../lib/sigv4a/asymmetric-key', () => {
    loads += 1;
    if (fails()) throw new Error('This part is not served');
    return jest.requireActual<object>('../../lib/sigv4a/asymmetric-key');
  });
  const { aws4Interceptor, aws4Sign, aws4Presign } = await import('../../lib/index.js');
  const { default: axios } = await import('axios');
  const { adapter, sent } = createCapture();
  const client = axios.create({ adapter });
  client.interceptors.request.use(aws4Interceptor({ credentials }));
  return { client, sent, aws4Sign, aws4Presign, countLoads: () => loads };
}
afterAll(() => {
  jest.dontMock('../../lib/sigv4a/asymmetric-key');
});

it('is not loaded for SigV4, and once for all that need it', async () => {
  const { client, sent, aws4Sign, aws4Presign, countLoads } = await loadPackage();
  await client.get(REGIONAL);
  await aws4Sign({ url: REGIONAL }, { credentials });
  await aws4Presign({ url: REGIONAL }, { credentials });
  expect(countLoads()).toBe(0);
  await Promise.all([client.get(MRAP), client.get(MRAP), client.get(REGIONAL)]);
  await aws4Presign({ url: MRAP }, { credentials });
  expect(countLoads()).toBe(1);
  expect(sent.map(({ headers }) => String(headers.Authorization).split(' ')[0]).toSorted()).toStrictEqual([
    'AWS4-ECDSA-P256-SHA256',
    'AWS4-ECDSA-P256-SHA256',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256',
  ]);
});

it('is an error by its name where it cannot be loaded, and is loaded again for the next request', async () => {
  let isServed = false;
  const { client, sent } = await loadPackage(() => !isServed);
  expect(await failure(client.get(MRAP))).toMatchObject({ code: 'ERR_CHUNK_LOAD' });
  expect(sent).toHaveLength(0);
  isServed = true;
  await client.get(MRAP);
  expect(sent).toHaveLength(1);
});

it('is not waited for by a request that is cancelled meanwhile', async () => {
  const { client, sent } = await loadPackage();
  const canceling = new AbortController();
  const failing = failure(client.get(MRAP, { signal: canceling.signal }));
  canceling.abort();
  expect(await failing).toMatchObject({ code: 'ERR_CANCELED' });
  expect(sent).toHaveLength(0);
});
