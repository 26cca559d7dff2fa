/** How many steps something takes: what grows faster than its input is found by that, and not by time. */

const TEXT_METHODS = [
  'charAt',
  'includes',
  'indexOf',
  'replace',
  'replaceAll',
  'slice',
  'split',
  'startsWith',
] as const;

const ARRAY_METHODS = ['every', 'filter', 'find', 'includes', 'indexOf', 'some'] as const;

/**
 * Counts the entries of arrays that are gone through, in `for…of`, spreads, destructuring and searches, and the calls of
 * methods of texts, until what `run` begins has ended. What is gone through twice counts twice.
 */
export async function countSteps(run: () => unknown): Promise<number> {
  let steps = 0;
  const replaced: (() => void)[] = [];
  const replace = (prototype: object, name: PropertyKey, createOwn: (own: unknown) => unknown): void => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (descriptor === undefined) throw new Error(`There is no ${String(name)} to replace`);
    Object.defineProperty(prototype, name, { ...descriptor, value: createOwn(descriptor.value) });
    replaced.push(() => Object.defineProperty(prototype, name, descriptor));
  };
  replace(
    Array.prototype,
    Symbol.iterator,
    () =>
      function* iterate(this: ArrayLike<unknown>) {
        for (let i = 0; i < this.length; i++) {
          steps += 1;
          yield this[i];
        }
      },
  );
  for (const name of TEXT_METHODS) {
    replace(
      String.prototype,
      name,
      (own) =>
        function call(this: string, ...values: readonly unknown[]): unknown {
          steps += 1;
          if (typeof own !== 'function') throw new Error(`${name} is no method`);
          return Reflect.apply(own, this, values);
        },
    );
  }
  for (const name of ARRAY_METHODS) {
    replace(
      Array.prototype,
      name,
      (own) =>
        function call(this: readonly unknown[], ...values: readonly unknown[]): unknown {
          steps += this.length;
          if (typeof own !== 'function') throw new Error(`${name} is no method`);
          return Reflect.apply(own, this, values);
        },
    );
  }
  try {
    await run();
  } finally {
    for (const putBack of replaced) putBack();
  }
  return steps;
}

/** How many times as many steps four times the input takes: 4 where it is proportional, 16 where it is quadratic. */
export async function measureGrowth(run: (size: number) => unknown, size: number): Promise<number> {
  return (await countSteps(() => run(4 * size))) / (await countSteps(() => run(size)));
}
