// Round moments along an axis of time, in the reader's zone.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  4 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  5 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
];
const MANY = 366 * DAY;

/** At most `most` moments between two others, on full hours or days of the zone that is `zone` minutes behind UTC. */
export function ticks(from: number, to: number, most: number, zone = new Date(from).getTimezoneOffset()): number[] {
  if (to <= from || most < 1) return [];
  const step = STEPS.find((one) => (to - from) / one <= most) ?? MANY;
  const shift = zone * MINUTE;
  const first = Math.ceil((from - shift) / step) * step + shift;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step);
}

/** Whether a clock time says more about a moment of this span than a date. */
export const showsClock = (from: number, to: number) => to - from <= 2 * DAY;
