/** Reading an axios config, and the objects in it, by own properties: a polluted `Object.prototype` says nothing. */

/**
 * An object's own property, or `undefined`. Configs of newer axios have no prototype, until an interceptor spreads one.
 */
export function readOwn<Bearer extends object, Name extends keyof Bearer>(
  bearer: Bearer | null | undefined,
  name: Name,
): Bearer[Name] | undefined {
  return bearer !== null && bearer !== undefined && Object.hasOwn(bearer, name) ? bearer[name] : undefined;
}
