// The run-out clock: how a quota was used in its window so far, and where that leads.
import type { Stats, Usage } from '../api/nouns';

export type Point = { at: number; used: number };
/** `past` ends now; `ahead` goes from there to the end of the window. Moments in milliseconds. */
export type Burn = {
  start: number;
  now: number;
  end: number;
  limit: number;
  past: Point[];
  ahead: Point[];
  runsOut: number | null;
  atEnd: number;
};

type Buckets = Pick<Stats, 'buckets' | 'bucket_seconds'>;

const HOUR = 3_600_000;

/**
 * The curve behind a figure. What was used is exact; how it came about is read backwards from there through the
 * buckets, so that a span shorter than the window still ends at the right height.
 */
export function burnOf(usage: Usage, stats: Buckets, now: number): Burn {
  const start = Date.parse(usage.window_start);
  const end = Math.max(Date.parse(usage.window_end), now);
  const within = stats.buckets
    .map((bucket) => ({ at: Date.parse(bucket.start), amount: bucket[usage.metric] }))
    .filter(({ at }) => at < now);
  const past: Point[] = [{ at: now, used: usage.used }];
  let used = usage.used;
  for (const { at, amount } of within.reverse()) {
    if (at <= start) break;
    used = Math.max(0, used - amount);
    past.push({ at, used });
  }
  past.push({ at: start, used: 0 });
  const runsOut = usage.runs_out_at === null ? null : Date.parse(usage.runs_out_at);
  const pace =
    runsOut !== null && runsOut > now
      ? (usage.limit - usage.used) / (runsOut - now)
      : paceOf(within, stats.bucket_seconds, now);
  const atEnd = usage.used + pace * (end - now);
  return {
    start,
    now,
    end,
    limit: usage.limit,
    past: past.reverse(),
    ahead: [
      { at: now, used: usage.used },
      { at: end, used: atEnd },
    ],
    runsOut,
    atEnd,
  };
}

/** Units in a millisecond over the last hour; over the last bucket where buckets are longer. */
function paceOf(buckets: { at: number; amount: number }[], bucketSeconds: number, now: number): number {
  const span = Math.max(HOUR, bucketSeconds * 1_000);
  const recent = buckets.filter(({ at }) => at > now - span - bucketSeconds * 500);
  const first = recent.reduce((least, { at }) => Math.min(least, at), now);
  const amount = recent.reduce((sum, bucket) => sum + bucket.amount, 0);
  return now > first ? amount / (now - first) : 0;
}
