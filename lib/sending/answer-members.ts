/** The members of what axios made of an answer, which may be of any size: no more of them than are asked for. */

/** The values of an object's own members, or of an array's elements, in their order. */
export function listMembers(data: object, most: number): unknown[] {
  return listEntries(data, most).map(([, value]) => value);
}

/** The same with their names. */
export function listEntries(data: object, most: number): (readonly [name: string, value: unknown])[] {
  const entries: (readonly [string, unknown])[] = [];
  // Of an array all names would be made before the first is given.
  if (Array.isArray(data)) return data.slice(0, Math.max(0, most)).map((value: unknown, i) => [String(i), value]);
  for (const name in data) {
    if (entries.length >= most) break;
    if (Object.hasOwn(data, name)) entries.push([name, Reflect.get(data, name)]);
  }
  return entries;
}
