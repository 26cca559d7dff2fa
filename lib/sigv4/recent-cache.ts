/** Bounded caches of what is dear to make, such as keys: what was not used for the longest goes first. */

/**
 * The value of a name, made where there is none.
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
  if (values.size > most) {
    const [oldest] = values.keys();
    if (oldest !== undefined) values.delete(oldest);
  }
  return value;
}
