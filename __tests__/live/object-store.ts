/** The object tests, which are the same for every server. */
import { addressingCases } from './addressing-cases.js';
import { bodyCases } from './body-cases.js';
import { copyCases } from './copy-cases.js';
import { describeDotSegments } from './dot-segments.js';
import { explanationCases } from './explanation-cases.js';
import { headerCases } from './header-cases.js';
import { keyCases } from './key-cases.js';
import { listingCases } from './listing-cases.js';
import type { LiveServer } from './live-server.js';
import { refusalCases } from './refusal-cases.js';
import { describeCases, type Deviations, type StoreCase } from './store-case.js';
import { xmlCases } from './xml-cases.js';

const topics: readonly (readonly [bucket: string, cases: readonly StoreCase[]])[] = [
  ['keys', keyCases],
  ['listings', listingCases],
  ['bodies', bodyCases],
  ['headers', headerCases],
  ['xml', xmlCases],
  ['copies', copyCases],
  ['addressing', addressingCases],
  ['refusals', refusalCases],
  ['explanations', explanationCases],
];

/** Describes all object tests; each deviation is asserted. */
export function describeObjectStore(server: () => LiveServer, deviations: Deviations): void {
  const names = topics.flatMap(([, cases]) => cases.map(({ name }) => name));
  if (new Set(names).size < names.length) throw new Error('Two cases have the same name');
  const unknown = Object.keys(deviations).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`There is no case for these deviations: ${unknown.join(', ')}`);

  for (const [bucket, cases] of topics) {
    describeCases(bucket, 'http', cases, deviations, server);
    // Before they reach an adapter all keys have gone the same way: of these some are enough.
    const some = cases === keyCases ? cases.filter((_, index) => index % 4 === 0) : cases;
    describeCases(bucket, 'fetch', some, deviations, server);
  }
  describeDotSegments(server);
}
