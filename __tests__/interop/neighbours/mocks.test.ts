/** What answers in the place of a server: axios-mock-adapter and nock. What they let through is accepted. */
import MockAdapter from 'axios-mock-adapter';
import nock from 'nock';
import { createClient, credentials, temporary } from '../../stand-ins/test-server.js';
import { listVerdicts, recordNeighbour, withServer } from './neighbour.js';

const signature = new RegExp(`^AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/`);

describe('axios-mock-adapter', () => {
  // Its README, "Example": mock.onGet('/users').reply(200, ...), .passThrough(); and "History".
  it('answers, lets through, and has signed requests in its history', async () => {
    await withServer({}, async (origin, server) => {
      const client = createClient(origin);
      const mock = new MockAdapter(client);
      mock
        .onGet('/users', { params: { searchText: 'John' } })
        .reply(200, { users: [{ id: 1, name: 'John Smith' }] })
        .onAny()
        .passThrough();

      const { data } = await client.get<unknown>('/users', { params: { searchText: 'John' } });
      expect(data).toStrictEqual({ users: [{ id: 1, name: 'John Smith' }] });
      expect(server.requests).toHaveLength(0);
      expect(mock.history.get[0]?.headers?.Authorization).toMatch(signature);

      await client.get('/a b/ü', { params: { tag: ['x y', '+'], "it's": '*' } });
      await client.post('/users', { name: 'Grüße' });
      await client.postForm('/users', { file: Buffer.from('bytes') });
      await client.put('/users', Buffer.from('bytes'));
      await client.post('/users');
      await client.delete('/users/1');
      expect(listVerdicts(server)).toStrictEqual(Array(6).fill('accepted'));
      expect(mock.history.post[0]?.data).toBe('{"name":"Grüße"}');
    });
    recordNeighbour('axios-mock-adapter', 'mocked and passed through; its history has the signed headers');
  });

  it('with a handler that asks for a signature answers', async () => {
    const client = createClient('http://localhost', { credentials: temporary });
    const headers = { asymmetricMatch: (sent: object) => 'Authorization' in sent && 'X-Amz-Security-Token' in sent };
    new MockAdapter(client).onPost('/product', { id: 1 }, { headers }).reply(204);
    expect((await client.post('/product', { id: 1 })).status).toBe(204);
  });
});

describe('nock', () => {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate();
  });
  afterEach(() => {
    nock.cleanAll();
    nock.restore();
  });

  // Its README, "Axios": nock('http://localhost').get('/test').reply(200, 'test response'); and allowUnmocked.
  it('answers what is signed, and lets the rest through', async () => {
    await withServer({}, async (origin, server) => {
      const scope = nock(origin, { allowUnmocked: true })
        .get('/test')
        .matchHeader('Authorization', signature)
        .matchHeader('X-Amz-Date', /^\d{8}T\d{6}Z$/)
        .reply(200, 'test response');
      const client = createClient(origin, {}, { adapter: 'http' });
      expect((await client.get('/test')).data).toBe('test response');
      scope.done();
      expect(server.requests).toHaveLength(0);

      await client.get('/other', { params: { tag: 'a b' } });
      await client.post('/other', { name: 'Grüße' });
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted']);
    });
    recordNeighbour('nock', 'mocked by signed headers, and let through by allowUnmocked');
  });
});
