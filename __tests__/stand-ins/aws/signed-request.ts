/** One request signed by the default credentials of the process that it is called in, and what came of it. */
import axios, { type AxiosInstance } from 'axios';
import { aws4Interceptor } from '../../../lib/index.js';
import { scope } from '../test-server.js';

/** What came of a request, in terms that can leave the process: the server's status, or the error in words. */
export type Outcome =
  | { readonly status: number }
  | {
      readonly error: {
        readonly name: string;
        readonly code: unknown;
        readonly message: string;
        readonly cause: string;
      };
    };

function createClient(): AxiosInstance {
  const client = axios.create({ validateStatus: () => true, timeout: 5 * 60_000 });
  client.interceptors.request.use(aws4Interceptor(scope));
  return client;
}
const usualClient = createClient();

/** Sends it by the client that all of them share, or by one of its own. */
export async function sendSignedRequest(url: string, isAlone = false): Promise<Outcome> {
  const client = isAlone ? createClient() : usualClient;
  try {
    const { status } = await client.get(url, { params: { tag: 'a b' } });
    return { status };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, message, cause } = error;
    return { error: { name, code: 'code' in error ? error.code : undefined, message, cause: String(cause) } };
  }
}
