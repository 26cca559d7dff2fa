/** Moments and spans as a sentence has them. */

/** `2015-08-30T12:36:00Z` */
export function formatMoment(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, '');
}

/** As `X-Amz-Date` has it: `20150830T123600Z`. */
export function formatAmzMoment(ms: number): string {
  return formatMoment(ms).replaceAll(/[-:]/g, '');
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A span in its largest unit of which it has two, or one and nothing beside: `20 minutes`, `1 hour`, `26 hours`. */
export function formatSpan(ms: number): string {
  const isGood = (count: number): boolean => count >= 1.95 || Math.abs(count - 1) < 0.02;
  const [unit, length] = UNITS.find(([, each]) => isGood(Math.abs(ms) / each)) ?? ['minute', 60_000];
  const count = Math.round(Math.abs(ms) / length);
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}
