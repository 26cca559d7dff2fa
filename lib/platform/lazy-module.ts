/** Parts of the package that few requests need: each is loaded when the first does, so that others do not pay for it. */
import { Aws4AuthError } from '../errors.js';

/**
 * Makes what gives a module: a promise of it until it is loaded, and from then on the module itself, so that later
 * requests wait for nothing. Where it cannot be loaded, the next request tries again.
 *
 * @throws Aws4AuthError `ERR_CHUNK_LOAD`, as a rejection
 */
export function createLazyModule<Module extends object>(load: () => Promise<Module>): () => Module | Promise<Module> {
  let loaded: Module | undefined;
  return () =>
    loaded ??
    load().then(
      (module) => (loaded = module),
      (cause: unknown) => {
        throw createLoadError(cause);
      },
    );
}

/** The error of what needs a part that could not be loaded. */
export function createLoadError(cause?: unknown): Aws4AuthError {
  return new Aws4AuthError(
    'axios-aws4auth: a part of the package could not be loaded; see the cause, and whether all of its files are served',
    'ERR_CHUNK_LOAD',
    { cause },
  );
}
