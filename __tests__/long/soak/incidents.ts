/** The incidents of a soak: each meets a crowd of requests in flight, and says what has to come of every one of them. */
import { MINUTE_MS, SECOND_MS } from './simulated-time.js';
import {
  CROWD,
  land,
  orStuck,
  passTime,
  passUntilAge,
  report,
  sendRound,
  sleepUntilAge,
  SOME,
  type Soak,
} from './soak.js';

export type Incident = (soak: Soak) => Promise<void>;

/** The set is asked for in time: with five minutes left at most, requests wait for the new one. */
export async function endOfLife(soak: Soak): Promise<void> {
  await sleepUntilAge(soak, 57.5);
  await sendRound(soak, CROWD, { calls: 1, isSignedWithNewest: true });
}

/** With more left than that, requests do not wait. */
export async function lastQuarter(soak: Soak): Promise<void> {
  await sleepUntilAge(soak, 50);
  await sendRound(soak, CROWD, { calls: 1 });
  await sendRound(soak, SOME, { isSignedWithNewest: true });
}

/** A night without a request: the set is long dead. */
export async function idleness(soak: Soak): Promise<void> {
  await sleepUntilAge(soak, 9 * 60);
  await sendRound(soak, CROWD, { calls: 1, isSignedWithNewest: true });
}

/** The server ends a token before its time. */
export async function revocation(soak: Soak): Promise<void> {
  await passUntilAge(soak, 20);
  soak.tokens.revokeAll();
  await sendRound(soak, CROWD, { calls: 1, refusals: CROWD, isSignedWithNewest: true });
  await sendRound(soak, SOME, { isSignedWithNewest: true });
}

/** The provider's network is down for minutes, just when the token ends. */
export async function outageAtTheEnd(soak: Soak): Promise<void> {
  const { time, tokens } = soak;
  await sleepUntilAge(soak, 57.5);
  tokens.mood = 'down';
  await sendRound(soak, CROWD, { calls: 1, credentials: CROWD });
  time.rightMs += 5 * MINUTE_MS;
  await sendRound(soak, CROWD, { calls: 1, credentials: CROWD });
  time.rightMs += 5 * MINUTE_MS;
  tokens.mood = 'well';
  await sendRound(soak, CROWD, { calls: 1, isSignedWithNewest: true });
}

/** The provider throws while the set has some life left: no request notices. */
export async function outageInTime(soak: Soak): Promise<void> {
  const { time, tokens } = soak;
  await sleepUntilAge(soak, 48);
  tokens.mood = 'throws';
  await sendRound(soak, CROWD, { calls: 1 });
  // A learned skew is good to a second, the precision of a server's date: after as much it may be asked again.
  await sendRound(soak, SOME, { calls: [0, 1] });
  time.rightMs += 2 * MINUTE_MS;
  tokens.mood = 'down';
  await sendRound(soak, SOME, { calls: 1 });
  time.rightMs += 2 * MINUTE_MS;
  tokens.mood = 'well';
  await sendRound(soak, SOME, { calls: 1 });
  await sendRound(soak, SOME, { isSignedWithNewest: true });
}

/** A call is never answered, and requests wait for it: after a minute, the next request asks again, for all. */
export async function hangingCall(soak: Soak): Promise<void> {
  const { time, tokens, traffic } = soak;
  await sleepUntilAge(soak, 57.5);
  tokens.mood = 'hangs';
  const waiting = await traffic.start(CROWD);
  if (waiting.arrivals() > 0) report(soak, 'requests did not wait for the new set');
  time.rightMs += 30 * SECOND_MS;
  const joining = await traffic.start(1);
  time.rightMs += 35 * SECOND_MS;
  tokens.mood = 'well';
  const asking = await traffic.start(1);
  await land(soak, CROWD, waiting, { calls: 2, isSignedWithNewest: true });
  await land(soak, 1, joining, { calls: 1, isSignedWithNewest: true });
  await land(soak, 1, asking, { calls: 1, isSignedWithNewest: true });
}

/** A call is answered when a newer set has been got by another: that one stays. */
export async function lateAnswer(soak: Soak): Promise<void> {
  const { time, tokens } = soak;
  await sleepUntilAge(soak, 48);
  tokens.mood = 'late';
  await sendRound(soak, CROWD, { calls: 1 });
  time.rightMs += 65 * SECOND_MS;
  tokens.mood = 'well';
  await sendRound(soak, CROWD, { calls: 1 });
  time.rightMs += 10 * MINUTE_MS;
  await tokens.answerLate();
  await sendRound(soak, SOME, { isSignedWithNewest: true });
}

/** The provider gives a set that is about to end. */
export async function shortLife(soak: Soak): Promise<void> {
  const { time, tokens } = soak;
  await sleepUntilAge(soak, 58);
  tokens.mood = 'short';
  await sendRound(soak, CROWD, { calls: 1, isSignedWithNewest: true });
  tokens.mood = 'well';
  time.rightMs += 4.5 * MINUTE_MS;
  // By a clock that is two minutes slow it has not ended yet: then the server says so, and all are healed.
  await sendRound(soak, CROWD, { calls: 1, refusals: [0, CROWD] });
}

/** An answer takes hours, and refuses the token: by then there was another set, and that is dead as well. */
export async function longFlight(soak: Soak): Promise<void> {
  const { time, tokens, traffic } = soak;
  await passUntilAge(soak, 20);
  tokens.revokeAll();
  const held = await traffic.start(SOME, 'until release');
  await orStuck(held.reached);
  time.rightMs += 61 * MINUTE_MS;
  await sendRound(soak, SOME, { calls: 1, isSignedWithNewest: true });
  time.rightMs += 2 * 60 * MINUTE_MS;
  held.release();
  await land(soak, SOME, held, { calls: 2 });
}

/** The clock is set wrongly, with a set in the middle of its life; hours later it is mended. */
export const clockStep =
  (stepMinutes: number): Incident =>
  async (soak) => {
    const { time } = soak;
    // A set that seems dead by the wrong clock is asked for again, and once more if the new one seems dead too.
    const calls = [0, Math.abs(stepMinutes) < 60 ? 1 : 2] as const;
    await passUntilAge(soak, 25);
    soak.isClockInDoubt = true;
    time.stepMs = stepMinutes * MINUTE_MS;
    await sendRound(soak, CROWD, { calls, refusals: CROWD });
    await sendRound(soak, SOME, { calls });
    await passTime(soak, time.rightMs + 5 * 60 * MINUTE_MS);
    await passUntilAge(soak, 25);
    time.stepMs = 0;
    await sendRound(soak, SOME, { calls, refusals: SOME });
    await sendRound(soak, SOME, { calls });
    await passTime(soak, time.rightMs + 2 * 60 * MINUTE_MS);
    soak.isClockInDoubt = false;
  };

/** The clock stood still while the token ended: each request is refused once, and then right in both. */
export async function clockBehindTheEnd(soak: Soak): Promise<void> {
  const { time } = soak;
  await sleepUntilAge(soak, 75);
  time.stepMs = -50 * MINUTE_MS;
  await sendRound(soak, CROWD, { calls: 1, refusals: CROWD, isSignedWithNewest: true });
  await passUntilAge(soak, 25);
  time.stepMs = 0;
  await sendRound(soak, SOME, { calls: [0, 1], refusals: SOME });
  await passTime(soak, time.rightMs + 2 * 60 * MINUTE_MS);
}

/** The clock is slow by less than servers refuse, and the token has ended. */
export async function slowClock(soak: Soak): Promise<void> {
  const { time } = soak;
  await sleepUntilAge(soak, 61);
  time.stepMs = -9 * MINUTE_MS;
  await sendRound(soak, CROWD, { calls: 1, refusals: CROWD });
  time.stepMs = 0;
  await sendRound(soak, SOME, {});
  await passTime(soak, time.rightMs + 2 * 60 * MINUTE_MS);
}

/**
 * The process is frozen, as functions in a cloud are, when its requests are signed and not sent yet. The server is as
 * strict as S3, or as API Gateway, which takes dates that are 5 minutes off.
 */
export const frozenBeforeSending =
  (minutes: number, toleranceMinutes = 15): Incident =>
  async (soak) => {
    const { time, traffic } = soak;
    await passUntilAge(soak, 10);
    const thaw = traffic.freeze();
    const frozen = await traffic.start(CROWD);
    if (frozen.arrivals() > 0) report(soak, 'requests were sent in spite of the frost');
    time.rightMs += minutes * MINUTE_MS;
    traffic.toleranceMinutes = toleranceMinutes;
    thaw();
    await land(soak, CROWD, frozen, { refusals: CROWD });
    await sendRound(soak, SOME, {});
    traffic.toleranceMinutes = 15;
  };

/** The same, and the token with which they are signed has ended when they are sent. */
export async function frozenBeyondTheEnd(soak: Soak): Promise<void> {
  const { time, traffic } = soak;
  await sleepUntilAge(soak, 50);
  const thaw = traffic.freeze();
  const frozen = await traffic.start(CROWD);
  time.rightMs += 30 * MINUTE_MS;
  thaw();
  await land(soak, CROWD, frozen, { calls: 1, refusals: CROWD, isSignedWithNewest: true });
}

/** The process is frozen when the provider's answer is on its way: what comes of that has aged, or is over. */
export const frozenInLoading =
  (minutes: number): Incident =>
  async (soak) => {
    const { time, tokens, traffic } = soak;
    await sleepUntilAge(soak, 57.5);
    tokens.mood = 'late';
    const waiting = await traffic.start(CROWD);
    if (waiting.arrivals() > 0) report(soak, 'requests did not wait for the new set');
    time.rightMs += minutes * MINUTE_MS;
    tokens.mood = 'well';
    await tokens.answerLate();
    await land(soak, CROWD, waiting, { calls: minutes < 60 ? 1 : 2, isSignedWithNewest: true });
  };

/** The clock is hours fast, and the provider has but the set that seems dead by it: the server tells the time. */
export async function fastClockAndCachedSet(soak: Soak): Promise<void> {
  const { time, tokens } = soak;
  await passUntilAge(soak, 25);
  soak.isClockInDoubt = true;
  tokens.mood = 'cached';
  time.stepMs = 3 * 60 * MINUTE_MS;
  await sendRound(soak, CROWD, { calls: 2, refusals: CROWD });
  for (let round = 0; round < 10; round += 1) {
    time.rightMs += SECOND_MS;
    await sendRound(soak, SOME, {});
  }
  tokens.mood = 'well';
  await passTime(soak, time.rightMs + 2 * 60 * MINUTE_MS);
  await passUntilAge(soak, 25);
  time.stepMs = 0;
  await sendRound(soak, SOME, { calls: [0, 2], refusals: SOME });
  await passTime(soak, time.rightMs + 2 * 60 * MINUTE_MS);
  soak.isClockInDoubt = false;
}

/** For ten minutes the server takes every token for expired: that is not to drive the requests on to the provider. */
export async function refusingServer(soak: Soak): Promise<void> {
  const { time, tokens } = soak;
  await passUntilAge(soak, 20);
  tokens.isRefusingAll = true;
  const refuse = (count: number) => ({ refused: count, refusals: [count, 2 * count], calls: [0, 1] }) as const;
  const before = tokens.countCalls();
  await sendRound(soak, CROWD, refuse(CROWD));
  for (let round = 0; round < 30; round += 1) {
    time.rightMs += 20 * SECOND_MS;
    await sendRound(soak, SOME, refuse(SOME));
  }
  const calls = tokens.countCalls() - before;
  // After 3, 6, 12, 24 and 48 seconds, and then once a minute; rounds are 20 seconds apart.
  if (calls < 8 || calls > 14) report(soak, `the provider was asked ${String(calls)} times while the server refused`);
  tokens.isRefusingAll = false;
  await sendRound(soak, CROWD, {});
}
