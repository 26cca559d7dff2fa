/** Runs something where the runtime lacks globals that Node has, as React Native, jsdom and others do. */

/** Takes globals away while something runs, and puts them back. */
export async function withoutGlobals<Result>(names: readonly string[], run: () => Promise<Result>): Promise<Result> {
  const kept = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  for (const name of names) Reflect.deleteProperty(globalThis, name);
  try {
    return await run();
  } finally {
    for (const [i, name] of names.entries()) {
      const descriptor = kept[i];
      if (descriptor !== undefined) Object.defineProperty(globalThis, name, descriptor);
    }
  }
}

/** Has other globals, which may be undefined, while something runs, and puts back what there was. */
export async function withGlobals<Result>(values: object, run: () => Promise<Result>): Promise<Result> {
  return withoutGlobals(Object.keys(values), async () => {
    Object.assign(globalThis, values);
    try {
      return await run();
    } finally {
      for (const name of Object.keys(values)) Reflect.deleteProperty(globalThis, name);
    }
  });
}
