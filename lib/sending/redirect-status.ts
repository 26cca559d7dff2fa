/** Which statuses are redirects, and which axios takes for a success. */
import type { InternalAxiosRequestConfig } from 'axios';

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether a response leads elsewhere, where it says so in a `Location`. */
export function isRedirectStatus(status: number): boolean {
  return REDIRECT_STATUSES.has(status);
}

/** Whether a status is a success: all are, where there is no `validateStatus`. */
export function isValid(status: number, validateStatus: InternalAxiosRequestConfig['validateStatus']): boolean {
  return !validateStatus || validateStatus(status);
}
