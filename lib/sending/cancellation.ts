/** Cancelling while a request waits to be signed: it rejects at once, with axios's own errors, and is never sent. */
import { AxiosError, CanceledError, type InternalAxiosRequestConfig } from 'axios';
import { readOwn } from '../request/config.js';
import { LONGEST_TIMER_MS, type Stoppable, type WaitLimits } from '../platform/waiting.js';

type Config = InternalAxiosRequestConfig;

/**
 * Waits for what a signature needs, unless the config's signal, cancel token or timeout ends the request first. Each
 * ends only this request: whatever is waited for goes on for others.
 *
 * @throws CanceledError, or AxiosError `ECONNABORTED` or `ETIMEDOUT`, just as axios's adapters do
 */
async function waitUnlessCanceled<T>(config: Config, timeLeft: Partial<Config>, awaited: Promise<T>): Promise<T> {
  const signal = readOwn(config, 'signal');
  const cancelToken = readOwn(config, 'cancelToken');
  const timeout = readOwn(timeLeft, 'timeout') ?? readOwn(config, 'timeout');
  const isCancelable = signal !== undefined || cancelToken !== undefined || Boolean(timeout);
  if (!isCancelable) return awaited;

  const undo: (() => void)[] = [];
  const waiter: Waiter<T> = { settle: undefined };
  const settled = new Promise<T>((resolve, reject) => {
    waiter.settle = { resolve, reject };
    const onAbort = (): void => {
      reject(createCanceledError(config));
    };
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener?.('abort', onAbort);
    undo.push(() => {
      signal?.removeEventListener?.('abort', onAbort);
    });
    if (cancelToken !== undefined) undo.push(subscribe(cancelToken, reject));
    if (timeout) {
      const timer = setTimeout(
        () => {
          reject(createTimeoutError(config));
        },
        Math.min(timeout, LONGEST_TIMER_MS),
      );
      undo.push(() => {
        clearTimeout(timer);
      });
    }
  });
  settleBy(awaited, waiter);
  try {
    return await settled;
  } catch (error) {
    if (isStoppable(awaited)) awaited.stop();
    throw error;
  } finally {
    waiter.settle = undefined;
    for (const each of undo) each();
  }
}

interface Waiter<T> {
  settle: { readonly resolve: (value: T) => void; readonly reject: (reason: unknown) => void } | undefined;
}

/**
 * Settles a waiter by a promise. `awaited` may never settle, and keeps these two callbacks. So they refer to nothing
 * but the waiter, which is emptied when the request has ended; `Promise.race` would keep the request and its body in
 * memory. The callbacks are made in a function of their own, since closures made in one function share all variables
 * that any uses.
 */
function settleBy<T>(awaited: Promise<T>, waiter: Waiter<T>): void {
  awaited.then(
    (value) => waiter.settle?.resolve(value),
    (reason: unknown) => waiter.settle?.reject(reason),
  );
}

/**
 * What may end a request early: its abort signal, its cancel token, and its timeout, which begins when this is made and
 * covers all of its tries. A class, since three closures would be kept for each request in flight.
 */
export class Limits implements WaitLimits {
  readonly #config: Config;
  readonly #startedMs: number;

  constructor(config: Config) {
    this.#config = config;
    this.#startedMs = readOwn(config, 'timeout') ? readTimer() : 0;
  }

  wait<T>(awaited: Promise<T>): Promise<T> {
    return waitUnlessCanceled(this.#config, this.readTimeLeft(), awaited);
  }

  /** @throws CanceledError where the request was canceled */
  throwIfCanceled(): void {
    readOwn(this.#config, 'cancelToken')?.throwIfRequested();
    if (readOwn(this.#config, 'signal')?.aborted === true) throw createCanceledError(this.#config);
  }

  /** The `timeout` to send with, which is what is left of the request's; empty where nothing has to be changed. */
  readTimeLeft(): Partial<Config> {
    const timeout = readOwn(this.#config, 'timeout');
    // One that came into the config since is left whole to the adapter.
    if (!timeout || this.#startedMs === 0) return NO_CHANGES;
    const left = Math.max(1, Math.ceil(timeout - (readTimer() - this.#startedMs)));
    return left < timeout ? { timeout: left, timeoutErrorMessage: readTimeoutMessage(this.#config) } : NO_CHANGES;
  }
}

const NO_CHANGES: Partial<Config> = Object.freeze({});

/** Milliseconds since any moment, by a clock that nobody sets where there is one. */
function readTimer(): number {
  return typeof performance === 'undefined' ? Date.now() : performance.now();
}

function isStoppable(value: object): value is Stoppable {
  return 'stop' in value && typeof value.stop === 'function';
}

/**
 * Many requests may share a cancel token, so that each removes its listener: axios's `then` gives a `cancel()` for
 * that.
 */
function subscribe(cancelToken: NonNullable<Config['cancelToken']>, reject: (reason: unknown) => void): () => void {
  const waiting: object = cancelToken.promise.then(reject);
  return () => {
    if (isCancelable(waiting)) waiting.cancel();
  };
}

function isCancelable(value: object): value is { cancel(): void } {
  return 'cancel' in value && typeof value.cancel === 'function';
}

function createCanceledError(config: Config): Error {
  const error = new CanceledError();
  error.config = config;
  return error;
}

/** In axios's words, of the whole timeout, whatever was left of it when the adapter got it. */
function readTimeoutMessage(config: Config): string {
  return readOwn(config, 'timeoutErrorMessage') ?? `timeout of ${String(readOwn(config, 'timeout'))}ms exceeded`;
}

function createTimeoutError(config: Config): AxiosError {
  const transitional = readOwn(config, 'transitional');
  return new AxiosError(
    readTimeoutMessage(config),
    readOwn(transitional, 'clarifyTimeoutError') === true ? AxiosError.ETIMEDOUT : AxiosError.ECONNABORTED,
    config,
  );
}
