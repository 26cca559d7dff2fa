/** At most one more try: whatever a server answers, and in whatever order, no request goes out a third time. */
import type { RawResponse } from 'strict-sigv4-verifier';
import { DAY, HOUR, MINUTE, refuse, setHealingStage, tooSkewed } from '../stand-ins/healing-stage.js';

const stage = setHealingStage();

const causes: Readonly<Record<string, RawResponse>> = {
  token: refuse('ExpiredToken', '', 400),
  clock: tooSkewed(),
  'old request': refuse('RequestExpired', '', 400),
  bare: { status: 403, headers: {}, body: '' },
  'words of the clock': refuse('InvalidSignatureException', 'Signature expired: 2024'),
};
const NAMES = Object.keys(causes);
const pairs = NAMES.flatMap((one) => NAMES.map((other) => ({ one, other })));

describe.each(['http', 'fetch'])('over %s', (adapter) => {
  it.each(pairs)('a POST is refused for $one, then for $other', async ({ one, other }) => {
    for (const aheadMs of [0, HOUR, -HOUR, 2 * DAY]) {
      stage.reset();
      stage.aheadMs = aheadMs;
      stage.respond = (count) => {
        // The server's clock moves, so that a date is wrong each time.
        stage.serverMs += 20 * MINUTE;
        return causes[count % 2 === 0 ? one : other];
      };
      const client = stage.connect({}, { adapter, validateStatus: null });
      const { status } = await client.post('/', 'x');
      const tries = stage.sent().length;
      expect(tries).toBeLessThanOrEqual(2);
      // The caller gets the last answer.
      expect(status).toBe(causes[tries === 2 ? other : one]?.status);
    }
  });
});

it('what the last answer tells is kept for requests to come', async () => {
  stage.aheadMs = HOUR / 2;
  stage.dead.add(1);
  stage.respond = (count) => [tooSkewed(), refuse('ExpiredToken', '', 400)][count];
  const client = stage.connect({}, { validateStatus: null });
  expect((await client.post('/', 'x')).status).toBe(400);
  expect((await client.post('/', 'x')).status).toBe(200);
  expect(stage.sent()).toHaveLength(3);
});

it('what the last answer repeats is not seen to once more', async () => {
  stage.respond = () => {
    // So long that another refresh could be forced.
    stage.serverMs += MINUTE;
    return refuse('ExpiredToken', '', 400);
  };
  await stage.connect({}, { validateStatus: null }).post('/', 'x');
  await new Promise((resolve) => setImmediate(resolve));
  expect(stage.provider.mock.calls).toStrictEqual([[], [{ forceRefresh: true }]]);
});
