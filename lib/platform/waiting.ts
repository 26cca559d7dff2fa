/** Types of waiting: for values that may be pending, and by waits that may end before the value comes. */

/** The longest delay of `setTimeout`, in ms; with a longer one it fires at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What may end a request while it waits for something. */
export interface WaitLimits {
  /** Waits for what a request needs; rejects before that where the request is cancelled or its time is over. */
  wait<T>(awaited: Promise<T>): Promise<T>;
}

/** What goes on by itself until it is stopped. */
export interface Stoppable {
  stop(): void;
}

/**
 * Goes on with a value: at once where it is here already. Most requests have nothing to wait for, and a promise at each
 * of their stages cost them as much as their hashes (measured).
 */
export function proceed<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return isPending(value) ? value.then(next) : next(value);
}

/** Whether a value is a promise. Not by `instanceof`: a patched runtime may have replaced the class. */
export function isPending<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
