/** When credentials are asked for again after a failure. */
import { delayRetry } from '../../lib/credentials/refresh-timing.js';

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
