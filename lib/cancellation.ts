/** Cancelling while a request waits to be signed: it rejects at once, with axios's own errors, and is never sent. */
import { AxiosError, CanceledError, type InternalAxiosRequestConfig } from 'axios';

type Config = InternalAxiosRequestConfig;

/**
 * Waits for what a signature needs, unless the config's signal, cancel token or timeout ends the request first. Each
 * ends only this request: whatever is waited for goes on for others.
 *
 * @throws CanceledError, or AxiosError `ECONNABORTED` or `ETIMEDOUT`, just as axios's adapters do
 */
export async function waitUnlessCanceled<T>(config: Config, awaited: Promise<T>): Promise<T> {
  const { signal, cancelToken, timeout } = config;
  const isCancelable = signal !== undefined || cancelToken !== undefined || Boolean(timeout);
  if (!isCancelable) return awaited;

  const undo: (() => void)[] = [];
  const ended = new Promise<never>((_, reject) => {
    const onAbort = (): void => {
      reject(createCanceledError(config));
    };
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener?.('abort', onAbort);
    undo.push(() => {
      signal?.removeEventListener?.('abort', onAbort);
    });
    // A token that was used rejects too: its promise has its reason by then.
    void cancelToken?.promise.then(reject);
    if (timeout) {
      const timer = setTimeout(() => {
        reject(createTimeoutError(config, timeout));
      }, timeout);
      undo.push(() => {
        clearTimeout(timer);
      });
    }
  });
  try {
    return await Promise.race([awaited, ended]);
  } finally {
    for (const each of undo) each();
  }
}

function createCanceledError(config: Config): Error {
  const error = new CanceledError();
  error.config = config;
  return error;
}

function createTimeoutError(config: Config, timeout: number): AxiosError {
  const { timeoutErrorMessage, transitional } = config;
  return new AxiosError(
    timeoutErrorMessage ?? `timeout of ${String(timeout)}ms exceeded`,
    transitional?.clarifyTimeoutError === true ? AxiosError.ETIMEDOUT : AxiosError.ECONNABORTED,
    config,
  );
}
