/** What every floor knows of waiting: values that may still be to come, and waiting that may end before they do. */

/** Waits for what a request needs, as long as the request is wanted. */
export type Wait = <T>(awaited: Promise<T>) => Promise<T>;

/** What goes on by itself until it is stopped. */
export interface Stoppable {
  stop(): void;
}

/** Whether a value is still to come; not by its class, which a runtime's patches may have replaced. */
export function isPending<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
