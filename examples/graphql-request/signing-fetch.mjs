/** A fetch, for libraries that take one, whose requests are sent by an axios that signs them. */
import axios from 'axios';
import { aws4Interceptor } from 'axios-aws4auth';

/** The options are those of aws4Interceptor. */
export function createSigningFetch(options) {
  // What a library has made of a request goes out as it is, and what comes back is the library's to read.
  const client = axios.create({ transformRequest: [], responseType: 'arraybuffer', validateStatus: null });
  client.interceptors.request.use(aws4Interceptor(options));

  return async (input, init) => {
    const request = new Request(input, init);
    const sending = client.request({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      data: request.body === null ? undefined : await request.arrayBuffer(),
      signal: request.signal,
    });
    const { data, status, headers } = await sending.catch((error) => {
      request.signal.throwIfAborted(); // with what fetch gives then, in place of axios's error
      throw error;
    });
    return new Response(data.byteLength === 0 ? null : data, { status, headers: Object.entries(headers) });
  };
}
