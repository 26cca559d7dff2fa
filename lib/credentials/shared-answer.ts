/** One answer for many who wait for it, each of whom may leave before it comes. */

/**
 * A promise that its holder can stop waiting for. After `stop()` it never settles, and what waits for it can be
 * collected as garbage. What it waited for goes on for others.
 */
export type Waiting<T> = Promise<T> & { readonly stop: () => void };

/** An answer that several may wait for, or nobody. */
export interface SharedAnswer<T> {
  /** Makes a promise of the answer, for one who waits. If nobody waits, the answer is lost, even an error. */
  readonly wait: () => Waiting<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Makes an answer for many. One promise for all would not do: until it settles, a promise keeps the callbacks of
 * everyone who ever waited for it, and by them whole requests, and no callback can be taken off again.
 */
export function createSharedAnswer<T>(): SharedAnswer<T> {
  const waiters = new Set<Waiter<T>>();
  const settleAll = (settle: (waiter: Waiter<T>) => void): void => {
    const all = [...waiters];
    waiters.clear();
    all.forEach(settle);
  };
  return {
    wait: () => {
      let stop = (): void => undefined;
      const promise = new Promise<T>((resolve, reject) => {
        const waiter = { resolve, reject };
        waiters.add(waiter);
        stop = () => void waiters.delete(waiter);
      });
      return Object.assign(promise, { stop });
    },
    resolve: (value) => {
      settleAll((waiter) => {
        waiter.resolve(value);
      });
    },
    reject: (reason) => {
      settleAll((waiter) => {
        waiter.reject(reason);
      });
    },
  };
}

/** Makes of a promise one that its holder can stop waiting for. */
export function makeLeavable<T>(promise: Promise<T>): Waiting<T> {
  const answer = createSharedAnswer<T>();
  const waiting = answer.wait();
  promise.then(answer.resolve, answer.reject);
  return waiting;
}

/** As `then`, with a `stop` for whichever is waited for: the first promise, or what the callback returned. */
export function follow<T, U>(
  waiting: Waiting<T>,
  next: (value: T) => U | Waiting<U>,
  onFailure?: (reason: unknown) => U | Waiting<U>,
): Waiting<U> {
  let current: { readonly stop: () => void } = waiting;
  const goOn = <V>(step: (value: V) => U | Waiting<U>) => {
    return (value: V): U | Waiting<U> => {
      const result = step(value);
      if (isWaiting(result)) current = result;
      return result;
    };
  };
  const promise = waiting.then(goOn(next), onFailure && goOn(onFailure));
  return Object.assign(promise, {
    stop: () => {
      current.stop();
    },
  });
}

function isWaiting(value: unknown): value is Waiting<unknown> {
  return value instanceof Promise && 'stop' in value;
}
