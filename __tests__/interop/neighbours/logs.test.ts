/** axios-logger: what it shows of a signed request, and what it does not. */
import * as AxiosLogger from 'axios-logger';
import axiosRetry from 'axios-retry';
import axios from 'axios';
import { aws4Interceptor } from '../../../lib/index.js';
import { scope, temporary } from '../../stand-ins/test-server.js';
import { listVerdicts, recordNeighbour, withServer } from './neighbour.js';

interface Logging {
  readonly headers: boolean;
  readonly isLoggerFirst: boolean;
  readonly isRetried?: boolean;
}

/** What is logged of a request that is signed with a session token. */
async function log({ headers, isLoggerFirst, isRetried = false }: Logging): Promise<string> {
  const lines: string[] = [];
  const config = { headers, logger: (line: string) => lines.push(line) };
  // Not the verifier's own answer, which shows the request as it was seen, for responseLogger to log.
  const answers = isRetried ? [{ status: 503 }, { status: 200 }] : [{ status: 200 }];
  await withServer({ respond: () => answers.shift() }, async (origin, server) => {
    const instance = axios.create({ baseURL: origin });
    const sign = aws4Interceptor({ ...scope, credentials: temporary });
    const logRequests = () =>
      instance.interceptors.request.use(
        (request) => AxiosLogger.requestLogger(request, config),
        (error: Parameters<typeof AxiosLogger.errorLogger>[0]) => AxiosLogger.errorLogger(error, config),
      );
    if (isLoggerFirst) logRequests();
    instance.interceptors.request.use(sign);
    if (!isLoggerFirst) logRequests();
    instance.interceptors.response.use(
      (response) => AxiosLogger.responseLogger(response, config),
      (error: Parameters<typeof AxiosLogger.errorLogger>[0]) => AxiosLogger.errorLogger(error, config),
    );
    if (isRetried) axiosRetry(instance);
    await instance.get('/items');
    expect(listVerdicts(server).every((verdict) => verdict === 'accepted')).toBe(true);
  });
  const text = lines.join('\n');
  expect(text).toContain('[Axios][Request]');
  expect(text).toContain('[Axios][Response]');
  expect(text).not.toContain(temporary.secretAccessKey);
  return text;
}

describe('axios-logger', () => {
  // Its README, "How to use": requestLogger, responseLogger and errorLogger as interceptors.
  it.each([
    ['after', false],
    ['before', true],
  ])('as it is shows neither signature nor token, registered %s ours', async (_, isLoggerFirst) => {
    const text = await log({ headers: false, isLoggerFirst, isRetried: true });
    expect(text).not.toContain('AWS4-HMAC-SHA256');
    expect(text).not.toContain(temporary.sessionToken);
    recordNeighbour('axios-logger', 'shows neither secret, signature nor session token, in either order');
  });

  it.each([
    ['registered after ours', { isLoggerFirst: false }],
    ['registered before ours', { isLoggerFirst: true }],
    ['in the headers of a request that is sent again', { isLoggerFirst: false, isRetried: true }],
  ])('with `headers: true` shows neither, %s', async (_, logging) => {
    const text = await log({ headers: true, ...logging });
    expect(text).not.toContain('AWS4-HMAC-SHA256');
    expect(text).not.toContain(temporary.sessionToken);
  });
});
