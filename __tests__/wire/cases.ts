/** The table of the wire tests: every ordinary axios request, by topic. */
import { bodyCases } from './cases/bodies.js';
import { formAndStreamCases } from './cases/forms-and-streams.js';
import { headerCases } from './cases/headers.js';
import { methodCases } from './cases/methods.js';
import { pathCases } from './cases/paths.js';
import { queryCases } from './cases/queries.js';
import type { TransportName, WireCase } from './wire-case.js';

/** All cases. */
export const wireCases: readonly WireCase[] = [
  ...pathCases,
  ...queryCases,
  ...bodyCases,
  ...formAndStreamCases,
  ...headerCases,
  ...methodCases,
];

/** The cases that plain axios can send over a transport. */
export function selectCases(transport: TransportName): readonly WireCase[] {
  return wireCases.filter(({ lacking }) => lacking?.[transport] === undefined);
}

/** Every `step`th of these, so that each topic is there. */
export function takeEvery(step: number, cases: readonly WireCase[]): readonly WireCase[] {
  return cases.filter((_, index) => index % step === 0);
}
