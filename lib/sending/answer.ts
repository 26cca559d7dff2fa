/** The server's answer to a try, and whether it refuses: all that most requests need to know of healing. */
import { isAxiosError, type AxiosResponse } from 'axios';
import type { Outcome } from './exchange.js';

/** The answer, whether axios takes it for a success or an error; `undefined` where there is none. */
export function findAnswer({ result }: Outcome): AxiosResponse<unknown> | undefined {
  const thrown = 'error' in result && isAxiosError(result.error) ? result.error.response : undefined;
  const answer: AxiosResponse<unknown> | undefined = 'response' in result ? result.response : thrown;
  // A custom adapter may give less than a response.
  const headers: unknown = answer?.headers;
  return typeof headers === 'object' && headers !== null ? answer : undefined;
}

/** Whether a status is one under which services refuse a signature, its date or its token. */
export function isRefusal({ status }: AxiosResponse<unknown>): boolean {
  return status === 400 || status === 401 || status === 403;
}
