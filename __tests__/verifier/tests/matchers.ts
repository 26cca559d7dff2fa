/** Asymmetric matchers without their `any`. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const containing = (item: unknown): unknown => expect.arrayContaining([item]);
