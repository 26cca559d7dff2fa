/** A redirect as the answer to a request, for where it is not followed. */
import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import { Aws4AuthError } from '../errors.js';
import { isValid } from './redirect-status.js';

type ValidateStatus = InternalAxiosRequestConfig['validateStatus'];

/** As axios's own `settle`: a response whose status `validateStatus` refuses becomes an AxiosError. */
export function settle(response: AxiosResponse, validateStatus: ValidateStatus): AxiosResponse {
  const { status, config } = response;
  if (isValid(status, validateStatus)) return response;
  const message = `Request failed with status code ${String(status)}`;
  throw new AxiosError(message, AxiosError.ERR_BAD_RESPONSE, config, response.request, response);
}

/** For a redirect of which fetch shows nothing: no status, and no `Location`. */
export function createHiddenRedirectError(): Aws4AuthError {
  return new Aws4AuthError(
    'redirect: the server redirects, and this runtime does not show where to, so that it is not followed; ' +
      "request the final URL, or set fetchOptions: { redirect: 'follow' } to have the signed headers sent along",
    'ERR_REDIRECT',
  );
}
