/** When credentials are asked for again: after a failure, and by force after a refusal. */
import { delayRetry, limitForcedRefreshes } from '../../lib/credentials/refresh-timing.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const hour = { advisoryMs: 45 * MINUTE, mandatoryMs: 55 * MINUTE };

afterEach(() => jest.restoreAllMocks());

/** The delay with the least jitter, and with the most. */
function delaysAfter(failures: number, windows = hour): readonly number[] {
  return [0, 1].map((jitter) => {
    jest.spyOn(Math, 'random').mockReturnValue(jitter);
    return delayRetry(failures, windows);
  });
}

it.each([
  [1, 1],
  [2, 2],
  [3, 4],
  [6, 32],
  [7, 60],
  [50, 60],
])('after %d failures in a row it is from half of %d s on to the whole', (failures, seconds) => {
  expect(delaysAfter(failures)).toStrictEqual([(seconds * SECOND) / 2, seconds * SECOND]);
});

it('is a quarter of a short window at most, so that there are four tries', () => {
  expect(delaysAfter(50, { advisoryMs: 9 * MINUTE, mandatoryMs: 11 * MINUTE })).toStrictEqual([
    15 * SECOND,
    30 * SECOND,
  ]);
});

describe('after refusals in a row a refresh may be forced', () => {
  /** Whether one may be, at each of these moments, of which each is a refusal. */
  const mayForceAt = (...seconds: readonly number[]): boolean[] => {
    let nowMs = 0;
    const mayForce = limitForcedRefreshes();
    return seconds.map((second) => {
      nowMs = second * SECOND;
      return mayForce(() => nowMs);
    });
  };

  it('after pauses that grow, and are none of more than a minute', () => {
    const forced = [0, 3, 9, 21, 45, 93, 153, 213];
    const tooEarly = forced.slice(1).map((second) => second - 0.001);
    const all = [...forced, ...tooEarly].sort((one, other) => one - other);
    expect(all.filter((_, i) => mayForceAt(...all)[i])).toStrictEqual(forced);
  });

  it('as at first once there was none for a minute', () => {
    expect(mayForceAt(0, 3, 9, 21, 45, 105, 108, 110)).toStrictEqual([...Array<boolean>(7).fill(true), false]);
    expect(mayForceAt(0, 3, 9, 21, 45, 104.999, 108)).toStrictEqual([...Array<boolean>(6).fill(true), false]);
  });

  it('as at first where the clock was set back', () => {
    expect(mayForceAt(0, 3, 9, -60, -57)).toStrictEqual([true, true, true, true, true]);
  });
});
