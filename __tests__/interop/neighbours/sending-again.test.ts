/** What sends a request again or later: axios-retry, axios-auth-refresh, axios-rate-limit. Each sending is signed afresh. */
import { Agent } from 'node:http';
import { createAuthRefresh } from 'axios-auth-refresh';
import rateLimit, { type RateLimitRequestHandler } from 'axios-rate-limit';
import axiosRetry, { exponentialDelay } from 'axios-retry';
import axios from 'axios';
import type { VerifyingServer } from 'strict-sigv4-verifier';
import { aws4Interceptor, type Credentials } from '../../../lib/index.js';
import { createClient, credentials, describeRequest, scope, temporary } from '../../stand-ins/test-server.js';
import { listVerdicts, recordNeighbour, withServer } from './neighbour.js';

const listHeader = (server: VerifyingServer, name: string) =>
  server.requests.flatMap((request) => describeRequest(request).header(name));

describe('axios-retry', () => {
  // Its README, "Usage": axiosRetry(client, { retries: 3 }), with a custom retryDelay.
  it.each([
    ['after', false],
    ['before', true],
  ])('sends again what got a 503, with a new date, registered %s ours', async (_, isRetryFirst) => {
    let now = Date.UTC(2026, 0, 1);
    const answers = [{ status: 503 }, { status: 503 }];
    await withServer({ clock: () => new Date(now), respond: () => answers.shift() }, async (origin, server) => {
      const client = axios.create({ baseURL: origin });
      const sign = aws4Interceptor({ ...scope, credentials, clock: () => now });
      if (!isRetryFirst) client.interceptors.request.use(sign);
      axiosRetry(client, {
        retries: 3,
        retryDelay: (retryCount) => {
          // More than the verifier's tolerance: a signature of before would be refused.
          now += 20 * 60_000;
          return retryCount;
        },
      });
      if (isRetryFirst) client.interceptors.request.use(sign);
      await client.put('/items', { name: 'Grüße' }, { params: { tag: 'a b' } });
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted', 'accepted']);
      expect(listHeader(server, 'x-amz-date')).toStrictEqual([
        '20260101T000000Z',
        '20260101T002000Z',
        '20260101T004000Z',
      ]);
      for (const request of server.requests) expect(describeRequest(request).text).toBe('{"name":"Grüße"}');
    });
    recordNeighbour('axios-retry', 'retries after 503, each accepted with a date of its own');
  });

  it('sends again what got no answer', async () => {
    await withServer({}, async (origin, server) => {
      const agent = new Agent();
      const createConnection = agent.createConnection.bind(agent);
      const sockets: unknown[] = [];
      agent.createConnection = (...parameters) => {
        const socket = createConnection(...parameters);
        if (sockets.push(socket) === 1) socket?.destroy();
        return socket;
      };
      const client = createClient(origin, {}, { httpAgent: agent });
      axiosRetry(client, { retries: 3, retryDelay: exponentialDelay });
      await client.get('/items');
      expect(sockets).toHaveLength(2);
      expect(listVerdicts(server)).toStrictEqual(['accepted']);
    });
  });
});

describe('axios-auth-refresh', () => {
  // Its README, "Usage": createAuthRefresh(axios, refreshAuthLogic); a 401 runs the logic, and the request is retried.
  // "The plugin stalls additional requests that have come in while waiting for a new authorization token".
  it('refreshes credentials; the request, and one that came meanwhile, are signed with the new ones', async () => {
    const answers = [{ status: 401 }];
    await withServer({ respond: () => answers.shift() }, async (origin, server) => {
      let current: Credentials = credentials;
      const client = createClient(origin, { credentials: () => current });
      const meanwhile: Promise<unknown>[] = [];
      createAuthRefresh(client, async () => {
        // From the next tick on, the plugin lets requests wait.
        await new Promise(setImmediate);
        meanwhile.push(client.get('/meanwhile'));
        current = temporary;
      });
      await client.get('/items');
      await Promise.all(meanwhile);
      expect(server.requests.map(({ target }) => target).toSorted()).toStrictEqual(['/items', '/items', '/meanwhile']);
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted', 'accepted']);
      expect(listHeader(server, 'x-amz-security-token')).toStrictEqual(Array(2).fill(temporary.sessionToken));
    });
    recordNeighbour('axios-auth-refresh', 'a 401 refreshes the credentials, the request is signed with the new ones');
  });
});

describe('axios-rate-limit', () => {
  // Its README, "Usage": rateLimit(axios.create(), { limits: [...] }); doc/use-case-custom-queue.md for the queue.
  const sendTwo = async (isLimitedFirst: boolean): Promise<string[]> => {
    const events: string[] = [];
    await withServer({}, async (origin, server) => {
      const waiting: RateLimitRequestHandler[] = [];
      const queue = {
        push: (item: RateLimitRequestHandler) => {
          waiting.push(item);
        },
        shift: () => {
          if (waiting.length > 0) events.push('let go');
          return waiting.shift();
        },
        get length() {
          return waiting.length;
        },
      };
      const limit = { limits: [{ maxRequests: 1, duration: '20ms' }], queue };
      const sign = aws4Interceptor({ ...scope, credentials, onSigned: () => events.push('signed') });
      const client = axios.create({ baseURL: origin });
      if (isLimitedFirst) rateLimit(client, limit);
      client.interceptors.request.use(sign);
      if (!isLimitedFirst) rateLimit(client, limit);
      await Promise.all([client.get('/a'), client.get('/b')]);
      expect(listVerdicts(server)).toStrictEqual(['accepted', 'accepted']);
    });
    return events;
  };

  it.each([
    ['after', false],
    ['before', true],
  ])('registered %s ours lets a request wait and then be signed', async (_, isLimitedFirst) => {
    expect(await sendTwo(isLimitedFirst)).toStrictEqual(['let go', 'signed', 'let go', 'signed']);
    recordNeighbour('axios-rate-limit', 'a request waits first and is then signed, in either order');
  });
});
