/** Seals a request's `aws4` options: axios merges and keeps them with the config, and no log or error shows them. */

/** The method that gives sealed options, under one symbol for all copies of this package. */
const READ = Symbol.for('axios-aws4auth.options');

/**
 * Holds options as they were given. axios passes an instance of a class on by reference when it merges configs, and
 * neither JSON, `util.inspect`, `Object.entries` nor `structuredClone` sees a private field.
 */
class SealedOptions {
  readonly #given: unknown;
  // TypeScript asks for a property in common with the options; there is none at run time.
  declare readonly region?: undefined;

  constructor(given: unknown) {
    this.#given = given;
  }

  [READ](): unknown {
    return this.#given;
  }
}

/** The same options, sealed. `undefined` and `false` stay as they are. */
export function sealOptions(aws4: unknown): SealedOptions | false | undefined {
  if (aws4 === undefined || aws4 === false || isSealed(aws4)) return aws4;
  return new SealedOptions(aws4);
}

/** The options as they were given, by whichever copy of this package they were sealed. */
export function readOptions(aws4: unknown): unknown {
  return isSealed(aws4) ? aws4[READ]() : aws4;
}

function isSealed(aws4: unknown): aws4 is SealedOptions {
  return typeof aws4 === 'object' && aws4 !== null && READ in aws4 && typeof aws4[READ] === 'function';
}
