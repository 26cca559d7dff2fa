/** A soak: thirty simulated days of one service, on a clock that the test drives, with all that can go wrong in them. */
import { runSoak } from './soak/soak-process.js';
import type { SoakReport } from './soak/soak-program.js';
import { platform } from '#platform';

const SEED = 20261122;
const DAYS = 30;
/** No set is asked for again before three quarters of its hour are over. */
const SHORTEST_USE_MINUTES = 45;
/**
 * What a collected heap may differ by, with code that was compiled meanwhile: it moves by half a megabyte up and down.
 * A leak of one signature a request would come to seven.
 */
const GROWTH_BYTES = 2 * 1024 * 1024;

let soak: SoakReport;
beforeAll(async () => {
  soak = await runSoak(SEED, DAYS, platform);
});

describe(`${String(DAYS)} days of seed ${String(SEED)}`, () => {
  it('pass without a request lost that can be healed, or a call of the provider too many', () => {
    expect(soak.violations.slice(0, 20)).toEqual([]);
  });

  it('have incidents of every kind, with 200 requests in flight', () => {
    expect(Object.keys(soak.incidents)).toHaveLength(24);
    expect(Object.values(soak.incidents).reduce((sum, count) => sum + count, 0)).toBe(DAYS);
    expect(soak.mostInFlight).toBe(200);
    expect(soak.refusals).toEqual({ ExpiredToken: expect.any(Number), RequestTimeTooSkewed: expect.any(Number) });
  });

  it('ask the provider once a life, and once more in an incident', () => {
    const { well, ...inIncidents } = soak.calls;
    expect(well).toBeGreaterThanOrEqual(DAYS * 23);
    expect(well).toBeLessThanOrEqual((DAYS * 24 * 60) / SHORTEST_USE_MINUTES + 2 * DAYS);
    for (const count of Object.values(inIncidents)) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(DAYS);
    }
  });

  it('leave no more in memory than the first twenty', () => {
    expect(soak.heapBytes).toHaveLength(DAYS / 5);
    // By then most incidents were met once, and their code is compiled.
    const [, , , twentiethDay = 0, ...later] = soak.heapBytes;
    expect((later.at(-1) ?? Infinity) - twentiethDay).toBeLessThan(GROWTH_BYTES);
  });
});
