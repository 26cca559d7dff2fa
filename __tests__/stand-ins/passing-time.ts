/** Time that passes at once, for what waits: no test sits out a limit of seconds. */

/** Timers are all that is faked: servers, streams and the clock go on as ever. */
const asEver = [
  ...(['Date', 'hrtime', 'performance', 'nextTick', 'queueMicrotask'] as const),
  ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
];

/** Runs what waits by `setTimeout`, and has a tenth of a second pass whenever all else has had its turn. */
export async function withoutWaiting<T>(run: () => Promise<T>): Promise<T> {
  jest.useFakeTimers({ doNotFake: asEver });
  try {
    const outcome = run();
    const isOver = outcome.then(
      () => true,
      () => true,
    );
    do await jest.advanceTimersByTimeAsync(100);
    while (!(await Promise.race([isOver, hasTurned()])));
    return await outcome;
  } finally {
    jest.useRealTimers();
  }
}

function hasTurned(): Promise<boolean> {
  return new Promise((resolve) => setImmediate(resolve, false));
}
