/** The time of a soak, which the soak moves: the right one, and the service's clock, which drifts and is set wrongly. */

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export interface SimulatedTime {
  readonly startMs: number;
  /** The right time, which the server and the token service have. */
  rightMs: number;
  /** How far the service's clock was set wrongly, e.g. by a bad NTP server. */
  stepMs: number;
}

/** So far the service's clock is off by itself, in the course of a week: too little for a server to refuse. */
export const DRIFT_MS = 2 * MINUTE_MS;

export function createTime(): SimulatedTime {
  const startMs = Date.UTC(2026, 10, 22, 8);
  return { startMs, rightMs: startMs, stepMs: 0 };
}

export function readServiceClock({ startMs, rightMs, stepMs }: SimulatedTime): number {
  return rightMs + stepMs + DRIFT_MS * Math.sin((2 * Math.PI * (rightMs - startMs)) / (7 * DAY_MS));
}
