/** What every floor knows of waiting: values that may still be to come, and waiting that may end before they do. */

/** Waits for what a request needs, as long as the request is wanted. */
export type Wait = <T>(awaited: Promise<T>) => Promise<T>;

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

/** Whether a value is still to come; not by its class, which a runtime's patches may have replaced. */
export function isPending<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
