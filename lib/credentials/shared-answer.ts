/** One answer for many who wait for it, each of whom may leave before it comes. */

/**
 * A promise that its holder may leave: by `stop()`, whatever waits on it is let go of, and it is never settled. What it
 * waits for goes on for others.
 */
export type Waiting<T> = Promise<T> & { readonly stop: () => void };

/** An answer that is given from elsewhere; nobody need wait for it. */
export interface SharedAnswer<T> {
  /** A promise of the answer, for one who waits. An answer that nobody waits for is lost, be it an error. */
  readonly wait: () => Waiting<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * One promise for all would not do: it holds on to the reactions of everyone that ever waited for it, with all that
 * these know, which is whole requests, as long as it is not settled; and there is no way to take one off again.
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

/** The same promise as one that can be left: what waits is then no longer held by it. */
export function makeLeavable<T>(promise: Promise<T>): Waiting<T> {
  const answer = createSharedAnswer<T>();
  const waiting = answer.wait();
  promise.then(answer.resolve, answer.reject);
  return waiting;
}

/** What `then` gives, but can be left, whichever of the two it is waiting for. */
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
