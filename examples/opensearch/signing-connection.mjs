/** A connection of the OpenSearch client whose requests are sent by an axios that signs them. */
import { Connection, errors } from '@opensearch-project/opensearch';
import axios from 'axios';
import { Aws4AuthError, aws4Interceptor } from 'axios-aws4auth';

/** Makes the class for `new Client({ Connection })`; the options are those of aws4Interceptor. */
export function createSigningConnection(options) {
  // What the client has made of a request goes out as it is, and what comes back is the client's to read.
  const client = axios.create({
    transformRequest: [],
    responseType: 'stream',
    decompress: false,
    validateStatus: null,
    maxRedirects: 0,
  });
  client.interceptors.request.use(aws4Interceptor(options));

  return class SigningConnection extends Connection {
    request(params, callback) {
      const { method, protocol, origin, path, headers, body, agent, timeout } = this.buildRequestObject(params);
      const abort = new AbortController();
      const config = {
        method,
        url: `${origin}${path}`,
        headers,
        data: body,
        timeout,
        signal: abort.signal,
        [protocol === 'http:' ? 'httpAgent' : 'httpsAgent']: agent,
      };
      this._openRequests += 1;
      client
        .request(config)
        .finally(() => (this._openRequests -= 1))
        .then(
          ({ data }) => callback(null, data),
          (error) => callback(toClientError(error, params), null),
        );
      return abort;
    }
  };
}

/** The errors that the client knows; one of the signing, such as a CredentialsError, stays what it is. */
function toClientError(error, params) {
  if (axios.isCancel(error)) return new errors.RequestAbortedError('Request aborted');
  if (error instanceof Aws4AuthError) return error;
  if (error.code === 'ECONNABORTED') return new errors.TimeoutError('Request timed out', params);
  return new errors.ConnectionError(error.message);
}
