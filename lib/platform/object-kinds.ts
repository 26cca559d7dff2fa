/** Objects told apart from other values, whatever realm they are of. */

/** Whether a value may have members, as far as they are no function's. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is a plain object, of any realm: a test's or a frame's has an `Object.prototype` of its own. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (Object.prototype.toString.call(value) !== '[object Object]') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
