/** msw in Node, apart from nock: each replaces the global Headers, and they do not bear each other. */
import { http, HttpResponse, passthrough } from 'msw';
import { setupServer } from 'msw/node';
import { createClient } from '../../stand-ins/test-server.js';
import { listVerdicts, recordNeighbour, withServer } from './neighbour.js';

describe('msw', () => {
  // Its README, "Usage example" and "Node.js": http.get(url, ({ request }) => HttpResponse.json(...)), setupServer().
  it.each(['http', 'fetch'] as const)(
    'answers what the %s adapter sends, and lets the rest through',
    async (adapter) => {
      await withServer({}, async (origin, server) => {
        const authorizations: (string | null)[] = [];
        const worker = setupServer(
          http.get(`${origin}/octocat`, ({ request }) => {
            authorizations.push(request.headers.get('Authorization'));
            return HttpResponse.json({ message: 'Mocked response' }, { status: 202, statusText: 'Mocked status' });
          }),
          http.post(`${origin}/octocat`, () => passthrough()),
        );
        worker.listen({ onUnhandledRequest: 'bypass' });
        try {
          const client = createClient(origin, {}, { adapter });
          expect(await client.get('/octocat')).toMatchObject({ status: 202, data: { message: 'Mocked response' } });
          expect(authorizations).toStrictEqual([expect.stringMatching(/^AWS4-HMAC-SHA256 /)]);
          expect(server.requests).toHaveLength(0);

          await client.post('/octocat', { name: 'Grüße' }, { params: { tag: 'a b' } });
          await client.put('/unhandled', Buffer.from('bytes'));
          expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted']);
        } finally {
          worker.close();
        }
      });
      recordNeighbour('msw', `mocked, passed through and bypassed: by the ${adapter} adapter in Node`);
    },
  );
});
