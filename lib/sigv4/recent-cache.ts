/** Bounded caches: of what is dear to make, such as keys, and of short texts that come again and again. */

/**
 * The value of a name, made where there is none. Of too many, what was not used for the longest goes first.
 *
 * @param values in the order of their last use
 * @param most how many are kept
 * @param name bears no secret
 */
export function findRecent<Value>(values: Map<string, Value>, most: number, name: string, create: () => Value): Value {
  const value = values.get(name) ?? create();
  // Set anew, it stands last.
  values.delete(name);
  values.set(name, value);
  for (const oldest of values.keys()) {
    if (values.size <= most) break;
    values.delete(oldest);
  }
  return value;
}

const MOST_KEPT = 500;
const LONGEST_KEPT = 1000;

/**
 * The same function, which keeps what it made of the first short texts: a program has few methods and header names. What
 * it throws for is not kept.
 */
export function keepFirst(make: (text: string) => string): (text: string) => string {
  const kept = new Map<string, string>();
  return (text) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = make(text);
    if (kept.size < MOST_KEPT && text.length <= LONGEST_KEPT) kept.set(text, made);
    return made;
  };
}
