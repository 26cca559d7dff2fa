/**
 * Tells the kinds of bodies apart. Not by `instanceof` alone, which denies values of another realm, such as jsdom's; nor
 * by their tags alone, which the classes of some runtimes do not have (React Native, happy-dom).
 */

interface FormWithHeaders {
  getHeaders(): Readonly<Record<string, string>>;
}

/** Whether it is a form of the form-data package, which brings headers of its own. */
export function hasFormHeaders(data: unknown): data is FormWithHeaders {
  return typeof data === 'object' && data !== null && 'getHeaders' in data && typeof data.getHeaders === 'function';
}

export function isFormData(data: unknown): data is FormData {
  return readTag(data) === 'FormData' || isInstance(data, 'FormData');
}

export function isBlob(data: unknown): data is Blob {
  if (typeof data !== 'object' || data === null) return false;
  const isTagged = readTag(data) === 'Blob' || readTag(data) === 'File' || isInstance(data, 'Blob');
  return isTagged && typeof Reflect.get(data, 'slice') === 'function';
}

function isInstance(data: unknown, name: 'Blob' | 'FormData'): boolean {
  const constructor: unknown = Reflect.get(globalThis, name);
  return typeof constructor === 'function' && data instanceof constructor;
}

export function isArrayBuffer(data: unknown): data is ArrayBuffer {
  return readTag(data) === 'ArrayBuffer';
}

/** The name of a value's class, as its own realm has it: `Blob`, `FormData`. */
export function readTag(data: unknown): string {
  return Object.prototype.toString.call(data).slice('[object '.length, -1);
}
